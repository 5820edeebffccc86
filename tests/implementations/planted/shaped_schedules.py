"""Schedules through given points and cosines of other shapes with one thing wrong: an object with `rate(k, **hyper)`."""

from __future__ import annotations

from refopt.catalogue.schedules.linear_one_cycle import AT, BACK, LEAST, LINEAR_ONE_CYCLE, LOW
from refopt.catalogue.symbols import final_div_factor, lr, pct_final, total_steps
from refopt.language.compose import substitute
from refopt.language.expression import Expression, floor, k, where

from ..formula import with_rate
from ..program import Factory, Planted, planted, schedule

# linear_one_cycle


def _lines(k: float, ends: tuple[int, int, int], rates: tuple[float, float, float, float]) -> float:
    """Straight lines through four rates, and the last one after them."""
    at, start = 0, rates[0]
    for end, rate in zip(ends, rates[1:], strict=True):
        if k < end:
            return start + (rate - start) * (k - at) / (end - at)
        at, start = end, rate
    return start


@schedule
def lines_counted_from_one(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """k + 1 for k: the first rate is never met, and the last a step early."""
    low, up, back = lr / div_factor, int(pct_start * total_steps), int(pct_final * total_steps)
    return _lines(k + 1, (up, back, total_steps), (low, lr, low, low / final_div_factor))


@schedule
def lines_end_at_the_peak_divided(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """lr/final_div_factor, as a docstring has it, for a last rate that is final_div_factor times less than the first."""
    low, up, back = lr / div_factor, int(pct_start * total_steps), int(pct_final * total_steps)
    return _lines(k, (up, back, total_steps), (low, lr, low, lr / final_div_factor))


@schedule
def lines_end_a_step_early(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """The last of total_steps steps has the last rate already."""
    low, up, back = lr / div_factor, int(pct_start * total_steps), int(pct_final * total_steps)
    return _lines(k, (up, back, total_steps - 1), (low, lr, low, low / final_div_factor))


@schedule
def lines_come_down_by_a_share_of_the_rest(
    k: int, *, lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float
) -> float:
    """pct_final is taken of the steps after the peak, not of all."""
    low, up = lr / div_factor, int(pct_start * total_steps)
    back = up + int(pct_final * (total_steps - up))
    return _lines(k, (up, back, total_steps), (low, lr, low, low / final_div_factor))


def _three(up: Expression, back: Expression, end: Expression, last: Expression = LEAST) -> Expression:
    """The lines that meet at these steps."""
    on = where(k < end, LOW + (last - LOW) * (k - back) / (end - back), last)
    return where(k < up, LOW + (lr - LOW) * k / up, where(k < back, lr + (LOW - lr) * (k - up) / (back - up), on))


FORMULAS = {
    "lines_counted_from_one": with_rate(LINEAR_ONE_CYCLE, substitute(LINEAR_ONE_CYCLE.rate, {"k": k + 1})),
    "lines_end_at_the_peak_divided": with_rate(LINEAR_ONE_CYCLE, _three(AT, BACK, total_steps, lr / final_div_factor)),
    "lines_end_a_step_early": with_rate(LINEAR_ONE_CYCLE, _three(AT, BACK, total_steps - 1)),
    "lines_come_down_by_a_share_of_the_rest": with_rate(LINEAR_ONE_CYCLE, _three(AT, AT + floor(pct_final * (total_steps - AT)), total_steps)),
}
"""Beside each bug the formula that it computes."""


def _row(name: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(name, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("linear_one_cycle", lines_counted_from_one),
    _row("linear_one_cycle", lines_end_at_the_peak_divided),
    _row("linear_one_cycle", lines_end_a_step_early),
    _row("linear_one_cycle", lines_come_down_by_a_share_of_the_rest),
)
