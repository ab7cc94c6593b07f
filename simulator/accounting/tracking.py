"""Tracking categories and their options: at most 2 active categories, 4 with archived ones; names are unique within
their parent."""
from ..core.errors import NotFound, ServerError, ValidationFailed
from ..core.ids import new_id
from ..core.routing import route
from . import texts
from .elements import elements_of, write
from .fields import Refused, as_guid, limited, text
from .listing import one, select, sort
from .where import fold

ACTIVE_CATEGORIES, CATEGORIES = 2, 4
FIELDS = {
    name.lower(): (lambda row, name=name: row[name]) for name in ("Name", "Status", "TrackingCategoryID")
}


def category_view(row):
    return {
        "Name": row["Name"],
        "Status": row["Status"],
        "TrackingCategoryID": row["TrackingCategoryID"],
        "Options": [option_view(option) for option in row["Options"] if option["Status"] != "DELETED"],
    }


def option_view(option):
    return {
        "TrackingOptionID": option["TrackingOptionID"],
        "Name": option["Name"],
        "Status": option["Status"],
        "HasValidationErrors": False,
        "IsDeleted": option["Status"] == "DELETED",
        "IsArchived": option["Status"] == "ARCHIVED",
        "IsActive": option["Status"] == "ACTIVE",
    }


def find(books, entry):
    """(category, option) of a line's ``{Name, Option}`` or ids; None where Xero silently drops the entry:
    unknown, or not active."""
    category_id = as_guid(text(entry, "TrackingCategoryID") or "")
    name = text(entry, "Name") or ""
    category = books.tracking.get(category_id) if category_id else books.tracking.by("name", fold(name))
    if category is None or category["Status"] != "ACTIVE":
        return None
    option_id = as_guid(text(entry, "TrackingOptionID") or "")
    wanted = fold(text(entry, "Option") or "")
    for option in category["Options"]:
        if option["TrackingOptionID"] == option_id or (not option_id and fold(option["Name"]) == wanted):
            return (category, option) if option["Status"] == "ACTIVE" else None
    return None


def create_category(books, element):
    problems = []
    name = limited(element, "Name", 100, problems)
    kept = [row for row in books.tracking if row["Status"] != "DELETED"]
    if not name:
        problems.append(texts.ACCOUNT_FIELD.format("Name"))
    elif any(fold(row["Name"]) == fold(name) for row in kept):
        problems.append(texts.TRACKING_EXISTS)
    if sum(row["Status"] == "ACTIVE" for row in kept) >= ACTIVE_CATEGORIES:
        problems.append(texts.TRACKING_LIMIT)
    elif len(kept) >= CATEGORIES:
        problems.append(texts.TRACKING_TOTAL)
    if problems:
        raise Refused(*problems)
    row = {"TrackingCategoryID": new_id(), "Name": name, "Status": "ACTIVE", "Options": []}
    return books.tracking.put(row)


def update_category(books, old, element):
    problems = []
    name = limited(element, "Name", 100, problems) or old["Name"]
    status = text(element, "Status") or old["Status"]
    if status not in ("ACTIVE", "ARCHIVED"):
        problems.append(texts.BAD_STATUS.format(status))
    others = [row for row in books.tracking if row is not old and row["Status"] != "DELETED"]
    if any(fold(row["Name"]) == fold(name) for row in others):
        problems.append(texts.TRACKING_EXISTS)
    if status == "ACTIVE" and sum(row["Status"] == "ACTIVE" for row in others) >= ACTIVE_CATEGORIES:
        problems.append(texts.TRACKING_LIMIT)
    if problems:
        raise Refused(*problems)
    return books.tracking.put({**old, "Name": name, "Status": status})


def add_options(books, category, elements):
    """New options of a category; all or none of them."""
    taken = {fold(option["Name"]) for option in category["Options"] if option["Status"] != "DELETED"}
    added, problems = [], []
    for element in elements:
        name = limited(element, "Name", 100, problems) or ""
        if not name or fold(name) in taken:
            problems.append(texts.OPTION_NAMES)
        taken.add(fold(name))
        added.append({"TrackingOptionID": new_id(), "Name": name, "Status": "ACTIVE"})
    if problems:
        raise Refused(*problems)
    books.tracking.put({**category, "Options": [*category["Options"], *added]})
    return added


def update_option(books, category, option, element):
    problems = []
    name = limited(element, "Name", 100, problems) or option["Name"]
    status = text(element, "Status") or option["Status"]
    if status not in ("ACTIVE", "ARCHIVED"):
        problems.append(texts.BAD_STATUS.format(status))
    others = (other for other in category["Options"] if other is not option and other["Status"] != "DELETED")
    if any(fold(other["Name"]) == fold(name) for other in others):
        problems.append(texts.OPTION_NAMES)
    if problems:
        raise Refused(*problems)
    return _replace_option(books, category, option, {**option, "Name": name, "Status": status})


def _replace_option(books, category, old, new):
    options = [new if option is old else option for option in category["Options"]]
    books.tracking.put({**category, "Options": options})
    return new


def _category(call):
    row = one(call.books.tracking, call.args["category"])
    if row["Status"] == "DELETED":
        raise NotFound
    return row


def _option(call, category):
    option_id = as_guid(call.args["option"])
    for option in category["Options"]:
        if option["TrackingOptionID"] == option_id and option["Status"] != "DELETED":
            return option
    raise NotFound


@route("GET", path="/TrackingCategories")
def list_categories(call):
    hidden = {"DELETED"} if call.flag("includeArchived") else {"DELETED", "ARCHIVED"}
    rows = [row for row in select(call, call.books.tracking, FIELDS) if row["Status"] not in hidden]
    if call.query.get("order"):
        rows = sort(call, rows, FIELDS, "TrackingCategoryID")
    return {"TrackingCategories": [category_view(row) for row in rows]}


@route("GET", path="/TrackingCategories/{category}")
def get_category(call):
    return {"TrackingCategories": [category_view(_category(call))]}


@route("PUT", path="/TrackingCategories")
def put_category(call):
    return write(
        call, "TrackingCategories", "TrackingCategoryID",
        lambda element, writing: create_category(writing.books, element), category_view,
    )


@route("POST", path="/TrackingCategories/{category}")
def post_category(call):
    old = _category(call)
    return write(
        call, "TrackingCategories", "TrackingCategoryID",
        lambda element, writing: update_category(writing.books, old, element), category_view,
    )


@route("DELETE", path="/TrackingCategories/{category}")
def delete_category(call):
    row = call.books.tracking.put({**_category(call), "Status": "DELETED"})
    return {"TrackingCategories": [category_view(row)]}


@route("PUT", path="/TrackingCategories/{category}/Options")
def put_options(call):
    """A wrong category id answers 500, as recorded of Xero."""
    category = call.books.tracking.get(as_guid(call.args["category"]))
    if category is None:
        raise ServerError
    elements = elements_of(call, "Options")
    try:
        added = add_options(call.books, category, elements)
    except Refused as problem:
        echo = {name: value for name, value in elements[0].items() if name in ("Name", "Status")}
        raise ValidationFailed.of(*problem.messages, **echo) from problem
    return {"Options": [option_view(option) for option in added]}


@route("POST", path="/TrackingCategories/{category}/Options/{option}")
def post_option(call):
    category = _category(call)
    option = _option(call, category)
    return write(
        call, "Options", "TrackingOptionID",
        lambda element, writing: update_option(writing.books, category, option, element), option_view,
        elements_of(call, "Options")[:1],
    )


@route("DELETE", path="/TrackingCategories/{category}/Options/{option}")
def delete_option(call):
    category = _category(call)
    option = _option(call, category)
    deleted = _replace_option(call.books, category, option, {**option, "Status": "DELETED"})
    return {"Options": [option_view(deleted)]}
