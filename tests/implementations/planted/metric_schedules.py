"""Schedules that wait for a metric, with one thing wrong: an object with `rate(k, **hyper)`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from refopt.catalogue.schedules.reduce_on_plateau import REDUCE_ON_PLATEAU, bad, best, lr_now
from refopt.catalogue.symbols import factor as falls_by
from refopt.catalogue.symbols import threshold as margin
from refopt.language.expression import Expression, either, k, where
from refopt.language.rule import Let
from refopt.language.schedule import metric

from ..program import Factory, Planted, planted, schedule


@schedule
def plateau_equal_is_better(
    k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]
) -> float:
    """<= in place of <: a metric at the limit is better."""
    best, count, quiet = math.inf, 0, 0
    for m in metrics[:k]:
        if m <= best * (1 - threshold):
            best, count = m, 0
        else:
            count += 1
        if quiet > 0:
            quiet, count = quiet - 1, 0
        if count > patience:
            new = max(lr * factor, lr_min)
            lr = new if lr - new > eps else lr
            quiet, count = cooldown, 0
    return lr


@schedule
def plateau_falls_below(
    k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]
) -> float:
    """No least rate."""
    best, count, quiet = math.inf, 0, 0
    for m in metrics[:k]:
        if m < best * (1 - threshold):
            best, count = m, 0
        else:
            count += 1
        if quiet > 0:
            quiet, count = quiet - 1, 0
        if count > patience:
            new = lr * factor
            lr = new if lr - new > eps else lr
            quiet, count = cooldown, 0
    return lr


@schedule
def plateau_best_is_the_last(
    k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]
) -> float:
    """Each metric is compared with the one before it, not with the best."""
    before, count, quiet = math.inf, 0, 0
    for m in metrics[:k]:
        count = 0 if m < before * (1 - threshold) else count + 1
        before = m
        if quiet > 0:
            quiet, count = quiet - 1, 0
        if count > patience:
            new = max(lr * factor, lr_min)
            lr = new if lr - new > eps else lr
            quiet, count = cooldown, 0
    return lr


@schedule
def plateau_keeps_its_count(
    k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]
) -> float:
    """The count goes on after a fall: the rate falls again with the next bad metric."""
    best, count, quiet = math.inf, 0, 0
    for m in metrics[:k]:
        if m < best * (1 - threshold):
            best, count = m, 0
        else:
            count += 1
        if quiet > 0:
            quiet, count = quiet - 1, 0
        if count > patience:
            new = max(lr * factor, lr_min)
            lr = new if lr - new > eps else lr
            quiet = cooldown
    return lr


def _bug(make: Factory, place: int, value: Expression) -> Planted:
    steps = REDUCE_ON_PLATEAU.steps
    edited = (*steps[:place], Let(steps[place].symbol, value), *steps[place + 1 :])
    return planted("reduce_on_plateau", make, formula=replace(REDUCE_ON_PLATEAU, name="reduce_on_plateau/planted", steps=edited))


PROGRAMS = (
    _bug(plateau_equal_is_better, 0, where(either(k <= 0, metric <= best * (1 - margin)), 0, bad + 1)),
    _bug(plateau_falls_below, 4, lr_now * falls_by),
    _bug(plateau_best_is_the_last, 1, metric),
    _bug(plateau_keeps_its_count, 7, bad),
)
