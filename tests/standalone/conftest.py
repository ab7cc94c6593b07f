"""The parts that know no Odoo are reached as top-level packages: `xero`, `simulator`, `codec`, `dev`, `bench`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
if str(ROOT / "models") not in sys.path:
    sys.path.append(str(ROOT / "models"))  # at the end: a model's file may have the name of a module of Python's own
