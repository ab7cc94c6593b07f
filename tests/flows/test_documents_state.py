"""An invoice and a contact show how far they got on their way to Xero, and the list can be searched by it."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from .common import ScreensCommon


@tagged("post_install", "-at_install")
class TestDocumentState(ScreensCommon):
    second_company = True

    def test_what_has_nothing_to_do_with_xero_shows_nothing(self):
        draft = self.make_invoice(post=False)
        self.assertState(draft, "not_concerned")
        self.assertFalse(draft.xero_message or draft.xero_number or draft.xero_url or draft.xero_link_ids)
        self.assertState(self.make_invoice(move_type="entry", post=False), "not_concerned")
        self.assertState(self.partner_a, "not_concerned")

    def test_a_document_of_a_company_without_an_organisation_shows_nothing(self):
        self.organisation.write({"state": "disconnected", "active": False})
        self.assertState(self.make_invoice(), "not_concerned")

    def test_an_unsaved_document_can_be_shown(self):
        new = self.env["account.move"].new({"move_type": "out_invoice"})
        self.assertEqual(new.xero_state, "not_concerned")

    def test_a_posted_document_is_queued_at_once(self):
        self.assertState(self.make_invoice(forget=False), "queued")

    def test_a_posted_document_that_nobody_queued_is_not_sent(self):
        move = self.make_invoice()
        self.assertState(move, "not_sent")
        self.assertTrue(move.xero_can_send)

    def test_a_document_of_another_journal_is_not_sent_only_where_it_belongs(self):
        other = self.company_data["default_journal_sale"].copy({"name": "Shop", "code": "SHOP"})
        self.organisation.journal_ids = other
        self.assertState(self.make_invoice(), "not_concerned")
        self.assertState(self.make_invoice(journal_id=other.id), "not_sent")

    def test_every_outcome_has_its_state(self):
        states = {
            "synced": "synced", "waiting": "waiting", "in_doubt": "checking", "failed": "failed",
            "conflict": "conflict", "held": "needs_you", "exempt": "exempt", "gone": "gone",
        }
        self.assertEqual(set(states), set(dict(self.env["xero.link"]._fields["outcome"].selection)))
        for outcome, state in states.items():
            move = self.make_invoice()
            self.make_link(move, outcome, error_code="record_gone" if outcome == "gone" else False)
            self.assertState(move, state)

    def test_a_voided_document_says_so(self):
        move = self.make_invoice()
        self.make_synced(move, xero_status="VOIDED")
        self.assertState(move, "voided")

    def test_a_change_behind_a_failure_means_that_it_goes_again(self):
        move = self.make_invoice()
        self.make_link(move, "failed", error_code="number_missing")
        self.env["xero.change"]._append(move)
        self.assertState(move, "queued")

    def test_what_is_in_doubt_stays_so_until_it_is_settled(self):
        move = self.make_invoice()
        self.make_link(move, "in_doubt", error_code="in_doubt")
        self.env["xero.change"]._append(move)
        self.assertState(move, "checking")

    def test_a_change_of_an_exempt_document_leaves_it_exempt_until_it_is_put_back(self):
        move = self.make_invoice()
        self.make_link(move, "exempt", error_data={"reason": "Entered by hand"})
        self.env["xero.change"]._append(move)
        self.assertState(move, "exempt")
        self.assertIn("Entered by hand", move.xero_message)
        self.env["xero.change"]._append(move, "include", by_hand=True)
        self.assertState(move, "queued")

    def test_of_several_organisations_the_worst_is_shown_by_name(self):
        second = self.make_organisation("Roo Pty", self.company)
        move = self.make_invoice()
        self.make_synced(move)
        self.make_link(move, "failed", second, error_code="refused", error_data={"detail": "No."})
        self.assertState(move, "failed")
        self.assertEqual(move.xero_link_count, 2)
        self.assertTrue(move.xero_message.startswith("Roo Pty: Xero refused it: No."), move.xero_message)
        self.assertEqual(move.xero_number, move.name, "the number it has in the organisation that took it")

    def test_another_companys_links_of_a_shared_contact_stay_there(self):
        theirs = self.theirs["company"]
        organisation = self.make_organisation("Theirs", theirs)
        self.make_link(self.partner_a, "failed", organisation, error_code="contact_name_missing")
        self.assertState(self.partner_a.with_context(allowed_company_ids=self.company.ids), "not_concerned")
        self.assertState(self.partner_a.with_context(allowed_company_ids=(self.company + theirs).ids), "failed")

    def test_the_search_takes_several_states_and_their_negation(self):
        moves = self.env["account.move"]
        for outcome in ("synced", "failed", "held"):
            move = self.make_invoice()
            self.make_link(move, outcome)
            moves += move
        mine = [("id", "in", moves.ids)]
        self.assertEqual(moves.search([*mine, ("xero_state", "in", ("failed", "needs_you"))]), moves[1:].sorted())
        self.assertEqual(moves.search([*mine, ("xero_state", "not in", ("failed", "needs_you"))]), moves[0])
        self.assertEqual(moves.search([*mine, ("xero_state", "!=", "failed")]), (moves[0] + moves[2]).sorted())

    def test_the_documents_that_a_resource_carries_are_the_ones_the_search_knows(self):
        from odoo.addons.xero_integration.models.resource_documents import KIND_OF

        carried = {
            move_type for move_type, _label in self.env["account.move"]._fields["move_type"].selection
            for resource in self.env["xero.resource"]._serving("account.move")
            if resource._wanted(self.env["account.move"].new({"move_type": move_type}))
        }
        self.assertEqual(carried, set(KIND_OF))

    def test_eighty_invoices_cost_as_many_queries_as_one(self):
        """No query per row (S1.18)."""
        moves = self.env["account.move"].concat(*(self.make_invoice(post=False) for _ in range(80)))
        moves.action_post()
        for index, move in enumerate(moves):
            if index % 4:
                self.make_link(move, ("failed", "held", "synced")[index % 3], error_code="number_missing")

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            records = records.with_user(self.bookkeeper).with_context(allowed_company_ids=self.company.ids)
            records.mapped("state")
            self.env["res.users"].browse(self.bookkeeper.id).has_group("account.group_account_invoice")
            before = self.cr.sql_log_count
            records.mapped("xero_message")
            records.mapped("xero_state")
            return self.cr.sql_log_count - before

        count(moves)  # caches of models, rules and rights are warm from here
        one, eighty = count(moves[1]), count(moves)
        self.assertLessEqual(eighty, one + 1, "the same queries, give or take what one row does not have")
        self.assertLessEqual(eighty, 8)


@tagged("post_install", "-at_install")
class TestDocumentWords(ScreensCommon):
    def test_messages_are_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        move = self.make_invoice()
        link = self.make_link(move, "failed", error_code="number_missing")
        french = {"The document has no number yet. Give it one.": "Le document n'a pas encore de numéro."}
        known = {("xero_integration", "fr_FR"): french}
        with patch.dict(code_translations.python_translations, known):
            english, shown = (move.with_context(lang=lang).xero_message for lang in ("en_US", "fr_FR"))
            self.assertEqual(shown, french[english])
            self.assertEqual(link.with_context(lang="fr_FR").error_message, shown)

    def test_a_queued_document_says_why_it_does_not_move(self):
        move = self.make_invoice(forget=False)
        self.assertEqual(move.xero_message, "On its way to Xero.")
        self.organisation.auto_sync = False
        move.invalidate_recordset()
        self.assertIn("Automatic sync is off", move.xero_message)
        self.assertTrue(move.xero_can_send)
        self.organisation.parked_until = fields.Datetime.now() + timedelta(hours=1)
        move.invalidate_recordset()
        self.assertIn("goes by itself after", move.xero_message)
        self.organisation.state = "disconnected"
        move.invalidate_recordset()
        self.assertIn("Kiwi Ltd is not connected", move.xero_message)
        self.assertFalse(move.xero_can_send, "sending by hand would not move it either")

    def test_the_address_in_xero_names_the_organisation_and_the_document(self):
        move = self.make_invoice()
        self.make_synced(move, xero_id="1111")
        self.make_synced(self.partner_a, xero_id="2222")
        link = type(self.env["xero.link"])
        with patch.object(link, "_xero_pages_base", lambda self: "https://go.xero.com"):
            self.assertEqual(move.xero_url, "https://go.xero.com/app/!kiwi/invoicing/view/1111")
            self.assertEqual(self.partner_a.xero_url, "https://go.xero.com/app/!kiwi/contacts/contact/2222")
        self.assertEqual(move.action_xero_open(), {
            "type": "ir.actions.act_url", "url": move.xero_url, "target": "new"})


@tagged("post_install", "-at_install")
class TestDocumentRights(ScreensCommon):
    """Bookkeepers see and retry, managers decide, others see nothing of Xero."""

    second_company = True

    def as_user(self, record, user):
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def test_bookkeepers_and_auditors_see_the_state_without_the_manager_group(self):
        move = self.make_invoice()
        self.make_link(move, "failed", error_code="number_missing")
        for user in (self.bookkeeper, self.auditor):
            shown = self.as_user(move, user)
            self.assertEqual((shown.xero_state, shown.xero_link_count), ("failed", 1))
            self.assertTrue(shown.xero_message)

    def test_other_people_do_not(self):
        self.make_link(self.partner_a, "failed")
        with self.assertRaises(AccessError):
            self.as_user(self.partner_a, self.clerk).read(["xero_state"])

    def test_a_bookkeeper_retries_and_the_worker_is_woken(self):
        move = self.make_invoice()
        self.make_link(move, "failed", error_code="number_missing")
        with self.capture_triggers() as triggers:
            notice = self.as_user(move, self.bookkeeper).action_xero_retry()
        self.assertEqual(self.changes(move).mapped("kind"), ["retry"])
        self.assertTrue(self.changes(move).by_hand)
        self.assertEqual(triggers.records.cron_id, self.organisation.cron_id)
        self.assertEqual(notice["params"]["type"], "success")
        self.assertEqual(move.xero_link_ids.outcome, "failed", "the worker's to write")

    def test_sending_by_hand_goes_past_the_switch(self):
        self.organisation.auto_sync = False
        move = self.make_invoice()
        with self.capture_triggers() as triggers:
            self.as_user(move, self.bookkeeper).action_xero_send()
        self.assertEqual((self.changes(move).kind, self.changes(move).by_hand), ("changed", True))
        self.assertTrue(triggers.records)

    def test_nothing_to_send_is_said(self):
        notice = self.as_user(self.make_invoice(post=False, move_type="entry"), self.bookkeeper).action_xero_send()
        self.assertEqual(notice["params"]["type"], "warning")

    def test_auditors_and_others_retry_nothing(self):
        move = self.make_invoice()
        link = self.make_link(move, "failed")
        for user in (self.auditor, self.clerk):
            with self.assertRaises(AccessError):
                self.as_user(move, user).action_xero_retry()
            with self.assertRaises(AccessError):
                self.as_user(link, user).action_retry()
        self.assertFalse(self.changes(move))

    def test_no_one_retries_documents_of_another_company(self):
        organisation = self.make_organisation("Theirs", self.theirs["company"])
        move = self.make_invoice(
            company_id=self.theirs["company"].id, journal_id=self.theirs["default_journal_sale"].id)
        link = self.make_link(move, "failed", organisation)
        for call in (
            self.as_user(move, self.bookkeeper).action_xero_retry,
            self.as_user(link, self.manager).action_retry,
            self.as_user(link, self.manager).action_open_in_xero,
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertFalse(self.changes(move))
        self.assertFalse(self.as_user(self.env["xero.work.item"], self.manager).search([("res_id", "=", move.id)]))

    def test_only_managers_take_out_and_put_back(self):
        move = self.make_invoice()
        with self.assertRaises(AccessError):
            self.as_user(move, self.bookkeeper).action_xero_exempt()
        action = self.as_user(move, self.manager).action_xero_exempt()
        wizard = self.env["xero.exempt"].with_user(self.manager).with_context(
            **action["context"], allowed_company_ids=self.company.ids).create({"reason": "Entered by hand"})
        self.assertEqual(wizard.record_names, move.display_name)
        wizard.action_confirm()
        change = self.changes(move)
        self.assertEqual((change.kind, change.data, change.by_hand), ("exempt", {"reason": "Entered by hand"}, True))
        self.assertEqual(move.with_context(lang="en_US").xero_message, "Being taken out of the sync.")
        change.unlink()
        self.make_link(move, "exempt")
        with self.assertRaises(AccessError):
            self.as_user(move, self.bookkeeper).action_xero_include()
        self.as_user(move, self.manager).action_xero_include()
        self.assertEqual(self.changes(move).kind, "include")

    def test_ignoring_what_one_side_lacks_takes_it_out_and_is_for_managers(self):
        link = self.make_link(self.make_invoice(), "conflict", error_code="missing_in_xero")
        row = self.env["xero.difference"]._open(link, "missing_in_xero", [])
        with self.assertRaises(AccessError):
            self.as_user(row, self.bookkeeper).action_ignore()
        self.assertFalse(row.pending)
        self.as_user(row, self.manager).action_ignore()
        row.invalidate_recordset()
        self.assertTrue(row.pending)

    def test_the_wizard_itself_is_closed_to_bookkeepers(self):
        with self.assertRaises(AccessError):
            self.env["xero.exempt"].with_user(self.bookkeeper).create({"reason": "x"})
        with self.assertRaises(AccessError):
            self.env["xero.contact.match"].with_user(self.bookkeeper).create(
                {"partner_id": self.partner_a.id, "organisation_id": self.organisation.id})

    def test_a_forged_target_of_another_company_is_refused(self):
        organisation = self.make_organisation("Theirs", self.theirs["company"])
        wizard = self.as_user(self.env["xero.exempt"], self.manager).create(
            {"reason": "x", "targets": [[organisation.id, "Invoices", "account.move", 1]]})
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    def test_a_document_that_no_journal_routes_there_any_more_is_left_out(self):
        """Retry never sends a document where it does not belong: it would be in two sets of books."""
        other = self.company_data["default_journal_sale"].copy({"name": "Shop", "code": "SHOP"})
        move = self.make_invoice()
        link = self.make_link(move, "failed")
        self.organisation.journal_ids = other
        notice = link.action_retry()
        self.assertFalse(self.changes(move))
        self.assertIn("1 left out", notice["params"]["message"])

    def test_forms_and_lists_open_for_every_reader(self):
        move = self.make_invoice()
        self.make_link(move, "failed", error_code="number_missing")
        for model, users in (
            ("account.move", (self.manager, self.bookkeeper, self.auditor)),
            ("res.partner", (self.manager, self.bookkeeper, self.auditor, self.clerk)),
        ):
            for user in users:
                views = self.env[model].with_user(user).get_views([(False, "form"), (False, "list"), (False, "search")])
                seen = "xero_state" in views["views"]["form"]["arch"]
                self.assertEqual(seen, user != self.clerk, (user.login, model))

    def test_lists_do_not_speak_of_xero_where_no_organisation_is_connected(self):
        def arch(model, view_type):
            return self.env[model].with_user(self.manager).get_view(view_type=view_type)["arch"]

        for model, view_type in (("account.move", "kanban"), ("account.move", "search"), ("res.partner", "search")):
            self.assertIn("xero_", arch(model, view_type))
        self.organisation.write({"state": "disconnected", "active": False})
        for model, view_type in (("account.move", "kanban"), ("account.move", "search"), ("res.partner", "search")):
            self.assertNotIn("xero_", arch(model, view_type))

    def test_nobody_but_the_worker_writes_links_or_queues(self):
        link = self.make_link(self.make_invoice(), "failed")
        for user in (self.manager, self.bookkeeper):
            with self.assertRaises(AccessError):
                self.as_user(link, user).write({"outcome": "synced"})
            with self.assertRaises(AccessError):
                self.as_user(self.env["xero.change"], user).create({
                    "organisation_id": self.organisation.id, "company_id": self.company.id, "resource": "Invoices",
                    "res_model": "account.move", "res_id": 1})
            with self.assertRaises(AccessError):
                self.as_user(self.make_invoice(), user).write(
                    {"xero_link_ids": [Command.update(link.id, {"outcome": "synced"})]})
