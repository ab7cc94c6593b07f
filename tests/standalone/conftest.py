"""The parts that know no Odoo are reached as top-level packages: `xero`, `simulator`, `codec`, `dev`, `bench`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

for folder in (ROOT / "models", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
