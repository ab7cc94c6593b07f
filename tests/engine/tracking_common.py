"""What the tests of tracking share: two plans, one of them mapped to a category."""

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
