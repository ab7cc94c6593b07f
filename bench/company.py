"""A company's books in a real database, connected to the simulator's New Zealand organisation.

The benchmarks and `tests/live` share it. It runs inside a process that has Odoo loaded; whoever calls it commits.
"""

from urllib.parse import parse_qs, urlsplit

from odoo import Command

from odoo.addons.xero_integration.xero import oauth

ORGANISATION = "NZ"
DATE = "2026-06-01"
USD_PER_NZD = 0.6125
CODES = {"revenue": "200", "expense": "429", "rounding": "860"}


def set_up(env):
    """The company's country, currency, taxes and an accountant without rights on the integration; other crons off.

    Also in a database without the addon, where nobody can have rights on it.
    """
    company, ours = env.company, env.ref("xero_integration.group_xero_manager", raise_if_not_found=False)
    nzd, usd = env.ref("base.NZD"), env.ref("base.USD")
    (nzd | usd).active = True
    company.write({"name": "Kauri Trading", "country_id": env.ref("base.nz").id, "currency_id": nzd.id})
    env["res.currency.rate"].create({
        "currency_id": usd.id, "company_id": company.id, "name": "2020-01-01", "rate": USD_PER_NZD,
    })  # fmt: skip
    exclusive = sale_tax(env)
    exclusive.copy({"name": "15% included", "price_include_override": "tax_included"})
    env["res.users"].create({
        "name": "Accountant", "login": "accountant", "company_id": company.id,
        "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.link(env.ref("account.group_account_user").id),
                      Command.link(env.ref("base.group_partner_manager").id)],
    })  # fmt: skip
    env["res.users"].create({
        "name": "Manager", "login": "manager", "company_id": company.id, "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.link(env.ref("account.group_account_user").id),
                      Command.link(env.ref("base.group_partner_manager").id),
                      *([Command.link(ours.id)] if ours else [])],
    })  # fmt: skip
    env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")
    env["ir.cron"].search([]).active = False


def make_connection(env, simulator):
    """Client id and secret of the simulator's app. Has to be committed before the consent."""
    return env["xero.connection"].create({
        "name": "Xero", "client_id": simulator.client_id, "client_secret": simulator.client_secret,
    })  # fmt: skip


def consent(connection, simulator, organisation=ORGANISATION):
    """What a person's browser does on *Connect*: the token set is stored, in a transaction of its own.

    :param str organisation: which one is ticked: a country, a name, a tenant id
    """
    verifier = oauth.new_verifier()
    url = oauth.authorization_url(
        connection._hosts(), connection.client_id, connection.redirect_url, connection.scopes.split(), "state", verifier
    )
    callback = simulator.consent(url, tenants=[organisation])
    connection._redeem(parse_qs(urlsplit(callback).query)["code"][0], verifier)


def take_organisation(connection):
    """The organisation that was picked: tested, its reference data mirrored, mapped, auto-sync on."""
    _told, organisation = connection._take_up_consent()
    connection._settle_in(organisation)
    assert organisation.test_passed, organisation.test_report
    # Only what goes out, as it was for the first invoices; whoever measures or tests more switches it on.
    for policy in organisation.policy_ids:
        policy.direction = "push" if policy.kind in ("contacts", "invoices") else "off"
    accounts = {account.code: account.id for account in organisation.account_ids}
    organisation.write({f"{kind}_account_id": accounts[code] for kind, code in CODES.items()} | {"auto_sync": True})
    _map_taxes(organisation)
    return organisation


def _map_taxes(organisation):
    env = organisation.env
    rates = {rate.tax_type: rate for rate in organisation.tax_rate_ids}
    wanted = [(sale_tax(env), "OUTPUT2"), (sale_tax(env, name="15% included"), "OUTPUT2"),
              (sale_tax(env, name="0% Exports"), "ZERORATED"), (env["account.tax"], "NONE")]  # fmt: skip
    organisation.env["xero.tax.mapping"].search([("organisation_id", "=", organisation.id)]).unlink()
    env["xero.tax.mapping"].create([
        {"organisation_id": organisation.id, "direction": "sale", "tax_ids": [Command.set(tax.ids)],
         "xero_tax_rate_id": rates[tax_type].id}
        for tax, tax_type in wanted
    ])  # fmt: skip


def sale_tax(env, **more):
    """:param more: values of the tax, for instance ``name="15% included"``"""
    wanted = {"name": "15%", "type_tax_use": "sale", "company_id": env.company.id} | more
    return env["account.tax"].search([(name, "=", value) for name, value in wanted.items()], limit=1)


def customers(env, count, prefix="Customer"):
    """``count`` companies that no contact of the simulator's can be mistaken for."""
    return env["res.partner"].create([
        {
            "name": f"{prefix} {number:05}", "is_company": True, "email": f"{prefix.lower()}{number}@customers.example",
            "street": f"{number} Queen Street", "city": "Auckland", "zip": "1010", "country_id": env.ref("base.nz").id,
        }
        for number in range(1, count + 1)
    ])  # fmt: skip


def invoices(env, partners, count):
    """``count`` draft invoices of varied shapes, dealt to ``partners`` in turn."""
    shapes = _shapes(env)
    return env["account.move"].create([
        {
            "move_type": "out_invoice", "invoice_date": DATE, "partner_id": partners[number % len(partners)].id,
            "ref": f"order {number}", **shapes[number % len(shapes)](number),
        }
        for number in range(count)
    ])  # fmt: skip


def _shapes(env):
    """Functions from a number to the values of a draft: what real invoices consist of, odd cents included."""
    plus, within = sale_tax(env), sale_tax(env, name="15% included")
    free, usd = sale_tax(env, name="0% Exports"), env.ref("base.USD").id

    def line(name, quantity, price, tax=plus, discount=0):
        return Command.create({
            "name": name, "quantity": quantity, "price_unit": price, "discount": discount,
            "tax_ids": [Command.set(tax.ids if tax else [])],
        })  # fmt: skip

    def note(text, kind="line_note"):
        return Command.create({"display_type": kind, "name": text})

    return [
        lambda n: {"invoice_line_ids": [line("Work", 2, 100 + n)]},
        lambda n: {"invoice_line_ids": [line("Hours", 3.25, 33.33), line("Travel", 1, 0.99 + n / 100),
                                        line("Gift", 1, 0)]},
        lambda n: {"invoice_line_ids": [line("Goods", 7, 19.99, within), line("More goods", 1, 4.95, within, 12.5)]},
        lambda n: {"invoice_line_ids": [note("Part one", "line_section"), line("Design", 1, 850.5, discount=33.33),
                                        note("Thank you"), line("Back", -1, 20.05)]},
        lambda n: {"invoice_line_ids": [line("Exported", 10, 12.345, free), line("Untaxed", 1, 5.55, None)]},
        lambda n: {"invoice_line_ids": [line("Taxed within", 1, 57.49, within), line("Taxed on top", 3, 1.11)]},
        lambda n: {"currency_id": usd,
                   "invoice_line_ids": [line("Abroad", 4, 249.99, free), line("Postage", 1, 17.5, free)]},
        lambda n: {"invoice_line_ids": [line(f"Item {k}", 1, 0.1 + k / 7) for k in range(12)]},
    ]  # fmt: skip
