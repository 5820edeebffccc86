"""A state of JAX as checkpoints keep it: its leaves, put into the structure of a fresh state."""

from __future__ import annotations

from typing import Any

import numpy as np

from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.saved import Saved


def flattened(state: Any) -> Saved:
    """The leaves of a state, as arrays."""
    import jax

    return Saved(encode([np.array(jax.random.key_data(x) if _is_key(x) else x) for x in jax.tree.leaves(state)]))


def unflattened(fresh: Any, saved: Saved) -> Any:
    """A state of the structure of `fresh` with the saved leaves."""
    import jax
    import jax.numpy as jnp

    def loaded(start: Any, x: Any) -> Any:
        return jax.random.wrap_key_data(jnp.asarray(x), impl=jax.random.key_impl(start)) if _is_key(start) else jnp.asarray(x)

    return jax.tree.unflatten(jax.tree.structure(fresh), list(map(loaded, jax.tree.leaves(fresh), saved.value())))


def _is_key(x: Any) -> bool:
    """True for a key of random numbers, which is no array: its numbers are kept."""
    import jax

    return bool(jax.numpy.issubdtype(getattr(x, "dtype", np.float64), jax.dtypes.prng_key))
