"""Fixtures of the gateway's tests: a peer on a socket, and a gateway that talks to it."""

import pytest
from gateway_peer import Peer

import xero

TOKEN = "eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LW9mLXRoZS1hY2Nlc3MtdG9rZW4.c2lnbmF0dXJl"
TENANT = "45e4708e-d862-4111-ab3a-dd8cd03913e1"


@pytest.fixture
def peer():
    with Peer() as peer:
        yield peer


@pytest.fixture
def gateway(peer):
    with xero.Gateway(xero.Hosts.from_base_url(peer.url), TOKEN, TENANT, timeout=(5, 10)) as gateway:
        yield gateway


@pytest.fixture
def hasty(peer):
    """A gateway for a peer that never answers."""
    with xero.Gateway(xero.Hosts.from_base_url(peer.url), TOKEN, TENANT, timeout=(5, 0.5)) as gateway:
        yield gateway
