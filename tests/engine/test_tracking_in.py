"""Xero's tracking on its way in, and what both sides say of it (S0.17, S0.18)."""

from odoo.tests import tagged

from .tracking_common import TrackingCommon


@tagged("post_install", "-at_install")
class TestTrackingIn(TrackingCommon):
    def setUp(self):
        super().setUp()
        self.map_account(self.company_data["default_account_revenue"], "200")
        self.organisation.pull_from = False
        self.partner = self.customer()
        self.first = self.invoice(self.partner, [self.line(analytic_distribution={str(self.north.id): 100})])
        self.work()
        self.assertSynced(self.first)
        self.directions("both", contacts="push", payments="off")

    def option(self, name):
        self.sim.books("NZ", f"TrackingCategories/{self.category.xero_id}/Options", "PUT", {"Name": name})
        return self.options()[name]["TrackingOptionID"]

    def theirs(self, option_id, category=None, number="INV-0042"):
        entry = {"TrackingCategoryID": (category or self.category).xero_id, "TrackingOptionID": option_id}
        return self.sim.books("NZ", "Invoices", "PUT", {
            "Type": "ACCREC", "Contact": {"ContactID": self.link(self.partner).xero_id}, "InvoiceNumber": number,
            "Date": "2026-06-03", "DueDate": "2026-07-03", "Status": "AUTHORISED", "LineAmountTypes": "Exclusive",
            "LineItems": [{"Description": "Advice", "Quantity": 1, "UnitAmount": 50, "AccountCode": "200",
                           "TaxType": "OUTPUT2", "Tracking": [entry]}],
        })["Invoices"][0]  # fmt: skip

    def of(self, item):
        link = self.env["xero.link"].search([("xero_id", "=", item["InvoiceID"])])
        return link, self.env["account.move"].browse(link.res_id).exists()

    def test_option_of_a_received_line_is_its_analytic_account(self):
        item = self.theirs(self.option_link(self.north).xero_id)
        self.work_again()
        link, move = self.of(item)
        self.assertEqual(link.outcome, "synced", link.error_message)
        self.assertEqual(move.invoice_line_ids.analytic_distribution, {str(self.north.id): 100})
        self.assertFalse(self.writes())
        self.work_again()
        self.assertFalse(self.writes())

    def test_unknown_option_becomes_an_analytic_account(self):
        item = self.theirs(self.option("West"))
        self.work_again()
        link, move = self.of(item)
        self.assertEqual(link.outcome, "synced", link.error_message)
        west = self.env["account.analytic.account"].search([("name", "=", "West"), ("plan_id", "=", self.region.id)])
        self.assertEqual(move.invoice_line_ids.analytic_distribution, {str(west.id): 100})
        self.assertFalse(self.writes())

    def test_option_made_after_the_last_look_comes_with_its_document(self):
        self.work_again()
        item = self.theirs(self.option("West"))
        self.env["xero.cursor"].search([("resource", "=", "Invoices")]).write(
            {"due_at": False, "read_at": "2026-01-01"}
        )
        self.work()
        self.assertEqual(self.of(item)[0].outcome, "synced", self.of(item)[0].error_message)
        self.assertTrue(self.env["account.analytic.account"].search_count([("name", "=", "West")]))

    def test_option_of_a_deleted_account_comes_back_with_its_document_whichever_way_tracking_goes(self):
        """Also with one that comes before the worker knows of the deletion"""
        option_id = self.option_link(self.north).xero_id
        self.first.button_draft()  # Odoo deletes none with analytic items
        for number, (direction, known) in enumerate((("pull", True), ("pull", False), ("both", False))):
            with self.subTest(direction, known=known):
                self.directions(tracking=direction)
                self.region.account_ids.filtered(lambda account: account.name == "North").unlink()
                if known:
                    self.work_again()
                    self.assertNotIn("North", self.region.account_ids.mapped("name"), "it does not come by itself")
                item = self.theirs(option_id, number=f"INV-{number}")
                self.work_again()
                link, move = self.of(item)
                self.assertEqual((link.outcome, link.error_message), ("synced", ""))
                north = self.region.account_ids.filtered(lambda account: account.name == "North")
                self.assertEqual(move.invoice_line_ids.analytic_distribution, {str(north.id): 100})
                move.button_draft()

    def test_where_tracking_does_not_come_it_is_not_taken(self):
        self.directions(tracking="push")
        item = self.theirs(self.option("West"))
        self.work_again()
        link, move = self.of(item)
        self.assertEqual(link.outcome, "synced", link.error_message)
        self.assertFalse(move.invoice_line_ids.analytic_distribution)

    def test_category_without_a_plan_is_ignored_and_what_odoo_says_of_it_stays(self):
        link = self.link(self.first)
        self.first.invoice_line_ids.analytic_distribution = {f"{self.north.id},{self.blue.id}": 100}
        self.work_again()
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": link.xero_id, "Reference": "Theirs"})
        self.work_again()
        self.assertEqual(self.first.ref, "Theirs")
        self.assertEqual(self.first.invoice_line_ids.analytic_distribution, {f"{self.north.id},{self.blue.id}": 100})

    def test_what_a_bookkeeper_tracks_in_another_category_stays(self):
        team = self.category_of("Team", "Blue")
        move = self.first
        item = self.in_xero(move)
        blue = self.options("Team")["Blue"]["TrackingOptionID"]
        line = item["LineItems"][0]
        entries = [*line["Tracking"], {"TrackingCategoryID": team.xero_id, "TrackingOptionID": blue}]
        self.sim.books("NZ", "Invoices", "POST", {
            "InvoiceID": item["InvoiceID"], "LineItems": [{"LineItemID": line["LineItemID"], "Tracking": entries}],
        })  # fmt: skip
        self.work_again()
        move.invoice_line_ids.analytic_distribution = {str(self.south.id): 100}
        self.work()
        self.assertEqual(sorted(self.names_in_xero(move)[0][2]), ["Blue", "South"])
        move.invoice_line_ids.analytic_distribution = False
        self.work()
        self.assertEqual(self.names_in_xero(move)[0][2], ["Blue"])

    def test_option_renamed_or_archived_in_xero_is_followed(self):
        self.work_again()
        self.change_option("North", Name="Upper North")
        self.work_again()
        self.assertEqual(self.north.name, "Upper North")
        self.change_option("Upper North", Status="ARCHIVED")
        self.work_again()
        self.assertFalse(self.north.active)
        self.assertFalse(self.writes())

    def test_split_lines_stay_one_line_here_when_something_else_changes(self):
        move = self.invoice(self.partner, [
            self.line(analytic_distribution={str(self.north.id): 60, str(self.south.id): 40}), self.line(20),
        ])  # fmt: skip
        self.work_again()
        lines, link = move.invoice_line_ids, self.link(move)
        self.assertSynced(move)
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": link.xero_id, "Reference": "Theirs"})
        self.work_again()
        self.assertSynced(move)
        self.assertEqual((move.invoice_line_ids, move.ref, move.amount_total), (lines, "Theirs", 138.0))
        move.ref = "Ours"
        self.work_again()
        self.assertEqual(len(self.in_xero(move)["LineItems"]), 3)
        self.assertEqual(sum(line["LineAmount"] for line in self.in_xero(move)["LineItems"]), 120.0)

    def test_split_line_that_is_changed_in_xero_comes_as_its_parts(self):
        move = self.invoice(self.partner, [
            self.line(analytic_distribution={str(self.north.id): 60, str(self.south.id): 40}),
        ])  # fmt: skip
        self.work_again()
        item = self.in_xero(move)
        first, second = sorted(item["LineItems"], key=lambda line: line["Tracking"][0]["Option"])
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": item["InvoiceID"], "LineItems": [
            {"LineItemID": first["LineItemID"], "Quantity": 1, "UnitAmount": 70, "LineAmount": 70, "TaxAmount": 10.5},
            {"LineItemID": second["LineItemID"]},
        ]})  # fmt: skip
        self.work_again()
        self.assertSynced(move)
        found = {(line.price_subtotal, tuple(line.analytic_distribution)) for line in move.invoice_line_ids}
        self.assertEqual(found, {(70.0, (str(self.north.id),)), (40.0, (str(self.south.id),))})
        self.assertEqual(move.amount_total, 126.5)
        self.work_again()
        self.assertFalse(self.writes())

    def test_tracking_changed_on_both_sides_is_shown_to_a_person(self):
        self.work_again()
        item = self.in_xero(self.first)
        south = self.option("South")
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": item["InvoiceID"], "LineItems": [
            {"LineItemID": item["LineItems"][0]["LineItemID"], "Tracking": [
                {"TrackingCategoryID": self.category.xero_id, "TrackingOptionID": south}]},
        ]})  # fmt: skip
        self.first.invoice_line_ids.analytic_distribution = False
        self.work_again()
        row = self.env["xero.difference"].search([("link_id", "=", self.link(self.first).id)])
        self.assertEqual(row.values, [{"label": "Tracking", "odoo": "", "xero": "South"}])
        row.action_take_xero()
        self.work()
        line = self.first.invoice_line_ids
        self.assertEqual(line.distribution_analytic_account_ids.name, "South")
