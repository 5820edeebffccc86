"""What trees need so that they have a value, and which of it is proved to be met."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt import catalogue
from refopt.catalogue import symbols
from refopt.language.expression import Expression, absolute, equal, g, literal, maximum, operation, sqrt, t, theta, where
from refopt.language.rule import Let
from refopt.lifting.needs import Wanted, needs_of, unproved
from refopt.lifting.ranges import End, Range, of_hypers, range_of
from refopt.lifting.zeros import follows, zeros
from refopt.proof.compare import at_special_points, is_rule, relate
from refopt.proof.update_trees import after
from tests.lifting.changed import changed

ADAM, RMSPROP = catalogue.rule("adam"), catalogue.rule("rmsprop")
KNOWN = of_hypers(ADAM.hyper) | {t: Range(End(Fraction(2)))}
lr, beta1, beta2, eps, v = symbols.lr, symbols.beta1, symbols.beta2, symbols.eps, symbols.v


@pytest.mark.parametrize("tree", [1 - beta1, 1 - beta1**2, 1 - operation("pow", beta1, t), t - 1, t, 1 + v, maximum(v, literal(Fraction(1, 10))), beta1 + 1])
def test_what_is_never_zero_is_seen_to_be_positive(tree: Expression) -> None:
    assert range_of(tree, KNOWN).is_positive


@pytest.mark.parametrize("tree", [v, v * g, g, eps + sqrt(v), lr, 1 - beta1 - beta2, t - 2, beta1 * beta2, absolute(g), g * g])
def test_what_may_be_zero_is_not_said_to_be_without_it(tree: Expression) -> None:
    assert not range_of(tree, KNOWN).has_no_zero


@pytest.mark.parametrize("tree", [v, g * g, beta2 * v + (1 - beta2) * g**2, sqrt(v) + eps, absolute(g), maximum(g, v), v * eps / (1 - beta2)])
def test_what_is_never_negative_is_seen(tree: Expression) -> None:
    assert range_of(tree, KNOWN).is_nonnegative


@pytest.mark.parametrize("tree", [g, v - g * g, v * g, sqrt(v) - eps, beta1 - beta2, 2 - t])
def test_what_may_be_negative_is_not_said_to_be_so_never(tree: Expression) -> None:
    assert not range_of(tree, KNOWN).is_nonnegative


def test_a_choice_knows_its_condition() -> None:
    tree = where(operation("gt", v, literal(0)), v, literal(1))
    assert range_of(tree, KNOWN).is_positive
    assert not range_of(where(operation("ge", v, literal(0)), v, literal(1)), KNOWN).is_positive


def test_a_sum_is_zero_where_both_parts_are_and_a_product_where_one_is() -> None:
    from refopt.lifting.ranges import Ranges

    ranges = Ranges(KNOWN)
    both, one = zeros(sqrt(v) + eps, ranges, wide=True), zeros(v * eps, ranges, wide=True)
    assert follows(both, one) and not follows(one, both)
    assert not follows(zeros(v, ranges, wide=True), both)


def test_every_division_root_and_logarithm_is_a_need() -> None:
    tree = operation("log", sqrt(v) / g)
    assert [(n.wanted, str(n.node)) for n in needs_of([tree])] == [(Wanted.NONNEGATIVE, "v"), (Wanted.NONZERO, "g"), (Wanted.POSITIVE, "sqrt(v) / g")]


def test_a_guarded_division_is_met() -> None:
    guarded = where(equal(g, 0), literal(0), g * g / g)
    assert unproved({"theta": guarded}, {}, KNOWN) is None
    assert unproved({"theta": where(equal(g, 0), g * g / g, literal(0))}, {}, KNOWN) is not None


def test_adam_needs_nothing_beyond_itself() -> None:
    trees = after(ADAM, first=False)
    assert unproved(trees, trees, KNOWN) is None
    assert unproved(trees, {}, KNOWN) is not None  # eps = 0 with v = 0


CANCELLED = {
    "a power over the gradient": lambda x: x.replace_in("v", g**2, operation("div", g * g * g, g)),
    "a root squared": lambda x: x.replace_in("theta", lr, operation("square", sqrt(lr)) * g / g),
    "an inverse of an inverse": lambda x: x.replace_in("theta", lr, 1 / (1 / lr)),
}


@pytest.mark.parametrize("kind", CANCELLED)
def test_what_sympy_cancels_is_refuted_where_it_has_no_value(kind: str) -> None:
    read = CANCELLED[kind](changed(RMSPROP))
    assert not is_rule(RMSPROP, read)
    relation = relate(RMSPROP, read)
    assert relation.same == "no" and relation.witness is not None and relation.witness.second.startswith("none: ")


def test_a_branch_far_away_yields_its_own_point() -> None:
    step = RMSPROP.steps[-1]
    for condition in (equal(t, 17), operation("gt", t, literal(1000)), operation("gt", lr, literal(3)), operation("gt", absolute(g), literal(50_000))):
        read = changed(RMSPROP).with_steps((*RMSPROP.steps[:-1], Let(theta, where(condition, theta, step.value))))
        relation = relate(RMSPROP, read)
        assert relation.same == "no", condition
    assert at_special_points(RMSPROP, RMSPROP) is None
