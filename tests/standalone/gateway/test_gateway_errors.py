"""Every form in which Xero refuses becomes the one exception that says whose move is next."""

import pytest
from gateway_peer import answer

from xero import errors

GUID = "0a1b2c3d-0000-0000-0000-000000000001"
KEY = "key-1"


def problem(status, detail, lower=False):
    body = {"Type": None, "Title": "Refused", "Status": status, "Detail": detail, "Instance": GUID, "Extensions": {}}
    return {key.lower(): value for key, value in body.items()} if lower else body


VALIDATION = {
    "ErrorNumber": 10,
    "Type": "ValidationException",
    "Message": "A validation exception occurred",
    "Elements": [{"InvoiceID": "00000000-0000-0000-0000-000000000000", "ValidationErrors": [{"Message": "Bad date"}]}],
}
MISSPELT = {"WWW_Authenticate": 'Bearer error="insufficent_scope"'}
SPELT = {"WWW_Authenticate": 'Bearer error="insufficient_scope"'}
PAGE = "<html><head><title>Bad</title><style>p{}</style></head><body><h1>Access &amp; denied</h1></body></html>"
OLD_LIMIT = "oauth_problem=rate limit exceeded&oauth_problem_advice=please wait before retrying the xero api"

# what Xero answers; what it is for a read; what it is for a write
FORMS = {
    "token expired": (
        answer(401, problem(401, "TokenExpired: token expired at 01/01/2001 00:00:00")),
        "token_expired",
        None,
    ),
    "token expired, lower case": (answer(401, problem(401, "TokenExpired: x", lower=True)), "token_expired", None),
    "bad token": (answer(401, problem(401, "AuthenticationUnsuccessful")), "token_refused", None),
    "401 without a body": (answer(401), "token_refused", None),
    "401 with a page": (answer(401, PAGE, content_type="text/html"), "token_refused", None),
    "scope missing": (answer(401, problem(401, "AuthorizationUnsuccessful"), **MISSPELT), "scope_missing", None),
    "scope missing, by its body alone": (answer(401, problem(401, "AuthorizationUnsuccessful")), "scope_missing", None),
    "scope missing, by its header alone": (answer(401, **SPELT), "scope_missing", None),
    "scope missing, 403": (answer(403, problem(403, "AuthorizationUnsuccessful", lower=True)), "scope_missing", None),
    "tenant gone": (answer(403, problem(403, "AuthenticationUnsuccessful")), "tenant_gone", None),
    "tenant gone, lower case": (
        answer(403, problem(403, "AuthenticationUnsuccessful", lower=True)),
        "tenant_gone",
        None,
    ),
    "403 without a body": (answer(403, content_type=None), "tenant_gone", None),
    "403 of another kind": (answer(403, problem(403, "UserLacksPermission")), "forbidden", None),
    "403 of a firewall": (answer(403, PAGE, content_type="text/html"), "unavailable", None),
    "404 as text": (
        answer(404, "The resource you're looking for cannot be found", content_type="text/plain"),
        "not_found",
        None,
    ),
    "404 as an empty page": (answer(404, content_type="text/html"), "not_found", None),
    "410": (answer(410), "not_found", None),
    "validation": (answer(400, VALIDATION), "rejected", None),
    "400 without a body": (answer(400), "rejected", None),
    "400 with a page": (answer(400, PAGE, content_type="text/html"), "rejected", None),
    "400 with a list": (answer(400, [1, 2]), "rejected", None),
    "malformed": (
        answer(400, {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": "JSON?"}),
        "malformed",
        None,
    ),
    "bad where": (
        answer(400, {"ErrorNumber": 16, "Type": "QueryParseException", "Message": "No property"}),
        "rejected",
        None,
    ),
    "key reused": (
        answer(400, {"ErrorNumber": 0, "Type": "X", "Message": "Idempotency Key: K is used with a different request."}),
        "idempotency_key_reused",
        None,
    ),
    "412": (answer(412, "Precondition failed", content_type="text/plain"), "rejected", None),
    "405": (answer(405), "rejected", None),
    "413": (answer(413), "too_large", None),
    "501": (answer(501), "rejected", None),
    "408": (answer(408), "unavailable", None),
    "429 by the minute": (
        answer(429, content_type=None, Retry_After="26", X_Rate_Limit_Problem="minute"),
        "rate_limited",
        None,
    ),
    "429 by the day": (
        answer(429, content_type=None, Retry_After="67000", X_Rate_Limit_Problem="day"),
        "day_limit",
        None,
    ),
    "429 with a page": (answer(429, PAGE, content_type="text/html"), "rate_limited", None),
    "503 as text": (answer(503, "Not Available", content_type="text/plain"), "unavailable", None),
    "503 without a body": (answer(503, content_type=None), "unavailable", None),
    "organisation offline": (
        answer(503, "The Organisation is offline", content_type="text/plain"),
        "organisation_offline",
        None,
    ),
    "the old rate limit": (answer(503, OLD_LIMIT, content_type="text/html"), "rate_limited", None),
    "500 with JSON": (
        answer(500, {"ErrorNumber": 17, "Type": "X", "Message": "An error occurred"}),
        "unavailable",
        "in_doubt",
    ),
    "500 with a page": (answer(500, PAGE, content_type="text/html"), "unavailable", "in_doubt"),
    "502": (answer(502, PAGE, content_type="text/html"), "unavailable", "in_doubt"),
    "504": (answer(504), "unavailable", "in_doubt"),
    "520 of a proxy": (answer(520), "unavailable", "in_doubt"),
    "redirect": (answer(302, Location="https://example.com/"), "unreadable", "in_doubt"),
    "redirect, 307": (answer(307, Location="/api.xro/2.0/Elsewhere"), "unreadable", "in_doubt"),
    "200 with a page": (answer(200, PAGE, content_type="text/html"), "unreadable", "in_doubt"),
    "200 without a body": (answer(200), "unreadable", "in_doubt"),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", "unreadable", "in_doubt"),
    "200 cut short": (answer(200, b'{"Invoices": [{"InvoiceID": "'), "unreadable", "in_doubt"),
    "200 with a list": (answer(200, [{"InvoiceID": GUID}]), "unreadable", "in_doubt"),
    "200 without the list": (answer(200, {"Id": GUID, "Status": "OK"}), "unreadable", "in_doubt"),
    "200 with a list of another": (answer(200, {"Contacts": [{}]}), "unreadable", "in_doubt"),
    "200 with strange elements": (answer(200, {"Invoices": ["x"]}), "unreadable", "in_doubt"),
    "200 with null for the list": (answer(200, {"Invoices": None}), "unreadable", "in_doubt"),
    "200 with bytes": (answer(200, b"\x00\xff\xfe\x80"), "unreadable", "in_doubt"),
    "200 with NaN": (answer(200, b'{"Invoices": [{"Total": NaN}]}'), "unreadable", "in_doubt"),
}
CASES = [pytest.param(wire, read, write or read, id=name) for name, (wire, read, write) in FORMS.items()]


@pytest.mark.parametrize(("wire", "for_a_read", "for_a_write"), CASES)
def test_a_refusal_becomes_its_exception(peer, gateway, wire, for_a_read, for_a_write):
    peer.actions = [wire, wire]
    with pytest.raises(errors.XeroError) as read:
        gateway.get("Invoices", page=1)
    with pytest.raises(errors.XeroError) as write:
        gateway.write("Invoices", [{"Type": "ACCREC"}], KEY)
    assert (read.value.code, write.value.code) == (for_a_read, for_a_write)
    status = int(wire.split()[1])
    assert read.value.status == write.value.status == status
    assert len(peer.requests) == 2, "one call is one request"
    catalogue = errors.catalogue()
    assert type(read.value) is catalogue[read.value.code] and type(write.value) is catalogue[write.value.code]


def test_every_class_has_a_code_of_its_own_and_says_whose_move_is_next():
    todo, seen = [errors.XeroError], []
    while todo:
        cls = todo.pop()
        seen.append(cls)
        todo += cls.__subclasses__()
        assert cls.move in {"wait", "look_up", "refresh", "reconnect", "fix"}
        assert cls.__doc__ and "code" in vars(cls)
    assert len({cls.code for cls in seen}) == len(seen) == len(errors.catalogue())


def test_the_tree_is_the_one_that_the_engine_catches():
    for narrow, wide in {
        errors.NotSent: errors.RetryLater,
        errors.Unavailable: errors.RetryLater,
        errors.RateLimited: errors.RetryLater,
        errors.DayLimit: errors.RateLimited,
        errors.TlsFailed: errors.NotSent,
        errors.ScopeMissing: errors.Reconnect,
        errors.TenantGone: errors.Reconnect,
        errors.CredentialsWrong: errors.Reconnect,
        errors.KeyReused: errors.Rejected,
        errors.Unreadable: errors.RetryLater,
        errors.TokenRefused: errors.TokenExpired,
    }.items():
        assert issubclass(narrow, wide)
    # what may have been applied must never pass for something that may simply be sent again
    assert not issubclass(errors.InDoubt, errors.RetryLater)
    assert errors.KeyReused.move == errors.InDoubt.move == "look_up"


def test_an_exception_carries_what_xero_said(peer, gateway):
    peer.actions = [
        answer(
            429,
            content_type=None,
            Retry_After="22",
            X_Rate_Limit_Problem="app-minute",
            X_MinLimit_Remaining="0",
            X_DayLimit_Remaining="4539",
            X_AppMinLimit_Remaining="9938",
            Xero_Correlation_Id="abc-1",
        )
    ]
    with pytest.raises(errors.RateLimited) as caught:
        gateway.get("Contacts")
    error = caught.value
    assert (error.problem, error.retry_after, error.status, error.correlation_id) == ("appminute", 22, 429, "abc-1")
    assert (error.limits.minute_remaining, error.limits.day_remaining, error.limits.app_minute_remaining) == (
        0,
        4539,
        9938,
    )
    assert gateway.limits == error.limits
    assert str(error) == "rate_limited, HTTP 429, correlation abc-1"


def test_a_429_is_told_at_once_and_not_slept_through(peer, gateway):
    peer.actions = [answer(429, content_type=None, Retry_After="60"), answer(503, content_type=None, Retry_After="60")]
    for _each in range(2):
        with pytest.raises(errors.RetryLater) as caught:
            gateway.get("Contacts")
        assert caught.value.retry_after == 60
    assert len(peer.requests) == 2
    assert gateway.seconds_waiting < 1


def test_the_detail_of_a_page_is_its_text(peer, gateway):
    peer.actions = [answer(502, PAGE, content_type="text/html")]
    with pytest.raises(errors.Unavailable) as caught:
        gateway.get("Contacts")
    assert caught.value.detail == "Bad Access & denied"


def test_a_detail_keeps_a_name_with_angle_brackets_and_is_never_long(peer, gateway):
    name = "The contact name A <b> C is already assigned to another contact."
    peer.actions = [
        answer(400, {"ErrorNumber": 10, "Message": name}),
        answer(400, {"ErrorNumber": 10, "Message": "x" * 100000}),
    ]
    with pytest.raises(errors.Rejected) as caught:
        gateway.get("Contacts")
    assert caught.value.detail == name
    with pytest.raises(errors.Rejected) as caught:
        gateway.get("Contacts")
    assert len(caught.value.detail) == 500


def test_a_strange_correlation_id_is_not_passed_on(peer, gateway):
    peer.actions = [answer(500, Xero_Correlation_Id="<script>alert(1)</script>")]
    with pytest.raises(errors.Unavailable) as caught:
        gateway.get("Contacts")
    assert caught.value.correlation_id is None
