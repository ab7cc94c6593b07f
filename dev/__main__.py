"""`dev/run <command>`; the Makefile is a list of names for these."""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python could not even read
    sys.exit(
        "xero_integration: this is Python %d.%d; 3.11, 3.12 or 3.13 is needed "
        "(name another with PYTHON=/path/to/python3)." % sys.version_info[:2]
    )

from .cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
