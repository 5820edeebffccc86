"""scikit-learn in `refopt bench`: the time of a proof."""

from __future__ import annotations

import importlib

from refopt.frameworks.measured import Measured


def _prepare() -> None:
    importlib.import_module("sklearn")


MEASURED = Measured("sklearn", proofs={"sklearn-adam": "sklearn.neural_network._stochastic_optimizers.AdamOptimizer"}, prepare=_prepare)
