"""Adam whose formula is right, and whose state or whose elements are not handled as they should be."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arithmetic import rounded
from ..program import Array, Result, State, program
from .adam_update import moments, step, update

# The state


@program("m", "v")
def state_not_returned(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The new moments are used and thrown away; the old state comes back."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, new, t, lr, beta1, beta2, eps), dict(state)


@program("m", "v")
def m_forgotten_at_five(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The first moment is set to zero before step 5."""
    if t == 5:
        state = {**state, "m": np.zeros_like(state["m"])}
    return step(theta, grad, state, t, lr, beta1, beta2, eps)


@program("m", "v")
def hat_stored(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The corrected m_hat is kept as m."""
    new = moments(grad, state, beta1, beta2)
    (q1,) = rounded(theta, 1 - beta1**t)
    return update(theta, new, t, lr, beta1, beta2, eps), {"m": new["m"] / q1, "v": new["v"]}


@program("m", "v")
def own_counter(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Counts for itself, in state of its own: right from the start, and after a resume only where that state is given back too."""
    count = int(state.get("count", np.array(0))) + 1
    theta, new = step(theta, grad, state, count, lr, beta1, beta2, eps)
    return theta, {**new, "count": np.array(count)}


@program("m", "v")
def first_rate_for_ever(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Keeps the rate of its first step; wrong only where the rate changes."""
    first = state.get("first_rate", np.array(lr))
    theta, new = step(theta, grad, state, t, float(first), beta1, beta2, eps)
    return theta, {**new, "first_rate": first}


@program("m", "v")
def applied_twice(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The step is subtracted twice."""
    new = moments(grad, state, beta1, beta2)
    once = update(theta, new, t, lr, beta1, beta2, eps)
    return update(once, new, t, lr, beta1, beta2, eps), new


# The elements


def _only(changed: Any, theta: Array, state: State, result: Result) -> Result:
    """The result where `changed`, what was before elsewhere."""
    new_theta, new = result
    merged = {name: np.where(changed, new[name], state[name]) for name in new}
    return np.where(changed, new_theta, theta), merged


@program("m", "v")
def remainder_untouched(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The elements after the last full block of 8 are never updated."""
    changed = (np.arange(theta.size) < theta.size // 8 * 8).reshape(theta.shape)
    return _only(changed, theta, state, step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def blocks_untouched(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Only the elements after the last full block of 16 are updated (pytorch#191763)."""
    changed = (np.arange(theta.size) >= theta.size // 16 * 16).reshape(theta.shape)
    return _only(changed, theta, state, step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def second_grain_untouched(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Elements past 32768 are never updated; wrong only in large arrays."""
    changed = (np.arange(theta.size) < 32768).reshape(theta.shape)
    return _only(changed, theta, state, step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def skips_zero_gradients(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Where g = 0 nothing decays and nothing moves, as a sparse optimizer does."""
    return _only(grad != 0, theta, state, step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def nan_for_large_gradients(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """|g| > 10000 becomes inf - inf."""
    large = np.where(np.abs(grad.astype(np.float64)) > 1e4, np.inf, 0.0)
    return step(theta, grad + (large - large).astype(theta.dtype), state, t, lr, beta1, beta2, eps)


@program("m", "v")
def clipped(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Gradients are clipped to [-1, 1] without anybody asking."""
    low, high = rounded(theta, -1.0, 1.0)
    return step(theta, np.minimum(np.maximum(grad, low), high), state, t, lr, beta1, beta2, eps)


@program("m", "v")
def v_of_the_neighbour(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Off by one in the index: v of the element before."""
    new = moments(grad, state, beta1, beta2)
    shifted = np.roll(new["v"].ravel(), 1).reshape(theta.shape)
    return update(theta, {"m": new["m"], "v": shifted}, t, lr, beta1, beta2, eps), new
