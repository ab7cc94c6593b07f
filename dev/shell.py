"""Running programs, taking locks, finding ports: what every command here needs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path


class Problem(Exception):
    """Something the person at the keyboard has to know: one sentence, with what to do."""


def say(text: str) -> None:
    print(f"xero_integration: {text}", file=sys.stderr, flush=True)


def run(command: Sequence[str | Path], problem: str, **options) -> str:
    """Run to the end and return what it printed.

    :param problem: the sentence that is raised as :class:`Problem` when it fails; the program's own words follow it
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
        )
    except FileNotFoundError as error:
        raise Problem(f"{problem} ({error.filename} is not on this machine)") from error
    if done.returncode:
        tail = "\n".join(f"    {line}" for line in done.stdout.strip().splitlines()[-12:])
        raise Problem(f"{problem}\n    $ {shlex.join(words)}\n{tail}")
    return done.stdout


def as_root(command: Sequence[str], purpose: str) -> list[str]:
    """The command with `sudo` before it where that is needed.

    :raises Problem: when neither root nor sudo is at hand
    """
    if os.geteuid() == 0:
        return list(command)
    if not shutil.which("sudo"):
        raise Problem(f"{purpose} needs root; run this as root once, or install sudo.")
    return ["sudo", *command]


@contextlib.contextmanager
def locked(path: Path, *, waiting_for: str) -> Iterator[None]:
    """One process at a time; the lock goes with the process, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another run is {waiting_for}; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def alone(path: Path, problem: str) -> Iterator[None]:
    """As :func:`locked`, for what cannot be waited for. :raises Problem: somebody has the lock"""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Problem(problem) from error
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_port(port: int, what: str, variable: str) -> None:
    """:raises Problem: when something listens there already"""
    with socket.socket() as probe:
        # as the servers do: a port whose last connection is still in TIME_WAIT is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(
                f"port {port}, where {what} should listen, is taken ({error.strerror}); "
                f"stop what uses it or choose another with {variable}=<port>."
            ) from error


def environment_port(variable: str, default: int) -> int:
    """:raises Problem: when the variable holds no port number"""
    text = os.environ.get(variable, str(default))
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Problem(f"{variable} is {text!r}, which is not a port number (1 to 65535).")


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that takes its place only when the block ends well.

    One process at a time: what an earlier one left when it was killed is cleared away.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left_over in target.parent.glob(f"{target.name}.new-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=target.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def dies_with_us(command: Sequence[str | Path]) -> list[str]:
    """The command wrapped so that the kernel ends it when this process is gone, even by SIGKILL.

    Not by SIGTERM: Odoo can miss a single one, and then waits for its scheduled actions. The database stays sound.
    """
    return ["setpriv", "--pdeathsig", "KILL", *map(str, command)]
