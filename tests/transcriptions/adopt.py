"""ADOPT.

Taniguchi et al. 2024, "ADOPT: Modified Adam Can Converge with Any beta_2 with the Optimal Rate", arXiv:2411.02853. The paper's g_0, which
only sets v_0, is the gradient of update 1 here: its step i is update t = i + 1.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "beta1", "beta2", "eps")


def init(theta: Decimal, hyper: Hyper) -> State:
    """Nothing was seen."""
    return {"m": Decimal(0), "v": Decimal(0)}


def update(theta: Decimal, g: Decimal, state: State, hyper: Hyper, t: int, limit: Callable[[Decimal], Decimal], ahead: bool = False) -> tuple[Decimal, State]:
    """One round of the loop; the first one is what stands before it. `limit` cuts the normalized gradient."""
    lr, beta1, beta2, eps = hyper["lr"], hyper["beta1"], hyper["beta2"], hyper["eps"]
    if t == 1:
        return theta, {"m": state["m"], "v": g * g}
    scaled = limit(g / max(state["v"].sqrt(), eps))
    m = state["m"] + (1 - beta1) * (scaled - state["m"])
    moved = m + (1 - beta1) * (scaled - m) if ahead else m
    return theta - lr * moved, {"m": m, "v": state["v"] + (1 - beta2) * (g * g - state["v"])}


def within(size: Decimal) -> Callable[[Decimal], Decimal]:
    """What cuts a number to -size and size."""
    return lambda x: min(max(x, -size), size)


def fourth_root(t: int) -> Decimal:
    """c_i = i^(1/4)."""
    return Decimal(t - 1).sqrt().sqrt()


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The clipped algorithm, c_i = i^(1/4)."""
    return update(theta, g, state, hyper, t, within(fourth_root(t)))


def step_unclipped(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The algorithm before its clipping."""
    return update(theta, g, state, hyper, t, lambda x: x)


def step_clip_exponent(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Another sequence c_i: i^q."""
    return update(theta, g, state, hyper, t, within(Decimal(t - 1) ** hyper["clip_exponent"] if t > 1 else Decimal(0)))


def step_nesterov(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """A step by the average that the same gradient would make once more."""
    return update(theta, g, state, hyper, t, within(fourth_root(t)), ahead=True)


ADOPT = Optimizer("adopt", "Taniguchi et al. 2024, clipped ADOPT", HYPER, ("m", "v"), init, step)
UNCLIPPED = Optimizer("adopt/unclipped", "Taniguchi et al. 2024, ADOPT", HYPER, ("m", "v"), init, step_unclipped)
CLIP_EXPONENT = Optimizer("adopt/clip_exponent", "Taniguchi et al. 2024, any c_i = i^q", (*HYPER, "clip_exponent"), ("m", "v"), init, step_clip_exponent)
NESTEROV = Optimizer("adopt/nesterov", "optax.contrib.adopt(nesterov=True)", HYPER, ("m", "v"), init, step_nesterov)
