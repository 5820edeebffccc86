"""An edit is called the same formula only where that is proved."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue import rule, schedule
from refopt.golden.change import Kind
from refopt.golden.equivalence import is_equivalent, is_equivalent_schedule
from refopt.golden.mutants import Mutant, ScheduleMutant, mutants, schedule_mutants
from refopt.language.expression import Expression, g, k, literal, theta, where
from refopt.language.rule import Rule
from refopt.report.words import told


def test_a_warm_up_may_take_in_its_end_because_the_rates_meet_there() -> None:
    for name in ("warmup", "warmup+cosine_annealing"):
        s = schedule(name)
        moved = {told(m.edit): is_equivalent_schedule(m, s) for m in schedule_mutants(s)[3:8]}
        assert moved == {
            "rate: k < warmup_steps -> k <= warmup_steps": True,
            "rate: k < warmup_steps -> k < warmup_steps + 1": True,
            "rate: k < warmup_steps -> k < warmup_steps - 1": False,
            "rate: k -> k + 1": False,
            "rate: k -> k - 1": True,
        }


def test_a_boundary_where_the_rates_jump_may_not_move() -> None:
    s = schedule("constant")
    jumping = replace(s, rate=where(k < 5, s.rate, s.rate / 2), recursion=None)
    moved = ScheduleMutant("x", "", replace(s, rate=where(k < 6, s.rate, s.rate / 2), recursion=None))
    assert not is_equivalent_schedule(moved, jumping)


def test_the_same_rate_in_other_words_is_the_same() -> None:
    s = schedule("exponential")
    assert is_equivalent_schedule(ScheduleMutant("x", "", replace(s, rate=s.rate * literal(2) / 2)), s)
    assert not is_equivalent_schedule(ScheduleMutant("x", "", replace(s, rate=s.rate * literal(2))), s)


def test_no_edit_of_a_schedule_without_a_boundary_is_the_same_rate() -> None:
    s = schedule("exponential")
    assert not any(is_equivalent_schedule(m, s) for m in schedule_mutants(s))


def test_an_initial_value_that_the_first_update_does_not_read_is_no_edit() -> None:
    by_rule = [is_equivalent(m, r) for r in (rule("momentum"), rule("momentum/raw_start")) for m in mutants(r) if m.edit.kind is Kind.STARTS_AT]
    assert by_rule == [False, True]


def test_the_same_rule_is_the_same_and_an_edited_one_is_not() -> None:
    adam = rule("adam")
    assert is_equivalent(Mutant("x", "", adam), adam)
    assert not any(is_equivalent(m, adam) for m in mutants(adam)[::10])


def test_a_choice_by_real_numbers_is_proved_whichever_way_it_falls() -> None:
    sgd = rule("sgd")
    lr, (step,) = sgd.hyper[0].symbol, sgd.steps

    def chosen(by: Expression, then: Expression) -> Rule:
        return replace(sgd, steps=(replace(step, value=where(by > literal("0.5"), then, theta - lr * g)),))

    ours = chosen(lr, theta * (1 - lr) - lr * g)
    assert is_equivalent(Mutant("x", "", chosen(lr, theta - lr * (theta + g))), ours)
    assert not is_equivalent(Mutant("x", "", chosen(lr, theta - lr * (theta - g))), ours)
    assert not is_equivalent(Mutant("x", "", chosen(lr * 2, theta - lr * (theta + g))), ours)
