"""Many Odoo payments with their entries at once. Odoo's own ``create`` makes the entries one by one as soon as a
balance or an outstanding account is given, which is most of what a payment costs."""

from odoo.tools import SQL

QUIET = {"tracking_disable": True, "mail_notrack": True}  # the link tells where it comes from


def make_payments(env, many):
    """Payments that are posted, each with an entry: also where Odoo would wait for the bank statement with it, because
    Xero says that the document is paid.

    :param list many: values of ``account.payment``; ``force_balance``, as its ``create`` takes it: what the money is in
        the company's currency
    :return: ``account.payment``, in the order of ``many``
    """
    env = env(context=dict(env.context, **QUIET, skip_invoice_sync=True))
    accounts = _outstanding_accounts(env, {(values["journal_id"], values["payment_type"]) for values in many})
    balances = [values.get("force_balance") for values in many]
    payments = env["account.payment"].create([
        {name: value for name, value in values.items() if name != "force_balance"}
        | accounts[values["journal_id"], values["payment_type"]]
        for values in many
    ])  # fmt: skip
    without = payments.filtered(lambda payment: not payment.outstanding_account_id)
    for payment_type, bare in without.grouped("payment_type").items():
        # with the accounting app the payment method, found out after the values, takes the account away again
        bare.outstanding_account_id = bare[:1]._get_outstanding_account(payment_type)
    entries = env["account.move"].create([
        payment._generate_move_vals(force_balance=balance) for payment, balance in zip(payments, balances, strict=True)
    ])  # fmt: skip
    _join(payments, entries)
    payments.action_post()
    return payments


def _outstanding_accounts(env, pairs):
    """What carries the money until the bank statement does: the payment method's account, else the company's.

    :param set pairs: ``(journal id, payment type)``
    :return dict: {pair: values of the payment}; {} where a method has an account, and Odoo takes it from there
    """
    found = {}
    for journal_id, payment_type in pairs:
        journal = env["account.journal"].browse(journal_id)
        values = {"journal_id": journal_id, "payment_type": payment_type, "company_id": journal.company_id.id}
        named = journal._get_available_payment_method_lines(payment_type).payment_account_id
        account = named or env["account.payment"].new(values)._get_outstanding_account(payment_type)
        found[journal_id, payment_type] = {} if named else {"outstanding_account_id": account.id}
    return found


def _join(payments, entries):
    """Each entry knows its payment already; the other way round, for all of them at once."""
    entries.flush_recordset(["origin_payment_id"])
    payments.flush_recordset()
    payments.env.cr.execute(SQL(
        "UPDATE account_payment SET move_id = entry.id FROM account_move entry"
        " WHERE entry.origin_payment_id = account_payment.id AND entry.id IN %s", entries._ids,
    ))  # fmt: skip
    payments.invalidate_recordset(["move_id"])
    entries.invalidate_recordset()
    payments.modified(["move_id"])
