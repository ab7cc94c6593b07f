"""The parts that know no Odoo are reached as top-level packages: `xero`, `simulator`, `codec`, `dev`, `bench`."""

import importlib
import pkgutil
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def reach_codec():
    """`codec`, as `models.codec` of an addon whose own modules, which import Odoo, are never run: the codecs name the
    gateway's dates as their neighbour's neighbour."""
    for name, folder in (("addon", ROOT), ("addon.models", ROOT / "models")):
        package = sys.modules[name] = ModuleType(name)
        package.__path__ = [str(folder)]
    sys.modules["addon.xero"] = importlib.import_module("xero")
    sys.modules["codec"] = codec = importlib.import_module("addon.models.codec")
    for module in pkgutil.iter_modules(codec.__path__):
        sys.modules[f"codec.{module.name}"] = importlib.import_module(f"addon.models.codec.{module.name}")


if "codec" not in sys.modules:
    reach_codec()
