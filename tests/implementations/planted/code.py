"""Wrong optimizers of a third kind: slips of code. Buffers that are shared or overwritten, constants written out, bounds,
decay at another place, counts and gradients that are not what they should be, lanes of a vector, several slips at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from refopt.catalogue.optimizers.adam import ADAM, CORRECTIONS, EPS_HAT, MOMENTS
from refopt.catalogue.optimizers.adamw import ADAMW
from refopt.catalogue.optimizers.amsgrad import AMSGRAD
from refopt.catalogue.optimizers.momentum import LR_OUTSIDE, MOMENTUM
from refopt.catalogue.optimizers.nesterov import LR_OUTSIDE as NESTEROV_OUTSIDE
from refopt.catalogue.optimizers.rmsprop import CENTERED, RMSPROP
from refopt.catalogue.optimizers.sgd import SGD
from refopt.catalogue.symbols import beta1, beta2, eps, g_l2, lr, m, m_hat, momentum, rho, v, v_hat, v_max, velocity, weight_decay
from refopt.language.expression import absolute, g, maximum, sign, sqrt, t, theta, where
from refopt.language.rule import Let

from ..arithmetic import mean, rounded
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# sgd


@program()
def sgd_sign(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """theta - lr sign(g)."""
    (rate,) = rounded(theta, lr)
    return theta - rate * np.sign(grad), {}


@program()
def sgd_rate_falls_with_the_root(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """lr/sqrt(t): the step size of a convergence proof."""
    (rate,) = rounded(theta, lr / math.sqrt(t))
    return theta - rate * grad, {}


@program()
def sgd_gradients_add_up(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """The gradient's buffer is never set to zero."""
    (rate,) = rounded(theta, lr)
    total = state.get("total", np.zeros_like(grad)) + grad
    return theta - rate * total, {"total": total}


@program()
def sgd_gradient_of_the_step_before(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """The step is made with the gradient of the last call, the first with none."""
    (rate,) = rounded(theta, lr)
    return theta - rate * state.get("last", np.zeros_like(grad)), {"last": grad.copy()}


@program()
def sgd_fourth_lane(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """The last of four lanes is not stored."""
    (rate,) = rounded(theta, lr)
    stored = (np.arange(theta.size) % 4 != 3).reshape(theta.shape)
    return np.where(stored, theta - rate * grad, theta), {}


class _FirstTensor:
    """Updates the first tensor that it was made for."""

    def __init__(self) -> None:
        self.count = 0

    def init(self, theta: Array) -> State:
        self.count += 1
        return {"number": np.array(self.count)}

    def step(self, theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
        (rate,) = rounded(theta, lr)
        return (np.asarray(theta - rate * grad) if state["number"] == 1 else theta.copy()), dict(state)


def sgd_first_tensor_only() -> Any:
    """A return within the loop over tensors."""
    return _FirstTensor()


# momentum


@program("v")
def momentum_hidden_decay(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Weights decay by 0.0001 though nobody asks."""
    keep, rate, decay = rounded(theta, momentum, lr, 0.0001)
    v = keep * state["v"] + rate * (grad + decay * theta)
    return theta - v, {"v": v}


@program("v")
def momentum_corrected_average(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """The first moment of Adam: v = momentum v + (1 - momentum) g, theta -= lr v/(1 - momentum^t)."""
    rate, q = rounded(theta, lr, 1 - momentum**t)
    v = mean(state["v"], grad, momentum)
    return theta - rate * (v / q), {"v": v}


# nesterov


@program("v")
def nesterov_exchanged(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta -= lr (v + momentum g)."""
    keep, rate = rounded(theta, momentum, lr)
    v = keep * state["v"] + grad
    return theta - rate * (v + keep * grad), {"v": v}


# rmsprop


@program("v")
def rmsprop_eps_in_the_state(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v = rho v + (1 - rho) g^2 + eps, and g/sqrt(v)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho) + epsilon
    return theta - rate * grad / np.sqrt(v), {"v": v}


@program("v")
def rmsprop_root_in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v.sqrt_(): the root takes the place of the state."""
    rate, epsilon = rounded(theta, lr, eps)
    root = np.sqrt(mean(state["v"], grad * grad, rho))
    return theta - rate * grad / (root + epsilon), {"v": root}


@program("v")
def rmsprop_larger_of_root_and_eps(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """g/max(sqrt(v), eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / np.maximum(np.sqrt(v), epsilon), {"v": v}


@program("v")
def rmsprop_corrected(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v/(1 - rho^t): Adam's correction."""
    rate, epsilon, q = rounded(theta, lr, eps, 1 - rho**t)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (np.sqrt(v / q) + epsilon), {"v": v}


@program("v")
def rmsprop_a_hundredth(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v = rho v + 0.01 g^2."""
    rate, epsilon, keep, take = rounded(theta, lr, eps, rho, 0.01)
    v = keep * state["v"] + take * grad * grad
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


@program("v", "m")
def centered_mean_of_the_step_before(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """The mean that is taken off v is one step old: the root of what may be negative."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (np.sqrt(v - state["m"] * state["m"]) + epsilon), {"v": v, "m": mean(state["m"], grad, rho)}


# adam


@program("m", "v")
def adam_one_buffer(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """m = v = zeros_like(theta): both moments in one array."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    both = mean(mean(state["m"], grad, beta1), grad * grad, beta2)
    return theta - rate * (both / q1) / (np.sqrt(both / q2) + epsilon), {"m": both, "v": both.copy()}


@program("m", "v")
def adam_first_step_uncorrected(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """Corrected only if t > 1."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, *((1 - beta1**t, 1 - beta2**t) if t > 1 else (1.0, 1.0)))
    new = {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], grad * grad, beta2)}
    return theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon), new


@program("m", "v")
def adam_powers_exchanged(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """lr sqrt(1 - b1^t)/(1 - b2^t) m/(sqrt(v) + eps): the short form with the betas exchanged."""
    rate, epsilon = rounded(theta, lr * (1 - beta1**t) ** 0.5 / (1 - beta2**t), eps)
    new = {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], grad * grad, beta2)}
    return theta - rate * new["m"] / (np.sqrt(new["v"]) + epsilon), new


@program("m", "v")
def adam_three_slips(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """1 - b2 weighs g, v averages |g|, and the root of epsilon is added."""
    keep, take = rounded(theta, beta1, 1 - beta2)
    rate, epsilon, q1, q2 = rounded(theta, lr, eps**0.5, 1 - beta1**t, 1 - beta2**t)
    new = {"m": keep * state["m"] + take * grad, "v": mean(state["v"], np.abs(grad), beta2)}
    return theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon), new


@program("m", "v")
def adam_remainder_uncorrected(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """After the last full block of 8 the bias is not corrected."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    new = {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], grad * grad, beta2)}
    body = theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon)
    rest = theta - rate * new["m"] / (np.sqrt(new["v"]) + epsilon)
    return np.where((np.arange(theta.size) < theta.size // 8 * 8).reshape(theta.shape), body, rest), new


class _OneCount:
    """Counts its calls, and is called once for each tensor."""

    def __init__(self) -> None:
        self.count = 0

    def init(self, theta: Array) -> State:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(self, theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
        self.count += 1
        with np.errstate(all="ignore"):
            rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**self.count, 1 - beta2**self.count)
            new = {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], grad * grad, beta2)}
            return np.asarray(theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon)), new


def adam_one_count_for_all_tensors() -> Any:
    """self.t += 1 for each tensor."""
    return _OneCount()


# adamw


@program("m", "v")
def adamw_decay_preconditioned(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """(m_hat + weight_decay theta)/(sqrt(v_hat) + eps): the decay is divided too, with its own rate."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1 + decay * theta) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adamw_decays_in_both_places(
    theta: Array,
    grad: Array,
    state: State,
    t: int,
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> Result:
    """The decay in the gradient, and beside it."""
    rate, epsilon, q1, q2, decay, shrink = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, weight_decay, lr * weight_decay)
    both = grad + decay * theta
    m, v = mean(state["m"], both, beta1), mean(state["v"], both * both, beta2)
    return theta - shrink * theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


# amsgrad


@program("m", "v", "v_max")
def amsgrad_corrected_twice(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The maximum is taken of corrected moments, and corrected again."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v / q2)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


# What each computes

STEP = lr * m_hat / (sqrt(v_hat) + eps)
FORMULAS = {
    "sgd_sign": rewritten(SGD, theta=theta - lr * sign(g)),
    "sgd_rate_falls_with_the_root": rewritten(SGD, theta=theta - lr / sqrt(t) * g),
    "momentum_hidden_decay": rewritten(MOMENTUM, v=momentum * velocity + lr * (g + "0.0001" * theta)),
    "momentum_corrected_average": rewritten(
        LR_OUTSIDE, v=momentum * velocity + (1 - momentum) * g, theta=theta - lr * velocity / (1 - momentum**t)
    ),
    "nesterov_exchanged": rewritten(NESTEROV_OUTSIDE, theta=theta - lr * (velocity + momentum * g)),
    "rmsprop_eps_in_the_state": rewritten(RMSPROP, v=rho * v + (1 - rho) * g**2 + eps, theta=theta - lr * g / sqrt(v)),
    "rmsprop_root_in_place": of_steps(RMSPROP, *RMSPROP.steps, Let(v, sqrt(v))),
    "rmsprop_larger_of_root_and_eps": rewritten(RMSPROP, theta=theta - lr * g / maximum(sqrt(v), eps)),
    "rmsprop_corrected": rewritten(RMSPROP, theta=theta - lr * g / (sqrt(v / (1 - rho**t)) + eps)),
    "rmsprop_a_hundredth": rewritten(RMSPROP, v=rho * v + "0.01" * g**2),
    "centered_mean_of_the_step_before": of_steps(CENTERED, CENTERED.steps[0], CENTERED.steps[2], CENTERED.steps[1]),
    "adam_one_buffer": of_steps(
        ADAM,
        Let(m, beta2 * (beta1 * m + (1 - beta1) * g) + (1 - beta2) * g**2),
        Let(v, m),
        *CORRECTIONS,
        Let(theta, theta - STEP),
    ),
    "adam_first_step_uncorrected": rewritten(
        ADAM, m_hat=where(t > 1, m / (1 - beta1**t), m), v_hat=where(t > 1, v / (1 - beta2**t), v)
    ),
    "adam_powers_exchanged": rewritten(EPS_HAT, theta=theta - lr * sqrt(1 - beta1**t) / (1 - beta2**t) * m / (sqrt(v) + eps)),
    "adam_three_slips": rewritten(
        ADAM,
        m=beta1 * m + (1 - beta2) * g,
        v=beta2 * v + (1 - beta2) * absolute(g),
        theta=theta - lr * m_hat / (sqrt(v_hat) + sqrt(eps)),
    ),
    "adamw_decay_preconditioned": rewritten(ADAMW, theta=theta - lr * (m_hat + weight_decay * theta) / (sqrt(v_hat) + eps)),
    "adamw_decays_in_both_places": of_steps(
        ADAMW,
        Let(g_l2, g + weight_decay * theta),
        Let(m, beta1 * m + (1 - beta1) * g_l2),
        Let(v, beta2 * v + (1 - beta2) * g_l2**2),
        *CORRECTIONS,
        Let(theta, theta - lr * weight_decay * theta - STEP),
    ),
    "amsgrad_corrected_twice": of_steps(
        AMSGRAD,
        *MOMENTS,
        Let(v_max, maximum(v_max, v / (1 - beta2**t))),
        Let(theta, theta - lr * (m / (1 - beta1**t)) / (sqrt(v_max / (1 - beta2**t)) + eps)),
    ),
}
"""Beside each bug the formula that it computes. What is not here is an edit of the run, said in the program's own line."""


def _row(rule: str, make: Factory) -> Planted:
    return planted(rule, make, formula=FORMULAS.get(make.__name__))


PROGRAMS = (
    _row("sgd", sgd_sign),
    _row("sgd", sgd_rate_falls_with_the_root),
    _row("sgd", sgd_gradients_add_up),
    _row("sgd", sgd_gradient_of_the_step_before),
    _row("sgd", sgd_fourth_lane),
    _row("sgd", sgd_first_tensor_only),
    _row("momentum", momentum_hidden_decay),
    _row("momentum", momentum_corrected_average),
    _row("nesterov", nesterov_exchanged),
    _row("rmsprop", rmsprop_eps_in_the_state),
    _row("rmsprop", rmsprop_root_in_place),
    _row("rmsprop", rmsprop_larger_of_root_and_eps),
    _row("rmsprop", rmsprop_corrected),
    _row("rmsprop", rmsprop_a_hundredth),
    _row("rmsprop/centered", centered_mean_of_the_step_before),
    _row("adam", adam_one_buffer),
    _row("adam", adam_first_step_uncorrected),
    _row("adam", adam_powers_exchanged),
    _row("adam", adam_three_slips),
    _row("adam", adam_remainder_uncorrected),
    _row("adam", adam_one_count_for_all_tensors),
    _row("adamw", adamw_decay_preconditioned),
    _row("adamw", adamw_decays_in_both_places),
    _row("amsgrad", amsgrad_corrected_twice),
)
