"""What the tests of tracking share: two plans, one of them mapped to a category."""

from .common import EngineCommon


class TrackingCommon(EngineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["account.analytic.plan"].create({"name": "Region"})
        cls.team = cls.env["account.analytic.plan"].create({"name": "Team"})
        cls.north, cls.south = cls.accounts(cls.region, "North", "South")
        [cls.blue] = cls.accounts(cls.team, "Blue")
        for category in cls.sim.books("NZ", "TrackingCategories")["TrackingCategories"]:
            cls.sim.books("NZ", f"TrackingCategories/{category['TrackingCategoryID']}", "DELETE")
        cls.category = cls.category_of("Region")
        cls.mapping = cls.map_plan(cls.region, cls.category)

    @classmethod
    def accounts(cls, plan, *names):
        return cls.env["account.analytic.account"].create([{"name": name, "plan_id": plan.id} for name in names])

    @classmethod
    def category_of(cls, name, *options):
        """A tracking category that somebody made in Xero, and that was read."""
        made = cls.sim.books("NZ", "TrackingCategories", "PUT", {"Name": name})["TrackingCategories"][0]
        for option in options:
            cls.sim.books("NZ", f"TrackingCategories/{made['TrackingCategoryID']}/Options", "PUT", {"Name": option})
        cls.organisation._refresh_reference()
        categories = cls.organisation.tracking_category_ids
        return categories.filtered(lambda category: category.xero_id == made["TrackingCategoryID"])

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
