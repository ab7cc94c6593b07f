import os
import shutil
import subprocess
import sys
import tempfile
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


class Stranger:
    """Somebody who is neither root nor us, in a checkout of the scripts alone.

    :ivar folder: the checkout; everybody may write to it
    :ivar bin: the only folder of programs that is known there
    :ivar log: what the programs of ``fake`` wrote, one line a call
    """

    def __init__(self, folder):
        self.folder, self.bin, self.log = folder, folder / "bin", folder / "calls"
        shutil.copytree(ROOT / "dev", folder / "dev", ignore=shutil.ignore_patterns("__pycache__"))
        self.bin.mkdir()
        self.log.touch()
        for each in (folder, self.log):
            each.chmod(0o777)
        # pytest's own folder, and perhaps this checkout and its venv, are closed to the user that we become
        self.python = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable

    def link(self, *names):
        for name in names:
            (self.bin / name).symlink_to(shutil.which(name))

    def fake(self, name, script=""):
        """A program that writes its name, its arguments and DEBIAN_FRONTEND down, and then runs ``script``."""
        target = self.bin / name
        target.write_text(f'#!/bin/sh\necho "{name} $* [${{DEBIAN_FRONTEND:-}}]" >> {self.log}\n{script}\n')
        target.chmod(0o755)

    def run(self, *command):
        nobody = [shutil.which("setpriv"), "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        return subprocess.run(
            [*nobody, *command], cwd=self.folder, env={"PATH": str(self.bin)}, text=True, check=False, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def calls(self):
        return self.log.read_text().splitlines()


@pytest.fixture
def stranger():
    with tempfile.TemporaryDirectory() as folder:
        yield Stranger(Path(folder))


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
