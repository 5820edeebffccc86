"""A memory is planned so that its operations stay those of the rule: what it gives is what the assignments give one after the other."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule, rules
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.identify.arrays import ARRAYS
from refopt.identify.candidates import levels
from refopt.identify.coordinates import sought
from refopt.identify.formula import Formula, balls_of, formula_of
from refopt.identify.log import Log, Measured
from refopt.identify.memory import planned
from refopt.identify.replay import replay
from refopt.language.expression import g, maximum, tensor
from refopt.language.rule import Let, Rule
from refopt.rounding.formats import FLOAT64

STEPS, ELEMENTS = 9, 3
RULES = (*(r for r in rules(variants=True) if not r.inputs), with_weight_decay(rule("amsgrad"), False), *levels().by_norm[-2:], *levels().by_value[-2:])


def _log(lost: dict[int, frozenset[str]]) -> Log:
    draw = np.random.default_rng(4)
    theta, grad = draw.normal(size=(STEPS + 1, ELEMENTS)), draw.normal(size=(STEPS, ELEMENTS))
    exact = [Measured(x, np.zeros_like(x)) for x in (theta, grad, np.linalg.norm(grad, axis=1), draw.uniform(0.1, 1.0, STEPS))]
    return Log(exact[0], exact[1], exact[3], FLOAT64, norm=exact[2], lost=lost)


def _one_after_the_other(r: Rule, log: Log, hyper: dict[str, Any]) -> np.ndarray[Any, Any]:
    """theta after each update, all assignments of an update made in the written order."""
    formula, theta = formula_of(r), np.empty((STEPS, ELEMENTS))
    assert log.lr is not None
    assert log.norm is not None
    state = formula.start({**hyper, **r.at_rate(log.lr.value[0]), "theta": log.theta.value[0]})
    for s in range(STEPS):
        if s in log.lost:
            fresh = formula.start({**hyper, **r.at_rate(log.lr.value[s]), "theta": log.theta.value[s]})
            state |= {n: fresh[n] for n in log.lost[s]}
        given = {**state, "theta": log.theta.value[s], "g": log.grad.value[s]}
        now = {**hyper, "t": log.times[s], "norm": log.norm.value[s], **r.at_rate(log.lr.value[s])}
        state = formula.whole.run(given, formula.whole.scalars(now))
        theta[s] = state.pop("theta")
    return theta


@pytest.mark.parametrize("loses", [False, True])
@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_planned_memory_gives_the_bits_that_the_assignments_give_in_their_order(r: Rule, loses: bool) -> None:
    log = _log({4: frozenset(r.state_names[:1])} if loses and r.state else {})
    hyper = {c.name: np.float64(c.default) for c in sought(r, log, False)}
    found = replay(formula_of(r), log, {n: np.array([x]) for n, x in hyper.items()}, np.ones((STEPS, ELEMENTS))).theta[0]
    with np.errstate(invalid="ignore"):  # a branch that is not taken may have no value
        wanted = _one_after_the_other(r, log, hyper)
    assert np.all(np.isfinite(wanted))
    np.testing.assert_array_equal(found, wanted)


def test_means_go_without_a_step_of_their_own_and_a_maximum_needs_one() -> None:
    assert Formula(rule("adam"), ARRAYS).memory.last == ()
    assert Formula(rule("amsgrad"), ARRAYS).memory.last == ("v_max",)
    assert [p.recurrence.state for p in balls_of(rule("amsgrad"), _log({})).memory.phases if p.recurrence is not None] == ["m", "v"]


def test_a_state_that_is_read_before_it_is_assigned_is_no_recurrence() -> None:
    a, b = tensor("a"), tensor("b")
    plan = planned([Let(b, maximum(b, a)), Let(a, a + g)], ["a", "b"])
    assert plan.stages == ()
    assert plan.last == ("a", "b")


def test_a_rule_lives_as_long_as_its_formula_which_is_found_by_its_identity() -> None:
    made = replace(rule("nadam"), name="a passing one")  # has a state of one value: its formula holds another rule
    still = weakref.ref(made)
    assert formula_of(made).rule.name == made.name
    del made
    gc.collect()
    assert still() is not None
