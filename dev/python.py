"""The virtual environment: everything from PyPI, pinned with hashes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import paths
from .debian import can_make_venv, odoo_home
from .shell import Problem, run, say


def build_venv() -> None:
    """Make `.run/venv` hold exactly what the lock file says, and see Odoo.

    :raises Problem: when the downloads fail or are not what the lock file promises
    """
    stamp = paths.VENV / "installed"
    wanted = fingerprint()
    if not (stamp.exists() and stamp.read_text() == wanted and works()):
        if not can_make_venv():
            raise Problem(f"{sys.executable} cannot make virtual environments; install its venv package.")
        say("installing the Python packages (half a minute or so).")
        stamp.unlink(missing_ok=True)
        if not works():
            shutil.rmtree(paths.VENV, ignore_errors=True)
            run([sys.executable, "-m", "venv", paths.VENV], "the virtual environment could not be made.")
        run(
            [paths.PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", paths.LOCK_FILE],
            "the Python packages could not be installed (network, or a broken download); run this again.",
            env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )
        stamp.write_text(wanted)
    show_odoo()


def works() -> bool:
    """Is there an interpreter in the venv, and is it of this Python? (a venv does not survive being moved)"""
    if not paths.PYTHON.exists():
        return False
    asked = subprocess.run(
        [paths.PYTHON, "-c", "import sys, pip; print(sys.prefix, *sys.version_info[:2])"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return asked.stdout.split() == [str(paths.VENV), *map(str, sys.version_info[:2])]


def fingerprint() -> str:
    return hashlib.sha256(paths.LOCK_FILE.read_bytes() + str(paths.VENV.resolve()).encode()).hexdigest()


def show_odoo() -> None:
    """Put Odoo on the venv's path, whichever Odoo it is this time."""
    [site] = (paths.VENV / "lib").glob("python3.*/site-packages")
    pointer = Path(site) / "odoo_home.pth"
    line = f"{odoo_home()}\n"
    if not pointer.exists() or pointer.read_text() != line:
        pointer.write_text(line)


def lock() -> None:
    """Renew the pins: the newest of everything in requirements.in that fits Python 3.11 to 3.13."""
    source = paths.LOCK_FILE.with_suffix(".in")
    with tempfile.TemporaryDirectory() as folder:
        run([sys.executable, "-m", "venv", folder], "a virtual environment could not be made.")
        run([f"{folder}/bin/pip", "install", "-q", "uv"], "uv could not be installed.")
        run(
            [f"{folder}/bin/uv", "pip", "compile", "-q", "--upgrade", "--universal", "--python-version", "3.11",
             "--generate-hashes", "--no-header", "--no-annotate", "-o", paths.LOCK_FILE, source],
            "the pins could not be renewed.",
        )  # fmt: skip
