"""Which of the organisations that Xero grants are kept, and for which company (S0.11, S1.10, S4.17)."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.connection_problems import sentence, sentence_of
from ..xero import errors


class XeroChooseOrganisations(models.TransientModel):
    _name = "xero.choose.organisations"
    _description = "Choose Xero Organisations"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    line_ids = fields.One2many("xero.choose.organisations.line", "wizard_id")

    @api.model
    def _open(self, connection):
        """Ask Xero what it grants now, and open the list.

        :raise UserError: Xero cannot be asked, or grants nothing that is not in use
        """
        try:
            offers = connection._look_at_offers()
        except errors.XeroError as error:
            raise UserError(sentence_of(self.env, error)) from error
        if not offers:
            raise UserError(sentence(self.env, "nothing_granted"))
        live = connection._live_tenants()
        offers = [offer for offer in offers if offer["tenant_id"] not in live]
        if not offers:
            raise UserError(
                self.env._(
                    "Every organisation that Xero grants is connected already. To add another one press Connect and "
                    "choose it at Xero."
                )
            )
        known = {each.tenant_id: each for offer in offers for each in connection._known(offer["tenant_id"])}
        wizard = self.create(
            {
                "connection_id": connection.id,
                "line_ids": [
                    Command.create(self._line_vals(connection, offer, known.get(offer["tenant_id"])))
                    for offer in offers
                ],
            }
        )
        return {
            "type": "ir.actions.act_window", "name": self.env._("Choose organisations"), "res_model": self._name,
            "res_id": wizard.id, "views": [(False, "form")], "target": "new",
        }  # fmt: skip

    def _line_vals(self, connection, offer, known):
        company = connection.company_id
        values = {
            "tenant_id": offer["tenant_id"],
            "name": offer["name"],
            "company_id": company.id,
            "selected": offer["picked"],
        }
        if known and known.company_id in self.env.companies:
            values["company_id"] = known.company_id.id
            if known.state == "connected":
                values |= {"selected": False, "note": self.env._(
                    "Connected through “%(other)s”. If you choose it, it continues through this connection.",
                    other=known.connection_id.name,
                )}  # fmt: skip
            else:
                values["note"] = self.env._("Was connected before: it resumes with its links and mappings.")
        elif known:
            values |= {
                "selected": False,
                "blocked": True,
                "note": self.env._("Belongs to another company of this database."),
            }
        return values

    def action_confirm(self):
        """Keep what is ticked."""
        self.ensure_one()
        connection = self.connection_id
        connection._check_manager()
        chosen = self.line_ids.filtered("selected")
        if not chosen:
            raise UserError(self.env._("Tick at least one organisation, or close the window."))
        offers = {offer["tenant_id"]: offer for offer in connection.offered or []}
        organisations = self.env["xero.organisation"]
        for line in chosen:
            line._check_choice(offers)
            organisations |= connection._adopt(offers[line.tenant_id], line.company_id)
        connection._settle_in(organisations)
        if len(organisations) > 1:
            return connection.action_open_organisations()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_organisation")
        return action | {"views": [(False, "form")], "res_id": organisations.id}


class XeroChooseOrganisationsLine(models.TransientModel):
    _name = "xero.choose.organisations.line"
    _description = "Xero Organisation to Choose"

    wizard_id = fields.Many2one("xero.choose.organisations", required=True, ondelete="cascade")
    tenant_id = fields.Char(required=True, readonly=True)
    name = fields.Char(readonly=True)
    selected = fields.Boolean("Use")
    company_id = fields.Many2one("res.company", required=True)
    note = fields.Char(readonly=True)
    blocked = fields.Boolean(readonly=True)

    def _check_choice(self, offers):
        """What a client sends is not believed: only what Xero has just granted, for a company of the user's.

        :raise UserError:
        """
        if self.tenant_id not in offers:
            raise UserError(
                self.env._("Xero does not grant %(name)s any more. Close the window and choose again.", name=self.name)
            )
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._("Switch to the company %(company)s first, then choose again.", company=self.company_id.name)
            )
        home = self.wizard_id.connection_id._known(self.tenant_id)
        if home and home.company_id != self.company_id:
            if home.company_id in self.env.companies:
                raise UserError(self.env._(
                    "%(name)s belongs to %(company)s. An organisation has one company: choose it for that one.",
                    name=self.name, company=home.company_id.name,
                ))  # fmt: skip
            raise UserError(self.env._(
                "%(name)s belongs to another company of this database. Ask an administrator to disconnect it there "
                "first.",
                name=self.name,
            ))  # fmt: skip
