"""Interval of each hyperparameter that a fit leaves open.

If the true hyperparameters differ from the fitted ones by d, then for every update |J d| <= 1 + |r| in its own units: the
truth is within the error, and so is the fit up to r. Any row a with a J = e_j turns this into |d_j| <= sum |a_i| (1 + |r_i|).
The smallest such sum is sought by reweighted least squares; each of its iterates is a bound. To first order in d.

Rounding, or hyperparameters that this log cannot tell apart, leave a J = e_j + rho. Then |d_j| is at most that sum and
sum |rho_k| |d_k|. In coordinates a first order reaches no further than |d_k| = 1, a factor e, so that sum |rho_k| is added;
where that alone is more than `RECOVERED`, the row does not tell d_j from the others and no bound is taken from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from refopt.identify.coordinates import CLIP_NORM, Coordinate, ends, places
from refopt.identify.descent import STEP, around, descend, middle, sides
from refopt.identify.fit import Fit, residuals
from refopt.identify.formula import formula_of
from refopt.identify.joint import joint_slopes
from refopt.identify.printed import Floats
from refopt.identify.replay import replay, stands_still
from refopt.language.role import Role

RECOVERED = 0.01
"""A hyperparameter is recovered when the log leaves at most this share of it open."""
KINKED = frozenset({"min", "max", "where", "abs"})
"""Operations with a kink: the slopes on its two sides are not the same."""
FURTHER = 0.75
"""Part of the way to its end on which a hyperparameter that runs away must explain the log too, where slopes alone do not say so."""
DOUBLINGS = 12
"""Times that an interval is doubled; where the log is explained even then, what was looked at is its end."""
ROWS = 4096
"""Rows from which a bound is made: of more, those that weigh most in the first one. Any will do; few give the bound that all give."""


@dataclass(frozen=True)
class Open:
    """A hyperparameter as a log tells it: its best value, and what else would do.

    outside  the upper end of its domain, where that does not belong to it
    """

    name: str
    value: float
    low: float
    high: float
    outside: float = math.inf

    @property
    def recovered(self) -> bool:
        """True where it is known to 1 %."""
        return self.high - self.value <= RECOVERED * self.value and self.value - self.low <= RECOVERED * self.value

    @property
    def shortest(self) -> str:
        """The shortest decimal within what the log leaves open, the nearest of its length to the fitted value."""
        for digits in range(1, 17):
            text = f"{self.value:.{digits}g}"
            if self.low <= float(text) <= self.high and float(text) != self.outside:
                return text
        return repr(self.value)


def left_open(fit: Fit) -> tuple[tuple[Open, ...], tuple[str, ...]]:
    """Each hyperparameter's interval, and the names of those that run away.

    A hyperparameter runs away when the log cannot tell it from an end that its domain excludes (rho = 1, eps infinite)
    and on the way there the rate goes to zero or infinity, like a power of the distance to that end, or a state variable
    comes to a stop: then what explains the log is the limit, which is another formula, and not the rule. Powers come in
    halves; a quarter or more is one.
    """
    if not fit.coordinates:
        return (), ()
    q = places(fit.coordinates, {n: np.array([x]) for n, x in fit.hyper.items()})
    per_coordinate = np.array([c.slope(float(x)) for c, x in zip(fit.coordinates, q[0], strict=True)])
    if fit.remembers:
        off, slope = joint_slopes(fit)
        natural = slope / np.concatenate([per_coordinate, np.ones(fit.log.updates)])
        even = slope * np.concatenate([np.ones(len(per_coordinate)), fit.rates])
    else:
        every, up, down = around(residuals(fit), q)
        off, even = every[0], middle(up, down)[0]
        natural = even / per_coordinate
    sides_of = [even]
    kinked = not fit.remembers and any(tree.op in KINKED for let in fit.rule.steps for tree in let.value.walk())
    if kinked:
        sides_of += [side[0] for side in sides(every, up, down)]  # what only the far side of a kink tells is not told on this one
    allowed = 1 + np.abs(off)
    widths = [max(width(x, j, allowed) for x in sides_of) * float(per_coordinate[j]) for j in range(len(fit.coordinates))]
    if not fit.remembers:
        noise = _noise(fit)
        widths = [math.inf if any(_is_noise(fit, x, j, allowed, noise, w) for x in sides_of) else w for j, w in enumerate(widths)]
    opened, away = [], []
    for j, c in enumerate(fit.coordinates):
        p = fit.hyper[c.name]
        room = float(widths[j])
        opened.append(_widened(fit, j, Open(c.name, p, max(p - room, c.low), min(p + room, c.high), c.high if c.open_high else math.inf)))
        reaches = c.open_high and c.role is not Role.RATE and c.name != CLIP_NORM and widths[j] >= c.distance(p)
        if reaches and kinked:  # slopes here say nothing of what lies beyond a kink: a clip that no smaller one is told from is none at infinity
            reaches = _explains(fit, j, p + FURTHER * c.distance(p))
        if reaches and (abs(_drift(fit, natural, q, j)) * c.distance(p) >= 0.25 or _stops(fit, c)):
            away.append(c.name)
    return tuple(opened), tuple(away)


def _widened(fit: Fit, j: int, found: Open) -> Open:
    """An interval that is not narrow, widened as long as the log is explained beyond its ends: slopes say nothing of values so far away.

    Two hyperparameters that make up for each other (a share and the decay of what it is taken of) reach further than a first order.
    """
    c = fit.coordinates[j]
    if fit.remembers or found.recovered or not math.isfinite(found.high - found.low):
        return found
    low, high = found.low, found.high
    for _ in range(DOUBLINGS):
        beyond = found.value + 2 * (high - found.value)
        if high >= c.high or not _explains(fit, j, beyond if beyond < c.high else high + FURTHER * (c.high - high)):
            break
        high = min(beyond, c.high)
    for _ in range(DOUBLINGS):
        beyond = found.value - 2 * (found.value - low)
        if low <= c.low or not _explains(fit, j, max(beyond, c.low)):
            break
        low = max(beyond, c.low)
    return replace(found, low=low, high=high)


def width(slope: Floats, j: int, allowed: Floats, rounds: int = 30, noise: Floats | None = None) -> float:
    """The bound on |d_j| where |slope d| <= allowed and no other |d_k| is larger than 1; infinite where the rows do not tell d_j.

    noise  how far each row's slopes may be off
    """
    scale = np.sqrt(np.sum(slope * slope, axis=0))
    if scale[j] == 0:
        return math.inf
    scaled = slope / np.where(scale > 0, scale, 1.0)
    weight, best = np.ones(len(scaled)), math.inf
    few = len(scaled) <= ROWS
    unit = np.eye(slope.shape[1])[j]
    for _ in range(rounds):
        square = scaled.T @ (scaled * weight[:, None])
        solution = np.linalg.pinv(square, rcond=1e-14, hermitian=True) @ unit
        row = weight * (scaled @ solution)
        left = float(np.sum(np.abs(row @ scaled - unit) * scale)) + (0.0 if noise is None else len(scale) * float(np.abs(row) @ noise))
        if not left <= RECOVERED * scale[j]:
            break
        best = min(best, float(np.sum(np.abs(row) * allowed)) + left)
        weight = np.abs(row) / allowed + 1e-12 * np.max(np.abs(row))
        if not few:
            most = np.argpartition(weight, -ROWS)[-ROWS:]
            scaled, weight, allowed, few = scaled[most], weight[most], allowed[most], True
            noise = None if noise is None else noise[most]
    return best / float(scale[j])


def _noise(fit: Fit) -> Floats:
    """Noise that rounding can make in a slope, row by row: two roundings to binary64 of theta, over a step of a coordinate."""
    size = np.abs(fit.log.theta.value[1:]) + np.abs(fit.log.theta.value[:-1])
    return np.asarray((2.0**-52 * size * np.sqrt(fit.weight) / STEP).ravel())


def _is_noise(fit: Fit, slope: Floats, j: int, allowed: Floats, noise: Floats, found: float) -> bool:
    """True of a width that rounding in the slopes may have made, where the log is explained as well with the hyperparameter elsewhere."""
    c, p = fit.coordinates[j], fit.hyper[fit.coordinates[j].name]
    if not found <= RECOVERED * p or width(slope, j, allowed, noise=noise) < math.inf:
        return False
    return any(_explains(fit, j, p * (1 + move)) for move in (-2 * RECOVERED, 2 * RECOVERED) if c.low < p * (1 + move) < c.high)


def _explains(fit: Fit, j: int, value: float) -> bool:
    """True where the log is explained with one hyperparameter at a value, and the others as is best for them with that one there."""
    q = places(fit.coordinates, {n: np.array([x]) for n, x in {**fit.hyper, fit.coordinates[j].name: value}.items()})
    low, high = ends(fit.coordinates)
    low[j] = high[j] = q[0, j]
    evaluate = residuals(fit)
    return bool(np.max(np.abs(evaluate(descend(evaluate, q, (low, high), every=True)[:1]))) <= 1)


def _stops(fit: Fit, c: Coordinate) -> bool:
    """True where at the upper end itself, which is not in the domain, the formula explains the log with a state that never moves."""
    if c.high == math.inf or fit.free:
        return False
    hyper = {**fit.hyper, c.name: c.high}
    formula = formula_of(fit.rule)
    theta = replay(formula, fit.log, {n: np.array([x]) for n, x in hyper.items()}, fit.weight).theta[0]
    known = fit.weight > 0
    explains = np.all(np.isfinite(theta[known])) and np.all(np.abs(theta - fit.log.theta.value[1:])[known] <= fit.error[known])
    return bool(explains) and stands_still(formula, fit.log, hyper)


def _drift(fit: Fit, slope: Floats, q: Floats, j: int) -> float:
    """d log(rate) / dp_j when everything else follows as the log wants it."""
    if fit.log.lr is not None:
        return 0.0
    names = [c.name for c in fit.coordinates]
    rate = next((i for i, c in enumerate(fit.coordinates) if c.role is Role.RATE), None)
    if rate is not None:
        others = [i for i in range(len(names)) if i != j]
        scale = np.sqrt(np.sum(slope * slope, axis=0))
        scaled = slope / np.where(scale > 0, scale, 1.0)
        follow = np.linalg.lstsq(scaled[:, others], -scaled[:, j], rcond=1e-14)[0]
        return float(follow[others.index(rate)] * scale[j] / scale[rate] / fit.hyper[names[rate]]) if scale[rate] > 0 else 0.0
    c = fit.coordinates[j]
    values = {k.name: k.value(np.array([q[0, i] + (STEP if i == j else 0.0), q[0, i] - (STEP if i == j else 0.0)])) for i, k in enumerate(fit.coordinates)}
    rates = replay(formula_of(fit.rule), fit.log, values, fit.weight).rates
    with np.errstate(all="ignore"):
        change = np.log(rates[0] / rates[1]) / (2 * STEP) / c.slope(float(q[0, j]))
    change = change[np.isfinite(change)]
    return float(np.median(change)) if change.size else 0.0
