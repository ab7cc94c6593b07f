"""What comes from Debian: programs that are installed, and Odoo, which is only unpacked.

Odoo 19 is in Debian's unstable suite. Its package is fetched with an apt state of its own, so the machine's sources
stay as they are and the archive's signature is still checked; the mirror is whichever this machine already uses.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import paths
from .shell import Problem, as_root, replacing, run, say

#: the name that Debian 12 and 13 know, and the one of later releases
KEYRINGS = [Path(f"/usr/share/keyrings/debian-archive-keyring.{end}") for end in ("gpg", "pgp")]
#: the first that knows `initdb --no-instructions`
OLDEST_POSTGRES = 14

#: suite -> packages. Odoo's `web` links to the others by relative symlinks. Debian's newer Font Awesome
#: lacks the files of 4.7 that Odoo links to.
UNPACKED = {
    "sid": (
        "odoo-19",
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-montserrat",
        "fonts-roboto-unhinted",
        "fonts-inconsolata",
        "fonts-ocr-b",
    ),
    "bookworm": ("fonts-font-awesome",),
}
#: a part of the recipe that changed makes every checkout unpack anew
RECIPE = "1"
DIST_PACKAGES = Path("usr/lib/python3/dist-packages")


# ---- programs ------------------------------------------------------------------------------------

def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def find_postgres() -> Path | None:
    """The folder with `initdb` and `postgres` of the newest PostgreSQL on this machine, OLDEST_POSTGRES or later."""
    found = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and int(folder.parent.name) >= OLDEST_POSTGRES and (folder / "initdb").exists()
    ]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def can_make_venv() -> bool:
    try:
        import ensurepip  # noqa: F401 - Debian ships Python without it; asking for it is the test
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def missing_packages() -> list[str]:
    wanted = {
        "postgresql": find_postgres() is None,
        "chromium": find_browser() is None,
        "libmagic1": ctypes.util.find_library("magic") is None,
        "git": shutil.which("git") is None,
        f"python{sys.version_info.major}.{sys.version_info.minor}-venv": not can_make_venv(),
    }
    return [package for package, absent in wanted.items() if absent]


def install_programs() -> None:
    """Install what is missing; nothing at all when everything is here.

    :raises Problem: without apt-get, without root, or when apt fails
    """
    install(missing_packages())


def install(packages: Sequence[str]) -> None:
    """:raises Problem: without apt-get, without root, or when apt fails"""
    if not packages:
        return
    require_apt(f"{', '.join(packages)} {'is' if len(packages) == 1 else 'are'} missing")
    say(f"installing {', '.join(packages)} from Debian.")
    wanted = ", ".join(packages)
    # sudo hands no variable on
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    install = [*quiet, "apt-get", "install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]

    def apt(command: Sequence[str], problem: str) -> None:
        run(as_root(command, f"Installing {wanted}"), problem)

    apt([*quiet, "apt-get", "update", "-q"], "apt-get could not read the package lists.")
    problem = f"apt-get could not install {wanted}; run this again when the cause is mended."
    try:
        # what an installation that was cut off has left half done stops every other
        apt([*quiet, "dpkg", "--configure", "-a"], problem)
        apt([*install, *packages], problem)
    except Problem:
        apt([*install, "--fix-broken"], problem)
        apt([*install, *packages], problem)


def require_apt(need: str) -> None:
    if not shutil.which("apt-get"):
        raise Problem(
            f"{need}, and there is no apt-get on this machine to install from Debian 12 or 13; "
            "install by hand (Odoo 19 itself: point ODOO_HOME at it)."
        )


# ---- Odoo ----------------------------------------------------------------------------------------

def odoo_home() -> Path:
    """The folder that holds the Python package `odoo`, version 19.

    :raises Problem: when ODOO_HOME names something else
    """
    given = os.environ.get("ODOO_HOME")
    if not given:
        return paths.ODOO / DIST_PACKAGES
    home = Path(given).expanduser().resolve()
    for folder in (home, home / DIST_PACKAGES):
        release = folder / "odoo" / "release.py"
        if release.is_file():
            if "version_info = (19, 0" not in release.read_text():
                raise Problem(f"ODOO_HOME={given} holds an Odoo that is not 19.0.")
            return folder
    raise Problem(f"ODOO_HOME={given} holds no Odoo: there is no odoo/release.py in it.")


def addons_paths(home: Path) -> list[Path]:
    """Odoo's own addon folders: one in a Debian package, two in a source checkout."""
    return [folder for folder in (home / "addons", home / "odoo" / "addons") if folder.is_dir()]


def unpack_odoo() -> None:
    """Bring Odoo 19 into `.run/odoo`, once.

    :raises Problem: without apt-get, when the archive cannot be reached or its signature is wrong, or when ODOO_HOME
        names no Odoo 19
    """
    if os.environ.get("ODOO_HOME"):
        odoo_home()  # says at once when that is no Odoo 19
        return
    stamp = paths.ODOO / "unpacked"
    if stamp.exists() and stamp.read_text() == RECIPE:
        return
    require_apt("Odoo 19 is missing")
    say("fetching Odoo 19 from Debian.")
    with tempfile.TemporaryDirectory(prefix="debian-", dir=paths.RUN) as work, replacing(paths.ODOO) as fresh:
        for archive in download(Path(work)):
            run(["dpkg-deb", "-x", archive, fresh], f"{archive.name} could not be unpacked.")
        # named by an asset bundle, stripped by Debian: its absence is an error in every page's console
        stripped = fresh / DIST_PACKAGES / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
        stripped.parent.mkdir(parents=True, exist_ok=True)
        stripped.touch()
        (fresh / "unpacked").write_text(RECIPE)


def mirror() -> str:
    """The address of the Debian archive that this machine installs from.

    :raises Problem: when apt knows of none
    """
    asked = run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(COMPONENT)", "Created-By: Packages"],
        "apt-get could not say which mirror this machine uses.",
    )
    addresses = [line.split()[0] for line in asked.splitlines() if line.endswith(" main")]
    for address in addresses:
        if address.rstrip("/").endswith("/debian"):
            return address
    raise Problem("apt on this machine has no Debian archive among its sources, so Odoo 19 has nowhere to come from.")


def download(work: Path) -> list[Path]:
    """Fetch every package of UNPACKED into `work`, verified by apt; returns the archives."""
    keyring = next(filter(Path.exists, KEYRINGS), None)
    if not keyring:
        raise Problem(f"{KEYRINGS[0]} is missing; install the package debian-archive-keyring.")
    address = mirror()
    archives = work / "archives"
    archives.mkdir()
    for suite, packages in UNPACKED.items():
        apt = private_apt(work / suite, f"deb [signed-by={keyring}] {address} {suite} main")
        trouble = f"Debian's archive could not be read for {suite} (network, mirror or signature); run this again."
        said = run([*apt, "update", "-q"], trouble)
        # apt-get update only warns when it cannot reach the archive, and goes on with what it has
        if any(line.startswith(("Err:", "W: Failed", "E:")) for line in said.splitlines()):
            raise Problem(f"{trouble}\n{said.strip()}")
        run([*apt, "download", "-q", *packages], f"{', '.join(packages)} could not be fetched; run this again.",
            cwd=archives)
    return sorted(archives.glob("*.deb"))


def private_apt(state: Path, source: str) -> Sequence[str]:
    """An apt-get with lists and cache of its own that knows one source alone."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True)
    (state / "sources.list").write_text(source + "\n")
    return [
        "apt-get",
        "-o", f"Dir::Etc::sourcelist={state}/sources.list",
        "-o", "Dir::Etc::sourceparts=-",
        "-o", f"Dir::State::Lists={state}/lists",
        "-o", f"Dir::Cache={state}/cache",
        "-o", "Acquire::Languages=none",
        "-o", "Acquire::Retries=3",
        # the sandbox user cannot write below a folder that is root's own
        *(["-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else []),
    ]  # fmt: skip
