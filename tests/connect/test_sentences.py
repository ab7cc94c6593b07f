"""Every trouble has a sentence that says what to do, and the guide uses the words of the screens (S0.1-S0.3)."""

import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from odoo.addons.xero_integration.models.connection_problems import SENTENCES, sentence, sentence_of
from odoo.addons.xero_integration.xero import errors

BUTTONS = re.compile(r'<button[^>]*\bstring="([^"]+)"', re.DOTALL)
CODES = re.compile(r'(?:report\.(?:ok|warn|fail)|_page|sentence)\((?:self\.env, )?"(\w+)"')
SOURCES = ("models/xero_connection_test.py", "controllers/oauth.py", "models/xero_connection.py")


def read(path):
    with file_open(f"xero_integration/{path}") as file:
        return file.read()


@tagged("post_install", "-at_install")
class TestSentences(TransactionCase):
    def test_every_error_of_the_gateway_has_one(self):
        for kind in errors.catalogue().values():
            text = sentence_of(self.env, kind("Xero's own words"), name="N", scope="S", blocks="B")
            self.assertGreater(len(text), 30, kind)
            self.assertNotIn("?", text, kind)

    def test_every_code_that_is_used_is_in_the_catalogue(self):
        used = {code for path in SOURCES for code in CODES.findall(read(path))}
        self.assertGreater(len(used), 20)
        self.assertFalse(used - SENTENCES.keys())

    def test_an_unknown_code_is_shown_not_raised(self):
        self.assertIn("something_new", sentence(self.env, "something_new"))

    def test_the_guide_names_the_buttons_of_the_screens(self):
        guide = " ".join(read("docs/connecting.md").split())
        page = read("static/description/index.html")
        views = ("connection", "organisation")
        labels = {label for name in views for label in BUTTONS.findall(read(f"views/xero_{name}_views.xml"))}
        labels -= {"Organisations", "Connection"}  # stat buttons, which are places rather than deeds
        self.assertIn("Disconnect", labels)
        for label in labels:
            self.assertIn(f"**{label}**", guide)
        for title in ("Connect", "Test connection", "Disconnect"):
            self.assertIn(f"<h3>{title}</h3>", page)
