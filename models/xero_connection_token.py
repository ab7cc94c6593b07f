"""The token set of a connection: kept encrypted, refreshed by one at a time, never lost by a rollback.

A refresh at Xero rotates the refresh token. It is done under a row lock in a cursor of its own, the expiry is read again
after the lock, and the new set is committed before it is used: whatever the caller's transaction comes to, it stands.
"""

import json
import os
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.tools import SQL, config

from ..xero import Gateway, Hosts, errors, oauth
from .secret_box import Unopenable, seal, unseal

# A token that ends sooner than this is refreshed first, so that it outlives the call it is used for.
MARGIN = timedelta(seconds=120)
READ_TIMEOUT = 30  # seconds


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    @api.model
    def _hosts(self):
        """Xero's hosts, or a simulator's: only the server's configuration may say so, and only for this machine."""
        return Hosts.from_base_url(config.get("xero_base_url") or os.environ.get("XERO_BASE_URL") or None)

    def _access_token(self, renew=False):
        """An access token that is good now.

        :param bool renew: Xero refused the one that looks good; get another
        :rtype: str
        :raise errors.Reconnect: a person has to connect again
        :raise errors.RetryLater: Xero's identity server cannot be reached
        """
        self.ensure_one()
        with self.env.registry.cursor() as cr:
            mine = self.with_env(self.env(cr=cr, su=True))  # su: no user may read the token, its use is the engine's
            token = mine._read_token()
            refused = token.get("access_token")
            if renew or not mine._is_good(token):
                cr.execute(SQL("SELECT id FROM xero_connection WHERE id = %s FOR UPDATE", self.id))
                mine.invalidate_recordset()
                token = mine._read_token()
                if not mine._is_good(token) or (renew and token.get("access_token") == refused):
                    token = mine._refresh_token(token)
        return token["access_token"]

    def _refresh_token(self, token):
        """Rotate, in the cursor that holds the lock; its commit is the caller's next act."""
        if not token.get("refresh_token"):
            raise errors.Reconnect("There is no refresh token.")
        renewed = oauth.refresh(self._hosts(), self.client_id, self._client_secret(), token["refresh_token"])
        return self._store_token(renewed, keep=token)

    def _store_token(self, token_set, keep=None):
        """Write a token set down, encrypted.

        :param token_set: ``oauth.TokenSet``
        :param dict keep: the former one; its refresh token stays when Xero gave no new one
        :return dict: what was stored
        """
        token = {
            "access_token": token_set.access_token,
            "refresh_token": token_set.refresh_token or (keep or {}).get("refresh_token"),
            "expires_at": token_set.expires_at.isoformat(),
        }
        self.write({
            "token_encrypted": seal(json.dumps(token)),
            "token_expires_at": token_set.expires_at.astimezone(timezone.utc).replace(tzinfo=None),
            "token_refreshed_at": fields.Datetime.now(),
            "granted_scopes": " ".join(token_set.scopes) or self.granted_scopes,
        })
        return token

    def _read_token(self):
        if not self.token_encrypted:
            return {}
        try:
            return json.loads(unseal(self.token_encrypted))
        except Unopenable as error:
            raise errors.Reconnect("The encryption key of this server is not the one the token was stored with.") from error

    def _is_good(self, token):
        return bool(token) and datetime.fromisoformat(token["expires_at"]) > _now() + MARGIN

    def _client_secret(self):
        """The app's secret in clear, or None for an app without one. For the token endpoint only."""
        sealed = self.sudo().client_secret_encrypted  # sudo: nobody may read it; it is used, not shown
        try:
            return unseal(sealed) if sealed else None
        except Unopenable as error:
            raise errors.CredentialsWrong("The encryption key of this server is not the one the secret was stored with.") from error


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _gateway(self, renew=False):
        """The way to this organisation with a token that is good now.

        :rtype: xero.Gateway
        :raise errors.Reconnect, errors.RetryLater: as ``_access_token``
        """
        self.ensure_one()
        connection = self.connection_id
        read_timeout = int(config.get("xero_read_timeout") or READ_TIMEOUT)
        return Gateway(connection._hosts(), connection._access_token(renew), self.tenant_id, timeout=(5, read_timeout))


def _now():
    return fields.Datetime.now().replace(tzinfo=timezone.utc)
