"""Which files the repository consists of, also where git cannot say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from . import paths
from .shell import Problem

#: folders that are made here and are no part of it
MADE = {"__pycache__", "build", "dist", "node_modules"}


def tracked() -> list[Path]:
    """Every file as git sees it, new ones included and ignored ones not, relative to the repository, sorted.

    Where there is no clone (an unpacked archive) or no git: every file but hidden ones and what is made here.

    :raises Problem: when that leaves none
    """
    names = listed_by_git() or list(found())
    files = sorted(Path(name) for name in names if (paths.ROOT / name).is_file())
    if not files:
        raise Problem(f"there are no files in {paths.ROOT}: neither git nor a look into the folder finds any.")
    return files


def listed_by_git() -> list[str]:
    """Nothing when git fails, for whatever reason."""
    try:
        listed = subprocess.run(
            # a clone of another user's, or on a shared folder, is read here and nothing of it is run
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=paths.ROOT, capture_output=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        return []
    return [os.fsdecode(name) for name in listed.stdout.split(b"\0") if name] if listed.returncode == 0 else []


def found():
    for folder, inner, names in os.walk(paths.ROOT):
        inner[:] = [each for each in inner if not each.startswith(".") and each not in MADE]
        for name in names:
            if not name.startswith(".") and not name.endswith(".pyc"):
                yield os.path.relpath(os.path.join(folder, name), paths.ROOT)
