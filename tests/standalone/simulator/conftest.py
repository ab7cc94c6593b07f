"""One simulator process for the whole run, reset before every test that uses it."""

import pytest
import requests

from simulator.process import Simulator

CALLBACK = "http://localhost:8069/xero/oauth/callback"


@pytest.fixture(scope="session")
def simulator_process():
    with Simulator.start() as running:
        yield running


@pytest.fixture
def simulator(simulator_process):
    simulator_process.forget()
    simulator_process.reset()
    return simulator_process


class Client:
    """A plain client of the accounting API: one keep-alive session, one organisation."""

    def __init__(self, simulator, tokens, tenant):
        self.simulator = simulator
        self.tokens = tokens
        self.tenant_id = simulator.tenant_id(tenant)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(
            {
                "Authorization": f"Bearer {tokens['access_token']}",
                "xero-tenant-id": self.tenant_id,
                "Accept": "application/json",
            }
        )

    def call(self, method, path, body=None, key=None, **more):
        headers = {**more.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        url = self.simulator.url + (path if path.startswith("/connect") else f"/api.xro/2.0{path}")
        return self.session.request(method, url, json=body, headers=headers, timeout=30, **more)

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def put(self, path, body, key=None, **more):
        return self.call("PUT", path, body, key, **more)

    def post(self, path, body, key=None, **more):
        return self.call("POST", path, body, key, **more)


@pytest.fixture
def connect(simulator):
    """``connect("NZ", scope=…)`` -> a Client with consent and tokens of its own."""
    clients = []

    def connected(tenant="NZ", tenants=None, **more):
        client = Client(simulator, simulator.token_set(tenants or [tenant], **more), tenant)
        clients.append(client)
        return client

    yield connected
    for client in clients:
        client.session.close()


@pytest.fixture
def client(connect):
    return connect("NZ")
