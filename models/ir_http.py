"""Who may come back from Xero's consent page."""

from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect

from odoo import models
from odoo.http import request

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_xero_callback(cls):
        """As ``user``, with one step before it on a developer's machine.

        Xero takes ``http://localhost`` as a way back but not ``http://127.0.0.1``. Who uses Odoo under the latter has
        no session under the former, so the browser is sent on, from one name of this machine to the other. Where to
        stands in the signed state.
        """
        state = request.env["xero.consent"]._read_state(request.httprequest.args.get("state"))
        here = request.httprequest.host_url.rstrip("/")
        if state and state.origin != here and both_loopback(state.origin, here):
            # authentication answers by itself in no other way than by an exception
            raise HTTPException(response=redirect(state.origin + request.httprequest.full_path))
        cls._auth_method_user()


def both_loopback(*origins):
    """Whether all are names of this machine, under the same scheme and port."""
    parts = [urlsplit(origin) for origin in origins]
    return {part.hostname for part in parts} <= LOOPBACK and len({(part.scheme, part.port) for part in parts}) == 1
