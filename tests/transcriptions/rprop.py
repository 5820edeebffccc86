"""Rprop.

Igel & Huesken 2003, "Empirical evaluation of the improved Rprop learning algorithms", doi:10.1016/S0925-2312(01)00700-7: Rprop+, Rprop- and iRprop-.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "eta_minus", "eta_plus", "step_min", "step_max")
ZERO = Decimal(0)


def init(theta: Decimal, hyper: Hyper) -> State:
    """Every Delta_0 is the rate; no derivative has been seen."""
    return {"update_value": hyper["lr"], "g_before": ZERO}


def init_pending(theta: Decimal, hyper: Hyper) -> State:
    """Every Delta_0 is the rate; no step is due."""
    return {"update_value": hyper["lr"], "pending": ZERO}


def init_plus(theta: Decimal, hyper: Hyper) -> State:
    """No weight was changed."""
    return {**init(theta, hyper), "last_change": ZERO}


def signed(size: Decimal, g: Decimal) -> Decimal:
    """Sign(g)*size."""
    return size if g > 0 else -size if g < 0 else ZERO


def same_sign(a: Decimal, b: Decimal) -> int:
    """1 where two derivatives have the same sign, -1 where they have not, 0 where one of them is zero."""
    return 0 if a == 0 or b == 0 else 1 if (a > 0) == (b > 0) else -1


def adapted(size: Decimal, signs: int, hyper: Hyper) -> Decimal:
    """The if, else if and else that stand at the beginning of all of the paper's algorithms."""
    if signs > 0:
        return min(size * hyper["eta_plus"], hyper["step_max"])
    return max(size * hyper["eta_minus"], hyper["step_min"]) if signs < 0 else size


def held(size: Decimal, hyper: Hyper) -> Decimal:
    """A size between the two limits."""
    return min(max(size, hyper["step_min"]), hyper["step_max"])


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Of iRprop-: where the sign has changed the derivative is set to zero, and so is the step."""
    signs = same_sign(g, state["g_before"])
    size = adapted(state["update_value"], signs, hyper)
    seen = ZERO if signs < 0 else g
    return theta - signed(size, seen), {"update_value": size, "g_before": seen}


def step_clamped(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The same as torch 2.13 has it: whatever the size was multiplied by, it is put between the limits."""
    signs = same_sign(g, state["g_before"])
    size = held(state["update_value"] * {1: hyper["eta_plus"], -1: hyper["eta_minus"], 0: Decimal(1)}[signs], hyper)
    seen = ZERO if signs < 0 else g
    return theta - signed(size, seen), {"update_value": size, "g_before": seen}


def step_late(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The same as optax 0.2.8 has it: what is due is taken, and what this derivative gives is due at the next update."""
    signs = same_sign(g, state["pending"])
    size = state["update_value"]
    if signs:
        size = held(size * (hyper["eta_plus"] if signs > 0 else hyper["eta_minus"]), hyper)
    if signs < 0:
        return theta, {"update_value": size, "pending": ZERO}
    return theta - state["pending"], {"update_value": size, "pending": signed(size, g)}


def step_minus(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Of Rprop-: the weight is changed against the derivative in every case."""
    size = adapted(state["update_value"], same_sign(g, state["g_before"]), hyper)
    return theta - signed(size, g), {"update_value": size, "g_before": g}


def step_plus(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Of Rprop+: where the sign has changed, the weight goes back to where it was, and the derivative is set to zero."""
    signs = same_sign(g, state["g_before"])
    size = adapted(state["update_value"], signs, hyper)
    change = -state["last_change"] if signs < 0 else -signed(size, g)
    return theta + change, {"update_value": size, "g_before": ZERO if signs < 0 else g, "last_change": change}


RPROP = Optimizer("rprop", "Igel & Huesken 2003, iRprop-", HYPER, ("update_value", "g_before"), init, step)
CLAMPED = Optimizer("rprop/clamped", "torch.optim.Rprop", HYPER, ("update_value", "g_before"), init, step_clamped)
LATE = Optimizer("rprop/late", "optax.rprop", HYPER, ("update_value", "pending"), init_pending, step_late)
MINUS = Optimizer("rprop/minus", "Igel & Huesken 2003, Rprop-", HYPER, ("update_value", "g_before"), init, step_minus)
PLUS = Optimizer("rprop/plus", "Igel & Huesken 2003, Rprop+", HYPER, ("update_value", "g_before", "last_change"), init_plus, step_plus)
