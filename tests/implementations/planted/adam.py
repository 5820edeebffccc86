"""Adam with one thing wrong, each as people have written it. `_moments` and `_update` are the right pieces."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arithmetic import mean, rounded
from ..program import Array, Result, State, planted, program


def _moments(grad: Array, state: State, beta1: float, beta2: float) -> State:
    return {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], grad * grad, beta2)}


def _update(theta: Array, new: State, t: int, lr: float, beta1: float, beta2: float, eps: float) -> Array:
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    return np.asarray(theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon))


def _step(theta: Array, grad: Array, state: State, t: int, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, new, t, lr, beta1, beta2, eps), new


# The formula


@program("m", "v")
def eps_inside_root(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m_hat/sqrt(v_hat + eps)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    new = _moments(grad, state, beta1, beta2)
    return theta - rate * (new["m"] / q1) / np.sqrt(new["v"] / q2 + epsilon), new


@program("m", "v")
def eps_before_correction(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """lr sqrt(1 - b2^t)/(1 - b1^t) m/(sqrt(v) + eps): the short form at the end of the paper's section 2."""
    rate, epsilon = rounded(theta, lr * (1 - beta2**t) ** 0.5 / (1 - beta1**t), eps)
    new = _moments(grad, state, beta1, beta2)
    return theta - rate * new["m"] / (np.sqrt(new["v"]) + epsilon), new


@program("m", "v")
def no_bias_correction(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m/(sqrt(v) + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    new = _moments(grad, state, beta1, beta2)
    return theta - rate * new["m"] / (np.sqrt(new["v"]) + epsilon), new


@program("m", "v")
def only_m_corrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v is used without its correction."""
    rate, epsilon, q1 = rounded(theta, lr, eps, 1 - beta1**t)
    new = _moments(grad, state, beta1, beta2)
    return theta - rate * (new["m"] / q1) / (np.sqrt(new["v"]) + epsilon), new


@program("m", "v")
def only_v_corrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m is used without its correction."""
    rate, epsilon, q2 = rounded(theta, lr, eps, 1 - beta2**t)
    new = _moments(grad, state, beta1, beta2)
    return theta - rate * new["m"] / (np.sqrt(new["v"] / q2) + epsilon), new


@program("m", "v")
def beta1_corrects_v(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v_hat = v/(1 - b1^t)."""
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, new, t, lr, beta1, beta1, eps), new


@program("m", "v")
def betas_exchanged(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """b1 and b2 in each other's place."""
    return _step(theta, grad, state, t, lr, beta2, beta1, eps)


@program("m", "v")
def counts_from_zero(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """t - 1 for t: 0/0 in the first step."""
    new = _moments(grad, state, beta1, beta2)
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1 ** (t - 1), 1 - beta2 ** (t - 1))
    return theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon), new


@program("m", "v")
def counts_from_two(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """t + 1 for t in both corrections."""
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, new, t + 1, lr, beta1, beta2, eps), new


@program("m", "v")
def correction_without_power(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """1 - b for 1 - b^t: right in the first step only."""
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, new, 1, lr, beta1, beta2, eps), new


@program("m", "v")
def previous_m(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """theta moves by the m of the step before."""
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, {"m": state["m"], "v": new["v"]}, t, lr, beta1, beta2, eps), new


@program("m", "v")
def ascends(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """theta + step."""
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, new, t, -lr, beta1, beta2, eps), new


@program("m", "v")
def no_root(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m_hat/(v_hat + eps)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    new = _moments(grad, state, beta1, beta2)
    return theta - rate * (new["m"] / q1) / (new["v"] / q2 + epsilon), new


@program("m", "v")
def root_of_eps(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """sqrt(v_hat) + sqrt(eps)."""
    return _step(theta, grad, state, t, lr, beta1, beta2, eps**0.5)


@program("m", "v")
def eps_left_out(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """No epsilon at all."""
    return _step(theta, grad, state, t, lr, beta1, beta2, 0.0)


@program("m", "v")
def weight_of_square_missing(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v = b2 v + g^2."""
    (keep,) = rounded(theta, beta2)
    new = {"m": mean(state["m"], grad, beta1), "v": keep * state["v"] + grad * grad}
    return _update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def weight_of_gradient_missing(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m = b1 m + g."""
    (keep,) = rounded(theta, beta1)
    new = {"m": keep * state["m"] + grad, "v": mean(state["v"], grad * grad, beta2)}
    return _update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def absolute_for_square(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v = b2 v + (1 - b2)|g|."""
    new = {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], np.abs(grad), beta2)}
    return _update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def square_of_m(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v averages m^2, not g^2."""
    m = mean(state["m"], grad, beta1)
    new = {"m": m, "v": mean(state["v"], m * m, beta2)}
    return _update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def gradient_for_m(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """theta moves by g/(1 - b1^t)."""
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, {"m": grad, "v": new["v"]}, t, lr, beta1, beta2, eps), new


@program("m", "v")
def starts_with_gradient(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m = g in the first step, bias correction kept."""
    new = _moments(grad, state, beta1, beta2)
    if t == 1:
        new["m"] = grad.copy()
    return _update(theta, new, t, lr, beta1, beta2, eps), new


# Constants


@program("m", "v")
def rate_slightly_large(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """lr times 1.0001."""
    return _step(theta, grad, state, t, lr * 1.0001, beta1, beta2, eps)


@program("m", "v")
def beta2_slip(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """0.9991 where 0.999 is meant: 1 - b2 a tenth too small."""
    return _step(theta, grad, state, t, lr, beta1, 1 - 0.9 * (1 - beta2), eps)


@program("m", "v")
def eps_of_another_framework(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Ten times the epsilon asked for (1e-7 for 1e-8)."""
    return _step(theta, grad, state, t, lr, beta1, beta2, 10 * eps)


# The state


@program("m", "v")
def state_not_returned(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The new moments are used and thrown away; the old state comes back."""
    new = _moments(grad, state, beta1, beta2)
    return _update(theta, new, t, lr, beta1, beta2, eps), dict(state)


@program("m", "v")
def m_forgotten_at_five(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The first moment is set to zero before step 5."""
    if t == 5:
        state = {**state, "m": np.zeros_like(state["m"])}
    return _step(theta, grad, state, t, lr, beta1, beta2, eps)


@program("m", "v")
def hat_stored(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The corrected m_hat is kept as m."""
    new = _moments(grad, state, beta1, beta2)
    (q1,) = rounded(theta, 1 - beta1**t)
    return _update(theta, new, t, lr, beta1, beta2, eps), {"m": new["m"] / q1, "v": new["v"]}


@program("m", "v")
def own_counter(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Counts for itself, in state of its own: right from the start, and after a resume only where that state is given back too."""
    count = int(state.get("count", np.array(0))) + 1
    theta, new = _step(theta, grad, state, count, lr, beta1, beta2, eps)
    return theta, {**new, "count": np.array(count)}


@program("m", "v")
def first_rate_for_ever(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Keeps the rate of its first step; wrong only where the rate changes."""
    first = state.get("first_rate", np.array(lr))
    theta, new = _step(theta, grad, state, t, float(first), beta1, beta2, eps)
    return theta, {**new, "first_rate": first}


@program("m", "v")
def applied_twice(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """The step is subtracted twice."""
    new = _moments(grad, state, beta1, beta2)
    once = _update(theta, new, t, lr, beta1, beta2, eps)
    return _update(once, new, t, lr, beta1, beta2, eps), new


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
    return _only(changed, theta, state, _step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def blocks_untouched(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Only the elements after the last full block of 16 are updated (pytorch#191763)."""
    changed = (np.arange(theta.size) >= theta.size // 16 * 16).reshape(theta.shape)
    return _only(changed, theta, state, _step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def second_grain_untouched(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Elements past 32768 are never updated; wrong only in large arrays."""
    changed = (np.arange(theta.size) < 32768).reshape(theta.shape)
    return _only(changed, theta, state, _step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def skips_zero_gradients(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Where g = 0 nothing decays and nothing moves, as a sparse optimizer does."""
    return _only(grad != 0, theta, state, _step(theta, grad, state, t, lr, beta1, beta2, eps))


@program("m", "v")
def nan_for_large_gradients(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """|g| > 10000 becomes inf - inf."""
    large = np.where(np.abs(grad.astype(np.float64)) > 1e4, np.inf, 0.0)
    return _step(theta, grad + (large - large).astype(theta.dtype), state, t, lr, beta1, beta2, eps)


@program("m", "v")
def clipped(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Gradients are clipped to [-1, 1] without anybody asking."""
    low, high = rounded(theta, -1.0, 1.0)
    return _step(theta, np.minimum(np.maximum(grad, low), high), state, t, lr, beta1, beta2, eps)


@program("m", "v")
def v_of_the_neighbour(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Off by one in the index: v of the element before."""
    new = _moments(grad, state, beta1, beta2)
    shifted = np.roll(new["v"].ravel(), 1).reshape(theta.shape)
    return _update(theta, {"m": new["m"], "v": shifted}, t, lr, beta1, beta2, eps), new


PROGRAMS = (
    planted("adam", eps_inside_root, "variant:adam/eps_in_sqrt"),
    planted("adam", eps_before_correction, "variant:adam/eps_hat"),
    planted("adam", no_bias_correction, "variant:adam/uncorrected"),
    planted("adam", only_m_corrected),
    planted("adam", only_v_corrected),
    planted("adam", beta1_corrects_v),
    planted("adam", betas_exchanged),
    planted("adam", counts_from_zero),
    planted("adam", counts_from_two),
    planted("adam", correction_without_power),
    planted("adam", previous_m),
    planted("adam", ascends),
    planted("adam", no_root),
    planted("adam", root_of_eps),
    planted("adam", eps_left_out),
    planted("adam", weight_of_square_missing),
    planted("adam", weight_of_gradient_missing),
    planted("adam", absolute_for_square),
    planted("adam", square_of_m),
    planted("adam", gradient_for_m),
    planted("adam", starts_with_gradient),
    planted("adam", rate_slightly_large),
    planted("adam", beta2_slip),
    planted("adam", eps_of_another_framework),
    planted("adam", state_not_returned),
    planted("adam", m_forgotten_at_five),
    planted("adam", hat_stored),
    planted("adam", own_counter, "conforms"),
    planted("adam", first_rate_for_ever),
    planted("adam", applied_twice),
    planted("adam", remainder_untouched),
    planted("adam", blocks_untouched),
    planted("adam", second_grain_untouched),
    planted("adam", skips_zero_gradients),
    planted("adam", nan_for_large_gradients),
    planted("adam", clipped),
    planted("adam", v_of_the_neighbour),
)
