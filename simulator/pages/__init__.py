"""Plain pages on which a person sees what Xero holds, and pays a bill as a bank feed would."""

from __future__ import annotations

from ..web import rule
from . import documents, home, lists

ONE = "/organisations/<reference>"
KIND = "<any({}):kind>".format(", ".join(f'"{name}"' for name in lists.KINDS))


def urls():
    return [
        rule("/", home.home),
        rule("/favicon.ico", home.no_icon),
        rule(ONE, lists.first),
        rule(f"{ONE}/{KIND}", lists.show),
        rule(f"{ONE}/{KIND}/<document_id>", documents.show),
        rule(f"{ONE}/<any('invoices', 'bills'):kind>/<document_id>/pay", documents.pay, "POST"),
        rule(f"{ONE}/payments/<document_id>/remove", documents.remove_payment, "POST"),
        # Xero's own deep links, for a client that swaps the host
        rule("/app/<reference>/invoicing/view/<document_id>", documents.deep_invoice),
        rule("/app/<reference>/contacts/contact/<document_id>", documents.deep_contact),
        rule("/organisationlogin/default.aspx", documents.deep_login),
    ]
