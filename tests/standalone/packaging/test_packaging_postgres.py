"""One PostgreSQL per checkout, shared by whoever runs at the moment, wherever the checkout lies."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

#: holds the server until a line comes in
HOLD = """
import sys
from dev import postgres
with postgres.running():
    print(postgres.sql("postgres", "SELECT 'up'"), flush=True)
    sys.stdin.readline()
    print(postgres.sql("postgres", "SELECT 'still up'"), flush=True)
"""


@pytest.fixture(params=["short", "a name so long that no socket's path has room for it " * 3])
def deep(request, tmp_path):
    # spaces too; and pytest's folder is closed to everyone but its owner
    folder = tmp_path / request.param.strip()
    folder.mkdir()
    shutil.copytree(ROOT / "dev", folder / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    yield folder
    subprocess.run([sys.executable, "-c", "from dev import postgres; postgres.remove()"], cwd=folder, check=True)


def hold(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=folder, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == "up\n"
    return process


def ask(folder, expression):
    return subprocess.run(
        [sys.executable, "-c", f"from dev import postgres, paths; print({expression})"],
        cwd=folder, text=True, capture_output=True, check=True,
    ).stdout.strip()  # fmt: skip


def test_the_last_one_to_leave_stops_the_server(deep):
    first, second = hold(deep), hold(deep)
    assert first.communicate("\n")[0] == "still up\n"
    assert ask(deep, "postgres.is_up()") == "True"
    assert second.communicate("\n")[0] == "still up\n"
    assert ask(deep, "postgres.is_up()") == "False"


def test_a_server_that_a_killed_run_left_is_taken_over_and_stopped(deep):
    killed = hold(deep)
    killed.kill()
    killed.wait()
    assert ask(deep, "postgres.is_up()") == "True"
    assert hold(deep).communicate("\n")[0] == "still up\n"
    assert ask(deep, "postgres.is_up()") == "False"


def test_clean_refuses_while_somebody_uses_the_server(deep):
    user = hold(deep)
    refused = subprocess.run(
        [sys.executable, "-m", "dev", "clean"], cwd=deep, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 1 and "is running; stop it first" in refused.stderr
    assert user.communicate("\n")[0] == "still up\n"
    subprocess.run([sys.executable, "-m", "dev", "clean"], cwd=deep, check=True)
    assert not (deep / ".run").exists()


def test_nobody_else_reaches_the_server(deep):
    user = hold(deep)
    folder = Path(ask(deep, "postgres.socket_folder()"))
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= 107
    assert folder.stat().st_mode & 0o077 == 0
    assert ask(deep, "postgres.sql('postgres', 'SHOW listen_addresses')") == ""
    user.communicate("\n")
