"""Schedules of one stretch and a rest, each the same function in another form."""

from __future__ import annotations

import math

from ..program import correct, schedule

# constant_factor


@schedule
def share_textbook(k: int, *, lr: float, factor: float, span: int) -> float:
    """As written."""
    return lr * factor if k < span else lr


@schedule
def share_taken_back(k: int, *, lr: float, factor: float, span: int) -> float:
    """The rate is multiplied at first and divided again, as a scheduler with state does it."""
    low = lr * factor
    return low / factor if k >= span and factor > 0 else lr if k >= span else low


@schedule
def share_in_one_line(k: int, *, lr: float, factor: float, span: int) -> float:
    """factor + [k >= span](1 - factor)."""
    return lr * (factor + (k >= span) * (1 - factor))


# linear


@schedule
def line_textbook(k: int, *, lr: float, start_factor: float, end_factor: float, span: int) -> float:
    """As written."""
    return lr * (start_factor + (end_factor - start_factor) * min(k, span) / span)


@schedule
def line_as_weights(k: int, *, lr: float, start_factor: float, end_factor: float, span: int) -> float:
    """A mean of both ends."""
    done = min(k / span, 1.0)
    return lr * ((1 - done) * start_factor + done * end_factor)


@schedule
def line_by_steps(k: int, *, lr: float, start_factor: float, end_factor: float, span: int) -> float:
    """The same is added at each step."""
    rate, step = lr * start_factor, lr * (end_factor - start_factor) / span
    if k >= span:
        return lr * end_factor
    return rate + k * step


# polynomial


@schedule
def polynomial_textbook(k: int, *, lr: float, lr_min: float, span: int, degree: float) -> float:
    """As written."""
    return float(lr_min + (lr - lr_min) * (1 - min(k, span) / span) ** degree)


@schedule
def polynomial_held(k: int, *, lr: float, lr_min: float, span: int, degree: float) -> float:
    """A choice in place of the minimum; what is left as a quotient of whole numbers."""
    return float((lr - lr_min) * ((span - k) / span) ** degree + lr_min) if k < span else lr_min


@schedule
def polynomial_by_logarithm(k: int, *, lr: float, lr_min: float, span: int, degree: float) -> float:
    """The power by another function of the library; a straight line needs none."""
    if k >= span:
        return lr_min
    left = (span - k) / span
    return lr_min + (lr - lr_min) * (left if degree == 1 else math.pow(left, degree))


PROGRAMS = (
    correct("constant_factor", share_textbook, ("float64",)),
    correct("constant_factor", share_taken_back, ("float64",)),
    correct("constant_factor", share_in_one_line, ("float64",)),
    correct("linear", line_textbook, ("float64",)),
    correct("linear", line_as_weights, ("float64",)),
    correct("linear", line_by_steps, ("float64",)),
    correct("polynomial", polynomial_textbook, ("float64",)),
    correct("polynomial", polynomial_held, ("float64",)),
    correct("polynomial", polynomial_by_logarithm, ("float64",)),
)
