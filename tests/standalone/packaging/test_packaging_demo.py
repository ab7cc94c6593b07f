"""`make demo` from its start to Ctrl-C, on a database and ports of its own, so beside a demo that is running."""

import contextlib
import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dev import odoo, paths, postgres, screenshots, shell
from simulator.process import Simulator
from tests.browser.person import Person, chromium

ROOT = Path(__file__).resolve().parents[3]


def taken(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Demo:
    """One `make demo`; its ports stay the same from start to start."""

    def __init__(self, environment):
        self.odoo_port, self.simulator_port = shell.free_port(), shell.free_port()
        self.database = f"xero_demo_test_{os.getpid()}"
        self.environment = environment | {
            "ODOO_PORT": str(self.odoo_port),
            "SIMULATOR_PORT": str(self.simulator_port),
            "XERO_DEMO_DB": self.database,
        }
        self.process = None
        self.output = ""

    def start(self):
        """Until it says that it is ready; returns how many seconds that took."""
        started = time.monotonic()
        # a process group of its own, as a terminal gives one to a command: Ctrl-C goes to all of it
        self.process = subprocess.Popen(
            ["make", "-s", "demo"], cwd=ROOT, env=self.environment, text=True, process_group=0,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.output = ""
        for line in self.process.stdout:
            self.output += line
            if "Ctrl-C stops everything" in line:
                return time.monotonic() - started
        raise AssertionError(f"the demo ended before it was ready:\n{self.output}")

    def interrupt(self, number=signal.SIGINT):
        os.killpg(self.process.pid, number)
        self.output += self.process.communicate(timeout=30)[0]

    def wait_until_ports_are_free(self):
        deadline = time.monotonic() + 20
        while taken(self.odoo_port) or taken(self.simulator_port):
            assert time.monotonic() < deadline, "a server outlived the demo"
            time.sleep(0.1)


@pytest.fixture
def demo(environment):
    with postgres.running():
        one = Demo(environment)
        yield one
        if one.process and one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()
            one.wait_until_ports_are_free()
        odoo.drop(one.database)


@pytest.mark.timeout(900)
def test_demo_starts_is_used_stops_and_starts_again_quickly(demo):
    demo.start()
    for told in (f"http://127.0.0.1:{demo.odoo_port}", f"http://localhost:{demo.simulator_port}", demo.database):
        assert told in demo.output
    assert re.search(r"login admin, password admin", demo.output)
    assert signs_in(demo.odoo_port)
    with urllib.request.urlopen(f"http://localhost:{demo.simulator_port}/", timeout=10) as page:
        assert page.status == 200
    assert has_demo_data_and_every_switch_on(demo.database)
    with walking(demo) as person:
        organisation = walks_through_the_five_minutes(demo, person)
    assert not errors_of(demo), errors_of(demo)
    a_second_one_on_the_same_database_is_refused(demo)

    demo.interrupt()
    demo.wait_until_ports_are_free()
    assert "Traceback" not in demo.output

    assert demo.start() < 15
    # killed without a chance to clean up: the kernel ends both servers, and the next start finds its ports free
    os.killpg(demo.process.pid, signal.SIGKILL)
    demo.process.wait()
    demo.wait_until_ports_are_free()
    assert demo.start() < 15
    with walking(demo) as person:
        connects_again(person, organisation)
    demo.interrupt(signal.SIGTERM)
    demo.wait_until_ports_are_free()


class NoAlbum:
    """In place of the one that keeps the pictures of the documentation."""

    def take(self, *_):
        """Nothing."""

    store = take


@contextlib.contextmanager
def walking(demo):
    """A person who has signed in."""
    with chromium() as browser:
        person = Person(browser, f"http://127.0.0.1:{demo.odoo_port}")
        person.sign_in("admin", "admin")
        yield person
        assert person.broken == [], "JavaScript broke"


def walks_through_the_five_minutes(demo, person):
    """README's way, with Odoo's own scheduler and everything committed: nobody runs the worker here.

    :return: the address of the organisation
    """
    screenshots.connect(person, NoAlbum())
    organisation = screenshots.map_and_switch_on(person, NoAlbum())
    simulator = Simulator(f"http://localhost:{demo.simulator_port}")
    assert simulator.books("NZ", "Invoices", page=1)["Invoices"] == []
    screenshots.new_invoice(person, "Paper Boat Ltd", "Boat survey", "890", made_up=True)
    posted = time.monotonic()
    screenshots.until_it_says(person, "In Xero")
    assert time.monotonic() - posted < 60, "README promises a few seconds; a busy machine takes longer"
    [there] = simulator.books("NZ", "Invoices", page=1)["Invoices"]
    number = person.field("xero_number").inner_text()
    assert (there["InvoiceNumber"], there["Contact"]["Name"]) == (number, "Paper Boat Ltd")
    assert (there["Status"], there["Total"]) == ("AUTHORISED", 1023.5)
    with person.context.expect_page() as opened:
        person.page.locator("button[name=action_xero_open]").click()
    expect(opened.value.locator("h1")).to_contain_text(number)
    assert opened.value.url.startswith(simulator.url)
    return organisation


def connects_again(person, organisation):
    """README: the simulator has forgotten everything when it was stopped."""
    person.open(organisation)
    person.press("Test connection")
    person.press("Connect again")
    person.consent("Kauri Trading")
    person.settled()
    person.reads("state", "Connected")


def a_second_one_on_the_same_database_is_refused(demo):
    """Also with other ports: two schedulers would work on the same rows."""
    ports = {"ODOO_PORT": str(shell.free_port()), "SIMULATOR_PORT": str(shell.free_port())}
    done = run_demo(demo.environment | ports)
    assert done.returncode != 0 and "Traceback" not in done.stdout
    assert f"a demo on the database {demo.database} is running in this checkout" in done.stdout
    assert "XERO_DEMO_DB=<name>" in done.stdout


def signs_in(port):
    """As a browser: the form's token, its cookie, the redirect into the web client."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"http://127.0.0.1:{port}/web/login"
    page = browser.open(address, timeout=60).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    form = urllib.parse.urlencode({"csrf_token": token, "login": "admin", "password": "admin"}).encode()
    with browser.open(address, form, timeout=120) as answer:
        return answer.status == 200 and urllib.parse.urlparse(answer.url).path.startswith("/odoo")


def has_demo_data_and_every_switch_on(database):
    demo_data = postgres.sql(database, "SELECT demo FROM ir_module_module WHERE name = 'account'")
    ours = f"""
        SELECT count(*) FROM ir_model_data data
        WHERE data.module = '{paths.ADDON}' AND data.model = 'res.groups' AND NOT EXISTS (
            SELECT 1 FROM res_groups_users_rel held JOIN res_users person ON person.id = held.uid
            WHERE held.gid = data.res_id AND person.login = 'admin')
    """
    return demo_data == "t" and postgres.sql(database, ours) == "0"


def errors_of(demo):
    lines = (paths.LOG / demo.database / "odoo.log").read_text().splitlines()
    # two calls of the web client about Odoo's own chat collide now and then; Odoo logs that, and does it again
    return [line for line in lines if " ERROR " in line and "discuss_channel_member" not in line]


@pytest.mark.parametrize(("variable", "what"), [("ODOO_PORT", "Odoo"), ("SIMULATOR_PORT", "the simulator")])
def test_a_taken_port_is_one_sentence(environment, variable, what):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        free = {"ODOO_PORT": str(shell.free_port()), "SIMULATOR_PORT": str(shell.free_port())}
        done = run_demo(environment | free | {variable: port})
    assert done.returncode != 0
    assert f"port {port}, where {what} should listen, is taken" in done.stdout
    assert f"{variable}=<port>" in done.stdout and "Traceback" not in done.stdout


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_one_sentence(environment, port):
    done = run_demo(environment | {"ODOO_PORT": port})
    assert done.returncode != 0
    assert "not a port number" in done.stdout and "Traceback" not in done.stdout


def test_one_port_for_both_is_refused(environment):
    done = run_demo(environment | {"ODOO_PORT": "18069", "SIMULATOR_PORT": "18069"})
    assert done.returncode != 0 and "cannot share port 18069" in done.stdout


def run_demo(environment):
    return subprocess.run(
        ["make", "-s", "demo"], cwd=ROOT, env=environment, text=True, timeout=60,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
