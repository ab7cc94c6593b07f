"""The door to one organisation at Xero: plain dicts in, :class:`.answers.Answer` or one of :mod:`.errors` out.

Which exception a failed call becomes depends on one question: may Xero have applied it? See :mod:`.caller` for calls
without an answer and :mod:`.judge` for the others.
"""

import re

from . import errors, judge
from .answers import Answer, Element
from .caller import KEY, PRINTABLE, Caller, query_pairs
from .dates import format_modified_since
from .payload import dumps, loads
from .questions import is_too_long
from .resources import GUID, describe, split

BAD_FILE_NAME = re.compile(r'[<>:"/\\|?*+\x00-\x1f\x7f]')
LARGEST_REQUEST = 10 * 1024 * 1024
PAGE_SIZE = 1000


def attachment_name(name):
    """A file name that Xero takes: its forbidden characters replaced, at most 255 characters, never empty.

    :rtype: str
    """
    name = BAD_FILE_NAME.sub("_", str(name or "")).strip(" .") or "attachment"
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) < 20:
        return stem[: 254 - len(ending)] + dot + ending
    return name[:255]


class Gateway(Caller):
    """One access token's way to one organisation. Keeps its connection alive; give every thread its own.

    :param Hosts hosts:
    :param str access_token: has to be good already: nothing here can refresh
    :param str | None tenant_id: Xero's ``TenantId``; ``None`` for :meth:`connections` and the like
    :param timeout: ``(connect, read)`` seconds
    :ivar limits: :class:`.limits.Limits` of the latest answer
    """

    # -- connections ---------------------------------------------------------------------------------------------------

    def connections(self, auth_event_id=None):
        """The organisations this authorisation reaches (``GET /connections``).

        :param str | None auth_event_id: only those picked in that consent
        :return: ``[{"id", "authEventId", "tenantId", "tenantType", "tenantName", …}]``; ``id`` is the connection's
        :raises Unreadable, RetryLater, TokenExpired, Reconnect:
        """
        query = [("authEventId", auth_event_id)] if auth_event_id else []
        raw, _seconds = self._send(
            "GET", self.hosts.connections_url, "connections", write=False, query=query, tenant=False
        )
        try:
            found = loads(raw.data)
        except ValueError:
            found = None
        if not isinstance(found, list) or not all(isinstance(one, dict) and one.get("tenantId") for one in found):
            raise self._unreadable(raw, "the list of organisations cannot be read")
        return found

    def delete_connection(self, connection_id):
        """Takes one organisation out of the authorisation (``DELETE /connections/{id}``).

        :param str connection_id: the connection's ``id``, which is not the ``tenantId``
        :raises NotFound: it was gone already
        :raises InDoubt: no answer; may simply be repeated, and then :class:`.errors.NotFound` means done
        """
        self._send(
            "DELETE",
            self.hosts.connections_url + "/{id}",
            "connections",
            write=True,
            path={"id": self._identifier(connection_id)},
            tenant=False,
        )

    # -- reading -------------------------------------------------------------------------------------------------------

    def get(
        self, resource, *, page=None, page_size=None, modified_since=None, where=None, order=None, ids=None, **params
    ):
        """One call for a list, or for one page of it.

        :param str resource: ``Invoices``, ``Organisation``, ``Invoices/<id>/History``, …
        :param int page: from 1; without it a list of documents comes without lines
        :param int page_size: up to 1000
        :param datetime modified_since: only what changed since; aware, or naive UTC
        :param str where: Xero's filter
        :param str order: Xero's order
        :param ids: list of ids for ``IDs=``
        :param params: further query parameters by Xero's names; lists are joined with commas, ``None`` is left out
        :return: :class:`Answer`; without items when nothing changed (304, or 200 with an empty body)
        :raises Unreadable, RetryLater, TokenExpired, Reconnect, NotFound, Rejected:
        :raises ValueError: of a question that is too long, see :mod:`.questions`; nothing left this machine
        """
        facts = describe(resource)
        params = {"page": page, "pageSize": page_size, "where": where, "order": order, "IDs": ids, **params}
        return self._get(resource, facts, self._url(resource), params, modified_since=modified_since)

    def get_one(self, resource, identifier, **params):
        """One document by its id, or by its number where Xero allows that.

        A number that holds a slash is better looked for with ``get("Invoices", InvoiceNumbers=[number])``.

        :param str identifier: quoted whole
        :return: :class:`Answer` with exactly one item
        :raises NotFound: there is none
        """
        facts = describe(resource)
        url = self._url(resource) + "/{id}"
        answer = self._get(f"{resource}/…", facts, url, params, path={"id": self._identifier(identifier)})
        if not answer.items:
            raise errors.NotFound(status=answer.status, correlation_id=answer.correlation_id, limits=answer.limits)
        return answer

    def pages(
        self, resource, *, modified_since=None, where=None, order=None, page_size=PAGE_SIZE, first_page=1, **params
    ):
        """All pages of a list, one call each, as they are consumed; stops on ``pagination.pageCount``.

        The order is by id unless given: Xero's own (by date of change) moves a document that changes between two
        calls to the end, and the one that then slips from page 2 to page 1 would never be seen.

        :param int first_page: where to go on with a list that was begun before
        :return: iterator of :class:`Answer`; a resource without pages gives one
        :raises XeroError: as :meth:`get`
        """
        facts = describe(resource)
        if not facts.paged:
            yield self.get(resource, modified_since=modified_since, where=where, order=order, **params)
            return
        order = order or (f"{facts.id_key} ASC" if facts.id_key else None)
        page, before = first_page, None
        while True:
            answer = self.get(
                resource,
                page=page,
                page_size=page_size,
                modified_since=modified_since,
                where=where,
                order=order,
                **params,
            )
            count = answer.page_count
            if page > 1 and count is not None and page <= count and (not answer.items or answer.items[0] == before):
                # never end a list early in silence, nor read one page for ever
                raise errors.Unreadable(
                    f"page {page} of {count} is empty or came twice",
                    status=answer.status,
                    correlation_id=answer.correlation_id,
                    limits=answer.limits,
                )
            yield answer
            if page >= count if count is not None else len(answer.items) < page_size:
                return
            page, before = page + 1, answer.items[0]

    def _get(self, name, facts, url, params, *, path=None, modified_since=None):
        headers = {}
        if modified_since is not None:
            headers["If-Modified-Since"] = format_modified_since(modified_since)
        if facts.unitdp:
            params.setdefault("unitdp", 4)
        query = query_pairs(params)
        if is_too_long(query):
            raise ValueError("Xero takes no address that long: see in_questions")
        raw, seconds = self._send("GET", url, name, write=False, query=query, headers=headers, path=path)
        if raw.status == 304 or (modified_since is not None and not raw.data.strip()):
            return self._answer(raw, seconds)
        body = judge.parse(raw)
        items = body.get(facts.list_key) if body is not None else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self._unreadable(raw, f"the answer holds no list of {facts.list_key}")
        return self._answer(raw, seconds, body=body, items=items)

    # -- writing -------------------------------------------------------------------------------------------------------

    # No Odoo model, so there is nothing above it:
    # pylint: disable-next=method-required-super
    def write(self, resource, elements, idempotency_key, *, method=None, **params):
        """Creates or updates elements in one request, each on its own merits where Xero can do that.

        :param str resource: ``Invoices``, ``CreditNotes/<id>/Allocations``, ``Payments/<id>``, …
        :param elements: ``list[dict]`` of ``str, int, float, bool, None, Decimal``, lists and dicts; days as text
        :param str idempotency_key: 1 to 128 printable characters; Xero replays the first answer for six minutes
        :param str method: instead of the resource's own verb (POST where Xero has it)
        :return: :class:`Answer` whose ``elements`` are index-aligned with ``elements``; some may not be ``ok``
        :raises InDoubt: whether Xero applied it is unknown
        :raises Rejected: nothing was applied; ``.elements`` as above, or empty when refused as a whole
        :raises NotSent, RetryLater: nothing was applied
        :raises TokenExpired, Reconnect, NotFound: nothing was applied
        :raises TypeError, ValueError: of a payload that cannot be sent; nothing left this machine
        """
        facts = describe(resource)
        if not elements or not all(isinstance(element, dict) for element in elements):
            raise ValueError("elements must be a list of at least one dict")
        if facts.single and len(elements) != 1:
            raise ValueError(f"{resource} takes one element per request")
        body = dumps(elements[0] if facts.bare else {facts.list_key: list(elements)})
        if len(body) > LARGEST_REQUEST:
            raise errors.TooLarge(f"{len(body)} bytes in one request")
        if facts.summarize:
            params.setdefault("summarizeErrors", False)
        if facts.unitdp:
            params.setdefault("unitdp", 4)
        raw, seconds = self._send(
            method or facts.verb,
            self._url(resource),
            resource,
            write=True,
            query=query_pairs(params),
            body=body,
            headers=self._write_headers(idempotency_key),
            sent_count=len(elements),
            id_key=facts.id_key,
        )
        return self._written(raw, seconds, facts, len(elements))

    def delete(self, resource, idempotency_key=None):
        """``DELETE`` of one thing where Xero has it: ``Items/<id>``, ``CreditNotes/<id>/Allocations/<id>``, …

        Documents are not deleted this way: their status is changed with :meth:`write`.

        :raises NotFound: it is not there (any more)
        :raises InDoubt: no answer; may be repeated, and then :class:`.errors.NotFound` means done
        """
        if len(split(resource)) < 2:
            raise ValueError("give the path of one thing")
        headers = self._write_headers(idempotency_key) if idempotency_key else {}
        raw, seconds = self._send("DELETE", self._url(resource), resource, write=True, headers=headers)
        return self._answer(raw, seconds, body=judge.parse(raw) or {})

    def attach(self, resource, document_id, file_name, content, mimetype, idempotency_key, include_online=False):
        """Puts a file on a document. A file of the same name there is replaced, so this may be repeated.

        :param str resource: ``Invoices``, ``CreditNotes``, …
        :param str document_id: Xero's id
        :param str file_name: see :func:`attachment_name`
        :param bytes content: at most 10 MB
        :param bool include_online: show it with the online invoice (sales only)
        :return: :class:`Answer` with one element
        :raises: as :meth:`write`
        """
        if len(split(resource)) != 1 or not GUID.fullmatch(document_id):
            raise ValueError("give a resource and the id of a document")
        if not content:
            raise ValueError("the file is empty")
        if len(content) > LARGEST_REQUEST:
            raise errors.TooLarge(f"{len(content)} bytes in one file")
        headers = self._write_headers(idempotency_key)
        if PRINTABLE.fullmatch(mimetype or ""):
            headers["Content-Type"] = mimetype
        else:
            headers["Content-Type"] = "application/octet-stream"
        # PUT alone knows IncludeOnline; both replace a file of the same name
        raw, seconds = self._send(
            "PUT" if include_online else "POST",
            self._url(f"{resource}/{document_id}/Attachments") + "/{name}",
            f"{resource}/…/Attachments",
            write=True,
            query=query_pairs({"IncludeOnline": include_online or None}),
            path={"name": attachment_name(file_name)},
            headers=headers,
            body=bytes(content),
            sent_count=1,
        )
        return self._written(raw, seconds, describe(f"{resource}/{document_id}/Attachments"), 1)

    def _write_headers(self, idempotency_key):
        if not isinstance(idempotency_key, str) or not KEY.fullmatch(idempotency_key):
            raise ValueError("an idempotency key has 1 to 128 printable characters")
        return {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}

    def _written(self, raw, seconds, facts, count):
        """The elements of a successful write. What cannot be matched one to one is a doubt: Xero has applied it."""
        body = judge.parse(raw)
        items = body.get(facts.list_key) if body is not None else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self._in_doubt(raw, f"the answer holds no list of {facts.list_key}")
        if len(items) != count:
            raise self._in_doubt(raw, f"{count} sent, {len(items)} answered")
        elements = [Element.read(index, item, facts.id_key) for index, item in enumerate(items)]
        return self._answer(raw, seconds, body=body, items=items, elements=elements)

    def _answer(self, raw, seconds, **content):
        return Answer(
            status=raw.status,
            limits=self.limits,
            correlation_id=judge.correlation_id(raw),
            seconds=seconds,
            **content,
        )
