"""Payments that were made or taken back in Xero (S1.25, S2.12)."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..xero import dates
from .codec import received_payment as payment_codec
from .codec.money import CENT, decimal, round_to
from .payment_writer import PaymentWriter
from .problems import Problem
from .resource_take_in import Incoming
from .resources import RESOURCES
from .xero_cursor import OVERLAP

SOURCES = ("Invoices", "CreditNotes", "Overpayments", "Prepayments")
LOOK_AGAIN = timedelta(minutes=15)


class XeroResourcePayments(models.AbstractModel):
    _inherit = "xero.resource.payments"

    # ---- what is read -----------------------------------------------------------------------------

    _read_after = ("xero.resource.invoices", "xero.resource.credit.notes")

    def _reads(self, organisation):
        return organisation._pulls(self._kind)

    def _remote_values(self, item):
        return payment_codec.values(payment_codec.read(item))

    def _welcome(self, organisation, item):
        return not self._ends(item)

    def _receive(self, organisation, run, items):
        """Most payments of a grown organisation are on documents that never came here: no look at them one by one."""
        news = 0
        for resource in self._others():
            theirs = resource._claim(organisation, items)
            mine = [item for item in items if item.get(self._id_key) in theirs]
            news += resource._receive(organisation, run, mine) if mine else 0
            items = [item for item in items if item.get(self._id_key) not in theirs]
        return news + super()._receive(organisation, run, self._of_interest(organisation, items))

    def _others(self):
        """The resources that carry what is a Payment at Xero, too, and no matching of money here."""
        return [self.env["xero.resource.write.offs"]]

    def _claim(self, organisation, items):
        """:return set: Xero's ids of those that are this resource's"""
        return set(self._links_of(organisation, [item.get(self._id_key) for item in items]).mapped("xero_id"))

    def _of_interest(self, organisation, items):
        known = set(self._links_of(organisation, [item.get(self._id_key) for item in items]).mapped("xero_id"))
        documents = self._document_links(organisation, items)
        odoos = self._recorded_here_only(organisation)
        unread = self._unread_since(organisation)
        return [
            item for item in items
            if item.get(self._id_key) in known or (
                payment_codec.read(item).account_id not in odoos
                and (payment_codec.document_id(item) in documents or self._may_be_unread(item, unread))
            )
        ]  # fmt: skip

    def _document_links(self, organisation, items):
        """{Xero's id: link} of what these payments are on, as far as it is known here."""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "in", SOURCES),
            ("xero_id", "in", list({payment_codec.document_id(item) for item in items} - {""})),
        ])  # fmt: skip
        return {link.xero_id: link for link in links}

    def _recorded_here_only(self, organisation):
        """Xero's ids of the accounts whose payments are recorded in Odoo."""
        mappings = self.env["xero.journal.mapping"].search(
            [("organisation_id", "=", organisation.id), ("recorded_by", "=", "odoo")]
        )
        return set(mappings.xero_account_id.mapped("xero_id"))

    def _unread_since(self, organisation):
        """Documents that changed after this moment may not have been read yet; None where all that come were."""
        cursors = self._document_cursors(organisation)
        moments = [cursor.modified_since for cursor in cursors if cursor.modified_since]
        return min(moments) - OVERLAP if moments else None

    def _document_cursors(self, organisation):
        """Of the documents that come; after a direction was narrowed, the cursor of those that came stands still."""
        resources = [self.env[name] for name in RESOURCES if self.env[name]._resource in SOURCES]
        read = [resource._resource for resource in resources if resource._reads(organisation)]
        return self.env["xero.cursor"].search([("organisation_id", "=", organisation.id), ("resource", "in", read)])

    def _may_be_unread(self, item, unread):
        moment = dates.parse_datetime(item.get("UpdatedDateUTC"))
        return bool(unread and moment) and moment.replace(tzinfo=None) >= unread

    # ---- taking over ------------------------------------------------------------------------------

    def _prepare_incoming(self, organisation, run, incoming):
        documents = self._document_links(organisation, [one.item for one in incoming])
        return PaymentWriter(organisation.with_env(self.env), run.reverse_of(organisation), documents)

    def _bring_in(self, organisation, run, incoming, source):
        received = payment_codec.read(incoming.item)
        here = incoming.link and incoming.link.res_id
        if not here and not self._ends(incoming.item) and received.document_id not in source.documents:
            return self._bring_unknown(organisation, incoming)
        return super()._bring_in(organisation, run, incoming, source)

    def _bring_unknown(self, organisation, incoming):
        """On a document that is not known here: either it comes with the next look, or it never will."""
        if self._may_be_unread(incoming.item, self._unread_since(organisation)):
            self._document_cursors(organisation).write({"due_at": False})
            raise Problem("incoming_first", next_attempt=fields.Datetime.now() + LOOK_AGAIN)
        if incoming.link:
            incoming.link.unlink()

    def _counterpart(self, organisation, run, item, source):
        return source.counterpart(payment_codec.read(item))

    def _create_from(self, organisation, run, item, source):
        [partial] = source.make([payment_codec.read(item)])
        return partial

    def _end_record(self, organisation, run, record, link):
        matching = self._matching(record)
        if not matching:
            record.unlink()
            return
        more = record.browse((link.remote or {}).get("partials") or ()).exists() - record
        matching = matching.together_with(filter(None, map(self._matching, more)))
        freed = PaymentWriter(organisation.with_env(self.env), None, {}).take_back(matching)
        link.remote = (link.remote or {}) | {"freed": str(freed)}
        self._look_at_rest(organisation, matching.partials, matching.source.origin_payment_id)

    def _remembered_in(self, matching, item):
        received, whole = payment_codec.read(item), decimal(matching.amount)
        remote = {
            "date": str(matching.other.date), "journal": matching.source.journal_id.id,
            "amount": str(round_to(received.amount, CENT)),
        }  # fmt: skip
        if matching.more:
            remote["partials"] = matching.partials.ids
        if round_to(whole, CENT) != round_to(received.amount, CENT):
            share = decimal(matching.amount_on(matching.other)) * (1 - received.amount / whole)
            remote["written_off"] = str(round_to(share, CENT))
        if received.batch_id:
            remote |= {"batch": received.batch_id, "batch_total": str(received.batch_total)}
        return remote

    # ---- many at a time ---------------------------------------------------------------------------

    def _take_in_all(self, organisation, run, news):
        """What was taken back makes room for what came instead. New payments are made together; what one of them lacks
        brings them all back to one by one."""
        ended = [incoming for incoming in news if self._ends(incoming.item)]
        if ended:
            super()._take_in_all(organisation, run, ended)
            self._make_room(organisation, [incoming.item for incoming in ended])
            news = [incoming for incoming in news if not self._ends(incoming.item)]
        done = self._take_in_bulk(organisation, run, news)
        rest = [incoming for incoming in news if id(incoming) not in done]
        return super()._take_in_all(organisation, run, rest) if rest else None

    def _make_room(self, organisation, items):
        """What was read before and found too little open goes again."""
        self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("error_code", "=", "incoming_exceeds"),
            ("parent_xero_id", "in", [payment_codec.document_id(item) for item in items]),
        ]).write({"next_attempt": fields.Datetime.now()})  # fmt: skip

    def _take_in_bulk(self, organisation, run, news):
        """:return set: ``id()`` of the ``Incoming`` that are taken in"""
        here = self._as_taken_from(organisation)
        if run.in_bulk or len(news) < 2:  # a bug struck in the last bulk: one by one names the culprit
            return set()
        source = here._prepare_incoming(organisation, run, news)
        plain = [incoming for incoming in news if here._is_plain(incoming, source)]
        if len(plain) < 2:
            return set()
        run.in_bulk, run.incoming = True, (self._name, Incoming(None, "", None))
        try:
            with self.env.cr.savepoint():
                partials = source.make([payment_codec.read(incoming.item) for incoming in plain])
                here._link_bulk(organisation, plain, partials)
        except (Problem, UserError):
            plain = []
        run.in_bulk, run.incoming = False, None
        return {id(incoming) for incoming in plain}

    def _is_plain(self, incoming, source):
        """New, on a document that is here, and nobody entered it here."""
        link = incoming.link
        if incoming.forced or self._ends(incoming.item) or (link and (link.res_id or link.outcome == "exempt")):
            return False
        received = payment_codec.read(incoming.item)
        document = source.documents.get(received.document_id)
        if not document or document.res_model != "account.move":
            return False
        try:
            return not source.counterpart(received)
        except Problem:
            return False

    def _link_bulk(self, organisation, many, partials):
        new = []
        for incoming, partial in zip(many, partials, strict=True):
            values = self._agreed_in(organisation, None, partial, incoming)
            if incoming.link:
                incoming.link.write(values)
            else:
                new.append(self._new_link_values(organisation, partial.id) | values)
        self.env["xero.link"].create(new)

    def _quarantine(self, organisation, item):
        """Without an item the bug struck among several: none is to blame yet."""
        return super()._quarantine(organisation, item) if item is not None else None
