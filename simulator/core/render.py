"""An Answer as bytes: JSON, XML for those who forgot ``Accept: application/json``, and the HTML pages."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from . import wire
from .call import Answer
from .errors import ApiError

JSON = "application/json; charset=utf-8"


def finished(answer: Answer, accept: str = "application/json") -> Answer:
    """The same answer with bytes for a body (b"" for none) and a content type, unless it has no body."""
    body, content_type = answer.body, answer.content_type
    if body is None:
        return replace(answer, body=b"")
    if isinstance(body, str):
        return replace(answer, body=body.encode(), content_type=content_type or "text/plain; charset=utf-8")
    if isinstance(body, bytes):
        return replace(answer, content_type=content_type or "application/octet-stream")
    if wants_json(accept):
        return replace(answer, body=wire.dumps(body), content_type=JSON)
    return replace(answer, body=_xml(body), content_type="text/xml; charset=utf-8")


def refusal(problem: ApiError) -> Answer:
    return Answer(problem.status, problem.body, dict(problem.headers), problem.content_type)


def wants_json(accept: str) -> bool:
    """Xero answers XML unless JSON is asked for by name: ``*/*`` is not enough."""
    return "json" in accept.lower()


@cache
def environment():
    from jinja2 import ChainableUndefined, Environment, FileSystemLoader

    folder = Path(__file__).resolve().parents[1] / "pages" / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=ChainableUndefined,  # members of Xero's elements come and go
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, **values) -> str:
    """HTML of one of ``pages/templates``, every value escaped."""
    return environment().get_template(template).render(**values)


def _xml(body) -> bytes:
    """Enough XML to be recognised as such; the real schema is not imitated."""
    return f"<Response>{_element(body)}</Response>".encode()


def _element(value) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_element(each)}</{name}>" for name, each in value.items())
    if isinstance(value, list):
        return "".join(f"<Item>{_element(each)}</Item>" for each in value)
    return "" if value is None else escape(str(value))
