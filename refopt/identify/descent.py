"""Damped Gauss-Newton (Levenberg 1944, Marquardt 1963) from several starts at once, in a box; slopes by central differences, all in one batch.

A step that would leave the box ends at its side, and the other coordinates move as is best for them with that one there: were such a
step cut off instead, theirs would belong to a point that is not reached, and a descent along a side would take hundreds of rounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from refopt.identify.printed import Floats

ROUNDS = 40
"""Largest number of steps of one fit."""
STEP = 1e-4
"""Half the distance of a central difference, in coordinates: its error, STEP^2, is far below the 1 % that is asked for."""
LONGEST = 3.0
"""The longest move of a coordinate in one step."""
HOPELESS = 10.0
"""Units by which the updates are off on average where a fit need not be followed to its last digit."""
LADDER = (0.01, 0.3, 10.0)
"""Multiples of the damping that are tried in each step."""
UNDAMPED = 1e-10
"""A damping that changes nothing but what no row tells apart: what the step would gain then is what there is to gain."""
PASSES = 3
"""Times that a step is made anew with the coordinates fixed that would have left the box."""
KEPT = 4
"""Descents that are followed after their first rounds, where not all are."""
LOST_AFTER, LOST = 8, 0.01
"""Rounds after which a descent must explain all but this share of the squares of the updates: from a start near the truth it explains nearly all."""

Residuals = Callable[[Floats], Floats]


def descend(evaluate: Residuals, q: Floats, ends: tuple[Floats, Floats], size: float = math.inf, every: bool = False) -> Floats:
    """The end of a descent from each row of q, that with the least sum of squares left first.

    ends   the sides of the box
    size   sum of the squares of all updates in their units: a search stops that explains too little of it
    every  whether all descents are followed to their end
    """
    q = q.copy()
    off, slope = slopes(evaluate, q)
    left, damping = np.sum(off**2, axis=1), np.full(len(q), 1e-3)
    going, moved = np.ones(len(q), bool), np.zeros(len(q), bool)
    for number in range(ROUNDS):
        new = np.flatnonzero(going & moved)
        if new.size:
            off[new], slope[new] = slopes(evaluate, q[new])
        at = np.flatnonzero(going)
        tried, predicted = _steps(q[at], off[at], slope[at], damping[at], ends)
        remaining = np.sum(evaluate(tried.reshape(-1, q.shape[1])) ** 2, axis=1).reshape(len(at), -1)
        pick, rows = np.argmin(remaining, axis=1), np.arange(len(at))
        better = remaining[rows, pick] < left[at]
        gained = np.where(better, left[at] - remaining[rows, pick], 0.0)
        q[at] = np.where(better[:, None], tried[rows, pick], q[at])
        damping[at] = np.clip(np.where(better, damping[at] * np.array(LADDER)[pick], damping[at] * 30), 1e-12, 1e12)
        left[at], moved[at] = np.where(better, remaining[rows, pick], left[at]), better
        hopeless = left[at] > HOPELESS**2 * off.shape[1]
        little = np.where(hopeless, 1e-3, 1e-6) * left[at]
        settled = (gained <= little) & (better | (damping[at] > np.where(hopeless, 1e2, 1e8)) | (predicted <= little))
        going[at] = ~settled
        if not every:
            going &= left <= 1e4 * left.min() + 1.0
            if number >= 2 and len(left) > KEPT:
                going &= left <= np.partition(left, KEPT - 1)[KEPT - 1]
        if not going.any() or (number >= LOST_AFTER and left.min() > LOST * size):
            break
    return q[np.argsort(left, kind="stable")]


def slopes(evaluate: Residuals, q: Floats) -> tuple[Floats, Floats]:
    """Errors and their slopes by the coordinates, for rows of coordinates: (K, N) and (K, N, P)."""
    here, up, down = around(evaluate, q)
    return here, middle(up, down)


def middle(up: Floats, down: Floats) -> Floats:
    """Slopes by the coordinates, (K, N, P), by errors a step up and down from there."""
    return np.moveaxis((up - down) / (2 * STEP), 1, 2)


def sides(here: Floats, up: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Slopes by the coordinates upwards and downwards, (K, N, P) each: at a kink, as of a minimum, they are not the same."""
    return np.moveaxis((up - here[:, None]) / STEP, 1, 2), np.moveaxis((here[:, None] - down) / STEP, 1, 2)


def around(evaluate: Residuals, q: Floats) -> tuple[Floats, Floats, Floats]:
    """Errors at rows of coordinates, (K, N), and a step from there up and down each coordinate, (K, P, N)."""
    count, size = q.shape
    moves = np.concatenate([np.zeros((1, size)), STEP * np.eye(size), -STEP * np.eye(size)])
    values = evaluate((q[:, None, :] + moves[None]).reshape(-1, size)).reshape(count, 2 * size + 1, -1)
    return values[:, 0], values[:, 1 : size + 1], values[:, size + 1 :]


def _steps(q: Floats, off: Floats, slope: Floats, damping: Floats, ends: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Points a step leads to with each damping, (K, L, P), and the fall of the sum of squares by the undamped one, were all linear, (K,)."""
    across = np.swapaxes(slope, 1, 2)
    square, downhill = across @ slope, -(across @ off[:, :, None])[..., 0]
    dampings = np.concatenate([damping[:, None] * np.array(LADDER), np.full((len(q), 1), UNDAMPED)], axis=1)
    room = [_within(end - q, -LONGEST, LONGEST)[:, None, :] for end in ends]
    move = _boxed(square, downhill, dampings, room[0], room[1])
    last = move[:, -1]
    predicted = np.sum(last * (2 * downhill - (square @ last[:, :, None])[..., 0]), axis=1)
    return _within(q[:, None] + move[:, :-1], ends[0], ends[1]), predicted


def _boxed(square: Floats, downhill: Floats, dampings: Floats, low: Floats, high: Floats) -> Floats:
    """The damped step within its room, (K, L, P): a coordinate that would leave it is fixed at its side, the others solved for anew."""
    diagonal = np.einsum("kii->ki", square)
    scaled = diagonal + 1e-12 * diagonal.max(axis=1, keepdims=True) + 1e-300
    unit = np.eye(square.shape[1])
    damped = square[:, None] + dampings[:, :, None, None] * (unit * scaled[:, None, :])[:, None]
    matrix, right = damped, np.broadcast_to(downhill[:, None, :], damped.shape[:3])
    fixed, at = np.zeros(right.shape, bool), np.zeros(right.shape)
    for left in reversed(range(PASSES)):
        move = _solved(matrix, right[..., None])[..., 0]
        move[np.isnan(move)] = 0.0
        outside = ((move < low) | (move > high)) & ~fixed
        if not left or not outside.any():
            break
        at = np.where(outside, _within(move, low, high), at)
        fixed |= outside
        matrix = np.where(fixed[..., None] | fixed[:, :, None, :], unit, damped)
        right = np.where(fixed, at, downhill[:, None, :] - at @ square)
    return _within(move, low, high)


def _within(x: Floats, low: Floats | float, high: Floats | float) -> Floats:
    """`x` kept between two ends; np.clip does the same, and on arrays as small as here takes half as long again."""
    return np.asarray(np.minimum(np.maximum(x, low), high))


def _solved(matrix: Floats, right: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(matrix) @ right)
