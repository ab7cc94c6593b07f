"""The whole way with the simulator, over real HTTP: consent, tokens, connections, documents, faults, revocation."""

import sys
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator.process import Simulator
from xero import Gateway, Hosts, errors, oauth, parse_date, parse_datetime

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "contract"))

from our_requests import judged  # noqa: E402

REDIRECT = "http://localhost:8069/xero/oauth/callback"


@pytest.fixture(scope="module")
def process():
    with judged(Simulator).start() as simulator:
        yield simulator


@pytest.fixture
def simulator(process):
    process.reset()
    yield process
    process.judge()  # nothing was asked that Xero's own files do not describe


@pytest.fixture
def hosts(simulator):
    return Hosts.from_base_url(simulator.url)


def consent(simulator, hosts, tenants=("NZ",), scopes=oauth.SCOPES, client_id=None, secret=None):
    client_id, secret = client_id or simulator.client_id, secret or simulator.client_secret
    verifier = oauth.new_verifier()
    url = oauth.authorization_url(hosts, client_id, REDIRECT, scopes, "state-1", verifier)
    back = parse_qs(urlsplit(simulator.consent(url, tenants=list(tenants))).query)
    assert back["state"] == ["state-1"]
    return oauth.exchange(hosts, client_id, secret, back["code"][0], REDIRECT, verifier)


@pytest.fixture
def tokens(simulator, hosts):
    return consent(simulator, hosts)


@pytest.fixture
def gateway(simulator, hosts, tokens):
    with Gateway(hosts, tokens.access_token, simulator.tenant_id("NZ"), timeout=(2, 10)) as gateway:
        yield gateway


def invoice(number, **more):
    return {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": number,
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "Contact": {"Name": "Gateway Test"},
        "LineAmountTypes": "Exclusive",
        "LineItems": [
            {"Description": "Work", "Quantity": Decimal("1.5"), "UnitAmount": Decimal("10.1234"), "AccountCode": "200"}
        ],
        **more,
    }


def test_from_consent_to_revocation(simulator, hosts):
    tokens = consent(simulator, hosts, tenants=("NZ", "AU"))
    assert set(oauth.SCOPES) <= set(tokens.scopes) and oauth.missing_scopes(oauth.SCOPES, tokens.scopes) == []
    assert tokens.expires_at > datetime.now(timezone.utc) and tokens.person["xero_userid"]
    with Gateway(hosts, tokens.access_token) as gateway:
        found = gateway.connections(auth_event_id=tokens.authentication_event_id)
    assert {one["tenantId"] for one in found} == {simulator.tenant_id("NZ"), simulator.tenant_id("AU")}
    assert parse_datetime(found[0]["createdDateUtc"])

    # a lost answer: the previous refresh token works for another half an hour
    second = oauth.refresh(hosts, simulator.client_id, simulator.client_secret, tokens.refresh_token)
    again = oauth.refresh(hosts, simulator.client_id, simulator.client_secret, tokens.refresh_token)
    assert len({tokens.refresh_token, second.refresh_token, again.refresh_token}) >= 2
    simulator.clock(advance=1801)
    with pytest.raises(errors.Reconnect) as caught:
        oauth.refresh(hosts, simulator.client_id, simulator.client_secret, tokens.refresh_token)
    assert caught.value.code == "reconnect"
    with pytest.raises(errors.TokenExpired):
        Gateway(hosts, tokens.access_token).connections()

    third = oauth.refresh(hosts, simulator.client_id, simulator.client_secret, again.refresh_token)
    with Gateway(hosts, third.access_token) as gateway:
        australian = next(one for one in gateway.connections() if one["tenantId"] == simulator.tenant_id("AU"))
        gateway.delete_connection(australian["id"])
        assert [one["tenantId"] for one in gateway.connections()] == [simulator.tenant_id("NZ")]
        with pytest.raises(errors.NotFound):
            gateway.delete_connection(australian["id"])
    with pytest.raises(errors.TenantGone):
        Gateway(hosts, third.access_token, simulator.tenant_id("AU")).get("Organisation")

    oauth.revoke(hosts, simulator.client_id, simulator.client_secret, third.refresh_token)
    with pytest.raises(errors.Reconnect) as caught:
        oauth.refresh(hosts, simulator.client_id, simulator.client_secret, third.refresh_token)
    assert caught.value.code == "reconnect"
    with pytest.raises(errors.XeroError) as caught:
        Gateway(hosts, third.access_token, simulator.tenant_id("NZ")).get("Organisation")
    assert caught.value.move in ("refresh", "reconnect")


def test_a_code_works_once_and_only_with_its_verifier(simulator, hosts):
    def code():
        url = oauth.authorization_url(hosts, simulator.client_id, REDIRECT, oauth.SCOPES, "s", "v" * 50)
        return parse_qs(urlsplit(simulator.consent(url)).query)["code"][0]

    def exchange(code, verifier="v" * 50, redirect=REDIRECT):
        return oauth.exchange(hosts, simulator.client_id, simulator.client_secret, code, redirect, verifier)

    used = code()
    exchange(used)
    for wrong in ((used,), (code(), "w" * 50), (code(), "v" * 50, REDIRECT + "/other"), ("no-code",)):
        with pytest.raises(errors.Reconnect):
            exchange(*wrong)
    late = code()
    simulator.clock(advance=301)
    with pytest.raises(errors.Reconnect):
        exchange(late)


def test_wrong_credentials_and_a_cancelled_consent_say_so(simulator, hosts, tokens):
    with pytest.raises(errors.CredentialsWrong):
        oauth.refresh(hosts, simulator.client_id, "wrong-secret", tokens.refresh_token)
    with pytest.raises(errors.CredentialsWrong):
        oauth.refresh(hosts, "no-such-client", simulator.client_secret, tokens.refresh_token)
    url = oauth.authorization_url(hosts, simulator.client_id, REDIRECT, oauth.SCOPES, "s", oauth.new_verifier())
    back = parse_qs(urlsplit(simulator.consent(url, allow=False)).query)
    assert isinstance(oauth.consent_error(back["error"][0]), errors.ConsentDenied)


def test_an_app_of_the_pkce_kind_needs_no_secret(simulator, hosts):
    client_id = "5A1700000000000000000000000091CE"
    verifier = oauth.new_verifier()
    url = oauth.authorization_url(hosts, client_id, REDIRECT, oauth.SCOPES, "s", verifier)
    code = parse_qs(urlsplit(simulator.consent(url)).query)["code"][0]
    tokens = oauth.exchange(hosts, client_id, None, code, REDIRECT, verifier)
    renewed = oauth.refresh(hosts, client_id, None, tokens.refresh_token)
    assert Gateway(hosts, renewed.access_token).connections()
    oauth.revoke(hosts, client_id, None, renewed.refresh_token)


def test_a_missing_scope_is_named_as_such(simulator, hosts):
    tokens = consent(simulator, hosts, scopes="openid offline_access accounting.contacts.read accounting.settings.read")
    with Gateway(hosts, tokens.access_token, simulator.tenant_id("NZ")) as gateway:
        assert gateway.get("Contacts", page=1).status == 200
        for refused in (lambda: gateway.get("Invoices"), lambda: gateway.write("Contacts", [{"Name": "X"}], "k")):
            with pytest.raises(errors.ScopeMissing):
                refused()
    assert "accounting.invoices" in oauth.missing_scopes(oauth.SCOPES, tokens.scopes)


def test_the_organisation_and_its_reference_data_are_read(gateway, simulator):
    (organisation,) = gateway.get("Organisation").items
    assert organisation["CountryCode"] == "NZ" and organisation["BaseCurrency"] == "NZD"
    for resource in ("Accounts", "TaxRates", "Currencies", "TrackingCategories", "ContactGroups"):
        found = list(gateway.pages(resource))
        assert len(found) == 1 and found[0].status == 200
    assert gateway.get("Accounts").items and gateway.get("TaxRates").items
    assert gateway.limits.minute_remaining is not None and gateway.limits.day_remaining is not None
    assert gateway.get("Accounts").correlation_id


def test_a_batch_with_one_bad_element(gateway, simulator):
    elements = [invoice("GW-1"), invoice("GW-2", DueDate=None), invoice("GW-3", Reference=None)]
    answered = gateway.write("Invoices", elements, "batch-1")
    assert [element.ok for element in answered.elements] == [True, False, True]
    good, bad, other = answered.elements
    assert good.id and other.id and good.id != other.id and bad.id is None
    assert any("DueDate" in sentence for sentence in bad.errors)
    assert good.data["Total"] == Decimal("17.47") and good.data["LineItems"][0]["UnitAmount"] == Decimal("10.1234")
    assert parse_date(good.data["DueDate"]).isoformat() == "2026-12-20"
    assert [
        item["InvoiceNumber"]
        for item in simulator.books("NZ", "Invoices")["Invoices"]
        if item["InvoiceNumber"].startswith("GW-")
    ] == ["GW-1", "GW-3"]

    assert gateway.write("Invoices", elements, "batch-1").elements[0].id == good.id, "the first answer is replayed"
    with pytest.raises(errors.KeyReused):
        gateway.write("Invoices", elements[:1], "batch-1")
    assert gateway.get_one("Invoices", good.id).items[0]["InvoiceNumber"] == "GW-1"
    assert gateway.get_one("Invoices", "GW-3").items[0]["InvoiceID"] == other.id
    assert [item["InvoiceID"] for item in gateway.get("Invoices", InvoiceNumbers=["GW-1", "GW-9"]).items] == [good.id]
    assert gateway.get("Invoices", ids=[good.id], page=1).items[0]["InvoiceID"] == good.id
    with pytest.raises(errors.NotFound):
        gateway.get_one("Invoices", "GW-2")


def test_pages_give_everything_once(gateway, simulator):
    names = [f"Page {number:03}" for number in range(125)]
    for start in range(0, 125, 50):
        batch = [{"Name": name} for name in names[start : start + 50]]
        assert all(element.ok for element in gateway.write("Contacts", batch, f"contacts-{start}").elements)
    found = list(gateway.pages("Contacts", page_size=50))
    assert len(found) == found[0].page_count >= 3
    listed = [item["Name"] for answered in found for item in answered.items]
    assert [listed.count(name) for name in names] == [1] * 125
    simulator.clock(advance=60)
    moment = datetime.fromisoformat(simulator.clock().replace("Z", "+00:00"))
    assert [answered.items for answered in gateway.pages("Contacts", modified_since=moment)] == [[]]
    assert [item["Name"] for item in gateway.get("Contacts", page=1, where='Name=="PAGE 007"').items] == ["Page 007"]


def test_what_is_done_stays_done_when_the_answer_is_lost(gateway, simulator):
    """S0.1: the same body under the same key settles a doubt without a second document."""
    simulator.fault("drop_after", match={"method": "POST", "path": "/Contacts"})
    with pytest.raises(errors.InDoubt):
        gateway.write("Contacts", [{"Name": "Once"}], "once-1")
    settled = gateway.write("Contacts", [{"Name": "Once"}], "once-1")
    found = gateway.get("Contacts", page=1, where='Name=="Once"').items
    assert [item["ContactID"] for item in found] == [settled.elements[0].id]


@pytest.mark.parametrize(
    ("fault", "read", "write"),
    [
        ({"kind": "drop_before"}, "unavailable", "in_doubt"),
        ({"kind": "drop_after"}, "unavailable", "in_doubt"),
        ({"kind": "status", "status": 429, "problem": "minute", "retry_after": 26}, "rate_limited", "rate_limited"),
        ({"kind": "status", "status": 429, "problem": "day", "retry_after": 4000}, "day_limit", "day_limit"),
        ({"kind": "status", "status": 500}, "unavailable", "in_doubt"),
        ({"kind": "status", "status": 500, "when": "after"}, "unavailable", "in_doubt"),
        ({"kind": "status", "status": 503}, "unavailable", "unavailable"),
        ({"kind": "status", "status": 503, "message": "organisation"}, "organisation_offline", "organisation_offline"),
        ({"kind": "status", "status": 403}, "tenant_gone", "tenant_gone"),
        ({"kind": "status", "status": 404}, "not_found", "not_found"),
        ({"kind": "html", "status": 200, "when": "after"}, "unreadable", "in_doubt"),
        ({"kind": "empty_body", "status": 200, "when": "after"}, "unreadable", "in_doubt"),
        ({"kind": "truncated", "bytes": 40}, "unavailable", "in_doubt"),
        ({"kind": "truncated", "bytes": 40, "content_length": "cut"}, "unreadable", "in_doubt"),
        ({"kind": "delay", "seconds": 20}, "unavailable", "in_doubt"),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value,
)
def test_every_fault_becomes_its_exception(simulator, hosts, tokens, fault, read, write):
    with Gateway(hosts, tokens.access_token, simulator.tenant_id("NZ"), timeout=(2, 0.7)) as gateway:
        for code, call in (
            (read, lambda: gateway.get("Contacts", page=1)),
            (write, lambda: gateway.write("Contacts", [{"Name": "Faulty"}], "faulty-1")),
        ):
            simulator.fault(**fault, match={"path": "/Contacts"})
            with pytest.raises(errors.XeroError) as caught:
                call()
            assert caught.value.code == code
            simulator.clear_faults()
        answered = gateway.write("Contacts", [{"Name": "Faulty"}], "faulty-1")
    assert answered.elements[0].ok
    assert len([one for one in simulator.books("NZ", "Contacts")["Contacts"] if one["Name"] == "Faulty"]) == 1


def test_an_expired_token_is_for_the_caller_to_refresh(simulator, hosts, tokens, gateway):
    simulator.fault("expire_token", match={"path": "/Contacts"})
    with pytest.raises(errors.TokenExpired) as caught:
        gateway.get("Contacts")
    assert caught.value.code == "token_expired" and caught.value.move == "refresh"
    renewed = oauth.refresh(hosts, simulator.client_id, simulator.client_secret, tokens.refresh_token)
    with Gateway(hosts, renewed.access_token, gateway.tenant_id) as other:
        assert other.get("Contacts", page=1).status == 200


def test_an_enum_value_that_nobody_has_seen_loses_nothing(simulator, gateway):
    simulator.fault("unknown_enum", field="ContactStatus", value="SIMULATED_NEW_VALUE", match={"path": "/Contacts"})
    (element,) = gateway.write("Contacts", [{"Name": "Strange"}], "strange-1").elements
    assert element.ok and element.id and element.data["ContactStatus"] == "SIMULATED_NEW_VALUE"


def test_twelve_megabytes_are_read(simulator, gateway):
    gateway.write("Contacts", [{"Name": "Large"}], "large-1")
    simulator.fault("huge_body", bytes=12 * 1024 * 1024, match={"method": "GET", "path": "/Contacts"})
    assert gateway.get("Contacts", page=1).items


def test_the_minute_limit_is_told_with_its_wait(simulator, gateway):
    simulator.limits(minute=2)
    gateway.get("Organisation")
    gateway.get("Organisation")
    assert gateway.limits.minute_remaining == 0
    with pytest.raises(errors.RateLimited) as caught:
        gateway.get("Organisation")
    assert caught.value.problem == "minute" and 0 < caught.value.retry_after <= 60
    assert gateway.seconds_waiting < 5 and gateway.calls == 3
