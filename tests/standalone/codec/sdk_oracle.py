"""A second opinion on payloads that needs nothing but PyPI: the models of Xero's own SDK.

A payload is read into its model and written again. What the model refuses (an enum value, a date, a name that is too
long) is a problem, and so is what did not come out as it went in: a key that Xero does not know, a number sent as text.
"""

import json
from datetime import date, datetime, timezone
from decimal import Decimal

from xero_python.accounting import models
from xero_python.api_client import ModelFinder
from xero_python.api_client.deserializer import deserialize
from xero_python.api_client.serializer import serialize

from xero.payload import dumps

FINDER = ModelFinder(models)


def problems(model, payload):
    """What is wrong with it.

    :param str model: the SDK's name, for instance ``Invoice``
    :param dict payload: as the codec builds it; it is judged as it goes over the wire
    :return list: sentences
    """
    sent = _with_dates(json.loads(dumps(payload), parse_float=Decimal), _moment_of)
    try:
        back = serialize(deserialize(model, sent, FINDER))
    except (ValueError, TypeError, ArithmeticError) as refusal:
        return [f"{model}: {refusal}"]
    return list(_differences(sent, back, model))


def _with_dates(value, convert, key=""):
    """Xero takes a date as 2026-03-11 and writes it as /Date(…)/; the SDK's models read only the latter."""
    if isinstance(value, dict):
        return {name: _with_dates(inner, convert, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_dates(inner, convert, key) for inner in value]
    return convert(value) if key.endswith("Date") else value


def _moment_of(text):
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        return text  # the model refuses it
    moment = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
    return f"/Date({int(moment.timestamp()) * 1000})/"


def _differences(sent, back, where):
    """:return: sentences; what the model adds of its own is no difference"""
    if isinstance(sent, dict) and isinstance(back, dict):
        for key in sent:
            if key not in back:
                yield f"{where}/{key}: lost"
            else:
                yield from _differences(sent[key], back[key], f"{where}/{key}")
    elif isinstance(sent, list) and isinstance(back, list) and len(sent) == len(back):
        for number, (one, other) in enumerate(zip(sent, back, strict=True)):
            yield from _differences(one, other, f"{where}/{number}")
    elif isinstance(sent, (int, Decimal)) and isinstance(back, (int, float)):
        if float(sent) != back or isinstance(sent, bool) is not isinstance(back, bool):
            yield f"{where}: {sent} became {back}"
    elif type(sent) is not type(back) or sent != back:
        yield f"{where}: {sent!r} became {back!r}"
