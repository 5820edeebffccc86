"""Free rates of a rule whose velocity holds them: found together with the hyperparameters, not one after the other.

Where the state remembers each rate, an error of one is in every later update, and rates found step by step leave errors
that add up. Here all rates and hyperparameters are moved at once, by Gauss-Newton: theta is linear in the rates, nearly in
the rest. As hyperparameters are, the rates are then exact: the question is whether there are some that explain the log.
"""

from __future__ import annotations

import numpy as np

from refopt.identify.coordinates import places, settings
from refopt.identify.descent import HOPELESS, STEP
from refopt.identify.fit import Fit, judge
from refopt.identify.formula import formula_of
from refopt.identify.printed import Floats
from refopt.identify.replay import at_rates

ROUNDS = 6
"""Gauss-Newton steps; from the third on, updates that are far off get more weight where one is outside its error."""
LONGEST = 300
"""Updates that are looked at where every one has a rate that all later ones remember: their slopes fill a square."""


def jointly(fit: Fit) -> Fit:
    """The fit with its rates and hyperparameters moved at once, where its rule remembers free rates and it is close; else as it is."""
    if not fit.remembers or not 1 < fit.worst < HOPELESS**3:
        return fit
    best, count = fit, len(fit.coordinates)
    q, rates = _where(fit)
    for number in range(ROUNDS):
        off, slope = joint_slopes(best, q, rates)
        if number >= 2 and best.worst > 1:
            emphasis = np.sqrt(np.abs(off) / np.max(np.abs(off)))
            off, slope = off * emphasis, slope * emphasis[:, None]
        scale = np.sqrt(np.sum(slope * slope, axis=0))
        scale = np.where(scale > 0, scale, 1.0)
        move = -np.linalg.lstsq(slope / scale, off, rcond=1e-13)[0] / scale
        ends = np.array([c.ends for c in fit.coordinates]).reshape(-1, 2)
        q = np.clip(q + np.clip(move[:count], -1, 1), ends[:, 0], ends[:, 1])
        rates = np.maximum(rates + move[count:], 0.0)
        hyper = {c.name: max(float(c.value(q[i])), c.low) for i, c in enumerate(fit.coordinates)}
        moved = judge(fit.rule, fit.log, fit.coordinates, hyper, best.weight, True, rates)
        best = moved if moved.worst < best.worst else best
        if number >= 2 and best.worst <= 1:
            break
    return best


def joint_slopes(fit: Fit, q: Floats | None = None, rates: Floats | None = None) -> tuple[Floats, Floats]:
    """All errors in their units, and their slopes by the coordinates and then by the rates."""
    at, known = _where(fit)
    q, rates = at if q is None else q, known if rates is None else rates
    count, steps = len(q), fit.log.updates
    size = 1e-3 * float(np.max(rates)) or 1.0
    moves = np.concatenate([np.zeros((1, count)), STEP * np.eye(count), -STEP * np.eye(count), np.zeros((steps, count))])
    shifts = np.concatenate([np.zeros((2 * count + 1, steps)), size * np.eye(steps)])
    theta = at_rates(formula_of(fit.rule), fit.log, settings(fit.coordinates, q + moves), rates + shifts)
    values = (theta - fit.log.theta.value[1:]) * np.sqrt(fit.weight)
    values = np.nan_to_num(values).reshape(len(moves), -1)
    by_hyper = (values[1 : count + 1] - values[count + 1 : 2 * count + 1]) / (2 * STEP)
    by_rate = (values[2 * count + 1 :] - values[0]) / size
    return values[0], np.concatenate([by_hyper, by_rate]).T


def _where(fit: Fit) -> tuple[Floats, Floats]:
    return places(fit.coordinates, {n: np.array([x]) for n, x in fit.hyper.items()})[0], fit.rates
