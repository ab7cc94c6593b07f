"""The life of the simulator's process: its port, its end, and what it says when it cannot start."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulator.process import Simulator

ROOT = Path(__file__).resolve().parents[3]


def test_port_zero_is_any_free_port_and_stop_ends_it():
    with Simulator.start() as one, Simulator.start() as two:
        assert one.url != two.url
        assert one.organisations() and two.organisations()
        url = one.url
    with pytest.raises(OSError):
        Simulator(url).organisations()


def test_it_ends_with_the_process_that_started_it():
    script = (
        "from simulator.process import Simulator; import os; s = Simulator.start();"
        "print(s._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    parent = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=30)
    assert parent.returncode == -signal.SIGKILL
    pid = int(parent.stdout)
    for _ in range(60):
        if not _alive(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("The simulator outlived the process that started it")


def _alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_taken_port_and_a_public_address_are_one_clear_sentence(simulator):
    port = simulator.url.rpartition(":")[2]
    for options, sentence in (
        (["--port", port], f"cannot listen on 127.0.0.1:{port}"),
        (["--host", "0.0.0.0"], "--host must be a loopback address"),
    ):
        command = [sys.executable, "-m", "simulator", *options]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
        assert result.returncode != 0
        assert sentence in result.stderr and "Traceback" not in result.stderr
