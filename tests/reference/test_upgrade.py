"""What an upgrade has to do to the rows that are there."""

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestUpgrade(ReferenceCommon):
    def test_directions_of_rates_are_reckoned_anew(self):
        """19.0.1.1.0: they are stored, and assets made an ordinary sales rate one for purchases before."""
        rates = self.env["xero.tax.rate"].with_context(active_test=False).search([])
        self.assertIn(False, rates.mapped("active"))
        right = {rate.id: rate.directions for rate in rates}
        self.assertEqual(set(right.values()), {"sale", "purchase", "sale purchase"})
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE xero_tax_rate SET directions = 'sale purchase'"))
        self.env.invalidate_all()
        script = load_script("xero_integration/migrations/19.0.1.1.0/post-migrate.py", "post-migrate")
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual({rate.id: rate.directions for rate in rates}, right)
