"""Hyperparameters from a log: nonlinear least squares on the updates, each in units of what it may be off.

A fit that leaves one update too far off is improved towards the smallest largest error by giving the updates that are far off
more weight (Lawson 1961).
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from refopt.identify.bounded import Bounded, bounded
from refopt.identify.coordinates import CLIP_NORM, DECAYS, FINER, NORM_EPS, Coordinate, ends, grid, norms, places, settings, sought, steps_alone
from refopt.identify.descent import HOPELESS, Residuals, descend
from refopt.identify.formula import Formula, balls_of, formula_of
from refopt.identify.log import Log
from refopt.identify.printed import Floats
from refopt.identify.replay import replay
from refopt.language.role import Role
from refopt.language.rule import Rule

FOLLOWED = 2
"""Ends of the descents that are looked at where the lowest one nearly explains the log: the error of each is its own."""
SAME_END = 0.01
"""Descents that end so close together, in coordinates, have found the same end."""
NEARLY = 100.0
"""Units by which a fit to the first part of a log, which leaves some hyperparameters open, may be off and still be followed."""
SETTLED = 0.99
"""A round of fitting with the error found anew that leaves so much of the largest error is the last one."""
STARTS = 10
"""Starts of a descent; where a norm clips all that there are, one valley between each two norms."""
FAR = 1e40
"""Substitute for an error that is not a number."""


@dataclass(frozen=True)
class Fit:
    """A formula with hyperparameters that come closest to a log.

    hyper   the hyperparameters that were sought, at their best values
    worst   the largest error of an update in units of what it may be off; at most 1 where the formula explains the log
    by_update  the largest of each update, (T,)
    typical    the root of the mean square of all of them
    error   what each update may be off, (T, n); infinite where nothing can be said
    seen    how many updates are larger than that, and how many 100 times larger, as 1 % needs; `visible` are those that
            are so much larger than what the digits of theta alone hide
    rates   the rate of each update
    free    whether the rate was free at every step
    """

    rule: Rule
    log: Log
    coordinates: tuple[Coordinate, ...]
    hyper: dict[str, float]
    worst: float
    error: Floats
    seen: tuple[int, int]
    visible: tuple[int, int]
    rates: Floats
    free: bool
    by_update: Floats
    typical: float

    @property
    def fits(self) -> bool:
        """True where every update is within its error, and the errors are small enough for that to mean something."""
        return self.worst <= 1 and self.sees

    @property
    def sees(self) -> bool:
        """True where of the updates that the log shows, at all and to 1 %, at least half are seen as well with this formula's errors.

        Near the ends of a domain rounding alone could make anything (1 - beta2^t where beta2 is 1 - 1e-7): no claim is made there.
        """
        return self.visible[0] > 0 and all(2 * s >= v for s, v in zip(self.seen, self.visible, strict=True))

    @property
    def is_blind(self) -> bool:
        """True where none of the updates that the log shows is seen with this formula's errors."""
        return any(v > 0 and s == 0 for s, v in zip(self.seen, self.visible, strict=True))

    @property
    def remembers(self) -> bool:
        """True where the rate was free and the rule's state remembers it: then the rates are exact numbers, as hyperparameters are."""
        return _remembers(self.rule, self.free)

    @property
    def weight(self) -> Floats:
        """1/error^2 of each update, 0 where it does not count."""
        return _weight(self.log, self.error)


def search(rule: Rule, log: Log, free: bool, also: Mapping[str, float] | None = None) -> Fit:
    """The best fit of a rule to a log, from a grid of starts, and from `also`: what fits a part of the log."""
    coordinates, formula = sought(rule, log, free), formula_of(rule)
    weight = _weight(log, _guessed_error(log))
    q = _starts(formula, log, coordinates, weight)
    if also is not None:
        q = np.concatenate([places(coordinates, {n: np.array([x]) for n, x in also.items()}), q])
    return descended(rule, log, q, free)


def descended(rule: Rule, log: Log, q: Floats, free: bool) -> Fit:
    """The best fit of a rule to a log from given starts, rows of coordinates."""
    coordinates, formula = sought(rule, log, free), formula_of(rule)
    error = _error(rule, log, coordinates, q[0], _weight(log, _guessed_error(log)), free)
    if coordinates:
        weight = _weight(log, error)
        q = _descend(_residuals(formula, log, coordinates, weight), q, coordinates, float(np.sum(weight * np.minimum(log.moved**2, FAR**2))))
    best = _polished(rule, log, coordinates, q[0], error, free)
    for row in q[1:FOLLOWED]:
        if best.fits or best.worst > HOPELESS**2 or np.max(np.abs(row - q[0]), initial=0.0) <= SAME_END:
            break
        other = _polished(rule, log, coordinates, row, error, free)
        best = other if other.worst < best.worst else best
    return best


def refine(fit: Fit, log: Log) -> Fit:
    """The same formula fitted to a longer log, from where it stands."""
    q = places(fit.coordinates, {n: np.array([x]) for n, x in fit.hyper.items()})[0]
    error = _error(fit.rule, log, fit.coordinates, q, _weight(log, _guessed_error(log)), fit.free)
    if fit.coordinates:
        formula = formula_of(fit.rule)
        q = _descend(_residuals(formula, log, fit.coordinates, _weight(log, error)), q[None], fit.coordinates)[0]
    return _polished(fit.rule, log, fit.coordinates, q, error, fit.free)


def over_norms(fit: Fit, log: Log) -> Fit:
    """The same formula on a longer log, in which some gradients may be shorter than the norm that clips all of a shorter one.

    There that norm was not told: it stands with the rate, or with an epsilon, which starts follow it by.
    """
    at = {c.name: fit.hyper[c.name] for c in fit.coordinates}
    clips = _untold(fit, log) if has_valleys(fit.coordinates) else []
    if not clips:
        return fit
    rates, epsilons = ([c.name for c in fit.coordinates if c.role is role and c.name != NORM_EPS] for role in (Role.RATE, Role.EPSILON))
    rows = [at]
    for clip in clips:
        share = clip / at[CLIP_NORM]
        alone = {**at, CLIP_NORM: clip}
        rows += [alone, alone | {n: at[n] / share for n in rates}, alone | {n: at[n] * share for n in epsilons}]
    coordinates, weight = sought(fit.rule, log, fit.free), _weight(log, _guessed_error(log))
    q = places(coordinates, {c.name: np.array([row[c.name] for row in rows]) for c in coordinates})
    cost = _cost(_residuals(formula_of(fit.rule), log, coordinates, weight)(q))
    return descended(fit.rule, log, q[np.argsort(cost, kind="stable")[:STARTS]], fit.free)


def _untold(fit: Fit, log: Log) -> tuple[float, ...]:
    """Norms to which a longer log's gradients may be clipped: none where the shorter one shows gradients on both sides of its own norm."""
    assert fit.log.norm is not None
    shown, clip, tried = fit.log.norm.value[fit.log.norm.value > 0], fit.hyper[CLIP_NORM] - fit.hyper[NORM_EPS], norms(log)
    if not shown.size:
        return tried
    if clip <= shown.min():
        return tried[: bisect.bisect(tried, shown.min()) + 1]
    return tried[max(bisect.bisect(tried, shown.max()) - 1, 0) :] if clip >= shown.max() else ()


def freed(fit: Fit, log: Log) -> Fit:
    """The same formula on another log with a rate that is free at each step, from where it stands."""
    coordinates = sought(fit.rule, log, True)
    return descended(fit.rule, log, places(coordinates, {c.name: np.array([fit.hyper[c.name]]) for c in coordinates}), True)


def residuals(fit: Fit) -> Residuals:
    """The errors of all updates in their units, as a function of rows of coordinates."""
    return _residuals(formula_of(fit.rule), fit.log, fit.coordinates, fit.weight)


def conditioned(fit: Fit) -> bool:
    """True where what the errors of a formula's scalars hide is no more than 100 times what they would in binary64.

    Otherwise a program could have made the log only by rounding 1 - beta^t and the like so badly that nothing is told to
    1 %: unless the formula explains the log with its scalars in binary64 too, no claim is made.
    """
    found = bounded(balls_of(fit.rule, fit.log), fit.log, fit.hyper, fit.weight, wide=True, given_rates=fit.rates if fit.remembers else None)
    known = np.isfinite(found.error) & (found.error > 0) & fit.log.judged
    with np.errstate(all="ignore"):
        if np.median(fit.error[known] / found.error[known]) <= 100:
            return True
    off = np.abs(found.theta - fit.log.theta.value[1:])
    return bool(np.all(off[known] <= found.error[known]))


def judge(
    rule: Rule, log: Log, coordinates: tuple[Coordinate, ...], hyper: dict[str, float], weight: Floats, free: bool, rates: Floats | None = None
) -> Fit:
    """Fit of given hyperparameters, and of rates where they are given, to a log."""
    if rates is None and _remembers(rule, free):
        rates = _rates(rule, log, hyper, weight)
    fit = _judged(rule, log, coordinates, hyper, free, bounded(balls_of(rule, log), log, hyper, weight, given_rates=rates))
    if fit.worst > 1 or fit.sees:
        return fit
    # scalars in a narrow format may hide what the log shows (the length of an average in RAdam); that they were wide is more than is asked
    wide = _judged(rule, log, coordinates, hyper, free, bounded(balls_of(rule, log), log, hyper, weight, wide=True, given_rates=rates))
    return wide if wide.fits else fit


def _judged(rule: Rule, log: Log, coordinates: tuple[Coordinate, ...], hyper: dict[str, float], free: bool, found: Bounded) -> Fit:
    off = np.abs(log.theta.value[1:] - found.theta)
    known = np.isfinite(found.error) & log.judged
    ratio = np.where(known, np.nan_to_num(off, nan=np.inf, posinf=np.inf) / np.where(known & (found.error > 0), found.error, 1.0), 0.0)
    moved = np.abs(log.moved)
    once, hundred = ([int(np.sum((moved > n * e) & log.judged)) for e in (found.error, log.resolution)] for n in (1, 100))
    seen, visible = zip(once, hundred, strict=True)
    typical = float(np.sqrt(np.mean(ratio[known] ** 2))) if known.any() else 0.0
    return Fit(rule, log, coordinates, hyper, float(ratio.max()), found.error, seen, visible, found.rates, free, ratio.max(axis=1), typical)


def _polished(rule: Rule, log: Log, coordinates: tuple[Coordinate, ...], q: Floats, error: Floats, free: bool) -> Fit:
    """Two rounds of fitting with the error found anew; then, if need be, towards the smallest largest error.

    No setting is off by less, at its worst, than the least squares typically are: what they leave hopeless is left as it is.
    """
    formula = formula_of(rule)
    best = judge(rule, log, coordinates, _hyper(coordinates, q), _weight(log, error), free)
    if coordinates and best.worst <= 1 and not best.sees:  # what hides the updates may hide from the descent where it ends, too
        wide = bounded(balls_of(rule, log), log, best.hyper, best.weight, wide=True, given_rates=best.rates if best.remembers else None)
        closer = _descend(_residuals(formula, log, coordinates, _weight(log, wide.error)), q[None], coordinates)[0]
        fit = judge(rule, log, coordinates, _hyper(coordinates, closer), best.weight, free)
        if fit.fits:
            return fit
    near = 1 < best.worst < HOPELESS**3 and (best.typical <= HOPELESS or best.worst > NEARLY)
    for _ in range(2 if coordinates and near else 0):
        q = _descend(_residuals(formula, log, coordinates, best.weight), q[None], coordinates)[0]
        fit, before = judge(rule, log, coordinates, _hyper(coordinates, q), best.weight, free), best.worst
        best = fit if fit.worst < best.worst else best
        if fit.worst > SETTLED * before:
            break
    for _ in range(3 if coordinates and 1 < best.worst < 4 else 0):
        evaluate = _residuals(formula, log, coordinates, best.weight)
        off = np.abs(evaluate(q[None])[0])
        emphasis = np.sqrt(off / off.max()) if off.max() > 0 else off
        q = _descend(lambda x, e=emphasis, f=evaluate: f(x) * e, q[None], coordinates)[0]  # type: ignore[misc]
        fit = judge(rule, log, coordinates, _hyper(coordinates, q), best.weight, free)
        best = fit if fit.worst < best.worst else best
        if best.fits:
            break
    return best


def _hyper(coordinates: Sequence[Coordinate], q: Floats) -> dict[str, float]:
    return {c.name: max(float(c.value(q[i])), c.low) for i, c in enumerate(coordinates)}


def _guessed_error(log: Log) -> Floats:
    """Guess of an update's error before anything is known of the formula: theta's digits, and each gradient's share of its own size."""
    g = np.abs(log.grad.value)
    share = log.grad.error / np.where(g > 0, g, 1.0) + 8 * float(log.number_format.u)
    return np.asarray(log.resolution + np.abs(log.moved) * share)


def _weight(log: Log, error: Floats) -> Floats:
    known = np.isfinite(error) & (error > 0) & log.judged
    with np.errstate(over="ignore"):  # an error that grows without end weighs nothing
        return np.where(known, 1 / np.where(known, error, 1.0) ** 2, 0.0)


def _error(rule: Rule, log: Log, coordinates: tuple[Coordinate, ...], q: Floats, weight: Floats, free: bool) -> Floats:
    hyper = _hyper(coordinates, q)
    rates = _rates(rule, log, hyper, weight) if _remembers(rule, free) else None
    found = bounded(balls_of(rule, log), log, hyper, weight, given_rates=rates)
    return found.error


def _remembers(rule: Rule, free: bool) -> bool:
    return free and formula_of(rule).rate_is_kept


def _rates(rule: Rule, log: Log, hyper: Mapping[str, float], weight: Floats) -> Floats:
    """Free rates found step by step."""
    return np.asarray(replay(formula_of(rule), log, {n: np.array([x]) for n, x in hyper.items()}, weight).rates[0])


def _residuals(formula: Formula, log: Log, coordinates: Sequence[Coordinate], weight: Floats) -> Residuals:
    scale = np.sqrt(weight)

    def evaluate(q: Floats) -> Floats:
        off = replay(formula, log, settings(coordinates, q), weight).theta
        off -= log.theta.value[1:]
        off *= scale
        np.maximum(off, -FAR, out=off)
        np.minimum(off, FAR, out=off)
        off[np.isnan(off)] = FAR
        return off.reshape(len(q), -1)

    return evaluate


def _starts(formula: Formula, log: Log, coordinates: tuple[Coordinate, ...], weight: Floats) -> Floats:
    """Of the settings of the grid the best with each value of each hyperparameter, best first.

    Each with the rate that suits it: updates are in proportion to it, nearly.
    """
    values = grid(coordinates, log, FINER if steps_alone(formula.rule) else DECAYS)
    moved = log.moved
    rate_name = next((name for name in formula.rule.at_rate(None) if name in values), None)
    if rate_name is not None:
        step = np.nan_to_num(replay(formula, log, values, weight).theta - log.theta.value[:-1], nan=0.0, posinf=0.0, neginf=0.0)
        size = np.sum(weight * step * step, axis=(1, 2))
        rate = np.sum(weight * step * moved, axis=(1, 2)) / np.where(size > 0, size, 1.0)
        values = {**values, rate_name: np.maximum(rate, 1e-12)}
    if not coordinates:
        return np.zeros((1, 0))
    q = places(coordinates, values)
    cost = _cost(_residuals(formula, log, coordinates, weight)(q))
    picked = {int(np.argmin(cost))}
    for i, c in enumerate(coordinates):
        if c.role is not Role.RATE:
            picked |= {int(np.argmin(np.where(q[:, i] == x, cost, np.inf))) for x in np.unique(q[:, i])}
    return q[sorted(picked, key=lambda k: cost[k])[: None if has_valleys(coordinates) else STARTS]]


def _cost(off: Floats) -> Floats:
    """The cost of a start by its rows of errors, (K,): a few that are far off cost little more than one."""
    return np.asarray(np.sum(np.log1p(off**2), axis=1))


def _descend(evaluate: Residuals, q: Floats, coordinates: Sequence[Coordinate], size: float = math.inf) -> Floats:
    return descend(evaluate, q, ends(coordinates), size, every=has_valleys(coordinates))


def has_valleys(coordinates: Sequence[Coordinate]) -> bool:
    """True of a formula that clips by norm: its errors have a valley between each two norms."""
    return any(c.name == CLIP_NORM for c in coordinates)
