"""Xero has to prove who it is, and all the promises of the wire hold on an encrypted line."""

import datetime
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from gateway_peer import Peer, answer, drip, hang_up

import xero
from xero import errors, wire

TOKEN = "token-of-this-test"
OK = answer(200, {"Invoices": [{"InvoiceID": "1", "StatusAttributeString": "OK"}]})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that nobody but this test trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def peer(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Peer(wrap=lambda connection: context.wrap_socket(connection, server_side=True)) as peer:
        yield peer


@pytest.fixture
def trusting(monkeypatch, certificate):
    context = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(wire, "_tls", lambda: context)


def gateway_to(peer, timeout=(5, 10)):
    return xero.Gateway(xero.Hosts.from_base_url(peer.url), TOKEN, "t", timeout=timeout)


def write(gateway):
    return gateway.write("Invoices", [{"Type": "ACCREC"}], "key-1")


def test_an_unknown_certificate_is_refused_before_the_token_is_shown(peer):
    peer.actions = [OK]
    with pytest.raises(errors.TlsFailed) as caught:
        write(gateway_to(peer))
    assert "certificate verify failed" in caught.value.detail.lower()
    assert not peer.requests


def test_a_certificate_of_another_host_is_refused(peer, trusting):
    gateway = xero.Gateway(xero.Hosts.from_base_url(peer.url.replace("localhost", "127.0.0.1")), TOKEN, "t")
    with pytest.raises(errors.TlsFailed):
        write(gateway)
    assert not peer.requests


def test_a_server_that_speaks_no_tls_is_refused():
    with Peer(wrap=lambda connection: (connection.sendall(b"HTTP/1.1 400 Plain\r\n\r\n"), connection)[1]) as plain:
        with pytest.raises(errors.TlsFailed):
            write(gateway_to(plain))


def test_a_handshake_that_never_ends_is_surely_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hosts = xero.Hosts.from_base_url(f"https://localhost:{listener.getsockname()[1]}")
        with pytest.raises(errors.NotSent):
            write(xero.Gateway(hosts, TOKEN, "t", timeout=(0.3, 5)))


def test_the_connection_is_kept_and_a_closed_one_is_no_doubt(peer, trusting):
    peer.actions = [OK, OK, OK]
    with gateway_to(peer) as gateway:
        for _each in range(3):
            assert write(gateway).elements[0].ok
    assert peer.connections == 1


def test_a_lost_answer_is_a_doubt(peer, trusting):
    peer.actions = [hang_up(), hang_up(OK[:-10]), OK]
    with gateway_to(peer) as gateway:
        for _each in range(2):
            with pytest.raises(errors.InDoubt):
                write(gateway)
        assert write(gateway).elements[0].ok


def test_an_answer_that_drips_cannot_hold_a_worker(peer, trusting):
    peer.actions = [drip(OK)]
    with gateway_to(peer, timeout=(0.3, 0.2)) as gateway, pytest.raises(errors.InDoubt) as caught:
        write(gateway)
    assert caught.value.detail == "the answer took too long"


def test_old_tls_is_not_spoken():
    assert wire._tls().minimum_version >= ssl.TLSVersion.TLSv1_2
    assert wire._tls().verify_mode == ssl.CERT_REQUIRED and wire._tls().check_hostname
