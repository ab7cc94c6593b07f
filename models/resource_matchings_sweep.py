"""Where only what is due differs, a person decides whose payments and credits count (S1.28): they are brought over once
more, and what the other side has besides is taken back."""

from odoo import models
from odoo.tools import SQL

from .resource_allocations import SOURCE_KEYS
from .resource_pull import Incoming
from .xero_link import NO_ERROR


class XeroResourceMatchings(models.AbstractModel):
    _inherit = "xero.resource.matchings"

    # ---- hooks ------------------------------------------------------------------------------------

    def _money_there(self, organisation, run, link):
        """What stands at Xero on the document of ``link``. :rtype: list"""
        raise NotImplementedError

    def _of_document(self):
        """SQL: Xero's id of the document that a link of this type is on."""
        return SQL("l.parent_xero_id")

    def _taken_back(self, link):
        """What Xero would say of the matching of ``link`` if it had been taken back there. :rtype: dict"""
        raise NotImplementedError

    # ---- what is not compared -----------------------------------------------------------------------

    def _carries_money(self, organisation):
        return organisation._pushes("payments") or organisation._pulls("payments")

    def _money_under_way(self, organisation, move_ids):
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """WITH mine AS (
                   SELECT line.move_id, p.id FROM account_move_line line
                     JOIN account_partial_reconcile p ON p.debit_move_id = line.id WHERE line.move_id = ANY(%(moves)s)
                   UNION
                   SELECT line.move_id, p.id FROM account_move_line line
                     JOIN account_partial_reconcile p ON p.credit_move_id = line.id WHERE line.move_id = ANY(%(moves)s)
               ), queued AS (
                   SELECT c.res_id FROM xero_change c
                    WHERE c.organisation_id = %(organisation)s AND c.resource = %(resource)s AND c.res_model = %(model)s
               ), unsettled AS MATERIALIZED (
                   SELECT l.* FROM xero_link l
                    WHERE l.organisation_id = %(organisation)s AND l.resource = %(resource)s AND l.res_model = %(model)s
                      AND (l.outcome NOT IN ('synced', 'gone') OR l.res_id IN (SELECT res_id FROM queued))
               )
               SELECT move_id FROM mine WHERE id IN (SELECT res_id FROM queued UNION SELECT res_id FROM unsettled)
               UNION
               SELECT d.res_id FROM xero_link d
                 JOIN unsettled l ON d.xero_id IN (l.parent_xero_id, l.remote ->> 'invoice_id',
                                                   l.remote_item #>> '{Invoice,InvoiceID}')
                WHERE d.organisation_id = %(organisation)s AND d.resource IN ('Invoices', 'CreditNotes')
                  AND d.res_model = 'account.move' AND d.res_id = ANY(%(moves)s)""",
            moves=move_ids, organisation=organisation.id, resource=self._resource, model=self._res_model,
        ))  # fmt: skip
        return {move_id for (move_id,) in rows}

    # ---- a person's word ----------------------------------------------------------------------------

    def _repeat_money(self, organisation, run, link, side):
        move = self.env["account.move"].browse(link.res_id).exists()
        if not (move and link.xero_id and self._carries_money(organisation)):
            return False
        there = {item[self._id_key]: item for item in self._money_there(organisation, run, link)}
        known = self._known_on(organisation, link)
        if side == "odoo":
            self._send_again(organisation, move, there, known)
        else:
            self._take_theirs(organisation, run, move, there, known)
        return True

    def _known_on(self, organisation, link):
        """Links of this type on the document of ``link``, whatever became of their matchings."""
        self.env["xero.link"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT l.id FROM xero_link l WHERE l.organisation_id = %s AND l.resource = %s AND l.res_model = %s
                  AND l.xero_id IS NOT NULL AND l.outcome != 'exempt' AND %s = %s""",
            organisation.id, self._resource, self._res_model, self._of_document(), link.xero_id,
        ))  # fmt: skip
        return self.env["xero.link"].browse([link_id for (link_id,) in rows])

    def _partials_on(self, move):
        """Those of ``move`` that are a matter of this type."""
        lines = move.line_ids
        return (lines.matched_debit_ids | lines.matched_credit_ids).filtered(self._matching)

    def _send_again(self, organisation, move, there, known):
        """Odoo's count: what Xero lost is made anew, what was undone here and stands there goes. What has ended on both
        sides stays so."""
        known = known.filtered(lambda link: link.outcome != "gone" or link.error_code)
        lost = known.filtered(lambda link: link.xero_id not in there)
        lost.write({"xero_status": "DELETED", "outcome": "waiting", "remote_item": False} | NO_ERROR)
        ids = {*self._partials_on(move).ids, *known.mapped("res_id")} - {0}
        changes = self._change_values(
            organisation, self.env[self._res_model].browse(sorted(ids)), kind="retry", by_hand=True,
            data={"forced": True},
        )  # fmt: skip
        self.env["xero.change"].create(changes)

    def _take_theirs(self, organisation, run, move, there, known):
        """Xero's count: what it has comes, what it has not is undone here; the payment itself stays."""
        for link in known:
            if link.res_id and not self.env[self._res_model].browse(link.res_id).exists():
                link.write({"res_id": 0, "remote": False})  # it is made anew
        by_id = {link.xero_id: link for link in known}
        agreed = {link.xero_id for link in known if link.res_id and link.outcome == "synced"}
        news = [
            Incoming(item, self._remote_digest(item), by_id.get(xero_id), forced=True)
            for xero_id, item in there.items() if xero_id not in agreed
        ]  # fmt: skip
        lost = [self._taken_back(link) for link in known if link.xero_id not in there]
        ended = [Incoming(item, self._remote_digest(item), by_id[item[self._id_key]], forced=True) for item in lost]
        if ended:
            self._take_in(organisation, run, ended)
        self._undo_unsent(organisation, move)
        if news:
            self._take_in(organisation, run, news)

    def _undo_unsent(self, organisation, move):
        """What never came to stand in Xero is matched here alone."""
        partials = self._partials_on(move)
        sent = self._linked_partials(organisation, partials)
        links = self._links(organisation, partials.ids).values()
        left_out = {link.res_id for link in links if link.outcome == "exempt"}
        left_out |= self._beside_left_out(organisation, partials)
        unsent = partials.filtered(lambda partial: partial.id not in sent and partial.id not in left_out)
        self._as_taken_from(organisation).env[self._res_model].browse(unsent.ids).unlink()


class XeroResourcePayments(models.AbstractModel):
    _inherit = "xero.resource.payments"

    def _money_there(self, organisation, run, link):
        kind = "Invoice" if link.resource == "Invoices" else "CreditNote"
        where = f'{kind}.{kind}Id==guid("{link.xero_id}")'
        items = [item for item in self._read_all(organisation, run, [{"where": where}]) if not self._ends(item)]
        elsewhere = set()
        for other in self._others():
            elsewhere |= set(other._links_of(organisation, [item[self._id_key] for item in items]).mapped("xero_id"))
        return [item for item in items if item[self._id_key] not in elsewhere]

    def _taken_back(self, link):
        return {
            self._id_key: link.xero_id, "Status": "DELETED", "Reference": link.xero_number or "",
            "Invoice": {"InvoiceID": link.parent_xero_id},
        }  # fmt: skip


class XeroResourceWriteOffs(models.AbstractModel):
    _inherit = "xero.resource.write.offs"

    def _money_there(self, organisation, run, link):
        items = super()._money_there(organisation, run, link)
        mine = set(self._links_of(organisation, [item[self._id_key] for item in items]).mapped("xero_id"))
        return [item for item in items if item[self._id_key] in mine]

    def _undo_unsent(self, organisation, move):
        """It is undone with its money."""


class XeroResourceAllocations(models.AbstractModel):
    _inherit = "xero.resource.allocations"

    def _carries_money(self, organisation):
        credit_notes = organisation._pushes("credit_notes") or organisation._pulls("credit_notes")
        return credit_notes or super()._carries_money(organisation)

    def _of_document(self):
        return SQL("COALESCE(l.remote ->> 'invoice_id', l.parent_xero_id)")

    def _money_there(self, organisation, run, link):
        if link.resource == "CreditNotes":
            answer = organisation._call(run, "get_one", "CreditNotes", link.xero_id)
            return self._listed("CreditNotes", answer.items)
        sources = set()
        for item in organisation._call(run, "get_one", "Invoices", link.xero_id).items:
            sources |= {(name, each[key]) for name, key in SOURCE_KEYS.items() for each in item.get(name) or ()}
        known = self._known_on(organisation, link).filtered(lambda one: (one.remote or {}).get("source"))
        sources |= {(one.remote["source"], one.parent_xero_id) for one in known}
        found = []
        for resource, source_id in sorted(sources):
            found += self._listed(resource, organisation._call(run, "get_one", resource, source_id).items)
        return [item for item in found if (item.get("Invoice") or {}).get("InvoiceID") == link.xero_id]

    def _known_on(self, organisation, link):
        """Of a credit note, those to all its invoices."""
        known = super()._known_on(organisation, link)
        if link.resource != "CreditNotes":
            return known
        return self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("xero_id", "!=", False),
            ("parent_xero_id", "=", link.xero_id), ("outcome", "!=", "exempt"),
        ])  # fmt: skip

    def _taken_back(self, link):
        return {
            self._id_key: link.xero_id, "Status": "DELETED", "Source": (link.remote or {}).get("source"),
            "SourceID": link.parent_xero_id,
        }  # fmt: skip

    def _partials_on(self, move):
        """Credit of payments is found by the payments, unless it is known as credit."""
        partials = super()._partials_on(move)
        known = self.env["xero.link"].search_fetch([
            ("resource", "=", self._resource), ("res_model", "=", partials._name), ("res_id", "in", partials.ids),
        ], ["res_id"]).mapped("res_id")  # fmt: skip
        return partials.filtered(lambda partial: self._kind_of(partial) == "credit_notes" or partial.id in known)
