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


def lerp(start: Decimal, end: Decimal, weight: Decimal) -> Decimal:
    """torch.lerp: the formula of its documentation."""
    return start + weight * (end - start)


RMSPROP = Optimizer("rmsprop", "Tieleman & Hinton 2012, lecture 6e", ("lr", "rho", "eps"), ("v",), init, step)
EPS_IN_SQRT = Optimizer(
    "rmsprop/eps_in_sqrt", "keras.optimizers.RMSprop", ("lr", "rho", "eps"), ("v",), init, step_eps_in_sqrt
)
CENTERED = Optimizer(
    "rmsprop/centered",
    "torch.optim.rmsprop._single_tensor_rmsprop",
    ("lr", "rho", "eps"),
    ("v", "m"),
    init_centered,
    step_centered,
)
