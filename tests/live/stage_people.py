"""What people do meanwhile, each with one click of their own; and the records that Xero will not have."""

import contextlib

from stage_actors import give_consent
from stage_scene import as_user, organisation_of, transaction

from odoo import Command

from bench import company


def _invoice(env, number):
    return env["account.move"].search([("name", "=", number)])


def post_invoices(database, count, login="accountant"):
    def act(env):
        partners = env["res.partner"].search([("name", "like", "Customer ")], limit=count)
        moves = company.invoices(env, partners, count)
        moves.action_post()
        return moves.mapped("name")

    return as_user(database, login, act)


def edit_invoice(database, number, values, login="accountant"):
    return as_user(database, login, lambda env: _invoice(env, number).write(values))


def press(database, number, button, login="accountant"):
    return as_user(database, login, lambda env: bool(getattr(_invoice(env, number), button)()))


def edit_customer(database, customer, values, login="accountant"):
    return as_user(
        database, login, lambda env: env["res.partner"].search([("name", "=", f"Customer {customer:05}")]).write(values)
    )


def edit_customer_of(database, number, values, login="accountant"):
    return as_user(database, login, lambda env: _invoice(env, number).partner_id.write(values))


def edit_organisation(database, values):
    return as_user(database, "manager", lambda env: organisation_of(env).write(values))


def disconnect(database):
    return as_user(database, "manager", lambda env: bool(organisation_of(env).action_disconnect()))


def connect_again(database, url):
    """What *Connect* and its callback do, up to a green test and auto-sync as it was."""
    give_consent(database, url)
    with transaction(database) as env:
        connection = env["xero.connection"].search([])
        _told, organisation = connection._take_up_consent(env["xero.organisation"].search([]))
        connection._settle_in(organisation)
        assert organisation.test_passed and organisation.auto_sync


def refresh_reference(database):
    """The button *Refresh from Xero*. :return: what it says"""

    def act(env):
        return organisation_of(env).action_refresh_reference()["params"]["message"]

    return as_user(database, "manager", act)


def touch_mapping(database):
    def act(env):
        mapping = env["xero.tax.mapping"].search([], limit=1)
        return mapping.write({"xero_tax_rate_id": mapping.xero_tax_rate_id.id})

    return as_user(database, "manager", act)


def edit_in_turn(database, login, word, times):
    """One invoice or customer after the other, as fast as it goes."""
    for number in range(1, times + 1):
        edit_invoice(database, f"INV/2026/{number * 4:05}", {"ref": f"{word} {number}"}, login)
        edit_customer(database, number * 4, {"street": f"{number} {word} Street"}, login)


def post_and_fail(database):
    class Late(Exception):
        pass

    def act(env):
        company.invoices(env, env["res.partner"].search([("name", "like", "Customer ")]), 5).action_post()
        env.flush_all()
        raise Late

    with contextlib.suppress(Late):
        as_user(database, "accountant", act)


# ---- bad input ---------------------------------------------------------------------------------------

GOOD = 49
BAD = "Bad Buyer"


def post_bad_among_good(database, bad):
    """Forget the prepared invoices; an accountant posts 50 others at once, of which one is as ``bad`` says.

    :param str bad: name of a function below
    :return: the bad one's number
    """
    with transaction(database) as env:
        env["xero.change"].search([]).unlink()
        PREPARATIONS.get(bad, lambda env: None)(env)

    def act(env):
        partners = company.customers(env, GOOD, "Buyer")
        partners |= env["res.partner"].create({"name": BAD, "is_company": True, "email": "bad@customers.example"})
        moves = company.invoices(env, partners, GOOD + 1)
        culprit = moves.filtered(lambda move: move.partner_id.name == BAD)
        if bad in BEFORE_POSTING:
            BEFORE_POSTING[bad](culprit)
        moves.action_post()
        if bad in AFTER_POSTING:
            AFTER_POSTING[bad](culprit)
        return culprit.name

    return as_user(database, "accountant", act)["result"]


def _own_line(move, **values):
    line = {"name": "Work", "quantity": 1, "price_unit": 100} | values
    move.invoice_line_ids = [Command.clear(), Command.create(line)]


def _prepare_archived_account(env):
    """Another income account goes to account 260, which a person archives in Xero when it has been mirrored."""
    organisation = organisation_of(env)
    account = env["account.account"].create({"name": "Other income", "code": "400900", "account_type": "income"})
    env["xero.account.mapping"].create({
        "organisation_id": organisation.id, "account_id": account.id, "direction": "sale",
        "xero_account_id": organisation.account_ids.filtered(lambda a: a.code == "260").id,
    })  # fmt: skip


def _other_income(move):
    account = move.env["account.account"].search([("code", "=", "400900")])
    _own_line(move, account_id=account.id, tax_ids=[Command.set(company.sale_tax(move.env).ids)])


def _activate_pounds(env):
    env.ref("base.GBP").active = True


PREPARATIONS = {"archived account": _prepare_archived_account, "missing currency": _activate_pounds}
BEFORE_POSTING = {
    "name with <>": lambda move: move.partner_id.write({"name": "Bad <b>Buyer</b>"}),
    "address that is none": lambda move: move.partner_id.write({"email": "no address at all"}),
    "address that Xero refuses": lambda move: move.partner_id.write({"email": "two..dots@customers.example"}),
    "archived account": _other_income,
    "missing currency": lambda move: move.write({"currency_id": move.env.ref("base.GBP").id}),
    "locked period": lambda move: move.write({"invoice_date": "2020-02-29", "date": "2020-02-29"}),
    "period locked meanwhile": lambda move: move.write({"invoice_date": "2026-02-28", "date": "2026-02-28"}),
}
AFTER_POSTING = {"number of 300 characters": lambda move: move.write({"name": "INV/" + "9" * 296})}


def fate(database, number):
    """What became of an invoice and its customer: {Contacts: {outcome, code, message}, Invoices: …}"""
    with transaction(database) as env:
        move = _invoice(env, number)
        pairs = {"res.partner": move.commercial_partner_id.id, "account.move": move.id}
        links = env["xero.link"].search([]).filtered(lambda link: pairs.get(link.res_model) == link.res_id)
        return {
            link.resource: {"outcome": link.outcome, "code": link.error_code or None, "message": link.error_message}
            for link in links
        }
