"""The draws that a search found to see what the hand-made inputs leave over, by rule: see `witness`."""

from __future__ import annotations

WITNESSES: dict[str, tuple[int, ...]] = {}
"""Written by hand from what `python -m refopt.golden.witness NAME` prints."""
