"""Tokens go to Xero, or to a simulator on this machine, and nowhere else."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero import Gateway, Hosts
from xero.wire import Wire


def test_without_a_base_url_the_hosts_are_those_of_xero():
    for nothing in (None, "", False):
        hosts = Hosts.from_base_url(nothing)
        assert hosts.authorize_url == "https://login.xero.com/identity/connect/authorize"
        assert hosts.token_url == "https://identity.xero.com/connect/token"
        assert hosts.revocation_url == "https://identity.xero.com/connect/revocation"
        assert hosts.connections_url == "https://api.xero.com/connections"
        assert hosts.accounting_url == "https://api.xero.com/api.xro/2.0"
        assert not hosts.loopback


@pytest.mark.parametrize(
    "base",
    ["http://localhost:8070", "http://localhost:8070/", "http://127.0.0.1:1", "https://127.8.9.10", "http://[::1]:80"],
)
def test_a_loopback_base_url_is_taken(base):
    hosts = Hosts.from_base_url(base)
    base = base.rstrip("/")
    assert hosts.loopback
    assert hosts.authorize_url == f"{base}/identity/connect/authorize"
    assert hosts.accounting_url == f"{base}/api.xro/2.0"
    assert hosts.allows(hosts.connections_url)


@pytest.mark.parametrize(
    "base",
    [
        "http://example.com",
        "https://api.xero.com",
        "http://localhost.example.com",
        "http://127.0.0.1.nip.io:80",
        "http://localhost@example.com",
        "http://localhost:80@example.com",
        "http://example.com#localhost",
        "http://localhost:8070/path",
        "http://localhost:8070?x=1",
        "localhost:8070",
        "ftp://localhost",
        "http://0.0.0.0",
        "http://2130706433",
        "http://127.1",
        "http://127.0.0.256",
        "http://localhost:0",
        "http://localhost:65536",
        "http://localhost\n.example.com",
        "http://localhost:8070\n",
        "http://localhost\\@example.com",
        " http://localhost",
        "http://LOCALHOST.example.com",
        "http://[::2]",
        "http://lоcalhost",
        "http://127.0.0.1:８０",
        True,
        8070,
    ],
)
def test_any_other_base_url_is_refused(base):
    with pytest.raises(ValueError, match="loopback"):
        Hosts.from_base_url(base)


@given(
    st.text() | st.text(alphabet="htps:/localhost127.0@#?\\[]%example", max_size=40).map(lambda text: "http://" + text)
)
def test_whatever_is_taken_is_on_this_machine(base):
    try:
        hosts = Hosts.from_base_url(base)
    except ValueError:
        return
    host = urlsplit(hosts.token_url).hostname
    assert host == ("identity.xero.com" if not base else host)
    assert not base or host in ("localhost", "::1") or host.startswith("127.")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://api.xero.com/api.xro/2.0/Invoices", True),
        ("https://API.XERO.COM:443/connections", True),
        ("http://api.xero.com/connections", False),
        ("https://api.xero.com:444/connections", False),
        ("https://api.xero.com.example.com/", False),
        ("https://user@api.xero.com/", False),
        ("https://api.xero.com@example.com/", False),
        ("https://example.com\\@api.xero.com/", False),
        ("//api.xero.com/", False),
        ("https://", False),
        ("http://[", False),
    ],
)
def test_only_the_origins_on_the_list_are_allowed(url, allowed):
    assert Hosts().allows(url) is allowed


def test_a_request_to_another_host_is_refused_before_anything_is_sent(peer):
    wire = Wire(Hosts(), timeout=(1, 1))
    with pytest.raises(ValueError, match="not a host of Xero"):
        wire.send("GET", peer.url + "/connections", {"Authorization": "Bearer secret"})
    assert peer.connections == 0 and wire.calls == 0


@pytest.mark.parametrize(
    "resource", ["../../connections", "Invoices/..", "Invoices?x=1", "", "Invoices//x", "a b", "@x"]
)
def test_a_resource_cannot_lead_out_of_the_api(gateway, peer, resource):
    with pytest.raises(ValueError):
        gateway.get(resource)
    with pytest.raises(ValueError):
        gateway.write(resource, [{}], "key")
    assert peer.connections == 0


@pytest.mark.parametrize("identifier", ["", ".", "..", " ", None])
def test_an_identifier_cannot_lead_out_of_the_api(gateway, peer, identifier):
    with pytest.raises(ValueError):
        gateway.get_one("Invoices", identifier)
    with pytest.raises(ValueError):
        gateway.delete_connection(identifier)
    assert peer.connections == 0


@pytest.mark.parametrize("token", ["", None, "a b", "line\nbreak", "ключ"])
def test_what_is_no_token_is_refused_without_repeating_it(token):
    with pytest.raises(ValueError, match="access token is not one$"):
        Gateway(Hosts(), token)
    with pytest.raises(ValueError, match="tenant id is not one$"):
        Gateway(Hosts(), "token", "x\r\ny")
