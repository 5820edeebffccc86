"""Hyperparameters at 0, large rates and large parameters, where they can be seen."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.catalogue import rules, schedules
from refopt.golden import store
from refopt.golden.extremes import DECIDES, first_moved, least_gradient, lengths, may_be_zero
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.rounding.formats import FORMATS

RULES = rules(variants=True)
LEAST_SHARE = Fraction(1, 1000)
"""The least share of a square that a state takes up at the usual hyperparameters: 1 - beta2."""


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_every_hyperparameter_that_may_be_zero_is_zero_in_one_case(r: Rule) -> None:
    zero = [n for c in store.cases(r.name) if "Zero" in c.probes for n, x in c.hyper.items() if float(x) == 0 and c.comment == f"{n} = 0"]
    assert sorted(zero) == sorted(h.name for h in r.hyper if may_be_zero(h))


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_parameters_of_ten_thousand_and_rates_of_four_are_updated_by_at_least_16_bounds(r: Rule) -> None:
    far = [c for c in store.cases(r.name) if "FarParameters" in c.probes]
    assert max(abs(float(x)) for c in far for x in c.params[0].theta0) > 9000
    if r.learning_rate is None:
        assert not any(c.lr for c in store.cases(r.name)), "rates are not sent to a rule that has none"
    else:
        assert all(4 in {float(c.hyper["lr"]), *map(float, c.lr or ())} for c in far)
    assert {"float64", "float32"} <= {d for c in far for d in c.dtypes}
    for c in far:
        for d in c.dtypes:
            assert 2 * sum(x >= DECIDES for x in lengths(c, d)) >= c.params[0].tile, (c.id, d)


@pytest.mark.parametrize("s", [s for s in schedules(variants=True) if {"lr_min", "warmup_start"} & set(s.hyper_names)], ids=lambda s: s.name)
def test_a_schedule_starts_and_ends_at_zero_in_one_case(s: Schedule) -> None:
    ends = [n for n in ("lr_min", "warmup_start") if n in s.hyper_names]
    assert any(all(float(c.hyper[n]) == 0 for n in ends) for c in store.cases(s.name))


@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_every_hyperparameter_of_a_schedule_that_may_be_zero_is_zero_in_one_case_and_a_rate_is_large_in_one(s: Schedule) -> None:
    cases = store.cases(s.name)
    zero = [n for c in cases if "Zero" in c.probes for n, x in c.hyper.items() if float(x) == 0 and c.comment == f"{n} = 0"]
    assert sorted(zero) == sorted(h.name for h in s.hyper if may_be_zero(h))
    assert any(float(c.hyper["lr"]) == 4 for c in cases)


@pytest.mark.parametrize("s", [s for s in schedules(variants=True) if "lr_min" in s.hyper_names], ids=lambda s: s.name)
def test_a_last_rate_is_large_enough_in_one_case_to_be_felt_as_a_floor(s: Schedule) -> None:
    assert any(2 * float(c.hyper["lr_min"]) >= float(c.hyper["lr"]) > 0 for c in store.cases(s.name))


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_gradients_reach_to_the_ends_of_what_a_format_tells_apart_and_each_decides(r: Rule) -> None:
    ends = [c for c in store.cases(r.name) if "Ends" in c.probes]
    sizes = {abs(float(x)) for c in ends if "float32" in c.dtypes for row in c.grads for one in row for x in one or ()}
    least = max(least_gradient(r, c.hyper, c.dtypes) for c in ends if "float32" in c.dtypes)
    assert min(sizes) < (2.0**-104 if least <= Fraction(2) ** -104 else 2.0**-78) and max(sizes) > 2.0**61
    for c in ends:
        for d in c.dtypes:
            rows = [(x, b) for p in first_moved(c).params for x, b in zip(p.theta, p.bound[d]["theta"], strict=True)]
            claims = [abs(Fraction(x)) / Fraction(b) for x, b in rows if b != "inf"]  # a root of v - m^2 may be that of a negative number: no claim
            if d == "bfloat16" and any(node.op == "cbrt" for let in r.steps for node in let.value.walk()):
                claims = [x for x in claims if x > 1]  # exp(log(n)/3) of 8 bits has no digit right where n is 2^115: rounding/cube_root.py
            assert 2 * len(claims) > len(rows) and min(claims) >= 4, (c.id, d)  # a claim decides where its bound is a quarter of the update, or less


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_no_square_of_a_gradient_at_the_ends_is_a_subnormal_number(r: Rule) -> None:
    for c in store.cases(r.name):
        for d in c.dtypes if "Ends" in c.probes else ():
            f = FORMATS[d]
            tiniest = f.smallest_normal * f.u  # half the smallest subnormal number: what is below it is nothing
            squares = [Fraction(x) ** 2 for row in c.grads for one in row for x in one or ()]
            assert all(s < tiniest or s * LEAST_SHARE >= f.smallest_normal for s in squares), (c.id, d)
