"""Schedules that wait for a metric, each the same function in another form."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from ..program import correct, schedule


@schedule
def plateau_textbook(
    k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]
) -> float:
    """An infinite best at the start, and the order of torch."""
    best, bad, pause = math.inf, 0, 0
    for metric in metrics[:k]:
        bad = 0 if (better := metric < best * (1 - threshold)) else bad + 1
        best = metric if better else best
        if pause > 0:
            pause, bad = pause - 1, 0
        if bad > patience:
            lower = max(lr * factor, lr_min)
            lr = lower if lr - lower > eps else lr
            bad, pause = 0, cooldown
    return lr


@schedule
def plateau_from_a_place(
    k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]
) -> float:
    """No counts: the first step at which the rate may fall, set anew whenever a metric is better or the rate has fallen."""
    best, due = math.inf, patience
    for step, metric in enumerate(metrics[:k]):
        if metric < best - best * threshold if best < math.inf else True:
            best, due = metric, max(due, step + 1 + patience)
        if step >= due:
            lower = max(lr * factor, lr_min)
            lr = lower if lr - lower > eps else lr
            due = step + 1 + cooldown + patience
    return lr


@schedule
def plateau_of_differences(
    k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]
) -> float:
    """The best of all metrics so far that were better; runs of those that were not."""
    best, run, quiet = metrics[0] if metrics else 0.0, 0, 0
    for metric in itertools.islice(metrics, 1, k):
        run = 0 if best - metric > threshold else run + 1
        best = best if run else metric
        run, quiet = (0, quiet - 1) if quiet else (run, 0)
        if run == patience + 1:
            run, quiet = 0, cooldown
            lr = new if lr - (new := max(factor * lr, lr_min)) > eps else lr
    return lr


@schedule
def plateau_of_a_scale(k: int, *, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, metrics: Sequence[float]) -> float:
    """The falls are counted, and the rate is formed at the end."""
    best, bad, pause, falls = math.inf, 0, 0, 0
    for metric in metrics[:k]:
        if metric < (1 - threshold) * best:
            best, bad = metric, 0
        else:
            bad += 1
        if pause:
            pause, bad = pause - 1, 0
        elif bad == patience:
            falls, bad, pause = falls + 1, 0, cooldown
    for _ in range(falls):
        lr = max(lr * factor, lr_min)
    return lr


PROGRAMS = (
    correct("reduce_on_plateau", plateau_textbook, ("float64",)),
    correct("reduce_on_plateau", plateau_from_a_place, ("float64",)),
    correct("reduce_on_plateau/abs", plateau_of_differences, ("float64",)),
    correct("reduce_on_plateau/at_patience", plateau_of_a_scale, ("float64",)),
)
