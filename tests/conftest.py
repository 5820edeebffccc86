"""What holds for every test: the tests themselves run side by side, so that no `check` starts a second process unless it is asked to."""

from __future__ import annotations

import os

os.environ.setdefault("REFOPT_PROCESSES", "1")
