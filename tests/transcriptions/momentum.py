"""Momentum, the heavy ball.

Polyak 1964 and Qian 1999, with the step kept as v: v_t = gamma v_{t-1} + eta grad J(theta_t), theta_{t+1} = theta_t - v_t.
The variants are those of `torch.optim.sgd._single_tensor_sgd`, whose buffer `buf` is the state `v` here.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """At rest."""
    return {"v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The heavy ball with its last step as the state: the learning rate is inside the velocity."""
    gamma, eta = hyper["momentum"], hyper["lr"]
    v = gamma * state["v"] + eta * g
    return theta - v, {"v": v}


def step_lr_outside(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """torch with dampening = 0, and optax `trace` followed by `scale_by_learning_rate`: the rate is outside.

    torch's first buffer, a copy of the gradient, is what a buffer of zero gives too.
    """
    buf = state["v"]
    buf = buf * hyper["momentum"]
    buf = buf + g
    param = theta + buf * -hyper["lr"]
    return param, {"v": buf}


def step_dampened(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """torch's line `buf.mul_(momentum).add_(grad, alpha=1 - dampening)` at every step, the first one included.

    So does torch itself when its buffer of zeros was put there before the first step.
    """
    buf = state["v"]
    buf = buf * hyper["momentum"]
    buf = buf + (1 - hyper["dampening"]) * g
    param = theta + buf * -hyper["lr"]
    return param, {"v": buf}


def step_raw_start(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """torch as it is: without a buffer (t = 1) the buffer becomes the undamped gradient.

    The ONNX operator Momentum says the same: its beta_adjusted is 1 at T = 0 and beta afterwards.
    """
    has_buffer = t > 1
    if not has_buffer:
        buf = g
    else:
        buf = state["v"]
        buf = buf * hyper["momentum"]
        buf = buf + (1 - hyper["dampening"]) * g
    param = theta + buf * -hyper["lr"]
    return param, {"v": buf}


def step_ema(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Liu, Gao & Yin 2020: m^k = beta m^{k-1} + (1 - beta) g^k, x^{k+1} = x^k - alpha m^k."""
    m = state["v"] + (1 - hyper["momentum"]) * (g - state["v"])
    return theta - hyper["lr"] * m, {"v": m}


MOMENTUM = Optimizer("momentum", "Polyak 1964, equation (9)", ("lr", "momentum"), ("v",), init, step)
LR_OUTSIDE = Optimizer("momentum/lr_outside", "torch.optim.sgd._single_tensor_sgd", ("lr", "momentum"), ("v",), init, step_lr_outside)
DAMPENED = Optimizer(
    "momentum/dampened",
    "torch.optim.sgd._single_tensor_sgd, its second branch at every step",
    ("lr", "momentum", "dampening"),
    ("v",),
    init,
    step_dampened,
)
RAW_START = Optimizer(
    "momentum/raw_start",
    "torch.optim.sgd._single_tensor_sgd, both branches",
    ("lr", "momentum", "dampening"),
    ("v",),
    init,
    step_raw_start,
)
EMA = Optimizer("momentum/ema", "Liu, Gao & Yin 2020, SGDM", ("lr", "momentum"), ("v",), init, step_ema)
