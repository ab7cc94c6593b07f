"""A pytest plugin: `--write-reports FILE` keeps what a session reported, `--replay-reports FILE` makes it part of
another, as though its tests had run there. pytest-xdist brings its workers' results home in the same way."""

import json
import os
from pathlib import Path

import pytest


def pytest_addoption(parser):
    group = parser.getgroup("one summary of several sessions")
    group.addoption("--write-reports", metavar="FILE", help="write every report to this file")
    group.addoption(
        "--replay-reports", metavar="FILE", action="append", default=[],
        help="report again what that file holds, before the tests; may be given several times",
    )  # fmt: skip


def pytest_configure(config):
    if config.getoption("--write-reports") and not hasattr(config, "workerinput"):  # xdist's workers report to us
        config.pluginmanager.register(Writer(config, Path(config.getoption("--write-reports"))))
    for number, path in enumerate(config.getoption("--replay-reports")):
        config.pluginmanager.register(Replay(config, Path(path)), f"replay-{number}")


class Writer:
    def __init__(self, config, path):
        self.config = config
        folder = os.path.relpath(config.rootpath, config.invocation_params.dir)
        self.prefix = "" if folder == "." else f"{folder}/"
        self.file = path.open("w", encoding="utf-8")

    def write(self, report):
        data = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        # as seen from where that session was started: its folder may be no root of the session that replays
        data["nodeid"] = f"{self.prefix}{report.nodeid}"
        self.file.write(json.dumps(data, default=str) + "\n")
        self.file.flush()

    def pytest_runtest_logreport(self, report):
        self.write(report)

    def pytest_collectreport(self, report):
        if not report.passed:
            self.write(report)

    def pytest_sessionfinish(self, exitstatus):
        # the last line says that the session got to its end, and how
        self.file.write(json.dumps({"exitstatus": int(exitstatus)}) + "\n")
        self.file.close()


class Replay:
    def __init__(self, config, path):
        self.config = config
        self.lines = path.read_text(encoding="utf-8").splitlines()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session):
        *reports, last = map(json.loads, self.lines or ["{}"])
        failed_before = session.testsfailed
        session.testscollected += len({data["nodeid"] for data in reports})
        for data in reports:
            if isinstance(data.get("longrepr"), list):
                data["longrepr"] = tuple(data["longrepr"])  # file, line and reason of a skip; JSON knows no tuples
            report = self.config.hook.pytest_report_from_serializable(config=self.config, data=data)
            if isinstance(report, pytest.CollectReport):
                self.config.hook.pytest_collectreport(report=report)
                continue
            if report.when == "setup":
                self.config.hook.pytest_runtest_logstart(nodeid=report.nodeid, location=report.location)
            self.config.hook.pytest_runtest_logreport(report=report)
            if report.when == "teardown":
                self.config.hook.pytest_runtest_logfinish(nodeid=report.nodeid, location=report.location)
        status = last.get("exitstatus")
        failed = session.testsfailed - failed_before
        if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and not failed:
            raise pytest.UsageError(f"the session before this one did not end well (exit status {status})")
        # pytest runs no test at all when something has failed by now, so the failures of the other session come after
        session.testsfailed = failed_before
        try:
            return (yield)
        finally:
            session.testsfailed += failed
