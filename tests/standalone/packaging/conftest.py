import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment():
    """What a person's shell would hand on: nothing of the test session around us."""
    ours = ("PYTHONPATH", "ODOO_RC", "ODOO_HOME", "ODOO_PORT", "SIMULATOR_PORT", "MAKEFLAGS", "MAKELEVEL")
    return {key: value for key, value in os.environ.items() if key not in ours} | {"PYTHON": sys.executable}


@pytest.fixture
def checkout(tmp_path):
    """A checkout on which no command was ever run: the scripts, and no `.run`."""
    folder = tmp_path / "fresh"
    folder.mkdir()
    shutil.copytree(ROOT / "dev", folder / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", folder)
    return folder


@pytest.fixture
def dev(checkout, environment):
    """Run `dev/run` in that checkout; returns the finished process with all that it said in `.stdout`."""

    def run(*words, **changes):
        return subprocess.run(
            ["dev/run", *words], cwd=checkout, env=environment | changes, text=True, timeout=240,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def path_without(tmp_path):
    """A PATH with every program of this machine but the ones named."""

    def build(*names):
        folder = tmp_path / "bin"
        folder.mkdir()
        for place in ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"):
            for program in Path(place).glob("*"):
                link = folder / program.name
                if program.name not in names and not link.is_symlink():
                    link.symlink_to(program)
        return str(folder)

    return build
