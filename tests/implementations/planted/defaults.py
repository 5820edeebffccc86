"""The right formula with other defaults: in the signature, or, worse, only in the body. `formula` is the rule with those defaults."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.adam import ADAM
from refopt.catalogue.optimizers.adamw import ADAMW
from refopt.catalogue.optimizers.amsgrad import AMSGRAD
from refopt.catalogue.optimizers.momentum import MOMENTUM
from refopt.catalogue.optimizers.nesterov import NESTEROV
from refopt.catalogue.optimizers.rmsprop import RMSPROP

from ..arithmetic import mean, rounded
from ..formula import with_defaults
from ..program import Array, Result, State, planted, program


def _moments(grad: Array, state: State, beta1: float, beta2: float) -> tuple[Array, Array]:
    return mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)


@program("v")
def momentum_of_one_half(
    theta: Array, grad: Array, state: State, t: int, *, lr: float = 0.01, momentum: float = 0.5
) -> Result:
    """momentum = 0.5."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - v, {"v": v}


@program("v")
def nesterov_rate_of_one_thousandth(
    theta: Array, grad: Array, state: State, t: int, *, lr: float = 0.001, momentum: float = 0.9
) -> Result:
    """lr = 0.001."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    v = decay * state["v"] + step
    return theta - (decay * v + step), {"v": v}


@program("v")
def rmsprop_slow_mean(
    theta: Array, grad: Array, state: State, t: int, *, lr: float = 0.001, rho: float = 0.99, eps: float = 1e-8
) -> Result:
    """rho = 0.99."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


@program("m", "v")
def adam_larger_eps(
    theta: Array, grad: Array, state: State, t: int, *,
    lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-7,
) -> Result:  # fmt: skip
    """eps = 1e-7."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = _moments(grad, state, beta1, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adam_faster_betas(
    theta: Array, grad: Array, state: State, t: int, *,
    lr: float = 0.001, beta1: float = 0.5, beta2: float = 0.99, eps: float = 1e-8,
) -> Result:  # fmt: skip
    """beta1 = 0.5, beta2 = 0.99."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = _moments(grad, state, beta1, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def adamw_hardly_decays(
    theta: Array, grad: Array, state: State, t: int, *,
    lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8, weight_decay: float = 0.0001,
) -> Result:  # fmt: skip
    """weight_decay = 0.0001."""
    rate, epsilon, q1, q2, decay = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, lr * weight_decay)
    m, v = _moments(grad, state, beta1, beta2)
    return theta - decay * theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v", "v_max")
def amsgrad_faster_second_moment(
    theta: Array, grad: Array, state: State, t: int, *,
    lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.99, eps: float = 1e-8,
) -> Result:  # fmt: skip
    """beta2 = 0.99."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = _moments(grad, state, beta1, beta2)
    v_max = np.maximum(state["v_max"], v)
    return theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon), {"m": m, "v": v, "v_max": v_max}


@program("m", "v")
def adam_eps_only_in_the_body(
    theta: Array, grad: Array, state: State, t: int, *,
    lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float | None = None,
) -> Result:  # fmt: skip
    """eps = 1e-7 where none is given; the signature does not say so."""
    rate, epsilon, q1, q2 = rounded(theta, lr, 1e-7 if eps is None else eps, 1 - beta1**t, 1 - beta2**t)
    m, v = _moments(grad, state, beta1, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("v")
def rmsprop_rho_only_in_the_body(
    theta: Array, grad: Array, state: State, t: int, *, lr: float = 0.001, rho: float | None = None, eps: float = 1e-8
) -> Result:
    """rho = 0.99 where none is given; the signature does not say so."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, 0.99 if rho is None else rho)
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


PROGRAMS = (
    planted("momentum", momentum_of_one_half, "defaults", formula=with_defaults(MOMENTUM, momentum="0.5")),
    planted("nesterov", nesterov_rate_of_one_thousandth, "defaults", formula=with_defaults(NESTEROV, lr="0.001")),
    planted("rmsprop", rmsprop_slow_mean, "defaults", formula=with_defaults(RMSPROP, rho="0.99")),
    planted("adam", adam_larger_eps, "defaults", formula=with_defaults(ADAM, eps="1e-7")),
    planted("adam", adam_faster_betas, "defaults", formula=with_defaults(ADAM, beta1="0.5", beta2="0.99")),
    planted("adamw", adamw_hardly_decays, "defaults", formula=with_defaults(ADAMW, weight_decay="0.0001")),
    planted("amsgrad", amsgrad_faster_second_moment, "defaults", formula=with_defaults(AMSGRAD, beta2="0.99")),
    planted("adam", adam_eps_only_in_the_body, "defaults", formula=with_defaults(ADAM, eps="1e-7")),
    planted("rmsprop", rmsprop_rho_only_in_the_body, "defaults", formula=with_defaults(RMSPROP, rho="0.99")),
)
