"""MPFR's numbers give what mpmath's give: every bit where only + - * are used, every golden digit elsewhere."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.catalogue import rule, rules
from refopt.exact.digits import digits
from refopt.exact.numbers import mpfr_numbers, mpmath_numbers
from refopt.exact.run import open_loop
from refopt.golden.changing import inputs_of
from refopt.golden.store import cases

GRADIENTS = [[Fraction((i * 7 + t * 3) % 13 - 6, 64) for i in range(4)] for t in range(40)]
START = [Fraction(i, 8) for i in range(4)]


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov"])
def test_sums_and_products_have_the_same_bits(name: str) -> None:
    runs = []
    for numbers in (mpmath_numbers(), mpfr_numbers()):
        steps = open_loop(rule(name), hyper=rule(name).values(), theta0=START, gradients=GRADIENTS, numbers=numbers)
        runs.append([numbers.interval(x)[0] for step in steps for x in step.theta])
    assert runs[0] == runs[1]


@pytest.mark.parametrize("r", rules(), ids=lambda r: r.name)
def test_the_golden_digits_come_out(r: object) -> None:
    name = str(r.name)  # type: ignore[attr-defined]
    case = next(c for c in cases(name) if c.id.endswith("open-basic-001"))
    p, numbers = case.params[0], mpfr_numbers()
    gradients = [[Fraction(x) for x in (row[0] or ())] for row in case.grads]
    hyper = rule(name).values(case.hyper)
    steps = open_loop(rule(name), hyper=hyper, theta0=[Fraction(x) for x in p.theta0], gradients=gradients, numbers=numbers, digits=60,
                      inputs=inputs_of(case, rule(name), range(len(gradients))))  # fmt: skip
    for e in case.expect:
        found = [digits(numbers.interval(x)[0], 40) for x in steps[e.t - 1].theta]
        assert found == list(e.params[0].theta)
