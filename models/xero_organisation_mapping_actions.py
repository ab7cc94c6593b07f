"""The ways to the mapping screens: each opens the exact place, with the missing thing filled in."""

from odoo import models

FORM = [(False, "form")]


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    # ---- from a document that was stopped -----------------------------------------------------------

    def _action_account_mapping(self, link):
        """:param link: the ``xero.link`` that an account stopped"""
        data = link.error_data or {}
        account = self.env["account.account"].browse(data.get("account_id") or ()).exists()
        if not account:
            return self._open_mappings("xero.account.mapping", self.env._("Accounts"))
        return self._open_account_mapping(account, data.get("side"))

    def _action_tax_mapping(self, link):
        """:param link: the ``xero.link`` that a tax stopped"""
        data = link.error_data or {}
        taxes = self.env["account.tax"].browse(data.get("tax_ids") or ()).exists()
        if "tax_ids" not in data or len(taxes) != len(data["tax_ids"]):
            return self._open_mappings("xero.tax.mapping", self.env._("Taxes"))
        direction = data.get("side") or "sale"
        return self._open_tax_mapping(taxes, direction, self._best_rate(taxes, direction)[0])

    def _action_journal_mapping(self, link):
        """:param link: the ``xero.link`` that a journal stopped"""
        journal = self.env["account.journal"].browse((link.error_data or {}).get("journal_id") or ()).exists()
        if not journal:
            return self._open_mappings("xero.journal.mapping", self.env._("Journals"))
        return self._open_journal_mapping(journal)

    # ---- one mapping: the one there is, or a new one ------------------------------------------------

    def _open_account_mapping(self, account, direction=None):
        sides = [direction, "both"] if direction else ["sale", "purchase", "both"]
        found = self.account_mapping_ids.filtered(lambda m: m.account_id == account and m.direction in sides)
        defaults = {"default_account_id": account.id, "default_direction": direction or "both"}
        return self._open_mapping(found[:1], self.env._("Map an account"), defaults)

    def _open_tax_mapping(self, taxes, direction, rate):
        found = self.tax_mapping_ids.filtered(lambda m: m.tax_ids == taxes and m.direction == direction)
        defaults = {"default_tax_ids": taxes.ids, "default_direction": direction, "default_xero_tax_rate_id": rate.id}
        return self._open_mapping(found[:1], self.env._("Map a tax"), defaults)

    def _open_journal_mapping(self, journal):
        found = self.journal_mapping_ids.filtered(lambda m: m.journal_id == journal)
        return self._open_mapping(found[:1], self.env._("Map a journal"), {"default_journal_id": journal.id})

    def _open_tracking_mapping(self, plan):
        found = self.tracking_mapping_ids.filtered(lambda m: m.plan_id == plan)
        return self._open_mapping(found[:1], self.env._("Map a plan"), {"default_plan_id": plan.id})

    def _open_mapping(self, found, name, defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": found._name,
            "res_id": found.id,
            "views": FORM,
            "view_mode": "form",
            "target": "new",
            "context": {"default_organisation_id": self.id} | defaults,
        }

    # ---- all of them ----------------------------------------------------------------------------

    def action_open_mapping(self):
        """The organisation's form, on the page Mapping."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_organisation_mapping")
        return action | {"res_id": self.id}

    # ---- lists ----------------------------------------------------------------------------------

    def _open_mappings(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "view_mode": "list,kanban,form",
            "domain": [("organisation_id", "=", self.id)],
            "context": {"default_organisation_id": self.id},
        }

    def _open_mirror(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"xero_integration.{name}")
        return action | {"domain": [("organisation_id", "=", self.id)], "context": {}}

    def action_open_accounts(self):
        return self._open_mirror("action_xero_account")

    def action_open_tax_rates(self):
        return self._open_mirror("action_xero_tax_rate")

    def action_open_tracking(self):
        return self._open_mirror("action_xero_tracking_category")

    def action_open_currencies(self):
        return self._open_mirror("action_xero_currency")

    def action_open_contact_groups(self):
        return self._open_mirror("action_xero_contact_group")

    def action_open_gaps(self):
        return self._open_mirror("action_xero_mapping_gap")
