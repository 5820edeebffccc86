"""Hyperparameters as numbers that a fit can move freely, and the settings from which it starts.

A coordinate q stands for a hyperparameter p: p = high - (high - low) exp(-q) where the domain ends above (so that 0.9,
0.99 and 0.999 lie evenly), p = exp(q) for a rate or another positive size, p = low + exp(q) - s, with the default as s,
where zero is a value like others: even in p near zero, even in log p far from it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from refopt.identify.log import NORM, Log
from refopt.identify.printed import Floats
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule

DECAYS = (0.0, 0.5, 0.9, 0.99, 0.999)
"""Starting values of a share between 0 and 1."""
FINER = (0.0, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
"""The same where no slope leads from one to the next."""
CLIP_NORM, NORM_EPS = "clip_norm", "norm_eps"
"""Names of the norm that a gradient is clipped to, and of the number that is added to its norm."""
BETWEEN = 10
"""Norms between which a clip is looked for."""
WIDEST = 60.0
"""Largest exponent of a coordinate: e^60 is past every use."""


@dataclass(frozen=True)
class Coordinate:
    """One hyperparameter. `open_low`, `open_high`: the end is not in the domain (infinity never is)."""

    name: str
    low: float
    high: float
    open_low: bool
    open_high: bool
    default: float
    role: Role

    @property
    def _positive(self) -> bool:
        return self.high == math.inf and (self.role is Role.RATE or self.open_low)

    @property
    def _shift(self) -> float:
        return self.default - self.low if self.default > self.low else 1.0

    @property
    def curve(self) -> tuple[float, float, float]:
        """`at`, `size` and `sign` of p = at + size exp(sign q)."""
        if self.high < math.inf:
            return self.high, -(self.high - self.low), -1.0
        return (self.low if self._positive else self.low - self._shift), 1.0, 1.0

    def value(self, q: Floats) -> Floats:
        """The hyperparameter at a coordinate."""
        at, size, sign = self.curve
        return np.asarray(at + size * np.exp(sign * q))

    def place(self, p: Floats) -> Floats:
        """The coordinate of each value in the domain, or of the nearest one that the fit can reach."""
        if self.high < math.inf:
            size = (self.high - p) / (self.high - self.low)
            return np.asarray(np.clip(-_logarithm(size), *self.ends))
        return np.asarray(np.clip(_logarithm(p - self.low + (0.0 if self._positive else self._shift)), *self.ends))

    def slope(self, q: float) -> float:
        """dp/dq."""
        return (self.high - self.low) * math.exp(-q) if self.high < math.inf else math.exp(q)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest coordinate. A share stays so far below 1 that float32 has their distance to 1 %."""
        if self.high < math.inf:
            return 0.0, math.log(2.0**24 / 100)
        if self._positive:
            return -WIDEST, WIDEST
        return math.log(self._shift), math.log(self._shift) + WIDEST

    def distance(self, p: float) -> float:
        """Distance of a value from the upper end; from infinity, in the sense of 1/p, as far as p itself."""
        return self.high - p if self.high < math.inf else p - self.low


def coordinate(hyper: Hyper) -> Coordinate:
    """The coordinate of a hyperparameter, from the conditions of its domain."""
    low, high, open_low, open_high = -math.inf, math.inf, True, True
    for condition in hyper.conditions:
        left, right = condition.args
        if left != hyper.symbol or right.value is None:
            continue
        if condition.op in ("ge", "gt"):
            low, open_low = float(right.value), condition.op == "gt"
        elif condition.op in ("le", "lt"):
            high, open_high = float(right.value), condition.op == "lt"
    default = float(hyper.value(hyper.default))
    return Coordinate(hyper.name, low if math.isfinite(low) else 0.0, high, open_low, open_high, default, hyper.role)


def sought(rule: Rule, log: Log, free: bool) -> tuple[Coordinate, ...]:
    """The hyperparameters that the log does not tell: all, without the rate where it is logged or free."""
    known = log.lr is not None or free
    return tuple(coordinate(h) for h in rule.hyper if h.symbol.kind is Kind.REAL and not (known and h.role is Role.RATE) and h.name != NORM)


@lru_cache(maxsize=1024)
def steps_alone(rule: Rule) -> bool:
    """True of a formula that jumps with its elements, as a sign does: what moves a jump has no slope, and is found by trying."""
    nodes = [node for let in rule.steps for node in let.value.walk() if not node.is_scalar]
    return any(node.op in ("sign", "floor") or (node.op == "where" and not node.args[0].is_scalar) for node in nodes)


def grid(coordinates: Sequence[Coordinate], log: Log, shares: Sequence[float] = DECAYS) -> dict[str, Floats]:
    """Every combination of a few values of each hyperparameter, those of `shares` where it lies between two ends; the rate stays at 1."""
    size = float(np.median(np.abs(log.grad.value[log.grad.value != 0]))) if np.any(log.grad.value) else 1.0
    choices = [norms(log) if c.name == CLIP_NORM else (c.default,) if c.name == NORM_EPS else _choices(c, size, shares) for c in coordinates]
    combined = list(itertools.product(*choices)) or [()]
    return {c.name: np.array([row[i] for row in combined]) for i, c in enumerate(coordinates)}


def norms(log: Log) -> tuple[float, ...]:
    """Norms that clip every gradient, by far and just so, and one between each two of some of the norms: from one to the next the formula is smooth."""
    known = log.norm.value[log.norm.value > 0] if log.norm is not None else np.ones(0)
    if not known.size:
        return (1.0,)
    ordered = np.quantile(known, np.linspace(0.0, 1.0, min(len(known), BETWEEN)))
    between = np.sqrt(ordered[1:] * ordered[:-1])
    return tuple(sorted({1e-3 * float(ordered[0]), 0.9 * float(ordered[0]), *(float(x) for x in between)}))


def _choices(c: Coordinate, size: float, shares: Sequence[float]) -> tuple[float, ...]:
    if c.role is Role.RATE:
        return (1.0,)
    if c.high < math.inf:
        return tuple(c.low + (c.high - c.low) * x for x in shares)
    if c.open_low:
        return tuple(c.low + size * x for x in (0.3, 1.0, 3.0))
    if c.default - c.low >= 1e-4:
        return (c.low, c.default, c.low + 30 * (c.default - c.low))
    return (c.default, size * 1e-4, size * 1e-1)


def settings(coordinates: Sequence[Coordinate], q: Floats) -> dict[str, Floats]:
    """Values of the hyperparameters for rows of coordinates, (settings, hyperparameters)."""
    at, size, sign = _curves(tuple(coordinates))
    values = at + size * np.exp(sign * q.T)
    return {c.name: values[i] for i, c in enumerate(coordinates)}


@lru_cache(maxsize=1024)
def _curves(coordinates: tuple[Coordinate, ...]) -> tuple[Floats, Floats, Floats]:
    """Columns `at`, `size` and `sign` of p = at + size exp(sign q)."""
    rows = [c.curve for c in coordinates]
    at, size, sign = (np.array([row[i] for row in rows]).reshape(-1, 1) for i in range(3))
    return at, size, sign


def places(coordinates: Sequence[Coordinate], values: Mapping[str, Floats]) -> Floats:
    """Rows of coordinates for values of the hyperparameters."""
    count = len(next(iter(values.values()))) if values else 1
    return np.array([c.place(values[c.name]) for c in coordinates]).reshape(len(coordinates), count).T


def _logarithm(size: Floats) -> Floats:
    """log of a size, minus infinity where there is none."""
    return np.log(size, out=np.full(np.shape(size), -np.inf), where=size > 0)


def ends(coordinates: Sequence[Coordinate]) -> tuple[Floats, Floats]:
    """The least and the largest value of each."""
    low, high = (np.array([c.ends[i] for c in coordinates]) for i in (0, 1))
    return low, high
