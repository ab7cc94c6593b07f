"""What `make bench` writes: names, shape, and which results of an earlier run it keeps."""

import ast
import fcntl
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from bench import results

ROOT = Path(__file__).resolve().parents[3]
#: the results that the issue of this project asks for
PROMISED = {"push.calls", "push.rate", "push.vs_sdk_loop", "push.unchanged", "post.overhead", "idle.calls_per_day",
            "scale.pick"}  # fmt: skip
NAMES = [name for group in results.GROUPS.values() for name in group]


def result(name, value=1.0):
    return dict(zip(results.KEYS, (name, value, "calls", "<= 2", True), strict=True))


def names_in(file):
    return [each["name"] for each in json.loads(file.read_text())]


# ---- names ---------------------------------------------------------------------------------------

def test_everything_that_was_promised_has_a_name_and_no_name_is_there_twice():
    assert set(NAMES) >= PROMISED
    assert len(NAMES) == len(set(NAMES))
    assert all(name.startswith(f"{group}.") for group, names in results.GROUPS.items() for name in names)


def test_posting_is_measured_before_anything_else_fills_the_database():
    assert next(iter(results.GROUPS)) == "post"


@pytest.mark.parametrize("group", results.GROUPS)
def test_the_names_are_those_that_the_modules_measure(group):
    module = ast.parse((ROOT / "bench" / f"{group}.py").read_text())
    texts = [node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert tuple(text for text in texts if text in NAMES) == results.GROUPS[group]


@pytest.mark.parametrize(
    ("only", "groups", "names"),
    [
        ([], list(results.GROUPS), NAMES),
        (["push"], ["push"], list(results.GROUPS["push"])),
        (["push.rate"], ["push"], ["push.rate"]),
        (["push.unchanged"], ["push"], ["push.unchanged.writes", "push.unchanged"]),
        (["scale", "post.overhead"], ["post", "scale"], ["post.overhead", "scale.pick"]),
    ],
)
def test_only_names_a_result_or_a_group(only, groups, names):
    found = results.chosen(only)
    assert list(found) == groups
    assert [name for each in found.values() for name in each] == names


@pytest.mark.parametrize("only", ["pus", "push.", "push.nothing", "idle.calls", "PUSH", ""])
def test_a_name_that_is_none_is_refused_with_those_that_there_are(only):
    with pytest.raises(results.Unknown) as told:
        results.chosen([only])
    assert all(name in str(told.value) for name in [*results.GROUPS, *NAMES])


def test_make_bench_refuses_it_before_anything_is_prepared(environment):
    done = subprocess.run(
        ["make", "-s", "bench", "ONLY=pushh"], cwd=ROOT, env=environment, text=True, timeout=60,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    assert done.returncode != 0 and "Traceback" not in done.stdout
    assert "no result is called 'pushh'; there are post, push" in done.stdout
    assert "database" not in done.stdout


# ---- shape ---------------------------------------------------------------------------------------

def test_a_result_has_five_keys_and_three_decimals():
    measured = [("post.overhead", 1.0123456, "of the time", "<= 1.05", True)]
    assert results.shaped("post", measured, ["post.overhead"]) == [
        {"name": "post.overhead", "value": 1.012, "unit": "of the time", "target": "<= 1.05", "holds": True}
    ]


def test_a_module_that_measures_something_else_is_no_result():
    with pytest.raises(AssertionError, match="post measured post.overheads"):
        results.shaped("post", [("post.overheads", 1, "", "", True)], [])


# ---- file ----------------------------------------------------------------------------------------

@pytest.fixture
def file(tmp_path):
    file = tmp_path / "results.json"
    file.write_text(json.dumps([result("idle.calls_per_day", 7), result("scale.pick", 7), result("gone.long_ago", 7)]))
    return file


def test_a_run_of_everything_writes_the_file_anew_after_every_group(file):
    kept = results.Kept(anew=True, file=file)
    kept.add([result("post.overhead")])
    assert names_in(file) == ["post.overhead"]
    kept.add([result("push.calls"), result("push.rate")])
    assert names_in(file) == ["post.overhead", "push.calls", "push.rate"]


def test_a_run_of_a_part_replaces_what_has_the_same_name(file):
    results.Kept(anew=False, file=file).add([result("scale.pick", 1)])
    assert {each["name"]: each["value"] for each in json.loads(file.read_text())} == {
        "idle.calls_per_day": 7, "scale.pick": 1,
    }  # fmt: skip


def test_what_was_measured_in_this_run_is_what_counts_for_its_end(file):
    kept = results.Kept(anew=False, file=file)
    kept.add([result("scale.pick", 1)])
    assert [each["name"] for each in kept.results] == ["scale.pick"]


# ---- two at once ---------------------------------------------------------------------------------

def test_a_second_bench_waits_and_does_not_drop_the_database_of_the_first(environment):
    with (ROOT / ".run" / "bench.lock").open("a") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = subprocess.Popen(
            ["dev/run", "bench", "idle"], cwd=ROOT, env=environment, text=True, process_group=0,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said = ""
        for line in second.stdout:
            said += line
            if "another run is measuring; waiting for it" in line:
                break
        os.killpg(second.pid, signal.SIGINT)
        said += second.communicate(timeout=30)[0]
    assert "another run is measuring" in said and "database" not in said, said
    assert second.returncode == 130
