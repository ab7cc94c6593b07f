"""What can be wrong between Odoo and Xero as a whole, not with one record: a code, a sentence that says what to do.

The codes are those of ``xero/errors.py`` and those of the connection test and the consent.
"""

from odoo.tools.translate import LazyTranslate

from ..xero import errors
from .sentence_holes import Holes

_lt = LazyTranslate(__name__)

SENTENCES = {
    # ---- the authorisation
    "credentials_absent": _lt("Client id and client secret are not saved yet. Enter both and save."),
    "credentials_wrong": _lt(
        "Xero does not know this client id and client secret. Copy both again from your app at developer.xero.com "
        "(generate a new secret if in doubt), save, and test again."
    ),
    "reconnect": _lt(
        "Xero no longer accepts the authorisation: it was taken back there, or a renewal got lost on the way. Press "
        "Connect to sign in again."
    ),
    "authorisation_expired": _lt(
        "The authorisation has ended: it was not used for 60 days, and Xero keeps it no longer. Press Connect to sign "
        "in again."
    ),
    "app_changed": _lt(
        "The client id was changed, and what another app was allowed does not hold for this one. Press Connect to sign "
        "in with it."
    ),
    "key_lost": _lt(
        "The stored authorisation cannot be read: this database is a copy, or the server's encryption key has "
        "changed. Put the key back (server option xero_encryption_key), or enter the client secret again and press "
        "Connect."
    ),
    "app_misconfigured": _lt(
        "Xero refuses this app. At developer.xero.com check that it is a Web app and that its redirect URI is "
        "exactly the one shown here. Xero says: %(detail)s"
    ),
    "scope_refused": _lt(
        "The app may not ask for one of the scopes. Remove it under “Scopes” on the connection, then press Connect. "
        "Apps made before March 2026 may need the older names. Xero says: %(detail)s"
    ),
    "consent_denied": _lt("Access was not allowed at Xero. Nothing was changed. Press Connect to try again."),
    "scope_missing": _lt("The authorisation lacks %(scope)s. Press Connect and allow it. Without it: no %(blocks)s."),
    "forbidden": _lt(
        "The person who connected may not do this in Xero. Ask for a higher role in that organisation, or connect "
        "with another Xero account."
    ),
    "tenant_gone": _lt(
        "%(name)s no longer grants access: somebody disconnected the app in Xero, or the organisation was closed. "
        "Press Connect and choose it again."
    ),
    # ---- the line
    "retry_later": _lt("Xero could not be asked just now. Nothing is lost: try again in a few minutes."),
    "unavailable": _lt("Xero did not answer. Nothing is lost: try again in a few minutes."),
    "busy": _lt(
        "Something else is at work on this at the moment: a run of the sync, or another person's click. Nothing was "
        "changed: try again in a minute."
    ),
    "organisation_offline": _lt("Xero is working on this organisation. Try again in a few minutes."),
    "rate_limited": _lt("Xero asks to wait: too many calls in a minute. Try again in a minute."),
    "day_limit": _lt("Xero's calls for today are used up. It goes on by itself when Xero's day is over."),
    "not_sent": _lt(
        "Xero could not be reached from this server. Check its network and name resolution, then try again."
    ),
    "tls_failed": _lt(
        "The other side could not prove that it is Xero. Check the server's clock, its certificates, and any proxy."
    ),
    "unreadable": _lt(
        "The answer was not Xero's (often a proxy's page). Try again; if it stays, ask your network's "
        "administrator."
    ),
    "token_expired": _lt("Xero ended the sign-in early. Test again; if it stays, press Connect."),
    "xero_error": _lt("Xero answered something unexpected: %(detail)s"),
    # ---- the consent page's way back
    "state_forged": _lt(
        "This answer does not belong to a request of ours, so it was not used. Go to the Xero settings and press "
        "Connect there."
    ),
    "state_expired": _lt(
        "More than 10 minutes passed between Connect and Allow access. Press Connect and go through it again."
    ),
    "state_replayed": _lt(
        "This answer of Xero's was used already, and it works only once. If you are not connected yet, press "
        "Connect again."
    ),
    "state_other_user": _lt(
        "Another user began this. Sign in to Odoo as that user and press Connect, or press Connect yourself to "
        "begin anew."
    ),
    "state_other_session": _lt(
        "You signed in to Odoo anew, or in another browser, since you pressed Connect. Press Connect once more "
        "here."
    ),
    "connection_missing": _lt(
        "The settings from which this began no longer exist. Go to the Xero settings and begin anew."
    ),
    "code_refused": _lt(
        "Xero did not take its own answer back: it is good for five minutes and once. Press Connect and go through "
        "it again."
    ),
    "key_unusable": _lt(
        "The server's encryption key is not usable. Ask the server's administrator to set xero_encryption_key to 32 "
        "random bytes as URL-safe base64, or to remove the option: a key file is made then."
    ),
    "no_code": _lt("Xero's answer is incomplete. Press Connect and go through it again."),
    "not_allowed": _lt(
        "Your user lacks the right “Xero: manage integrations”. Nothing was stored. Ask an administrator to give it "
        "to you (Settings > Users), then press Connect again."
    ),
    "nothing_granted": _lt(
        "You signed in, but Xero granted no organisation. Press Connect again and choose one at Xero; if none is "
        "listed there, ask its owner for the role Standard or Adviser. Practices (Xero HQ) cannot be connected."
    ),
    "other_account": _lt(
        "The account %(person)s was allowed in, but it does not offer %(expected)s. It offers: %(offered)s. Sign in "
        "at Xero with the account that has %(expected)s, or use what is offered as an organisation of its own."
    ),
    # ---- lines of the connection test
    "ok_credentials": _lt("Client id and secret are saved, and Xero accepts the sign-in."),
    "ok_lasts": _lt("The authorisation holds; without any use it would end in %(days)s days."),
    "ok_scopes": _lt("Every permission that is needed was granted."),
    "ok_listed": _lt("Xero lists %(name)s for this connection."),
    "ok_organisation": _lt("%(name)s can be read (%(country)s, %(currency)s)."),
    "ok_currency": _lt("Base currency and company currency are both %(currency)s."),
    "warn_lasts": _lt("The authorisation ends in %(days)s days if it is not used. Press Connect to begin anew."),
    "warn_scope": _lt(
        "%(scope)s is not asked for. Without it: no %(blocks)s. Add it under “Scopes” and press Connect if you need "
        "it."
    ),
    "warn_renamed": _lt("The organisation is now called %(name)s; before it was %(before)s. The name was taken over."),
    "warn_country": _lt("The country at Xero changed from %(before)s to %(country)s. Check the mapping of every tax."),
    "currency_differs": _lt(
        "The base currency at Xero is %(theirs)s, the currency of %(company)s is %(ours)s. Documents can only go to "
        "an organisation of the same base currency: tie it to another company."
    ),
    "currency_changed": _lt(
        "The base currency at Xero was %(before)s and is %(theirs)s now: this is not the set of books it was. "
        "Connect it as a new organisation."
    ),
    "demo_reset": _lt(
        "The demo company was reset at Xero: what was sent before is gone there. Disconnect it and archive it, then "
        "connect the new demo company as an organisation of its own."
    ),
    "warn_demo": _lt(
        "It is a demo company: a reset at Xero makes a new one. Then disconnect and archive this one, and connect "
        "that one as an organisation of its own."
    ),
    "not_active": _lt("Xero says the organisation is %(status)s. Reactivate it in Xero."),
    "not_connected": _lt("This organisation is disconnected. Press Connect to resume."),
    # ---- disconnecting
    "deletion_failed": _lt(
        "Nothing goes in either direction any more, but Xero still lists the app as connected: %(reason)s Press "
        "“Remove at Xero” later, or remove it in Xero under Settings > Connected apps."
    ),
}


class KeyLost(errors.Reconnect):
    """What is stored cannot be opened with the server's key."""

    code = "key_lost"


class AuthorisationExpired(errors.Reconnect):
    """Xero says the same as when it was taken back, but we know how long it lay unused (S1.31)."""

    code = "authorisation_expired"


class AppChanged(errors.Reconnect):
    """Somebody entered another client id since the consent."""

    code = "app_changed"


def sentence(env, code, data=None):
    """The sentence of ``code`` in the reader's language; never empty, never raises.

    :param dict data: what its holes are filled with; ``detail`` (Xero's own words) for codes that are not known here
    """
    text = env._(SENTENCES.get(code or "xero_error") or SENTENCES["xero_error"])
    return text % Holes({"detail": code or "", **(data or {})})


def code_of(error):
    """The code of a ``xero.errors.XeroError``, or of its nearest parent that has a sentence."""
    codes = (getattr(kind, "code", None) for kind in type(error).__mro__)
    return next((code for code in codes if code in SENTENCES), "xero_error")


def sentence_of(env, error, **data):
    """The sentence of a ``xero.errors.XeroError``."""
    return sentence(env, code_of(error), {"detail": error.detail or error.code, **data})
