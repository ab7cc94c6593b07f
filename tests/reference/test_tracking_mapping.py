"""Who may map analytic plans to tracking categories, in which company, and what it costs (S0.17, S0.18)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.xero_integration.models.tracking_source import TrackingSource

from ..common import MANAGER
from .common import ReferenceCommon

ANALYTIC = "analytic.group_analytic_accounting"


class TrackingMappingCommon(ReferenceCommon):
    def setUp(self):
        super().setUp()
        self.region = self.env["account.analytic.plan"].create({"name": "Regions"})
        self.category = self.organisation.tracking_category_ids.filtered(lambda category: category.name == "Region")

    def map_plan(self, plan=None, category=None, organisation=None):
        return self.env["xero.tracking.mapping"].create({
            "organisation_id": (organisation or self.organisation).id, "plan_id": (plan or self.region).id,
            "category_id": (self.category if category is None else category).id,
        })  # fmt: skip

    def accounts(self, count, plan=None):
        return self.env["account.analytic.account"].create([
            {"name": f"A{number}", "plan_id": (plan or self.region).id} for number in range(count)
        ])  # fmt: skip

    def book(self, account, amount=10.0):
        """A posted document that bears an analytic account."""
        move = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.partner_a.id, "company_id": self.company.id,
            "invoice_date": "2026-06-01", "invoice_line_ids": [(0, 0, {
                "name": "Work", "price_unit": amount, "tax_ids": [],
                "analytic_distribution": {str(account.id): 100}})],
        })  # fmt: skip
        move.action_post()
        return move

    def gaps(self, user=None):
        Gap = self.env["xero.mapping.gap"].with_user(user or self.env.user)
        return Gap.search([("organisation_id", "=", self.organisation.id), ("kind", "=", "plan")])


@tagged("post_install", "-at_install")
class TestRights(TrackingMappingCommon):
    def test_only_who_manages_the_integration_may_map(self):
        """Accountants, internal and portal users may neither see, nor change, nor create a category in Xero"""
        mapping = self.map_plan(category=self.category.browse())
        for login, groups in (
            ("accountant", f"account.group_account_manager,{ANALYTIC}"), ("clerk", f"base.group_user,{ANALYTIC}"),
            ("guest", "base.group_portal"),
        ):  # fmt: skip
            user = self.make_user(login, groups)
            theirs = mapping.with_user(user)
            with self.subTest(login=login):
                for forbidden in (
                    lambda theirs=theirs: theirs.read(["plan_id"]),
                    lambda theirs=theirs: theirs.write({"category_id": self.category.id}),
                    lambda theirs=theirs: theirs.unlink(),
                    lambda theirs=theirs: theirs.create({
                        "organisation_id": self.organisation.id, "plan_id": self.region.id}),
                    lambda theirs=theirs: theirs.action_create_in_xero(),
                    lambda user=user: self.organisation.tracking_category_ids.with_user(user).read(["name"]),
                    lambda user=user: self.gaps(user),
                ):  # fmt: skip
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        forbidden()
        self.assertFalse(self.env["xero.change"].search([("resource", "=", "TrackingCategories")]))

    def test_manager_with_analytic_accounting_maps_and_creates(self):
        keeper = self.make_user("keeper", f"{MANAGER},{ANALYTIC}")
        with Form(self.env["xero.tracking.mapping"].with_user(keeper).with_context(
                default_organisation_id=self.organisation.id)) as form:  # fmt: skip
            form.plan_id = self.region
            form.category_id = self.category
        self.assertEqual(form.record.display_name, "Regions → Region")
        team = self.env["account.analytic.plan"].create({"name": "Teams"})
        (self.organisation.tracking_category_ids - self.category).active = False  # there is room for one
        self.organisation.invalidate_recordset(["tracking_category_ids"])
        self.map_plan(team, self.category.browse()).with_user(keeper).action_create_in_xero()
        change = self.env["xero.change"].search([("resource", "=", "TrackingCategories")])
        self.assertEqual((change.res_id, change.kind), (team.id, "create"))

    def test_manager_without_analytic_accounting_can_work_on_the_organisation(self):
        """Plans are not theirs to see: neither the page, nor what is unmapped, stands in the way"""
        [account] = self.accounts(1)
        self.book(account)
        keeper = self.make_user("keeper", MANAGER)
        self.assertNotIn("page_tracking", self.organisation.with_user(keeper).get_view(view_type="form")["arch"])
        self.assertFalse(self.gaps(keeper))
        self.assertFalse(self.organisation.with_user(keeper).gap_ids.filtered(lambda gap: gap.kind == "plan"))
        self.organisation.with_user(keeper).action_propose_mappings()

    def test_mappings_of_other_companies_are_neither_seen_nor_mixed(self):
        self.map_plan()
        theirs = self.other_company()
        self.set_currency("AUD", theirs)
        other = self.connect_organisation("AU", company_id=theirs.id)
        other._refresh_reference()
        stranger = self.make_user("stranger", f"{MANAGER},{ANALYTIC}", theirs)
        there = self.env["xero.tracking.mapping"].with_user(stranger).with_context(allowed_company_ids=theirs.ids)
        self.assertFalse(there.search([]))
        mapping = self.map_plan(category=other.tracking_category_ids[:1], organisation=other)
        self.assertEqual(there.search([]), mapping, "one plan may be mapped in each organisation")
        self.assertRefused(
            ["belongs to", other.name], self.map_plan, self.env["account.analytic.plan"].create({"name": "Teams"}),
            other.tracking_category_ids[:1],
        )  # fmt: skip


@tagged("post_install", "-at_install")
class TestStillUnmapped(TrackingMappingCommon):
    def setUp(self):
        super().setUp()
        [self.north] = self.accounts(1)

    def test_plan_is_listed_as_soon_as_a_posted_document_uses_it(self):
        self.assertFalse(self.gaps())
        self.book(self.north)
        gap = self.gaps()
        self.assertEqual((gap.name, gap.use_count, gap.creatable), ("Regions", 1, False))
        self.assertIn("2 categories", gap.reason)

    def test_it_is_mapped_or_created_from_its_row(self):
        self.book(self.north)
        for category in self.sim.books(self.country, "TrackingCategories")["TrackingCategories"]:
            self.sim.books(self.country, f"TrackingCategories/{category['TrackingCategoryID']}", "DELETE")
        self.organisation._refresh_reference()
        gap = self.gaps()
        self.assertTrue(gap.creatable)
        gap.action_create_in_xero()
        self.assertEqual(self.env["xero.change"].search([("resource", "=", "TrackingCategories")]).res_id,
                         self.region.id)  # fmt: skip
        action = gap.action_map()
        with Form(self.env[action["res_model"]].with_context(**action["context"])) as form:
            self.assertEqual(form.plan_id, self.region)

    def test_category_of_the_same_name_is_named(self):
        self.region.name = "region"
        self.book(self.north)
        self.assertIn("Propose", self.gaps().reason)
        self.organisation.action_propose_mappings()
        self.assertFalse(self.gaps())

    def test_two_mapped_plans_leave_no_room_and_no_gap(self):
        self.book(self.north)
        categories = self.organisation.tracking_category_ids
        self.assertEqual(len(categories), 2)
        for category in categories:
            self.map_plan(self.env["account.analytic.plan"].create({"name": category.name}), category)
        self.assertFalse(self.gaps())
        third = self.map_plan(category=self.category.browse())
        with self.assertRaisesRegex(UserError, "2 active"):
            third.action_create_in_xero()

    def test_where_tracking_does_not_go_there_is_none(self):
        self.book(self.north)
        for direction, listed in (("pull", False), ("off", False), ("push", True)):
            self.organisation.policy_ids.filtered(lambda policy: policy.kind == "tracking").direction = direction
            self.env.invalidate_all()
            self.assertEqual(bool(self.gaps()), listed, direction)

    def test_documents_of_another_company_do_not_count(self):
        theirs = self.other_company()
        self.env["account.move"].with_company(theirs).create({
            "move_type": "out_invoice", "partner_id": self.partner_a.id, "company_id": theirs.id,
            "invoice_date": "2026-06-01", "invoice_line_ids": [(0, 0, {
                "name": "Work", "price_unit": 1, "tax_ids": [],
                "analytic_distribution": {str(self.north.id): 100}})],
        }).action_post()  # fmt: skip
        self.assertFalse(self.gaps())


@tagged("post_install", "-at_install")
class TestCost(TrackingMappingCommon):
    def test_thirty_analytic_accounts_cost_no_more_queries_than_three(self):
        self.map_plan()
        accounts = self.accounts(30)
        options = self.env["xero.tracking.option"].create([
            {"category_id": self.category.id, "xero_id": f"option-{account.id}", "name": account.name}
            for account in accounts
        ])  # fmt: skip
        self.env["xero.link"].create([
            {"organisation_id": self.organisation.id, "company_id": self.company.id, "resource": "TrackingOptions",
             "res_model": account._name, "res_id": account.id, "xero_id": option.xero_id, "outcome": "synced",
             "parent_xero_id": self.category.xero_id}
            for account, option in zip(accounts, options, strict=True)
        ])  # fmt: skip

        def queries(some):
            rows = [{"name": "Work", "analytic_distribution": {str(account.id): 100}} for account in some]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            source = TrackingSource(self.organisation, rows)
            shares = [source.shares(row) for row in rows]
            self.assertTrue(all(shares))
            return self.env.cr.sql_log_count - before

        queries(accounts)
        self.assertLessEqual(queries(accounts), queries(accounts[:3]))

    def test_list_of_what_is_unmapped_costs_the_same_for_any_number_of_accounts(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.gaps().mapped("reason")
            return self.env.cr.sql_log_count - before

        self.book(self.accounts(1))
        queries()
        few = queries()
        for account in self.accounts(12):
            self.book(account)
        self.assertLessEqual(queries(), few)
