"""Disconnect stops both directions and keeps everything; connecting again resumes (S1.35-S1.41)."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.xero_integration.xero import errors

from ..common import XeroCommon

KEPT = [
    "xero.link", "xero.change", "xero.request", "xero.account", "xero.account.mapping", "xero.tax.mapping",
    "xero.journal.mapping", "xero.organisation", "xero.connection", "res.partner", "account.move",
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestDisconnect(XeroCommon):
    def setUp(self):
        super().setUp()
        self.organisation = self.connect_organisation("NZ")
        self.connection = self.organisation.connection_id
        self.organisation.action_test_connection()
        self.organisation._on_connected()
        self.account = self.organisation.account_ids[:1]
        self.env["xero.account.mapping"].create({
            "organisation_id": self.organisation.id, "xero_account_id": self.account.id,
            "account_id": self.company_data["default_account_revenue"].id,
        })  # fmt: skip
        self.link = self.env["xero.link"].create({
            "organisation_id": self.organisation.id, "company_id": self.env.company.id, "resource": "Contacts",
            "res_model": "res.partner", "res_id": self.partner_a.id, "xero_id": "x", "outcome": "synced",
        })  # fmt: skip
        self.env["xero.change"]._append(self.partner_a, organisations=self.organisation)
        self.env.flush_all()
        self.sim.clear_calls()

    def counts(self):
        return {model: self.env[model].with_context(active_test=False).search_count([]) for model in KEPT}

    def test_it_stops_both_directions_and_tells_xero(self):
        """S1.39"""
        self.organisation.action_disconnect()
        self.assertEqual(self.organisation.state, "disconnected")
        self.assertFalse(self.organisation.cron_id.active)
        self.assertFalse(self.organisation._is_live())
        calls = [(call["method"], call["status"]) for call in self.sim.calls(path="/connections/")]
        self.assertEqual(calls, [("DELETE", 204)])
        self.assertFalse(self.sim.calls(path="/connect/revocation"), "other organisations of the person stay connected")
        self.assertFalse(self.sim.organisation("NZ")["connected_apps"])
        self.assertFalse(self.organisation.deletion_pending)

    def test_nothing_later_starts(self):
        """S1.39"""
        self.organisation.action_disconnect()
        self.sim.clear_calls()
        self.assertFalse(self.organisation._may_call())
        with self.raises(errors.Reconnect):
            self.organisation._gateway()
        self.assertFalse(self.sim.calls())

    def test_every_record_link_and_mapping_stays(self):
        """S1.40"""
        before = self.counts()
        self.organisation.action_disconnect()
        self.assertEqual(self.counts(), before)
        self.assertEqual((self.link.outcome, self.link.xero_id), ("synced", "x"))

    def test_what_changes_meanwhile_queues_up_and_goes_on_reconnecting(self):
        """S1.41"""
        self.organisation.action_disconnect()
        before = self.env["xero.change"].search_count([])
        self.env["xero.change"]._append(self.partner_a, organisations=self.organisation)
        self.assertEqual(self.env["xero.change"].search_count([]), before + 1)
        self.consent(("NZ",))
        self.assertEqual(self.organisation.state, "connected")
        self.assertTrue(self.organisation.cron_id.active)
        self.assertTrue(self.organisation.auto_sync)
        self.assertEqual(self.env["xero.change"].search_count([]), before + 1)
        self.assertEqual(self.link.organisation_id, self.organisation)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.organisation.cron_id.id)])
        self.assertTrue(triggers, "the backlog goes by itself")

    def consent(self, countries, **more):
        """A new consent with the same app, taken up as the callback does."""
        tokens = self.token_set(countries, **more)
        self.connection.write(self.connection._consent_values(tokens, self.env.user))
        self.env.flush_all()
        outcome, organisations = self.connection._take_up_consent()
        self.connection._settle_in(organisations)
        return outcome

    def test_the_tokens_go_with_the_last_organisation(self):
        self.organisation.action_disconnect()
        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.connection.sudo().token_encrypted)
        self.assertTrue(self.connection.has_client_secret, "connecting again needs no new secret")

    def test_the_other_organisation_goes_on(self):
        self.consent(("NZ", "AU"))
        offer = next(o for o in self.connection.offered if o["tenant_id"] == self.sim.tenant_id("AU"))
        australia = self.connection._adopt(offer, self.env.company)
        self.organisation.action_disconnect()
        self.assertEqual((self.organisation.state, australia.state), ("disconnected", "connected"))
        with australia._gateway() as gateway:
            self.assertTrue(gateway.get("Organisation").items)

    def test_xero_out_of_reach_it_stops_here_says_so_and_can_be_told_later(self):
        self.sim.fault("drop_before", match={"method": "DELETE"}, times=1)
        answer = self.organisation.action_disconnect()
        self.assertEqual(answer["params"]["type"], "warning")
        self.assertIn("Remove at Xero", answer["params"]["message"])
        self.assertEqual(self.organisation.state, "disconnected")
        self.assertFalse(self.organisation.cron_id.active)
        self.assertTrue(self.organisation.deletion_pending and self.organisation.deletion_message)
        self.assertEqual(self.connection.state, "connected", "the tokens are needed once more")
        self.organisation.action_remove_at_xero()
        self.assertFalse(self.organisation.deletion_pending)
        self.assertFalse(self.sim.organisation("NZ")["connected_apps"])
        self.assertEqual(self.connection.state, "disconnected")

    def test_pressed_twice_or_gone_at_xero_already(self):
        self.sim.organisation("NZ", disconnect=True)
        self.organisation.action_disconnect()
        self.assertFalse(self.organisation.deletion_pending)
        self.organisation.action_disconnect()
        self.assertEqual(self.organisation.state, "disconnected")

    def test_without_an_authorisation_it_stops_all_the_same(self):
        self.connection._break(errors.Reconnect("invalid_grant"))
        self.organisation.invalidate_recordset()
        self.organisation.action_disconnect()
        self.assertEqual(self.organisation.state, "disconnected")
        self.assertTrue(self.organisation.deletion_pending)

    def test_another_organisation_is_a_record_of_its_own(self):
        """S1.41: never silently swapped."""
        self.organisation.action_disconnect()
        self.assertEqual(self.consent(("AU",)), "other_account")
        self.assertEqual(self.organisation.tenant_id, self.sim.tenant_id("NZ"))
        self.assertEqual(self.organisation.state, "disconnected")
        self.assertEqual(self.connection.organisation_ids, self.organisation)

    def test_a_connected_organisation_cannot_be_archived(self):
        """Out of sight its worker would go on."""
        with self.assertRaisesRegex(UserError, "Disconnect Kauri Trading"):
            self.organisation.action_archive()
        self.organisation.action_disconnect()
        self.env.invalidate_all()
        self.organisation.action_archive()
        self.assertFalse(self.organisation.active)

    def test_an_archived_one_whose_connection_xero_could_not_delete_keeps_the_tokens_for_it(self):
        self.consent(("NZ", "AU"))
        offer = next(o for o in self.connection.offered if o["tenant_id"] == self.sim.tenant_id("AU"))
        australia = self.connection._adopt(offer, self.env.company)
        self.sim.fault("drop_before", match={"method": "DELETE"}, times=1)
        self.organisation.action_disconnect()
        self.env.invalidate_all()
        self.organisation.action_archive()
        self.env.flush_all()
        australia.action_disconnect()
        self.assertEqual(self.connection.state, "connected", "the tokens are needed once more")
        self.organisation.action_remove_at_xero()
        self.assertFalse(self.sim.control("GET", "connections"))
        self.assertEqual(self.connection.state, "disconnected")

    def test_an_archived_one_follows_its_name_and_id_and_comes_back_when_it_is_chosen(self):
        self.organisation.action_disconnect()
        self.env.invalidate_all()
        self.organisation.action_archive()
        self.sim.organisation("NZ", name="Kauri & Sons")
        self.consent(("NZ",))
        self.assertEqual((self.organisation.name, self.organisation.active), ("Kauri & Sons", False))
        self.assertTrue(self.organisation.xero_connection_id)
        self.connection._adopt(self.connection.offered[0], self.env.company)
        self.assertEqual((self.organisation.active, self.organisation.state), (True, "connected"))

    def test_a_record_in_use_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self.organisation.unlink()
        self.organisation.action_disconnect()
        with self.assertRaises(UserError):
            self.organisation.unlink()
        with self.assertRaises(UserError):
            self.connection.unlink()

    def test_an_unused_organisation_takes_its_scheduled_action_along(self):
        spare = self.env["xero.organisation"].create(
            {"name": "spare", "connection_id": self.connection.id, "tenant_id": "spare"}
        )
        cron = spare.cron_id
        self.assertEqual((cron.interval_number, cron.interval_type, cron.active), (15, "minutes", False))
        self.assertEqual(cron.code, f"model._cron_sync_organisation({spare.id})")
        spare.unlink()
        self.assertFalse(cron.exists())

    def test_the_workers_trouble_is_said_in_plain_words(self):
        self.organisation._needs_person(errors.TenantGone("AuthenticationUnsuccessful"))
        self.assertEqual(self.organisation.state, "gone")
        self.assertIn(self.organisation.name, self.organisation.error_message)
        self.assertIn("Press Connect", self.organisation.error_message)
        self.consent(("NZ",))
        self.assertEqual((self.organisation.state, self.organisation.error_message), ("connected", False))


@tagged("post_install", "-at_install")
class TestNeutralize(XeroCommon):
    """A copy of the database never talks to the live books."""

    def setUp(self):
        super().setUp()
        self.organisation = self.connect_organisation("NZ")
        self.connection = self.organisation.connection_id
        self.env.flush_all()
        self.sim.clear_calls()
        self.neutralize()

    def neutralize(self):
        with file_open("xero_integration/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    def test_secrets_tokens_and_what_runs_are_gone(self):
        connection = self.connection.sudo()
        self.assertFalse(
            connection.client_secret_encrypted or connection.token_encrypted or connection.token_expires_at
        )
        self.assertEqual(connection.state, "disconnected")
        self.assertEqual((self.organisation.state, self.organisation.auto_sync), ("disconnected", False))
        self.assertFalse(self.organisation.cron_id.active)

    def test_no_call_can_leave(self):
        self.organisation.cron_id.active = True
        self.env.flush_all()
        self.organisation.cron_id.method_direct_trigger()
        with self.raises(errors.Reconnect):
            self.organisation._gateway()
        with self.raises(errors.Reconnect):
            self.connection._access_token(renew=True)
        self.assertFalse(self.sim.calls())

    def test_connecting_the_live_organisation_in_the_copy_does_not_revive_its_links(self):
        self.connection.client_secret = self.sim.client_secret
        self.connection.write(self.connection._consent_values(self.token_set(), self.env.user))
        self.env.flush_all()
        self.connection._take_up_consent()
        self.assertEqual(self.organisation.state, "disconnected")

    def test_it_can_run_twice(self):
        before = self.organisation.tenant_id
        self.neutralize()
        self.assertEqual(self.organisation.tenant_id, before)
