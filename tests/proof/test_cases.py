"""Formulas that choose, compared case by case; and recursions, by induction."""

from __future__ import annotations

import pytest
import sympy as sp

from refopt import catalogue
from refopt.catalogue.symbols import lr
from refopt.language.compose import substitute
from refopt.language.expression import literal
from refopt.language.schedule import Schedule, lr_prev
from refopt.proof.cases import same_in_cases
from refopt.proof.recursion import follows

k = sp.Symbol("k", integer=True, nonnegative=True)
n, w = sp.symbols("n w", integer=True, positive=True)
x = sp.Symbol("x", real=True)
p = sp.Symbol("p", positive=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sp.Min(k, n), sp.Piecewise((k, k < n), (n, True))),
        (sp.Min(k, n + w) - w, sp.Piecewise((k - w, k - w < n), (n, True))),
        (sp.Piecewise((5, k <= 0), (5 * x**k, True)), 5 * x**k),
        (sp.Piecewise((sp.Abs(x), x >= 0), (-sp.Abs(x), True)), x),
        (sp.Max(x, 0) + sp.Min(x, 0), x),
        (sp.Abs(x), x * sp.sign(x)),
        (sp.Piecewise((1, sp.ITE(x > 0, x > n, sp.Or(x < -n, sp.Eq(x, 0)))), (0, True)), sp.Piecewise((1, sp.Abs(x) > n), (1 - sp.sign(x) ** 2, True))),
        (sp.Piecewise((1, k < n), (2, True)), sp.Piecewise((2, k > n - 1), (1, True))),
        (sp.Piecewise((x - sp.floor(x), x - sp.floor(x) <= 0), (1, True)), sp.Piecewise((0, sp.floor(x) >= x), (1, True))),
        (sp.Max(1, -sp.floor(-k / n)), sp.Piecewise((1, k <= 0), (-sp.floor(-k / n), True))),
        (-sp.floor(-k / n), sp.Piecewise((sp.floor(k / n), k - n * sp.floor(k / n) <= 0), (sp.floor(k / n) + 1, True))),
        (sp.Piecewise((2, sp.Eq(k, n)), (k, True)), sp.Piecewise((k, k < n), (2, k <= n), (k, True))),
        (sp.Piecewise((((n - k) / n) ** p, k <= n), (0, True)), sp.Piecewise(((n - k) ** p / n**p, k <= n), (0, True))),
        (sp.floor((k - n * sp.floor(k / n)) / (2 * n)), sp.Integer(0)),
        (sp.floor((k + n) / n), sp.floor(k / n) + 1),
        (sp.Abs(k + 1 - 2 * n * sp.floor((k + 1) / (2 * n)) - n), sp.Abs(k + 1 - 2 * n * sp.floor(k / (2 * n)) - n)),
        (sp.Piecewise((1, (k >= n) & (k < n + w)), (2, True)), sp.Piecewise((2, k < n), (1, k < n + w), (2, True))),
    ],
)
def test_the_same_function_in_other_cases_is_proved(one: sp.Expr, other: sp.Expr) -> None:
    assert same_in_cases(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sp.Min(k, n), sp.Piecewise((k, k < n), (n + 1, True))),
        (sp.Piecewise((1, k < n), (2, True)), sp.Piecewise((2, k > n), (1, True))),
        (sp.Max(x, 0), x),
        (sp.sign(x), sp.Piecewise((1, x >= 0), (-1, True))),
        (sp.Piecewise((x + 1, sp.Abs(x) > 0), (7, True)), x + 1),
        (sp.Piecewise((x, x > 0), (1, True)), sp.Piecewise((x, x >= 0), (1, True))),
        (sp.Piecewise((5, k <= 1), (5 * x**k, True)), 5 * x**k),
        (sp.Max(1, -sp.floor(-k / n)), -sp.floor(-k / n)),
        (-sp.floor(-k / n), sp.floor(k / n) + 1),
        (-sp.floor(-k / n), sp.Piecewise((sp.floor(k / n), k - n * sp.floor(k / n) > 0), (sp.floor(k / n) + 1, True))),
        (sp.Piecewise((2, sp.Eq(k, n)), (k, True)), k),
        (sp.floor((k - n * sp.floor(k / n)) / n), sp.Integer(1)),
        (sp.floor((k - 2 * n * sp.floor(k / (2 * n))) / n), sp.Integer(0)),
        (sp.floor((k + 1) / n), sp.floor(k / n)),
        (sp.floor((k + 1) / n), sp.floor(k / n) + 1),
        (sp.Abs(k + 1 - 2 * n * sp.floor((k + 1) / (2 * n)) - w), sp.Abs(k + 1 - 2 * n * sp.floor(k / (2 * n)) - w)),
        (sp.Piecewise((1, (k >= n) & (k < n + w)), (2, True)), sp.Piecewise((2, k <= n), (1, k < n + w), (2, True))),
        (sp.Piecewise((((n - k) / n) ** p, k <= n + 1), (0, True)), sp.Piecewise(((k - n) ** p / n**p, k <= n + 1), (0, True))),
    ],
)
def test_a_difference_in_one_case_is_not_proved_away(one: sp.Expr, other: sp.Expr) -> None:
    assert not same_in_cases(one, other)


RECURSIVE = [s for s in catalogue.schedules(variants=True) if s.recursion is not None and s.name != "cosine_annealing"]


@pytest.mark.parametrize("schedule", RECURSIVE, ids=lambda s: s.name)
def test_the_catalogues_recursions_give_its_closed_forms(schedule: Schedule) -> None:
    assert schedule.recursion is not None
    assert follows(schedule.recursion, substitute(schedule.rate, {"k": literal(0)}), schedule.rate, [c for h in schedule.hyper for c in h.conditions])


@pytest.mark.parametrize("schedule", RECURSIVE, ids=lambda s: s.name)
def test_a_recursion_with_another_start_or_another_factor_is_not_proved(schedule: Schedule) -> None:
    assert schedule.recursion is not None
    assert not follows(schedule.recursion, lr * 2, schedule.rate)
    assert not follows(schedule.recursion * literal("0.5"), lr, schedule.rate)
    assert not follows(lr_prev + 1, lr, schedule.rate)
