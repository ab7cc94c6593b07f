"""What every PUT and POST has in common: elements in, per-element answers out, all of it or nothing."""
from dataclasses import dataclass, field

from ..core.errors import NumberedError, PostDataInvalid, ValidationFailed
from . import texts
from .fields import Refused

NO_ID = "00000000-0000-0000-0000-000000000000"
# How an element says that it has errors, by resource; the others only carry ValidationErrors.
ERROR_FLAG = {
    "Invoices": "HasErrors",
    "CreditNotes": "HasErrors",
    "Contacts": "HasValidationErrors",
    "Payments": "HasValidationErrors",
}


class NoData(NumberedError):
    """ErrorNumber 17: the body holds nothing for this endpoint."""

    number = 17
    kind = "NoDataProcessedException"


@dataclass
class Writing:
    """How an element is to be read. ``warnings`` collects what does not stop it."""

    books: object
    create_only: bool = False  # PUT
    places: int = 2  # decimals of UnitAmount: 2, or 4 with unitdp=4
    by_app: bool = True
    warnings: list = field(default_factory=list)


def places(call):
    return 4 if call.query.get("unitdp") == "4" else 2


def elements_of(call, name):
    """The elements of a body: ``{"Invoices": […]}``, a bare list, or one bare element."""
    body = call.json
    if isinstance(body, dict) and name in body:
        body = body[name]
    if isinstance(body, dict) and body:
        body = [body]
    if not isinstance(body, list) or not body:
        raise NoData(texts.NO_DATA.format(name))
    if not all(isinstance(element, dict) for element in body):
        raise PostDataInvalid(texts.UNREADABLE.format("array", name, name))
    return body


def write(call, name, key, save, view, elements=None):
    """Save each element and return the 200 payload.

    :param save: ``save(element, writing) -> row``; raises ``Refused``
    :param view: ``view(row) -> dict``
    :raise ValidationFailed: an element was refused and the caller did not ask for ``summarizeErrors=false``;
        then nothing is saved
    """
    if elements is None:
        elements = elements_of(call, name)
    summarize = call.flag("summarizeErrors", True)
    answers, refused = [], []
    books = call.books
    with books.transaction():
        for element in elements:
            writing = Writing(books, call.method == "PUT", places(call), call.app is not None)
            try:
                with books.transaction():
                    row = save(element, writing)
            except Refused as problem:
                refused.append(_echo(element, name, key, problem.messages, summarize))
                answers.append(refused[-1])
                continue
            answers.append((row, writing.warnings))
        if refused and summarize:
            raise ValidationFailed(refused)
    return {name: [_answer(answer, view, name, summarize) for answer in answers]}


def _echo(element, name, key, messages, summarize):
    echo = {key: NO_ID, **{part: value for part, value in element.items() if value is not None}}
    echo["ValidationErrors"] = [{"Message": message} for message in messages]
    if name in ERROR_FLAG:
        echo[ERROR_FLAG[name]] = True
    if not summarize:
        echo["StatusAttributeString"] = "ERROR"
    return echo


def _answer(answer, view, name, summarize):
    if isinstance(answer, dict):
        return answer
    row, warnings = answer
    element = dict(view(row))
    if warnings:
        element["Warnings"] = [{"Message": message} for message in warnings]
    if not summarize:
        element["StatusAttributeString"] = "WARNING" if warnings else "OK"
        if name in ERROR_FLAG:
            element[ERROR_FLAG[name]] = False
    return element
