"""What was deleted here does not come back by itself: the link of a deleted record remembers whose it was, and which
record it was merged into."""

from odoo.tools import SQL

#: of a link ``gone``: no other stands for what it had in Xero
OWNERLESS = SQL(
    """NOT EXISTS (SELECT FROM xero_link other
                    WHERE other.organisation_id = gone.organisation_id AND other.resource = gone.resource
                      AND other.xero_id = gone.remote->>'was')"""
)


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
                  AND gone.outcome = 'gone' AND gone.remote->>'was' = ANY(%(ids)s) AND %(ownerless)s""",
            organisation=organisation.id, resource=resource, ids=list(xero_ids), ownerless=OWNERLESS,
        ))
    }  # fmt: skip


def merged_here(organisation, resource, xero_ids):
    """Of those of ``xero_ids`` whose record was merged into another here, and that no other record stands for.

    :return dict: {Xero's id: id of the record that stayed}
    """
    if not xero_ids:
        return {}
    return dict(organisation.env.execute_query(SQL(
        """WITH RECURSIVE merged AS (
               SELECT gone.remote->>'was' AS xero_id, gone.res_model, (gone.remote->>'into')::integer AS stays,
                      1 AS step
                 FROM xero_link gone
                WHERE gone.organisation_id = %(organisation)s AND gone.resource = %(resource)s
                  AND gone.outcome = 'gone' AND gone.remote->>'was' = ANY(%(ids)s) AND %(ownerless)s
                  AND gone.remote ? 'into'
                UNION
               SELECT merged.xero_id, merged.res_model, (next.remote->>'into')::integer, step + 1
                 FROM merged JOIN xero_link next ON next.res_model = merged.res_model AND next.res_id = merged.stays
                WHERE next.organisation_id = %(organisation)s AND next.resource = %(resource)s
                  AND next.outcome = 'gone' AND next.remote ? 'into')
           SELECT xero_id, stays FROM merged ORDER BY step""",
        organisation=organisation.id, resource=resource, ids=list(xero_ids), ownerless=OWNERLESS,
    )))  # fmt: skip
