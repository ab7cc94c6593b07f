"""Odoo: its configuration, and databases made from a template that is built once per version of Odoo."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from . import debian, files, paths, postgres
from .shell import Problem, free_port, locked, run, say

#: none is a dependency of the addon; each is proved to work with it
ACCOUNTING = ("account", "hr_expense", "l10n_generic_coa")
#: what the demo shows: with demo data New Zealand's brings a company with customers and invoices in NZ dollars
SHOWN = (*ACCOUNTING, "l10n_nz")
#: what the tests use
MODULES = (*ACCOUNTING, "project", "purchase")


def write_config(database: str, *, http_port: int | None = None, **options) -> Path:
    """The configuration file of one database.

    :param http_port: a free one unless given
    :param options: further lines of its `[options]` section
    """
    values = {
        "addons_path": ",".join(map(str, [*debian.addons_paths(debian.odoo_home()), paths.ADDONS])),
        "data_dir": paths.DATA,
        "db_host": postgres.socket_folder(),
        "db_port": postgres.PORT,
        "db_user": postgres.ROLE,
        "db_name": database,
        "dbfilter": f"^{database}$",
        "list_db": False,
        "http_interface": "127.0.0.1",
        "http_port": http_port or free_port(),
        "gevent_port": free_port(),
        "workers": 0,
        "max_cron_threads": 0,
        **options,
    }
    target = paths.RUN / "conf" / f"{database}.conf"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("[options]\n" + "".join(f"{key} = {value}\n" for key, value in values.items()))
    return target


def command(config: Path, *arguments: str) -> list[str]:
    """`odoo <arguments>` on a database; a first argument without a dash is Odoo's own subcommand."""
    sub = [arguments[0]] if arguments and not arguments[0].startswith("-") else []
    return [str(paths.PYTHON), "-m", "odoo", *sub, "-c", str(config), *arguments[len(sub):]]


def environment() -> dict[str, str]:
    # a person's own ~/.odoorc or PYTHONPATH has no say here
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "ODOO_RC", "PGHOST")}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def install(config: Path, *arguments: str) -> None:
    """:raises Problem: when Odoo reports an error or a warning about what it loads"""
    arguments = (*arguments, "--stop-after-init", "--no-http", "--log-level=warn")
    run(command(config, *arguments), f"Odoo could not run {' '.join(arguments[:2])}.", env=environment(), cwd=paths.RUN)


def run_script(config: Path, name: str, **more: str) -> None:
    """A script of this folder in `odoo shell`; its last line prints "done".

    :param more: for its environment
    """
    done = subprocess.run(
        command(config, "shell", "--no-http", "--log-level=warn"), input=(Path(__file__).parent / name).read_text(),
        env=environment() | more, cwd=paths.RUN, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.stdout.split()[-1:] != ["done"]:
        raise Problem(f"{name} did not get to its end.\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def link_addon() -> None:
    link = paths.ADDONS / paths.ADDON
    paths.ADDONS.mkdir(parents=True, exist_ok=True)
    if not (link.is_symlink() and link.resolve() == paths.ROOT):
        link.unlink(missing_ok=True)
        link.symlink_to(paths.ROOT)


# ---- databases -----------------------------------------------------------------------------------

def template(*, demo: bool) -> str:
    """The name of a database with Odoo's modules and without ours; made when it is not there."""
    release = (debian.odoo_home() / "odoo" / "release.py").read_bytes()
    modules = SHOWN if demo else MODULES
    recipe = release + " ".join(modules).encode() + str(debian.odoo_home()).encode()
    name = f"template_{'demo' if demo else 'plain'}_{hashlib.sha256(recipe).hexdigest()[:10]}"
    with locked(paths.RUN / f"{name}.lock", waiting_for="preparing the template database"):
        if not postgres.exists(name):
            say("preparing a template database (under a minute, once).")
            building = f"{name}_building"
            drop(building)
            postgres.copy("template0", building)
            install(write_config(building), "-i", ",".join(modules), *(["--with-demo"] if demo else []))
            copy_files(building, name)
            postgres.rename(building, name)
            drop(building)
    return name


def copy_files(database: str, name: str) -> None:
    """Attachments lie beside the database; they are never changed in place, so a hard link is a copy."""
    source, target = (paths.DATA / "filestore" / each for each in (database, name))
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target, copy_function=os.link)


def drop(database: str) -> None:
    postgres.drop(database)
    shutil.rmtree(paths.DATA / "filestore" / database, ignore_errors=True)
    for file in (paths.RUN / "conf").glob(f"{database}.*"):
        file.unlink()


def create(database: str, *, demo: bool = False) -> None:
    """A fresh database from the template, without the addon."""
    base = template(demo=demo)
    drop(database)
    copy_files(base, database)
    postgres.copy(base, database)


def stamp(database: str) -> Path:
    return paths.RUN / "conf" / f"{database}.installed"


def sources() -> str:
    """A digest of every file of the addon that Odoo reads when it installs or updates a module.

    :raises Problem: when no file is found
    """
    digest = hashlib.sha256()
    aside = ("tests/", "dev/", "docs/", "bench/", "simulator/", "xero/", "static/", ".")
    for name in map(str, files.tracked()):
        if not name.startswith(aside):
            digest.update(os.fsencode(name) + b"\0" + (paths.ROOT / name).read_bytes())
    return digest.hexdigest()


def prepare(database: str, *, demo: bool = False, fresh: bool = False, update: bool = True) -> Path:
    """A database with the addon as it is now: made, or updated, or left alone when nothing that matters changed.

    :return: its configuration file
    """
    if not database.replace("_", "").isalnum():
        raise Problem(f"{database!r} is no name for a database: letters, digits and _ only.")
    with locked(paths.RUN / f"database-{database}.lock", waiting_for=f"preparing the database {database}"):
        mark, now = stamp(database), sources()
        installed = mark.exists() and postgres.exists(database) and not fresh
        if not installed:
            create(database, demo=demo)
        config = write_config(database)
        if installed and (not update or mark.read_text() == now):
            return config
        if installed:
            say(f"the addon has changed: updating it in {database}.")
        install(config, "-u" if installed else "-i", paths.ADDON)
        mark.write_text(now)
        return config


def twin(database: str, name: str) -> Path:
    """A copy of a database that nobody is connected to. :return: its configuration file"""
    drop(name)
    copy_files(database, name)
    postgres.copy(database, name)
    return write_config(name)
