"""What is written, and how Xero's answer about each element finds its way back to it."""

from decimal import Decimal
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from gateway_peer import answer

import xero
from xero import errors

GUID = "0a1b2c3d-0000-0000-0000-000000000001"
ZEROS = "00000000-0000-0000-0000-000000000000"


def invoice(number, **more):
    return {"InvoiceID": f"id-{number}", "InvoiceNumber": f"INV-{number}", "StatusAttributeString": "OK", **more}


def refused(*sentences, **more):
    return {
        "InvoiceID": ZEROS,
        "StatusAttributeString": "ERROR",
        "HasErrors": True,
        "ValidationErrors": [{"Message": sentence} for sentence in sentences],
        **more,
    }


def test_a_batch_goes_out_as_one_post_with_a_key(peer, gateway):
    peer.actions = [
        answer(200, {"Invoices": [invoice(1), invoice(2)]}, X_MinLimit_Remaining="59", Xero_Correlation_Id="c")
    ]
    elements = [
        {"Type": "ACCREC", "Total": Decimal("0.00001"), "Url": None},
        {"Type": "ACCPAY", "Total": Decimal("1E+2")},
    ]
    found = gateway.write("Invoices", elements, idempotency_key="key-1")
    (request,) = peer.requests
    url = urlsplit(request.path)
    assert (request.method, url.path) == ("POST", "/api.xro/2.0/Invoices")
    assert parse_qs(url.query) == {"summarizeErrors": ["false"], "unitdp": ["4"]}
    assert request.body == (
        b'{"Invoices":[{"Type":"ACCREC","Total":0.00001,"Url":null},{"Type":"ACCPAY","Total":100}]}'
    )
    assert request.headers["authorization"].startswith("Bearer eyJ")
    assert request.headers["xero-tenant-id"] == gateway.tenant_id
    assert request.headers["idempotency-key"] == "key-1"
    assert request.headers["accept"] == request.headers["content-type"] == "application/json"
    assert "xero-python" in request.headers["user-agent"]
    assert [(element.index, element.ok, element.id) for element in found.elements] == [
        (0, True, "id-1"),
        (1, True, "id-2"),
    ]
    assert found.status == 200 and found.items == [invoice(1), invoice(2)] and found.body["Invoices"]
    assert found.limits.minute_remaining == 59 and found.correlation_id == "c"


@pytest.mark.parametrize(
    ("resource", "verb", "query", "bare"),
    [
        ("Contacts", "POST", {"summarizeErrors": ["false"]}, False),
        ("CreditNotes", "POST", {"summarizeErrors": ["false"], "unitdp": ["4"]}, False),
        ("BankTransactions", "POST", {"summarizeErrors": ["false"], "unitdp": ["4"]}, False),
        ("Payments", "PUT", {"summarizeErrors": ["false"]}, False),
        (f"CreditNotes/{GUID}/Allocations", "PUT", {"summarizeErrors": ["false"]}, False),
        (f"Invoices/{GUID}", "POST", {"unitdp": ["4"]}, False),
        ("TaxRates", "PUT", {}, False),
        ("Accounts", "PUT", {}, True),
        (f"Accounts/{GUID}", "POST", {}, False),
        ("TrackingCategories", "PUT", {}, True),
        (f"TrackingCategories/{GUID}", "POST", {}, True),
        (f"TrackingCategories/{GUID}/Options", "PUT", {}, True),
        (f"TrackingCategories/{GUID}/Options/{GUID}", "POST", {}, True),
        (f"Payments/{GUID}", "POST", {}, True),
        (f"Invoices/{GUID}/History", "PUT", {}, False),
        ("Currencies", "PUT", {}, True),
        (f"ContactGroups/{GUID}/Contacts", "PUT", {}, False),
    ],
)
def test_each_resource_is_written_in_its_own_way(peer, gateway, resource, verb, query, bare):
    """After Xero's OpenAPI file: the verb, the parameters it knows, a list or the bare element."""
    names = [part for part in resource.split("/") if part != GUID]
    key = {"History": "HistoryRecords"}.get(names[-1], names[-1])
    peer.actions = [answer(200, {key: [{"Name": "x"}]})]
    assert gateway.write(resource, [{"Name": "x"}], "key-1").elements[0].ok
    (request,) = peer.requests
    assert request.method == verb
    assert parse_qs(urlsplit(request.path).query) == query
    assert request.json == ({"Name": "x"} if bare else {key: [{"Name": "x"}]})


def test_a_caller_may_choose_the_verb_and_parameters(peer, gateway):
    peer.actions = [answer(200, {"TaxRates": [{}]}), answer(200, {"Invoices": [{}]})]
    gateway.write("TaxRates", [{"TaxType": "TAX001"}], "key-1", method="POST")
    gateway.write("Invoices", [{}], "key-2", summarizeErrors=True, allowBackorders=False, unitdp=None)
    assert peer.requests[0].method == "POST"
    assert parse_qs(urlsplit(peer.requests[1].path).query) == {
        "summarizeErrors": ["true"],
        "allowBackorders": ["false"],
    }


def test_one_bad_element_does_not_hide_the_others(peer, gateway):
    line = {"LineItems": [{"ValidationErrors": [{"Message": "Account code '999' is not a valid code."}]}, {}]}
    peer.actions = [
        answer(
            200,
            {
                "Invoices": [
                    invoice(1),
                    refused("Invoice # must be unique.", "Bad date", "Bad date", **line),
                    invoice(
                        3,
                        StatusAttributeString="WARNING",
                        Warnings=[{"Message": "Account code '476' has been removed"}],
                    ),
                ]
            },
        )
    ]
    first, second, third = gateway.write("Invoices", [{}, {}, {}], "key-1").elements
    assert first.ok and first.errors == first.warnings == [] and first.id == "id-1"
    assert not second.ok and second.id is None
    assert second.errors == ["Invoice # must be unique.", "Bad date", "Account code '999' is not a valid code."]
    assert third.ok and third.errors == [] and third.warnings == ["Account code '476' has been removed"]


@pytest.mark.parametrize(
    ("data", "ok"),
    [
        ({}, True),
        ({"StatusAttributeString": "OK", "HasErrors": False}, True),
        ({"StatusAttributeString": "ok"}, True),
        ({"StatusAttributeString": "ERROR"}, False),
        ({"StatusAttributeString": "QUEUED"}, True),
        ({"StatusAttributeString": "QUEUED", "HasErrors": True}, False),
        ({"StatusAttributeString": 7, "ValidationErrors": [{"Message": "x"}]}, False),
        ({"HasValidationErrors": True}, False),
        ({"HasErrors": "perhaps"}, True),
        ({"ValidationErrors": []}, True),
        ({"ValidationErrors": "none"}, True),
        ({"ValidationErrors": [None, 3, {"Message": None}, {}]}, True),
        ({"Status": "NEWSTATUS", "Type": "ACCNEW", "LineAmountTypes": "Sometimes", "CurrencyCode": "XXQ"}, True),
    ],
)
def test_the_verdict_on_an_element_is_read_from_whatever_is_there(peer, gateway, data, ok):
    """An enum value that nobody has seen never raises: Xero has already applied the write."""
    peer.actions = [answer(200, {"Invoices": [data]})]
    (element,) = gateway.write("Invoices", [{}], "key-1").elements
    assert element.ok is ok and element.data == data
    assert bool(element.errors) is not ok, "what is refused has a reason"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_answer_with_another_number_of_elements_is_a_doubt(peer, gateway, count):
    """S0.1: nothing is lost: Xero has applied something, and what cannot be told from the answer."""
    peer.actions = [answer(200, {"Invoices": [invoice(number) for number in range(count)]})]
    with pytest.raises(errors.InDoubt) as caught:
        gateway.write("Invoices", [{}, {}], "key-1")
    assert caught.value.detail == f"2 sent, {count} answered"


def test_a_400_about_elements_tells_each_one_its_own(peer, gateway):
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [
            {"ContactID": ZEROS, "ValidationErrors": [{"Message": "The contact name X is already assigned."}]},
            {"ContactID": GUID, "ValidationErrors": []},
            {
                "ContactID": GUID,
                "ContactPersons": [{"ValidationErrors": [{"Message": "Email address must be valid."}]}],
            },
        ],
    }
    lower = {key.lower(): value for key, value in body.items()}
    peer.actions = [answer(400, body), answer(400, lower)]
    for _each in range(2):
        with pytest.raises(errors.Rejected) as caught:
            gateway.write("Contacts", [{}, {}, {}], "key-1")
        error = caught.value
        assert error.validation_errors == [
            ["The contact name X is already assigned."],
            [],
            ["Email address must be valid."],
        ]
        assert [element.ok for element in error.elements] == [False] * 3, "nothing was applied"
        assert [element.index for element in error.elements] == [0, 1, 2]
        assert error.error_number == 10
        assert error.detail == "The contact name X is already assigned.; Email address must be valid."


def test_a_400_about_other_elements_than_were_sent_is_about_the_whole(peer, gateway):
    body = {"ErrorNumber": 10, "Elements": [{"ValidationErrors": [{"Message": "Bad date"}]}]}
    peer.actions = [answer(400, body)]
    with pytest.raises(errors.Rejected) as caught:
        gateway.write("Contacts", [{}, {}], "key-1")
    assert caught.value.elements == caught.value.validation_errors == []
    assert caught.value.detail == "Bad date"


@pytest.mark.parametrize("elements", [[None], ["x"], [{"ValidationErrors": {"Message": "x"}}], {"0": {}}, "x", [[]]])
def test_a_400_with_strange_elements_is_still_a_refusal(peer, gateway, elements):
    peer.actions = [answer(400, {"ErrorNumber": "ten", "Message": "No", "Elements": elements})]
    with pytest.raises(errors.Rejected) as caught:
        gateway.write("Contacts", [{}], "key-1")
    assert caught.value.detail == "No"


def test_an_answer_nested_without_end_is_survived(peer, gateway):
    deep = b'{"Invoices": [' + b'{"A":' * 900 + b"1" + b"}" * 900 + b"]}"
    endless = b'{"Invoices": [' + b'{"A":' * 200_000
    peer.actions = [answer(200, deep), answer(200, endless), answer(400, deep.replace(b"Invoices", b"Elements"))]
    assert gateway.write("Invoices", [{}], "key-1").elements[0].ok
    with pytest.raises(errors.InDoubt):
        gateway.write("Invoices", [{}], "key-1")
    with pytest.raises(errors.Rejected):
        gateway.write("Invoices", [{}], "key-1")


@pytest.mark.parametrize("key", ["", None, "x" * 129, "a b", "a\r\nb", "é", 5])
def test_a_write_without_a_proper_key_does_not_leave(peer, gateway, key):
    with pytest.raises(ValueError, match="idempotency key"):
        gateway.write("Invoices", [{}], key)
    assert not peer.connections


@pytest.mark.parametrize("elements", [[], None, ["x"], [{}, 3], ({"a": 1}, None)])
def test_what_is_no_batch_does_not_leave(peer, gateway, elements):
    with pytest.raises(ValueError):
        gateway.write("Invoices", elements, "key-1")
    assert not peer.connections


def test_what_xero_takes_one_by_one_is_not_sent_as_a_batch(peer, gateway):
    """Accounts takes the first element and drops the others in silence."""
    for resource in ("Accounts", "TaxRates", "TrackingCategories", f"Payments/{GUID}"):
        with pytest.raises(ValueError, match="one element"):
            gateway.write(resource, [{}, {}], "key-1")
    assert not peer.connections


def test_more_than_ten_megabytes_do_not_leave(peer, gateway):
    with pytest.raises(errors.TooLarge):
        gateway.write("Contacts", [{"Name": "x" * 11_000_000}], "key-1")
    with pytest.raises(errors.TooLarge):
        gateway.attach("Invoices", GUID, "a.pdf", b"x" * 11_000_000, "application/pdf", "key-1")
    assert not peer.connections


def test_a_connection_is_deleted_by_its_own_id(peer, gateway):
    peer.actions = [b"HTTP/1.1 204 No Content\r\n\r\n", answer(404, content_type=None)]
    gateway.delete_connection("e1eede29/x")
    with pytest.raises(errors.NotFound):
        gateway.delete_connection(GUID)
    assert [(request.method, request.path) for request in peer.requests] == [
        ("DELETE", "/connections/e1eede29%2Fx"),
        ("DELETE", f"/connections/{GUID}"),
    ]
    assert "xero-tenant-id" not in peer.requests[0].headers


def test_a_thing_is_deleted_by_its_path(peer, gateway):
    peer.actions = [answer(200, {"AllocationId": GUID, "IsDeleted": True}), b"HTTP/1.1 204 No Content\r\n\r\n"]
    assert gateway.delete(f"CreditNotes/{GUID}/Allocations/{GUID}").body["IsDeleted"] is True
    assert gateway.delete(f"Items/{GUID}", idempotency_key="k").status == 204
    assert [request.method for request in peer.requests] == ["DELETE", "DELETE"]
    assert peer.requests[1].headers["idempotency-key"] == "k"
    with pytest.raises(ValueError):
        gateway.delete("Contacts")


def test_a_file_is_attached_under_its_name(peer, gateway):
    peer.actions = [answer(200, {"Attachments": [{"AttachmentID": "a-1", "FileName": "x"}]})] * 2
    found = gateway.attach("Invoices", GUID, 'INV/2026 "é"?.pdf', b"%PDF", "application/pdf", "key-1")
    assert found.elements[0].id == "a-1"
    gateway.attach("CreditNotes", GUID, "..", b"{}", "bad type\r\n", "key-2", include_online=True)
    first, second = peer.requests
    assert (first.method, first.body, first.headers["content-type"]) == ("POST", b"%PDF", "application/pdf")
    assert unquote(first.path) == f"/api.xro/2.0/Invoices/{GUID}/Attachments/INV_2026 _é__.pdf"
    assert (second.method, second.headers["content-type"]) == ("PUT", "application/octet-stream")
    assert second.path == f"/api.xro/2.0/CreditNotes/{GUID}/Attachments/attachment?IncludeOnline=true"
    for wrong in (("Invoices", "INV-1"), ("Invoices/x", GUID)):
        with pytest.raises(ValueError):
            gateway.attach(*wrong, "a.pdf", b"x", "application/pdf", "key-1")
    with pytest.raises(ValueError):
        gateway.attach("Invoices", GUID, "a.pdf", b"", "application/pdf", "key-1")


def test_a_file_name_is_made_fit_for_xero():
    assert xero.attachment_name("a" * 300 + ".pdf") == "a" * 251 + ".pdf"
    assert xero.attachment_name("") == xero.attachment_name(None) == xero.attachment_name("...") == "attachment"
    assert xero.attachment_name('<>:"/\\|?*+\0.txt') == "___________.txt"
