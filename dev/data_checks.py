"""Checks of the addon's data files that need no database: `python -m dev.data_checks`, in the virtual environment.

Odoo itself checks views and references when it installs the addon; this finds what it would load without a word.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from lxml import etree

from . import debian, paths
from .files import tracked

ACCESS = ["id", "name", "model_id:id", "group_id:id", "perm_read", "perm_write", "perm_create", "perm_unlink"]
#: folders whose XML and CSV files have no other reader than the manifest
DATA_FOLDERS = {"data", "security", "views", "wizard", "report"}
GONE = {
    "tree": "the view is called <list>",
    "attrs": "write the condition into invisible=, readonly= or required=",
    "states": "write the condition into invisible=",
}


def main() -> int:
    found = list(complaints())
    for complaint in found:
        print(complaint)
    return 1 if found else 0


def complaints() -> Iterator[str]:
    """One line for each thing that is wrong, with its place."""
    files = tracked()
    yield from manifest(files)
    for file in files:
        if file.suffix in READERS:
            yield from READERS[file.suffix](file)
    yield from access_of_models(files)


def manifest(files: list[Path]) -> Iterator[str]:
    """What it names is there, what is there is named, and nothing twice."""
    told = ast.literal_eval((paths.ROOT / "__manifest__.py").read_text())
    named = [*told.get("data", []), *told.get("demo", [])]
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield f"__manifest__.py: {name} is named twice"
    for name in named:
        if Path(name) not in files:
            yield f"__manifest__.py: {name} is named but is not there"
    for file in files:
        if file.parts[0] in DATA_FOLDERS and file.suffix in (".xml", ".csv") and str(file) not in named:
            yield f"{file}: not named in __manifest__.py, so nothing loads it"


# ---- XML -----------------------------------------------------------------------------------------

def xml(file: Path) -> Iterator[str]:
    try:
        root = etree.parse(str(paths.ROOT / file)).getroot()
    except etree.XMLSyntaxError as error:
        yield f"{file}:{error.lineno}: {error.msg}"
        return
    if file.parts[0] == "static" or root.tag != "odoo":
        return
    grammar = etree.RelaxNG(etree.parse(str(debian.odoo_home() / "odoo" / "import_xml.rng")))
    if not grammar.validate(root):
        for error in grammar.error_log:
            yield f"{file}:{error.line}: {error.message}"
    yield from identifiers(file, root)
    for element in root.iter(etree.Element):
        yield from gone(file, element)


def identifiers(file: Path, root: etree._Element) -> Iterator[str]:
    seen: dict[str, int] = {}
    for element in root.xpath("//record[@id] | //menuitem[@id] | //template[@id] | //asset[@id]"):
        name = element.get("id")
        if name in seen and element.getparent().tag != "menuitem":
            yield f"{file}:{element.sourceline}: the id {name} is on line {seen[name]} already"
        seen[name] = element.sourceline


def gone(file: Path, element: etree._Element) -> Iterator[str]:
    if not any(ancestor.get("name") == "arch" for ancestor in element.iterancestors("field")):
        return
    if element.tag in GONE:
        yield f"{file}:{element.sourceline}: <{element.tag}> is gone: {GONE[element.tag]}"
    for name in set(element.attrib) & set(GONE):
        yield f"{file}:{element.sourceline}: {name}= is gone: {GONE[name]}"


# ---- CSV -----------------------------------------------------------------------------------------

def table(file: Path) -> Iterator[str]:
    with (paths.ROOT / file).open(newline="", encoding="utf-8") as handle:
        lines = list(csv.reader(handle))
    if not lines:
        yield f"{file}: empty"
        return
    head, *rows = lines
    for number, row in enumerate(rows, 2):
        if len(row) != len(head):
            yield f"{file}:{number}: {len(row)} columns where the head has {len(head)}"
    if head[0] == "id":
        names = [row[0] for row in rows if row]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{file}: the id {name} is there twice"
    if file.name == "ir.model.access.csv" and head != ACCESS:
        yield f"{file}:1: the columns are {','.join(head)}, not {','.join(ACCESS)}"


def access_of_models(files: list[Path]) -> Iterator[str]:
    """Every model that is new here has a line of access rights; without one nobody can open it."""
    rights = (paths.ROOT / "security" / "ir.model.access.csv").read_text(encoding="utf-8")
    granted = set(re.findall(r"\bmodel_(\w+)", rights))
    for file in files:
        if file.parts[0] not in ("models", "wizard") or file.suffix != ".py":
            continue
        for node in ast.walk(ast.parse((paths.ROOT / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                name = new_model(node)
                if name and name.replace(".", "_") not in granted:
                    yield f"{file}:{node.lineno}: {name} has no line in security/ir.model.access.csv"


def new_model(node: ast.ClassDef) -> str | None:
    """The `_name` of a stored or transient model that this class creates."""
    kinds = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
    if not kinds & {"Model", "TransientModel"}:
        return None
    values = {
        target.id: ast.literal_eval(statement.value)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
    }
    name, inherited = values.get("_name"), values.get("_inherit", [])
    return None if name in ([inherited] if isinstance(inherited, str) else inherited) else name


# ---- translations --------------------------------------------------------------------------------

def translations(file: Path) -> Iterator[str]:
    """Placeholders survive translation: a lost one is an error at run time, in that language alone."""
    try:
        catalogue = polib.pofile(str(paths.ROOT / file))
    except (OSError, ValueError) as error:
        yield f"{file}: {error}"
        return
    holes = re.compile(r"%\(\w+\)[sdf]|%[sdf]")
    for entry in catalogue.translated_entries():
        if sorted(holes.findall(entry.msgid)) != sorted(holes.findall(entry.msgstr)):
            yield f"{file}:{entry.linenum}: the placeholders of {entry.msgid[:60]!r} differ"


READERS = {".xml": xml, ".csv": table, ".po": translations, ".pot": translations}

if __name__ == "__main__":
    sys.exit(main())
