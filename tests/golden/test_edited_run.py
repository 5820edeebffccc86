"""Runs of edited rules: which numbers they are made in decides nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.catalogue import rule, schedule
from refopt.exact.numbers import Numbers
from refopt.golden import edited_run
from refopt.golden.edited_run import BROKEN, as_fraction, exact, in_file, in_quick_numbers
from refopt.golden.kills import fate, fate_of_schedule
from refopt.golden.mutants import mutants, schedule_mutants
from refopt.golden.store import cases


@pytest.mark.parametrize("name", ["momentum", "rmsprop"])
def test_a_mutant_has_the_same_fate_in_both_sorts_of_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known, few = cases(name), mutants(rule(name))[::7]
    quick = [fate(m, rule(name), known) for m in few]
    monkeypatch.setattr(edited_run, "has_mpfr", lambda: False)
    in_file.cache_clear()
    assert [fate(m, rule(name), known) for m in few] == quick
    in_file.cache_clear()


def test_a_schedules_mutant_has_the_same_fate_in_both_sorts_of_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    known, few = cases("cosine_annealing"), schedule_mutants(schedule("cosine_annealing"))[::5]
    quick = [fate_of_schedule(m, schedule("cosine_annealing"), known) for m in few]
    monkeypatch.setattr(edited_run, "has_mpfr", lambda: False)
    in_file.cache_clear()
    assert [fate_of_schedule(m, schedule("cosine_annealing"), known) for m in few] == quick
    in_file.cache_clear()


def test_what_mpfr_has_no_number_for_is_asked_of_mpmath_too() -> None:
    asked: list[str] = []

    def root_that_is_not_taken(numbers: Numbers) -> Fraction:
        asked.append(numbers.name)
        with numbers.precision(60):
            numbers.arithmetic.operations["sqrt"](numbers.number(-1))
            return exact([numbers.number(Fraction(1, 4))], numbers)[0]

    pytest.importorskip("gmpy2")
    assert in_quick_numbers(root_that_is_not_taken) == Fraction(1, 4) and asked == ["mpfr", "mpmath"]


def test_what_has_no_value_in_either_is_broken() -> None:
    def quotient(numbers: Numbers) -> object:
        with numbers.precision(60):
            return numbers.number(1) / numbers.number(0)

    with pytest.raises(BROKEN):
        in_quick_numbers(quotient)


@pytest.mark.parametrize("text", ["0", "-1.5", "2.5e-320", "1234567890.125"])
def test_a_number_of_a_file_is_read_exactly(text: str) -> None:
    assert as_fraction(in_file(text)) == Fraction(text) and type(as_fraction(in_file(text))) is Fraction
