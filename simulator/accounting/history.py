"""Notes on a record (``PUT …/History``), at most 2,500 characters each."""
from ..core.errors import ValidationFailed
from ..core.ids import new_id
from ..core.routing import route
from . import texts
from .elements import elements_of
from .fields import text
from .owners import TABLES, owner_of

LONGEST = 2500


def note(books, owner, details, user="Simulator", changes="Note"):
    return books.history.put({
        "id": new_id(), "Owner": owner, "Details": details, "Changes": changes, "User": user, "DateUTC": books.now(),
    })


def note_view(row):
    return {
        "Changes": row["Changes"],
        "DateUTC": row["DateUTC"],
        "DateUTCString": row["DateUTC"].strftime("%Y-%m-%dT%H:%M:%S"),
        "User": row["User"],
        "Details": row["Details"],
    }


def _register(resource):
    @route("GET", path=f"/{resource}/{{owner}}/History")
    def get_history(call):
        owner, _row = owner_of(call, resource)
        return {"HistoryRecords": [note_view(row) for row in reversed(call.books.history.all_by("owner", owner))]}

    @route("PUT", path=f"/{resource}/{{owner}}/History")
    def put_history(call):
        owner, _row = owner_of(call, resource)
        details = [text(element, "Details") or "" for element in elements_of(call, "HistoryRecords")]
        for value in details:
            if not value or len(value) > LONGEST:
                raise ValidationFailed.of(texts.TOO_LONG.format("Details", LONGEST), Details=value[:60])
        with call.books.transaction():
            notes = [note(call.books, owner, value, call.app_name) for value in details]
        return {"HistoryRecords": [note_view(row) for row in notes]}


for _resource in TABLES:
    if _resource != "Accounts":
        _register(_resource)
