"""What is in use in Odoo and mapped to nothing yet: taxes, accounts, journals, with the documents that wait for it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .problems import Problem, message_of
from .tax_compare import Mismatch, names_of
from .tax_components import components_of

MANY = 1000  # nobody needs to know more exactly how often something is used
MODELS = {"tax": "account.tax", "account": "account.account", "journal": "account.journal"}


class XeroMappingGap(models.Model):
    _name = "xero.mapping.gap"
    _description = "Xero: Still Unmapped"
    _auto = False
    _order = "document_count desc, use_count desc, kind, direction desc, key"
    _depends = {
        "xero.organisation": ["company_id", "active", "state", "revenue_account_id", "expense_account_id"],
        "xero.link": ["organisation_id", "outcome", "error_code", "error_data"],
        "xero.tax.mapping": ["organisation_id", "direction", "tax_key"],
        "xero.account.mapping": ["organisation_id", "direction", "account_id"],
        "xero.journal.mapping": ["organisation_id", "journal_id"],
        "account.tax": ["active", "type_tax_use", "company_id"],
        "account.journal": ["active", "type", "company_id"],
        "account.move.line": ["account_id", "move_id", "tax_ids"],
    }

    organisation_id = fields.Many2one("xero.organisation", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection([("tax", "Tax"), ("account", "Account"), ("journal", "Journal")], "What", readonly=True)
    direction = fields.Selection([("sale", "Sales"), ("purchase", "Purchases")], "For", readonly=True)
    key = fields.Char(readonly=True, help="Ids of the taxes, comma separated, or the id of the account or journal.")
    document_count = fields.Integer("Waiting", readonly=True, help="Documents that wait for it.")
    use_count = fields.Integer("Uses", readonly=True, help=f"Counted up to {MANY}.")
    name = fields.Char(compute="_compute_name")
    reason = fields.Text("Why it is not mapped", compute="_compute_proposal")
    tax_rate_id = fields.Many2one("xero.tax.rate", compute="_compute_proposal")
    creatable = fields.Boolean(compute="_compute_proposal", help="No rate in Xero fits this one tax: it can be made.")

    # ---- what there is --------------------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(
            """
            WITH gap AS (
                SELECT organisation_id, company_id, kind, direction, key, sum(documents) AS documents
                  FROM (%(sources)s) AS found
                 GROUP BY 1, 2, 3, 4, 5
            )
            SELECT ('x' || substr(md5(concat_ws('/', organisation_id, kind, direction, key)), 1, 12))::bit(48)::bigint
                       AS id,
                   organisation_id, company_id, kind, direction, key, documents::integer AS document_count,
                   %(uses)s AS use_count
              FROM gap
             WHERE NOT EXISTS (SELECT FROM xero_tax_mapping m
                                WHERE gap.kind = 'tax' AND m.organisation_id = gap.organisation_id
                                  AND m.direction = gap.direction AND coalesce(m.tax_key, '') = gap.key)
               AND NOT EXISTS (SELECT FROM xero_account_mapping m
                                WHERE gap.kind = 'account' AND m.organisation_id = gap.organisation_id
                                  AND m.direction IN (gap.direction, 'both') AND m.account_id::text = gap.key)
               AND NOT EXISTS (SELECT FROM xero_journal_mapping m
                                WHERE gap.kind = 'journal' AND m.organisation_id = gap.organisation_id
                                  AND m.journal_id::text = gap.key)
            """,
            sources=SQL(" UNION ALL ").join(self._sources_sql()), uses=self._uses_sql(),
        )  # fmt: skip

    def _sources_sql(self):
        """Queries of (organisation, company, kind, direction, key, documents that wait)."""
        return [self._taxes_sql(), self._held_sql(), self._accounts_sql(), self._journals_sql()]

    def _taxes_sql(self):
        """Every tax that people can choose, of the company or of one above it."""
        return SQL(
            """SELECT o.id AS organisation_id, o.company_id, 'tax' AS kind, t.type_tax_use AS direction,
                      t.id::text AS key, 0 AS documents
                 FROM xero_organisation o
                 JOIN res_company c ON c.id = o.company_id
                 JOIN account_tax t ON t.active AND t.type_tax_use IN ('sale', 'purchase')
                 JOIN res_company above ON above.id = t.company_id AND c.parent_path LIKE above.parent_path || '%%'
                WHERE o.active"""
        )

    def _held_sql(self):
        """What documents wait for: taxes together on a line, or none, are known from nowhere else."""
        return SQL(
            """SELECT organisation_id, company_id,
                      CASE error_code WHEN 'mapping_tax' THEN 'tax'
                                      WHEN 'mapping_account' THEN 'account' ELSE 'journal' END,
                      error_data->>'side',
                      coalesce(CASE error_code
                          WHEN 'mapping_tax' THEN (SELECT string_agg(tax, ',' ORDER BY tax::integer)
                                                     FROM jsonb_array_elements_text(error_data->'tax_ids') AS tax)
                          WHEN 'mapping_account' THEN error_data->>'account_id'
                          ELSE error_data->>'journal_id' END, ''),
                      1
                 FROM xero_link
                WHERE organisation_id IS NOT NULL AND outcome = 'held'
                  AND error_code IN ('mapping_tax', 'mapping_account', 'mapping_journal')"""
        )

    def _accounts_sql(self):
        """Accounts of lines that no default catches."""
        return SQL(
            """SELECT o.id, o.company_id, 'account', side.direction, a.id::text, 0
                 FROM xero_organisation o
                 JOIN (VALUES ('sale', 'income%%'), ('purchase', 'expense%%')) AS side (direction, types) ON TRUE
                 JOIN account_account_res_company_rel r ON r.res_company_id = o.company_id
                 JOIN account_account a ON a.id = r.account_account_id AND a.active AND a.account_type LIKE side.types
                WHERE o.active
                  AND CASE side.direction WHEN 'sale' THEN o.revenue_account_id ELSE o.expense_account_id END IS NULL
                  AND EXISTS (SELECT FROM account_move_line l
                               WHERE l.account_id = a.id AND l.company_id = o.company_id)"""
        )

    def _journals_sql(self):
        return SQL(
            """SELECT o.id, o.company_id, 'journal', NULL, j.id::text, 0
                 FROM xero_organisation o
                 JOIN account_journal j ON j.company_id = o.company_id AND j.active
                                     AND j.type IN ('bank', 'cash', 'credit')
                WHERE o.active"""
        )

    def _uses_sql(self):
        return SQL(
            """CASE
                WHEN gap.key = '' OR gap.key LIKE '%%,%%' THEN 0
                WHEN gap.kind = 'tax' THEN (SELECT count(*) FROM (SELECT 1 FROM account_move_line_account_tax_rel r
                                             WHERE r.account_tax_id = gap.key::integer LIMIT %(many)s) AS uses)
                WHEN gap.kind = 'account' THEN (SELECT count(*) FROM (SELECT 1 FROM account_move_line l
                                             WHERE l.account_id = gap.key::integer LIMIT %(many)s) AS uses)
                ELSE (SELECT count(*) FROM (SELECT 1 FROM account_move_line l
                                             WHERE l.journal_id = gap.key::integer LIMIT %(many)s) AS uses)
            END::integer""",
            many=MANY,
        )

    # ---- what it is called, what it might be ------------------------------------------------------

    def _ids_of(self):
        self.ensure_one()
        return [int(part) for part in (self.key or "").split(",") if part]

    def _ours(self):
        """The taxes, the account, the journal, the plan."""
        return self.env[MODELS[self.kind]].browse(self._ids_of()).exists()

    @api.depends("kind", "key")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_name(self):
        for gap in self:
            ours = gap._ours()
            if gap.kind == "tax":
                gap.name = names_of(self.env, ours)
            else:
                gap.name = ours.display_name or self.env._("Lines without an account")

    @api.depends("kind", "key", "direction")
    @api.depends_context("lang")
    def _compute_proposal(self):
        rates = {organisation: organisation.tax_rate_ids for organisation in self.organisation_id}
        for gap in self:
            gap.tax_rate_id = gap.creatable = False
            gap.reason = self.env._("Choose an account in Xero for it, or a default account.")
            if gap.kind == "tax":
                found, reason = gap.organisation_id._best_rate(gap._ours(), gap.direction, rates[gap.organisation_id])
                gap.tax_rate_id = found
                gap.creatable = not found and len(gap._ids_of()) == 1
                gap.reason = reason or self.env._("%(rate)s fits. Press Propose, or map it.", rate=found.display_name)
            elif gap.kind == "journal":
                gap.reason = self.env._("No bank account in Xero is surely its counterpart. Choose one.")

    def action_create_in_xero(self):
        """Queue a new tax rate in Xero for this tax, with its components (S4.2); the worker maps it."""
        self.ensure_one()
        tax = self._ours()
        if self.kind != "tax" or not tax:
            raise UserError(self.env._("Only taxes and tracking categories can be created in Xero."))
        try:
            if len(tax) > 1:
                raise Problem("tax_several", taxes=names_of(self.env, tax))
            components_of(tax)
        except Mismatch as mismatch:
            raise UserError(mismatch.text(self.env)) from mismatch
        except Problem as problem:
            raise UserError(message_of(self.env, problem.code, problem.data)) from problem
        target = (self.organisation_id.id, "TaxRates", "account.tax", tax.id)
        self.env["xero.link"]._decide([target], "create", {"forced": True})
        return self.env["xero.link"]._notify_queued(1, 0)

    def action_map(self):
        """Map this very thing."""
        self.ensure_one()
        if self.kind == "tax":
            return self.organisation_id._open_tax_mapping(self._ours(), self.direction, self.tax_rate_id)
        if self.kind == "account":
            return self.organisation_id._open_account_mapping(self._ours(), self.direction)
        return self.organisation_id._open_journal_mapping(self._ours())
