"""What was deleted here does not come back by itself: the link of a deleted record remembers whose it was."""

from odoo.tools import SQL


def remember(link):
    """Let what is in Xero go, for another record of Odoo's, and remember that this one had it."""
    link.write({
        "remote": (link.remote or {}) | {"was": link.xero_id or (link.remote or {}).get("was")},
        "xero_id": False, "digest": False,
    })  # fmt: skip


def deleted_here(organisation, resource, xero_ids):
    """Those of ``xero_ids`` whose record somebody deleted, and that no other record stands for. :rtype: set"""
    if not xero_ids:
        return set()
    return {
        xero_id
        for (xero_id,) in organisation.env.execute_query(SQL(
            """SELECT gone.remote->>'was' FROM xero_link gone
                WHERE gone.organisation_id = %(organisation)s AND gone.resource = %(resource)s
                  AND gone.outcome = 'gone' AND gone.remote->>'was' = ANY(%(ids)s)
                  AND NOT EXISTS (SELECT FROM xero_link other
                                   WHERE other.organisation_id = gone.organisation_id
                                     AND other.resource = gone.resource AND other.xero_id = gone.remote->>'was')""",
            organisation=organisation.id, resource=resource, ids=list(xero_ids),
        ))
    }  # fmt: skip
