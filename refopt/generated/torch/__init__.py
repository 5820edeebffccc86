"""Optimizers for torch, made from the formulas: `refopt.generated.torch.Adam`, `AdamEpsHat`, ...; the functions are in the modules."""

from __future__ import annotations

import importlib
import re
from typing import Any


def __getattr__(name: str) -> Any:
    """The optimizer of that name; its module and torch are loaded when it is asked for."""
    module = "_".join(re.findall(r"[A-Z][a-z0-9]*", name)).lower()
    if not re.fullmatch(r"([A-Z][a-z0-9]*)+", name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{module}":
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
