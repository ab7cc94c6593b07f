"""`make lint` fails on a bad file of every kind, and says which check found it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev import debian

ROOT = Path(__file__).resolve().parents[3]
#: what `make lint` does after set-up, with this environment's programs
LINT = """
import sys
from pathlib import Path
from dev import lint, odoo, paths
paths.PYTHON = Path(sys.executable)
odoo.link_addon()
sys.exit(lint.check_everything())
"""
MANIFEST = """{
    "name": "A small addon",
    "author": "xero_integration contributors",
    "license": "LGPL-3",
    "version": "19.0.1.0.0",
    "data": ["security/ir.model.access.csv", "views/one.xml"],
}
"""
GOOD = {
    "__init__.py": "from . import models\n",
    "__manifest__.py": MANIFEST,
    "README.md": "# A small addon\n",
    "models/__init__.py": "from . import one\n",
    "models/one.py": "VALUE = 1\n",
    "security/ir.model.access.csv": "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n",
    "views/one.xml": "<odoo/>\n",
}


@pytest.fixture
def lint(checkout, environment):
    """Write these files beside those of a good addon, and run every check."""
    for name in (".pylintrc", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout)

    def run(files):
        for name, text in (GOOD | files).items():
            (checkout / name).parent.mkdir(exist_ok=True)
            (checkout / name).write_text(text)
        return subprocess.run(
            [sys.executable, "-c", LINT], cwd=checkout, env=environment | {"ODOO_HOME": str(debian.odoo_home())},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=240,
        )  # fmt: skip

    return run


def test_a_good_addon_passes(lint):
    done = lint({})
    assert done.returncode == 0 and "all checks passed." in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("name", "text", "check", "told"),
    [
        ("models/one.py", "import os\n", "ruff", "F401"),
        ("models/one.py", "VALUE = 1\nVALUES = eval('1')\n", "pylint-odoo", "eval-used"),
        ("views/one.xml", '<odoo><recrod id="one"/></odoo>\n', "XML, CSV, translations", "recrod"),
    ],
)
def test_a_bad_file_fails_the_check_that_is_there_for_it(lint, name, text, check, told):
    done = lint({name: text})
    assert done.returncode == 1
    assert done.stdout.rstrip().endswith(f"failed: {check}"), done.stdout
    assert told in done.stdout


def test_a_failure_does_not_keep_the_other_checks_from_running(lint):
    done = lint({"models/one.py": "import os\n", "views/one.xml": "<odoo>\n"})
    assert done.returncode == 1
    assert done.stdout.rstrip().endswith("failed: ruff, XML, CSV, translations"), done.stdout
