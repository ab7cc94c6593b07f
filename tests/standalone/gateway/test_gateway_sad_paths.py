"""What the line itself can do. The question is always the same: may Xero have applied it?"""

import gzip
import socket
import time

import pytest
from gateway_peer import Peer, answer, drip, hang_up, reset, silence

import xero
from xero import errors, wire

TOKEN = "token-of-this-test"
GUID = "0a1b2c3d-0000-0000-0000-000000000001"
OK = answer(200, {"Invoices": [{"InvoiceID": "1", "StatusAttributeString": "OK"}]})


def read(gateway):
    return gateway.get("Invoices", page=1)


def write(gateway):
    return gateway.write("Invoices", [{"Type": "ACCREC"}], "key-1")


def delete(gateway):
    return gateway.delete_connection("connection-1")


@pytest.mark.parametrize("call", [read, write, delete])
def test_a_refused_connection_is_surely_not_sent(call):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gateway = xero.Gateway(xero.Hosts.from_base_url(f"http://127.0.0.1:{port}"), TOKEN, "t", timeout=(1, 1))
    with pytest.raises(errors.NotSent) as caught:
        call(gateway)
    assert caught.value.detail == "no connection" and gateway.calls == 1


@pytest.mark.parametrize("call", [read, write])
def test_an_unknown_name_is_surely_not_sent(call, monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(errors.NotSent) as caught:
        call(xero.Gateway(xero.Hosts(), TOKEN, "t", timeout=(1, 1)))
    assert caught.value.detail == "the name of the host is not known"


@pytest.mark.parametrize("call", [read, write])
def test_no_connection_in_time_is_surely_not_sent(call):
    # a full backlog: the kernel leaves further connections without an answer
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        filling = []
        for _each in range(4):
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(address)
            filling.append(each)
        gateway = xero.Gateway(xero.Hosts.from_base_url(f"http://127.0.0.1:{address[1]}"), TOKEN, "t", timeout=(0.5, 5))
        started = time.monotonic()
        with pytest.raises(errors.NotSent) as caught:
            call(gateway)
        assert caught.value.detail == "no connection in time"
        assert time.monotonic() - started < 4
        for each in filling:
            each.close()


LOST = {
    "closed after the request": hang_up(),
    "reset after the request": reset(),
    "half a status line": hang_up(b"HTTP/1.1 2"),
    "no HTTP at all": hang_up(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "half the headers": hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConte"),
    "half the body, closed": hang_up(OK[:-20]),
    "half the body, reset": reset(OK[:-20]),
    "half a chunked body": hang_up(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"Invoices": [{}'),
    "a chunk that is none": hang_up(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    "silence": silence(),
    "headers, then silence": lambda connection, request: (connection.sendall(OK[:-20]), silence()(connection, request)),
    "half a gzip body": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + b"x" * 20,
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}",
    "a status that is none": hang_up(b"HTTP/1.1 9999 Odd\r\n\r\n"),
    "a hundred thousand headers": hang_up(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n"),
    "an endless header": hang_up(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100000 + b"\r\n\r\n"),
}


@pytest.mark.parametrize("loss", LOST.values(), ids=LOST)
def test_a_lost_answer_is_a_doubt_for_a_write_and_a_retry_for_a_read(peer, hasty, loss):
    peer.actions = [loss, loss, loss]
    with pytest.raises(errors.RetryLater) as caught:
        read(hasty)
    assert not isinstance(caught.value, errors.NotSent)
    for call in (write, delete):
        with pytest.raises(errors.InDoubt):
            call(hasty)
    assert len(peer.requests) == hasty.calls, "one call is one request: nothing was sent again"


def test_a_put_on_a_dropped_line_is_sent_once(peer, gateway):
    """urllib3 would send it four times: four payments."""
    peer.actions = [reset(), answer(200, {"Payments": [{}]})]
    with pytest.raises(errors.InDoubt):
        gateway.write("Payments", [{"Amount": 1}], "key-1")
    assert [request.method for request in peer.requests] == ["PUT"]


def test_the_next_call_after_a_lost_one_works(peer, gateway):
    peer.actions = [reset(), OK, hang_up(OK[:-5]), OK]
    for _each in range(2):
        with pytest.raises(errors.InDoubt):
            write(gateway)
        assert write(gateway).elements[0].ok


def test_the_connection_is_kept_alive(peer, gateway):
    peer.actions = [OK] * 5
    for _each in range(5):
        write(gateway)
    assert peer.connections == 1 and len(peer.requests) == 5


def test_a_connection_that_the_server_closed_meanwhile_is_no_doubt(peer, gateway):
    def answer_and_close(connection, request):
        connection.sendall(OK)
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    peer.actions = [answer_and_close, OK]
    write(gateway)
    time.sleep(0.1)
    assert write(gateway).elements[0].ok
    assert peer.connections == 2


def test_a_connection_that_was_idle_for_long_is_not_used_again(peer, gateway, monkeypatch):
    peer.actions = [OK, OK]
    write(gateway)
    monkeypatch.setattr(wire, "IDLE", -1.0)
    write(gateway)
    assert peer.connections == 2


def drip_body(connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    drip(b"x" * 200)(connection, request)


@pytest.mark.parametrize(
    "dripping", [drip(OK), drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 10), drip_body],
    ids=["headers", "interim answers", "body"],
)  # fmt: skip
def test_an_answer_that_drips_cannot_hold_a_worker(peer, dripping):
    peer.actions = [dripping]
    with xero.Gateway(xero.Hosts.from_base_url(peer.url), TOKEN, "t", timeout=(0.2, 0.2)) as gateway:
        started = time.monotonic()
        with pytest.raises(errors.InDoubt) as caught:
            write(gateway)
        assert caught.value.detail == "the answer took too long"
        assert 0.7 < time.monotonic() - started < 4


def test_the_read_time_out_holds(peer, hasty):
    peer.actions = [silence(5)]
    started = time.monotonic()
    with pytest.raises(errors.InDoubt) as caught:
        write(hasty)
    assert caught.value.detail == "no answer in time"
    assert 0.45 < time.monotonic() - started < 4


def test_a_float_is_a_time_out_too(peer):
    """The SDK ignores a float and then waits for ever."""
    peer.actions = [silence(3)]
    with xero.Gateway(xero.Hosts.from_base_url(peer.url), TOKEN, "t", timeout=(0.5, 0.3)) as gateway:
        started = time.monotonic()
        with pytest.raises(errors.Unavailable):
            read(gateway)
        assert time.monotonic() - started < 2.5
    with pytest.raises(ValueError):
        xero.Gateway(xero.Hosts(), TOKEN, "t", timeout=(5, 0))


def test_a_slow_upload_is_not_cut_off_by_the_connect_time_out():
    def read_late(connection):
        time.sleep(1)
        return connection

    with Peer([answer(200, {"Attachments": [{"AttachmentID": "1"}]})]) as slow:
        hosts = xero.Hosts.from_base_url(slow.url)
        slow.wrap = read_late
        with xero.Gateway(hosts, TOKEN, "t", timeout=(0.3, 5)) as gateway:
            found = gateway.attach("Invoices", GUID, "a.pdf", b"x" * 9_000_000, "application/pdf", "key-1")
    assert found.elements[0].ok
    assert len(slow.requests[0].body) == 9_000_000


def test_an_answer_of_twelve_megabytes_is_read(peer, gateway):
    invoices = [{"InvoiceID": str(number), "Reference": "x" * 12_000} for number in range(1000)]
    body = answer(200, {"Invoices": invoices, "pagination": {"page": 1, "pageCount": 1}})
    assert len(body) > 12_000_000
    peer.actions = [body]
    assert [item["InvoiceID"] for item in read(gateway).items] == [each["InvoiceID"] for each in invoices]


def test_an_answer_above_the_limit_is_not_taken_in(peer, gateway, monkeypatch):
    monkeypatch.setattr(wire, "LARGEST", 100_000)
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"4000\r\n" + b"x" * 0x4000 + b"\r\n") * 10
    bomb = gzip.compress(b" " * 3_000_000)
    zipped = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb
    for body in (answer(200, b"x" * 200_000), hang_up(chunked), zipped):
        peer.actions = [body, body]
        with pytest.raises(errors.RetryLater) as caught:
            read(gateway)
        assert caught.value.detail == "the answer is too large"
        with pytest.raises(errors.InDoubt):
            write(gateway)


def test_a_compressed_answer_is_read(peer, gateway):
    body = gzip.compress(b'{"Invoices": [{"InvoiceID": "1"}]}')
    peer.actions = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body]
    assert read(gateway).items == [{"InvoiceID": "1"}]
    assert peer.requests[0].headers["accept-encoding"] == "gzip"


def test_time_and_calls_are_counted_also_when_they_fail(peer, hasty):
    peer.actions = [OK, silence(2), answer(500)]
    answered = write(hasty)
    for kind in (errors.InDoubt, errors.InDoubt):
        with pytest.raises(kind):
            write(hasty)
    assert hasty.calls == 3
    assert 0 < answered.seconds < 0.4 < hasty.seconds_waiting - answered.seconds
