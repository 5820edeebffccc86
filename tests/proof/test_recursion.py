"""A rate found from the one before it has a value at every step, or what it needs is told."""

from __future__ import annotations

from fractions import Fraction

from refopt import catalogue
from refopt.language.expression import Expression, k, literal, operation, pi
from refopt.language.schedule import lr_prev
from refopt.lifting.needs import Wanted
from refopt.lifting.ranges import End, Range, of_hypers
from refopt.proof.recursion import follows, without_value

EXPONENTIAL = catalogue.schedule("exponential")
LR, FACTOR = (next(h.symbol for h in EXPONENTIAL.hyper if h.name == n) for n in ("lr", "factor"))
KNOWN = {**of_hypers(EXPONENTIAL.hyper), k: Range(End(Fraction(1)))}


def test_a_recursion_that_is_the_closed_form_follows_from_it() -> None:
    assert follows(lr_prev * FACTOR, LR, EXPONENTIAL.rate)
    assert not follows(lr_prev * FACTOR * FACTOR, LR, EXPONENTIAL.rate)


def test_a_divisor_that_cancels_is_needed_in_a_recursion_too() -> None:
    cancels = lr_prev * FACTOR * (k - 100) / (k - 100)
    assert follows(cancels, LR, EXPONENTIAL.rate)
    need = without_value(cancels, EXPONENTIAL.rate, KNOWN)
    assert need is not None and need.wanted is Wanted.NONZERO and need.node == k - 100
    assert without_value(lr_prev * FACTOR * k / k, EXPONENTIAL.rate, KNOWN) is None


def _turning(condition: Expression) -> Expression:
    period = catalogue.schedule("cosine_annealing").hyper[-1].symbol
    cosine = operation("cos", pi * (k - 1) / period)
    return operation("where", condition, lr_prev, lr_prev / (1 + cosine))


def test_a_cosine_is_not_minus_one_where_its_half_turn_is_set_apart() -> None:
    schedule = catalogue.schedule("cosine_annealing")
    period = schedule.hyper[-1].symbol
    known = {**of_hypers(schedule.hyper), k: Range(End(Fraction(1)))}
    half_turn = operation("eq", k - 1 - period - 2 * period * operation("floor", (k - 1 - period) / (2 * period)), literal(0))
    whole_turn = operation("eq", k - 1 - 2 * period * operation("floor", (k - 1) / (2 * period)), literal(0))
    assert without_value(_turning(half_turn), schedule.rate, known) is None
    assert without_value(_turning(whole_turn), schedule.rate, known) is not None
