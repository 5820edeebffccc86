"""Adam with one thing wrong, each as people have written it. `_moments` and `_update` are the right pieces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from refopt.catalogue.optimizers.adam import ADAM, MOMENTS
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, m_hat, v, v_hat
from refopt.language.expression import Expression, absolute, equal, g, maximum, minimum, sqrt, t, theta, where
from refopt.language.rule import Let, Rule

from ..arithmetic import mean, rounded
from ..formula import m_before, of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program


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


# What each computes


def _moved(by: Expression) -> Rule:
    """Adam, theta moving by something else."""
    return rewritten(ADAM, theta=theta - by)


SHARP = lr * m_hat / (sqrt(v_hat) + eps)
SLIP = 1 - "0.9" * (1 - beta2)
FORMULAS = {
    "eps_inside_root": _moved(lr * m_hat / sqrt(v_hat + eps)),
    "eps_before_correction": _moved(lr * sqrt(1 - beta2**t) / (1 - beta1**t) * m / (sqrt(v) + eps)),
    "no_bias_correction": _moved(lr * m / (sqrt(v) + eps)),
    "only_m_corrected": _moved(lr * m_hat / (sqrt(v) + eps)),
    "only_v_corrected": _moved(lr * m / (sqrt(v_hat) + eps)),
    "beta1_corrects_v": rewritten(ADAM, v_hat=v / (1 - beta1**t)),
    "betas_exchanged": rewritten(
        ADAM,
        m=beta2 * m + (1 - beta2) * g,
        v=beta1 * v + (1 - beta1) * g**2,
        m_hat=m / (1 - beta2**t),
        v_hat=v / (1 - beta1**t),
    ),
    "counts_from_zero": rewritten(ADAM, m_hat=m / (1 - beta1 ** (t - 1)), v_hat=v / (1 - beta2 ** (t - 1))),
    "counts_from_two": rewritten(ADAM, m_hat=m / (1 - beta1 ** (t + 1)), v_hat=v / (1 - beta2 ** (t + 1))),
    "correction_without_power": rewritten(ADAM, m_hat=m / (1 - beta1), v_hat=v / (1 - beta2)),
    "previous_m": of_steps(
        ADAM,
        Let(m_before, m),
        *MOMENTS,
        Let(v_hat, v / (1 - beta2**t)),
        Let(theta, theta - lr * (m_before / (1 - beta1**t)) / (sqrt(v_hat) + eps)),
    ),
    "ascends": _moved(-SHARP),
    "no_root": _moved(lr * m_hat / (v_hat + eps)),
    "root_of_eps": _moved(lr * m_hat / (sqrt(v_hat) + sqrt(eps))),
    "eps_left_out": _moved(lr * m_hat / sqrt(v_hat)),
    "weight_of_square_missing": rewritten(ADAM, v=beta2 * v + g**2),
    "weight_of_gradient_missing": rewritten(ADAM, m=beta1 * m + g),
    "absolute_for_square": rewritten(ADAM, v=beta2 * v + (1 - beta2) * absolute(g)),
    "square_of_m": rewritten(ADAM, v=beta2 * v + (1 - beta2) * m**2),
    "gradient_for_m": _moved(lr * (g / (1 - beta1**t)) / (sqrt(v_hat) + eps)),
    "starts_with_gradient": rewritten(ADAM, m=where(equal(t, 1), g, beta1 * m + (1 - beta1) * g)),
    "rate_slightly_large": _moved("1.0001" * SHARP),
    "beta2_slip": rewritten(ADAM, v=SLIP * v + (1 - SLIP) * g**2, v_hat=v / (1 - SLIP**t)),
    "eps_of_another_framework": _moved(lr * m_hat / (sqrt(v_hat) + 10 * eps)),
    "hat_stored": of_steps(ADAM, *ADAM.steps, Let(m, m_hat)),
    "applied_twice": of_steps(ADAM, *ADAM.steps, Let(theta, theta - SHARP)),
    "skips_zero_gradients": rewritten(
        ADAM,
        m=where(absolute(g) > 0, beta1 * m + (1 - beta1) * g, m),
        v=where(absolute(g) > 0, beta2 * v + (1 - beta2) * g**2, v),
        theta=where(absolute(g) > 0, theta - SHARP, theta),
    ),
    "clipped": rewritten(
        ADAM,
        m=beta1 * m + (1 - beta1) * maximum(minimum(g, 1), -1),
        v=beta2 * v + (1 - beta2) * maximum(minimum(g, 1), -1) ** 2,
    ),
}
"""Beside each bug the formula that it computes. What is not here is an edit of the run, said in the program's own line."""


def _row(make: Factory, expected: str = "deviates") -> Planted:
    return planted("adam", make, expected, formula=FORMULAS.get(make.__name__))


PROGRAMS = (
    _row(eps_inside_root, "variant:adam/eps_in_sqrt"),
    _row(eps_before_correction, "variant:adam/eps_hat"),
    _row(no_bias_correction, "variant:adam/uncorrected"),
    _row(only_m_corrected),
    _row(only_v_corrected),
    _row(beta1_corrects_v),
    _row(betas_exchanged),
    _row(counts_from_zero),
    _row(counts_from_two),
    _row(correction_without_power),
    _row(previous_m),
    _row(ascends),
    _row(no_root),
    _row(root_of_eps),
    _row(eps_left_out),
    _row(weight_of_square_missing),
    _row(weight_of_gradient_missing),
    _row(absolute_for_square),
    _row(square_of_m),
    _row(gradient_for_m),
    _row(starts_with_gradient),
    _row(rate_slightly_large),
    _row(beta2_slip),
    _row(eps_of_another_framework),
    _row(state_not_returned),
    replace(_row(m_forgotten_at_five), words=("t = 5", "m")),
    _row(hat_stored),
    _row(own_counter, "conforms"),
    _row(first_rate_for_ever),
    _row(applied_twice),
    _row(remainder_untouched),
    _row(blocks_untouched),
    _row(second_grain_untouched),
    _row(skips_zero_gradients),
    _row(nan_for_large_gradients),
    _row(clipped),
    _row(v_of_the_neighbour),
)
