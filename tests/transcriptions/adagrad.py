"""Adagrad.

Duchi, Hazan & Singer 2011, JMLR 12:2121-2159, Figure 1 with diagonal matrices and no regularizer: H_t = delta*I + diag(s_t).
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """The sum starts where it is told to."""
    return {"s": hyper["s0"]}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The composite mirror-descent update of Figure 1 for one coordinate: x <- x - eta*g/(delta + sqrt(sum of g^2))."""
    total = state["s"] + g * g
    h = hyper["eps"] + total.sqrt()
    return theta - hyper["lr"] / h * g, {"s": total}


def step_eps_in_sqrt(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`keras.optimizers.Adagrad.update_step`."""
    accumulator = state["s"] + g**2
    return theta - hyper["lr"] * g / (accumulator + hyper["eps"]).sqrt(), {"s": accumulator}


def step_lr_decay(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.adagrad._single_tensor_adagrad` with lr_decay."""
    clr = hyper["lr"] / (1 + (t - 1) * hyper["lr_decay"])
    state_sum = state["s"] + 1 * g * g
    std = state_sum.sqrt() + hyper["eps"]
    return theta + -clr * g / std, {"s": state_sum}


ADAGRAD = Optimizer("adagrad", "Duchi, Hazan & Singer 2011, Figure 1", ("lr", "eps", "s0"), ("s",), init, step)
EPS_IN_SQRT = Optimizer("adagrad/eps_in_sqrt", "keras.optimizers.Adagrad", ("lr", "eps", "s0"), ("s",), init, step_eps_in_sqrt)
LR_DECAY = Optimizer("adagrad/lr_decay", "torch.optim.adagrad._single_tensor_adagrad", ("lr", "eps", "s0", "lr_decay"), ("s",), init, step_lr_decay)
