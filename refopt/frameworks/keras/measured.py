"""keras in `refopt bench`: the time of its proofs; it comes with its backend."""

from __future__ import annotations

from refopt.frameworks.keras.backend import keras_here
from refopt.frameworks.measured import Measured


def _prepare() -> None:
    keras_here()


MEASURED = Measured("keras", proofs={"keras-adam": "keras.optimizers.Adam", "keras-rmsprop": "keras.optimizers.RMSprop"}, prepare=_prepare)
