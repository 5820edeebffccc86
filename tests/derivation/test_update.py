"""One update of a shipped rule, in letters, is the shipped rule."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from refopt import catalogue
from refopt.catalogue.symbols import lr
from refopt.derivation.update import Rate, Update
from refopt.errors import RefoptError, UnknownName
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.run import open_loop, rates
from refopt.language.expression import g, tensor, theta
from refopt.language.rule import Let, State


@pytest.mark.parametrize("rule", [r for r in catalogue.rules(variants=True) if r.name != "rmsprop/centered" and not r.inputs], ids=lambda r: r.name)
def test_two_updates_are_those_of_an_exact_run(rule: object) -> None:
    from refopt.language.rule import Rule

    assert isinstance(rule, Rule)
    hyper = {h.name: Fraction(h.default) for h in rule.hyper}
    gradients = [Fraction(3, 4), Fraction(-1, 2)]
    steps = open_loop(rule, hyper=hyper, theta0=[Fraction(2)], gradients=[[x] for x in gradients], digits=60)
    update = Update(rule, {n: sp.Rational(x.numerator, x.denominator) for n, x in hyper.items()})
    state = {"theta": sp.Integer(2), **update.start(2)}
    for t, (now, step) in enumerate(zip(gradients, steps, strict=True), start=1):
        state = update(**state, g=sp.Rational(now.numerator, now.denominator), t=t)
        exact = to_fraction(step.theta[0])
        assert abs(sp.N(state["theta"], 50) - sp.Rational(exact.numerator, exact.denominator)) < sp.Rational(1, 10**48)


@pytest.mark.parametrize("schedule", catalogue.schedules(variants=True), ids=lambda s: s.name)
def test_the_rate_of_a_schedule_is_that_of_an_exact_run(schedule: object) -> None:
    from refopt.language.schedule import Schedule

    assert isinstance(schedule, Schedule)
    hyper = schedule.values()
    if schedule.waits:
        with pytest.raises(RefoptError, match="its rate is no expression in k"):
            Rate(schedule, {})
        return
    rate = Rate(schedule, {n: sp.Rational(x.numerator, x.denominator) for n, x in hyper.items()})
    for k, exact in zip((0, 1, 31, 120), rates(schedule, hyper, (0, 1, 31, 120), digits=60), strict=True):
        value = to_fraction(exact)
        assert abs(sp.N(rate(k), 50) - sp.Rational(value.numerator, value.denominator)) < sp.Rational(1, 10**48)


def test_names_that_the_rule_does_not_have_are_refused() -> None:
    with pytest.raises(UnknownName, match="no hyperparameter of sgd 'momentum'"):
        Update(catalogue.rule("sgd"), {"momentum": 1})
    with pytest.raises(UnknownName, match="no variable of sgd 'v'"):
        Update(catalogue.rule("sgd"), {})(v=1)
    with pytest.raises(UnknownName, match="no hyperparameter of step_decay 'period'"):
        Rate(catalogue.schedule("step_decay"), {"period": 1})


def test_a_state_that_no_update_assigns_stays_what_it_is() -> None:
    anchor = tensor("theta_start")
    anchored = replace(catalogue.rule("sgd"), name="anchored", state=(State(anchor, theta, constant=True),), steps=(Let(theta, anchor - lr * g),))
    update = Update(anchored, {"lr": 1})
    after = update(theta=7, g=2, **update.start(5))
    assert after == {"theta": 3, "theta_start": 5}
