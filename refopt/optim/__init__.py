"""Optimizers for NumPy arrays, made from the formulas: one class a rule, two engines with the same bits.

    from refopt.optim import Adam, schedule

    optimizer = Adam(params, lr=1e-3)               an array, a list or a dict of arrays, of any floating-point format
    optimizer.step(grads)                           changes them in place
    saved = optimizer.state_dict()                  optimizer.load_state_dict(saved)
    Adam(params, variant="eps_hat", schedule=schedule("cosine_annealing", lr=1e-3, period=1000))

The NumPy engine works in place, a block at a time. The C engine is compiled on first use where there is a compiler and cffi;
where it cannot be, one line says why and the NumPy engine runs. Neither SymPy nor the rest of refopt is loaded.
"""

from __future__ import annotations

from refopt.optim.optimizer import Optimizer, class_name, optimizer
from refopt.optim.plans import families
from refopt.optim.schedules import Schedule, schedule

CLASSES = {class_name(rule): optimizer(rule) for rule in families()}
"""The class of each rule by its name; each is an attribute of this module: `refopt.optim.Adam`."""
__all__ = [*CLASSES, "Optimizer", "optimizer", "Schedule", "schedule"]
globals().update(CLASSES)


def __getattr__(name: str) -> type[Optimizer]:
    """Raises AttributeError: every class is an attribute already; a type checker learns here what they are."""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; its classes are {', '.join(CLASSES)}")
