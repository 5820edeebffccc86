"""Averaged gradient descent with one thing wrong."""

from __future__ import annotations

from refopt.catalogue.optimizers.asgd import ASGD, alpha, ax, eta, lambd, mu
from refopt.catalogue.symbols import lr
from refopt.language.expression import g, maximum, t, theta
from refopt.language.rule import Let

from ..arithmetic import rounded
from ..correct.asgd import rate_of, share_of
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# asgd


@program("ax")
def asgd_rate_falls_early(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """The rate of the first update has fallen already."""
    later = rate_of(lr, lambd, alpha, t + 1)
    kept, rate, share = rounded(theta, 1 - lambd * later, later, share_of(averaged_after, t))
    new = theta * kept - rate * grad
    return new, {"ax": state["ax"] + share * (new - state["ax"])}


@program("ax")
def asgd_decay_forgotten(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """lambd makes the rate fall, and no parameter is pulled."""
    rate, share = rounded(theta, rate_of(lr, lambd, alpha, t), share_of(averaged_after, t))
    new = theta - rate * grad
    return new, {"ax": state["ax"] + share * (new - state["ax"])}


@program("ax")
def asgd_rate_never_falls(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """alpha is accepted and not used: every update has the rate lr."""
    kept, rate, share = rounded(theta, 1 - lambd * lr, lr, share_of(averaged_after, t))
    new = theta * kept - rate * grad
    return new, {"ax": state["ax"] + share * (new - state["ax"])}


@program("ax")
def asgd_averages_from_the_start(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """averaged_after is accepted and not used."""
    later = rate_of(lr, lambd, alpha, t)
    kept, rate, share = rounded(theta, 1 - lambd * later, later, share_of(0, t))
    new = theta * kept - rate * grad
    return new, {"ax": state["ax"] + share * (new - state["ax"])}


@program("ax")
def asgd_averages_before_the_step(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """The mean takes theta as it was before this update."""
    later = rate_of(lr, lambd, alpha, t)
    kept, rate, share = rounded(theta, 1 - lambd * later, later, share_of(averaged_after, t))
    return theta * kept - rate * grad, {"ax": state["ax"] + share * (theta - state["ax"])}


# What each computes

FORMULAS = {
    "asgd_rate_falls_early": rewritten(ASGD, eta=lr / (1 + lambd * lr * t) ** alpha),
    "asgd_decay_forgotten": rewritten(ASGD, theta=theta - eta * g),
    "asgd_rate_never_falls": rewritten(ASGD, eta=lr),
    "asgd_averages_from_the_start": rewritten(ASGD, mu=1 / maximum(1, t - 1)),
    "asgd_averages_before_the_step": of_steps(
        ASGD, *ASGD.steps[:2], Let(ax, ax + mu * (theta - ax)), Let(theta, theta * (1 - lambd * eta) - eta * g)
    ),
}  # fmt: skip
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory) -> Planted:
    return planted(rule, make, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("asgd", asgd_rate_falls_early),
    _row("asgd", asgd_decay_forgotten),
    _row("asgd", asgd_rate_never_falls),
    _row("asgd", asgd_averages_from_the_start),
    _row("asgd", asgd_averages_before_the_step),
)
