"""Objects and functions of anybody's, generated code and `refopt.optim`: how they are run, and read on symbols."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Framework
from refopt.lifting.library import Library

ADAPTERS = (
    Adapter("refopt.generated.numpy", "numpy", "refopt.frameworks.own.numpy_generated"),
    Adapter("refopt.optim.", "numpy", "refopt.frameworks.own.refopt_optim", first="params"),
    Adapter("numpy", "numpy", "refopt.frameworks.own.numpy_generated"),
    Adapter("refopt.generated.torch.", "torch", "refopt.frameworks.own.torch_generated", first="params"),
    Adapter("refopt.generated.jax.", "jax", "refopt.frameworks.own.jax_generated"),
    Adapter("python:", "numpy", "refopt.frameworks.own.python_object", maps=True),
)
LIBRARY = Library(
    "JAX", frozenset({"jax", "jaxlib"}),
    surroundings=frozenset({"default_backend", "devices", "local_devices", "device_count", "local_device_count", "process_index", "jax_enable_x64", "weak_type",
                            "Tracer"}),
)  # fmt: skip
SWITCHES = frozenset({"maximize", "capturable", "differentiable", "foreach", "fused", "use_ema", "jit_compile"})
"""A person's own class takes them over from the frameworks that it is made after."""
FRAMEWORK = Framework("refopt", ADAPTERS, {"refopt.examples.": "python:refopt.examples:"}, library=LIBRARY, switches=SWITCHES)
