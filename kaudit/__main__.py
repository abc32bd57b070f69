"""Run the command line: `python -m kaudit`."""

from __future__ import annotations

import sys

from kaudit.cli import main

if __name__ == "__main__":
    sys.exit(main())
