"""Connect, through Odoo's web server and a browser's eyes: every way the consent can end (S0.10-S0.12, S1.8-S1.13)."""

import logging
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import html

from odoo.tests import tagged

from odoo.addons.xero_integration.models import xero_consent

from ..common import MANAGER, XeroHttpCommon


class ConsentCommon(XeroHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("keeper", MANAGER)
        cls.other_manager = cls.make_user("second keeper", MANAGER)
        cls.clerk = cls.make_user("clerk", "account.group_account_invoice")
        cls.connection = cls.make_connection()

    def setUp(self):
        super().setUp()
        # Xero sends people to "localhost"; the browser of these tests uses Odoo under the same name
        base = f"http://localhost:{urlsplit(self.base_url()).port}"
        self.env["ir.config_parameter"].set_param("web.base.url", base)
        self.origin = self.base_url()
        self.authenticate("keeper", "keeper")

    # ---- a browser ----------------------------------------------------------------------------

    def start(self, connection=None, back="connection"):
        """Press Connect. :return: the address of Xero's consent page"""
        answer = self.visit(f"/xero/oauth/start/{(connection or self.connection).id}?back={back}")
        self.assertEqual(answer.status_code, 302, answer.text)
        return answer.headers["Location"]

    def visit(self, address):
        """One request of the browser's, no redirect followed. Whatever name of this machine stands in the address."""
        parts = urlsplit(address)
        return self.url_open(f"{parts.path}?{parts.query}", allow_redirects=False)

    def come_back(self, callback):
        """Follow Xero's redirect and ours. :return: the last answer (a page, or a redirect into the web client)"""
        answer = self.visit(callback)
        if answer.status_code == 303:
            self.env.invalidate_all()
            answer = self.visit(answer.headers["Location"])
        self.env.invalidate_all()
        return answer

    def connect(self, tenants=("NZ",), **kwargs):
        consent = {key: kwargs.pop(key) for key in ("user", "allow") if key in kwargs}
        return self.come_back(self.sim.consent(self.start(**kwargs), tenants, **consent))

    def assertPage(self, answer, code, status=400):
        """A page that names the problem, says what to do, and offers a button."""
        self.assertEqual(answer.status_code, status, answer.text[:500])
        page = html.fromstring(answer.content)
        card = page.xpath("//*[@data-code]")[0]
        self.assertEqual(card.get("data-code"), code)
        self.assertTrue(card.xpath(".//a[contains(@class, 'btn')]"), "there is nothing to press")
        self.assertGreater(len(card.xpath(".//p")[0].text), 40)
        self.assertNotIn("?", card.xpath(".//p")[0].text, "a hole of the sentence was not filled")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        return card.text_content()

    def assertNotConnected(self, connection=None):
        connection = connection or self.connection
        self.assertEqual(connection.state, "configured")
        self.assertFalse(connection.sudo().token_encrypted)
        self.assertFalse(connection.organisation_ids)


@tagged("post_install", "-at_install")
class TestConsent(ConsentCommon):
    # ---- it works -------------------------------------------------------------------------------

    def test_connect_comes_back_to_the_same_record_with_the_organisation_connected(self):
        """S0.10-S0.12, S1.13, S4.15"""
        answer = self.connect()
        self.assertEqual(answer.headers["Location"], f"/odoo/xero-connections/{self.connection.id}")
        organisation = self.connection.organisation_ids
        self.assertEqual((organisation.state, organisation.name), ("connected", "Kauri Trading (NZ)"))
        self.assertEqual(self.connection.organisation_names, "Kauri Trading (NZ)")
        self.assertEqual(dict(self.connection._fields["state"].selection)[self.connection.state], "Connected")
        self.assertTrue(organisation.test_passed, organisation.test_report)
        self.assertEqual(organisation.country_code, "NZ")
        self.assertTrue(organisation.cron_id.active)
        self.assertEqual(self.connection.authorised_user_id, self.manager)
        self.assertEqual(self.connection.xero_user_name, "Robin Tane <robin@example.com>")

    def test_the_consent_page_is_asked_with_everything_it_needs(self):
        address = urlsplit(self.start())
        asked = {key: values[0] for key, values in parse_qs(address.query).items()}
        self.assertEqual(address.path, "/identity/connect/authorize")
        self.assertEqual(asked["client_id"], self.sim.client_id)
        self.assertEqual(asked["redirect_uri"], self.connection.redirect_url)
        self.assertEqual(asked["response_type"], "code")
        self.assertEqual(asked["code_challenge_method"], "S256")
        self.assertEqual(asked["scope"].split(), self.sim.scopes.split(), "granular scopes (S1.11)")
        self.assertGreater(len(asked["state"]), 100)

    def test_scopes_are_configuration(self):
        """S1.11"""
        self.connection.scopes = (
            "openid offline_access accounting.settings.read accounting.contacts accounting.invoices"
        )
        asked = parse_qs(urlsplit(self.start()).query)
        self.assertEqual(asked["scope"][0], self.connection.scopes)

    def test_several_organisations_are_offered_never_taken(self):
        """S0.11, S1.10: the first is not picked silently."""
        answer = self.connect(("NZ", "AU"))
        self.assertEqual(answer.headers["Location"], f"/odoo/xero-connections/{self.connection.id}")
        self.assertFalse(self.connection.organisation_ids)
        self.assertEqual(self.connection.state, "connected")
        self.assertIn("Kauri Trading (NZ)", self.connection.offered_names)
        self.assertIn("Banksia Supplies (AU)", self.connection.offered_names)

    def test_back_leads_to_the_organisation_or_the_settings(self):
        """S0.12, S1.12"""
        self.assertEqual(self.connect(back="settings").headers["Location"], "/odoo/xero-settings")
        organisation = self.connection.organisation_ids
        answer = self.connect(back=f"organisation-{organisation.id}")
        self.assertEqual(answer.headers["Location"], f"/odoo/xero-organisations/{organisation.id}")

    def test_two_tabs_each_complete_their_own_consent(self):
        first, second = self.start(), self.start()
        self.assertEqual(self.come_back(self.sim.consent(second, ["NZ"])).status_code, 303)
        self.assertEqual(self.come_back(self.sim.consent(first, ["NZ"])).status_code, 303)
        self.assertEqual(len(self.connection.organisation_ids), 1)

    def test_the_token_set_survives_a_closed_page(self):
        """The browser never asks for the second step: the tokens are there all the same, and a later look finishes "
        "it."""
        self.assertEqual(self.visit(self.sim.consent(self.start(), ["NZ"])).status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "connected")
        self.assertTrue(self.connection.with_user(self.manager)._access_token())
        self.assertTrue(self.connection.consent_pending)

    def test_from_127_0_0_1_xero_is_told_localhost_and_the_way_back_goes_on_to_127_0_0_1(self):
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url().replace("localhost", "127.0.0.1"))
        callback = self.sim.consent(self.start(), ["NZ"])
        self.assertTrue(callback.startswith("http://localhost:"))
        self.logout()
        answer = self.url_open(callback, allow_redirects=False)
        here = urlsplit(self.base_url())
        if here.hostname == "127.0.0.1":
            self.assertEqual(answer.status_code, 302)
            self.assertTrue(answer.headers["Location"].startswith("http://127.0.0.1:"), answer.headers["Location"])
            self.assertIn("code=", answer.headers["Location"])

    def test_a_forged_state_leads_nobody_to_another_host(self):
        self.logout()
        answer = self.visit("/xero/oauth/callback?state=evil&code=x")
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    # ---- it does not ---------------------------------------------------------------------------

    def test_denied(self):
        """S4.14"""
        text = self.assertPage(self.connect(allow=False), "consent_denied")
        self.assertIn("Connect", text)
        self.assertNotConnected()

    def test_forged_state(self):
        for state in ("", "x", "a.b", "AQ", "Ω", "x" * 5000):
            with self.subTest(state=state[:10]):
                self.assertPage(
                    self.visit("/xero/oauth/callback?" + urlencode({"state": state, "code": "x"})), "state_forged"
                )
        self.assertPage(self.visit("/xero/oauth/callback?code=x"), "state_forged")

    def test_changed_state(self):
        """One character of the signed state changed."""
        callback = self.sim.consent(self.start(), ["NZ"])
        query = parse_qs(urlsplit(callback).query)
        state = query["state"][0]
        middle = len(state) // 2
        query["state"] = [state[:middle] + ("A" if state[middle] != "A" else "B") + state[middle + 1 :]]
        self.assertPage(self.visit("/xero/oauth/callback?" + urlencode(query, doseq=True)), "state_forged")
        self.assertNotConnected()

    def test_expired_state(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        with patch.object(xero_consent.time, "time", return_value=xero_consent.time.time() + 601):
            self.assertPage(self.come_back(callback), "state_expired")
        self.assertNotConnected()

    def test_replayed_callback(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.come_back(callback)
        before = self.sim.count_calls(path="/connect/token")
        self.assertPage(self.visit(callback), "state_replayed")
        self.assertEqual(self.sim.count_calls(path="/connect/token"), before, "Xero was not asked again")
        self.assertEqual(self.connection.state, "connected")

    def test_denied_answer_cannot_be_replaced_by_a_code_later(self):
        callback = self.sim.consent(self.start(), allow=False)
        self.assertPage(self.visit(callback), "consent_denied")
        state = parse_qs(urlsplit(callback).query)["state"][0]
        self.assertPage(
            self.visit("/xero/oauth/callback?" + urlencode({"state": state, "code": "x"})), "state_replayed"
        )

    def test_another_user_of_odoo(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.authenticate("second keeper", "second keeper")
        self.assertPage(self.come_back(callback), "state_other_user")
        self.assertNotConnected()

    def test_the_same_user_in_another_session(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.authenticate("keeper", "keeper")
        self.assertPage(self.come_back(callback), "state_other_session")
        self.assertNotConnected()

    def test_signed_out_meanwhile(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.logout()
        answer = self.visit(callback)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertNotConnected()

    def test_right_lost_meanwhile(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.manager.sudo().group_ids -= self.env.ref(MANAGER)
        self.env.flush_all()
        text = self.assertPage(self.come_back(callback), "not_allowed", 403)
        self.assertIn("Xero: manage integrations", text)
        self.assertNotConnected()

    def test_without_the_right_neither_start_nor_callback_nor_finish(self):
        """S0.6"""
        self.authenticate("clerk", "clerk")
        for path in (f"/xero/oauth/start/{self.connection.id}", "/xero/oauth/callback?state=x&code=y",
                     f"/xero/oauth/finish/{self.connection.id}"):  # fmt: skip
            with self.subTest(path=path):
                self.assertPage(self.visit(path), "not_allowed", 403)

    def test_unknown_client(self):
        """Xero shows its own page and sends nobody back; a wrong secret shows when the code is redeemed."""
        self.connection.client_secret = "wrong"
        self.env.flush_all()
        self.assertPage(self.connect(), "credentials_wrong")
        self.assertNotConnected()

    def test_wrong_scope(self):
        """Xero's answers about scopes come back as errors of the callback, or as fewer scopes than asked."""
        state = parse_qs(urlsplit(self.start()).query)["state"][0]
        answer = self.visit("/xero/oauth/callback?" + urlencode({"state": state, "error": "invalid_scope"}))
        self.assertIn("scope", self.assertPage(answer, "scope_refused"))
        self.assertNotConnected()

    def test_wrong_scope_is_named_with_what_it_blocks(self):
        """S1.32: asked with fewer scopes than the sync needs."""
        self.connection.scopes = "openid offline_access accounting.settings.read accounting.contacts"
        self.connect()
        organisation = self.connection.organisation_ids
        self.assertFalse(organisation.test_passed)
        self.assertIn("accounting.invoices", organisation.test_report_html)
        self.assertIn("CreditNotes", organisation.test_report_html)

    def test_an_error_nobody_knows_and_an_answer_without_code(self):
        for query, code in (({"error": "<script>alert(1)</script>"}, "app_misconfigured"), ({}, "no_code")):
            state = parse_qs(urlsplit(self.start()).query)["state"][0]
            answer = self.visit("/xero/oauth/callback?" + urlencode({"state": state, **query}))
            self.assertPage(answer, code)
            self.assertNotIn("<script>alert", answer.text)

    def test_code_expired(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.sim.clock(advance=301)
        self.assertPage(self.come_back(callback), "code_refused")
        self.assertNotConnected()

    def test_xero_is_down_while_the_code_is_redeemed(self):
        for fault in ({"kind": "status", "status": 503}, {"kind": "drop_before"}, {"kind": "html", "status": 200}):
            with self.subTest(**fault):
                callback = self.sim.consent(self.start(), ["NZ"])
                self.sim.fault(fault["kind"], match={"path": "/connect/token"}, times=1,
                               **{k: v for k, v in fault.items() if k != "kind"})  # fmt: skip
                self.assertPage(self.come_back(callback), "unavailable", 503)
                self.assertNotConnected()

    def test_xero_is_down_while_organisations_are_listed_and_try_again_finishes(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.sim.fault("status", status=503, match={"path": "/connections"}, times=1)
        answer = self.come_back(callback)
        self.assertPage(answer, "unavailable", 503)
        again = html.fromstring(answer.content).xpath("//a[contains(text(), 'Try again')]/@href")[0]
        self.assertEqual(self.visit(again).status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.connection.organisation_names, "Kauri Trading (NZ)")

    def test_no_organisation_granted(self):
        callback = self.sim.consent(self.start(), ["NZ"])
        self.sim.organisation("NZ", disconnect=True)
        self.assertPage(self.come_back(callback), "nothing_granted")
        self.assertFalse(self.connection.organisation_ids)

    def test_nothing_saved_yet(self):
        """S4.13"""
        empty = self.env["xero.connection"].create({"name": "empty"})
        self.assertPage(self.visit(f"/xero/oauth/start/{empty.id}"), "credentials_absent")

    def test_connection_deleted_meanwhile(self):
        spare = self.make_connection(name="spare")
        callback = self.sim.consent(self.start(spare), ["NZ"])
        spare.unlink()
        self.env.flush_all()
        self.assertPage(self.come_back(callback), "connection_missing", 404)

    def test_connection_of_another_company(self):
        """S0.6: the record rules hold for the controllers too."""
        other = self.env["res.company"].create({"name": "Other"})
        hidden = self.make_connection(company_id=other.id)
        self.assertPage(self.visit(f"/xero/oauth/start/{hidden.id}"), "connection_missing", 404)
        self.assertPage(self.visit(f"/xero/oauth/finish/{hidden.id}"), "connection_missing", 404)

    def test_wrong_account_is_told_what_it_offers(self):
        """S1.9"""
        self.connect(("NZ",))
        organisation = self.connection.organisation_ids
        organisation.action_disconnect()
        answer = self.connect(("AU",), user=KIM, back=f"organisation-{organisation.id}")
        text = self.assertPage(answer, "other_account")
        for part in ("Kim Okafor", "Kauri Trading (NZ)", "Banksia Supplies (AU)"):
            self.assertIn(part, text)
        self.assertEqual(organisation.state, "disconnected")
        self.assertEqual(organisation.tenant_id, self.sim.tenant_id("NZ"), "never silently swapped (S1.41)")

    def test_another_account_never_replaces_a_working_authorisation(self):
        """S1.41: it becomes a connection of its own."""
        self.connect(("NZ",))
        sealed = self.connection.sudo().token_encrypted
        answer = self.connect(("AU",), user=KIM)
        self.assertEqual(self.connection.sudo().token_encrypted, sealed)
        twin = self.env["xero.connection"].search([("id", "!=", self.connection.id), ("xero_user_id", "=", KIM)])
        self.assertEqual(answer.headers["Location"], f"/odoo/xero-connections/{twin.id}")
        self.assertEqual(twin.organisation_names, "Banksia Supplies (AU)")
        self.assertEqual(self.connection.organisation_names, "Kauri Trading (NZ)")

    def test_tokens_code_and_verifier_are_in_no_log(self):
        with self.assertLogs(level="DEBUG") as logs:
            callback = self.sim.consent(self.start(), ["NZ"])
            self.come_back(callback)
        browser = urlsplit(self.base_url()).netloc  # the test's own client logs what it asks of Odoo; that is not ours
        text = "\n".join(line for line in logs.output if browser not in line)
        secrets = [
            self.sim.client_secret, parse_qs(urlsplit(callback).query)["code"][0], *self.connection._tokens().values()
        ]  # fmt: skip
        for secret in secrets:
            self.assertNotIn(secret, text)

    def test_the_access_log_shows_no_code(self):
        with self.assertLogs("werkzeug") as logs:
            logging.getLogger("werkzeug").info(
                '%s - "%s" 303 -', "127.0.0.1", "GET /xero/oauth/callback?code=abc&state=d HTTP/1.1"
            )
        self.assertIn("/xero/oauth/callback?*** HTTP/1.1", logs.output[0])
        self.assertNotIn("abc", logs.output[0])


KIM = "7d6c1f0e-3c1b-4a52-9d57-5b1e3a0c0002"
