"""A document stops, a person helps it with the button on the screen, and it arrives: over real HTTP."""

from odoo.tests import tagged

from ..engine.common import EngineCommon


@tagged("post_install", "-at_install")
class TestDocumentJourney(EngineCommon):
    def setUp(self):
        super().setUp()
        self.bookkeeper = self.make_user("booker", "account.group_account_invoice,base.group_partner_manager")
        self.manager = self.make_user("keeper", "xero_integration.group_xero_manager")

    def as_user(self, record, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def xero_invoices(self, move):
        return self.sim.books("NZ", "Invoices", InvoiceNumbers=move.name)["Invoices"]

    def doubtful(self):
        """A partner that could be one of two contacts, and its invoice."""
        self.sim.books("NZ", "Contacts", "PUT", {"Contacts": [
            {"Name": name, "EmailAddress": "info@harbour.example"} for name in ("Harbour West", "Harbour East")]})
        partner = self.customer(email="info@harbour.example")
        move = self.invoice(partner)
        self.work()
        return partner, move

    def test_a_posted_invoice_shows_its_number_and_its_page_in_xero(self):
        move = self.invoice()
        self.assertEqual(self.as_user(move, self.bookkeeper).xero_state, "queued")
        self.work()
        shown = self.as_user(move, self.bookkeeper)
        self.assertEqual((shown.xero_state, shown.xero_number, shown.xero_message), ("synced", move.name, False))
        item, = self.xero_invoices(move)
        page = f"/app/{self.organisation.short_code}/invoicing/view/{item['InvoiceID']}"
        self.assertEqual(shown.xero_url, self.sim.url + page)
        self.assertEqual(self.as_user(move.partner_id, self.bookkeeper).xero_state, "synced")
        self.assertFalse(self.env["xero.work.item"].search([]))

    def test_a_contact_that_was_refused_is_corrected_and_takes_its_invoice_along(self):
        partner = self.customer(email="not an address")
        move = self.invoice(partner)
        self.work()
        shown = self.as_user(move, self.bookkeeper)
        self.assertEqual((shown.xero_state, shown.xero_cure), ("waiting", "action_open_waiting_for"))
        opened = shown.action_xero_cure()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("res.partner", partner.id))
        self.assertEqual(self.as_user(partner, self.bookkeeper).xero_state, "failed")
        self.as_user(partner, self.bookkeeper).email = "info@harbour.example"
        self.assertEqual(self.as_user(partner, self.bookkeeper).xero_state, "queued", "it goes again by itself")
        self.work()
        self.assertEqual(self.as_user(move, self.bookkeeper).xero_state, "synced")
        self.assertEqual(len(self.xero_invoices(move)), 1)

    def test_an_ambiguous_contact_is_chosen_and_the_invoice_bears_it(self):
        partner, move = self.doubtful()
        shown = self.as_user(partner, self.manager)
        self.assertEqual((shown.xero_state, shown.xero_cure), ("needs_you", "action_match"))
        wizard = shown.env["xero.contact.match"].browse(shown.action_xero_cure()["res_id"])
        self.assertEqual(set(wizard.line_ids.mapped("name")), {"Harbour West", "Harbour East"})
        west = wizard.line_ids.filtered(lambda line: line.name == "Harbour West")
        west.action_choose()
        self.work()
        item, = self.xero_invoices(move)
        self.assertEqual(item["Contact"]["ContactID"], west.contact_id.xero_id)
        self.assertEqual(self.as_user(move, self.bookkeeper).xero_state, "synced")

    def test_a_contact_is_created_under_another_name(self):
        partner, move = self.doubtful()
        shown = self.as_user(partner, self.manager)
        wizard = shown.env["xero.contact.match"].browse(shown.action_xero_match()["res_id"])
        wizard.write({"mode": "create", "new_name": "Harbour Cafe (Auckland)"})
        wizard.action_confirm()
        self.work()
        item, = self.xero_invoices(move)
        self.assertEqual(item["Contact"]["Name"], "Harbour Cafe (Auckland)")

    def test_a_contact_is_linked_before_any_document_needs_it(self):
        there = self.sim.books("NZ", "Contacts", "PUT", {"Contacts": [{"Name": "Another Name"}]})["Contacts"][0]
        self.invoice(self.customer("Somebody"))
        self.work()  # reads the contacts
        partner = self.customer()
        shown = self.as_user(partner, self.manager)
        self.assertEqual(shown.xero_state, "not_concerned")
        wizard = shown.env["xero.contact.match"].browse(shown.action_xero_match()["res_id"])
        contact = wizard.env["xero.contact"].search([("xero_id", "=", there["ContactID"])])
        wizard.write({"mode": "match", "contact_id": contact.id})
        wizard.action_confirm()
        self.work()
        self.assertEqual((self.link(partner).xero_id, self.link(partner).outcome), (there["ContactID"], "synced"))

    def test_what_is_taken_out_does_not_go_until_it_is_put_back(self):
        move = self.invoice()
        action = self.as_user(move, self.manager).action_xero_exempt()
        wizard = self.as_user(self.env["xero.exempt"], self.manager).with_context(**action["context"])
        wizard.create({"reason": "By hand"}).action_confirm()
        self.work()
        shown = self.as_user(move, self.bookkeeper)
        self.assertEqual((shown.xero_state, shown.xero_message), ("exempt", "Taken out of the sync: By hand"))
        self.assertFalse(self.xero_invoices(move))
        self.assertFalse(self.env["xero.work.item"].search([("res_model", "=", "account.move")]))
        self.as_user(move, self.manager).action_xero_include()
        self.work()
        self.assertEqual(self.as_user(move, self.bookkeeper).xero_state, "synced")
        self.assertEqual(len(self.xero_invoices(move)), 1)

    def test_with_auto_sync_off_it_goes_when_it_is_sent_by_hand(self):
        self.organisation.auto_sync = False
        move = self.invoice()
        self.work()
        self.assertFalse(self.xero_invoices(move))
        shown = self.as_user(move, self.bookkeeper)
        self.assertTrue(shown.xero_can_send)
        shown.action_xero_send()
        self.work()
        self.assertEqual(self.as_user(move, self.bookkeeper).xero_state, "synced")

    def test_what_failed_is_retried_from_the_list_of_work(self):
        self.sim.organisation("NZ", period_lock_date="2026-06-30")
        self.organisation._refresh_reference()
        moves = self.invoice() + self.invoice(self.customer("Other"))
        self.work()
        Item = self.as_user(self.env["xero.work.item"], self.bookkeeper)
        items = Item.search([("state", "=", "needs_you")])
        self.assertEqual(set(items.mapped("res_id")), set(moves.ids))
        self.sim.organisation("NZ", period_lock_date="2026-01-31")
        self.organisation._refresh_reference()
        items.action_retry()
        self.work()
        self.assertEqual(set(self.as_user(moves, self.bookkeeper).mapped("xero_state")), {"synced"})

    def test_a_voided_invoice_says_so(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.as_user(move, self.bookkeeper).xero_state, "voided")
