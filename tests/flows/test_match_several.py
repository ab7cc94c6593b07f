"""Contacts that wait for their counterpart, in both directions: one screen, the clear ones confirmed at once."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.xero_integration.models.codec.text import email_key, name_key, phone_key

from .common import ScreensCommon


@tagged("post_install", "-at_install")
class TestMatchSeveral(ScreensCommon):
    def make_partner(self, name, **values):
        partner = self.env["res.partner"].create({"name": name, "is_company": True} | values)
        self.env["xero.change"].search([]).unlink()
        return partner

    def make_contact(self, name, email="", phone=""):
        """A row of the mirror."""
        return self.env["xero.contact"].create({
            "organisation_id": self.organisation.id, "xero_id": f"contact {name}", "name": name,
            "name_key": name_key(name), "email": email, "email_key": email_key(email) or False,
            "phone_key": phone_key(phone) or False, "status": "ACTIVE",
        })  # fmt: skip

    def make_waiting(self, name, **item):
        """A contact that came from Xero and waits for its partner."""
        return self.env["xero.link"].create({
            "organisation_id": self.organisation.id, "company_id": self.company.id, "resource": "Contacts",
            "res_model": "res.partner", "res_id": 0, "xero_id": f"contact {name}", "xero_number": name,
            "outcome": "held", "error_code": "incoming_contact_several", "error_data": {"partners": "these"},
            "remote_item": {"ContactID": f"contact {name}", "Name": name} | item,
        })  # fmt: skip

    def wizard(self, action, user=None):
        self.assertEqual(action["target"], "new")
        return self.env[action["res_model"]].with_user(user or self.manager).browse(action["res_id"])

    def organisation_screen(self):
        return self.wizard(self.organisation.with_user(self.manager).action_match_contacts())

    def all_changes(self):
        return self.env["xero.change"].search([("kind", "in", ("match", "create"))], order="id")

    def test_who_waits_is_shown_in_both_directions_the_clear_ones_ticked(self):
        """S1.17 S3.13"""
        clear = self.make_partner("Harbour Cafe", email="info@harbour.example")
        self.make_partner("Harbour Kiosk", email="info@harbour.example")
        incoming = self.make_waiting("Harbour Cafe", EmailAddress="info@harbour.example")
        waiting = self.make_partner("Hill Bakery", phone="09 555 1234")
        similar = self.make_contact("Bakery", phone="+64 9 555 1234")
        self.make_link(waiting, "held", error_code="contact_not_allowed")
        nobody = self.make_partner("Nobody")
        self.make_link(nobody, "held", error_code="contact_not_allowed")
        screen = self.organisation_screen()
        rows = {line.name: line for line in screen.line_ids}
        self.assertEqual(set(rows), {"Harbour Cafe", "Hill Bakery", "Nobody"})
        row = rows["Harbour Cafe"]
        self.assertEqual((row.direction, row.partner_id, row.chosen, row.rivals), ("in", clear, True, 1))
        self.assertEqual((row.reason, row.score), ("Same e-mail, Same name", 96))
        row = rows["Hill Bakery"]
        self.assertEqual((row.direction, row.contact_id, row.chosen), ("out", similar, False), "a phone is not enough")
        self.assertEqual((row.reason, row.proposal), ("Same phone", "Bakery"))
        self.assertFalse(rows["Nobody"].score)
        rows["Hill Bakery"].chosen = True
        with self.capture_triggers() as triggers:
            screen.action_confirm()
        changes = self.all_changes()
        self.assertEqual(changes.mapped("data"), [{"partner_id": clear.id}, {"xero_id": similar.xero_id}])
        self.assertEqual((changes[0].link_id, changes[1].res_id), (incoming, waiting.id))
        self.assertEqual(triggers.records.cron_id, self.organisation.cron_id)

    def test_two_candidates_of_equal_weight_are_never_ticked(self):
        for name in ("North", "South"):
            self.make_partner(name, email="a@acme.example")
        self.make_waiting("Acme", EmailAddress="a@acme.example")
        screen = self.organisation_screen()
        self.assertEqual((screen.line_ids.chosen, screen.line_ids.rivals), (False, 1))
        with self.assertRaises(UserError):
            screen.action_confirm()

    def test_one_counterpart_is_ticked_for_nobody_if_two_propose_it(self):
        self.make_partner("Acme", email="a@acme.example", ref="C-1")
        for number in ("1", "2"):
            self.make_waiting(f"Acme {number}", EmailAddress="a@acme.example")
        self.assertEqual(self.organisation_screen().line_ids.mapped("chosen"), [False, False])

    def test_list_of_partners_is_matched_at_once(self):
        """S1.17: bulk, also of what nobody has sent yet"""
        partners = self.env["res.partner"]
        for number in range(20):
            partners += self.make_partner(f"Business {number}", email=f"{number}@many.example")
            self.make_contact(f"Firm {number}", email=f"{number}@many.example")
        linked = self.make_partner("Linked", email="linked@many.example")
        self.make_contact("Linked", email="linked@many.example")
        self.make_synced(linked)
        action = (partners + linked).with_user(self.manager).action_xero_match_several()
        screen = self.wizard(action)
        self.assertEqual(screen.line_ids.partner_id, partners)
        self.assertTrue(all(screen.line_ids.mapped("chosen")))
        screen.action_confirm()
        self.assertEqual(set(self.all_changes().mapped("res_id")), set(partners.ids))

    def test_it_takes_the_same_queries_for_any_number_of_rows(self):
        counts = []
        for number in (1, 5, 30):  # the first fills caches
            partners = self.env["res.partner"]
            for index in range(number):
                partners += self.make_partner(f"B {number} {index}", email=f"{number}-{index}@many.example")
                self.make_contact(f"F {number} {index}", email=f"{number}-{index}@many.example")
            screen = self.env["xero.match.contacts"].create({"organisation_id": self.organisation.id})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(screen._rows_of(partners)), number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_row_leads_to_all_its_candidates(self):
        partner = self.make_partner("Harbour Cafe Limited")
        link = self.make_waiting("Harbour Cafe Ltd")
        dialog = self.wizard(self.organisation_screen().line_ids.action_choose())
        self.assertEqual((dialog.name, dialog.line_ids.partner_id), ("Harbour Cafe Ltd", partner))
        self.assertEqual(dialog.line_ids.reason, "Similar name")
        dialog.line_ids.action_choose()
        self.assertEqual((self.all_changes().link_id, self.all_changes().data), (link, {"partner_id": partner.id}))

    def test_held_contact_of_xeros_leads_to_the_choice(self):
        link = self.make_waiting("Acme")
        self.assertEqual(link.cure, "action_match")
        dialog = self.wizard(link.with_user(self.manager).action_cure())
        self.assertEqual(dialog._name, "xero.partner.match")
        with self.assertRaises(UserError):
            dialog.action_confirm()
        dialog.action_create()
        self.assertEqual((self.all_changes().kind, self.all_changes().link_id), ("create", link))

    def test_partner_that_is_in_xero_already_is_shown_and_refused(self):
        partner = self.make_partner("Acme", email="a@acme.example")
        self.make_synced(partner, xero_number="Acme Holdings")
        link = self.make_waiting("Acme", EmailAddress="a@acme.example")
        dialog = self.wizard(link.with_user(self.manager).action_match())
        self.assertEqual(dialog.line_ids.owner, "Acme Holdings")
        dialog.partner_id = partner
        for choose in (dialog.line_ids.action_choose, dialog.action_confirm):
            with self.assertRaisesRegex(UserError, "Acme Holdings"):
                choose()

    def test_partner_that_chooses_a_contact_that_waits_takes_it(self):
        partner = self.make_partner("Acme", email="a@acme.example")
        link = self.make_waiting("Acme")
        contact = self.make_contact("Acme", email="a@acme.example")
        dialog = self.wizard(partner.with_user(self.manager).action_xero_match())
        self.assertFalse(dialog.line_ids.owner)
        dialog.line_ids.filtered(lambda line: line.contact_id == contact).action_choose()
        self.assertEqual((self.all_changes().link_id, self.all_changes().data), (link, {"partner_id": partner.id}))

    def test_only_managers_choose(self):
        link = self.make_waiting("Acme")
        with self.assertRaises(AccessError):
            link.with_user(self.bookkeeper).action_match()
        with self.assertRaises(AccessError):
            self.env["xero.match.contacts"].with_user(self.bookkeeper)._action_for(self.organisation)
