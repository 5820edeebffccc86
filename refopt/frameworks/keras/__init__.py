"""keras: backend, optimizers, schedules, and how its code is read on symbols."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Framework

ADAPTERS = (
    Adapter("keras.optimizers.schedules.", "keras", "refopt.frameworks.keras.schedules"),
    Adapter("keras.", "keras", "refopt.frameworks.keras.optimizers"),
)
FRAMEWORK = Framework("keras", ADAPTERS, {f"{start}optimizers.": "keras.optimizers." for start in ("tf.keras.", "tensorflow.keras.", "tf.", "tensorflow.")})
"""keras' optimizers go by several names in TensorFlow."""
