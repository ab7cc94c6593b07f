"""Writes `docs/errors.md` from the catalogues of the addon; `tests/flows/test_errors_page.py` fails when it is stale.

Runs in the virtual environment (`python -m dev.errors_page` from the repository's root), because the catalogues are
modules of an Odoo addon.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "errors.md"

HEAD = """\
# What can go wrong, and what helps

Written by `make errors-page` from `models/problems_*.py` and `models/connection_problems.py`; do not edit it here.
Words in *italics* are filled in: a name, a number, Xero's own words.

## One record

What a contact or an invoice says on its form and in **Waiting and Failed**. The others go on without it.
"""
STATES = {
    "held": "Needs you", "failed": "Failed", "conflict": "Conflict", "waiting": "Waiting", "in_doubt": "Checking",
    "gone": "Deleted in Odoo",
}  # fmt: skip
CONNECTION = """\

## The connection

What the organisation, the connection test and the pages after Xero's consent say. Nothing is lost meanwhile: everything
stays queued.

| It says | Code |
|---|---|
"""


def page(catalogue: dict, sentences: dict, views: list[str]) -> str:
    """:param catalogue: `problems.CATALOGUE`; sentences: `connection_problems.SENTENCES`
    :param views: XML of the views in which the cures have their buttons"""
    labels = buttons(views)
    parts = [HEAD]
    for outcome, state in STATES.items():
        entries = [(code, entry) for code, entry in catalogue.items() if entry.outcome == outcome]
        if entries:
            parts.append(f"\n### {state}\n\n| It says | Button | Code |\n|---|---|---|\n")
            parts += [f"| {text(e.message)} | {button(e, labels)} | `{code}` |\n" for code, e in entries]
    parts.append(CONNECTION)
    wrong = [(code, sentence) for code, sentence in sentences.items() if not code.startswith("ok_")]
    parts += [f"| {text(sentence)} | `{code}` |\n" for code, sentence in wrong]
    return "".join(parts)


def buttons(views: list[str]) -> dict[str, str]:
    """{method of a cure: the words on its button}"""
    found = {"action_retry": "Retry"}
    for xml in views:
        for tag in re.findall(r"<button\b[^>]*>", xml):
            label, cure = re.search(r'string="([^"]+)"', tag), re.search(r"xero_cure != '(\w+)'", tag)
            if label and cure:
                found[cure[1]] = label[1]
            elif label and 'name="action_xero_differences"' in tag:
                found["action_open_difference"] = label[1]
    return found


def button(entry, labels: dict[str, str]) -> str:
    words = f"**{labels[entry.cure]}**" if entry.cure else ""
    if entry.by_mapping:
        words += ", then it goes by itself" if words else "it goes by itself"
    return words


def text(message) -> str:
    """A lazily translated sentence, as it was written, as Markdown; its holes in italics."""
    filled = re.sub(r"%\((\w+)\)s", lambda hole: f"*{hole[1].replace('_', ' ')}*", message._source)
    return filled.replace("%%", "%").replace("<", "&lt;").replace("|", "\\|")


def views() -> list[str]:
    return [(ROOT / "views" / f"{name}_views.xml").read_text() for name in ("account_move", "res_partner")]


def main() -> None:
    from odoo.tools import config

    from . import debian, paths

    addons = ",".join(map(str, [*debian.addons_paths(debian.odoo_home()), paths.ADDONS]))
    config.parse_config(["--addons-path", addons, "--http-interface", "127.0.0.1"])
    from odoo.addons.xero_integration.models import connection_problems, problems

    PAGE.write_text(page(problems.CATALOGUE, connection_problems.SENTENCES, views()))


if __name__ == "__main__":
    main()
