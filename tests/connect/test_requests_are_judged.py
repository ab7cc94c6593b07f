"""What this addon asks of Xero is what Xero's own OpenAPI files describe: every call of every test is judged."""

from odoo.tests import tagged

from ..common import XeroCommon, load_judge


@tagged("post_install", "-at_install")
class TestRequestsAreJudged(XeroCommon):
    def setUp(self):
        super().setUp()
        if reason := load_judge().reason():
            self.skipTest(reason)
        self.organisation = self.connect_organisation("NZ")

    def test_a_request_that_xero_does_not_know_is_found_whatever_the_test_does(self):
        for forget in (self.sim.judge, self.sim.clear_calls, self.sim.reset):
            with self.organisation._gateway() as gateway:
                gateway.get("Contacts", pagesize=5)
            with self.assertRaisesRegex(AssertionError, "GET /Contacts: unknown query parameter pagesize"):
                forget()

    def test_what_connecting_testing_and_refreshing_ask_is_what_xero_describes(self):
        self.organisation._run_test()
        self.organisation._refresh_reference()
        asked = {call["path"].rsplit("/", 1)[1] for call in self.sim.calls() if call["method"] == "GET"}
        self.assertGreaterEqual(asked, {
            "connections", "Organisation", "Accounts", "TaxRates", "Currencies", "TrackingCategories", "ContactGroups",
        })  # fmt: skip
        self.sim.judge()
