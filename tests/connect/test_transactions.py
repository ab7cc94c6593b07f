"""With real transactions: what commits on its own, and what a transaction that began earlier cannot see.

Other tests share one transaction between all cursors; these commit their rows, and remove them again.
"""

import threading
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import api, fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.xero_integration.models import own_cursor
from odoo.addons.xero_integration.xero import errors

from ..common import SimulatorMixin

REFRESHES = {"method": "POST", "path": "/connect/token"}


@tagged("post_install", "-at_install")
class TestTwoCursors(SimulatorMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self.in_(cr)
            connection = self.make_connection()
            values = connection._consent_values(self.token_set(), connection.env.user)
            connection.sudo().write(values | {"token_expires_at": fields.Datetime.now()})
            organisation = self.connect_organisation("NZ", connection=connection)
            organisation.xero_connection_id = self.sim.control("GET", "connections")[0]["id"]
            self.connection_id, self.organisation_id = connection.id, organisation.id
        self.addCleanup(self.remove)
        self.sim.clear_calls()

    def in_(self, cr):
        """The class helpers create in this cursor."""
        type(self).env, self.test_env = api.Environment(cr, api.SUPERUSER_ID, {}), self.env

    def remove(self):
        type(self).env = self.test_env
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            organisation = env["xero.organisation"].browse(self.organisation_id)
            organisation.state = "disconnected"
            organisation.unlink()
            env["xero.connection"].browse(self.connection_id).unlink()

    def organisation(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})["xero.organisation"].browse(self.organisation_id)

    def connection(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})["xero.connection"].browse(self.connection_id)

    def ask(self, found):
        with self.registry.cursor() as cr:
            connection = api.Environment(cr, api.SUPERUSER_ID, {})["xero.connection"].browse(self.connection_id)
            connection.read(["state"])  # the snapshot is taken before anybody refreshes
            self.ready.wait()
            try:
                found.append(connection._access_token())
            except errors.XeroError as error:
                found.append(error)

    def test_two_refresh_at_once_and_xero_is_asked_once(self):
        """Design, "Tokens": a row lock, the expiry read again after it."""
        self.sim.fault("delay", seconds=0.5, match=REFRESHES)
        self.ready, found = threading.Barrier(4), []
        threads = [threading.Thread(target=self.ask, args=(found,)) for _each in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(len(found), 4)
        self.assertEqual(len(set(found)), 1, found)
        self.assertEqual(self.sim.count_calls(**REFRESHES), 1)

    def test_the_token_is_committed_before_the_caller_is(self):
        with self.registry.cursor() as cr, self.registry.cursor() as other:
            connection = api.Environment(cr, api.SUPERUSER_ID, {})["xero.connection"].browse(self.connection_id)
            token = connection._access_token()
            seen = api.Environment(other, api.SUPERUSER_ID, {})["xero.connection"].browse(self.connection_id)
            self.assertEqual(seen._tokens()["access"], token)
            cr.rollback()
        with self.registry.cursor() as cr:
            kept = api.Environment(cr, api.SUPERUSER_ID, {})["xero.connection"].browse(self.connection_id)
            self.assertEqual(kept._tokens()["access"], token)

    def test_a_consent_is_used_up_by_one_of_two_requests(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            connection = env["xero.connection"].browse(self.connection_id)
            address = env["xero.consent"]._begin(connection, "session", "http://localhost:1", "connection")
            state = env["xero.consent"]._read_state(address.split("state=")[1].split("&")[0])
        found, barrier = [], threading.Barrier(2)

        def consume():
            with self.registry.cursor() as cr:
                barrier.wait()
                found.append(api.Environment(cr, api.SUPERUSER_ID, {})["xero.consent"]._consume(state))

        threads = [threading.Thread(target=consume) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(sum(verifier is not None for verifier in found), 1, found)

    def test_disconnect_in_a_transaction_that_began_before(self):
        """It stops at once, whatever becomes of the request; Xero is told; the tokens go with the last organisation."""
        with self.registry.cursor() as cr:
            organisation = self.organisation(cr)
            self.assertEqual(organisation.state, "connected")  # the snapshot is taken
            organisation.action_disconnect()
            cr.rollback()
        with self.registry.cursor() as cr:
            organisation = self.organisation(cr)
            self.assertEqual((organisation.state, organisation.cron_id.active), ("disconnected", False))
            self.assertFalse(organisation.deletion_pending)
            self.assertEqual(organisation.connection_id.state, "disconnected")
            self.assertFalse(organisation.connection_id.token_encrypted)
        self.assertEqual([call["status"] for call in self.sim.calls(method="DELETE")], [204])

    def test_disconnect_while_xero_is_away_and_once_more_when_it_is_back(self):
        self.sim.fault("drop_before", match={"method": "DELETE"}, times=1)
        for pending, state in ((True, "connected"), (False, "disconnected")):
            with self.registry.cursor() as cr:
                organisation = self.organisation(cr)
                organisation.action_remove_at_xero() if not pending else organisation.action_disconnect()
            with self.registry.cursor() as cr:
                organisation = self.organisation(cr)
                self.assertEqual((organisation.state, organisation.deletion_pending), ("disconnected", pending))
                self.assertEqual(organisation.connection_id.state, state)

    def test_disconnect_while_the_worker_holds_its_scheduled_action(self):
        """Odoo holds the row of a running scheduled action: it stays on, and does nothing."""
        with self.registry.cursor() as worker, self.registry.cursor() as cr:
            cron = self.organisation(worker).cron_id
            worker.execute("SELECT id FROM ir_cron WHERE id = %s FOR NO KEY UPDATE", [cron.id])
            self.organisation(cr).action_disconnect()
            worker.rollback()
        with self.registry.cursor() as cr:
            organisation = self.organisation(cr)
            self.assertEqual(organisation.state, "disconnected")
            self.assertFalse(organisation._may_call())

    def test_the_test_reads_what_was_renewed_meanwhile(self):
        """The access token has run out: it is renewed in a cursor of its own, and the report speaks of the new one."""
        with self.registry.cursor() as cr:
            past = fields.Datetime.subtract(fields.Datetime.now(), days=55)
            self.organisation(cr).connection_id.token_refreshed_at = past
        with self.registry.cursor() as cr:
            organisation = self.organisation(cr)
            self.assertEqual(organisation.connection_id.refresh_days_left, 5)
            organisation._run_test()
            lasts = [line["data"] for line in organisation.test_report if line["code"] == "ok_lasts"]
            self.assertEqual(lasts, [{"days": 60}])

    def test_a_worker_that_holds_its_own_row_can_renew_the_token(self):
        """It notes its limits on the organisation before it renews: nothing in the renewal may wait for that row."""
        with self.registry.cursor() as cr:
            self.organisation(cr).write({"error_code": "reconnect", "error_message": "x"})
        with self.registry.cursor() as cr:
            organisation = self.organisation(cr)
            organisation.day_remaining = 17
            cr.flush()
            with organisation._gateway(renew=True) as gateway:
                self.assertTrue(gateway.get("Organisation").items)

    # ---- a row that somebody else holds -----------------------------------------------------------

    def hold(self, cr, table, record_id):
        cr.execute(f"SELECT id FROM {table} WHERE id = %s FOR UPDATE", [record_id])  # noqa: S608

    def test_disconnect_and_remove_say_so_when_a_row_is_held_elsewhere(self):
        """Nothing raises past the button, and the person is not kept for minutes."""
        self.startPatcher(patch.object(own_cursor, "BUTTON_PATIENCE", 1))
        with self.registry.cursor() as worker, self.registry.cursor() as cr:
            self.hold(worker, "xero_organisation", self.organisation_id)
            answer = self.organisation(cr).action_disconnect()["params"]
            self.assertEqual(answer["type"], "danger")
            self.assertIn("try again in a minute", answer["message"])
        with self.registry.cursor() as cr:
            self.assertEqual(self.organisation(cr).state, "connected")
        with self.registry.cursor() as worker, self.registry.cursor() as cr:
            self.hold(worker, "xero_connection", self.connection_id)
            answer = self.organisation(cr).action_disconnect()["params"]
            self.assertEqual(answer["type"], "warning")
            self.assertIn("Press “Remove at Xero” later", answer["message"])
        with self.registry.cursor() as worker, self.registry.cursor() as cr:
            self.assertEqual(self.organisation(cr).state, "disconnected")
            self.hold(worker, "xero_organisation", self.organisation_id)
            answer = self.organisation(cr).action_remove_at_xero()["params"]
            self.assertIn("Xero could not be told: Something else is at work", answer["message"])
        with self.registry.cursor() as cr:
            self.assertEqual(self.organisation(cr).action_remove_at_xero()["params"]["type"], "success")
        with self.registry.cursor() as cr:
            self.assertFalse(self.organisation(cr).deletion_pending)

    def test_the_test_and_the_refresh_say_so_when_the_token_is_being_renewed_elsewhere(self):
        self.startPatcher(patch.object(own_cursor, "BUTTON_PATIENCE", 1))
        with self.registry.cursor() as worker, self.registry.cursor() as cr:
            self.hold(worker, "xero_connection", self.connection_id)
            organisation = self.organisation(cr)
            organisation.action_test_connection()
            self.assertEqual([line["code"] for line in organisation.test_report], ["busy"])
            cr.rollback()
            answer = self.organisation(cr).action_refresh_reference()["params"]
            self.assertIn("try again in a minute", answer["message"])

    def test_a_consents_code_is_not_spent_while_the_row_is_held_elsewhere(self):
        """It works once: who spends it must be able to keep the tokens."""
        self.startPatcher(patch.object(own_cursor, "BUTTON_PATIENCE", 1))
        code, verifier = self.consented()
        with self.registry.cursor() as worker, self.registry.cursor() as cr:
            self.hold(worker, "xero_connection", self.connection_id)
            found = self.redeem(cr, code, verifier)
        self.assertIsInstance(found, errors.Unavailable)
        self.assertEqual(self.sim.count_calls(**REFRESHES), 0)
        with self.registry.cursor() as cr:
            self.assertEqual(self.connection(cr)._redeem(code, verifier), self.connection_id)

    def redeem(self, cr, code, verifier):
        try:
            return self.connection(cr)._redeem(code, verifier)
        except errors.XeroError as error:
            return error

    def consented(self):
        """:return tuple: (code, its verifier) of a consent that came back"""
        with self.registry.cursor() as cr:
            connection = self.connection(cr)
            address = connection.env["xero.consent"]._begin(connection, "session", "http://localhost:1", "connection")
        callback = parse_qs(urlsplit(self.sim.consent(address, ["NZ"])).query)
        self.sim.clear_calls()
        with self.registry.cursor() as cr:
            Consent = self.connection(cr).env["xero.consent"]
            return callback["code"][0], Consent._consume(Consent._read_state(callback["state"][0]))

    def test_new_tokens_are_kept_although_somebody_is_busy_with_the_activity(self):
        """The activity says to connect again. Closing it must not be able to lose what Xero has just given out."""
        for bring in (
            lambda connection: connection._access_token(renew=True),
            lambda connection: connection._redeem(*self.consented()),
        ):
            with self.registry.cursor() as cr:
                connection = self.connection(cr)
                activity = connection.activity_schedule("mail.mail_activity_data_warning", user_id=api.SUPERUSER_ID)
                before, number = connection._tokens(), activity.id
            with self.registry.cursor() as person, self.registry.cursor() as cr:
                self.hold(person, "mail_activity", number)
                cr.execute("SET LOCAL statement_timeout = '20s'")
                bring(self.connection(cr))
                cr.rollback()
            with self.registry.cursor() as cr:
                connection = self.connection(cr)
                self.assertNotEqual(connection._tokens(), before)
                self.assertEqual(connection.activity_ids.ids, [number], "the next renewal takes it away")
                connection._access_token(renew=True)
            with self.registry.cursor() as cr:
                self.assertFalse(self.connection(cr).activity_ids)

    # ---- the refresh ------------------------------------------------------------------------------

    def test_refresh_names_the_failures_of_this_refresh(self):
        """The button writes in a transaction of its own, which its own snapshot does not see."""

        def refresh():
            with self.registry.cursor() as cr:
                organisation = self.organisation(cr)
                organisation.read(["reference_report"])  # the snapshot is taken
                return organisation.action_refresh_reference()["params"]

        self.sim.fault("status", match={"path": "/TaxRates"}, times=None, status=500)
        told = refresh()
        self.assertEqual(told["type"], "warning")
        self.assertIn("Tax rates could not be read", told["message"])
        self.sim.clear_faults()
        told = refresh()
        self.assertEqual(told["type"], "success", told["message"])
        self.assertNotIn("could not be read", told["message"])
