"""A PostgreSQL cluster of our own: in `.run/pg`, on a unix socket, started by whoever needs it first and stopped by the
last one to leave, so tests run beside a demo and neither stops the other's server."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import paths
from .debian import OLDEST_POSTGRES, find_postgres
from .shell import Problem, locked, run

#: Odoo refuses to work as `postgres`
ROLE = "odoo"
PORT = 5432
#: a unix socket's path may have 107 bytes
LONGEST_SOCKET = 107 - len(f"/.s.PGSQL.{PORT}")

SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
# nothing here outlives the machine: speed over durability
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
autovacuum_naptime = 5min
jit = off
"""


def binaries() -> Path:
    folder = find_postgres()
    if not folder:
        raise Problem(f"PostgreSQL is not installed (package postgresql, {OLDEST_POSTGRES} or later).")
    return folder


def cluster() -> Path:
    """The data folder; one per version, because a cluster does not survive the next one."""
    version = run([binaries() / "postgres", "--version"], "PostgreSQL does not start.").split()[2]
    return paths.PG / version.split(".")[0]


def socket_folder() -> Path:
    if len(os.fsencode(paths.PG / "socket")) <= LONGEST_SOCKET:
        return paths.PG / "socket"
    key = hashlib.sha256(os.fsencode(paths.ROOT)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"xero_integration-{os.geteuid()}-{key}"


def as_server(command: Sequence[str | Path]) -> list[str]:
    """PostgreSQL refuses to run as root, so root runs it as `postgres`, which keeps the one power of reaching a
    cluster below a folder that only root may enter."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    user = server_user()
    return [
        "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override", *words,
    ]  # fmt: skip


def server_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Problem("PostgreSQL must not run as root, and there is neither a user `postgres` nor `nobody` here.")


def make_cluster(data: Path) -> None:
    if (data / "ready").exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    give_to_server(data)
    run(
        as_server([binaries() / "initdb", "-D", data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                   "--no-sync", "--no-instructions"]),
        "PostgreSQL's cluster could not be made.",
        cwd="/",
    )  # fmt: skip
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    (data / "ready").touch()


def give_to_server(folder: Path) -> None:
    if os.geteuid() == 0:
        user = server_user()
        os.chown(folder, user.pw_uid, user.pw_gid)


def is_up() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_folder() / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def start(data: Path) -> None:
    folder = socket_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    give_to_server(folder)
    paths.LOG.mkdir(parents=True, exist_ok=True)
    log = data / "server.log"
    where = f"-k '{folder}' -p {PORT}"
    # its own session: Ctrl-C at the keyboard is for us to answer, not for the server
    done = subprocess.run(
        as_server([binaries() / "pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", log, "-o", where]),
        cwd="/", start_new_session=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        told = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        raise Problem("PostgreSQL does not start:\n    " + "\n    ".join(told))


def stop(data: Path) -> None:
    command = [binaries() / "pg_ctl", "stop", "-w", "-m", "fast", "-D", data]
    run(as_server(command), "PostgreSQL does not stop.", cwd="/")


@contextlib.contextmanager
def running() -> Iterator[None]:
    """A server for as long as the block lasts, shared with every other run of this checkout."""
    data = cluster()
    gate = paths.PG / "gate"
    paths.PG.mkdir(parents=True, exist_ok=True)
    with (paths.PG / "users").open("a") as users:
        with locked(gate, waiting_for="starting PostgreSQL"):
            fcntl.flock(users, fcntl.LOCK_SH)
            make_cluster(data)
            if not is_up():
                start(data)
        try:
            yield
        finally:
            with locked(gate, waiting_for="stopping PostgreSQL"), contextlib.suppress(BlockingIOError):
                # only the last one there gets it; changing a shared lock gives the shared one up
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if is_up() and not (paths.PG / "keep").exists():
                    stop(data)


def remove() -> None:
    """Stop the server and forget the cluster.

    :raises Problem: while a demo or a test of this checkout uses it
    """
    if not paths.PG.exists():
        return
    with (paths.PG / "users").open("a") as users, locked(paths.PG / "gate", waiting_for="starting PostgreSQL"):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Problem("a demo or a test of this checkout is running; stop it first.") from error
        if is_up():
            stop(cluster())
        shutil.rmtree(socket_folder(), ignore_errors=True)
        shutil.rmtree(paths.PG, ignore_errors=True)


# ---- databases -----------------------------------------------------------------------------------

def client(program: str, *arguments: str) -> str:
    return run(
        [binaries() / program, "-h", socket_folder(), "-p", str(PORT), "-U", ROLE, *arguments],
        f"{program} failed.",
    )


def sql(database: str, statement: str) -> str:
    return client("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement).strip()


def exists(database: str) -> bool:
    return bool(sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))


def drop(database: str) -> None:
    sql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def rename(database: str, name: str) -> None:
    sql("postgres", f'ALTER DATABASE "{database}" RENAME TO "{name}"')


def copy(template: str, database: str) -> None:
    sql("postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
