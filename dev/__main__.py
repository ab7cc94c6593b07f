"""`dev/run <command>`; the Makefile is a list of names for these. An old Python can read this file, and says so."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "xero_integration: this is Python {}.{}; 3.11, 3.12 or 3.13 is needed "
        "(name one with PYTHON=/path/to/python3).".format(*sys.version_info)
    )

from .cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
