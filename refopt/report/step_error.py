"""The distance of a step of one rule from a step of another, at its worst over the usual range of gradients and updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from refopt.language.rule import Rule
from refopt.report.step_ratio import DIGITS, Gradients, lengths

TIMES = (1, 2, 10, 100, 1000)
"""Updates of the usual range."""
USUAL: Gradients = {
    "1e-6": lambda t: Fraction(1, 10**6),
    "1e-4": lambda t: Fraction(1, 10**4),
    "0.01": lambda t: Fraction(1, 100),
    "1": lambda t: Fraction(1),
    "growing": lambda t: Fraction(t, 100),
    "alternating": lambda t: Fraction(1 if t % 2 else -1, 100),
    "10 once": lambda t: Fraction(10 if t == 1 else 1, 100),
}
"""Constant gradients of the sizes that training sees, and others whose size or sign changes."""
EXACT = Fraction(1, 10**20)
RANGE = "gradients of 1e-6 to 1, constant, growing, alternating or with one outlier; updates 1 to 1000; theta = 1"


@dataclass(frozen=True)
class StepError:
    """The largest relative error of a step, the update and the gradient at which it is met."""

    size: Fraction
    t: int
    gradient: str


def worst_error(source: Rule, target: Rule, *values: Mapping[str, Fraction]) -> StepError | None:
    """The largest |step of the target / step of the source - 1| at these values of each; None where no step of the source has a length."""
    both = [lengths(rule, x, list(USUAL.values()), None, TIMES, DIGITS) for rule, x in zip((source, target), values, strict=True)]
    errors = []
    for t, a, b in zip(TIMES, *both, strict=True):
        for gradient, x, y in zip(USUAL, a, b, strict=True):
            if x is not None and y is not None and x != 0:
                errors.append(StepError(abs(y / x - 1), t, gradient))
    return max(errors, key=lambda e: e.size, default=None)


def same_steps(source: Rule, target: Rule, *values: Mapping[str, Fraction], constant_rate: bool = False, within: Fraction = EXACT) -> bool:
    """True where both take the same steps, as far as that can be seen, in a short run with changing gradients and, unless it is constant, a changing rate."""
    times = (1, 2, 3, 4, 5)
    shares = [Fraction(1)] * 5 if constant_rate else list(map(Fraction, ("1", "1/2", "3", "0", "2")))
    gradients = [lambda t: Fraction((-1) ** (t // 2) * (7 * t + 1), 10), lambda t: Fraction(t % 3, 1000)]
    pairs = list(zip((source, target), values, strict=True))
    rates = [[x[name] * s for s in shares for name in rule.at_rate(None)] for rule, x in pairs]
    try:
        both = [lengths(rule, x, gradients, lr or None, times, DIGITS) for (rule, x), lr in zip(pairs, rates, strict=True)]
    except ZeroDivisionError:  # at these values one of them has no step: a schedule-free rule at beta1 = 0
        return False
    steps = [(x, y) for a, b in zip(*both, strict=True) for x, y in zip(a, b, strict=True)]
    return all(x is not None and y is not None and abs(x - y) <= abs(x) * within for x, y in steps)


