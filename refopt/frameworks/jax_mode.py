"""JAX in 64 bits only where float64 is judged, and only for as long: nothing of the process stays changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from refopt.rounding.formats import Format


@contextlib.contextmanager
def jax_mode(f: Format) -> Iterator[None]:
    """JAX as people run it in this format: 64 bits for float64, else its default of 32 bits, in which scalars are formed too."""
    import jax

    with jax.enable_x64(f.name == "float64"):
        yield
