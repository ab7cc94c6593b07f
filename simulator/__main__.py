"""``python -m simulator --port 8070``: prints one line when it is ready, and its address with it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time

from .app import Simulator
from .server import Server

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def main() -> None:
    options = _options()
    try:
        server = Server(options.host, options.port, Simulator())
    except OSError as problem:
        sys.exit(
            f"The simulator cannot listen on {options.host}:{options.port}: {problem.strerror}. Choose another --port."
        )
    if options.exit_with_parent:
        threading.Thread(target=_exit_with, args=(os.getppid(),), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    shown_host = "localhost" if options.host == "127.0.0.1" else options.host
    print(f"simulator ready: http://{shown_host}:{server.server_port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass


def _options():
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A Xero to develop and test against.")
    parser.add_argument("--port", type=int, default=8070, help="0: any free port, printed when ready")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address: it opens its books to whoever asks")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when the process that started this ends")
    options = parser.parse_args()
    if options.host not in LOOPBACK:
        parser.error("--host must be a loopback address")
    return options


def _exit_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    main()
