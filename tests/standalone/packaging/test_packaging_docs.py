"""The guide holds together: what it links to is there, and the words it prints in bold stand on the screens."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GUIDE = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("using", "troubleshooting", "admin"))]
LINKS = re.compile(r"""\]\(([^)\s]+)\)|src="([^"]+)\"""")
BOLD = re.compile(r"(?<!\w)\*\*([^*]+)\*\*")
# Words of Odoo itself, of the simulator's page, and words that are bold because they matter.
ELSEWHERE = {
    "Allow access", "Kauri Trading (NZ)", "Xero: <name>", "Preferences", "nothing is lost, nothing is doubled",
    "no user ever waits for Xero", "your organisation", "Map", "Customer invoices", "When it fails",
    "Invoices, bills, credit notes",
}  # fmt: skip


def anchors(page):
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_is_there(page):
    for match in LINKS.finditer(page.read_text()):
        target = match[1] or match[2]
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name} leads to {target}"
        assert not anchor or anchor in anchors(file), f"{page.name} leads to {target}"


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text()
    assert not [page.name for page in PAGES[1:] if page.name != "index.md" and f"({page.name})" not in index]


def words_of_the_screens():
    """:return tuple: all that views and models say, as one text; labels that Odoo makes of the names of fields"""
    files = [file for folder in ("views", "wizard", "models", "security") for file in (ROOT / folder).rglob("*.*")]
    text = "\n".join(file.read_text() for file in files if file.suffix in (".py", ".xml"))
    names = re.findall(r"^    (\w+) = fields\.", text, re.MULTILINE)
    labels = {name.removesuffix("_id").removesuffix("_ids").replace("_", " ").title() for name in names}
    return " ".join(text.replace("&gt;", ">").split()), labels


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.name)
def test_words_in_bold_are_words_of_the_screens(page):
    """S0.2: the guide uses the labels that people see."""
    text, labels = words_of_the_screens()
    said = [" ".join(match[1].split()) for match in BOLD.finditer(page.read_text())]
    bold = {part for words in said for part in words.split(" > ")} - ELSEWHERE - labels
    assert not {words for words in bold if f'"{words}"' not in text and f">{words}<" not in text}
