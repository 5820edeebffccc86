"""A state of JAX as checkpoints keep it: its leaves, put into the structure of a fresh state."""

from __future__ import annotations

from typing import Any

import numpy as np

from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.saved import Saved


def flattened(state: Any) -> Saved:
    """The leaves of a state, as arrays."""
    import jax

    return Saved(encode([np.array(x) for x in jax.tree.leaves(state)]))


def unflattened(fresh: Any, saved: Saved) -> Any:
    """A state of the structure of `fresh` with the saved leaves."""
    import jax
    import jax.numpy as jnp

    return jax.tree.unflatten(jax.tree.structure(fresh), [jnp.asarray(x) for x in saved.value()])
