"""`make lint`: what is checked without running anything."""

from __future__ import annotations

import subprocess

from . import odoo, paths
from .shell import say

#: not part of the addon: rules about Odoo's models say nothing there
OUTSIDE = "dev,bench,simulator,standalone"


def check_everything() -> int:
    """Run every check, also after one has failed; returns 1 when any did."""
    link = paths.ADDONS / paths.ADDON
    checks = {
        "ruff": ([paths.PYTHON, "-m", "ruff", "check", "."], paths.ROOT),
        "pylint-odoo": (
            [paths.PYTHON, "-m", "pylint", f"--rcfile={paths.ROOT / '.pylintrc'}", f"--ignore={OUTSIDE}", paths.ADDON],
            link.parent,
        ),
        "XML, CSV, translations": ([paths.PYTHON, "-m", "dev.data_checks"], paths.ROOT),
    }
    failed = []
    for name, (command, folder) in checks.items():
        say(f"{name} ...")
        if subprocess.call([str(word) for word in command], cwd=folder, env=odoo.environment()):
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed.")
    return 1 if failed else 0
