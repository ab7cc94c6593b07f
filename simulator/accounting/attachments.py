"""Files on a record: raw bytes in and out, the same name overwrites, 10 files of 10 MB (Xero: Attachments page)."""
import mimetypes

from ..core.call import Answer
from ..core.errors import NotFound, ValidationFailed
from ..core.ids import new_id
from ..core.routing import route
from . import texts
from .fields import as_guid
from .owners import TABLES, owner_of

RESOURCES = ("Accounts", "BankTransactions", "Contacts", "CreditNotes", "Invoices")
LIMIT, LARGEST = 10, 10 * 1024 * 1024
FORBIDDEN = set('<>:"/\\|?*+\0')


def attachment_view(row):
    resource, owner = row["Owner"]
    return {
        "AttachmentID": row["AttachmentID"],
        "FileName": row["FileName"],
        "Url": f"https://api.xero.com/api.xro/2.0/{resource}/{owner}/Attachments/{row['FileName']}",
        "MimeType": row["MimeType"],
        "ContentLength": len(row["Content"]),
        "IncludeOnline": row["IncludeOnline"],
    }


def store(books, owner, name, content, mime_type, online=False):
    """Keep a file; one of the same name is replaced and keeps its id."""
    others = books.attachments.all_by("owner", owner)
    old = next((row for row in others if row["FileName"].lower() == name.lower()), None)
    problems = []
    if FORBIDDEN & set(name) or not name.strip():
        problems.append(texts.ATTACHMENT_NAME)
    if not content:
        problems.append(texts.ATTACHMENT_EMPTY)
    if len(content) > LARGEST:
        problems.append(texts.ATTACHMENT_SIZE)
    if old is None and len(others) >= LIMIT:
        problems.append(texts.ATTACHMENT_LIMIT)
    if problems:
        raise ValidationFailed.of(*problems)
    row = {
        "AttachmentID": old["AttachmentID"] if old else new_id(), "Owner": owner, "FileName": name,
        "Content": content, "MimeType": mime_type, "IncludeOnline": online,
    }
    table = getattr(books, TABLES[owner[0]])
    with books.transaction():
        books.attachments.put(row)
        books.stamp(table, table.get(owner[1]), HasAttachments=True)
    return row


def _found(call, resource):
    """By AttachmentID, else by file name."""
    owner, _row = owner_of(call, resource)
    key = call.args["file"]
    for row in call.books.attachments.all_by("owner", owner):
        if row["AttachmentID"] == as_guid(key) or row["FileName"].lower() == key.lower():
            return row
    raise NotFound


def _register(resource):
    @route("GET", path=f"/{resource}/{{owner}}/Attachments")
    def list_attachments(call):
        owner, _row = owner_of(call, resource)
        return {"Attachments": [attachment_view(row) for row in call.books.attachments.all_by("owner", owner)]}

    @route("GET", path=f"/{resource}/{{owner}}/Attachments/{{file}}")
    def get_attachment(call):
        row = _found(call, resource)
        return Answer(200, row["Content"], content_type=row["MimeType"])

    @route("PUT", "POST", path=f"/{resource}/{{owner}}/Attachments/{{file}}")
    def put_attachment(call):
        owner, _row = owner_of(call, resource)
        name = call.args["file"]
        mime_type = call.headers.get("Content-Type") or mimetypes.guess_type(name)[0] or "application/octet-stream"
        row = store(call.books, owner, name, call.body, mime_type, call.flag("IncludeOnline"))
        return {"Attachments": [attachment_view(row)]}


for _resource in RESOURCES:
    _register(_resource)
