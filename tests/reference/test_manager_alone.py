"""The right "Xero: manage integrations" is enough for the mapping: no other group has to come along."""

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import MANAGER
from .common import ReferenceCommon

MAPPINGS = ("account_mapping_ids", "tax_mapping_ids", "journal_mapping_ids")


@tagged("post_install", "-at_install")
class TestManagerAlone(ReferenceCommon):
    def setUp(self):
        super().setUp()
        self.keeper = self.make_user("keeper", MANAGER)
        self.here = self.organisation.with_user(self.keeper)

    def test_propose_maps_and_every_page_can_be_read(self):
        """S2.13, S2.24"""
        self.tax(15, name="15%")
        self.tax(7, name="7 % nowhere")
        self.env["account.account"].create({"name": "Freight", "code": "425", "account_type": "expense"})
        self.env.flush_all()
        self.env.invalidate_all()
        told = self.here.action_propose_mappings()["params"]["message"]
        self.assertIn("1 taxes are left", told)
        self.env.flush_all()
        self.env.invalidate_all()
        for view in (False, self.env.ref("xero_integration.xero_organisation_view_form_mapping").id):
            [told] = self.here.web_read(self.specification(self.here, view))
            self.assertTrue(all(told[name] for name in ("gap_ids", "account_mapping_ids", "tax_mapping_ids")))
        for gap in self.here.gap_ids:
            self.assertTrue(gap.action_map()["res_model"])

    def specification(self, record, view):
        """What the web client asks for to show the form: every field, and of its lists every column."""
        arch = etree.fromstring(record.get_view(view, "form")["arch"])
        wanted = {}
        for node in arch.xpath("//field[not(ancestor::field)]"):
            columns = {each.get("name"): {} for each in node.xpath("./list//field | ./kanban//field")}
            wanted.setdefault(node.get("name"), {}).update({"fields": columns} if columns else {})
        return wanted

    def test_mapping_by_hand(self):
        tax = self.tax(15)
        with Form(self.env["xero.tax.mapping"].with_user(self.keeper).with_context(
                default_organisation_id=self.organisation.id, default_tax_ids=tax.ids)) as form:  # fmt: skip
            form.xero_tax_rate_id = self.rate("OUTPUT2")
        with Form(self.env["xero.account.mapping"].with_user(self.keeper).with_context(
                default_organisation_id=self.organisation.id)) as form:  # fmt: skip
            form.product_id = self.product_a
            form.xero_account_id = self.account("200")
        with Form(self.env["xero.journal.mapping"].with_user(self.keeper).with_context(
                default_organisation_id=self.organisation.id)) as form:  # fmt: skip
            form.journal_id = self.company_data["default_journal_bank"]
            form.xero_account_id = self.account("090")
        self.here.write({"revenue_account_id": self.account("200").id, "payment_account_id": self.account("855").id})
        self.assertTrue(all(self.organisation[name] for name in MAPPINGS))

    # ---- what the drop-downs of the pages offer ----------------------------------------------------

    def offered(self, page, name, **values):
        """Records in the drop-down of a column on the organisation's form."""
        arch = etree.fromstring(self.here.get_view(view_type="form")["arch"])
        [column] = arch.xpath(f"//field[@name='{page}']/list/field[@name='{name}']")
        field = self.env[self.organisation._fields[page].comodel_name]._fields[name]
        domain = column.get("domain") or field.domain
        values |= {"organisation_id": self.organisation.id, "parent": self.organisation}
        return self.env[field.comodel_name].search(safe_eval(domain, values))

    def test_a_drop_down_offers_exactly_what_the_constraint_takes(self):
        """S1.21, S1.26, S2.25"""
        accounts, rates = self.organisation.account_ids, self.organisation.tax_rate_ids
        self.assertEqual(
            self.offered("account_mapping_ids", "xero_account_id"),
            accounts.filtered(lambda account: not account._refused_for_lines()),
        )
        self.assertEqual(
            self.offered("journal_mapping_ids", "xero_account_id"),
            accounts.filtered(lambda account: not account._refused_for_journals()),
        )
        for direction in ("sale", "purchase"):
            self.assertEqual(
                self.offered("tax_mapping_ids", "xero_tax_rate_id", direction=direction),
                rates.filtered(lambda rate, direction=direction: rate._fits(direction)),
            )
