"""Overpayments and prepayments that were made in Xero: payments here that are matched with nothing yet."""

from datetime import date, timedelta

from odoo import models

from .codec.digest import digest_of
from .codec.money import round_to
from .codec.received import ENDED, RATE, day, number
from .matching import partials_of
from .payment_maker import make_payments
from .payment_writer import DAYS_APART
from .problems import Problem
from .resource_documents_in import dated_from
from .resource_overpayments import POSTED, RENEWED, TRANSACTIONS, title_of

# Xero's Type -> (payment_type, partner_type)
SIDES = {"RECEIVE": ("inbound", "customer"), "SPEND": ("outbound", "supplier"), "AR": ("inbound", "customer"),
         "AP": ("outbound", "supplier")}  # fmt: skip
AGREED = digest_of({})


class CreditWriter:
    """:param organisation: in superuser mode, its company the environment's
    :param MappingReverse reverse:
    :param dict partners: {ContactID: res.partner}
    """

    def __init__(self, organisation, reverse, partners):
        self.organisation = organisation
        self.reverse = reverse
        self.partners = partners
        self.env = organisation.env

    def values(self, item):
        """:raise Problem: ``incoming_contact``, ``incoming_journal``, ``incoming_currency``"""
        contact_id = (item.get("Contact") or {}).get("ContactID")
        if contact_id not in self.partners:
            raise Problem("incoming_contact", contact_id=contact_id)
        payment_type, partner_type = side_of(item)
        currency = self.reverse.currency(item.get("CurrencyCode"))
        company_currency = self.organisation.company_id.currency_id
        total = number(item.get("Total"))
        values = {
            "payment_type": payment_type, "partner_type": partner_type, "partner_id": self.partners[contact_id].id,
            "journal_id": self._journal(item).id, "currency_id": currency.id, "amount": float(total),
            "date": day(item.get("Date")), "memo": title_of(item) or False,
        }  # fmt: skip
        if currency != company_currency:
            rate = round_to(number(item.get("CurrencyRate")), RATE) or 1
            values["force_balance"] = company_currency.round(float(total / rate))
        return values

    def _journal(self, item):
        """Of its bank account; where Xero does not tell it, of the only one there is."""
        if not item.get("BankAccountID") and len(self.reverse.journals) == 1:
            [mapping] = self.reverse.journals.values()
            return mapping.journal_id
        return self.reverse.journal(item.get("BankAccountID")).journal_id

    def counterpart(self, item):
        """A payment that a person entered here, too, and matched with nothing."""
        values = self.values(item)
        on = date.fromisoformat(values["date"])
        near = timedelta(days=DAYS_APART)
        found = self.env["account.payment"].search([
            *((name, "=", values[name]) for name in
              ("payment_type", "partner_type", "partner_id", "journal_id", "currency_id")),
            ("state", "in", POSTED), ("date", ">=", on - near), ("date", "<=", on + near),
            ("is_reconciled", "=", False),
        ])  # fmt: skip
        linked = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", self.organisation.id), ("res_model", "=", found._name),
            ("res_id", "in", found.ids), ("xero_id", "!=", False),
        ], ["res_id"]).mapped("res_id")  # fmt: skip
        return found.filtered(
            lambda payment: payment.id not in linked
            and not payment.currency_id.compare_amounts(payment.amount, values["amount"])
            and not partials_of(payment.move_id)
        )[:1]  # fmt: skip

    def make(self, item):
        """:return: a posted ``account.payment``"""
        return make_payments(self.env, [self.values(item)])


class XeroResourceOverpayments(models.AbstractModel):
    _inherit = "xero.resource.overpayments"

    _types = ("RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT")

    # ---- what is read -----------------------------------------------------------------------------

    def _reads(self, organisation):
        return organisation._pulls(self._kind)

    def _read_params(self, organisation):
        return dated_from(organisation.pull_from)

    def _welcome(self, organisation, item):
        return not self._ends(item) and bool(side_of(item))

    def _receive(self, organisation, run, items):
        news = super()._receive(organisation, run, items)
        return news + self.env["xero.resource.allocations"]._receive_of(organisation, run, self._resource, items)

    # ---- taking over ------------------------------------------------------------------------------

    def _prepare_incoming(self, organisation, run, incoming):
        self._read_transactions(organisation, run, [
            one.item for one in incoming if not self._ends(one.item) and not (one.link and one.link.res_id)
            and not one.item.get("BankAccountID")
        ])  # fmt: skip
        contacts = {(one.item.get("Contact") or {}).get("ContactID") for one in incoming} - {None}
        partners = self.env["xero.resource.contacts"]._partners_of(organisation, contacts)
        return CreditWriter(organisation.with_env(self.env), run.reverse_of(organisation), partners)

    def _read_transactions(self, organisation, run, items):
        """Xero tells the bank account on the transaction that made the credit, not on the credit: note it there."""
        days = sorted(filter(None, (day(item.get("Date")) for item in items)))
        if not days:
            return
        since = date.fromisoformat(days[0])
        types = " OR ".join(f'Type=="{name}"' for name in self._types)
        where = f"({types}) AND Date>=DateTime({since.year},{since.month:02},{since.day:02})"
        wanted = {item[self._id_key]: item for item in items}
        for answer in organisation._call_pages(run, TRANSACTIONS, where=where):
            for transaction in answer.items:
                if item := wanted.get(transaction.get(self._id_key)):
                    item["TransactionID"] = transaction["BankTransactionID"]
                    item["BankAccountID"] = (transaction.get("BankAccount") or {}).get("AccountID")

    def _counterpart(self, organisation, run, item, source):
        return source.counterpart(item)

    def _create_from(self, organisation, run, item, source):
        return source.make(item)

    def _update_from(self, organisation, run, record, item, link, source):
        """What Xero never changes, neither do we."""

    def _compare(self, organisation, record, item):
        return []

    def _ours_changed(self, organisation, run, record, link):
        return False

    def _own_digest(self, organisation, run, record, link):
        return link.digest or AGREED

    def _remote_of(self, organisation, record, item):
        remote = {"said": self._said(record)}
        return {"remote": remote | ({"transaction": item["TransactionID"]} if item.get("TransactionID") else {})}

    def _end_record(self, organisation, run, record, link):
        if link.error_code in RENEWED and record.state in POSTED:
            # a person voided it so that it goes again as it is here
            self.env["xero.change"].create(self._change_values(organisation, record, kind="changed"))
            self._go_again(organisation, record)
            return
        if partials_of(record.move_id):
            raise Problem("incoming_paid", number=record.name)
        if record.state in POSTED:
            record.action_cancel()


class XeroResourcePrepayments(models.AbstractModel):
    """Made in Xero alone: Odoo does not tell an advance from what was paid too much."""

    _name = "xero.resource.prepayments"
    _inherit = "xero.resource.overpayments"
    _description = "Xero Prepayments"

    _resource = "Prepayments"
    _id_key = "PrepaymentID"
    _types = ("RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT")

    def _organisation_ids(self, records):
        # sudo: where a payment stands decides where its changes go, whoever makes them.
        links = self.env["xero.link"].sudo().search_fetch([
            ("resource", "=", self._resource), ("res_model", "=", records._name), ("res_id", "in", records.ids),
        ], ["organisation_id", "res_id"])  # fmt: skip
        groups = links.grouped("organisation_id")
        return [(organisation.id, records.browse(mine.mapped("res_id"))) for organisation, mine in groups.items()]

    def _encode(self, organisation, run, records, links):
        outcomes = {}
        for payment in records:
            link = links.get(payment.id)
            try:
                living = link and link.xero_id and link.xero_status not in ENDED
                outcomes[payment.id] = self._check_known(organisation, payment, link) if living else None
            except Problem as problem:
                outcomes[payment.id] = problem
        return outcomes


def side_of(item):
    """(payment_type, partner_type) of a credit, None for a type that nobody has seen."""
    kind = str(item.get("Type") or "")
    return SIDES.get(kind.partition("-")[0]) or SIDES.get(kind[:2])
