"""Everything that waits or failed, per organisation: the list, its actions, its counts, and its speed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.xero_integration.models.problems import CATALOGUE
from odoo.addons.xero_integration.models.xero_link_actions import MANAGER_CURES

from .common import ScreensCommon


@tagged("post_install", "-at_install")
class TestWorkList(ScreensCommon):
    def items(self, **domain):
        return self.env["xero.work.item"].search([(field, "=", value) for field, value in domain.items()])

    def test_it_is_empty_when_everything_is_in_xero(self):
        self.make_synced(self.make_invoice())
        self.make_link(self.make_invoice(), "exempt")
        self.assertFalse(self.items())
        action = self.env.ref("xero_integration.action_xero_work_item")
        self.assertIn("Everything is in Xero", action.help)
        self.assertEqual(action._get_action_dict()["res_model"], "xero.work.item")

    def test_a_record_is_there_once_however_often_it_changed(self):
        move = self.make_invoice()
        for _ in range(3):
            self.env["xero.change"]._append(move)
        item = self.items(res_id=move.id)
        self.assertEqual((len(item), item.state, item.name), (1, "queued", move.display_name))
        self.make_link(move, "failed", error_code="number_missing")
        self.env.invalidate_all()
        self.assertEqual(self.items(res_id=move.id).mapped("state"), ["queued"], "once, and it goes again")

    def test_each_row_says_since_when_what_to_do_and_how_often_it_was_refused(self):
        move = self.make_invoice()
        link = self.make_link(
            move, "held", error_code="mapping_account", error_data={"account": "400 Sales"}, attempts=3)
        item = self.items(res_id=move.id)
        self.assertEqual((item.state, item.attempts, item.link_id), ("needs_you", 3, link))
        self.assertEqual(item.cure, "action_open_account_mapping")
        self.assertIn("400 Sales", item.message)
        self.assertEqual(item.since, link.write_date)

    def test_it_is_searched_by_the_records_name(self):
        move, other = self.make_invoice(), self.make_invoice()
        for record in (move, other, self.partner_a):
            self.make_link(record, "failed")
        Item = self.env["xero.work.item"]
        self.assertEqual(Item.search([("name", "ilike", move.name)]).res_id, move.id)
        contacts = [("name", "ilike", self.partner_a.name), ("res_model", "=", "res.partner")]
        self.assertEqual(Item.search(contacts).res_id, self.partner_a.id)
        self.assertEqual(self.env["xero.link"].search([("display_name", "ilike", other.name)]).res_id, other.id)
        self.assertNotIn(move.id, Item.search([("name", "not ilike", move.name)]).mapped("res_id"))

    def test_rows_of_one_page_are_named_in_one_read(self):
        for _ in range(20):
            self.make_link(self.make_invoice(), "failed", error_code="number_missing")

        def count(items):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for item in items:
                self.assertTrue(item.name and item.message)
            return self.cr.sql_log_count - before

        items = self.items()
        count(items)
        self.assertLessEqual(count(items), count(items[0]) + 1)

    def test_a_deleted_record_is_named_as_such_and_can_be_taken_out(self):
        move = self.make_invoice(post=False)
        link = self.make_link(move, "gone", error_code="record_gone")
        move.unlink()
        item = self.items(link_id=link.id)
        self.assertEqual((item.state, item.name), ("gone", f"Deleted record {link.res_id}"))
        with self.assertRaises(UserError):
            item.action_open_record()
        self.assertIn("1 left out", item.action_retry()["params"]["message"])
        wizard = self.env["xero.exempt"].with_context(**item.action_exempt()["context"]).create({"reason": "Deleted"})
        wizard.action_confirm()
        self.assertEqual(self.env["xero.change"].search([("res_id", "=", link.res_id)]).kind, "exempt")

    def test_bulk_retry_queues_documents_and_contacts_of_several_organisations_at_once(self):
        second = self.make_organisation("Roo Pty", self.company, journal_ids=[
            (4, self.company_data["default_journal_sale"].copy({"name": "Shop", "code": "SHOP"}).id)])
        moves = [self.make_invoice() for _ in range(3)] + [self.make_invoice(journal_id=second.journal_ids.id)]
        for move in moves[:3]:
            self.make_link(move, "failed")
        self.make_link(moves[3], "failed", second)
        self.make_link(self.partner_a, "held", error_code="contact_ambiguous")
        waiting = self.env["xero.resource.contacts"]._queue(self.organisation, self.partner_b.ids, False)
        self.assertFalse(waiting)
        with self.capture_triggers() as triggers:
            notice = self.items().action_retry()
        self.assertIn("6 queued", notice["params"]["message"])
        changes = self.env["xero.change"].search([("kind", "=", "retry")])
        self.assertEqual(len(changes), 6)
        self.assertTrue(all(changes.mapped("by_hand")))
        self.assertEqual(triggers.records.cron_id, (self.organisation + second).cron_id)
        self.assertEqual(changes.filtered(lambda change: change.res_id == moves[3].id).organisation_id, second)

    def test_bulk_retry_of_two_hundred_costs_few_queries(self):
        for _ in range(60):
            self.make_link(self.make_invoice(), "failed")
        items = self.items()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        items.action_retry()
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - before, 40)

    def test_bookkeepers_work_with_the_list_and_clerks_do_not(self):
        move = self.make_invoice()
        self.make_link(move, "failed", error_code="number_missing")
        items = self.env["xero.work.item"].with_user(self.bookkeeper).search([])
        self.assertEqual(items.name, move.display_name)
        items.action_retry()
        self.assertEqual(self.changes(move).kind, "retry")
        with self.assertRaises(AccessError):
            items.action_exempt()
        with self.assertRaises(AccessError):
            self.env["xero.work.item"].with_user(self.clerk).search([])

    def test_counts_of_all_organisations_come_in_one_query(self):
        second = self.make_organisation("Roo Pty", self.company)
        for outcome in ("failed", "failed", "held", "conflict", "waiting", "in_doubt", "synced", "exempt", "gone"):
            self.make_link(self.make_invoice(), outcome)
        self.make_link(self.make_invoice(), "held", second)
        self.make_invoice(forget=False)
        both = self.organisation + second
        self.env.flush_all()
        self.env.invalidate_all()
        both.fetch(["name"])
        with self.assertQueryCount(1):
            both.mapped("work_failed_count")
        first = self.organisation
        for organisation, counts in ((first, (2, 2, 3)), (second, (0, 1, 0))):
            fields = ("work_failed_count", "work_needs_you_count", "work_queued_count")
            self.assertEqual(tuple(organisation[field] for field in fields), counts)
        opened = first.action_open_work_failed()
        self.assertEqual((opened["domain"], opened["context"]), (
            [("organisation_id", "in", first.ids)], {"search_default_failed": 1}))

    def test_it_takes_the_partial_index_among_many_links(self):
        """A million links in agreement cost nothing: the list reads only the index of trouble (bench: scale)."""
        self.env.flush_all()
        self.cr.execute(
            """INSERT INTO xero_link (organisation_id, company_id, resource, res_model, res_id, outcome, xero_id)
               SELECT %s, %s, 'Invoices', 'account.move', 10000000 + n, 'synced', 'many-' || n
                 FROM generate_series(1, 20000) n""",
            [self.organisation.id, self.company.id])
        self.make_link(self.make_invoice(), "failed")
        self.env.flush_all()
        self.cr.execute("ANALYZE xero_link, xero_change")
        Item = self.env["xero.work.item"]
        queries = {
            "page": Item._search([("organisation_id", "=", self.organisation.id)], limit=80).select("id"),
            "counts": Item._search([]).select("state"),
            "one record": Item._search([("res_model", "=", "account.move"), ("res_id", "in", [1, 2])]).select("id"),
        }
        for name, query in queries.items():
            code, params = query.code, query.params
            self.cr.execute("EXPLAIN " + code, params)
            plan = "\n".join(row for (row,) in self.cr.fetchall())
            self.assertNotIn("Seq Scan on xero_link", plan, name)


@tagged("post_install", "-at_install")
class TestWorkCures(ScreensCommon):
    def test_every_cure_of_the_catalogue_is_a_method_that_a_button_can_call(self):
        Link = self.env["xero.link"]
        for code, entry in CATALOGUE.items():
            if entry.cure:
                self.assertTrue(callable(getattr(Link, entry.cure, None)), code)

    def test_every_cure_has_its_button_on_the_document_or_is_retry(self):
        """A cure that no button offers helps nobody."""
        arch = self.env["account.move"].get_view(view_type="form")["arch"]
        shown = {entry.cure for entry in CATALOGUE.values() if entry.cure} - {"action_retry"}
        for cure in shown:
            self.assertIn(f"'{cure}'", arch)

    def test_contact_problems_lead_to_the_choice_of_a_contact(self):
        link = self.make_link(self.partner_a, "held", error_code="contact_ambiguous")
        self.assertEqual(link.action_cure()["res_model"], "xero.contact.match")
        self.assertEqual(self.partner_a.action_xero_cure()["res_model"], "xero.contact.match")

    def test_a_document_that_waits_for_its_contact_leads_there(self):
        contact = self.make_link(self.partner_a, "held", error_code="contact_ambiguous")
        move = self.make_invoice()
        link = self.make_link(move, "waiting", error_code="contact_first", waiting_for_id=contact.id)
        opened = link.action_cure()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("res.partner", self.partner_a.id))
        self.assertEqual(move.action_xero_cure(), opened)
        link.waiting_for_id = False
        self.assertEqual(link.action_cure(), opened, "the contact has no link yet")

    def test_settings_problems_lead_to_the_organisation(self):
        link = self.make_link(self.make_invoice(), "held", error_code="currency_missing")
        opened = link.action_cure()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("xero.organisation", self.organisation.id))

    def test_mapping_problems_lead_to_the_mapping_of_that_very_thing(self):
        tax = self.tax_sale_a
        account, journal = (self.company_data[name] for name in ("default_account_revenue", "default_journal_bank"))
        expected = [
            ("mapping_tax", {"taxes": tax.name, "tax_ids": tax.ids, "side": "sale"},
             "xero.tax.mapping", "default_tax_ids", tax.ids),
            ("mapping_account", {"account": account.name, "account_id": account.id, "side": "sale"},
             "xero.account.mapping", "default_account_id", account.id),
            ("mapping_journal", {"journal": journal.name, "journal_id": journal.id},
             "xero.journal.mapping", "default_journal_id", journal.id),
        ]
        for code, data, model, default, value in expected:
            opened = self.make_link(self.make_invoice(), "held", error_code=code, error_data=data).action_cure()
            self.assertEqual((opened["res_model"], opened["context"][default]), (model, value))
            self.assertEqual(opened["context"]["default_organisation_id"], self.organisation.id)

    def test_what_only_a_person_can_mend_on_the_record_leads_to_the_record(self):
        move = self.make_invoice()
        link = self.make_link(move, "failed", error_code="number_missing")
        opened = link.action_cure()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("account.move", move.id))

    def test_a_bookkeeper_is_told_who_can_help_where_only_a_manager_may_go(self):
        for cure in MANAGER_CURES:
            code = next(code for code, entry in CATALOGUE.items() if entry.cure == cure)
            link = self.make_link(self.make_invoice(), "held", error_code=code)
            with self.assertRaisesRegex(AccessError, "manage the Xero integration"):
                link.with_user(self.bookkeeper).action_cure()

    def test_what_is_not_in_xero_yet_is_said(self):
        with self.assertRaises(UserError):
            self.make_link(self.make_invoice(), "failed").action_open_in_xero()

    def test_a_link_bears_the_name_of_its_record(self):
        move = self.make_invoice()
        links = self.make_link(move, "failed") + self.make_link(self.partner_a)
        self.assertEqual(links.mapped("display_name"), [move.display_name, self.partner_a.display_name])
