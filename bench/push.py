"""What it costs to bring 1,000 invoices of 1,000 new contacts across, and to look at them again."""

import statistics
import time

from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token

from . import company
from .odoo_books import transaction

COUNT = 1000
ROUNDS = 3
LOOP = 60  # records of the plain loop: it is slow enough to be seen, and its time per record does not change
LATENCY = 50  # ms


class Watch:
    """Notes the gateways that a run opens, so that the time spent waiting for HTTP can be told from our own."""

    def __init__(self, env):
        self.model, self.gateways = type(env["xero.organisation"]), []
        self.original = self.model._gateway

    def __enter__(self):
        def gateway(organisation, *args, **kwargs):
            self.gateways.append(self.original(organisation, *args, **kwargs))
            return self.gateways[-1]

        self.model._gateway, self.started = gateway, time.perf_counter()
        return self

    def __exit__(self, *_):
        self.model._gateway = self.original
        self.seconds = time.perf_counter() - self.started
        self.waiting = sum(gateway.seconds_waiting for gateway in self.gateways)
        self.own = self.seconds - self.waiting


def run_worker(database):
    """The scheduled action's own code, with its commits. :rtype: Watch"""
    with transaction(database) as env:
        organisation = env["xero.organisation"].search([])
        with Watch(env) as watch:
            organisation._cron_sync_organisation(organisation.id)
    return watch


def writes(simulator):
    return sum(call["method"] in ("PUT", "POST") for call in simulator.calls(path="/api.xro/", bodies="false"))


def measure(database, simulator):
    """:return list: results ``push.*``, medians of the rounds"""
    rounds = [measure_once(database, simulator, f"Round {number} customer") for number in range(ROUNDS)]
    sent, rate, times, sent_again, again = (statistics.median(values) for values in zip(*rounds, strict=True))
    return [
        ("push.calls", sent, "writes", "40", sent == 40),
        ("push.rate", rate, "invoices/s of our own work", ">= 200", rate >= 200),
        ("push.vs_sdk_loop", times, "times faster", ">= 10", times >= 10),
        ("push.unchanged.writes", sent_again, "writes", "0", sent_again == 0),
        ("push.unchanged", again, "records/s", ">= 2000", again >= 2000),
    ]


def measure_once(database, simulator, customer):
    """1,000 invoices and their 1,000 new contacts, the same records again, and the plain loop.

    :return tuple: writes, invoices/s, times faster than the loop, writes of the second pass, records/s of it
    """
    with transaction(database) as env:
        partners = company.customers(env, COUNT, customer)
        moves = company.invoices(env, partners, COUNT)
        moves.action_post()
        partner_ids, move_ids = partners.ids, moves.ids
    simulator.latency(LATENCY)
    simulator.clock(advance=61)  # the calls of connecting, or of the round before, are in another minute
    simulator.clear_calls()
    first = run_worker(database)
    sent = writes(simulator)
    with transaction(database) as env:
        synced = env["xero.link"].search([("outcome", "=", "synced")])
        arrived = {(link.res_model, link.res_id) for link in synced}
        wanted = {("res.partner", each) for each in partner_ids} | {("account.move", each) for each in move_ids}
        assert wanted <= arrived, "not everything arrived"
        env["xero.change"]._append(env["account.move"].browse(move_ids))
        env["xero.change"]._append(env["res.partner"].browse(partner_ids))
    simulator.clock(advance=61)
    simulator.clear_calls()
    second = run_worker(database)
    sent_again = writes(simulator)
    times = sdk_loop(simulator, customer) / (first.seconds / COUNT)
    return sent, COUNT / first.own, times, sent_again, 2 * COUNT / second.own


def sdk_loop(simulator, name):
    """Seconds per invoice of the plain way: Xero's SDK, one call per contact and one per invoice.

    The rate limit is lifted for it: 60 calls a minute would only show what everybody knows.
    """
    simulator.limits(enforced=False)
    api, tenant = sdk(simulator)
    started = time.perf_counter()
    for number in range(LOOP):
        made = api.create_contacts(tenant, contacts={"Contacts": [{"Name": f"{name} of the loop {number}"}]})
        invoice = {
            "Type": "ACCREC", "Contact": {"ContactID": made.contacts[0].contact_id},
            "InvoiceNumber": f"{name}/{number}", "Date": company.DATE, "DueDate": company.DATE, "Status": "AUTHORISED",
            "LineItems": [
                {"Description": "Work", "Quantity": 2, "UnitAmount": 100, "AccountCode": "200", "TaxType": "OUTPUT2"}
            ],
        }  # fmt: skip
        api.create_invoices(tenant, invoices={"Invoices": [invoice]})
    seconds = time.perf_counter() - started
    simulator.limits(enforced=True)
    return seconds / LOOP


def sdk(simulator):
    """Xero's SDK as anybody would set it up, with a consent of its own."""
    token = simulator.token_set([company.ORGANISATION])
    client = ApiClient(
        Configuration(oauth2_token=OAuth2Token(simulator.client_id, simulator.client_secret)), pool_threads=1
    )
    kept = {key: token[key] for key in ("access_token", "refresh_token", "expires_in", "token_type")}
    kept |= {
        "scope": token["scope"].split(),
        "expires_at": time.time() + token["expires_in"],
        "id_token": token.get("id_token"),
    }
    client.oauth2_token_getter(lambda: kept)
    client.oauth2_token_saver(kept.update)
    return AccountingApi(client, base_url=f"{simulator.url}/api.xro/2.0"), simulator.tenant_id(company.ORGANISATION)
