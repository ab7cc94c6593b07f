"""What every reading call has in common: one row by its id; lists by If-Modified-Since, ids, where, order, pages."""
from ..core.errors import NotFound, QueryParse, ValidationFailed
from .dates import parse_modified_since
from .fields import as_guid
from .where import QueryError, Where, fold, ordered

DEFAULT_PAGE, LARGEST_PAGE = 100, 1000


def one(table, key):
    """The row that an address names by its id. :raise NotFound:"""
    row = table.get(as_guid(key))
    if row is None:
        raise NotFound
    return row


def ids_of(call, name):
    """The ids of ``IDs=a,b,…`` as a set; None if the parameter was not sent."""
    sent = call.query.get(name)
    if not sent:
        return None
    return {as_guid(part.strip()) for part in sent.split(",")}


def words_of(call, name):
    """The folded words of ``Statuses=A,B``; None if the parameter was not sent."""
    sent = call.query.get(name)
    return {fold(part.strip()) for part in sent.split(",")} if sent else None


def select(call, table, fields, keys=None, indexed=()):
    """Rows of ``table`` by the call's If-Modified-Since, ``IDs`` and ``where``, in the order of the table.

    :param fields: dotted lower-case name -> function(row), what ``where`` may name
    :param keys: ids to start from; None for all
    :param indexed: (field, index) pairs: an equality on such a field is looked up, not searched
    """
    test = _where(call, fields)
    if keys is not None:
        rows = [row for row in (table.get(key) for key in keys) if row is not None]
    else:
        rows = _narrowed(table, test, indexed)
    since = call.headers.get("If-Modified-Since")
    if since:
        rows = _modified(rows, since)
    if test is None:
        return rows
    try:
        return [row for row in rows if test(row)]
    except QueryError as problem:
        raise QueryParse(str(problem)) from problem


def _where(call, fields):
    text = call.query.get("where")
    if not text:
        return None
    try:
        return Where(text, fields)
    except QueryError as problem:
        raise QueryParse(str(problem)) from problem


def _narrowed(table, test, indexed):
    for field, index in indexed if test else ():
        value = test.equalities.get(field)
        if isinstance(value, str) and value:  # rows without a value are in no index
            if index is None:
                row = table.get(fold(value))
                return [row] if row is not None else []
            return table.all_by(index, fold(value))
    return list(table)


def _modified(rows, since):
    """Rows of that second or later: Xero keeps the header to the second, and not every resource has a time."""
    try:
        moment = parse_modified_since(since)
    except ValueError:
        return rows  # (not verified) an unreadable header is taken as none
    return [row for row in rows if row.get("UpdatedDateUTC", moment) >= moment]


def sort(call, rows, fields, key):
    """``order=…``, by default UpdatedDateUTC and then the id, both ascending."""
    clause = call.query.get("order")
    if not clause:
        return sorted(rows, key=lambda row: (row["UpdatedDateUTC"], row[key]))
    try:
        return ordered(rows, clause, fields)
    except QueryError as problem:
        raise QueryParse(str(problem)) from problem


def page_of(call, rows, forced=False):
    """(rows of the page, the pagination block or None). Pages when ``page`` was sent, or when ``forced``."""
    if "page" not in call.query and not forced:
        return rows, None
    page = max(_whole(call, "page", 1), 1)
    size = min(max(_whole(call, "pageSize", DEFAULT_PAGE), 1), LARGEST_PAGE)
    count = len(rows)
    block = {"page": page, "pageSize": size, "pageCount": -(-count // size), "itemCount": count}
    return rows[(page - 1) * size : page * size], block


def _whole(call, name, default):
    sent = call.query.get(name)
    if not sent:
        return default
    try:
        return int(sent)
    except ValueError:
        # (text not verified)
        raise ValidationFailed([], f"The value '{sent}' is not valid for {name}.") from None


def payload(name, views, pagination):
    answer = {"pagination": pagination} if pagination else {}
    answer[name] = views
    return answer
