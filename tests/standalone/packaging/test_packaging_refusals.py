"""A folder that is another user's, a full disk, a clone that git does not trust: a sentence, or no obstacle at all."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev import files, odoo, paths
from dev.shell import Problem

ROOT = Path(__file__).resolve().parents[3]
REFUSED = """
import sys
from dev import cli
def refuse(arguments):
    raise OSError({number}, "strerror", {path!r})
cli.COMMANDS["lint"] = (refuse, "")
sys.exit(cli.main(["lint"]))
"""


# ---- the system refuses --------------------------------------------------------------------------

@pytest.mark.parametrize("command", ["setup", "lint", "clean"])
def test_a_folder_that_an_earlier_run_made_as_another_user_is_one_sentence(stranger, command):
    """`sudo make demo`, and the next time without sudo."""
    run = stranger.folder / ".run"
    (run / "pg").mkdir(parents=True)
    (run / "pg" / "users").touch()
    for each in (run / "pg", run):
        each.chmod(0o555)
    stranger.link("git")
    done = stranger.run(stranger.python, "-m", "dev", command)
    run.chmod(0o755)
    (run / "pg").chmod(0o755)
    assert done.returncode == 1 and "Traceback" not in done.stdout
    assert done.stdout.count("xero_integration: ") == 1, done.stdout
    assert "Permission denied" in done.stdout and "sudo chown -R " in done.stdout and str(run) in done.stdout


@pytest.mark.parametrize(
    ("number", "path", "told"),
    [
        (errno.ENOSPC, None, "make room"),
        (errno.EDQUOT, "{run}/x", "make room"),
        (errno.EROFS, "{run}", "clone the repository to a place where you may write"),
        (errno.EACCES, "/elsewhere", "clone the repository to a place where you may write"),
        (errno.EPERM, "{run}/pg", "sudo chown -R"),
        (errno.EIO, "{run}/pg", "run this again when the cause is mended"),
    ],
)
def test_what_the_system_refuses_is_one_sentence_that_says_what_to_do(checkout, number, path, told):
    path = path and path.format(run=checkout / ".run")
    done = subprocess.run(
        [sys.executable, "-c", REFUSED.format(number=number, path=path)], cwd=checkout, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stdout
    assert told in done.stdout and (path or "strerror") in done.stdout
    assert done.stdout.strip().count("\n") == 0


# ---- git refuses ---------------------------------------------------------------------------------

@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone of two files, one of them new, that `dev` takes for its own."""
    folder = tmp_path / "clone"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "one.py").write_text("one")
    (folder / ".gitignore").write_text("*.log\n")
    for command in (["init", "-q"], ["add", "models"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    (folder / "models" / "new.py").write_text("new")
    (folder / "models" / "some.log").write_text("ignored")
    monkeypatch.setattr(paths, "ROOT", folder)
    return folder


def names():
    return [str(name) for name in files.tracked()]


def test_files_are_those_of_git_and_the_new_ones(clone):
    assert names() == [".gitignore", "models/new.py", "models/one.py"]
    (clone / "models" / "one.py").unlink()
    assert names() == [".gitignore", "models/new.py"]


def test_a_clone_of_another_user_is_read_all_the_same(clone, monkeypatch):
    """git calls it "dubious ownership", for instance in a container or after sudo."""
    trusted = odoo.sources()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    refused = subprocess.run(["git", "ls-files"], cwd=clone, text=True, capture_output=True, check=False)
    assert refused.returncode and "dubious ownership" in refused.stderr
    assert names() == [".gitignore", "models/new.py", "models/one.py"]
    assert odoo.sources() == trusted


@pytest.mark.parametrize("missing", ["clone", "git"])
def test_without_git_the_folder_is_read(clone, monkeypatch, missing):
    """An unpacked archive: what is hidden or made here is left out."""
    if missing == "clone":
        shutil.rmtree(clone / ".git")
    else:
        monkeypatch.setenv("PATH", str(clone))
    (clone / "models" / "some.log").unlink()
    for made in ("models/__pycache__/one.pyc", ".run/conf/x", "dist/x.whl"):
        (clone / made).parent.mkdir(parents=True)
        (clone / made).touch()
    assert names() == ["models/new.py", "models/one.py"]
    before = odoo.sources()
    (clone / "models" / "new.py").write_text("changed")
    assert odoo.sources() != before


def test_no_files_at_all_is_a_problem_and_no_digest(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    with pytest.raises(Problem, match="there are no files"):
        odoo.sources()


def test_git_is_still_told_nothing_of_a_person_s_own(clone):
    """No safe.directory is written anywhere for it."""
    home = clone.parent / "home"
    home.mkdir()
    subprocess.run(
        [sys.executable, "-c", "from dev import files; files.tracked()"], cwd=ROOT, check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
    )  # fmt: skip
    assert not list(home.iterdir())
