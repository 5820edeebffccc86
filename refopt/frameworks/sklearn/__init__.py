"""scikit-learn: optimizers, how their code is read on symbols, and what is proved of it."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Certificate, Framework
from refopt.lifting.library import Library

FRAMEWORK = Framework(
    "sklearn", (Adapter("sklearn.", "sklearn", "refopt.frameworks.sklearn.optimizers", first="params"),),
    library=Library("sklearn", frozenset({"sklearn"})), measured="refopt.frameworks.sklearn.measured",
    certificates=(Certificate("sklearn_adam", "sklearn.AdamOptimizer", "adam/eps_hat"),),
)  # fmt: skip
