"""One press of Connect, until Xero sends the browser back: what makes the way back ours, and good once."""

import hashlib
import hmac
import secrets
import time
from datetime import timedelta
from typing import NamedTuple

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL, hash_sign, verify_hash_signed

from ..xero import oauth
from .vault import SealBroken, seal, unseal

SCOPE = "xero_integration.oauth_state"
LIFETIME = 600  # seconds between Connect and the way back (S0.10)


class State(NamedTuple):
    """What the ``state`` parameter says, signed: it cannot be made or changed by anybody else."""

    nonce: str
    connection_id: int
    user_id: int
    session: str  # digest of a value that only the browser session that began it holds
    origin: str  # scheme and host under which Odoo was used
    back: str  # where the person was
    expires: int  # seconds since 1970

    @property
    def expired(self):
        return time.time() > self.expires


class XeroConsent(models.Model):
    """A row per consent under way. Deleting it is using it: whoever deletes it has the right to go on, once."""

    _name = "xero.consent"
    _description = "Xero Consent Under Way"
    _allow_sudo_commands = False

    nonce_digest = fields.Char(required=True, groups=fields.NO_ACCESS)
    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    code_verifier_encrypted = fields.Char(required=True, groups=fields.NO_ACCESS)

    _nonce_uniq = models.UniqueIndex("(nonce_digest)")

    @api.model
    def _begin(self, connection, session_secret, origin, back):
        """:return str: the address of Xero's consent page"""
        nonce, verifier = secrets.token_urlsafe(24), oauth.new_verifier()
        state = State(
            nonce, connection.id, self.env.uid, _digest(session_secret), origin, back, int(time.time()) + LIFETIME
        )
        # sudo: nobody has access to this model; the caller has checked that the user may connect
        self.sudo().create(
            {
                "nonce_digest": _digest(nonce),
                "connection_id": connection.id,
                "code_verifier_encrypted": seal(self.env, f"{self._name}/{_digest(nonce)}", verifier),
            }
        )
        return oauth.authorization_url(
            connection._hosts(),
            connection.client_id,
            connection.redirect_url,
            connection.scopes,
            hash_sign(self.env(su=True), SCOPE, list(state)),  # su: the signing key is a parameter
            verifier,
        )

    @api.model
    def _read_state(self, text):
        """:return State: or None when it was not made here, or was changed"""
        try:
            values = verify_hash_signed(self.env(su=True), SCOPE, text or "")
        except ValueError:  # not base64, not ours, not text
            return None
        return State(*values) if values else None

    @api.model
    def _consume(self, state):
        """Use it up, for good: in a cursor of its own, so that nothing that happens later makes it good again.

        :return str: the code verifier, or None when it was used before (also by a request that runs right now)
        """
        digest = _digest(state.nonce)
        with self.env.registry.cursor() as cr:
            try:
                cr.execute(
                    SQL(
                        "DELETE FROM xero_consent WHERE nonce_digest = %s AND connection_id = %s "
                        "RETURNING code_verifier_encrypted", digest, state.connection_id,
                    ),
                    log_exceptions=False,
                )  # fmt: skip
                row = cr.fetchone()
            except psycopg2.errors.SerializationFailure:
                cr.rollback()
                row = None
        try:
            return unseal(self.env, f"{self._name}/{digest}", row[0]) if row else None
        except SealBroken:
            return None

    @api.autovacuum
    def _gc_consents(self):
        limit = fields.Datetime.now() - timedelta(seconds=LIFETIME)
        self.sudo().search([("create_date", "<", limit)]).unlink()  # sudo: nobody has access to this model


def same_session(state, session_secret):
    """Whether the browser session that came back is the one that began it (constant time)."""
    return bool(session_secret) and hmac.compare_digest(state.session, _digest(session_secret))


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
