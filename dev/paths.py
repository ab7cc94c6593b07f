"""Where things lie. Everything that is made here is under `.run`, which git ignores."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = "xero_integration"

RUN = ROOT / ".run"
VENV = RUN / "venv"
PYTHON = VENV / "bin" / "python"
ODOO = RUN / "odoo"
ADDONS = RUN / "addons"
DATA = RUN / "data"
LOG = RUN / "log"
PG = RUN / "pg"

LOCK_FILE = ROOT / "dev" / "requirements.lock"
