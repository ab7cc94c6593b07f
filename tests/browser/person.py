"""Somebody in front of a screen: what a person does in Odoo's web client, in a real Chromium.

Imports nothing of Odoo's, so that the screenshots of the documentation (``dev/screenshots.py``) walk the same way as
the tests. Playwright waits by itself until a thing is there, at rest and usable; nothing here sleeps for a time.
"""

import os
import re
import resource
import shutil
import time
from contextlib import contextmanager

from playwright.sync_api import Page, expect, sync_playwright

# milliseconds for anything to appear; what is slower is broken (XERO_PATIENCE: seconds, on a machine that is busy)
PATIENCE = int(os.environ.get("XERO_PATIENCE", "20")) * 1000
WIDE, NARROW = (1400, 900), (400, 800)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--force-color-profile=srgb",
]  # fmt: skip


def find_browser():
    """:return str: the path of Chromium, or None"""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def chromium():
    """A headless browser that is closed with the block."""
    with unlimited_addresses():
        playwright = sync_playwright().start()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
    try:
        yield browser
    finally:
        browser.close()
        playwright.stop()


@contextmanager
def unlimited_addresses():
    """Odoo limits the address space of its process, children inherit that, and Chromium reserves more than it uses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class Person:
    """One browser window.

    :ivar page: Playwright's page, for what has no word of its own here
    :ivar list broken: messages of uncaught JavaScript errors so far
    """

    def __init__(self, browser, base, size=WIDE):
        self.base = base.rstrip("/")
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", timezone_id="Pacific/Auckland",
            reduced_motion="reduce",
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.broken = []
        self.page: Page = self._new_page()

    def _new_page(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        self._asked = set()  # calls of the web client that have no answer yet
        self._quiet_since = time.monotonic()
        page.on("request", lambda request: self._note(request, self._asked.add))
        for event in ("requestfinished", "requestfailed"):
            page.on(event, lambda request: self._note(request, self._asked.discard))
        return page

    def _note(self, request, what):
        if request.resource_type in ("xhr", "fetch", "document"):
            what(request)
            self._quiet_since = time.monotonic()

    def close(self):
        self.context.close()

    def stand_up(self):
        """The next person finds neither page, cookies nor what Odoo stored, only the files that the browser cached.

        :return list: what broke while this one sat here
        """
        broken = list(self.broken)
        session = self.context.new_cdp_session(self.page)
        for port in (self.base, self.base.replace("127.0.0.1", "localhost")):
            kinds = "cookies,local_storage,indexeddb,cache_storage,service_workers"
            session.send("Storage.clearDataForOrigin", {"origin": port, "storageTypes": kinds})
        self.page.close()
        self.broken.clear()  # what it said about its storage, taken away from under it, is nobody's
        self.context.clear_cookies()
        self.page = self._new_page()
        return broken

    # ---- going about ------------------------------------------------------------------------

    def open(self, path):
        """An address of Odoo's, until its web client has settled."""
        self.page.goto(self.base + path if path.startswith("/") else path)
        self.settled()

    def settled(self):
        """The web client stands, and nothing is being loaded."""
        expect(self.page.locator(".o_action_manager > *, .o_dialog").first).to_be_visible()
        expect(self.page.locator(".o_loading_indicator")).to_have_count(0)
        self.quiet()
        oops = self.page.locator(".o_error_dialog")
        assert not oops.count(), f"Odoo says: {oops.first.inner_text()}"

    def quiet(self):
        """Until every call was answered, and none followed for a tenth of a second.

        Then a screen that reads itself again after a button was pressed has done so, and keeps what is typed into it.
        """
        until = time.monotonic() + PATIENCE / 1000
        while self._asked or time.monotonic() - self._quiet_since < 0.1:
            assert time.monotonic() < until, f"no answer: {[request.url for request in self._asked]}"
            self.page.wait_for_timeout(20)

    def sign_in(self, login, password):
        self.page.goto(f"{self.base}/web/login")
        self.page.get_by_label("Email", exact=True).fill(login)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Log in", exact=True).click()
        self.settled()

    def resize(self, size):
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    # ---- reading ----------------------------------------------------------------------------

    def sees(self, text, within="body"):
        """The text is there to be read. A pattern may be given."""
        expect(self.page.locator(within).get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_no(self, text, within="body"):
        expect(self.page.locator(within).get_by_text(text).filter(visible=True)).to_have_count(0)

    def field(self, name):
        """The widget of a field on the form that is on top."""
        return self.top().locator(f".o_field_widget[name={name}]").filter(visible=True).first

    def reads(self, name, text):
        """The field shows this text; a pattern may be given."""
        expect(self.field(name)).to_have_text(text)

    def top(self):
        """The dialog that is open, or the page."""
        return self.page.locator("body:not(:has(.o_dialog)), .o_dialog:not(.o_inactive_modal)")

    def picture(self, name):
        """For looking at: XERO_PICTURES names the folder."""
        if folder := os.environ.get("XERO_PICTURES"):
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    # ---- doing ------------------------------------------------------------------------------

    def button(self, name, within=None):
        # an icon before the words is a letter of its own to the browser
        words = re.compile(rf"^\W*{re.escape(name)}\W*$")
        return (within or self.top()).get_by_role("button", name=words).filter(visible=True)

    def press(self, name, within=None):
        """A button by the words on it."""
        self.button(name, within).first.click()
        self.quiet()

    def choose_tab(self, name):
        self.page.get_by_role("tab", name=name, exact=True).click()

    def fill(self, name, text):
        self.field(name).locator("input, textarea").first.fill(text)

    def tick(self, name):
        self.field(name).locator("input[type=checkbox]").first.click()

    def pick(self, name, text, typed=None):
        """A many2one: type (the text, or some of it), and take the row that has exactly these words."""
        self.field(name).locator("input").first.fill(typed or text)
        rows = self.page.locator(".o-autocomplete--dropdown-item, .o-autocomplete--dropdown-menu li")
        rows.get_by_text(text, exact=True).first.click()

    def make(self, name, text):
        """A many2one: type a name that nobody has, and make it in the dialog that comes."""
        self.field(name).locator("input").first.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item").get_by_text("Create and edit...").click()
        expect(self.page.locator(".o_dialog .o_form_view")).to_be_visible()
        self.press("Save")
        expect(self.page.locator(".o_dialog")).to_have_count(0)

    def save(self):
        self.page.locator(".o_form_button_save").filter(visible=True).first.click()
        self.saved()

    def saved(self):
        expect(self.page.locator(".o_form_status_indicator_buttons.invisible, .o_form_saved").first).to_be_attached()

    def told(self, text):
        """Odoo's notification in the corner; it is closed, so that the next one is not taken for it."""
        note = self.page.locator(".o_notification").filter(has_text=text)
        expect(note.first).to_be_visible()
        note.first.locator(".o_notification_close").click()

    # ---- the simulator's consent page ---------------------------------------------------------

    def consent(self, *organisations, allow=True):
        """Tick organisations by a part of their name and press the button: what stands at Xero's own place."""
        expect(self.page).to_have_url(re.compile("/identity/connect/authorize"))
        for organisation in organisations:
            self.page.get_by_label(re.compile(re.escape(organisation))).check()
        self.page.get_by_role("button", name="Allow access" if allow else "Cancel", exact=True).click()

    # ---- narrow screens -----------------------------------------------------------------------

    def overflow(self):
        """What sticks out of the screen to the right: list of descriptions. Boxes that scroll may hold wider things."""
        return self.page.evaluate(
            """() => {
                const wide = document.documentElement.clientWidth + 1;
                const out = [];
                const page = document.documentElement.scrollWidth;
                if (page > wide) out.push(`the page: ${page}`);
                const scrolls = (node) => {
                    for (let up = node.parentElement; up; up = up.parentElement) {
                        const style = getComputedStyle(up);
                        const box = up.getBoundingClientRect();
                        if (["auto", "scroll", "hidden", "clip"].includes(style.overflowX) && box.right <= wide) {
                            return !up.matches(".o_content, .o_form_renderer, .o_action, .modal-body");
                        }
                    }
                    return false;
                };
                for (const node of document.querySelectorAll(".o_content *, .o_control_panel *, .modal *, main *")) {
                    const box = node.getBoundingClientRect();
                    const shown = box.width && box.height && getComputedStyle(node).visibility !== "hidden";
                    if (shown && box.right > wide && !scrolls(node)) {
                        const words = (node.textContent || "").trim().slice(0, 40);
                        out.push(`${node.tagName} ${node.className || ""} ${words}: ${box.right}`);
                    }
                }
                return out.slice(0, 5);
            }"""
        )
