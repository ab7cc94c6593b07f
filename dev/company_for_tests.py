"""Read by `odoo shell` (which gives it `env`) before the tests: the company of Odoo's accounting tests, with its chart
of accounts, by Odoo's own helper. Made anew for each class of tests, as Odoo does, it would be minutes of each run."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

AccountTestInvoicingCommon.env = env  # noqa: F821
AccountTestInvoicingCommon._create_company(name="Company of the tests")
env.cr.commit()  # noqa: F821
print("done")
