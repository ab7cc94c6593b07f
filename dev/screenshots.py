"""`make screenshots`: the pictures of the documentation, taken of the real thing on the way that README describes.

Runs in the virtual environment (`python -m dev.screenshots` from the repository's root), because it needs a browser.
"""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

from simulator.process import Simulator
from tests.browser.person import NARROW, WIDE, Person, chromium

from . import demo, odoo, paths, postgres, shell

DATABASE = "xero_screenshots"
FOLDER = paths.ROOT / "docs" / "images"
#: so many colours are enough for a screen, and make a fifth of the size
COLOURS = 128


class Album:
    def __init__(self, person: Person):
        self.person = person
        FOLDER.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, box: dict | None = None) -> None:
        """:param box: ``x``, ``y``, ``width``, ``height`` of the part that matters; the whole window otherwise"""
        self.person.settled()
        # neither the mouse's tooltips nor notifications that are fading
        self.person.page.mouse.move(0, 0)
        expect(self.person.page.locator(".o-tooltip, .o_notification")).to_have_count(0)
        self.store(name, self.person.page.screenshot(clip=box, animations="disabled", caret="hide"))

    def store(self, name: str, png: bytes) -> None:
        picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        picture.save(FOLDER / f"{name}.png", optimize=True)


def walk(person: Person, album: Album, xero: Simulator) -> None:
    person.sign_in("admin", "admin")
    connect(person, album)
    organisation = map_and_switch_on(person, album)
    invoice = send_an_invoice(person, album)
    change_it_on_both_sides(person, album, xero, invoice)
    pay_one(person, album)
    stop_one(person, album, organisation)
    see_it_in_xero(person, album, invoice)


def connect(person: Person, album: Album) -> None:
    person.open("/odoo/settings")
    person.page.locator("#xero_card").scroll_into_view_if_needed()
    album.take("settings")
    person.open("/odoo/xero-connections/1")
    album.take("connect")
    person.press("Connect")
    expect(person.page.get_by_role("button", name="Allow access")).to_be_visible()
    album.store("consent", person.page.screenshot())
    person.consent("Kauri Trading")
    person.settled()
    person.choose_tab("Authorisation")
    album.take("connected")


def map_and_switch_on(person: Person, album: Album) -> str:
    person.press("Organisations")
    person.settled()
    person.press("Test connection")
    person.told("Everything that was tested is in order.")
    person.tick("auto_sync")
    person.save()
    album.take("organisation")
    person.choose_tab("What syncs")
    album.take("what_syncs")
    person.choose_tab("Mapping")
    person.press("Propose")
    person.settled()
    person.sees("Every sales tax is mapped.")
    for note in person.page.locator(".o_notification_close").all():
        note.click()
    album.take("mapping")
    for tab, first in (("Taxes", None), ("Journals", map_the_bank), ("Tracking", map_a_plan)):
        person.choose_tab(tab)
        if first:
            first(person)
        album.take(tab.lower())
    return person.page.url


def map_the_bank(person: Person) -> None:
    """Unless the proposal has."""
    rows = person.page.locator("[name=journal_mapping_ids]")
    if rows.locator(".o_data_row").count():
        return
    rows.get_by_text("Add a line").click()
    person.field("journal_id").locator("input").first.fill("Bank")
    person.page.locator(".o-autocomplete--dropdown-item").first.click()
    person.pick("xero_account_id", "090 Business Bank Account")
    person.save()


def map_a_plan(person: Person) -> None:
    person.page.locator("[name=tracking_mapping_ids]").get_by_text("Add a line").click()
    person.pick("plan_id", "Regions")
    person.pick("category_id", "Region")
    person.save()


def send_an_invoice(person: Person, album: Album) -> str:
    """:return: its address"""
    new_invoice(person, "Wellington Sailing Club", "Boat survey", "890")
    until_it_says(person, "In Xero")
    album.take("invoice")
    address = person.page.url
    person.resize(NARROW)
    person.open(address)
    album.take("invoice_phone")
    person.resize(WIDE)
    return address


def change_it_on_both_sides(person: Person, album: Album, xero: Simulator, invoice: str) -> None:
    """The bookkeeper and we write another reference; what counts is for a person to say."""
    items = xero.books("NZ", "Invoices", page=1)["Invoices"]
    there = next(item for item in items if item["Contact"]["Name"] == "Wellington Sailing Club")
    xero.books("NZ", "Invoices", "POST", {"InvoiceID": there["InvoiceID"], "Reference": "PO 7710, as on the phone"})
    person.open(invoice)
    person.choose_tab("Other Info")
    person.fill("ref", "PO 7710")
    person.save()
    until_it_says(person, "Conflict")
    person.press("Compare")
    person.sees("Changed on both sides")
    album.take("difference")
    person.press("Take Odoo's")
    person.open(invoice)
    until_it_says(person, "In Xero")


def pay_one(person: Person, album: Album) -> None:
    new_invoice(person, "Southern Ferries", "Mooring, per night", "45.50")
    until_it_says(person, "In Xero")
    person.press("Pay")
    person.press("Create Payment", person.page.locator(".o_dialog"))
    expect(person.page.locator(".o_dialog")).to_have_count(0)
    person.settled()
    person.page.locator("button[name=open_payments]").click()
    until_it_says(person, "In Xero")
    album.take("payment")


def stop_one(person: Person, album: Album, organisation: str) -> None:
    """A tax that nobody mapped: its row goes, an invoice stops, and says so."""
    person.open(organisation)
    person.choose_tab("Taxes")
    row = person.page.locator(".o_data_row", has_text="15% GST on Income").first
    row.locator(".o_list_record_remove").click()
    person.save()
    new_invoice(person, "Southern Ferries", "Mooring, per night", "45.50")
    until_it_says(person, "Needs you")
    album.take("stopped")
    person.open("/odoo/xero-work")
    album.take("work_list")
    person.open("/odoo/customer-invoices")
    album.take("invoices")


def see_it_in_xero(person: Person, album: Album, invoice: str) -> None:
    person.open(invoice)
    with person.context.expect_page() as opened:
        person.page.locator("button[name=action_xero_open]").click()
    opened.value.wait_for_load_state()
    album.store("in_xero", opened.value.screenshot())
    opened.value.close()


def new_invoice(person: Person, customer: str, what: str, price: str, *, made_up: bool = False) -> None:
    """:param made_up: nobody has heard of the customer"""
    person.open("/odoo/customer-invoices/new")
    (person.make if made_up else person.pick)("partner_id", customer)
    person.press("Add a line")
    line = person.page.locator(".o_data_row.o_selected_row")
    line.locator("textarea").first.fill(what)
    line.locator(".o_field_widget[name=price_unit] input").fill(price)
    person.press("Confirm")
    expect(person.page.locator(".o_arrow_button_current")).to_have_text("Posted")


def until_it_says(person: Person, state: str) -> None:
    """The scheduled action runs by itself; a person would look again, too."""
    for _again in range(30):
        if person.field("xero_state").inner_text() == state:
            return
        person.page.wait_for_timeout(1000)
        person.open(person.page.url)
    person.reads("xero_state", state)


def main() -> None:
    odoo_port, simulator_port = shell.free_port(), shell.free_port()
    with postgres.running():
        odoo.drop(DATABASE)
        try:
            config = demo.prepare(DATABASE, odoo_port, simulator_port)
            with demo.running(DATABASE, config, odoo_port, simulator_port), chromium() as browser:
                person = Person(browser, f"http://127.0.0.1:{odoo_port}", (WIDE[0], 760))
                walk(person, Album(person), Simulator(f"http://localhost:{simulator_port}"))
        finally:
            odoo.drop(DATABASE)


if __name__ == "__main__":
    main()
