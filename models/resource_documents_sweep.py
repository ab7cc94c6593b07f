"""Invoices, bills and credit notes compared with Xero's (S1.4, S1.28): two queries for a page of 1,000."""

from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..xero import dates
from .account_move_told import number_at_xero
from .document_lines import rounded_tax
from .received_document import TYPES, read_document
from .resource_documents import KIND_OF, UNAPPROVED
from .resources import RESOURCES
from .xero_difference import MISSING

CENT = Decimal("0.01")
NOT_THERE = ("missing_in_xero", "gone_from_xero", "not_in_xero")


@dataclass(frozen=True)
class Ours:
    """A document of Odoo's as it is compared. ``busy``: something about it is queued, so that it may differ."""

    move_id: int
    move_type: str
    state: str
    name: str
    ref: str
    currency: str
    total: Decimal
    tax: Decimal
    due: Decimal
    contact_id: str
    contact: str
    date: object
    due_date: object
    busy: bool

    @property
    def number(self):
        return number_at_xero(self.move_type, self.name, self.ref).strip()


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    # ---- which ----------------------------------------------------------------------------------

    def _sweeps(self, organisation):
        return any(self._is_compared(organisation, kind) for kind in self._kinds)

    def _is_compared(self, organisation, kind):
        return organisation._pushes(kind) or organisation._pulls(kind)

    # ---- a page -----------------------------------------------------------------------------------

    def _sweep_compare(self, organisation, items, links):
        ours = self._ours(organisation, [link.res_id for link in links.values() if link.res_id])
        waiting = self._money_waiting(organisation, list(ours)) if self._compares_due(organisation) else set(ours)
        read_up_to = self._read_up_to(organisation)
        found = {}
        for item in items:
            kind, link = self._kind_of_item(item), links.get(item[self._id_key])
            mine = ours.get(link.res_id) if link else None
            if _is_news(item, read_up_to) or (mine and mine.busy):
                continue  # it is on its way: what was found before stays as it is
            if not kind or not self._is_compared(organisation, kind):
                difference = None
            elif mine and link.outcome == "synced":
                difference = self._difference(organisation, mine, item, link, mine.move_id not in waiting)
            else:
                difference = self._missing_here(organisation, kind, item, link, mine)
            found[item[self._id_key]] = difference
        return found

    def _read_up_to(self, organisation):
        """Where changes at Xero come by themselves, one that came after the last read is under way.

        :return: datetime (UTC, Xero's clock) or None
        """
        if not (organisation.auto_sync and self._reads(organisation)):
            return None
        return self.env["xero.cursor"]._of(organisation, self._resource).modified_since

    def _compares_due(self, organisation):
        return organisation._pushes("payments") or organisation._pulls("payments")

    def _money_waiting(self, organisation, move_ids):
        return set().union(*(self.env[name]._money_under_way(organisation, move_ids) for name in RESOURCES))

    def _missing_here(self, organisation, kind, item, link, mine):
        """A living document that Odoo does not have, though its kind comes here."""
        # in agreement with nothing: what was deleted here as a draft, or where nothing goes to Xero, tells nobody
        stands = not link or link.outcome in ("gone", "synced") or (
            link.outcome == "conflict" and link.error_code in MISSING
        )  # fmt: skip
        if mine or not stands or not organisation._pulls(kind) or not self._welcome(organisation, item):
            return None
        received = read_document(self._resource, item)
        contact = (item.get("Contact") or {}).get("Name") or received.contact_id
        rows = [
            ("Number", received.number), ("Contact", contact), ("Date", received.date), ("Status", received.status),
            ("Total", f"{received.total:.2f} {received.currency}"),
        ]  # fmt: skip
        return "missing_in_odoo", [_row(label, "", value) for label, value in rows]

    def _difference(self, organisation, ours, item, link, with_due):
        """:return: (reason, values) or None"""
        received = read_document(self._resource, item)
        ended = ours.state == "cancel", received.stage == "ended"
        if any(ended):
            row = _row("Status", ours.state, received.status)
            return None if all(ended) else ("ended", [row])
        rows = [
            ("Currency", ours.currency, received.currency),
            ("Total", _money(ours.total), _money(received.total)),
            ("TotalTax", _money(ours.tax), _money(received.total_tax)),
        ]  # fmt: skip
        if ours.state == "posted":
            rows.append(("Date", str(ours.date or ""), received.date))
        if ours.state == "posted" and received.due_date and self._resource == "Invoices":  # we send none of the others
            rows.append(("DueDate", str(ours.due_date or ""), received.due_date))
        if ours.state == "posted" and received.number:
            rows.insert(0, ("Number", ours.number, received.number))
        if ours.state == "posted" and received.stage == "approved" and with_due:
            rows.append(("AmountDue", _money(ours.due), _money(received.amount_due)))
        values = [
            _row(*row) for row in rows if row[1] != row[2]
            and not (row[0] == "TotalTax" and rounded_tax(link) == received.total_tax)
        ]  # fmt: skip
        if ours.contact_id != received.contact_id:
            theirs = (item.get("Contact") or {}).get("Name") or received.contact_id
            values.append(_row("Contact", ours.contact or "", theirs))
        if self._stage_differs(organisation, ours, received):
            values.append(_row("Status", ours.state, received.status))
        return ("values", values) if values else None

    def _stage_differs(self, organisation, ours, received):
        """A document that we send as a draft, and one that is a draft on both sides, stand as they should."""
        if ours.state == "draft":
            return received.stage == "approved"
        sale = TYPES[received.type][1] == "sale"
        sent_as = organisation.invoice_status if sale else organisation.bill_status
        return received.status in UNAPPROVED and sent_as not in UNAPPROVED

    def _ours(self, organisation, move_ids):
        """:return dict: {move id: Ours}, in one query"""
        if not move_ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT m.id, m.move_type, m.state, m.name, m.ref, u.name, m.amount_total, m.amount_tax,
                      m.amount_residual, COALESCE(l.remote->>'merged_to', l.xero_id, ''), p.complete_name,
                      m.invoice_date, COALESCE(m.invoice_date_due, m.invoice_date),
                      EXISTS (SELECT FROM xero_change c WHERE c.res_model = 'account.move' AND c.res_id = m.id
                                 AND c.organisation_id = %(organisation)s AND c.resource = %(resource)s)
                 FROM account_move m
                 LEFT JOIN res_currency u ON u.id = m.currency_id
                 LEFT JOIN res_partner q ON q.id = m.partner_id
                 LEFT JOIN res_partner p ON p.id = COALESCE(m.commercial_partner_id, q.commercial_partner_id)
                 LEFT JOIN xero_link l ON l.organisation_id = %(organisation)s AND l.resource = 'Contacts'
                      AND l.res_model = 'res.partner' AND l.res_id = p.id
                WHERE m.id = ANY(%(ids)s)""",
            organisation=organisation.id, resource=self._resource, ids=move_ids,
        ))  # fmt: skip
        return {row[0]: Ours(*row) for row in rows}

    # ---- what a person can decide -----------------------------------------------------------------

    def _objection(self, difference, kind):
        move = self.env["account.move"].browse(difference.res_id).exists()
        labels = {row["label"] for row in difference.values or ()}
        if kind == "take_odoo" and move.state == "draft" and difference.reason != "missing_in_odoo":
            return self.env._("In Odoo it is a draft, which does not go to Xero. Post it or cancel it; then it goes.")
        money = any(self.env[name]._carries_money(difference.organisation_id) for name in RESOURCES)
        if labels == {"AmountDue"} and not money:
            return self.env._(
                "A payment or credit is missing on one side, and payments do not go between Odoo and this "
                "organisation. Record it by hand where it is missing, or remove it where it is wrong."
            )
        return super()._objection(difference, kind)

    # ---- what Xero did not list -----------------------------------------------------------------

    def _sweep_absent(self, organisation, sweep, after, limit):
        types = [move_type for move_type in self._move_types if organisation._pushes(KIND_OF[move_type])]
        journals = self._swept_journals(organisation)
        if not types or journals is None:
            return []
        self.env.flush_all()
        since = organisation.pull_from
        rows = self.env.execute_query(SQL(
            """SELECT m.id, l.id, m.name, m.ref, m.move_type, p.complete_name, COALESCE(m.invoice_date, m.date),
                      m.amount_total, c.name
                 FROM account_move m
                 LEFT JOIN res_currency c ON c.id = m.currency_id
                 LEFT JOIN res_partner p ON p.id = m.commercial_partner_id
                 LEFT JOIN xero_link l ON l.organisation_id = %(organisation)s AND l.resource = %(resource)s
                      AND l.res_model = 'account.move' AND l.res_id = m.id
                WHERE m.company_id = %(company)s AND m.state = 'posted' AND m.move_type = ANY(%(types)s)
                  AND m.id > %(after)s %(journals)s %(since)s
                  AND (l.id IS NOT NULL OR NOT EXISTS (
                       SELECT FROM xero_link o WHERE o.resource = %(resource)s AND o.res_model = 'account.move'
                          AND o.res_id = m.id AND o.xero_id IS NOT NULL AND o.organisation_id != %(organisation)s))
                  AND (l.id IS NULL OR l.outcome = 'synced'
                       OR (l.outcome = 'conflict' AND l.error_code = ANY(%(known_missing)s)))
                  AND NOT EXISTS (SELECT FROM xero_sweep_seen s WHERE s.sweep_id = %(sweep)s AND s.link_id = l.id)
                  AND NOT EXISTS (SELECT FROM xero_change q WHERE q.res_model = 'account.move' AND q.res_id = m.id
                                     AND q.organisation_id = %(organisation)s AND q.resource = %(resource)s)
                ORDER BY m.id LIMIT %(limit)s""",
            organisation=organisation.id, resource=self._resource, company=organisation.company_id.id, types=types,
            after=after, journals=journals, sweep=sweep.id, limit=limit, known_missing=list(NOT_THERE),
            since=SQL(
                "AND (l.xero_id IS NOT NULL OR COALESCE(m.invoice_date, m.date) >= %s)", since) if since else SQL(),
        ))  # fmt: skip
        return [(row[0], row[1], _described(*row[2:])) for row in rows]

    def _swept_journals(self, organisation):
        """SQL that keeps to the journals whose documents belong to ``organisation``; None: none do.

        As ``xero.organisation._route`` leads each single document.
        """
        routes = organisation._routes(organisation.company_id.id)
        mine = dict(routes).get(organisation.id)
        if mine:
            return SQL("AND m.journal_id = ANY(%s)", sorted(mine))
        first = next((organisation_id for organisation_id, journals in routes if not journals), None)
        if first != organisation.id:
            return None
        named = sorted({journal_id for _id, journals in routes for journal_id in journals or ()})
        return SQL("AND NOT m.journal_id = ANY(%s)", named) if named else SQL()


def _row(label, ours, theirs):
    return {"label": label, "odoo": ours, "xero": theirs}


def _money(amount):
    return f"{Decimal(amount or 0).quantize(CENT):.2f}"


def _described(name, ref, move_type, partner, day, total, currency):
    rows = [
        ("Number", number_at_xero(move_type, name, ref)), ("Contact", partner or ""), ("Date", str(day or "")),
        ("Total", f"{_money(total)} {currency}"),
    ]  # fmt: skip
    return [_row(label, value, "") for label, value in rows]


def _is_news(item, read_up_to):
    """Whether Xero changed the item after it was last read for taking over."""
    if not read_up_to:
        return False
    changed = dates.parse_datetime(item.get("UpdatedDateUTC"))
    return bool(changed) and changed.replace(tzinfo=None, microsecond=0) > read_up_to  # it is kept in whole seconds
