"""RMSProp.

Tieleman & Hinton 2012, Coursera "Neural Networks for Machine Learning", lecture 6e, slide 29:
MeanSquare(w, t) = 0.9 MeanSquare(w, t-1) + 0.1 (dE/dw(t))^2, and "dividing the gradient by sqrt(MeanSquare(w, t))".
The slide has no epsilon: where it stands is what the variants differ in.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """The mean square is zero."""
    return {"v": Decimal(0)}


def init_centered(theta: Decimal, hyper: Hyper) -> State:
    """The mean square and the mean are zero."""
    return {"v": Decimal(0), "m": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The slide, with epsilon outside the root."""
    rho = hyper["rho"]
    mean_square = rho * state["v"] + (1 - rho) * g**2
    divided = g / (mean_square.sqrt() + hyper["eps"])
    return theta - hyper["lr"] * divided, {"v": mean_square}


def step_eps_in_sqrt(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`keras.optimizers.RMSprop.update_step`; optax `scale_by_rms` (its default) is the same formula."""
    rho, epsilon = hyper["rho"], hyper["eps"]
    velocity = state["v"]
    velocity = rho * velocity + (1 - rho) * (g * g)
    denominator = velocity + epsilon
    increment = hyper["lr"] * g / denominator.sqrt()
    return theta - increment, {"v": velocity}


def step_centered(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.rmsprop._single_tensor_rmsprop` with centered=True, the idea of Graves 2013, arXiv:1308.0850.

    Graves, optax (its default) and keras have epsilon under the root, where the difference that is rooted stands.
    """
    alpha = hyper["rho"]
    square_avg, grad_avg = state["v"], state["m"]
    square_avg = square_avg * alpha + (1 - alpha) * g * g
    grad_avg = lerp(grad_avg, g, 1 - alpha)
    avg = (square_avg - grad_avg * grad_avg).sqrt()
    avg = avg + hyper["eps"]
    param = theta + -hyper["lr"] * g / avg
    return param, {"v": square_avg, "m": grad_avg}


def init_velocity(theta: Decimal, hyper: Hyper) -> State:
    """The mean square and the velocity are zero."""
    return {"v": Decimal(0), "b": Decimal(0)}


def step_momentum(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.rmsprop._single_tensor_rmsprop` with momentum."""
    alpha = hyper["rho"]
    square_avg = state["v"] * alpha + (1 - alpha) * g * g
    buf = state["b"] * hyper["momentum"] + g / (square_avg.sqrt() + hyper["eps"])
    return theta + buf * -hyper["lr"], {"v": square_avg, "b": buf}


def step_momentum_lr_inside(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`keras.optimizers.RMSprop.update_step` with momentum: the increment goes into the velocity."""
    velocity = hyper["rho"] * state["v"] + (1 - hyper["rho"]) * (g * g)
    increment = hyper["lr"] * g / (velocity + hyper["eps"]).sqrt()
    momentum = state["b"] * hyper["momentum"] + increment
    return theta - momentum, {"v": velocity, "b": momentum}


def init_centered_momentum(theta: Decimal, hyper: Hyper) -> State:
    """The mean square, the mean and the velocity are zero."""
    return {"v": Decimal(0), "m": Decimal(0), "b": Decimal(0)}


def step_centered_momentum(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.rmsprop._single_tensor_rmsprop` with centered=True and momentum."""
    alpha = hyper["rho"]
    square_avg = state["v"] * alpha + (1 - alpha) * g * g
    grad_avg = lerp(state["m"], g, 1 - alpha)
    avg = (square_avg - grad_avg * grad_avg).sqrt() + hyper["eps"]
    buf = state["b"] * hyper["momentum"] + g / avg
    return theta - hyper["lr"] * buf, {"v": square_avg, "m": grad_avg, "b": buf}


def step_corrected(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `scale_by_rms(bias_correction=True, eps_in_sqrt=False)`."""
    nu = (1 - hyper["rho"]) * (g * g) + hyper["rho"] * state["v"]
    nu_hat = nu / (1 - hyper["rho"] ** t)
    return theta + -hyper["lr"] * (g / (nu_hat.sqrt() + hyper["eps"])), {"v": nu}


def lerp(start: Decimal, end: Decimal, weight: Decimal) -> Decimal:
    """torch.lerp: the formula of its documentation."""
    return start + weight * (end - start)


RMSPROP = Optimizer("rmsprop", "Tieleman & Hinton 2012, lecture 6e", ("lr", "rho", "eps"), ("v",), init, step)
EPS_IN_SQRT = Optimizer("rmsprop/eps_in_sqrt", "keras.optimizers.RMSprop", ("lr", "rho", "eps"), ("v",), init, step_eps_in_sqrt)
CENTERED = Optimizer(
    "rmsprop/centered",
    "torch.optim.rmsprop._single_tensor_rmsprop",
    ("lr", "rho", "eps"),
    ("v", "m"),
    init_centered,
    step_centered,
)
WITH_VELOCITY = ("lr", "rho", "eps", "momentum")
MOMENTUM = Optimizer("rmsprop/momentum", "torch.optim.rmsprop._single_tensor_rmsprop", WITH_VELOCITY, ("v", "b"), init_velocity, step_momentum)
MOMENTUM_LR_INSIDE = Optimizer("rmsprop/momentum_lr_inside", "keras.optimizers.RMSprop", WITH_VELOCITY, ("v", "b"), init_velocity, step_momentum_lr_inside)
CENTERED_MOMENTUM = Optimizer(
    "rmsprop/centered_momentum",
    "torch.optim.rmsprop._single_tensor_rmsprop",
    WITH_VELOCITY,
    ("v", "m", "b"),
    init_centered_momentum,
    step_centered_momentum,
)
CORRECTED = Optimizer("rmsprop/corrected", "optax.rmsprop", ("lr", "rho", "eps"), ("v",), init, step_corrected)
