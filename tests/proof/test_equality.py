"""Same or not: what is proved, and the points that refute it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from refopt import catalogue
from refopt.language.expression import Expression, literal
from refopt.language.rule import Rule
from refopt.language.text import infix
from refopt.proof.equality import Equality, agreements, compare_rules, compare_schedules
from refopt.proof.exact_point import Run, exact_thetas
from refopt.proof.related import Multiple
from refopt.report.agreements import agreement_told


def _point(written: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(x) for x in written.split(", "))


def _refutes(found: Equality, first: Rule, second: Rule) -> bool:
    """Run both rules from the witness; the values must be those that it states, and differ."""
    assert found.witness is not None
    point = {n: _point(x) for n, x in found.witness.point.items()}
    gradients = point["g"]
    rates = point["lr"] if len(point["lr"]) > 1 else point["lr"] * len(gradients)
    hyper = {n: x[0] for n, x in point.items() if n not in ("g", "theta")}
    run = Run(hyper, point["theta"][0], gradients, rates)
    a, b = (exact_thetas(rule, run)[-1] for rule in (first, second))
    stated = Fraction(found.witness.first), Fraction(found.witness.second)
    close = all(abs(Fraction(str(x.evalf(40))) - y) <= abs(y) * Fraction(1, 10**18) for x, y in zip((a, b), stated, strict=True))
    return close and stated[0] != stated[1]


@pytest.mark.parametrize("name", ["momentum/lr_outside", "momentum/dampened", "momentum/raw_start", "rmsprop/centered", "adam/eps_in_sqrt"])
def test_the_witness_of_a_difference_is_a_point_where_both_runs_give_what_it_states(name: str) -> None:
    first, second = catalogue.rule(name.partition("/")[0]), catalogue.rule(name)
    assert _refutes(compare_rules(first, second), first, second)


def test_a_velocity_that_holds_the_rate_is_the_same_at_a_constant_rate_only() -> None:
    found = compare_rules(catalogue.rule("momentum"), catalogue.rule("momentum/lr_outside"))
    assert (found.same, found.multiple) == ("at_constant_rate", Multiple("v", "lr", by_the_rate=True))
    assert tuple(map(agreement_told, found.agree_when)) == ("momentum = 0",)


def test_a_negative_velocity_is_the_same_everywhere() -> None:
    found = compare_rules(catalogue.rule("nesterov"), catalogue.rule("nesterov/velocity"))
    assert (found.same, found.multiple) == ("everywhere", Multiple("v", "-1"))


def test_the_place_of_eps_is_a_change_of_eps_that_dies_out() -> None:
    found = compare_rules(catalogue.rule("adam"), catalogue.rule("adam/eps_hat"))
    assert found.same == "no"
    assert found.replaced is not None
    assert {n: infix(x) for n, x in found.replaced.items()} == {"eps": "eps / sqrt(1 - beta2^t)"}
    assert tuple(map(agreement_told, found.agree_when)) == ("beta2 = 0", "eps = 0")
    assert found.in_the_limit


def test_a_sum_written_in_another_order_is_the_same_rule() -> None:
    adam = catalogue.rule("adam")
    m = adam.steps[0]
    left, right = m.value.args
    swapped = replace(adam, name="adam/swapped", steps=(replace(m, value=Expression("add", (right, left), extent=m.value.extent)), *adam.steps[1:]))
    assert compare_rules(adam, swapped).same_everywhere


def test_one_digit_of_a_constant_is_seen() -> None:
    sgd = catalogue.rule("sgd")
    step = sgd.steps[-1]
    other = replace(sgd, name="sgd/longer", steps=(*sgd.steps[:-1], replace(step, value=step.value - literal("1e-30"))))
    assert compare_rules(sgd, other).same == "no"


def test_schedules_that_part_after_their_period_have_a_step_as_witness() -> None:
    found = compare_schedules(catalogue.schedule("cosine_annealing"), catalogue.schedule("cosine_annealing/periodic"))
    assert found.same == "no"
    assert found.witness is not None
    assert int(found.witness.point["k"]) > int(found.witness.point["period"])
    assert compare_schedules(catalogue.schedule("warmup"), catalogue.schedule("warmup")).same_everywhere


@pytest.mark.parametrize(
    ("first", "second", "when"),
    [
        ("exponential", "step_decay", ("factor = 1", "every = 1")), ("cosine_annealing", "constant", ("lr_min = lr",)),
        ("warmup", "constant", ("warmup_start = 1",)), ("cosine_annealing", "cosine_annealing/periodic", ("lr_min = lr",)),
    ],
)  # fmt: skip
def test_schedules_agree_for_the_values_that_make_them_one_function(first: str, second: str, when: tuple[str, ...]) -> None:
    assert tuple(map(agreement_told, agreements(catalogue.schedule(first), catalogue.schedule(second)))) == when
