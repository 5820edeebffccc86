"""COCOB with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.cocob import BET, COCOB, abs_sum, alpha, negative_sum, reward, scale, theta_start
from refopt.language.expression import absolute, g, maximum, theta

from ..arithmetic import rounded
from ..correct.cocob import STATE, Bettor, kept
from ..formula import rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program


def lines(theta: Array, grad: Array, state: State) -> tuple[Array, Array, Array, Array]:
    """The four sums after a gradient."""
    largest = np.maximum(state["scale"], np.abs(grad))
    won = np.maximum(state["reward"] - grad * (theta - state["theta_start"]), np.zeros_like(grad))
    return largest, state["abs_sum"] + np.abs(grad), won, state["negative_sum"] - grad


def fraction(alpha: float, largest: Array, seen: Array, away: Array) -> Array:
    """The part of the wealth that is bet."""
    (held,) = rounded(largest, alpha)
    return np.asarray(away / (largest * np.maximum(seen + largest, held * largest)))


@program(*STATE, kind=Bettor)
def cocob_bets_from_theta(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """The bet is added to what theta was, not to where it started."""
    largest, seen, won, away = lines(theta, grad, state)
    return theta + fraction(alpha, largest, seen, away) * (largest + won), kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def cocob_loses_more_than_it_has(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """What was won may fall below zero."""
    largest, seen, _, away = lines(theta, grad, state)
    won = state["reward"] - grad * (theta - state["theta_start"])
    return state["theta_start"] + fraction(alpha, largest, seen, away) * (largest + won), kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def cocob_sums_with_signs(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """The gradients are summed, and the size of their sum is taken."""
    largest, _, won, away = lines(theta, grad, state)
    seen = np.abs(away)
    return state["theta_start"] + fraction(alpha, largest, seen, away) * (largest + won), kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def cocob_bets_what_was_won(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """The money it starts with, the scale, is left out: nothing is ever bet from 0."""
    largest, seen, won, away = lines(theta, grad, state)
    return state["theta_start"] + fraction(alpha, largest, seen, away) * won, kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def cocob_alpha_without_scale(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """alpha is compared with the sums as it is, not in units of the scale."""
    largest, seen, won, away = lines(theta, grad, state)
    (held,) = rounded(theta, alpha)
    bet = away / (largest * np.maximum(seen + largest, held)) * (largest + won)
    return state["theta_start"] + bet, kept(state, largest, seen, won, away)


@program(*STATE, kind=Bettor)
def cocob_climbs(theta: Array, grad: Array, state: State, t: int, *, alpha: float, eps: float) -> Result:
    """A win is what was lost: the gradient times the bet, where it is its negative."""
    largest, seen, _, away = lines(theta, grad, state)
    won = np.maximum(state["reward"] + grad * (theta - state["theta_start"]), np.zeros_like(grad))
    return state["theta_start"] + fraction(alpha, largest, seen, away) * (largest + won), kept(state, largest, seen, won, away)


# What each computes

DIVISOR = scale * maximum(abs_sum + scale, alpha * scale)
FORMULAS = {
    "cocob_bets_from_theta": rewritten(COCOB, theta=theta + BET),
    "cocob_loses_more_than_it_has": rewritten(COCOB, reward=reward - g * (theta - theta_start)),
    "cocob_sums_with_signs": rewritten(COCOB, abs_sum=absolute(negative_sum - g)),
    "cocob_bets_what_was_won": rewritten(COCOB, theta=theta_start + negative_sum / DIVISOR * reward),
    "cocob_alpha_without_scale": rewritten(COCOB, theta=theta_start + negative_sum / (scale * maximum(abs_sum + scale, alpha)) * (scale + reward)),
    "cocob_climbs": rewritten(COCOB, reward=maximum(reward + g * (theta - theta_start), 0)),
}
"""Beside each bug the formula that it computes."""


def _row(make: Factory) -> Planted:
    return planted("cocob", make, formula=FORMULAS[make.__name__])


PROGRAMS = tuple(map(_row, (cocob_bets_from_theta, cocob_loses_more_than_it_has, cocob_sums_with_signs, cocob_bets_what_was_won,
                            cocob_alpha_without_scale, cocob_climbs)))  # fmt: skip
