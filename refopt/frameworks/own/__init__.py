"""Objects and functions of anybody's, generated code and `refopt.optim`: how they are run, and read on symbols."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Framework

ADAPTERS = (
    Adapter("refopt.generated.numpy", "numpy", "refopt.frameworks.own.numpy_generated"),
    Adapter("refopt.optim.", "numpy", "refopt.frameworks.own.refopt_optim"),
    Adapter("numpy", "numpy", "refopt.frameworks.own.numpy_generated"),
    Adapter("refopt.generated.torch.", "torch", "refopt.frameworks.own.torch_generated"),
    Adapter("refopt.generated.jax.", "jax", "refopt.frameworks.own.jax_generated"),
    Adapter("python:", "numpy", "refopt.frameworks.own.python_object", maps=True),
)
FRAMEWORK = Framework("refopt", ADAPTERS, {"refopt.examples.": "python:refopt.examples:"})
