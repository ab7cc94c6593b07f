"""The addon is installed as other people would: from a wheel, beside an Odoo that has never seen this checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dev import debian, odoo, paths, postgres

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built by whool from a clone named as the addon; what is not committed is not in it."""
    work = tmp_path_factory.mktemp("wheel")
    clone = work / paths.ADDON
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    # the environment's own whool, pinned by the lock file: nothing is fetched
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(work), str(clone)],
        check=True, capture_output=True,
    )  # fmt: skip
    [built] = work.glob("*.whl")
    return built


def test_the_wheel_is_an_odoo_addon_with_its_licence_and_its_dependencies(wheel):
    assert wheel.name.startswith("odoo_addon_xero_integration-19.0.")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [described] = [name for name in names if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(described).decode()
    assert f"odoo/addons/{paths.ADDON}/__manifest__.py" in names
    assert not [name for name in names if "/.run/" in name or name.endswith(".pyc")]
    assert "LGPL-3" in metadata
    for needed in ("odoo==19.0.*", "xero-python", "requests-oauthlib"):
        assert f"Requires-Dist: {needed}" in metadata


@pytest.fixture
def database():
    name = f"xero_wheel_{os.getpid()}"
    with postgres.running():
        odoo.create(name)
        yield name
        odoo.drop(name)


@pytest.mark.timeout(900)  # where it is the first that needs the template database it makes that too
def test_odoo_installs_the_addon_from_the_wheel(wheel, database, tmp_path):
    target = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)],
        check=True,
    )
    addons = target / "odoo" / "addons"
    own = ",".join(map(str, debian.addons_paths(debian.odoo_home())))
    config = odoo.write_config(database, addons_path=f"{own},{addons}")
    told = run_odoo(config, "-i", paths.ADDON, "--stop-after-init", "--no-http", "--log-level=warn")
    assert "WARNING" not in told and "ERROR" not in told, told
    state = postgres.sql(database, f"SELECT state FROM ir_module_module WHERE name = '{paths.ADDON}'")
    assert state == "installed"
    where = run_odoo(
        config, "shell", "--no-http", "--log-level=warn",
        script=f"import odoo.addons.{paths.ADDON} as addon; print('loaded from', addon.__file__)",
    )  # fmt: skip
    assert f"loaded from {addons / paths.ADDON / '__init__.py'}" in where


def run_odoo(config, *words, script=""):
    done = subprocess.run(
        odoo.command(config, *words), input=script, env=odoo.environment(), cwd=config.parent, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout
