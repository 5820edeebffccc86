"""scikit-learn: optimizers, and how their code is read on symbols."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Framework

FRAMEWORK = Framework("sklearn", (Adapter("sklearn.", "sklearn", "refopt.frameworks.sklearn.optimizers"),))
