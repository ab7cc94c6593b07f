"""What hangs on a document that a person took out of the sync is left alone with it, on both sides (``is_exempt`` of
``matching_source.py`` says so of what was never sent). When the document is put back, Xero is asked for its money once
more, and what changed here meanwhile is owed."""

from odoo import models
from odoo.tools import SQL

from .codec import received_payment as payment_codec
from .matching import partials_of
from .matching_source import MatchingSource
from .resource_overpayments import POSTED
from .resources import RESOURCES
from .xero_link import NO_ERROR

PLACES = ("Invoices", "CreditNotes", "Overpayments", "Prepayments")
TROUBLE = ("waiting", "failed", "conflict", "held")


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    # ---- hooks --------------------------------------------------------------------------------------

    def _owe_again(self, organisation, move, hanging):
        """A document is back in the sync: queue what of its money is this resource's.

        :param move: the document, perhaps deleted
        :param hanging: links of what is on it, of all resources
        """

    def _read_again(self, organisation, run, link):
        """The document of ``link`` is back in the sync: take in what Xero says of its money now."""


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    def _left_out_now(self, link, keep=None):
        """What waited to be brought over with its money comes to rest: nothing of it is to be done any more."""
        hanging = link._hanging()
        hanging.filtered(lambda one: one.outcome in TROUBLE).write({"next_attempt": self._again()["next_attempt"]})
        return super()._left_out_now(link, keep)

    def _put_back_now(self, organisation, res_id, link):
        move = self.env[self._res_model].browse(res_id).exists()
        hanging = link._hanging() if link else self.env["xero.link"]
        for name in RESOURCES:
            self.env[name]._owe_again(organisation, move, hanging)
        return super()._put_back_now(organisation, res_id, link)

    def _include(self, organisation, run, link):
        result = super()._include(organisation, run, link)
        if link.exists() and link.xero_id:
            # at once: what is to be taken back goes first in a pass
            self._put_back_now(organisation, link.res_id, link)
            for name in RESOURCES:
                self.env[name]._read_again(organisation, run, link)
        return result


class XeroResourceMatchings(models.AbstractModel):
    _inherit = "xero.resource.matchings"

    # ---- hooks --------------------------------------------------------------------------------------

    def _places_of(self, item):
        """Xero's ids of the documents that an item is on. :rtype: set"""
        raise NotImplementedError

    # ---- left alone ---------------------------------------------------------------------------------

    def _places(self, link):
        return {link.parent_xero_id, (link.remote or {}).get("invoice_id")}

    def _on_left_out(self, organisation, places):
        """:param dict places: {key: Xero's ids of documents}
        :return set: keys of those with a document among them that a person took out"""
        xero_ids = set().union(*places.values()) - {None, False, ""}
        if not xero_ids:
            return set()
        documents = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "in", PLACES), ("xero_id", "in", list(xero_ids)),
        ])  # fmt: skip
        left_out = set(documents._left_out().mapped("xero_id"))
        return {key for key, mine in places.items() if mine & left_out}

    def _concerning(self, organisation, news):
        news = super()._concerning(organisation, news)
        places = {n: self._places_of(one.item) | self._places(one.link or self.env["xero.link"])
                  for n, one in enumerate(news)}  # fmt: skip
        alone = self._on_left_out(organisation, places)
        for n in alone:
            self._leave_alone(news[n])
        return [one for n, one in enumerate(news) if n not in alone]

    def _leave_alone(self, incoming):
        """It is not noted as said: when the document is put back it is news."""
        link = incoming.link
        if link and not link.res_id:
            link.unlink()
        elif link:
            self._follow_facts(link, incoming.item)
            self._rest(link)

    def _rest(self, links):
        troubled = links.filtered(lambda link: link.outcome in TROUBLE)
        troubled.write({"outcome": "synced", "remote_item": False} | NO_ERROR)
        links.filtered("next_attempt").write({"next_attempt": False})

    def _apply_decisions(self, organisation, taken, links, changes):
        """Neither what was changed here nor what was taken back goes."""
        going = super()._apply_decisions(organisation, taken, links, changes)
        places = {res_id: self._places(links[res_id]) for res_id in going if res_id in links and links[res_id].xero_id}
        alone = self._on_left_out(organisation, places)
        self._rest(self.env["xero.link"].union(*(links[res_id] for res_id in alone)))
        return [res_id for res_id in going if res_id not in alone]

    def _beside_left_out(self, organisation, partials):
        """Ids of those that match something with what a person took out."""
        matchings = list(filter(None, map(self._matching, partials)))
        source = MatchingSource(organisation, None, matchings)
        return {one.partial.id for one in matchings if source.is_exempt(one.document, one.source)}

    # ---- put back -----------------------------------------------------------------------------------

    def _money_on(self, move):
        """The records of this type on a document."""
        return self._partials_on(move)

    def _owe_again(self, organisation, move, hanging):
        mine = hanging.filtered(
            lambda link: link.resource == self._resource and link.outcome not in ("exempt", "gone")
        )
        ids = {*self._money_on(move).ids, *mine.mapped("res_id")} - {0}
        records = self.env[self._res_model].browse(sorted(ids))
        self.env["xero.change"].create(self._change_values(organisation, records, kind="needed", by_hand=True))

    def _lost(self, organisation, link, there):
        """As items of Xero's: what stood on the document of ``link`` and is not among those that are ``there``."""
        ids = {item[self._id_key] for item in there}
        known = self._known_on(organisation, link).filtered(lambda one: one.outcome != "gone")
        return [self._taken_back(one) for one in known if one.xero_id not in ids]


class XeroResourcePayments(models.AbstractModel):
    _inherit = "xero.resource.payments"

    def _places_of(self, item):
        return {payment_codec.document_id(item)}

    def _owe_again(self, organisation, move, hanging):
        """Money that stood on it at Xero, and is free here, may be owed as credit, or to another document."""
        mine = hanging.filtered(lambda link: link.resource == self._resource)
        payments = self.env["account.payment"].browse(
            {link.remote["payment"] for link in mine if (link.remote or {}).get("payment")}
        ).exists()  # fmt: skip
        partials = partials_of(payments.move_id).filtered(self._matching)
        overpayments = self.env["xero.resource.overpayments"]
        self.env["xero.change"].create(
            overpayments._change_values(organisation, payments, kind="needed", by_hand=True)
            + self._change_values(organisation, partials, kind="needed", by_hand=True)
        )
        return super()._owe_again(organisation, move, hanging)

    def _read_again(self, organisation, run, link):
        """One call, also for the resources that :meth:`_receive` hands theirs to."""
        if not self._reads(organisation):
            return
        kind = "Invoice" if link.resource == "Invoices" else "CreditNote"
        there = list(self._read_all(organisation, run, [{"where": f'{kind}.{kind}Id==guid("{link.xero_id}")'}]))
        lost = [item for resource in (self, *self._others()) for item in resource._lost(organisation, link, there)]
        self._receive(organisation, run, lost + there)


class XeroResourceWriteOffs(models.AbstractModel):
    _inherit = "xero.resource.write.offs"

    def _read_again(self, organisation, run, link):
        """With the payments."""


class XeroResourceEntrylessPayments(models.AbstractModel):
    _inherit = "xero.resource.entryless.payments"

    def _money_on(self, move):
        return move.matched_payment_ids.filtered(lambda payment: not payment.move_id)

    def _read_again(self, organisation, run, link):
        """With the payments."""


class XeroResourceDiscounts(models.AbstractModel):
    _inherit = "xero.resource.discounts"

    def _places_of(self, item):
        return set()  # its link knows

    def _of_document(self):
        return SQL("l.remote ->> 'invoice_id'")

    def _read_again(self, organisation, run, link):
        known = self._known_on(organisation, link).filtered(lambda one: one.outcome != "gone")
        if known and self._reads(organisation):
            self._receive(organisation, run, self._ask_for_all(organisation, run, known.mapped("xero_id")))


class XeroResourceAllocations(models.AbstractModel):
    _inherit = "xero.resource.allocations"

    def _places_of(self, item):
        return {item.get("SourceID"), (item.get("Invoice") or {}).get("InvoiceID")}

    def _read_again(self, organisation, run, link):
        if self._reads(organisation):
            there = self._money_there(organisation, run, link)
            self._receive(organisation, run, self._lost(organisation, link, there) + there)


class XeroResourceDiscountAllocations(models.AbstractModel):
    _inherit = "xero.resource.discount.allocations"

    def _read_again(self, organisation, run, link):
        """With the discounts."""


class XeroResourceOverpayments(models.AbstractModel):
    _inherit = "xero.resource.overpayments"

    def _goes_as_credit(self, organisation, payment):
        return super()._goes_as_credit(organisation, payment) and not self._tied_up(organisation, payment)

    def _check_known(self, organisation, payment, link):
        """What is free here and tied up there is no reason to make another credit of it."""
        if payment.state in POSTED and self._tied_up(organisation, payment):
            return None
        return super()._check_known(organisation, payment, link)

    def _tied_up(self, organisation, payments):
        """Money that is free here and stands at Xero on a document which is left alone: it goes neither as credit nor
        to another document, or there would be twice as much of it.

        :return set: ids"""
        if not payments:
            return set()
        self.env["xero.link"].flush_model()
        return {payment_id for (payment_id,) in self.env.execute_query(SQL(
            """SELECT (l.remote->>'payment')::integer FROM xero_link d
                 JOIN xero_link l ON l.organisation_id = d.organisation_id AND l.parent_xero_id = d.xero_id
                WHERE d.organisation_id = %s AND d.outcome = 'exempt' AND d.resource IN %s
                  AND l.resource = 'Payments' AND (l.remote->>'payment')::integer = ANY(%s)
                  AND l.xero_id IS NOT NULL AND l.outcome != 'gone' AND l.xero_status IS DISTINCT FROM 'DELETED'
                  AND NOT EXISTS (SELECT FROM account_partial_reconcile p WHERE p.id = l.res_id)""",
            organisation.id, PLACES, payments.ids,
        ))}  # fmt: skip


class XeroLink(models.Model):
    _inherit = "xero.link"

    def _left_out(self):
        """Those that a person took out of the sync. The last word counts as soon as it is said, whichever of several
        links the worker comes to first."""
        if not self:
            return self
        said = self.env["xero.change"].search_fetch([
            ("organisation_id", "in", self.organisation_id.ids), ("resource", "in", list(set(self.mapped("resource")))),
            ("res_id", "in", list(set(self.mapped("res_id")) - {0})), ("link_id", "=", False),
            ("kind", "in", ("exempt", "include")),
        ], ["organisation_id", "resource", "res_model", "res_id", "kind"], order="id")  # fmt: skip
        last = {(one.organisation_id, one.resource, one.res_model, one.res_id): one.kind for one in said}
        return self.filtered(lambda link: last.get(
            (link.organisation_id, link.resource, link.res_model, link.res_id), link.outcome) == "exempt")

    def _hanging(self):
        """Links of the payments and credits on these documents, be they known by the document here or by Xero's."""
        self.flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT l.id FROM account_move_line line
                 JOIN account_partial_reconcile p ON p.debit_move_id = line.id OR p.credit_move_id = line.id
                 JOIN xero_link l ON l.res_model = 'account.partial.reconcile' AND l.res_id = p.id
                WHERE line.move_id = ANY(%(moves)s) AND l.organisation_id = ANY(%(organisations)s)
               UNION
               SELECT l.id FROM xero_link l
                WHERE l.organisation_id = ANY(%(organisations)s)
                  AND l.res_model IN ('account.partial.reconcile', 'account.payment')
                  AND (l.parent_xero_id = ANY(%(xero_ids)s) OR l.remote ->> 'invoice_id' = ANY(%(xero_ids)s)
                       OR l.remote_item #>> '{Invoice,InvoiceID}' = ANY(%(xero_ids)s))""",
            moves=self.mapped("res_id"), organisations=self.organisation_id.ids,
            xero_ids=self.filtered("xero_id").mapped("xero_id"),
        ))  # fmt: skip
        return self.browse([link_id for (link_id,) in rows])
