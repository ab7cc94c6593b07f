"""The two ends of a consent: off to Xero, and back. Thin: verify, hand over to the model, show or redirect."""

import logging
import re
import secrets

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from ..models.connection_problems import sentence, sentence_of
from ..models.ir_http import both_loopback
from ..models.vault import SealBroken
from ..models.xero_connection import CALLBACK, MANAGER
from ..models.xero_consent import same_session
from ..xero import errors, oauth

_logger = logging.getLogger(__name__)
SESSION_KEY = "xero_consent_session"
# The address of a callback stands in the browser's history and in proxies' logs: nothing may be sent on from it.
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class _WithoutQuery(logging.Filter):
    """The web server's access log shows whole addresses; the code of a callback is not for it."""

    pattern = re.compile(rf"({re.escape(CALLBACK)})\?[^\s\"]*")

    def filter(self, record):
        text = record.getMessage()
        if CALLBACK in text:
            record.msg, record.args = self.pattern.sub(r"\1?***", text), ()
        return True


logging.getLogger("werkzeug").addFilter(_WithoutQuery())


class XeroOAuth(http.Controller):
    # ---- there ------------------------------------------------------------------------------

    @http.route("/xero/oauth/start/<int:connection_id>", type="http", auth="user", methods=["GET"], readonly=False)
    def start(self, connection_id, back="connection", moved=None):
        """To Xero's consent page. ``back``: ``connection``, ``settings`` or ``organisation-<id>``."""
        connection = self._connection(connection_id)
        if isinstance(connection, http.Response):
            return connection
        if not connection.has_credentials:
            return self._page("credentials_absent", connection)
        here, base = request.httprequest.host_url.rstrip("/"), connection.company_url
        if not moved and here != base and not both_loopback(here, base):
            # Xero will send the browser to Odoo's own address: the session that comes back has to begin there
            return request.redirect(f"{base}/xero/oauth/start/{connection.id}?back={back}&moved=1", local=False)
        try:
            address = request.env["xero.consent"]._begin(connection, self._session_secret(), here, back)
        except SealBroken:
            return self._page("key_unusable", connection)
        return request.redirect(address, code=302, local=False)

    @staticmethod
    def _session_secret():
        """A value that only this browser session holds; it goes when the user signs out."""
        if not request.session.get(SESSION_KEY):
            request.session[SESSION_KEY] = secrets.token_urlsafe(24)
        return request.session[SESSION_KEY]

    # ---- and back ---------------------------------------------------------------------------

    @http.route(CALLBACK, type="http", auth="xero_callback", methods=["GET"], readonly=False)
    def callback(self, state=None, code=None, error=None, error_description=None, **_more):
        """Where Xero sends the browser. Everything here commits in cursors of its own; the rest is ``finish``."""
        found = request.env["xero.consent"]._read_state(state)
        if not request.env.user.has_group(MANAGER):
            return self._page("not_allowed", status=403)
        if found is None:
            return self._page("state_forged")
        connection = self._connection(found.connection_id)
        if isinstance(connection, http.Response):
            return connection
        problem = self._problem_with(found)
        if problem:
            return self._page(problem, connection, back=found.back)
        verifier = request.env["xero.consent"]._consume(found)
        if verifier is None:
            return self._page("state_replayed", connection, back=found.back)
        if error:
            refusal = oauth.consent_error(error, error_description or "")
            return self._page(refusal.code, connection, refusal, back=found.back)
        if not code:
            return self._page("no_code", connection, back=found.back)
        return self._redeem(connection, code, verifier, found.back)

    @staticmethod
    def _problem_with(state):
        if state.user_id != request.env.uid:
            return "state_other_user"
        if not same_session(state, request.session.get(SESSION_KEY)):
            return "state_other_session"
        return "state_expired" if state.expired else None

    def _redeem(self, connection, code, verifier, back):
        try:
            holder_id = connection._redeem(code, verifier)
        except errors.XeroError as error:
            _logger.info("xero connection %s: consent failed: %s", connection.id, error.code)
            code = "code_refused" if type(error) is errors.Reconnect else error.code
            return self._page(code, connection, error, back=back)
        if holder_id != connection.id:
            back = "connection"
        return self._private(request.redirect(f"/xero/oauth/finish/{holder_id}?back={back}", code=303))

    # ---- the organisations --------------------------------------------------------------------

    @http.route("/xero/oauth/finish/<int:connection_id>", type="http", auth="user", methods=["GET"], readonly=False)
    def finish(self, connection_id, back="connection"):
        """A request of its own, because the tokens were committed after the callback's snapshot. May be repeated."""
        connection = self._connection(connection_id)
        if isinstance(connection, http.Response):
            return connection
        if not connection.consent_pending:
            return request.redirect(self._address(connection, back))
        expected = self._organisation(connection, back)
        try:
            outcome, organisations = connection._take_up_consent(expected)
            connection._settle_in(organisations)
        except errors.XeroError as error:
            return self._page(error.code, connection, error, back=back, again=request.httprequest.full_path)
        if outcome == "choose":
            return request.redirect(self._address(connection, "connection"))
        if outcome == "done":
            return request.redirect(self._address(connection, back))
        return self._page(outcome, connection, data=self._other_account(connection, expected), back=back)

    @staticmethod
    def _organisation(connection, back):
        kind, _, number = back.partition("-")
        known = connection.organisation_ids
        return known.filtered(lambda o: str(o.id) == number) if kind == "organisation" else known.browse()

    @staticmethod
    def _other_account(connection, expected):
        wanted = expected or connection.organisation_ids.filtered(lambda o: o.state != "connected")
        return {
            "person": connection.xero_user_name or "?",
            "expected": ", ".join(wanted.mapped("name")),
            "offered": ", ".join(offer["name"] for offer in connection.offered or []),
        }

    # ---- what both need -----------------------------------------------------------------------

    def _connection(self, connection_id):
        """The connection, if the user may manage it; else the page that says why not."""
        connection = request.env["xero.connection"].browse(connection_id)
        try:
            connection._check_manager()
            return connection.exists() or self._page("connection_missing", status=404)
        except MissingError:
            return self._page("connection_missing", status=404)
        except AccessError:
            if request.env.user.has_group(MANAGER):
                return self._page("connection_missing", status=404)  # another company's
            return self._page("not_allowed", status=403)

    @staticmethod
    def _address(connection, back="connection"):
        """The record that the person came from."""
        kind, _, number = back.partition("-")
        if kind == "organisation" and number.isdecimal():
            return f"/odoo/xero-organisations/{number}"
        if kind == "settings":
            return "/odoo/xero-settings"
        return f"/odoo/xero-connections/{connection.id}"

    def _page(self, code, connection=None, error=None, *, data=None, back="connection", status=400, again=None):
        """What happened, what to do, and the button for it."""
        env = request.env
        text = sentence_of(env, error) if error and code == error.code else sentence(env, code, data)
        waits = isinstance(error, errors.RetryLater)
        allowed = env.user.has_group(MANAGER)
        values = {
            "code": code,
            "title": self._title(code, waits),
            "text": text,
            "again": allowed and connection and (again or f"/xero/oauth/start/{connection.id}?back={back}"),
            "again_label": env._("Try again") if again else env._("Connect again"),
            "settings": self._address(connection, back) if connection else "/odoo/xero-connections",
            "settings_label": env._("Xero settings"),
            "allowed": allowed,
        }
        if code == "other_account":
            values |= {"settings": self._address(connection), "settings_label": env._("Use what is offered")}
        response = request.render("xero_integration.oauth_page", values, status=503 if waits else status)
        return self._private(response)

    @staticmethod
    def _title(code, waits):
        env = request.env
        return {
            "busy": env._("Not just now"),
            "not_allowed": env._("You may not connect Xero"),
            "consent_denied": env._("Access was not allowed"),
            "nothing_granted": env._("No organisation was granted"),
            "other_account": env._("That account does not offer your organisation"),
        }.get(code) or (env._("Xero did not answer") if waits else env._("Xero is not connected yet"))

    @staticmethod
    def _private(response):
        response.headers.update(PRIVATE)
        return response
