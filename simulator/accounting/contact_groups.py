"""Contact groups and their members: at most 100 groups; only active ones are listed."""
from ..core.call import Answer
from ..core.errors import NotFound, ValidationFailed
from ..core.ids import new_id
from ..core.routing import route
from . import texts
from .contacts import contact_reference
from .elements import elements_of, write
from .fields import Refused, as_guid, guid, limited, text
from .listing import one, select, sort
from .where import fold

GROUPS = 100
FIELDS = {name.lower(): (lambda row, name=name: row[name]) for name in ("Name", "Status", "ContactGroupID")}


def group_view(row):
    return {
        "ContactGroupID": row["ContactGroupID"],
        "Name": row["Name"],
        "Status": row["Status"],
        "Contacts": [],
        "HasValidationErrors": False,
    }


def group_detail(books, row):
    members = (
        books.contacts.get(member["ContactID"])
        for member in books.group_members.all_by("group", row["ContactGroupID"])
    )
    return {**group_view(row), "Contacts": [contact_reference(contact) for contact in members]}


def _check_name(books, name, group_id, problems):
    others = books.contact_groups.all_by("name", fold(name))
    if any(row["Status"] == "ACTIVE" and row["ContactGroupID"] != group_id for row in others):
        problems.append(texts.GROUP_EXISTS)


def create_group(books, element):
    problems = []
    name = limited(element, "Name", 255, problems)
    if not name:
        raise Refused(texts.ACCOUNT_FIELD.format("Name"))
    _check_name(books, name, None, problems)
    if sum(row["Status"] == "ACTIVE" for row in books.contact_groups) >= GROUPS:
        problems.append(texts.GROUP_LIMIT)
    if problems:
        raise Refused(*problems)
    return books.contact_groups.put({"ContactGroupID": new_id(), "Name": name, "Status": "ACTIVE"})


def update_group(books, old, element):
    """Rename, or delete by Status DELETED."""
    problems = []
    name = limited(element, "Name", 255, problems) or old["Name"]
    status = text(element, "Status") or old["Status"]
    if status not in ("ACTIVE", "DELETED"):
        problems.append(texts.BAD_STATUS.format(status))
    _check_name(books, name, old["ContactGroupID"], problems)
    if problems:
        raise Refused(*problems)
    return books.contact_groups.put({**old, "Name": name, "Status": status})


def add_member(books, group, contact):
    """Adding a member twice changes nothing."""
    key = f"{group['ContactGroupID']}/{contact['ContactID']}"
    return books.group_members.put(
        {"id": key, "ContactGroupID": group["ContactGroupID"], "ContactID": contact["ContactID"]}
    )


def _one(call):
    row = one(call.books.contact_groups, call.args["group"])
    if row["Status"] == "DELETED":
        raise NotFound
    return row


@route("GET", path="/ContactGroups")
def list_groups(call):
    rows = [row for row in select(call, call.books.contact_groups, FIELDS) if row["Status"] == "ACTIVE"]
    if call.query.get("order"):
        rows = sort(call, rows, FIELDS, "ContactGroupID")
    return {"ContactGroups": [group_view(row) for row in rows]}


@route("GET", path="/ContactGroups/{group}")
def get_group(call):
    return {"ContactGroups": [group_detail(call.books, _one(call))]}


@route("PUT", path="/ContactGroups")
def put_group(call):
    return write(
        call, "ContactGroups", "ContactGroupID", lambda element, writing: create_group(writing.books, element),
        group_view,
    )


@route("POST", path="/ContactGroups/{group}")
def post_group(call):
    old = _one(call)
    return write(
        call, "ContactGroups", "ContactGroupID", lambda element, writing: update_group(writing.books, old, element),
        lambda row: group_detail(call.books, row),
    )


@route("PUT", path="/ContactGroups/{group}/Contacts")
def put_members(call):
    group, books = _one(call), call.books
    contacts = [books.contacts.get(guid(element, "ContactID")) for element in elements_of(call, "Contacts")]
    if None in contacts:
        raise ValidationFailed.of(texts.GROUP_MEMBERS)
    with books.transaction():
        for contact in contacts:
            add_member(books, group, contact)
    return {"Contacts": [contact_reference(contact) for contact in contacts]}


@route("DELETE", path="/ContactGroups/{group}/Contacts")
def delete_members(call):
    group, books = _one(call), call.books
    for member in books.group_members.all_by("group", group["ContactGroupID"]):
        books.group_members.drop(member["id"])
    return Answer(204)


@route("DELETE", path="/ContactGroups/{group}/Contacts/{contact}")
def delete_member(call):
    group = _one(call)
    member = call.books.group_members.get(f"{group['ContactGroupID']}/{as_guid(call.args['contact'])}")
    if member is None:
        raise NotFound
    call.books.group_members.drop(member["id"])
    return Answer(204)
