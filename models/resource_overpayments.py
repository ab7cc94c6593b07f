"""Money that is matched with nothing as Xero's Overpayments; what it is matched with later are their allocations.

What moved here is what moved there: the Payments of an ``account.payment`` and its Overpayment together come to it.
Xero's API neither changes nor deletes an overpayment, nor does it keep a Reference of one (Xero: BankTransactions):
what became another one here waits until a person has voided it there, and the payment's number stands in its line.
"""

from odoo import fields, models

from .codec import text
from .codec.digest import digest_of
from .codec.money import decimal
from .codec.received import ENDED, day, number
from .credit_cover import CreditCover
from .matching import control_lines, partials_of, refund_of
from .problems import Problem
from .resource import Element
from .write_off import WriteOffs

DESCRIPTION_LIMIT, TITLE_LIMIT = 4000, 255
TYPES = {("inbound", "customer"): "RECEIVE-OVERPAYMENT", ("outbound", "supplier"): "SPEND-OVERPAYMENT"}
TRANSACTIONS = "BankTransactions"
POSTED = ("in_process", "paid")
# what a person has to void in Xero so that it goes again as it is here, and what is to stay away then
RENEWED = ("overpayment_differs", "overpayment_changed")
VOIDED_THERE = (*RENEWED, "overpayment_remains")


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    send_unmatched = fields.Boolean(
        "Send unmatched payments", default=True, tracking=True,
        help="What customers paid and what was paid to vendors, as far as it is matched with no document, stands in "
        "Xero as an overpayment. Off: it goes when it is matched.",
    )  # fmt: skip


class XeroResourceOverpayments(models.AbstractModel):
    _name = "xero.resource.overpayments"
    _inherit = "xero.resource"
    _description = "Xero Overpayments"

    _resource = "Overpayments"
    _res_model = "account.payment"
    _id_key = "OverpaymentID"
    _kind = "payments"

    # ---- whose ------------------------------------------------------------------------------------

    def _wanted(self, records):
        routes = self.env["xero.organisation"]._routes
        return records.filtered(lambda payment: payment.partner_id and routes(payment.company_id.id))

    def _organisation_ids(self, records):
        """Where its journal is mapped, else where documents of the journal go."""
        Organisation = self.env["xero.organisation"]
        # sudo: the mapping decides where it goes, whoever makes it.
        mappings = self.env["xero.journal.mapping"].sudo().search(
            [("journal_id", "in", records.journal_id.ids), ("organisation_id.active", "=", True)], order="id"
        )
        mapped = {}
        for mapping in mappings:
            mapped.setdefault(mapping.journal_id.id, mapping.organisation_id.id)
        found = {}
        for payment in records:
            there = mapped.get(payment.journal_id.id)
            route = [there] if there else Organisation._route(payment.company_id.id, payment.journal_id.id)[:1]
            for organisation_id in route:
                found.setdefault(organisation_id, []).append(payment.id)
        return [(organisation_id, records.browse(ids)) for organisation_id, ids in found.items()]

    # ---- encoding ---------------------------------------------------------------------------------

    def _prepare(self, organisation, run, taken):
        self._look_for_voided(organisation, run, list(taken))
        return super()._prepare(organisation, run, taken)

    def _look_for_voided(self, organisation, run, payment_ids):
        """Where payments do not come from Xero, nothing else tells that a person has voided what waited for that."""
        if self._reads(organisation):
            return
        held = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), ("res_id", "in", payment_ids), ("error_code", "in", VOIDED_THERE),
        ])  # fmt: skip
        found = self._ask_for_all(organisation, run, held.mapped("xero_id"))
        items = {item[self._id_key]: item for item in found}
        for link in held:
            if link.xero_id in items:
                self._follow_facts(link, items[link.xero_id])
        voided = held.filtered(lambda link: link.xero_status in ENDED)
        self._go_again(organisation, self.env[self._res_model].browse(voided.mapped("res_id")).exists())

    def _go_again(self, organisation, payments):
        """What stood in the way of their matchings is voided."""
        matchings = self.env["xero.resource.payments"]
        partials = self.env[matchings._res_model].union(*(partials_of(payment.move_id) for payment in payments))
        changes = matchings._change_values(organisation, partials, kind="needed", by_hand=True)
        self.env["xero.change"].create(changes)

    def _encode(self, organisation, run, records, links):
        recorded_by = organisation._recorded_by()
        prepaid = self._linked(organisation, records, "Prepayments")
        outcomes = {}
        for payment in records:
            try:
                outcomes[payment.id] = (
                    None if payment.id in prepaid or recorded_by.get(payment.journal_id.id) == "xero"
                    else self._encode_one(organisation, run, payment, links.get(payment.id))
                )  # fmt: skip
            except Problem as problem:
                outcomes[payment.id] = problem
        return outcomes

    def _linked(self, organisation, payments, resource):
        return set(self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", resource), ("xero_id", "!=", False),
            ("res_model", "=", self._res_model), ("res_id", "in", payments.ids),
        ], ["res_id"]).mapped("res_id"))  # fmt: skip

    def _encode_one(self, organisation, run, payment, link):
        if link and link.xero_id and link.xero_status not in ENDED:
            return self._check_known(organisation, payment, link)
        if not self._goes_as_credit(organisation, payment):
            return None
        rest = self._rest_of_money(organisation, payment)
        return self._encode_new(organisation, run, payment, rest + self._refunded(payment))

    def _check_known(self, organisation, payment, link):
        """:raise Problem: of a credit that is another one here by now, or none"""
        if payment.state in ("canceled", "rejected"):
            raise Problem("overpayment_remains")
        if payment.state not in POSTED or payment.move_id.state != "posted":
            return  # nothing until it is posted again, or cancelled
        agreed, now = (link.remote or {}).get("said") or {}, self._said(payment)
        if any(agreed.get(key, value) != value for key, value in now.items()):
            raise Problem("overpayment_changed", payment=payment.name)
        cover = self._cover(organisation, payment, link)
        if cover.left:
            raise Problem("overpayment_differs", ours=str(cover.ours), theirs=str(cover.total), payment=payment.name)

    def _said(self, payment):
        """What of a payment Xero was told besides its amount. :rtype: dict"""
        return {
            "date": str(payment.date), "journal": payment.journal_id.id, "currency": payment.currency_id.name,
            "partner": payment.partner_id.commercial_partner_id.id,
        }  # fmt: skip

    def _cover(self, organisation, payment, link):
        """How far the credit of ``link`` reaches. :rtype: CreditCover"""
        write_offs = WriteOffs(organisation, payment.move_id)
        rest = self._rest_of_money(organisation, payment)
        return CreditCover(organisation, payment, link, rest, write_offs.shares)

    def _goes_as_credit(self, organisation, payment):
        """Whether money goes that is no payment of a document: it is matched with nothing, or went back."""
        if not organisation.send_unmatched or self._type_of(payment) not in TYPES.values():
            return False
        if organisation._recorded_by().get(payment.journal_id.id) == "xero" or payment.state not in POSTED:
            return False
        return bool(self._rest_of_money(organisation, payment) or self._refunded(payment))

    def _refunded(self, payment):
        """What went back of it: at Xero, a payment on the credit. :rtype: Decimal"""
        refunds = [refund for partial in partials_of(payment.move_id) if (refund := refund_of(partial))]
        mine = [refund for refund in refunds if refund.document == payment.move_id]
        return round(sum((decimal(refund.amount) for refund in mine), decimal(0)), 2)

    def _type_of(self, payment):
        return TYPES.get((payment.payment_type, payment.partner_type))

    def _rest(self, payment):
        """What is matched with nothing, in the payment's currency. :rtype: Decimal"""
        residual = sum(map(decimal, control_lines(payment.move_id).mapped("amount_residual_currency")), decimal(0))
        return abs(round(residual, 2))

    def _rest_of_money(self, organisation, payment):
        """The same without what was written off and is taken from no document yet: no money that moved."""
        rest = self._rest(payment)
        if not rest:
            return rest
        return max(rest - WriteOffs(organisation, payment.move_id).unshared(payment.move_id), decimal(0))

    def _encode_new(self, organisation, run, payment, rest):
        account = run.resolver_of(organisation).journal(payment.journal_id.id)
        organisation._check_open(payment.date)
        payload = {
            "Type": self._type_of(payment), "Contact": {"ContactID": self._contact_id(organisation, payment)},
            "BankAccount": {"AccountID": account.xero_id}, "Date": str(payment.date),
            "LineAmountTypes": "NoTax", "CurrencyCode": payment.currency_id.name,
            "LineItems": [{"Description": self._line_text(payment), "Quantity": 1, "UnitAmount": rest}],
        }  # fmt: skip
        base = abs(decimal(payment.amount_company_currency_signed))
        if payment.currency_id != organisation.company_id.currency_id and base:
            run.resolver_of(organisation).currency(payment.currency_id.name)
            payload["CurrencyRate"] = round(decimal(payment.amount) / base, 6)
        return Element(payment.id, payload, digest_of(payload), create=True, path=TRANSACTIONS,
                       remote={"said": self._said(payment)}, told={"journal_id": payment.journal_id.id})  # fmt: skip

    def _line_text(self, payment):
        """Begins with the payment's number, which no other one has: we know it by that again."""
        memo = payment.memo if payment.memo != payment.name else ""
        return text.one_line(" ".join(filter(None, (payment.name, memo))), DESCRIPTION_LIMIT)

    def _contact_id(self, organisation, payment):
        partner = payment.partner_id.commercial_partner_id
        link = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", "Contacts"),
            ("res_model", "=", "res.partner"), ("res_id", "=", partner.id),
        ])  # fmt: skip
        if link.xero_id:
            return link.xero_id
        if not link and not organisation._pushes("contacts"):
            raise Problem("contact_not_sent", contact=partner.display_name)
        again = False
        if not link:
            self.env["xero.resource.contacts"]._needs_of_partners(organisation, [(partner.id, True)])
            again = fields.Datetime.now()
        raise Problem("contact_first", contact=partner.display_name, waiting_for_id=link.id, next_attempt=again)

    def _gone(self, organisation, link):
        if not link.xero_id:
            return None
        living = link.xero_status not in ENDED and organisation._pushes(self._kind)
        return Problem("overpayment_remains" if living else "record_gone")

    # ---- answers ----------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        [mine], lines = payload["LineItems"], item.get("LineItems") or ()
        return len(lines) == 1 and lines[0].get("Description") == mine["Description"]

    def _ends(self, item):
        return item.get("Status") in ENDED

    def _facts(self, item):
        facts = {"xero_status": item.get("Status") or False, "xero_number": title_of(item) or False}
        if item.get("Total") is not None:
            facts["xero_total"] = float(item["Total"])
        if item.get("RemainingCredit") is not None:
            facts["xero_due"] = float(item["RemainingCredit"])
        return facts

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        transaction = {"transaction": item["BankTransactionID"]} if item.get("BankTransactionID") else {}
        return values | {"remote": note["remote"] | transaction}

    def _find(self, organisation, run, payloads, sent_at):
        """Among the transactions of its type and day, by what its line says."""
        found, taken = {}, set()
        for payload in payloads:
            question = payload["Type"], payload["Date"]
            if question not in found:
                found[question] = self._made_on(organisation, run, *question)
        linked = self._taken_ids(organisation, [item.get(self._id_key) for items in found.values() for item in items])
        answers = []
        for payload in payloads:
            items = found[payload["Type"], payload["Date"]]
            made = next((
                item for item in items
                if item[self._id_key] not in (*linked, *taken) and self._same(payload, item)
            ), None)  # fmt: skip
            taken |= {made[self._id_key]} if made else set()
            answers.append(made)
        return answers

    def _made_on(self, organisation, run, kind, on):
        """:param str on: a day. :return list: Xero's transactions that made a credit, and what it did not end since"""
        year, month, date = on.split("-")
        where = f'Type=="{kind}" AND Date==DateTime({year},{month},{date})'
        items = [item for answer in organisation._call_pages(run, TRANSACTIONS, where=where) for item in answer.items]
        return [item for item in items if item.get(self._id_key) and not self._ends(item)]

    def _same(self, payload, item):
        same_contact = (item.get("Contact") or {}).get("ContactID") == payload["Contact"]["ContactID"]
        amount = decimal(payload["LineItems"][0]["UnitAmount"])
        return same_contact and number(item.get("Total")) == amount and self._is_ours(payload, item)

    def _remote_values(self, item):
        """Of a transaction as of the overpayment that it made: both are answers about the same."""
        return {
            "ended": self._ends(item), "total": str(round(number(item.get("Total")), 2)), "date": day(item.get("Date")),
        }  # fmt: skip


def title_of(item):
    """What a person wrote on a credit: its reference, which Xero does not tell of every one, or its line."""
    lines = item.get("LineItems") or ({},)
    return item.get("Reference") or text.one_line(lines[0].get("Description"), TITLE_LIMIT)
