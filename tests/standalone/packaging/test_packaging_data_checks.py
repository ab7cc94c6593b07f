"""The checks of data files find what Odoo would load without a word."""

import ast

import pytest

from dev import data_checks, paths

ROW = "access_xero_link,xero.link,model_xero_link,base.group_user,1,0,0,0\n"
HEAD = ",".join(data_checks.ACCESS) + "\n"


@pytest.fixture
def addon(tmp_path, monkeypatch):
    """An addon of a few files; `check(**files)` writes them and returns every complaint."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)

    def check(files, manifest=None):
        files = {"security/ir.model.access.csv": HEAD + ROW} | files
        data = [name for name in files if not name.endswith((".py", ".po"))] if manifest is None else manifest
        files["__manifest__.py"] = repr({"name": "An addon", "data": data})
        for name, text in files.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        listed = [data_checks.Path(name) for name in files]
        monkeypatch.setattr(data_checks, "tracked", lambda: listed)
        return list(data_checks.complaints())

    return check


def view(arch):
    return f"""<odoo><record id="one" model="ir.ui.view"><field name="arch" type="xml">{arch}</field></record></odoo>"""


def test_a_good_addon_has_nothing_to_complain_of(addon):
    assert addon({"views/one.xml": view('<list><field name="name" invisible="not active"/></list>')}) == []


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"views/one.xml": "<odoo><record></odoo>"}, "views/one.xml:1: Opening and ending tag mismatch"),
        ({"views/one.xml": "<odoo><recrod id='one'/></odoo>"}, "recrod"),
        ({"views/one.xml": view("<tree/>")}, "<tree> is gone"),
        ({"views/one.xml": view("""<form attrs="{'invisible': []}"/>""")}, "attrs= is gone"),
        ({"views/one.xml": view("<list/>").replace("</odoo>", view("<list/>")[6:])}, "the id one is on line 1 already"),
        ({"security/ir.model.access.csv": HEAD + ROW + ROW}, "the id access_xero_link is there twice"),
        ({"security/ir.model.access.csv": HEAD + "too,short\n"}, ":2: 2 columns where the head has 8"),
        ({"security/ir.model.access.csv": "id,name\n"}, "the columns are id,name"),
        ({"data/empty.csv": ""}, "data/empty.csv: empty"),
        (
            {"models/one.py": "class One(models.Model):\n    _name = 'xero.one'\n"},
            "models/one.py:1: xero.one has no line",
        ),
        (
            {"i18n/de.po": 'msgid ""\nmsgstr ""\n\nmsgid "%(a)s of %s"\nmsgstr "%s von allen"\n'},
            "i18n/de.po:4: the placeholders of",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(addon, files, complaint):
    told = addon(files)
    assert len(told) == 1 and complaint in told[0], told


@pytest.mark.parametrize("inherited", ["'account.move'", "['account.move', 'xero.state.mixin']"])
def test_a_model_that_is_extended_needs_no_access_rights_of_its_own(inherited):
    text = f"class Move(models.Model):\n    _name = 'account.move'\n    _inherit = {inherited}\n"
    assert data_checks.new_model(ast.parse(text).body[0]) is None


def test_the_manifest_names_what_is_there_and_nothing_twice(addon):
    rights = "security/ir.model.access.csv"
    assert "is named twice" in addon({}, [rights, rights])[0]
    assert "views/gone.xml is named but is not there" in addon({}, [rights, "views/gone.xml"])[0]
    assert "not named in __manifest__.py" in addon({"views/one.xml": view("<list/>")}, [rights])[0]
