"""Batches: all or nothing, or each for itself; and the store beneath, which takes changes back (platform §4)."""
import time

import pytest
from bookkeeper import Bookkeeper
from hypothesis import given
from hypothesis import strategies as st

from simulator.accounting import texts
from simulator.accounting.attachments import store
from simulator.accounting.table import Journal, Table
from simulator.core.errors import ValidationFailed


@pytest.fixture
def books():
    return Bookkeeper()


def batch(books, *heads):
    return {"Invoices": [books.element(**head) for head in heads]}


def test_one_bad_element_refuses_the_whole_batch_by_default(books):
    status, body = books.call("PUT", "/Invoices", batch(books, {}, {"DueDate": None}, {"Contact": {"Name": "New"}}))
    assert (status, body["ErrorNumber"], body["Type"]) == (400, 10, "ValidationException")
    assert body["Message"] == "A validation exception occurred" and len(body["Elements"]) == 1
    assert len(books.books.invoices) == 0 and books.books.contact_named("New") is None
    assert books.invoice()["InvoiceNumber"] == "INV-0001"


@pytest.mark.parametrize("word", ["false", "False"])
def test_each_element_is_answered_for_itself_when_asked(books, word):
    body = batch(books, {"InvoiceNumber": "A"}, {"InvoiceNumber": "B", "DueDate": None}, {"InvoiceNumber": "C"})
    status, answer = books.call("POST", "/Invoices", body, summarizeErrors=word)
    rows = answer["Invoices"]
    assert status == 200
    assert [row["StatusAttributeString"] for row in rows] == ["OK", "ERROR", "OK"]
    assert [row["HasErrors"] for row in rows] == [False, True, False]
    assert [row["InvoiceNumber"] for row in rows] == ["A", "B", "C"]
    assert rows[1]["ValidationErrors"] == [{"Message": "The document DueDate field must be specified."}]
    assert rows[1]["InvoiceID"] == "00000000-0000-0000-0000-000000000000"
    assert len(books.books.invoices) == 2


def test_without_the_parameter_there_is_no_status_attribute(books):
    assert "StatusAttributeString" not in books.invoice()


def test_an_element_sees_those_before_it(books):
    body = batch(books, {"InvoiceNumber": "S"}, {"InvoiceNumber": "S"})
    status, answer = books.call("PUT", "/Invoices", body, summarizeErrors="false")
    assert [row["StatusAttributeString"] for row in answer["Invoices"]] == ["OK", "ERROR"]
    status, answer = books.call("POST", "/Invoices", batch(books, {"InvoiceNumber": "T"}, {"InvoiceNumber": "T"}))
    assert len({row["InvoiceID"] for row in answer["Invoices"]}) == 1


@pytest.mark.parametrize("wrap", [lambda row: row, lambda row: [row], lambda row: {"Invoices": row},
                                  lambda row: {"Invoices": [row]}])
def test_a_bare_element_counts_as_a_batch_of_one(books, wrap):
    status, body = books.call("PUT", "/Invoices", wrap(books.element()))
    assert status == 200 and len(body["Invoices"]) == 1


@pytest.mark.parametrize(("body", "number"), [({"Invoices": []}, 17), ({}, 17), ([], 17), ({"Invoices": [1]}, 14),
                                              ({"Invoices": 7}, 17)])
def test_bodies_without_elements(books, body, number):
    status, answer = books.call("PUT", "/Invoices", body)
    assert (status, answer["ErrorNumber"]) == (400, number)


def test_a_thousand_elements_are_one_batch(books):
    body = batch(books, *({"InvoiceNumber": f"K-{n}"} for n in range(1000)))
    status, answer = books.call("POST", "/Invoices", body, summarizeErrors="false")
    assert len(answer["Invoices"]) == len(books.books.invoices) == 1000


def test_listeners_hear_of_what_was_kept_and_of_nothing_else(books):
    heard = []
    books.books.listeners.append(lambda *event: heard.append(event[:2]))
    books.call("PUT", "/Invoices", batch(books, {}, {"DueDate": None}))
    assert heard == []
    books.call("PUT", "/Invoices", batch(books, {"Contact": {"Name": "N"}}, {"DueDate": None}), summarizeErrors="false")
    assert heard == [("CONTACT", "CREATE"), ("INVOICE", "CREATE")]


def test_fifty_invoices_take_little_time(books):
    """The promise is 15 ms; four times that here, and of this process alone: a busy machine does not fail it."""
    line = books.line(Quantity=2.5, UnitAmount=19.99, Tracking=[{"Name": "Region", "Option": "North"}])
    best = min(_seconds(books, [line] * 3, start) for start in range(5))
    assert best < 0.060


def _seconds(books, lines, start):
    body = batch(books, *({"InvoiceNumber": f"{start}-{n}", "LineItems": lines} for n in range(50)))
    began = time.process_time()
    books.call("POST", "/Invoices", body, summarizeErrors="false", unitdp="4")
    return time.process_time() - began


def test_files_are_kept_as_they_came(books):
    row = books.invoice()
    owner = ("Invoices", row["InvoiceID"])
    store(books.books, owner, "a b.pdf", b"\x00\xffraw", "application/pdf", online=True)
    listed = books.get(f"/Invoices/{row['InvoiceID']}/Attachments")["Attachments"]
    assert (listed[0]["FileName"], listed[0]["ContentLength"], listed[0]["IncludeOnline"]) == ("a b.pdf", 5, True)
    assert books.get(f"/Invoices/{row['InvoiceID']}/Attachments/a b.pdf") == b"\x00\xffraw"
    assert books.get(f"/Invoices/{row['InvoiceID']}/Attachments/{listed[0]['AttachmentID']}") == b"\x00\xffraw"
    assert books.again(row)["HasAttachments"] is True
    again = store(books.books, owner, "A B.pdf", b"new", "application/pdf")
    assert again["AttachmentID"] == listed[0]["AttachmentID"]


TEN_MEGABYTES = 10 * 2**20


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [(f"a{sign}b.txt", 1, texts.ATTACHMENT_NAME) for sign in '<>:"/\\|?*+\0']
    + [("a.txt", 0, texts.ATTACHMENT_EMPTY), ("a.txt", TEN_MEGABYTES + 1, texts.ATTACHMENT_SIZE)],
)
def test_files_that_are_refused(books, name, size, message):
    owner = ("Invoices", books.invoice()["InvoiceID"])
    with pytest.raises(ValidationFailed) as refused:
        store(books.books, owner, name, bytes(size), "text/plain")
    assert refused.value.elements[0]["ValidationErrors"] == [{"Message": message}]


def test_a_file_of_ten_megabytes_is_taken(books):
    owner = ("Invoices", books.invoice()["InvoiceID"])
    assert store(books.books, owner, "large.txt", bytes(TEN_MEGABYTES), "text/plain")["FileName"] == "large.txt"


def test_an_account_tells_of_its_files(books):
    account = books.get("/Accounts")["Accounts"][0]
    assert account["HasAttachments"] is False
    store(books.books, ("Accounts", account["AccountID"]), "a.txt", b"x", "text/plain")
    assert books.get(f"/Accounts/{account['AccountID']}")["Accounts"][0]["HasAttachments"] is True


def test_a_document_takes_ten_files(books):
    owner = ("Invoices", books.invoice()["InvoiceID"])
    for number in range(10):
        store(books.books, owner, f"{number}.txt", b"x", "text/plain")
    with pytest.raises(ValidationFailed):
        store(books.books, owner, "11.txt", b"x", "text/plain")


def test_notes_are_kept_newest_first(books):
    path = f"/Invoices/{books.invoice()['InvoiceID']}/History"
    for details in ("one", "two"):
        books.write("HistoryRecords", {"Details": details}, path=path)
    assert [row["Details"] for row in books.get(path)["HistoryRecords"]] == ["two", "one"]
    assert books.call("PUT", path, {"HistoryRecords": [{"Details": "x" * 2501}]})[0] == 400
    assert books.write("HistoryRecords", {"Details": "x" * 2500}, path=path)["Details"] == "x" * 2500


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "open", "commit", "abort"]), st.integers(0, 4), st.integers(0, 3)),
    max_size=40,
)


class Abort(Exception):
    pass


@given(STEPS)
def test_a_table_is_as_before_after_any_aborted_block(steps):
    """Rows and indexes against a plain dict that is copied at every savepoint."""
    journal = Journal()
    table = Table(journal, "id", colour=lambda row: row["colour"] or None)
    plain, saved = {}, []
    for action, row_id, colour in steps:
        if action == "put":
            table.put({"id": row_id, "colour": colour})
            plain[row_id] = colour
        elif action == "drop":
            table.drop(row_id)
            plain.pop(row_id, None)
        elif action == "open":
            journal.__enter__()
            saved.append(dict(plain))
        elif saved:
            before = saved.pop()
            if action == "abort":
                plain = before
            journal.__exit__(Abort if action == "abort" else None, None, None)
        assert {row["id"]: row["colour"] for row in table} == plain
        for wanted in range(1, 4):
            found = {row["id"] for row in table.all_by("colour", wanted)}
            assert found == {key for key, value in plain.items() if value == wanted}
            assert (table.by("colour", wanted) is None) == (not found)
