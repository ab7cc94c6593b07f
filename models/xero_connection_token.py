"""The token set: sealed, refreshed by one transaction at a time, committed before it is used.

Everything here that changes a connection does so in a cursor of its own (``locked``), so that no rollback elsewhere can
lose a refresh token that Xero has already rotated (design §4, "Tokens").
"""

import json
import logging
import os
from datetime import timedelta, timezone

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..xero import Gateway, Hosts, errors, oauth
from .connection_problems import AuthorisationExpired, KeyLost, sentence
from .own_cursor import aside, locked
from .vault import SealBroken, seal, unseal

_logger = logging.getLogger(__name__)
# A call may take this long: an access token with less left is renewed first.
MARGIN = timedelta(seconds=120)
REFRESH_LIFETIME = timedelta(days=60)  # of a refresh token that is not used (Xero, guides/oauth2/token-types)
CONNECT_SECONDS = 5
READ_SECONDS = 30
NO_TOKENS = {
    "token_encrypted": False,
    "token_expires_at": False,
    "token_refreshed_at": False,
    "granted_scopes": False,
    "authentication_event_id": False,
    "offered": False,
    "consent_pending": False,
}


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    # ---- where Xero is ----------------------------------------------------------------------

    def _hosts(self):
        """Xero's addresses, or the simulator's if the server's configuration (never the database) names one.

        :raise UserError: it names something that is not on this machine
        """
        try:
            return Hosts.from_base_url(config.get("xero_base_url") or os.environ.get("XERO_BASE_URL"))
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The server option xero_base_url must be a loopback address such as http://localhost:8070. "
                    "Correct the server's configuration, or remove the option to use Xero itself."
                )
            ) from error

    def _gateway(self, tenant_id=None, renew=False):
        """A line to Xero with a token that is good now.

        :raise errors.XeroError: see :meth:`_access_token`
        """
        return Gateway(self._hosts(), self._access_token(renew), tenant_id, self._timeout())

    @staticmethod
    def _timeout():
        """Seconds for (connecting, reading). The server option ``xero_read_timeout`` is for slow lines and tests."""
        return CONNECT_SECONDS, float(config.get("xero_read_timeout") or READ_SECONDS)

    # ---- reading ----------------------------------------------------------------------------

    def _tokens(self):
        """``{access, refresh}`` in clear, empty when there are none.

        :raise KeyLost:
        """
        self.ensure_one()
        sealed = self.sudo().token_encrypted  # sudo: hidden field
        if not sealed:
            return {}
        try:
            return json.loads(unseal(self.env, self._owner("token"), sealed))
        except SealBroken as error:
            raise KeyLost(str(error)) from error

    def _client_secret(self):
        try:
            return self._secret()
        except SealBroken as error:
            raise KeyLost(str(error)) from error

    def _token_is_fresh(self):
        return bool(self.token_expires_at and self.token_expires_at - MARGIN > fields.Datetime.now())

    def _access_token(self, renew=False):
        """An access token that is good for the next two minutes at least.

        :param bool renew: Xero refused the one we have, whatever its date says
        :raise errors.Reconnect: a person has to connect again; the connection is marked and its user told, once
        :raise errors.RetryLater: Xero did not answer; what we have stays as it is
        """
        self.ensure_one()
        if self.state == "connected" and not renew and self._token_is_fresh():
            return self._tokens_or_stop()["access"]
        if self.state != "connected" and not (renew and self.state == "broken"):
            raise errors.catalogue().get(self.error_code, errors.Reconnect)(self.error_detail or self.state)
        refused = self._tokens_or_stop().get("access") if renew else None
        return self._refresh(refused)

    def _tokens_or_stop(self):
        try:
            return self._tokens()
        except KeyLost as error:
            self._break(error)
            raise

    # ---- refreshing -------------------------------------------------------------------------

    def _refresh(self, refused=None):
        """Rotate the tokens under the row's lock, unless somebody did while we waited for it.

        :param str refused: the access token that is no good although its time is not over
        :return str: an access token that is already committed
        """
        failure = None
        with locked(self) as connection:
            try:
                held = connection._tokens()
                if connection.state == "connected" and connection._token_is_fresh() and held.get("access") != refused:
                    return held["access"]
                tokens = oauth.refresh(
                    connection._hosts(),
                    connection.client_id,
                    connection._client_secret(),
                    held.get("refresh"),
                    self._timeout(),
                )
            except errors.Reconnect as error:
                failure = connection._told_apart(error)
                connection._note_break(failure)
            else:
                connection.write(connection._token_values(tokens))
        if failure:
            _logger.info("xero connection %s: %s", self.id, failure.code)
            raise failure
        self._note_well()
        return tokens.access_token

    def _told_apart(self, error):
        """Xero says ``invalid_grant`` of an authorisation that was taken back, and of one that was not used for too
        long; we know how long it was (S1.31).

        :rtype: errors.Reconnect
        """
        since = self.token_refreshed_at
        if type(error) is errors.Reconnect and since and fields.Datetime.now() - since >= REFRESH_LIFETIME:
            return AuthorisationExpired(error.detail, status=error.status, correlation_id=error.correlation_id)
        return error

    def _token_values(self, tokens):
        """What to write for a token set of ``xero.oauth``.

        Xero may leave out the refresh token of an answer; the one we have is good for 30 more minutes then.
        """
        refresh = tokens.refresh_token or self._tokens_if_readable().get("refresh")
        content = json.dumps({"access": tokens.access_token, "refresh": refresh})
        values = {
            "token_encrypted": seal(self.env, self._owner("token"), content),
            "token_expires_at": tokens.expires_at.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0),
            "token_refreshed_at": fields.Datetime.now(),
            "state": "connected",
            "error_code": False,
            "error_detail": False,
        }
        if tokens.scopes:
            values["granted_scopes"] = " ".join(tokens.scopes)
        return values

    def _tokens_if_readable(self):
        try:
            return self._tokens()
        except KeyLost:
            return {}

    def _consent_values(self, tokens, user):
        """What to write for the token set of a new consent."""
        person = tokens.person
        name = " ".join(filter(None, (person.get("given_name"), person.get("family_name"))))
        email = person.get("email")
        return self._token_values(tokens) | {
            "granted_scopes": " ".join(tokens.scopes),
            "authentication_event_id": tokens.authentication_event_id,
            "authorised_user_id": user.id,
            "xero_user_id": person.get("xero_userid") or tokens.claims.get("xero_userid"),
            "xero_user_name": f"{name} <{email}>" if name and email else name or email,
            "consent_pending": True,
        }

    # ---- well and broken ----------------------------------------------------------------------

    def _break(self, error):
        """Only a person can help: note it, and tell the one who connected."""
        with locked(self) as connection:
            connection._note_break(error)

    def _note_break(self, error):
        """In the cursor of ``locked``. Told once: as long as it stays broken nobody is told again."""
        newly = self.state == "connected"
        self.write({"state": "broken", "error_code": error.code, "error_detail": error.detail})
        if newly:
            user = self.authorised_user_id or self.env.user
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.env._("Connect %(name)s to Xero again", name=self.organisation_names or self.name),
                note=sentence(self.env, error.code, {"detail": error.detail}),
            )

    def _note_well(self):
        """What people were asked to do is done.

        After the tokens, which are committed by now: somebody may be busy with the activity, and no collision with
        them may lose a token. What cannot be taken away now goes with the next renewal. Touches no organisation: the
        caller's transaction may hold its row, and would wait for itself.
        """
        with aside(self) as connection:
            connection.activity_search(["mail.mail_activity_data_warning"]).try_lock_for_update().unlink()

    def _as_committed(self, *names):
        """Fields as they are in the database now. A token may have been renewed since this transaction began.

        :return dict: ``{name: value}``
        """
        with self.env.registry.cursor() as cr:
            fresh = self.with_env(self.env(cr=cr))
            return {name: fresh[name] for name in names}

    def _forget_tokens(self):
        """Nothing is connected any more: hold no power that nobody needs."""
        with locked(self) as connection:
            connection.write(NO_TOKENS | {"state": "disconnected"})


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _is_live(self):
        """Whether calls may be made for it."""
        self.ensure_one()
        # sudo: whoever works with the organisation's documents may know whether it is connected.
        return self.state == "connected" and self.connection_id.sudo().state == "connected"

    def _gateway(self, renew=False):
        """The line to this organisation, with a token that is good now and already committed.

        :param bool renew: Xero refused the token we gave out last
        :raise errors.XeroError: see ``xero.connection._access_token``
        """
        self.ensure_one()
        if self.state != "connected":
            raise errors.Reconnect(self.state)
        # sudo: the worker and the refresh of reference data need a line, not a look at the credentials.
        return self.connection_id.sudo()._gateway(self.tenant_id, renew)
