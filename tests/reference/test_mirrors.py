"""What of Xero's lists is mirrored besides accounts and rates: tracking, contact groups, currencies, lock dates."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from ..common import MANAGER
from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestMirrors(ReferenceCommon):
    def setUp(self):
        super().setUp()
        self.keeper = self.make_user("keeper", MANAGER)

    def refresh(self):
        """The button. :return str: what it says"""
        self.env.flush_all()  # it writes in a transaction of its own
        return self.organisation.action_refresh_reference()["params"]["message"]

    def put(self, path, **element):
        """A person's change in Xero. :return dict: the element as it is then"""
        answer = self.sim.books("NZ", path, "POST" if path.count("/") % 2 else "PUT", element)
        return next(items[-1] for items in answer.values() if isinstance(items, list))

    def shown(self, action):
        """What the list behind a button shows to somebody who holds the right alone, archived rows included."""
        opened = getattr(self.organisation.with_user(self.keeper), action)()
        Model = self.env[opened["res_model"]].with_user(self.keeper).with_context(opened["context"], active_test=False)
        Model.get_view(False, "list")
        return {record.name: record.active for record in Model.search(opened["domain"])}

    # ---- tracking -----------------------------------------------------------------------------------

    def test_tracking_categories_and_options_are_mirrored_renamed_and_archived(self):
        seeded = self.env["xero.tracking.category"].search([("organisation_id", "=", self.organisation.id)])
        self.put(f"TrackingCategories/{seeded[0].xero_id}", Status="ARCHIVED")  # Xero takes two active ones
        self.refresh()
        region = self.put("TrackingCategories", Name="Area")
        number = region["TrackingCategoryID"]
        north = self.put(f"TrackingCategories/{number}/Options", Name="Far North")
        self.put(f"TrackingCategories/{number}/Options", Name="Deep South")
        self.assertIn("Tracking categories (3)", self.refresh())
        category = self.env["xero.tracking.category"].search([("xero_id", "=", number)])
        self.assertEqual((category.name, category.option_ids.mapped("name")), ("Area", ["Deep South", "Far North"]))
        self.assertEqual(category.company_id, self.company)

        self.put(f"TrackingCategories/{number}", Name="Territory")
        self.put(f"TrackingCategories/{number}/Options/{north['TrackingOptionID']}", Name="Northland")
        self.assertIn("Tracking categories (2)", self.refresh())
        self.assertEqual(
            (category.name, category.option_ids.mapped("name")), ("Territory", ["Deep South", "Northland"])
        )

        option = category.option_ids.filtered(lambda o: o.xero_id == north["TrackingOptionID"])
        self.put(f"TrackingCategories/{number}/Options/{north['TrackingOptionID']}", Status="ARCHIVED")
        self.refresh()
        self.assertEqual((option.active, category.active), (False, True))
        self.put(f"TrackingCategories/{number}", Status="ARCHIVED")
        self.refresh()
        self.assertFalse(category.active)
        self.assertTrue(option.exists() and category.exists(), "a mapping may point at them")
        self.assertIs(self.shown("action_open_tracking")["Territory"], False)
        self.assertIn("Nothing has changed", self.refresh())

    # ---- contact groups -----------------------------------------------------------------------------

    def test_contact_groups_are_mirrored_renamed_and_archived(self):
        number = self.put("ContactGroups", Name="Friends")["ContactGroupID"]
        self.assertIn("Contact groups (1)", self.refresh())
        group = self.env["xero.contact.group"].search([("xero_id", "=", number)])
        self.assertEqual((group.name, group.company_id), ("Friends", self.company))
        self.put(f"ContactGroups/{number}", Name="Partners")
        self.refresh()
        self.assertEqual(group.name, "Partners")
        self.assertIs(self.shown("action_open_contact_groups")["Partners"], True)
        self.put(f"ContactGroups/{number}", Status="DELETED")
        self.assertIn("Contact groups (1)", self.refresh())
        self.assertEqual((group.exists(), group.active), (group, False))

    # ---- currencies ---------------------------------------------------------------------------------

    def test_currencies_are_shown_and_follow(self):
        self.sim.organisation("NZ", add_currency="CHF")
        self.refresh()
        self.assertIs(self.shown("action_open_currencies")["CHF"], True)
        self.sim.organisation("NZ", remove_currency="CHF")
        self.assertIn("Currencies (1)", self.refresh())
        self.assertIs(self.shown("action_open_currencies")["CHF"], False)

    # ---- lock dates ---------------------------------------------------------------------------------

    def test_the_later_of_both_lock_dates_holds_an_invoice(self):
        """S0.23: EndOfYearLockDate may lie after PeriodLockDate."""
        self.sim.organisation("NZ", period_lock_date="2026-03-31", end_of_year_lock_date="2026-06-30")
        self.assertIn("Organisation (1)", self.refresh())
        locks = str(self.organisation.period_lock_date), str(self.organisation.year_lock_date)
        self.assertEqual(locks, ("2026-03-31", "2026-06-30"))
        tax = self.tax(15)
        self.map_tax(tax, "OUTPUT2")
        self.organisation.revenue_account_id = self.account("200")
        inside, after = self.invoice("2026-06-30", tax), self.invoice("2026-07-01", tax)
        self.sim.clear_calls()
        for _step in self.organisation._sync_steps(XeroRun()):
            self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual((self.link(inside).error_code, self.link(inside).outcome), ("locked_period", "held"))
        self.assertIn("2026", self.link(inside).error_message)
        self.assertEqual(self.link(after).outcome, "synced", self.link(after).error_message)
        self.sim.organisation("NZ", end_of_year_lock_date="2026-03-31")
        self.refresh()
        for _step in self.organisation._sync_steps(XeroRun()):
            self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual(self.link(inside).outcome, "synced", "the lock was moved, and the refresh freed it")

    def invoice(self, date, tax):
        move = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.partner_a.id, "invoice_date": date,
            "invoice_line_ids": [Command.create(
                {"name": "Work", "price_unit": 100, "tax_ids": [Command.set(tax.ids)]})],
        })  # fmt: skip
        move.action_post()
        return move

    def link(self, move):
        return self.env["xero.link"].search([("resource", "=", "Invoices"), ("res_id", "=", move.id)])
