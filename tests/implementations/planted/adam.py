"""Adam with one thing wrong, each as people have written it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from refopt.catalogue.optimizers.adam import ADAM, MOMENTS
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, m_hat, v, v_hat
from refopt.language.expression import Expression, absolute, equal, g, maximum, minimum, sqrt, t, theta, where
from refopt.language.rule import Let, Rule

from ..arithmetic import mean, rounded
from ..formula import m_before, of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program
from .adam_runs import (
    applied_twice,
    blocks_untouched,
    clipped,
    first_rate_for_ever,
    hat_stored,
    m_forgotten_at_five,
    nan_for_large_gradients,
    own_counter,
    remainder_untouched,
    second_grain_untouched,
    skips_zero_gradients,
    state_not_returned,
    v_of_the_neighbour,
)
from .adam_update import moments, step, update

# The formula


@program("m", "v")
def eps_inside_root(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m_hat/sqrt(v_hat + eps)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    new = moments(grad, state, beta1, beta2)
    return theta - rate * (new["m"] / q1) / np.sqrt(new["v"] / q2 + epsilon), new


@program("m", "v")
def eps_before_correction(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """lr sqrt(1 - b2^t)/(1 - b1^t) m/(sqrt(v) + eps): the short form at the end of the paper's section 2."""
    rate, epsilon = rounded(theta, lr * (1 - beta2**t) ** 0.5 / (1 - beta1**t), eps)
    new = moments(grad, state, beta1, beta2)
    return theta - rate * new["m"] / (np.sqrt(new["v"]) + epsilon), new


@program("m", "v")
def no_bias_correction(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m/(sqrt(v) + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    new = moments(grad, state, beta1, beta2)
    return theta - rate * new["m"] / (np.sqrt(new["v"]) + epsilon), new


@program("m", "v")
def only_m_corrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v is used without its correction."""
    rate, epsilon, q1 = rounded(theta, lr, eps, 1 - beta1**t)
    new = moments(grad, state, beta1, beta2)
    return theta - rate * (new["m"] / q1) / (np.sqrt(new["v"]) + epsilon), new


@program("m", "v")
def only_v_corrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m is used without its correction."""
    rate, epsilon, q2 = rounded(theta, lr, eps, 1 - beta2**t)
    new = moments(grad, state, beta1, beta2)
    return theta - rate * new["m"] / (np.sqrt(new["v"] / q2) + epsilon), new


@program("m", "v")
def beta1_corrects_v(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v_hat = v/(1 - b1^t)."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, new, t, lr, beta1, beta1, eps), new


@program("m", "v")
def betas_exchanged(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """b1 and b2 in each other's place."""
    return step(theta, grad, state, t, lr, beta2, beta1, eps)


@program("m", "v")
def counts_from_zero(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """t - 1 for t: 0/0 in the first step."""
    new = moments(grad, state, beta1, beta2)
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1 ** (t - 1), 1 - beta2 ** (t - 1))
    return theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon), new


@program("m", "v")
def counts_from_two(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """t + 1 for t in both corrections."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, new, t + 1, lr, beta1, beta2, eps), new


@program("m", "v")
def correction_without_power(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """1 - b for 1 - b^t: right in the first step only."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, new, 1, lr, beta1, beta2, eps), new


@program("m", "v")
def previous_m(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """theta moves by the m of the step before."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, {"m": state["m"], "v": new["v"]}, t, lr, beta1, beta2, eps), new


@program("m", "v")
def ascends(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """theta + step."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, new, t, -lr, beta1, beta2, eps), new


@program("m", "v")
def no_root(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m_hat/(v_hat + eps)."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    new = moments(grad, state, beta1, beta2)
    return theta - rate * (new["m"] / q1) / (new["v"] / q2 + epsilon), new


@program("m", "v")
def root_of_eps(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """sqrt(v_hat) + sqrt(eps)."""
    return step(theta, grad, state, t, lr, beta1, beta2, eps**0.5)


@program("m", "v")
def eps_left_out(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """No epsilon at all."""
    return step(theta, grad, state, t, lr, beta1, beta2, 0.0)


@program("m", "v")
def weight_of_square_missing(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v = b2 v + g^2."""
    (keep,) = rounded(theta, beta2)
    new = {"m": mean(state["m"], grad, beta1), "v": keep * state["v"] + grad * grad}
    return update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def weight_of_gradient_missing(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m = b1 m + g."""
    (keep,) = rounded(theta, beta1)
    new = {"m": keep * state["m"] + grad, "v": mean(state["v"], grad * grad, beta2)}
    return update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def absolute_for_square(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v = b2 v + (1 - b2)|g|."""
    new = {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], np.abs(grad), beta2)}
    return update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def square_of_m(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """v averages m^2, not g^2."""
    m = mean(state["m"], grad, beta1)
    new = {"m": m, "v": mean(state["v"], m * m, beta2)}
    return update(theta, new, t, lr, beta1, beta2, eps), new


@program("m", "v")
def gradient_for_m(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """theta moves by g/(1 - b1^t)."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, {"m": grad, "v": new["v"]}, t, lr, beta1, beta2, eps), new


@program("m", "v")
def starts_with_gradient(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """m = g in the first step, bias correction kept."""
    new = moments(grad, state, beta1, beta2)
    if t == 1:
        new["m"] = grad.copy()
    return update(theta, new, t, lr, beta1, beta2, eps), new


# Constants


@program("m", "v")
def rate_slightly_large(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """lr times 1.0001."""
    return step(theta, grad, state, t, lr * 1.0001, beta1, beta2, eps)


@program("m", "v")
def beta2_slip(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """0.9991 where 0.999 is meant: 1 - b2 a tenth too small."""
    return step(theta, grad, state, t, lr, beta1, 1 - 0.9 * (1 - beta2), eps)


@program("m", "v")
def eps_of_another_framework(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Ten times the epsilon asked for (1e-7 for 1e-8)."""
    return step(theta, grad, state, t, lr, beta1, beta2, 10 * eps)


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
