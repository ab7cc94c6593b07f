"""What set-up says when a machine is not as it should be, and that a second run mends what the first left."""

import ast
import base64
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from dev import debian, paths, shell

ROOT = Path(__file__).resolve().parents[3]


def sentence(done):
    """The one sentence a person reads; a traceback is not one."""
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    assert done.stdout.count("xero_integration: ") == 1, done.stdout
    return done.stdout.strip()


# ---- Python --------------------------------------------------------------------------------------

def other_pythons():
    folders = os.environ.get("PATH", "").split(":") + [str(each) for each in Path.home().glob(".pyenv/versions/*/bin")]
    found = (shutil.which(f"python3.{minor}", path=folder) for folder in folders for minor in (*range(3, 11), 14, 15))
    return sorted(set(filter(None, found)))


def test_an_old_python_says_which_is_needed(checkout):
    # one that really is old where the machine has one, else ours under the number of an old one
    command = [sys.executable, "-c", "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_module('dev')"]
    for python in other_pythons():
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            command = [python, "-m", "dev"]
            break
    done = subprocess.run(
        command, cwd=checkout, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    told = sentence(done)
    assert "this is Python 3." in told and "3.11, 3.12 or 3.13 is needed" in told
    assert not (checkout / ".run").exists()


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_an_old_python_reads_first_is_readable_to_it(name):
    ast.parse((ROOT / "dev" / name).read_text(), feature_version=(3, 6))


def test_a_python_that_is_not_there_is_named(dev):
    assert "PYTHON=/no/such/python is not on this machine" in sentence(dev("setup", PYTHON="/no/such/python"))


def test_no_python_and_no_apt_is_one_sentence(dev, path_without):
    pythons = [f"python3{end}" for end in ("", *(f".{minor}" for minor in range(20)))]
    # /usr/bin/python3 is asked for by its full name, which no PATH hides
    text = (ROOT / "dev" / "run").read_text().replace("/usr/bin/python3", "/no/such/python3")
    script = path_without(*pythons, "apt-get") + "/../no-python"
    Path(script).write_text(text.replace('cd "$(dirname "$0")/.."', ":"))
    done = subprocess.run(
        ["sh", script, "setup"], env={"PATH": str(Path(script).parent / "bin")}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    assert "there is no Python here and no apt-get" in sentence(done)


#: a machine on which nothing but a browser is missing
INSTALL = """
from dev import debian, shell
debian.missing_packages = lambda: ["chromium"]
try:
    debian.install_programs()
except shell.Problem as problem:
    print("Problem:", problem)
"""
STEPS = {"apt-get", "dpkg", "update", "install", "chromium", "--fix-broken", "--configure"}


# ---- Debian --------------------------------------------------------------------------------------

def test_a_missing_apt_is_one_sentence(dev, checkout, path_without):
    told = sentence(dev("setup", PATH=path_without("apt-get")))
    assert "Odoo 19 is missing" in told and "no apt-get" in told and "ODOO_HOME" in told
    assert not (checkout / ".run" / "odoo").exists()


def test_programs_that_are_missing_are_named_when_apt_is_missing_too(dev, path_without):
    told = sentence(dev("setup", PATH=path_without("apt-get", "chromium", "chromium-browser", "google-chrome", "git")))
    assert "chromium, git are missing" in told and "no apt-get" in told


def test_neither_root_nor_sudo_is_one_sentence(stranger):
    stranger.link("apt-get", "git")
    done = stranger.run(stranger.python, "-c", INSTALL)
    assert "chromium needs root" in done.stdout and "sudo" in done.stdout, done.stdout


def test_sudo_is_asked_once_for_each_step_and_told_to_ask_no_questions(stranger):
    """sudo hands no variable on, so DEBIAN_FRONTEND has to be on its own command line."""
    stranger.link("git", "env")
    stranger.fake("sudo", 'exec "$@"')
    for name in ("apt-get", "dpkg"):
        stranger.fake(name)
    done = stranger.run(stranger.python, "-c", INSTALL)
    assert "Problem" not in done.stdout, done.stdout
    asked = [line for line in stranger.calls() if line.startswith("sudo ")]
    assert len(asked) == 3 and all(line.startswith("sudo env DEBIAN_FRONTEND=noninteractive ") for line in asked)
    done_as_root = [line for line in stranger.calls() if not line.startswith("sudo ")]
    assert all(line.endswith("[noninteractive]") for line in done_as_root)
    assert "install" in done_as_root[-1] and "chromium" in done_as_root[-1]


def test_where_there_is_no_python_sudo_is_told_to_ask_no_questions_too(stranger):
    stranger.link("env", "sh", "dirname", "id")
    stranger.fake("sudo", 'exec "$@"')
    for name in ("apt-get", "dpkg"):
        stranger.fake(name)
    script = stranger.folder / "dev" / "run"
    script.write_text(script.read_text().replace("/usr/bin/python3", "/no/such/python3"))
    stranger.run(stranger.bin / "sh", script, "setup")
    asked = [line for line in stranger.calls() if line.startswith("sudo ")]
    assert [line.split()[3:5] for line in asked] == [["apt-get", "update"], ["dpkg", "--configure"],
                                                     ["apt-get", "install"]]  # fmt: skip
    assert all(line.startswith("sudo env DEBIAN_FRONTEND=noninteractive ") for line in asked)


@pytest.mark.parametrize("broken", ["apt-get", "dpkg"])
def test_an_installation_that_was_cut_off_is_finished_first(stranger, broken):
    """dpkg is asked to go on where it stopped; what hangs in the air then is mended by apt, and it is tried again."""
    once = f'test "$1" = update || test -e {stranger.folder}/mended || {{ touch {stranger.folder}/mended; exit 100; }}'
    stranger.link("git", "env", "touch")
    stranger.fake("sudo", 'exec "$@"')
    for name in ("apt-get", "dpkg"):
        stranger.fake(name, once if name == broken else "")
    done = stranger.run(stranger.python, "-c", INSTALL)
    assert "Problem" not in done.stdout, done.stdout
    calls = [line.split() for line in stranger.calls() if not line.startswith("sudo ")]
    steps = [" ".join(word for word in call if word in STEPS) for call in calls]
    first = [] if broken == "dpkg" else ["apt-get install chromium"]
    assert steps == ["apt-get update", "dpkg --configure", *first, "apt-get install --fix-broken",
                     "apt-get install chromium"]  # fmt: skip


def test_an_installation_that_cannot_be_mended_is_one_sentence(stranger):
    stranger.link("git", "env")
    stranger.fake("sudo", 'exec "$@"')
    stranger.fake("dpkg")
    stranger.fake("apt-get", 'test "$1" = update || { echo E: no such disk; exit 100; }')
    done = stranger.run(stranger.python, "-c", INSTALL)
    assert "Problem: apt-get could not install chromium; run this again when the cause is mended." in done.stdout
    assert "E: no such disk" in done.stdout and "Traceback" not in done.stdout


@pytest.mark.parametrize("content", ["nothing", "version_info = (18, 0, 0, FINAL, 0, '')"])
def test_an_odoo_home_without_odoo_19_is_refused(dev, tmp_path, content):
    if content != "nothing":
        (tmp_path / "odoo").mkdir()
        (tmp_path / "odoo" / "release.py").write_text(content)
    told = sentence(dev("python", "-c", "", ODOO_HOME=str(tmp_path), **no_packages(tmp_path)))
    assert f"ODOO_HOME={tmp_path}" in told


@pytest.fixture
def unpacking(tmp_path, monkeypatch):
    """A place of its own to unpack into, and one small package in place of Odoo's nine."""
    monkeypatch.delenv("ODOO_HOME", raising=False)
    monkeypatch.setattr(paths, "RUN", tmp_path)
    monkeypatch.setattr(paths, "ODOO", tmp_path / "odoo")
    monkeypatch.setattr(debian, "UNPACKED", {"bookworm": ("fonts-font-awesome",)})
    return tmp_path


def test_a_broken_download_leaves_nothing_and_the_next_run_mends_it(unpacking, monkeypatch):
    require_mirror()
    with socket.socket() as nobody:
        # bound and not listening: every connection is refused
        nobody.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        settings = unpacking / "apt.conf"
        settings.write_text(f'Acquire::http::Proxy "{proxy}"; Acquire::https::Proxy "{proxy}";')
        with monkeypatch.context() as broken:
            broken.setenv("APT_CONFIG", str(settings))
            with pytest.raises(shell.Problem, match="could not be read for bookworm"):
                debian.unpack_odoo()
    assert [each.name for each in unpacking.iterdir()] == ["apt.conf"]
    debian.unpack_odoo()
    assert (unpacking / "odoo" / "unpacked").exists()
    assert list((unpacking / "odoo" / "usr" / "share").rglob("fontawesome-webfont*"))
    assert sorted(each.name for each in unpacking.iterdir()) == ["apt.conf", "odoo"]


def require_mirror():
    try:
        urllib.request.urlopen(debian.mirror(), timeout=10).close()
    except urllib.error.HTTPError:
        pass  # it answers
    except OSError as error:
        pytest.skip(f"the Debian mirror of this machine cannot be reached: {error}")


def test_an_archive_without_a_signature_is_refused(unpacking, monkeypatch):
    archive = unpacking / "archive"
    packages = archive / "dists" / "bookworm" / "main" / "binary-all"
    packages.mkdir(parents=True)
    (packages / "Packages").write_text("Package: fonts-font-awesome\nVersion: 1\nArchitecture: all\nFilename: x.deb\n")
    (archive / "dists" / "bookworm" / "Release").write_text("Origin: Debian\nSuite: bookworm\nComponents: main\n")
    monkeypatch.setattr(debian, "mirror", lambda: f"file:{archive}")
    with pytest.raises(shell.Problem, match="signature") as told:
        debian.unpack_odoo()
    assert "not signed" in str(told.value)
    assert not (unpacking / "odoo").exists()


def test_a_run_killed_while_unpacking_leaves_nothing_that_the_next_one_keeps(tmp_path):
    target = tmp_path / "odoo"
    program = (
        "import os, signal, sys, pathlib; from dev.shell import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as fresh:\n"
        "    (fresh / 'half').touch(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(target)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not target.exists() and len(list(tmp_path.iterdir())) == 1
    with shell.replacing(target) as fresh:
        (fresh / "whole").touch()
    assert [each.name for each in tmp_path.iterdir()] == ["odoo"]
    assert [each.name for each in target.iterdir()] == ["whole"]


# ---- PyPI ----------------------------------------------------------------------------------------

def no_packages(folder):
    """pip's settings for a machine that gets its packages from one folder and nowhere else."""
    return {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}


def wheel(folder, name, text):
    """A wheel of one module, made here; returns its sha256."""
    target = folder / f"{name}-1.0-py3-none-any.whl"
    files = {
        f"{name}.py": text,
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
            lines.append(f"{path},sha256={digest},{len(content)}")
        archive.writestr(zipfile.ZipInfo(f"{name}-1.0.dist-info/RECORD"), "\n".join(lines))
    return hashlib.sha256(target.read_bytes()).hexdigest()


def test_a_package_that_is_not_what_the_lock_promises_is_refused_and_the_next_run_mends_it(dev, checkout, tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    promised = wheel(shop, "promised", "said = 'as promised'")
    (checkout / "dev" / "requirements.lock").write_text(f"promised==1.0 --hash=sha256:{promised}\n")
    settings = no_packages(shop) | {"ODOO_HOME": str(debian.odoo_home())}
    ask = ("python", "-c", "import promised; print(promised.said)")

    wheel(shop, "promised", "said = 'something else'")
    refused = dev(*ask, **settings)
    assert refused.returncode == 1 and "Traceback" not in refused.stdout
    assert "the Python packages could not be installed" in refused.stdout
    assert not (checkout / ".run" / "venv" / "installed").exists()

    wheel(shop, "promised", "said = 'as promised'")
    mended = dev(*ask, **settings)
    assert mended.returncode == 0 and "as promised" in mended.stdout

    again = dev(*ask, **settings)
    assert again.stdout == "as promised\n", "a third run has nothing to install"


def test_the_lock_pins_everything_with_hashes_and_names_no_host():
    text = (ROOT / "dev" / "requirements.lock").read_text()
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins and all("==" in pin for pin in pins)
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
