"""What goes to Xero with line items: documents (``resource_documents.py``) and money spent
(``resource_bank_transactions.py``). How their lines are told, remembered and compared with the answer."""

from decimal import Decimal

from odoo import fields, models

from .codec.money import decimal
from .codec.refused import Refused
from .problems import Problem
from .xero_change import TAKING_IN
from .xero_link import NO_ERROR

FINAL = ("VOIDED", "DELETED")
DIFFERS = {"Total": "answer_differs", "TotalTax": "answer_tax_differs"}


class XeroResourceItemised(models.AbstractModel):
    """Contract beside that of ``xero.resource``: the hooks of the first section."""

    _name = "xero.resource.itemised"
    _inherit = "xero.resource"
    _description = "Xero Resource with Line Items"

    # ---- hooks --------------------------------------------------------------------------------------

    def _is_new(self, record):
        """Whether ``record``, which is posted for the first time, surely is in nobody's books yet."""
        return True

    def _source(self, organisation, run, records):
        """Reads at once what the posted ones of ``records`` are made of. :return: what :meth:`_encode_one` takes"""
        raise NotImplementedError

    def _encode_one(self, organisation, record, link, source):
        """:return: Element without link and changes; None when nothing is owed. :raise Problem, Refused:"""
        raise NotImplementedError

    def _closing(self, status):
        """The final state that is asked for where Xero's copy is in ``status``. :rtype: str"""
        return "DELETED"

    # ---- whose --------------------------------------------------------------------------------------

    def _organisation_ids(self, records):
        """Where the journal leads; but a document that already stands in books where it does not lead any more stays
        there: it must not come to stand in two. What is being taken over from Xero stands there already."""
        Organisation = self.env["xero.organisation"]
        standing = self._standing(records)
        taken_from = {self.env.context[TAKING_IN]} if TAKING_IN in self.env.context else set()
        result = {}
        for record in records:
            route = Organisation._route(record.company_id.id, record.journal_id.id)
            books = standing.get(record.id, set()) | taken_from
            for organisation_id in books.union(route) if books.intersection(route) else books or route:
                result.setdefault(organisation_id, []).append(record.id)
        return [(organisation_id, records.browse(ids)) for organisation_id, ids in result.items()]

    def _standing(self, records):
        """``{record id: {ids of the organisations that have a living document of it}}``: one query, and none where the
        company has one organisation for all its journals, nor for what is posted for the first time and surely new."""
        routes = self.env["xero.organisation"]._routes
        choosing = {
            company.id for company in records.company_id
            if len(routes(company.id)) > 1 or any(journals for _organisation, journals in routes(company.id))
        }  # fmt: skip
        first = self.env.context.get("xero_never_posted")
        asked = records.filtered(
            lambda record: record.company_id.id in choosing and not (first and self._is_new(record))
        )
        if not asked:
            return {}
        # sudo: where a document stands decides where its changes go, whoever makes them.
        links = self.env["xero.link"].sudo().search_fetch(
            [
                ("res_model", "=", self._res_model), ("res_id", "in", asked.ids), ("resource", "=", self._resource),
                ("organisation_id.active", "=", True), ("xero_id", "!=", False), ("xero_status", "not in", FINAL),
            ],
            ["organisation_id", "res_id"],
        )  # fmt: skip
        standing = {}
        for link in links:
            standing.setdefault(link.res_id, set()).add(link.organisation_id.id)
        return standing

    # ---- encoding -----------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        source = self._source(organisation, run, records)
        outcomes = {}
        for record in records:
            try:
                outcomes[record.id] = self._encode_one(organisation, record, links.get(record.id), source)
            except Problem as problem:
                outcomes[record.id] = problem
                if problem.code == "contact_first" and not problem.data["waiting_for_id"]:
                    outcomes[record.id] = self._ask_for_contact(organisation, record, problem)
                elif problem.code == "tracking_first":
                    outcomes[record.id] = self._ask_for_option(organisation, problem)
            except Refused as refused:
                outcomes[record.id] = Problem(refused.code, **refused.data)
        return outcomes

    def _ask_for_contact(self, organisation, record, problem):
        """Nobody has queued the contact yet: do it, and look at the document again after it. :rtype: Problem"""
        if not organisation._pushes("contacts"):
            return Problem("contact_not_sent", contact=record._xero_partner().display_name)
        self.env["xero.resource.contacts"]._needs_of_partners(organisation, [(record._xero_partner().id, True)])
        problem.data["next_attempt"] = fields.Datetime.now()
        return problem

    def _with_line_ids(self, built, link):
        """Name the lines that Xero has: a line without its LineItemID would be made anew, losing what hangs on it."""
        known = (link.remote or {}).get("lines") or {}
        items = []
        for key, item in zip(built.line_keys, built.payload["LineItems"], strict=True):
            line_id = known.get(str(key))
            items.append({"LineItemID": line_id} | item if line_id else item)
        return built.payload | {"LineItems": items}

    # ---- answers ------------------------------------------------------------------------------------

    def _facts(self, item):
        facts = {
            "xero_number": item.get(self._number_key) or False, "xero_status": item.get("Status") or False,
        }  # fmt: skip
        if item.get("Total") is not None:
            facts["xero_total"] = float(item["Total"])
        if "HasAttachments" in item:  # not in a summary
            facts["xero_files"] = bool(item["HasAttachments"])
        due = item.get("AmountDue", item.get("RemainingCredit"))
        if due is not None:
            facts["xero_due"] = float(due)
        return facts

    def _link_values(self, note, item):
        lines = item.get("LineItems") or []
        keys = note["lines"] if len(note["lines"]) == len(lines) else []
        return super()._link_values(note, item) | {
            "remote": {"lines": {str(key): line.get("LineItemID") for key, line in zip(keys, lines, strict=False)}},
        }

    def _agreed_values(self, note, item):
        values = super()._agreed_values(note, item)
        for key, ours in note["expected"].items():
            theirs = item.get(key)
            if theirs is not None and decimal(theirs) != Decimal(ours):
                return values | {
                    "outcome": "conflict",
                    "error_code": DIFFERS[key],
                    "error_data": {"ours": ours, "theirs": str(theirs)},
                    "digest": False,  # not agreed: a retry sends it again
                    "version": False,
                }
        return values

    def _forgive(self, link, code):
        """A bookkeeper replaced lines: without their ids, Xero takes ours as new ones."""
        if code != "lines_replaced" or not (link.remote or {}).get("lines"):
            return {}
        return NO_ERROR | self._again() | {"remote": {}}

    def _is_closed(self, item):
        return item.get("Status") in FINAL

    def _reached(self, payload, item):
        return payload.get("Status") in FINAL and item.get("Status") in FINAL

    def _close_otherwise(self, payload, item):
        """A bookkeeper approved the draft that we wanted to delete: it can still be voided."""
        values = {"xero_status": item.get("Status")}
        return values if self._closing(item.get("Status")) == payload["Status"] else values | NO_ERROR | self._again()
