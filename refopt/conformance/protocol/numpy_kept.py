"""NumPy as it was before foreign code ran: the judge computes with it in the same process."""

from __future__ import annotations

from typing import Any

import numpy as np


def functions() -> dict[str, Any]:
    """NumPy's public functions and types as they are now."""
    return {n: x for n, x in vars(np).items() if callable(x) and not n.startswith("_")}


def put_back(before: dict[str, Any]) -> str | None:
    """Put back what was replaced since then, and say what that was; None where nothing was. A name that was added stays."""
    now = vars(np)
    changed = [n for n, x in before.items() if now.get(n) is not x]
    for name in changed:
        setattr(np, name, before[name])
    return f"changes NumPy itself: {', '.join(f'numpy.{n}' for n in changed[:3])}{' ...' if len(changed) > 3 else ''}" if changed else None
