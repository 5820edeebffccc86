"""A seal on JSON lines: the header says how many lines follow and their hash, so that a cut or edited report is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

Line = dict[str, Any]


def digest(lines: Sequence[Mapping[str, Any]]) -> str:
    """sha256 of the lines, each as canonical JSON."""
    text = "\n".join(json.dumps(line, sort_keys=True, separators=(",", ":")) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(lines: Sequence[Line]) -> list[Line]:
    """The lines, their header (the first) completed by `follow` and `sha256`."""
    head = {k: x for k, x in lines[0].items() if k not in ("follow", "sha256")}
    rest = list(lines[1:])
    return [head | {"follow": len(rest), "sha256": digest([head, *rest])}, *rest]


def is_whole(lines: Sequence[Mapping[str, Any]]) -> bool:
    """True where lines are as they were written: their header's seal fits."""
    head = dict(lines[0])
    follow, hashed = head.pop("follow", None), head.pop("sha256", None)
    return bool(follow == len(lines) - 1 and hashed == digest([head, *lines[1:]]))
