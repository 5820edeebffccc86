"""Each schedule's closed form, its recursion, and its values at the steps that people get wrong."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from refopt.catalogue import rule, schedule, schedules
from refopt.catalogue.schedules.warmup import warmup
from refopt.errors import RefoptError
from refopt.language.compose import scheduled, substitute
from refopt.language.expression import Expression, k, literal
from refopt.language.schedule import Schedule

VALUES: dict[str, Fraction] = {
    "lr": Fraction(3, 10), "lr_min": Fraction(1, 100), "factor": Fraction(7, 10), "warmup_start": Fraction(1, 4),
    "degree": Fraction(3), "start_factor": Fraction(1, 3), "end_factor": Fraction(1, 5), "slope": Fraction(1, 2),
    "cycles": Fraction(2), "period_mult": Fraction(2), "pct_start": Fraction(3, 8), "pct_final": Fraction(3, 4), "div_factor": Fraction(4),
    "final_div_factor": Fraction(8), "lr_max": Fraction(4, 5), "lower": Fraction(2), "upper": Fraction(1),
    "waves": Fraction(3, 4), "scale_1": Fraction(1, 2), "scale_2": Fraction(3),
}  # fmt: skip
LENGTHS = {"every": 3, "period": 4, "warmup_steps": 3, "span": 5, "timescale": 2, "model_size": 4, "stable_steps": 3, "total_steps": 16, "half_cycle": 3,
           "length_1": 3, "length_2": 5}  # fmt: skip


def _at(s: Schedule, step: int, lengths: Mapping[str, int] = LENGTHS) -> Any:
    """The exact rate of step `step`: a SymPy number. Integers go in as literals, so that choices and floors are decided first."""
    known: dict[str, Expression] = {n: literal(x) for n, x in {**VALUES, **lengths}.items() if n in s.hyper_names}
    return substitute(s.rate, {**known, "k": literal(step)}).sym


def _by_recursion(s: Schedule, steps: int, lengths: Mapping[str, int]) -> list[Any]:
    assert s.recursion is not None
    known: dict[str, Expression] = {n: literal(x) for n, x in {**VALUES, **lengths}.items() if n in s.hyper_names}
    found = [_at(s, 0, lengths)]
    previous = sp.Symbol("lr_prev", real=True)
    for step in range(1, steps):
        tree = substitute(s.recursion, {**known, "k": literal(step)})
        found.append(sp.simplify(tree.sym.subs(previous, found[-1])))
    return found


RECURSIVE = [s for s in schedules(variants=True) if s.recursion is not None]


@pytest.mark.parametrize("span", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("s", RECURSIVE, ids=lambda s: s.name)
def test_the_recursion_is_the_closed_form_exactly(s: Schedule, span: int) -> None:
    """In exact numbers, over more than three periods: also where a cosine is at its minimum and the quotient would be 0/0."""
    lengths = {"every": span, "period": span, "span": span}
    for step, rate in enumerate(_by_recursion(s, 3 * span + 3, lengths)):
        assert sp.simplify(rate - _at(s, step, lengths)) == 0, step


def test_what_rises_first_has_no_recursion_and_what_only_falls_has_one() -> None:
    assert not [s.name for s in RECURSIVE if s.name.startswith("warmup")]
    assert {"constant", "step_decay", "exponential", "cosine_annealing", "cosine_annealing/periodic"} <= {s.name for s in RECURSIVE}


def test_a_variant_of_what_follows_is_a_variant_of_the_whole() -> None:
    stays, rises = (schedule(n) for n in ("warmup+cosine_annealing", "warmup+cosine_annealing/periodic"))
    assert rises.family == stays.name and rises.differs == schedule("cosine_annealing/periodic").differs
    end = LENGTHS["warmup_steps"] + LENGTHS["period"]
    assert [_at(rises, step) for step in range(end + 1)] == [_at(stays, step) for step in range(end + 1)]
    assert _at(rises, end + LENGTHS["period"]) == _at(rises, LENGTHS["warmup_steps"])


def test_step_decay_falls_at_each_multiple_and_nowhere_else() -> None:
    rates = [_at(schedule("step_decay"), step) for step in range(10)]
    expected = [sp.Rational(3, 10) * sp.Rational(7, 10) ** n for n in (0, 0, 0, 1, 1, 1, 2, 2, 2, 3)]
    assert rates == expected


def test_exponential_decay_is_step_decay_at_every_step() -> None:
    for step in range(8):
        assert _at(schedule("exponential"), step) == _at(schedule("step_decay"), step, {"every": 1})


def test_cosine_annealing_runs_from_the_first_rate_to_the_last_and_stays_there() -> None:
    rates = [_at(schedule("cosine_annealing"), step) for step in range(12)]
    assert rates[0] == sp.Rational(3, 10)
    assert rates[2] == (sp.Rational(3, 10) + sp.Rational(1, 100)) / 2
    assert rates[4:] == [sp.Rational(1, 100)] * 8
    assert all(bool(a > b) for a, b in itertools.pairwise(rates[:5]))


def test_the_periodic_cosine_rises_again_to_the_first_rate() -> None:
    periodic, plain = schedule("cosine_annealing/periodic"), schedule("cosine_annealing")
    rates = [_at(periodic, step) for step in range(17)]
    assert rates[:5] == [_at(plain, step) for step in range(5)]
    assert rates[8] == rates[16] == rates[0] and rates[12] == rates[4]
    assert rates[5:8] == rates[3:0:-1]


@pytest.mark.parametrize("s", [s for s in schedules(variants=True) if "warmup_steps" not in s.hyper_names and not s.waits], ids=lambda s: s.name)
def test_a_warm_up_rises_in_equal_steps_to_the_first_rate_and_hands_over(s: Schedule) -> None:
    warm = warmup(s)
    assert warm.name == ("warmup" if s.name == "constant" else f"warmup+{s.name}")
    assert warm.hyper_names == (*s.hyper_names, "warmup_start", "warmup_steps")
    first = _at(s, 0)
    assert [sp.simplify(_at(warm, step) / first) for step in range(4)] == [sp.Rational(1, 4), sp.Rational(1, 2), sp.Rational(3, 4), 1]
    assert [_at(warm, 3 + step) for step in range(9)] == [_at(s, step) for step in range(9)]


@pytest.mark.parametrize("s", [s for s in schedules(variants=True) if s.waits], ids=lambda s: s.name)
def test_a_schedule_that_waits_for_a_metric_has_no_warm_up_and_is_not_put_into_a_rule(s: Schedule) -> None:
    with pytest.raises(RefoptError, match="waits for a metric"):
        warmup(s)
    with pytest.raises(RefoptError, match="waits for a metric"):
        scheduled(rule("adam"), s)


def test_the_warm_up_in_the_catalogue_is_the_one_that_the_function_makes() -> None:
    plain = warmup(schedule("cosine_annealing"))
    for step in range(10):
        assert _at(schedule("warmup+cosine_annealing"), step) == _at(plain, step)


@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_no_rate_is_negative_within_the_domains(s: Schedule) -> None:
    assert all(bool(_at(s, step) >= 0) for step in range(12))


def test_the_seeds_cosine_is_the_closed_form() -> None:
    """eta_min + 1/2 (eta_max - eta_min)(1 + cos(T_cur/T_max pi))."""
    rate = schedule("cosine_annealing/periodic").rate.sym
    names = {str(s): s for s in rate.free_symbols}
    low, high, current, whole = (names[n] for n in ("lr_min", "lr", "k", "period"))
    seed = low + sp.Rational(1, 2) * (high - low) * (1 + sp.cos(current / whole * sp.pi))
    assert sp.simplify(rate - seed) == 0
    assert k.sym == current
