"""COCOB: every element bets a part of its wealth, from where it started, on the sign of its next gradient."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, rounded, single, store, wide
from ..program import NARROW, Array, Program, Result, State, correct, program


class Bettor(Program):
    """A start that is remembered, a largest gradient that is not 0 at first, and sums."""

    def init(self, theta: Array, eps: float = 1e-8) -> State:
        """Nothing seen, nothing won."""
        (least,) = rounded(theta, eps)
        sums = {name: np.zeros_like(theta) for name in ("abs_sum", "reward", "negative_sum")}
        return {"scale": np.full_like(theta, least), **sums, "theta_start": theta.copy()}


STATE = ("scale", "abs_sum", "reward", "negative_sum", "theta_start")
NAMES = STATE[:-1]


def kept(state: State, *sums: Array) -> State:
    """The four sums beside the start."""
    return {**dict(zip(NAMES, sums, strict=True)), "theta_start": state["theta_start"]}


@program(*STATE, kind=Bettor)
def textbook(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """As written."""
    (held,) = rounded(theta, alpha)
    largest = np.maximum(state["scale"], np.abs(grad))
    seen = state["abs_sum"] + np.abs(grad)
    won = np.maximum(state["reward"] - grad * (theta - state["theta_start"]), 0 * grad)
    away = state["negative_sum"] - grad
    fraction = away / (largest * np.maximum(seen + largest, held * largest))
    return state["theta_start"] + fraction * (largest + won), kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def wealth_first(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """As the author's code for torch has it: wealth times direction, over a divisor that the scale multiplies last."""
    (held,) = rounded(theta, alpha)
    size = np.where(grad < 0, -grad, grad)
    largest = np.where(size > state["scale"], size, state["scale"])
    seen, away = state["abs_sum"] + size, state["negative_sum"] + -grad
    won = state["reward"] + -grad * (theta - state["theta_start"])
    won = np.where(won < 0, np.zeros_like(won), won)
    return (won + largest) * away / (np.maximum(largest * held, largest + seen) * largest) + state["theta_start"], kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def two_ratios(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """Wealth in units of the scale: 1 + W/L, and the scale nowhere squared."""
    held, one = rounded(theta, alpha, 1)
    largest = np.maximum(np.abs(grad), state["scale"])
    seen, away = np.abs(grad) + state["abs_sum"], state["negative_sum"] - grad
    won = np.maximum(state["reward"] + grad * (state["theta_start"] - theta), np.zeros_like(grad))
    bet = away / np.maximum(seen + largest, held * largest) * (one + won / largest)
    return bet + state["theta_start"], kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def fused(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """What was won and theta by fused multiply-adds."""
    (held,) = rounded(theta, alpha)
    largest = np.maximum(state["scale"], np.abs(grad))
    seen, away = state["abs_sum"] + np.abs(grad), state["negative_sum"] - grad
    won = fma(-grad, theta - state["theta_start"], state["reward"])
    won = np.maximum(won, np.zeros_like(won))
    fraction = away / (largest * np.maximum(seen + largest, held * largest))
    return fma(fraction, largest + won, state["theta_start"]), kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """Computed in long double; theta uses the sums before they are rounded."""
    x, g, start, largest, seen, won, away = wide(theta, grad, state["theta_start"], *(state[n] for n in NAMES))
    largest, seen, away = np.maximum(largest, np.abs(g)), seen + np.abs(g), away - g
    won = np.maximum(won - g * (x - start), np.longdouble(0))
    new = start + away / (largest * np.maximum(seen + largest, np.longdouble(alpha) * largest)) * (largest + won)
    return store(new, theta), kept(state, *(store(s, theta) for s in (largest, seen, won, away)))


@program(*STATE, kind=Bettor)
def float32_between(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, start, largest, seen, won, away = single(theta, grad, state["theta_start"], *(state[n] for n in NAMES))
    largest, seen, away = np.maximum(largest, np.abs(g)), seen + np.abs(g), away - g
    won = np.maximum(won - g * (x - start), np.float32(0))
    new = start + away / (largest * np.maximum(seen + largest, np.float32(alpha) * largest)) * (largest + won)
    return store(new, theta), kept(state, *(store(s, theta) for s in (largest, seen, won, away)))


class Stakes(Bettor):
    """The bet in place of the start."""

    def init(self, theta: Array, eps: float = 1e-8) -> State:
        """No bet."""
        state = super().init(theta, eps)
        del state["theta_start"]
        return {**state, "bet": np.zeros_like(theta)}


BETTING = (*NAMES, "bet")


@program(*BETTING, kind=Stakes)
def bet_moves(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """As written: the old bet is taken off, the new one put on."""
    (held,) = rounded(theta, alpha)
    largest = np.maximum(state["scale"], np.abs(grad))
    seen, away = state["abs_sum"] + np.abs(grad), state["negative_sum"] - grad
    won = np.maximum(state["reward"] - grad * state["bet"], np.zeros_like(grad))
    bet = away / (largest * np.maximum(seen + largest, held * largest)) * (won + largest)
    return theta - state["bet"] + bet, dict(zip(BETTING, (largest, seen, won, away, bet), strict=True))


@program(*BETTING, kind=Stakes)
def bet_fused(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """What was won by a fused multiply-add, the scale taken out of the divisor."""
    held, one = rounded(theta, alpha, 1)
    largest = np.maximum(state["scale"], np.abs(grad))
    seen, away = state["abs_sum"] + np.abs(grad), state["negative_sum"] - grad
    won = fma(-grad, state["bet"], state["reward"])
    won = np.where(won > 0, won, np.zeros_like(won))
    bet = away / np.maximum(seen + largest, held * largest) * (one + won / largest)
    return (theta - state["bet"]) + bet, dict(zip(BETTING, (largest, seen, won, away, bet), strict=True))


PROGRAMS = (
    *(correct("cocob", make) for make in (textbook, wealth_first, two_ratios, fused, wide_accumulation)),
    correct("cocob", float32_between, NARROW),
    *(correct("cocob/bet", make) for make in (bet_moves, bet_fused)),
)
