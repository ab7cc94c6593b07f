"""Lists, pages, single documents and connections, also when Xero answers in a way that nobody has seen."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from gateway_peer import answer

from xero import errors

GUID = "0a1b2c3d-0000-0000-0000-000000000001"


def page(number, count, ids, key="Contacts", id_key="ContactID"):
    return answer(
        200,
        {
            key: [{id_key: each} for each in ids],
            "pagination": {"page": number, "pageSize": 1000, "pageCount": count, "itemCount": 2000},
        },
    )


def query(request):
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


def test_a_list_is_asked_for_as_xero_wants_it(peer, gateway):
    peer.actions = [answer(200, {"Invoices": []})]
    zone = timezone(timedelta(hours=13))
    found = gateway.get(
        "Invoices",
        page=2,
        page_size=1000,
        modified_since=datetime(2026, 11, 21, 12, 30, 15, 999, tzinfo=zone),
        where='Type=="ACCREC" AND Total>=1+1',
        order="InvoiceID ASC",
        ids=["a", "b"],
        Statuses=["PAID", "VOIDED"],
        includeArchived=True,
        summaryOnly=False,
        searchTerm=None,
    )
    (request,) = peer.requests
    assert (request.method, urlsplit(request.path).path) == ("GET", "/api.xro/2.0/Invoices")
    assert query(request) == {
        "page": "2",
        "pageSize": "1000",
        "where": 'Type=="ACCREC" AND Total>=1+1',
        "order": "InvoiceID ASC",
        "IDs": "a,b",
        "Statuses": "PAID,VOIDED",
        "includeArchived": "true",
        "summaryOnly": "false",
        "unitdp": "4",
    }
    assert request.headers["if-modified-since"] == "2026-11-20T23:30:15"
    assert request.headers["accept"] == "application/json"
    assert "idempotency-key" not in request.headers
    assert found.items == [] and found.elements == []


def test_unitdp_goes_only_where_it_is_known(peer, gateway):
    peer.actions = [answer(200, {"Contacts": []}), answer(200, {"CreditNotes": []})]
    gateway.get("Contacts")
    gateway.get("CreditNotes")
    assert query(peer.requests[0]) == {} and query(peer.requests[1]) == {"unitdp": "4"}


@pytest.mark.parametrize(
    ("resource", "key"),
    [
        ("Organisation", "Organisations"),
        ("Organisation/Actions", "Actions"),
        (f"Invoices/{GUID}/History", "HistoryRecords"),
        (f"Invoices/{GUID}/OnlineInvoice", "OnlineInvoices"),
        (f"Invoices/{GUID}/Attachments", "Attachments"),
        ("TrackingCategories", "TrackingCategories"),
        ("Somethings", "Somethings"),
    ],
)
def test_each_resource_is_listed_under_its_own_name(peer, gateway, resource, key):
    peer.actions = [answer(200, {key: [{"Name": "x"}]})]
    assert gateway.get(resource).items == [{"Name": "x"}]


def test_amounts_are_exact_and_strangers_pass_through(peer, gateway):
    body = b'{"Invoices":[{"Total":10.10,"Quantity":3,"Status":"NEWSTATUS","New":{"Er":[null,true]}}],"X":1}'
    peer.actions = [answer(200, body)]
    (item,) = gateway.get("Invoices").items
    assert item["Total"] == Decimal("10.10") and str(item["Total"]) == "10.10"
    assert item["Quantity"] == 3 and item["Status"] == "NEWSTATUS" and item["New"] == {"Er": [None, True]}


@pytest.mark.parametrize("nothing", [b"HTTP/1.1 304 Not Modified\r\n\r\n", answer(200), answer(200, b"  \r\n")])
def test_nothing_changed_is_an_empty_answer(peer, gateway, nothing):
    peer.actions = [nothing, nothing]
    assert gateway.get("Contacts", modified_since=datetime(2026, 1, 1)).items == []
    assert [found.items for found in gateway.pages("Contacts", modified_since=datetime(2026, 1, 1))] == [[]]


def test_pages_end_with_the_page_count(peer, gateway):
    peer.actions = [page(1, 3, ["a"]), page(2, 3, ["b"]), page(3, 3, ["c"])]
    found = list(
        gateway.pages("Contacts", modified_since=datetime(2026, 1, 1), where='Name=="x"', includeArchived=True)
    )
    assert [answered.items[0]["ContactID"] for answered in found] == ["a", "b", "c"]
    assert [query(request) for request in peer.requests] == [
        {
            "page": str(number),
            "pageSize": "1000",
            "where": 'Name=="x"',
            "order": "ContactID ASC",
            "includeArchived": "true",
        }
        for number in (1, 2, 3)
    ]
    assert {request.headers["if-modified-since"] for request in peer.requests} == {"2026-01-01T00:00:00"}
    assert peer.connections == 1


def test_pages_are_asked_for_only_as_they_are_used(peer, gateway):
    peer.actions = [page(1, 900, ["a"])]
    pages = gateway.pages("Contacts")
    assert next(pages).page_count == 900
    pages.close()
    assert len(peer.requests) == 1


def test_a_page_count_that_grows_on_the_way_is_followed(peer, gateway):
    peer.actions = [page(1, 2, ["a"]), page(2, 3, ["b"]), page(3, 3, ["c"])]
    assert len(list(gateway.pages("Contacts"))) == 3


def test_an_empty_list_is_one_page(peer, gateway):
    peer.actions = [page(1, 0, [])]
    assert [found.items for found in gateway.pages("Contacts")] == [[]]


def test_without_pagination_a_short_page_is_the_last(peer, gateway):
    full = answer(200, {"Invoices": [{"InvoiceID": "a"}, {"InvoiceID": "b"}]})
    peer.actions = [full, answer(200, {"Invoices": [{"InvoiceID": "c"}], "pagination": "odd"})]
    assert [len(found.items) for found in gateway.pages("Invoices", page_size=2)] == [2, 1]


@pytest.mark.parametrize("second", [page(2, 3, []), page(2, 3, ["a"])], ids=["empty", "the same again"])
def test_a_list_never_ends_early_in_silence(peer, gateway, second):
    peer.actions = [page(1, 3, ["a"]), second]
    pages = gateway.pages("Contacts")
    next(pages)
    with pytest.raises(errors.Unreadable):
        next(pages)


def test_a_resource_without_pages_is_one_call(peer, gateway):
    peer.actions = [answer(200, {"Accounts": [{"AccountID": str(number)} for number in range(1500)]})]
    (found,) = gateway.pages("Accounts", where='Status=="ACTIVE"')
    assert len(found.items) == 1500
    assert query(peer.requests[0]) == {"where": 'Status=="ACTIVE"'}


def test_one_document_is_found_by_id_or_number(peer, gateway):
    peer.actions = [answer(200, {"Invoices": [{"InvoiceID": GUID}]}), answer(200, {"Invoices": []})]
    assert gateway.get_one("Invoices", GUID).items == [{"InvoiceID": GUID}]
    with pytest.raises(errors.NotFound):
        gateway.get_one("Invoices", "INV/2026 #1?x=..")
    assert [urlsplit(request.path).path for request in peer.requests] == [
        f"/api.xro/2.0/Invoices/{GUID}",
        "/api.xro/2.0/Invoices/INV%2F2026%20%231%3Fx%3D..",
    ]


def test_connections_are_listed_without_a_tenant(peer, gateway):
    connection = {"id": "c", "tenantId": "t", "tenantType": "SOMETHINGNEW", "tenantName": "Demo"}
    peer.actions = [answer(200, [connection]), answer(200, [])]
    assert gateway.connections(auth_event_id="e 1") == [connection]
    assert gateway.connections() == []
    assert [request.path for request in peer.requests] == ["/connections?authEventId=e+1", "/connections"]
    assert "xero-tenant-id" not in peer.requests[0].headers


@pytest.mark.parametrize("body", [{}, [1], [{"id": "c"}], "x", None, [[]]])
def test_a_list_of_connections_that_is_none_is_unreadable(peer, gateway, body):
    peer.actions = [answer(200, body if body is not None else b"")]
    with pytest.raises(errors.Unreadable):
        gateway.connections()


def test_the_last_limits_are_kept(peer, gateway):
    peer.actions = [answer(200, {"Contacts": []}, X_DayLimit_Remaining="12"), answer(200, {"Contacts": []})]
    gateway.get("Contacts")
    assert gateway.limits.day_remaining == 12
    gateway.get("Contacts")
    assert gateway.limits.day_remaining is None
