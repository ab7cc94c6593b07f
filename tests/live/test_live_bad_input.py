"""One invoice that Xero will not have, among 49 good ones: the good ones arrive, the bad one says why, and nothing is
raised at whoever pressed Post (issue section 6). Answers that are no answers (HTML, an empty body, 12 MB, a status that
nobody has seen) are among the faults of test_live_faults.py."""

import pytest

GOOD = 49
# what is bad -> (the contact's outcome and code, the invoice's)
FATES = {
    "number of 300 characters": (("synced", None), ("failed", "number_long")),
    "name with <>": (("failed", "contact_name_invalid"), ("waiting", "contact_first")),
    "address that is none": (("failed", "contact_email_invalid"), ("waiting", "contact_first")),
    "address that Xero refuses": (("failed", "contact_email_invalid"), ("waiting", "contact_first")),
    "archived account": (("synced", None), ("held", "account_refused")),
    "missing currency": (("synced", None), ("held", "currency_missing")),
    "locked period": (("synced", None), ("held", "locked_period")),
    "period locked meanwhile": (("synced", None), ("held", "date_refused")),
}
# The invoices that only Xero can refuse: the others are stopped before a call is spent on them.
REFUSED_BY_XERO = {"archived account", "period locked meanwhile"}


def push(stage, bad):
    """Post, change what Xero changes behind our back, let the worker run. :return: the bad one's number"""
    number = stage.play("post_bad_among_good", bad=bad)
    if bad == "archived account":
        stage.simulator.organisation("NZ", archive_account="260")
    if bad == "period locked meanwhile":
        stage.simulator.organisation("NZ", period_lock_date="2026-03-31")
    stage.play("worker")
    return number


def statuses(stage):
    return [invoice["Status"] for invoice in stage.xero_invoices()]


def was_sent(stage, number):
    """Whether a call was spent on the invoice of this number."""
    calls = stage.simulator.calls(method="PUT", path="/Invoices")
    return any(element["InvoiceNumber"] == number for call in calls for element in call["json"]["Invoices"])


@pytest.mark.parametrize("bad", FATES)
def test_one_bad_among_49_good(stage, bad):
    number = push(stage, bad)
    assert statuses(stage) == ["AUTHORISED"] * GOOD
    ledger = stage.ledger()
    assert ledger["links"]["Invoices"]["synced"] == GOOD
    assert (ledger["changes"], ledger["open"], ledger["cron_failures"], ledger["error"]) == (0, 0, 0, None)
    fate = stage.play("fate", number=number)
    assert [(fate[each]["outcome"], fate[each]["code"]) for each in ("Contacts", "Invoices")] == list(FATES[bad])
    told = fate["Invoices"]["message"]
    assert told and "%(" not in told and "?" not in told
    assert was_sent(stage, number) is (bad in REFUSED_BY_XERO)


@pytest.mark.parametrize(
    ("bad", "values"),
    [("name with <>", {"name": "Good Buyer"}), ("address that Xero refuses", {"email": "good@customers.example"})],
)
def test_a_customer_put_right_goes_by_itself_and_takes_its_invoice_along(stage, bad, values):
    number = push(stage, bad)
    stage.play("edit_customer_of", number=number, values=values)
    stage.recover()
    assert statuses(stage) == ["AUTHORISED"] * (GOOD + 1)
    assert stage.play("fate", number=number)["Invoices"]["outcome"] == "synced"


def test_a_period_opened_again_and_a_retry(stage):
    number = push(stage, "period locked meanwhile")
    stage.simulator.organisation("NZ", period_lock_date=None)
    stage.play("press", number=number, button="action_xero_retry", login="manager")
    stage.recover()
    assert statuses(stage) == ["AUTHORISED"] * (GOOD + 1)
