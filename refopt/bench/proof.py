"""Cost of proofs: the time of each, without the import of the framework that it reads."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable

from refopt.bench.core import Figure
from refopt.frameworks.installed import is_installed
from refopt.frameworks.keras.backend import keras_here
from refopt.proving.answer import Differs
from refopt.proving.prove import prove

PROOFS = {
    "torch-adam": "torch.optim.Adam",
    "torch-amsgrad": "torch.optim.Adam(amsgrad=True)",
    "torch-adamw": "torch.optim.AdamW",
    "torch-rmsprop": "torch.optim.RMSprop",
    "torch-momentum": "torch.optim.SGD(momentum=0.9)",
    "torch-nesterov": "torch.optim.SGD(momentum=0.9, nesterov=True)",
    "torch-cosine": "torch.optim.lr_scheduler.CosineAnnealingLR",
    "optax-adam": "optax.adam",
    "optax-adamw": "optax.adamw",
    "optax-rmsprop": "optax.rmsprop",
    "optax-amsgrad": "optax.amsgrad",
    "keras-adam": "keras.optimizers.Adam",
    "keras-rmsprop": "keras.optimizers.RMSprop",
    "sklearn-adam": "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "numpy-adam": "refopt.generated.numpy.adam",
}
"""By the name of the figure: what is proved."""
IMPORTED = {"torch": ("torch", "torch._dynamo"), "keras": ()}
"""Modules that making an optimizer imports beside its package; keras comes with its backend."""


def _proof(name: str, implementation: str) -> list[Figure]:
    package = implementation.partition(".")[0]
    if not is_installed(package):
        return [Figure(name, None, "s", f"{package} is not installed here")]
    for module in IMPORTED.get(package, (package,)):
        importlib.import_module(module)
    if package == "keras":
        keras_here()
    began = time.perf_counter()
    answer = prove(implementation)
    took = time.perf_counter() - began
    matches = f"; equals {', '.join(answer.matches)}" if isinstance(answer, Differs) and answer.matches else ""
    return [Figure(name, took, "s", f"{implementation}: {answer.verdict} {answer.asked.rule}{matches}")]


def _measure(name: str, implementation: str) -> Callable[[], list[Figure]]:
    return lambda: _proof(name, implementation)


FIGURES: dict[str, Callable[[], list[Figure]]] = {name: _measure(name, text) for name, text in PROOFS.items()}
"""Measurements, in the order in which they are printed."""
