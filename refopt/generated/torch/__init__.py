"""Optimizers for torch, made from the formulas: `refopt.generated.torch.Adam`, `AdamEpsHat`, ...; the functions are in the modules."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any


def __getattr__(name: str) -> Any:
    """The optimizer of that name; its module and torch are loaded when it is asked for."""
    module = _modules().get(name) if re.fullmatch(r"([A-Z][a-z0-9]*)+", name) else None
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)


def _modules() -> dict[str, str]:
    """The module of each class name: `radam_threshold_4` has `RadamThreshold4`."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return {"".join(word.capitalize() for word in name.split("_")): name for name in found}
