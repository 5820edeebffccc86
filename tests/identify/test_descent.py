"""A descent along a side of its box is as short as one inside; theta made of the state after an update is the whole formula's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rules
from refopt.identify.descent import descend
from refopt.identify.formula import formula_of
from refopt.identify.printed import Floats
from refopt.language.rule import Rule


@pytest.mark.parametrize("seed", range(10))
def test_a_descent_ends_at_the_best_place_of_the_box_after_a_few_steps(seed: int) -> None:
    draw = np.random.default_rng(seed)
    slope = draw.normal(size=(40, 4)) @ (np.eye(4) + 0.97)  # coordinates that are hard to tell apart
    right = slope @ np.array([0.3, 1.5, -1.5, 0.2]) + 0.1 * draw.normal(size=40)
    low, high = np.full(4, -1.0), np.full(4, 1.0)
    asked = []

    def evaluate(q: Floats) -> Floats:
        asked.append(len(q))
        return np.asarray(q @ slope.T - right)

    found = descend(evaluate, np.zeros((1, 4)), (low, high))[0]
    downhill = -slope.T @ (slope @ found - right)
    size = np.linalg.norm(slope.T @ right)
    inside = (found > low) & (found < high)
    assert np.all(np.abs(downhill[inside]) <= 1e-5 * size), seed
    assert np.all(downhill[found == low] <= 0) and np.all(downhill[found == high] >= 0), seed
    assert len(asked) <= 24, (seed, len(asked))


@pytest.mark.parametrize("rule", [r for r in rules(variants=True) if not r.inputs], ids=lambda r: r.name)
def test_theta_from_the_state_after_an_update_is_that_of_the_whole_formula(rule: Rule) -> None:
    draw = np.random.default_rng(1)
    formula = formula_of(rule)
    hyper: dict[str, Any] = {n: np.float64(x) for n, x in rule.values().items()}
    given = {**hyper, "theta": draw.normal(size=50), "t": 1.0}
    given |= formula.start(given)
    with np.errstate(invalid="ignore"):  # a branch that is not taken may have no value
        for t in (1.0, 2.0, 3.0):
            given |= {"t": np.float64(t), "g": draw.normal(size=50)}
            if t < 3:
                given |= formula.whole.run(given, formula.whole.scalars(given))
        after = formula.whole.run(given, formula.whole.scalars(given))
        renewed = {n: after[n] for n in formula.renewed}
        theta = formula.last.run({**given, **renewed}, formula.last.scalars(given))["theta"]
    assert np.all(np.isfinite(after["theta"]))
    assert np.array_equal(theta, after["theta"])
