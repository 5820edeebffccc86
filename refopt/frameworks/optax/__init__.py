"""optax: optimizers, schedules, how its code is read on symbols, and what is measured and proved of it."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Certificate, Framework
from refopt.frameworks.optax.not_judged import NOT_JUDGED
from refopt.lifting.library import Library

CERTIFICATES = (
    Certificate("optax_sgd", "optax.sgd", "sgd"),
    Certificate("optax_adam", "optax.adam", "adam"),
    Certificate("optax_adamw", "optax.adamw", "adamw"),
    Certificate("optax_rmsprop", "optax.rmsprop", "rmsprop/eps_in_sqrt"),
    Certificate("optax_amsgrad", "optax.amsgrad", "amsgrad/max_hat"),
    Certificate("optax_cosine_decay", "optax.cosine_decay_schedule", "cosine_annealing"),
)
FRAMEWORK = Framework(
    "optax", (Adapter("optax.", "optax", "refopt.frameworks.optax.optimizers"),),
    library=Library("optax", frozenset({"optax", "chex", "jax", "jaxlib", "flax"})), measured="refopt.frameworks.optax.measured", certificates=CERTIFICATES,
    not_judged=NOT_JUDGED,
    adopts="refopt.frameworks.optax.own_transformation",
)  # fmt: skip
