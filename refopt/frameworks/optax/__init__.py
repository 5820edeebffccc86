"""optax: optimizers, schedules, and how its code is read on symbols."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Framework

FRAMEWORK = Framework("optax", (Adapter("optax.", "optax", "refopt.frameworks.optax.optimizers"),))
