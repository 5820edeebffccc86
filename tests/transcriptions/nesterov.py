"""Nesterov's accelerated gradient.

Sutskever, Martens, Dahl & Hinton 2013, "On the importance of initialization and momentum in deep learning",
equations (3) and (4), with x for their parameters and u for their velocity:

    u_{t+1} = mu u_t - epsilon grad f(x_t + mu u_t)
    x_{t+1} = x_t + u_{t+1}

The gradient that a rule receives is taken at theta, so theta is the look-ahead point x_t + mu u_t; and v = -u.
The simplification is that of Bengio, Boulanger-Lewandowski & Pascanu 2013, arXiv:1212.0901, section 3.5.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """At rest: the look-ahead point is the starting point."""
    return {"v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The paper's own two equations, walking back from the look-ahead point and out to the next one.

    This adds and subtracts mu u: where that dwarfs theta, give the context as many digits more.
    """
    mu, epsilon = hyper["momentum"], hyper["lr"]
    u = -state["v"]
    x = theta - mu * u
    u = mu * u - epsilon * g
    x = x + u
    return x + mu * u, {"v": -u}


def step_lr_outside(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.sgd._single_tensor_sgd` with nesterov=True; optax `trace(nesterov=True)` is the same formula."""
    buf = state["v"]
    buf = buf * hyper["momentum"]
    buf = buf + g
    grad = g + buf * hyper["momentum"]
    param = theta + grad * -hyper["lr"]
    return param, {"v": buf}


def step_velocity(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`keras.optimizers.SGD` with nesterov=True, as its docstring has it; sklearn `SGDOptimizer._get_updates` too."""
    momentum, learning_rate = hyper["momentum"], hyper["lr"]
    velocity = momentum * state["v"] - learning_rate * g
    w = theta + momentum * velocity - learning_rate * g
    return w, {"v": velocity}


NESTEROV = Optimizer("nesterov", "Sutskever et al. 2013, equations (3) and (4)", ("lr", "momentum"), ("v",), init, step)
LR_OUTSIDE = Optimizer("nesterov/lr_outside", "torch.optim.sgd._single_tensor_sgd", ("lr", "momentum"), ("v",), init, step_lr_outside)
VELOCITY = Optimizer("nesterov/velocity", "keras.optimizers.SGD", ("lr", "momentum"), ("v",), init, step_velocity)
