"""keras: backend, optimizers, schedules, how its code is read on symbols, and what is proved of it."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Framework
from refopt.frameworks.keras.not_judged import NOT_JUDGED
from refopt.lifting.library import Library

ADAPTERS = (
    Adapter("keras.optimizers.schedules.", "keras", "refopt.frameworks.keras.schedules"),
    Adapter("keras.callbacks.", "keras", "refopt.frameworks.keras.schedules"),
    Adapter("keras.", "keras", "refopt.frameworks.keras.optimizers"),
)
ALIASES = {f"{start}optimizers.": "keras.optimizers." for start in ("tf.keras.", "tensorflow.keras.", "tf.", "tensorflow.")}
"""keras' optimizers go by several names in TensorFlow."""
FRAMEWORK = Framework(
    "keras", ADAPTERS, ALIASES, library=Library("keras", frozenset({"keras", "tensorflow"})), switches=frozenset({"use_ema", "jit_compile"}),
    measured="refopt.frameworks.keras.measured", adopts="refopt.frameworks.keras.own_class", not_judged=NOT_JUDGED,
)  # fmt: skip
