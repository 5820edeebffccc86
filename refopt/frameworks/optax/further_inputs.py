"""Further inputs of an update of optax: random numbers, which it draws itself.

The random numbers of a case take the place of those that optax draws: `jax.random.normal` gives them while an update is made, one array a
parameter in their order. That they were all taken is looked at: nothing is said of an optimizer that draws its numbers otherwise.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from refopt.conformance.protocol.in_process import Lacking
from refopt.conformance.protocol.reason import Reason, Why

NOISE = "noise"
INPUTS: Mapping[str, tuple[str, ...]] = {"noisy_sgd": (NOISE,)}
"""By name of an optimizer: what its updates are given beside the gradient."""
KEY = {"noisy_sgd": {"key": 0}}
"""More arguments of a factory: a key, whose numbers are not used."""


def given(further: Mapping[str, Sequence[Any]]) -> contextlib.AbstractContextManager[None]:
    """A context in which an update is made. Raises Lacking where the numbers of the case were not all drawn."""
    return _drawn(further[NOISE]) if NOISE in further else contextlib.nullcontext()


@contextlib.contextmanager
def _drawn(values: Sequence[Any]) -> Iterator[None]:
    import jax

    left, drawing = list(values), jax.random.normal

    def normal(key: Any, shape: Any = (), dtype: Any = float, **more: Any) -> Any:
        if not left or tuple(shape) != left[0].shape:
            raise Lacking(Reason(Why.TAKES_NO, (NOISE,)))
        return left.pop(0).astype(dtype)

    jax.random.normal = normal
    try:
        yield
    finally:
        jax.random.normal = drawing
    if left:
        raise Lacking(Reason(Why.TAKES_NO, (NOISE,)))
