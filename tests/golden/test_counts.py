"""Every update up to 1,030, and a gradient that comes and goes: two countings of updates are right."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from refopt.catalogue import rules
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import open_loop
from refopt.golden import store
from refopt.golden.changing import inputs_of
from refopt.golden.closed_loop_inputs import exact_hyper
from refopt.golden.model import Case, Counting, numbered, numbers
from refopt.language.evaluate import binary64
from refopt.language.rule import Rule

RULES = rules(variants=True)
WAITING = ("adopt", "rprop/late")
"""Families and variants whose first update moves nothing."""


def _only(r: Rule, probe: str) -> Case:
    (case,) = (c for c in store.cases(r.name) if probe in c.probes)
    return case


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_one_run_has_every_update_up_to_1030_and_takes_few_bytes(r: Rule) -> None:
    case = _only(r, "EveryUpdate")
    assert (case.t0, len(case.grads), case.period) == (1, 1030, 7)
    assert all(case.grads[i] == case.grads[i % 7] for i in range(1030))
    (written,) = (c for c in json.loads((store.packed_root() / r.name / "open_loop.json").read_text())["cases"] if c["id"] == case.id)
    assert len(written["grads"]) == 7 and len(json.dumps(written)) < max(4000, 1300 * (1 + len(r.state)))


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_gradient_is_absent_in_the_updates_two_and_three_of_six_and_both_countings_have_values_where_they_differ(r: Rule) -> None:
    case = _only(r, "Absent")
    assert [[g is None for g in row] for row in case.grads] == [[False, i in (1, 2)] for i in range(6)]
    assert bool(case.expect_own) == r.uses_step
    for e in (*case.expect, *case.expect_own):
        assert e.t != 3 or (e.params[1].theta != case.params[1].theta0) == (not {r.name, r.family} & set(WAITING))


@pytest.mark.parametrize("counting", Counting)
@pytest.mark.parametrize("r", [r for r in RULES if r.uses_step], ids=lambda r: r.name)
def test_the_values_of_a_counting_are_those_of_a_run_with_its_numbers_and_without_the_absent_gradients(r: Rule, counting: Counting) -> None:
    case = _only(r, "Absent")
    present = [i for i, row in enumerate(case.grads) if row[1] is not None]
    counted = [numbers(case, 1, counting)[i] for i in present]
    assert counted == ([1, 4, 5, 6] if counting is Counting.RUN else [1, 2, 3, 4])
    rows = [[binary64(x) for x in case.grads[i][1] or ()] for i in present]
    run = open_loop(r, hyper=exact_hyper(case, r), theta0=[binary64(x) for x in case.params[1].theta0], gradients=rows, counted=counted,
                    inputs=inputs_of(case, r, present, 1))  # fmt: skip
    expected = case.expect if counting is Counting.RUN else case.expect_own
    theta = [mpmath_numbers().interval(x)[0] for x in run[-1].theta]
    assert all(abs(x - Fraction(y)) <= abs(x) / 10**35 for x, y in zip(theta, expected[-1].params[1].theta, strict=True))


def test_a_number_of_its_own_stands_still_while_there_is_no_gradient() -> None:
    present = [True, False, False, True]
    assert numbered(1, present, Counting.RUN) == (1, 2, 3, 4)
    assert numbered(1, present, Counting.OWN) == (1, 1, 1, 2)
