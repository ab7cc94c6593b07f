"""The books of one organisation: its tables, lookups and transactions, and what a test or a page does to them."""
from contextlib import contextmanager

from . import dates
from .table import Journal, Table
from .where import fold


class Books:
    """Everything an organisation holds, in memory.

    :param organisation: ``core.world.Organisation``; read at the time of a call, since a test may change it
    :param clock: anything with ``now()`` -> aware UTC datetime

    ``listeners``: functions called as ``listener(category, event, resource_id, row)`` once a change is final
    (category CONTACT | INVOICE | CREDITNOTE | PREPAYMENT | OVERPAYMENT | PAYMENT, event CREATE | UPDATE); webhooks
    hang on it. The caller serialises access (``World.lock``).
    """

    def __init__(self, organisation, clock):
        self.organisation = organisation
        self.clock = clock
        self.journal = journal = Journal()
        self.listeners = []
        self._events = []
        self.rates = {}  # currency -> document currency per unit of base currency, the "day rate"
        self.sequences = Table(journal, "kind")  # the last number given by auto numbering
        self.accounts = Table(journal, "AccountID", code=lambda row: fold(row["Code"]) if row.get("Code") else None)
        self.tax_rates = Table(journal, "TaxType", name=lambda row: fold(row["Name"]))
        self.currencies = Table(journal, "Code")
        self.tracking = Table(journal, "TrackingCategoryID", name=lambda row: fold(row["Name"]))
        self.branding_themes = Table(journal, "BrandingThemeID")
        self.users = Table(journal, "UserID")
        self.contact_groups = Table(journal, "ContactGroupID", name=lambda row: fold(row["Name"]))
        self.contacts = Table(
            journal, "ContactID", name=lambda row: fold(row["Name"]), number=_folded("ContactNumber")
        )
        self.group_members = Table(
            journal, "id", group=lambda row: row["ContactGroupID"], contact=lambda row: row["ContactID"]
        )
        self.invoices = _documents(journal, "InvoiceID", "InvoiceNumber")
        self.credit_notes = _documents(journal, "CreditNoteID", "CreditNoteNumber")
        self.prepayments = _documents(journal, "PrepaymentID", "Reference")
        self.overpayments = _documents(journal, "OverpaymentID", "Reference")
        self.bank_transactions = _documents(journal, "BankTransactionID", "Reference")
        self.payments = Table(
            journal, "PaymentID", document=lambda row: row["DocumentID"], account=lambda row: row["AccountID"],
            batch=lambda row: row.get("BatchPaymentID"),
        )
        self.batch_payments = Table(journal, "BatchPaymentID")
        self.allocations = Table(
            journal, "AllocationID", source=lambda row: row["SourceID"], invoice=lambda row: row["InvoiceID"]
        )
        self.attachments = Table(journal, "AttachmentID", owner=lambda row: row["Owner"])
        self.history = Table(journal, "id", owner=lambda row: row["Owner"])

    # ---- time ---------------------------------------------------------------------------------

    def now(self):
        return self.clock.now()

    def today(self):
        return dates.today(self.now(), self.organisation.timezone)

    # ---- changes -------------------------------------------------------------------------------

    @contextmanager
    def transaction(self):
        """All of the block or nothing of it; blocks nest. Listeners hear of it when the outermost ends well."""
        mark = len(self._events)
        try:
            with self.journal:
                yield self
        except BaseException:
            del self._events[mark:]
            raise
        if not self.journal.depth:
            events, self._events = self._events, []
            for event in events:
                for listener in self.listeners:
                    listener(*event)

    def announce(self, category, event, resource_id, row):
        """Tell the listeners, when the running transaction ends well."""
        if self.listeners:
            self._events.append((category, event, resource_id, row))

    def stamp(self, table, row, **changes):
        """Put ``row`` with ``changes`` and a new UpdatedDateUTC; returns the new row."""
        return table.put({**row, **changes, "UpdatedDateUTC": self.now()})

    def next_number(self, kind, prefix, table):
        """The next free number of auto numbering, e.g. INV-0042."""
        number = (self.sequences.get(kind) or {"last": 0})["last"]
        while True:
            number += 1
            text = f"{prefix}{number:04d}"
            if all(row["Status"] == "DELETED" for row in table.all_by("number", fold(text))):
                self.sequences.put({"kind": kind, "last": number})
                return text

    # ---- lookups -------------------------------------------------------------------------------

    def account(self, code=None, account_id=None):
        """The account with this id or code (any case), archived ones too; None if there is none."""
        if account_id:
            return self.accounts.get(account_id)
        return self.accounts.by("code", fold(code)) if code else None

    def system_account(self, name):
        """The account whose SystemAccount is ``name``, e.g. DEBTORS; None if the chart has none."""
        return next((row for row in self.accounts if row.get("SystemAccount") == name), None)

    def contact_named(self, name, status=None):
        rows = self.contacts.all_by("name", fold(name))
        return next((row for row in rows if status is None or row["ContactStatus"] == status), None)

    def contact_numbered(self, number):
        """The contact with this ContactNumber, active ones first."""
        rows = self.contacts.all_by("number", fold(number))
        return min(rows, key=lambda row: row["ContactStatus"] != "ACTIVE", default=None)

    def lock_date_for(self, day):
        """("year" | "period", lock date) that closes ``day``, or None."""
        year, period = self.organisation.end_of_year_lock_date, self.organisation.period_lock_date
        if year and day <= year:
            return "year", year
        if period and day <= period:
            return "period", period
        return None


def _folded(field):
    def key(row):
        value = row.get(field)
        return fold(value) if value else None

    return key


def _documents(journal, key, number):
    """A table of documents, in which deleted ones stay and are found."""
    return Table(journal, key, number=_folded(number), contact=lambda row: row.get("ContactID"))
