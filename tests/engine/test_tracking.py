"""Analytic accounts as Xero's tracking options (S0.17, S0.18)."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .tracking_common import TrackingCommon


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
