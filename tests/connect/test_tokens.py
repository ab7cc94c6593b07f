"""Tokens: renewed once, by one, committed before use; and never to be seen."""

import threading
from datetime import datetime, timedelta, timezone
from tempfile import TemporaryDirectory
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.xero_integration.models import vault
from odoo.addons.xero_integration.xero import errors, oauth

from ..common import MANAGER, XeroCommon

REFRESHES = {"method": "POST", "path": "/connect/token"}


@tagged("post_install", "-at_install")
class TestTokens(XeroCommon):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.sim.clear_calls()

    def expire(self):
        self.connection.token_expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()

    def later(self, **delta):
        """Both clocks, Odoo's and Xero's, go on."""
        self.sim.clock(advance=timedelta(**delta).total_seconds())
        return freeze_time(datetime.now(timezone.utc) + timedelta(**delta))

    def test_a_fresh_token_is_used_without_a_call(self):
        self.assertEqual(self.connection._access_token(), self.connection._tokens()["access"])
        self.assertFalse(self.sim.calls())

    def test_an_old_token_is_renewed_and_the_rotation_kept(self):
        before = self.connection._tokens()
        with self.later(minutes=29):
            self.assertNotEqual(self.connection._access_token(), before["access"])
        after = self.connection._tokens()
        self.assertNotEqual(after["refresh"], before["refresh"])
        self.assertEqual(self.sim.count_calls(**REFRESHES), 1)
        with self.connection._gateway() as gateway:
            self.assertEqual(len(gateway.connections()), 1)

    def test_a_rollback_elsewhere_does_not_lose_the_rotation(self):
        """The refresh is committed in a cursor of its own before the token is given out."""
        self.expire()
        with patch.object(
            type(self.env.cr), "commit", autospec=True
        ):  # the test's cursor: must not be the one that commits
            token = self.connection._access_token()
        self.env.invalidate_all()
        self.assertEqual(self.connection._tokens()["access"], token)

    def test_renew_on_refusal_refreshes_although_the_date_is_good(self):
        before = self.connection._access_token()
        self.assertNotEqual(self.connection._access_token(renew=True), before)
        self.assertEqual(self.sim.count_calls(**REFRESHES), 1)

    def test_a_lost_answer_is_asked_for_again_within_the_grace(self):
        """Xero rotated, we never heard: the former refresh token works for 30 more minutes."""
        self.expire()
        self.sim.fault("drop_after", match=REFRESHES, times=1)
        before = self.connection._tokens()
        with self.raises(errors.RetryLater):
            self.connection._access_token()
        self.assertEqual(self.connection._tokens(), before)
        self.assertEqual(self.connection.state, "connected")
        self.sim.clock(advance=29 * 60)
        self.assertTrue(self.connection._access_token())

    def test_past_the_grace_a_person_has_to_connect(self):
        self.expire()
        self.sim.fault("drop_after", match=REFRESHES, times=1)
        with self.raises(errors.RetryLater):
            self.connection._access_token()
        self.sim.clock(advance=31 * 60)
        with self.raises(errors.Reconnect):
            self.connection._access_token()
        self.assertEqual((self.connection.state, self.connection.error_code), ("broken", "reconnect"))

    def test_sixty_days_without_use_end_it(self):
        """S1.31: told apart from an authorisation that was taken back, of which Xero says the same."""
        with self.later(days=61), self.raises(errors.Reconnect):
            self.connection._access_token()
        self.assertEqual((self.connection.state, self.connection.error_code), ("broken", "authorisation_expired"))
        self.assertIn("not used for 60 days", self.connection.error_message)
        self.assertIn("not used for 60 days", self.connection.activity_ids.note)

    def test_taken_back_at_xero_says_so_and_speaks_of_no_days(self):
        """S1.31"""
        oauth.revoke(self.hosts, self.sim.client_id, self.sim.client_secret, self.connection._tokens()["refresh"])
        with self.later(days=59), self.raises(errors.Reconnect):
            self.connection._access_token()
        self.assertEqual(self.connection.error_code, "reconnect")
        self.assertIn("taken back", self.connection.error_message)
        self.assertNotIn("60 days", self.connection.error_message)

    def test_days_left_are_shown(self):
        self.assertEqual(self.connection.refresh_days_left, 60)
        with self.later(days=50):
            self.connection.invalidate_recordset()
            self.assertEqual(self.connection.refresh_days_left, 10)

    def test_a_broken_connection_tells_its_person_once_and_asks_xero_no_more(self):
        user = self.make_user("keeper", MANAGER)
        self.connection.authorised_user_id = user
        self.sim.organisation("NZ", disconnect=True)
        self.expire()
        self.connection.sudo().token_encrypted = vault.seal(
            self.env, self.connection._owner("token"), '{"access": "x", "refresh": "revoked"}'
        )
        self.env.flush_all()
        for _try in range(3):
            with self.raises(errors.Reconnect):
                self.connection._access_token()
        activity = self.connection.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, user)
        self.assertIn("Press Connect", activity.note)
        self.assertIn("Press Connect", self.connection.error_message)
        self.assertEqual(self.sim.count_calls(**REFRESHES), 1)

    def test_a_new_consent_mends_it_and_the_activity_goes(self):
        self.connection._break(errors.Reconnect("invalid_grant"))
        self.assertTrue(self.connection.activity_ids)
        self.connection.write(self.connection._consent_values(self.token_set(), self.env.user))
        self.connection._note_well()
        self.assertFalse(self.connection.activity_ids)
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.error_message)

    def test_a_wrong_secret_is_told_apart_from_an_ended_authorisation(self):
        """S1.31"""
        self.connection.client_secret = "wrong"
        self.env.flush_all()
        with self.raises(errors.CredentialsWrong):
            self.connection._access_token()
        self.assertEqual(self.connection.error_code, "credentials_wrong")
        self.connection.client_secret = self.sim.client_secret
        self.env.flush_all()
        self.assertTrue(self.connection._access_token(renew=True))
        self.assertEqual(self.connection.state, "connected")

    def test_another_client_id_gives_the_tokens_up(self):
        self.connection.client_id = "ANOTHER"
        self.assertEqual(self.connection.state, "configured")
        self.assertFalse(self.connection.sudo().token_encrypted)
        with self.raises(errors.Reconnect):
            self.connection._access_token()

    def test_xero_down_changes_nothing(self):
        for fault in ({"status": 503}, {"status": 500}, {"status": 429, "problem": "appminute", "retry_after": 5}):
            with self.subTest(**fault):
                self.expire()
                self.sim.fault("status", match=REFRESHES, times=1, **fault)
                with self.raises(errors.RetryLater):
                    self.connection._access_token()
                self.assertEqual(self.connection.state, "connected")

    def test_no_line_to_an_organisation_that_is_not_connected(self):
        organisation = self.connect_organisation(connection=self.connection)
        self.assertTrue(organisation._is_live())
        with organisation._gateway() as gateway:
            self.assertEqual(gateway.get("Organisation").items[0]["Name"], organisation.name)
        organisation.state = "disconnected"
        self.assertFalse(organisation._is_live())
        with self.raises(errors.Reconnect):
            organisation._gateway()


@tagged("post_install", "-at_install")
class TestSecrecy(XeroCommon):
    """S4.11, design §7: secrets never reach a read, an export, a copy, a log, a search or the chatter."""

    SECRETS = ("client_secret_encrypted", "token_encrypted")

    def setUp(self):
        super().setUp()
        self.manager = self.make_user("keeper", MANAGER)
        self.organisation = self.connect_organisation()
        self.connection = self.organisation.connection_id.with_user(self.manager)
        tokens = self.connection._tokens()
        self.in_clear = [self.sim.client_secret, tokens["access"], tokens["refresh"]]
        sealed = self.connection.sudo()
        self.sealed = [sealed.client_secret_encrypted, sealed.token_encrypted]

    def assertNoSecret(self, value):
        for secret in self.in_clear + self.sealed:
            self.assertNotIn(secret, str(value))

    def test_what_is_stored_is_sealed(self):
        for value in self.sealed:
            for secret in self.in_clear:
                self.assertNotIn(secret, value)
        self.env.cr.execute("SELECT * FROM xero_connection WHERE id = %s", [self.connection.id])
        row = str(self.env.cr.fetchall())
        for secret in self.in_clear:
            self.assertNotIn(secret, row)

    def test_read_gives_nothing_to_a_manager_nor_to_an_administrator(self):
        for user in (self.manager, self.env.ref("base.user_admin")):
            connection = self.connection.with_user(user).with_context(allowed_company_ids=self.env.company.ids)
            user.company_ids |= self.env.company
            self.assertNoSecret(connection.read())
            self.assertIs(connection.read(["client_secret"])[0]["client_secret"], False)
            for field in self.SECRETS:
                with self.assertRaises(AccessError):
                    connection.read([field])
                self.assertNotIn(field, connection.fields_get())

    def test_what_was_written_cannot_be_read_back_in_the_same_request(self):
        answer = self.connection.web_save(
            {"client_secret": "brand new secret"},
            {"client_secret": {}, "has_client_secret": {}, "secret_placeholder": {}},
        )
        self.assertNotIn("brand new secret", str(answer))
        self.assertEqual(answer[0]["secret_placeholder"], "••••••••••••")
        self.assertFalse(self.connection.client_secret)
        self.assertEqual(self.connection._secret(), "brand new secret")

    def test_saving_an_empty_secret_keeps_the_one_there_is(self):
        self.connection.client_secret = ""
        self.assertEqual(self.connection._secret(), self.sim.client_secret)

    def test_export(self):
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        self.assertNoSecret(self.connection.export_data(["id", "client_id", "client_secret", "name", "scopes"]))
        for field in self.SECRETS:
            with self.assertRaises(AccessError):
                self.connection.export_data([field])

    def test_copy_takes_neither_secret_nor_token(self):
        copy = self.connection.sudo().copy()
        self.assertFalse(copy.client_secret_encrypted or copy.token_encrypted or copy.client_id or copy.granted_scopes)
        self.assertEqual(copy.state, "new")

    def test_search_group_and_order_by_a_secret_are_refused(self):
        Connection = self.env["xero.connection"].with_user(self.manager)
        for field in self.SECRETS:
            with self.assertRaises(AccessError):
                Connection.search([(field, "like", "gAAAA%")])
            with self.assertRaises(AccessError):
                Connection.formatted_read_group([], [field], ["__count"])
            with self.assertRaises(AccessError):
                Connection.search([], order=field)
        with self.assertRaises(ValueError), mute_logger("odoo.fields"):
            Connection.search([("client_secret", "=", self.sim.client_secret)])

    def test_chatter(self):
        self.connection.write({"client_secret": "another secret", "client_id": "ANOTHER"})
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertNotIn("another secret", str(self.connection.message_ids.mapped("body")))
        tracked = self.connection.sudo().message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertFalse({"client_secret", *self.SECRETS} & set(tracked))

    def test_logs_of_saving_and_refreshing(self):
        with self.assertLogs(level="DEBUG") as logs:
            self.connection.client_secret = "quite another secret"
            self.connection.client_secret = self.sim.client_secret
            self.env.flush_all()
            self.connection._access_token(renew=True)
        for secret in [*self.in_clear, *self.connection._tokens().values(), "quite another secret"]:
            self.assertNotIn(secret, "\n".join(logs.output))

    def test_no_public_method_gives_a_secret_away(self):
        """What RPC may call starts without an underscore."""
        for name in ("_access_token", "_tokens", "_secret", "_gateway", "_client_secret"):
            self.assertTrue(callable(getattr(self.connection, name)))
        self.assertFalse(
            [name for name in dir(type(self.connection)) if name in ("access_token", "tokens", "secret", "gateway")]
        )

    def test_consents_under_way_are_nobodys_to_read(self):
        with self.assertRaises(AccessError):
            self.env["xero.consent"].with_user(self.manager).search_read([])

    def test_a_database_under_another_identity_cannot_open_them(self):
        """Odoo's "duplicate" gives a copy a new identity; restored as a move it keeps its own."""
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        with self.raises(errors.Reconnect):
            self.connection._access_token()
        self.assertEqual(self.connection.error_code, "key_lost")
        self.assertFalse(self.sim.count_calls(**REFRESHES) > 1)

    def test_another_key_is_said_not_raised(self):
        with patch.dict(vault.config.options, {"xero_encryption_key": vault.Fernet.generate_key().decode()}):
            with self.raises(errors.Reconnect):
                self.connection._access_token()
            self.assertIn("encryption key", self.connection.error_message)

    def test_what_is_sealed_for_one_record_does_not_open_for_another(self):
        sealed = vault.seal(self.env, "a", "value")
        self.assertEqual(vault.unseal(self.env, "a", sealed), "value")
        for owner, text in (("b", sealed), ("a", sealed[:-5]), ("a", "rubbish"), ("a", None)):
            with self.assertRaises(vault.SealBroken):
                vault.unseal(self.env, owner, text)


@tagged("post_install", "-at_install")
class TestKey(TransactionCase):
    """Where the key comes from."""

    def setUp(self):
        super().setUp()
        self.directory = self.enterContext(TemporaryDirectory())
        options = {"data_dir": self.directory, "xero_encryption_key": None}
        self.enterContext(patch.dict(vault.config.options, options))
        self.enterContext(patch.dict(vault.os.environ))
        vault.os.environ.pop("XERO_ENCRYPTION_KEY", None)

    def test_a_key_file_is_made_for_the_servers_user_alone(self):
        sealed = vault.seal(self.env, "a", "value")
        path = vault.Path(self.directory) / vault.KEY_FILE
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(vault.unseal(self.env, "a", sealed), "value")
        self.assertEqual([each.name for each in vault.Path(self.directory).iterdir()], [vault.KEY_FILE])

    def test_processes_that_start_together_share_one_key(self):
        keys = []
        threads = [threading.Thread(target=lambda: keys.append(vault._key_of_file())) for _each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(keys)), 1)

    def test_a_file_that_others_can_read_is_warned_of(self):
        vault._key_of_file()
        (vault.Path(self.directory) / vault.KEY_FILE).chmod(0o644)
        with self.assertLogs(vault.__name__, "WARNING") as logs:
            vault._key_of_file()
        self.assertIn("chmod 600", logs.output[0])

    def test_option_and_environment_come_before_the_file_and_old_keys_still_open(self):
        old, new = vault.Fernet.generate_key().decode(), vault.Fernet.generate_key().decode()
        with patch.dict(vault.os.environ, {"XERO_ENCRYPTION_KEY": old}):
            sealed = vault.seal(self.env, "a", "value")
        self.assertFalse(list(vault.Path(self.directory).iterdir()))
        with patch.dict(vault.config.options, {"xero_encryption_key": f"{new}, {old}"}):
            self.assertEqual(vault.unseal(self.env, "a", sealed), "value")
        with patch.dict(vault.config.options, {"xero_encryption_key": new}), self.assertRaises(vault.SealBroken):
            vault.unseal(self.env, "a", sealed)

    def test_a_key_that_is_none_is_said_in_plain_words(self):
        with (
            patch.dict(vault.config.options, {"xero_encryption_key": "secret"}),
            self.assertRaises(UserError) as caught,
        ):
            self.env["xero.connection"].create({"name": "x", "client_id": "y", "client_secret": "z"})
        self.assertIn("xero_encryption_key", str(caught.exception))
