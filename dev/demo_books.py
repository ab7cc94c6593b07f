"""Read by `odoo shell` (which gives it `env`) when the demo database is made: books that the simulator's New Zealand
organisation can be connected to, and the connection's client id and secret already entered.

Documents can only go to an organisation of the same currency, and Odoo's own demo company has US dollars.
"""

import os

company = env.ref("base.demo_company_nz")  # noqa: F821
company.name = "Harbour Trading"
sale_tax = company.account_sale_tax_id
# a line that somebody types without a product gets the tax of its account
journals = env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")])  # noqa: F821
journals.default_account_id.with_company(company).tax_ids = sale_tax
products = env["product.template"].with_company(company).create([  # noqa: F821
    {"name": name, "type": "service", "list_price": price, "taxes_id": [(6, 0, sale_tax.ids)], "company_id": company.id}
    for name, price in (("Consulting, per hour", 120), ("Mooring, per night", 45.5), ("Boat survey", 890))
])  # fmt: skip
env["res.partner"].create([  # noqa: F821
    {"name": name, "email": email, "is_company": True, "company_id": company.id, "country_id": env.ref("base.nz").id}  # noqa: F821
    for name, email in (
        ("Pōhutukawa Cafe", "kia.ora@pohutukawa.example"), ("Wellington Sailing Club", "office@sailing.example"),
        ("Southern Ferries", "accounts@ferries.example"),
    )
])  # fmt: skip
# a plan that is not called as in Xero, with accounts that become options there
plan = env["account.analytic.plan"].create({"name": "Regions"})  # noqa: F821
env["account.analytic.account"].create([  # noqa: F821
    {"name": name, "plan_id": plan.id, "company_id": company.id} for name in ("North", "South", "Chatham Islands")
])  # fmt: skip
env["xero.connection"].create({  # noqa: F821
    "name": "Xero", "company_id": company.id, "client_id": os.environ["DEMO_CLIENT_ID"],
    "client_secret": os.environ["DEMO_CLIENT_SECRET"],
})  # fmt: skip
# who signs in stands in these books at once; the other company is one click away
env.ref("base.user_admin").write({"group_ids": [(4, env.ref("analytic.group_analytic_accounting").id)]})  # noqa: F821
env.ref("base.user_admin").write({"company_id": company.id, "company_ids": [(4, company.id)]})  # noqa: F821
env.cr.commit()  # noqa: F821
print("done")
