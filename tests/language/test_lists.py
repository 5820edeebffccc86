"""Hyperparameters that are lists of whole numbers: what may be written, and what is counted."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.catalogue.schedules.multi_step import MULTI_STEP
from refopt.catalogue.symbols import milestones
from refopt.errors import OutsideDomain, RefoptError, UndefinedName, UnknownName
from refopt.language.compose import spelled_out
from refopt.language.evaluate import is_integral, rational
from refopt.language.expression import Kind, k, theta
from refopt.language.lists import base, count, entries, gathered, place, read, spread, whole_numbers
from refopt.language.schedule import Schedule

AT = count(k >= milestones)


@pytest.mark.parametrize(("written", "right"), [("[3, 6,6]", [3, 6, 6]), ((3,), [3]), ([0, 80], [0, 80]), ("(3,)", [3]), ("[7]", [7])])
def test_a_list_is_written_in_brackets_or_given_as_a_sequence(written: object, right: list[int]) -> None:
    values = MULTI_STEP.values({"milestones": written})  # type: ignore[dict-item]
    assert entries("milestones", values) == right and set(values) == {"lr", "factor", *(place("milestones", i) for i in range(len(right)))}


def test_entries_that_stand_by_themselves_are_the_same_list() -> None:
    assert MULTI_STEP.values({"milestones[0]": "3", "milestones[1]": 6}) == MULTI_STEP.values({"milestones": (3, 6)})


def test_the_default_is_a_list() -> None:
    assert entries("milestones", MULTI_STEP.values()) == [30, 80]


@pytest.mark.parametrize("written", ["[]", "3", 3, (), "[3.5]", "[-1]", "[a]", "[3,,5]", "[3", "nan", [float("inf")]])
def test_what_is_no_list_of_whole_numbers_of_the_domain_is_refused(written: object) -> None:
    with pytest.raises(OutsideDomain, match="milestones"):
        MULTI_STEP.values({"milestones": written})  # type: ignore[dict-item]


def test_an_entry_without_those_before_it_is_refused() -> None:
    with pytest.raises(OutsideDomain, match=r"milestones\[1\]"):
        MULTI_STEP.values({"milestones[1]": 6})


def test_only_a_list_has_entries() -> None:
    with pytest.raises(UnknownName):
        MULTI_STEP.values({"factor[0]": "0.5"})


@pytest.mark.parametrize(("step", "right"), [(0, 0), (2, 0), (3, 1), (5, 1), (6, 3), (100, 3)])
def test_an_entry_that_stands_twice_counts_twice_and_one_that_is_reached_counts(step: int, right: int) -> None:
    assert rational(AT, {"k": step, **spread("milestones", [6, 3, 6])}) == right


def test_a_count_is_one_whole_number_and_exact_in_every_arithmetic() -> None:
    assert AT.is_scalar and AT.kind is Kind.INTEGER and is_integral(AT)


def test_a_list_without_values_has_no_count() -> None:
    with pytest.raises(UndefinedName, match="milestones has no entries"):
        rational(AT, {"k": 3})


@pytest.mark.parametrize("condition", [k >= 3, theta >= milestones, milestones >= whole_numbers("others")])
def test_nothing_is_counted_but_whole_numbers_of_one_list(condition: object) -> None:
    with pytest.raises(RefoptError, match="is no comparison of whole numbers"):
        count(condition)  # type: ignore[arg-type]


def test_a_formula_is_not_a_list() -> None:
    with pytest.raises(RefoptError, match="one number a step"):
        Schedule("all", "", (), MULTI_STEP.hyper, MULTI_STEP.rate * milestones)


def test_values_and_entries_go_together_and_apart() -> None:
    values = {"lr": Fraction(1, 2), "milestones[0]": Fraction(3), "milestones[1]": Fraction(6)}
    assert gathered(values) == {"lr": Fraction(1, 2), "milestones": (3, 6)}
    assert base("milestones[1]") == "milestones" and base("lr") == "lr"


def test_a_count_is_spelled_out_for_a_list_of_a_length() -> None:
    assert str(spelled_out(AT, {"milestones": 2})) == "where(k >= milestones[0], 1, 0) + where(k >= milestones[1], 1, 0)"


def test_what_is_no_list_is_not_read_as_one() -> None:
    assert read("30,80") is None and read("0.5") is None and read(30) is None and read("[ ]") == []


def test_the_formula_is_told_in_words_letters_and_sympy() -> None:
    assert MULTI_STEP.text() == "lr_k <- lr*factor^count(k >= milestones)"
    assert r"\operatorname{count}\left(k \ge M\right)" in MULTI_STEP.latex()
    assert str(MULTI_STEP.sympy()) == "factor**count_ge(k, milestones)*lr"
