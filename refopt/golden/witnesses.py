"""Numbers of the draws of inputs that kill mutants surviving the hand-made ones, by rule: see `witness`."""

from __future__ import annotations

WITNESSES: dict[str, tuple[int, ...]] = {}
"""Written by hand from what `python -m refopt.golden.witness NAME` prints."""
