"""`python -m refopt` is the command `refopt`."""

from __future__ import annotations

from refopt.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
