"""Analytic accounts and Xero's tracking, both ways (S0.17, S0.18)."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import EngineCommon


class TrackingCommon(EngineCommon):
    def setUp(self):
        super().setUp()
        self.region = self.env["account.analytic.plan"].create({"name": "Region"})
        self.team = self.env["account.analytic.plan"].create({"name": "Team"})
        self.north, self.south = self.accounts(self.region, "North", "South")
        [self.blue] = self.accounts(self.team, "Blue")
        for category in self.sim.books("NZ", "TrackingCategories")["TrackingCategories"]:
            self.sim.books("NZ", f"TrackingCategories/{category['TrackingCategoryID']}", "DELETE")
        self.category = self.category_of("Region")
        self.mapping = self.map_plan(self.region, self.category)
        self.sim.clear_calls()

    def accounts(self, plan, *names):
        return self.env["account.analytic.account"].create([{"name": name, "plan_id": plan.id} for name in names])

    def category_of(self, name, *options):
        """A tracking category that somebody made in Xero, and that was read."""
        made = self.sim.books("NZ", "TrackingCategories", "PUT", {"Name": name})["TrackingCategories"][0]
        for option in options:
            self.sim.books("NZ", f"TrackingCategories/{made['TrackingCategoryID']}/Options", "PUT", {"Name": option})
        self.organisation._refresh_reference()
        categories = self.organisation.tracking_category_ids
        return categories.filtered(lambda category: category.xero_id == made["TrackingCategoryID"])

    def map_plan(self, plan, category):
        return self.env["xero.tracking.mapping"].create(
            {"organisation_id": self.organisation.id, "plan_id": plan.id, "category_id": category.id}
        )

    def options(self, name="Region"):
        """{name: option} of a category in Xero's books, archived ones too"""
        for category in self.sim.books("NZ", "TrackingCategories", includeArchived="true")["TrackingCategories"]:
            if category["Name"] == name:
                return {option["Name"]: option for option in category["Options"]}
        return {}

    def change_option(self, name, **values):
        path = f"TrackingCategories/{self.category.xero_id}/Options/{self.options()[name]['TrackingOptionID']}"
        self.sim.books("NZ", path, "POST", values)

    def tracked(self, *distributions, **values):
        return self.invoice(lines=[self.line(analytic_distribution=one) for one in distributions], **values)

    def option_link(self, account):
        return self.env["xero.link"].search([("resource", "=", "TrackingOptions"), ("res_id", "=", account.id)])

    def names_in_xero(self, move):
        """[(LineAmount, TaxAmount, options)] of the invoice's lines in Xero"""
        return [
            (line["LineAmount"], line["TaxAmount"], [entry["Option"] for entry in line["Tracking"]])
            for line in self.in_xero(move)["LineItems"]
        ]


@tagged("post_install", "-at_install")
class TestTrackingOut(TrackingCommon):
    def test_line_bears_the_option_of_its_analytic_account_which_is_created_on_demand(self):
        """S0.18"""
        move = self.tracked({str(self.north.id): 100})
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.names_in_xero(move), [(100.0, 15.0, ["North"])])
        self.assertEqual(list(self.options()), ["North"], "accounts that no document needs stay here")
        self.assertEqual(self.option_link(self.north).xero_id, self.options()["North"]["TrackingOptionID"])
        self.work_again()
        self.assertFalse(self.writes())

    def test_distribution_splits_the_line_and_an_update_keeps_its_parts(self):
        move = self.tracked({str(self.north.id): 66.67, f"{self.south.id},{self.blue.id}": 33.33})
        self.work()
        self.assertSynced(move)
        before = self.in_xero(move)
        parts = {entry[2][0]: entry[:2] for entry in self.names_in_xero(move)}
        self.assertEqual(parts, {"North": (66.67, 10.0), "South": (33.33, 5.0)})
        self.assertEqual((before["Total"], before["TotalTax"]), (115.0, 15.0))
        move.ref = "Order 7"
        self.work()
        after = self.in_xero(move)
        ids = [[line["LineItemID"] for line in one["LineItems"]] for one in (before, after)]
        self.assertEqual(*ids)
        self.assertEqual((after["Reference"], after["Total"]), ("Order 7", 115.0))

    def test_two_plans_stand_together_on_a_line_and_an_unmapped_one_is_not_sent(self):
        self.map_plan(self.team, self.category_of("Team"))
        [other] = self.accounts(self.env["account.analytic.plan"].create({"name": "Other"}), "Secret")
        move = self.tracked({f"{self.north.id},{self.blue.id},{other.id}": 100})
        self.work()
        self.assertEqual([sorted(one[2]) for one in self.names_in_xero(move)], [["Blue", "North"]])

    def test_option_of_that_name_is_taken_in_any_case_of_letters_and_none_is_doubled(self):
        """S0.17"""
        self.sim.books("NZ", f"TrackingCategories/{self.category.xero_id}/Options", "PUT", {"Name": "nORTH"})
        self.organisation._refresh_reference()
        move = self.tracked({str(self.north.id): 100})
        self.work()
        self.assertEqual((list(self.options()), self.names_in_xero(move)[0][2]), (["nORTH"], ["nORTH"]))

    def test_option_that_was_made_meanwhile_is_found(self):
        self.sim.books("NZ", f"TrackingCategories/{self.category.xero_id}/Options", "PUT", {"Name": "North"})
        move = self.tracked({str(self.north.id): 100})
        self.work()
        self.assertSynced(move)
        self.assertEqual(list(self.options()), ["North"])

    def test_rename_and_archive_follow_to_xero(self):
        """S0.17"""
        self.tracked({str(self.north.id): 100})
        self.work()
        self.north.name = "Far North"
        self.work()
        self.assertEqual(list(self.options()), ["Far North"])
        self.north.active = False
        self.work()
        self.assertEqual(self.options()["Far North"]["Status"], "ARCHIVED")
        self.south.name = "Nobody needs it"
        self.work_again()
        self.assertFalse(self.writes())

    def test_document_with_an_archived_account_waits_for_a_person(self):
        first = self.tracked({str(self.north.id): 100})
        self.work()
        self.north.active = False
        move = self.tracked({str(self.north.id): 100}, partner=first.partner_id)
        self.work()
        self.assertStopped(move, "tracking_archived", "held")
        self.north.active = True
        self.work()
        self.env["xero.change"]._append(move, "retry", by_hand=True)
        self.work()
        self.assertSynced(move)

    def test_two_accounts_of_one_name_do_not_share_an_option(self):
        [twin] = self.accounts(self.region, "North")
        move = self.tracked({str(self.north.id): 50, str(twin.id): 50})
        self.work()
        held = (self.option_link(self.north) | self.option_link(twin)).filtered(lambda link: link.outcome == "held")
        self.assertEqual(held.error_code, "option_linked")
        self.assertStopped(move, "tracking_first", "waiting")
        twin.name = "North 2"
        self.work()
        self.assertSynced(move)

    def test_hundred_options_are_all_that_a_category_takes(self):
        self.env["xero.tracking.option"].create([
            {"category_id": self.category.id, "xero_id": f"x{number}", "name": f"Old {number}"} for number in range(100)
        ])  # fmt: skip
        move = self.tracked({str(self.north.id): 100})
        self.work()
        link = self.option_link(self.north)
        self.assertEqual((link.outcome, link.error_code), ("held", "tracking_full"))
        self.assertIn("100 options", link.error_message)
        self.assertStopped(move, "tracking_first", "waiting")
        self.assertFalse(self.writes("Tracking"))

    def test_value_that_xero_drops_silently_is_reported(self):
        first = self.tracked({str(self.north.id): 100})
        self.work()
        self.change_option("North", Status="ARCHIVED")  # nobody has told us yet
        move = self.tracked({str(self.north.id): 100}, partner=first.partner_id)
        self.work()
        self.assertStopped(move, "tracking_dropped", "conflict")
        self.assertIn("Region: North", self.link(move).error_message)
        self.change_option("North", Status="ACTIVE")
        self.env["xero.change"]._append(move, "retry", by_hand=True)
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.names_in_xero(move)[0][2], ["North"])

    def test_option_deleted_in_xero_is_made_anew(self):
        self.tracked({str(self.north.id): 100})
        self.work()
        path = f"TrackingCategories/{self.category.xero_id}/Options/{self.options()['North']['TrackingOptionID']}"
        self.sim.books("NZ", path, "DELETE")
        self.north.name = "North again"
        self.work()
        self.assertEqual(list(self.options()), ["North again"])
        self.assertEqual(self.option_link(self.north).outcome, "synced")

    def test_distribution_of_more_than_the_line_is_stopped_with_a_sentence(self):
        move = self.tracked({str(self.north.id): 80, str(self.south.id): 80})
        self.work()
        self.assertStopped(move, "tracking_share", "failed")
        self.assertIn("160 %", self.link(move).error_message)

    def test_tracking_stays_here_where_it_does_not_go(self):
        self.directions(tracking="off")
        move = self.tracked({str(self.north.id): 50, str(self.south.id): 50})
        self.work()
        self.assertEqual(self.names_in_xero(move), [(100.0, 15.0, [])])
        self.assertFalse(self.options())

    def test_category_is_created_at_the_press_of_a_button_and_mapped(self):
        mapping = self.map_plan(self.team, self.env["xero.tracking.category"])
        self.assertIn("Create in Xero", mapping.trouble)
        mapping.action_create_in_xero()
        self.work()
        self.assertEqual(mapping.category_id.name, "Team")
        self.assertEqual(len(self.writes("TrackingCategories")), 1)
        third = self.map_plan(self.env["account.analytic.plan"].create({"name": "Third"}), mapping.category_id.browse())
        with self.assertRaisesRegex(UserError, "2 active"):
            third.action_create_in_xero()

    def test_propose_maps_equal_names_and_parts_of_a_plan_are_refused(self):
        self.category_of("team")
        self.organisation.action_propose_mappings()
        mapped = {m.plan_id: m.category_id.name for m in self.organisation.tracking_mapping_ids}
        self.assertEqual((mapped[self.team], mapped[self.region]), ("team", "Region"))
        part = self.env["account.analytic.plan"].create({"name": "Coast", "parent_id": self.region.id})
        with self.assertRaisesRegex(ValidationError, "Map Region"):
            self.map_plan(part, self.env["xero.tracking.category"])

    def test_answer_that_is_lost_makes_no_second_option(self):
        for kind in ("drop_after", "drop_before"):
            with self.subTest(kind=kind):
                [account] = self.accounts(self.region, f"Lost {kind}")
                self.sim.fault(kind, match={"path": "/TrackingCategories", "method": "PUT"}, times=2)
                move = self.tracked({str(account.id): 100}, partner=self.customer(kind))
                self.work()
                self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
                self.organisation.parked_until = False
                self.work()
                self.assertEqual(self.names_in_xero(move)[0][2], [account.name])
                self.assertEqual(sum(name == account.name for name in self.options()), 1)


@tagged("post_install", "-at_install")
class TestTrackingIn(TrackingCommon):
    def setUp(self):
        super().setUp()
        income = self.company_data["default_account_revenue"]
        sales = self.organisation.account_ids.filtered(lambda account: account.code == "200")
        self.env["xero.account.mapping"].create(
            {"organisation_id": self.organisation.id, "account_id": income.id, "xero_account_id": sales.id}
        )
        self.organisation.pull_from = False
        self.partner = self.customer()
        self.first = self.invoice(self.partner, [self.line(analytic_distribution={str(self.north.id): 100})])
        self.work()
        self.assertSynced(self.first)
        self.directions("both", contacts="push", payments="off")

    def option(self, name):
        self.sim.books("NZ", f"TrackingCategories/{self.category.xero_id}/Options", "PUT", {"Name": name})
        return self.options()[name]["TrackingOptionID"]

    def theirs(self, option_id, category=None):
        entry = {"TrackingCategoryID": (category or self.category).xero_id, "TrackingOptionID": option_id}
        return self.sim.books("NZ", "Invoices", "PUT", {
            "Type": "ACCREC", "Contact": {"ContactID": self.link(self.partner).xero_id}, "InvoiceNumber": "INV-0042",
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
