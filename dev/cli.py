"""The commands of `dev/run`."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import debian, demo, lint, odoo, odoo_tests, paths, postgres, python, suite
from .shell import Problem, locked, say


def setup() -> None:
    """Everything that is installed, in an order that a second run can take up anywhere."""
    paths.RUN.mkdir(exist_ok=True)
    with locked(paths.RUN / "setup.lock", waiting_for="installing"):
        debian.install_programs()
        debian.unpack_odoo()
        python.build_venv()
        odoo.link_addon()


@contextlib.contextmanager
def ready() -> Iterator[None]:
    setup()
    with postgres.running():
        yield


def forward(command: list[str], **options) -> int:
    """Run in the foreground; Ctrl-C reaches it, its status is ours."""
    return subprocess.call(command, env=odoo.environment() | options.pop("env", {}), **options)


def database(arguments) -> Path:
    """The database that was asked for, ready; returns its configuration file."""
    return odoo.prepare(arguments.db, demo=arguments.demo, fresh=arguments.fresh, update=not arguments.no_update)


# ---- commands ------------------------------------------------------------------------------------

def do_setup(arguments) -> int:
    setup()
    with postgres.running():
        odoo.template(demo=False)
    return 0


def do_demo(arguments) -> int:
    demo.ports()  # before anything is installed: a taken port is told at once
    with ready():
        return demo.run_demo()


def do_test(arguments) -> int:
    """Everything; or the Odoo tests of the files given, in a database that is kept and updated when it has to be."""
    with ready():
        if not any(map(is_test, arguments.words)):
            return suite.run_everything(arguments.words)
        config = database(arguments)
        return forward(
            suite.pytest(*suite.ODOO_OPTIONS,
                         *(f"{paths.ADDON}/{word}" if is_test(word) else word for word in arguments.words)),
            env={"ODOO_RC": str(config)}, cwd=paths.ADDONS,
        )  # fmt: skip


def do_test_odoo(arguments) -> int:
    """Words without a dash are names, as of pytest's -k; the others go to pytest as they are."""
    names = [word for word in arguments.words if not word.startswith("-")]
    options = [word for word in arguments.words if word.startswith("-")]
    with ready():
        return odoo_tests.compare([*options, *(["-k", " or ".join(names)] if names else [])])


def is_test(word: str) -> bool:
    return word.split("/")[0] == "tests"


def do_standalone(arguments) -> int:
    setup()
    return forward([str(paths.PYTHON), "-m", "pytest", *(arguments.words or ["tests/standalone"])], cwd=paths.ROOT)


def do_odoo(arguments) -> int:
    with ready():
        config = database(arguments)
        return forward(odoo.command(config, *arguments.words), cwd=paths.RUN)


def do_psql(arguments) -> int:
    with ready():
        program = [str(postgres.binaries() / "psql"), "-h", str(postgres.socket_folder()), "-U", postgres.ROLE]
        return forward([*program, "-d", arguments.db, *arguments.words])


def do_db(arguments) -> int:
    with ready():
        if arguments.drop:
            odoo.drop(arguments.db)
        else:
            print(database(arguments))
    return 0


def do_python(arguments) -> int:
    setup()
    return forward([str(paths.PYTHON), *arguments.words])


def do_up(arguments) -> int:
    """Keep PostgreSQL running between commands."""
    with ready():
        (paths.PG / "keep").touch()
    return 0


def do_down(arguments) -> int:
    (paths.PG / "keep").unlink(missing_ok=True)
    with postgres.running():
        return 0


def do_lint(arguments) -> int:
    setup()
    return lint.check_everything()


def do_bench(arguments) -> int:
    """`python -m bench`, with ODOO_RC naming the configuration of a fresh database that has the addon."""
    from bench import results  # here: the other commands work where there is no bench

    try:
        results.chosen(arguments.words)
    except results.Unknown as unknown:
        raise Problem(str(unknown)) from unknown
    with ready(), locked(paths.RUN / "bench.lock", waiting_for="measuring"):
        config = odoo.prepare("xero_bench", fresh=True)
        try:
            only = [f"--only={name}" for name in arguments.words]
            return forward([str(paths.PYTHON), "-m", "bench", *only], env={"ODOO_RC": str(config)}, cwd=paths.ROOT)
        finally:
            odoo.drop("xero_bench")


def do_screenshots(arguments) -> int:
    setup()
    return forward([str(paths.PYTHON), "-m", "dev.screenshots"], cwd=paths.ROOT)


def do_errors_page(arguments) -> int:
    setup()
    return forward([str(paths.PYTHON), "-m", "dev.errors_page"], cwd=paths.ROOT)


def do_clean(arguments) -> int:
    postgres.remove()
    if paths.RUN.exists():
        shutil.rmtree(paths.RUN)
    return 0


def do_lock(arguments) -> int:
    setup()
    python.lock()
    return 0


COMMANDS = {
    "setup": (do_setup, "install everything"),
    "demo": (do_demo, "Odoo with demo data, PostgreSQL and the simulator, until Ctrl-C"),
    "test": (do_test, "everything; or Odoo tests: dev/run test [--db NAME] tests/engine/test_x.py [-k ...]"),
    "test-odoo": (do_test_odoo, "Odoo's own tests without the addon and with it: dev/run test-odoo [NAME ...]"),
    "lint": (do_lint, "ruff, pylint-odoo, XML and CSV"),
    "bench": (do_bench, "what it costs: dev/run bench [NAME]"),
    "standalone": (do_standalone, "tests without Odoo: dev/run standalone [tests/standalone/...]"),
    "odoo": (do_odoo, "an Odoo command on a database: dev/run odoo --db NAME shell"),
    "psql": (do_psql, "psql on a database: dev/run psql --db NAME -c 'SELECT 1'"),
    "db": (do_db, "make or update a database with the addon; print its configuration file"),
    "python": (do_python, "the virtual environment's python"),
    "up": (do_up, "start PostgreSQL and keep it"),
    "down": (do_down, "stop PostgreSQL when nobody uses it"),
    "screenshots": (do_screenshots, "take the pictures of docs/ anew"),
    "errors-page": (do_errors_page, "write docs/errors.md anew from the catalogues"),
    "clean": (do_clean, "remove .run"),
    "lock": (do_lock, "renew dev/requirements.lock"),
}
WITH_DATABASE = ("test", "odoo", "psql", "db")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dev/run", description="Odoo, PostgreSQL, simulator and tests of xero_integration", allow_abbrev=False
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_function, text) in COMMANDS.items():
        one = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        if name in WITH_DATABASE:
            default = os.environ.get("XERO_DB", "xero_dev")
            one.add_argument("--db", default=default, help="database (default: %(default)s)")
            one.add_argument("--fresh", action="store_true", help="make the database anew")
            one.add_argument("--no-update", action="store_true", help="take the database as it is")
            one.add_argument("--demo", action="store_true", help="with Odoo's demo data (when it is made)")
        if name == "db":
            one.add_argument("--drop", action="store_true", help="drop it instead")
    return top


def refusal(error: OSError) -> str:
    """What the system refused, with what to do about it."""
    told = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    if error.errno in (errno.EACCES, errno.EPERM) and str(error.filename).startswith(str(paths.RUN)):
        owner = f"sudo chown -R {os.geteuid()} {paths.RUN}"
        return f"{told}; an earlier run was another user's: run this as that one again, or take it over with `{owner}`."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{told}; clone the repository to a place where you may write."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{told}; make room (3 GB here, 1 GB for Debian's packages) and run this again."
    return f"{told}; run this again when the cause is mended."


def main(words: list[str]) -> int:
    # a script that starts us in the background hands SIGINT on as ignored; and whatever ends us, the servers end too
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    arguments, arguments_left = parser().parse_known_args(words)
    arguments.words = arguments_left
    try:
        return COMMANDS[arguments.command][0](arguments)
    except Problem as problem:
        say(str(problem))
        return 1
    except OSError as error:
        say(refusal(error))
        return 1
    except KeyboardInterrupt:
        return 130
