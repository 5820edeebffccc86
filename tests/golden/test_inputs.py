"""Every rule has every sort of case that applies to it, and every schedule the steps where people go wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.catalogue import rules, schedules
from refopt.golden import store
from refopt.golden.model import Case, Result
from refopt.language.lists import base
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

RULES = rules(variants=True)
SCHEDULES = schedules(variants=True)


def _of(r: Rule, kind: str) -> list[Case]:
    return [c for c in store.cases(r.name) if c.kind == kind]


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_defaults_are_sent_to_nobody_and_expected_of_everybody(r: Rule) -> None:
    cases = _of(r, "defaults")
    assert len(cases) == (2 if "eps" in r.hyper_names else 1)  # one with gradients as small as eps
    for case in cases:
        assert case.hyper == {} and set(case.hyper_expected or {}) == set(r.hyper_names)


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_rule_with_state_is_resumed_and_one_that_counts_is_resumed_late_and_over_the_end_of_32_bits(r: Rule) -> None:
    resumed = [c for c in store.cases(r.name) if c.t0 > 1]
    assert all(any(p.state0 for p in c.params) is bool(r.state) for c in resumed)
    late = {250, 2500, 4096, 65536, 2**24, 2**31 - 1}
    assert {c.t0 for c in resumed} == (late if r.uses_step else {250} if r.state else set())
    assert not r.uses_step or max(c.t0 + len(c.grads) - 1 for c in resumed) > 2**31


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_each_hyperparameter_is_once_outside_its_domain(r: Rule) -> None:
    outside = [c.comment.partition(" = ")[0] for c in _of(r, "reject")]
    assert sorted(outside) == sorted(r.hyper_names)
    assert all(c.result == "reject" for c in _of(r, "reject"))


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_the_updates_whose_values_are_kept_stand_in_their_order_and_each_once(r: Rule) -> None:
    for case in store.cases(r.name):
        assert list(case.keep) == sorted(set(case.keep)), case.id


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_the_rate_changes_in_mid_run(r: Rule) -> None:
    if r.learning_rate is None:
        return
    changing = [c for c in _of(r, "open_loop") if c.lr is not None and len(set(c.lr)) > 2]
    ends = [float(c.lr[-1]) for c in changing if c.lr is not None]
    assert 0 in ends or (ends and not r.learning_rate.allows(0)), "it ends at 0 where it may"


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_one_case_has_tensors_of_many_shapes_one_empty_one_a_number_and_one_without_a_gradient(r: Rule) -> None:
    (case,) = (c for c in _of(r, "open_loop") if "Shapes" in c.probes)
    shapes = [p.shape for p in case.params]
    assert len(set(map(len, shapes))) == 3 and () in shapes and (0,) in shapes
    assert [all(row[i] is None for row in case.grads) for i in range(len(shapes))] == [False] * 4 + [True]


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_one_update_has_no_gradient_but_zeros_after_some_that_had_others(r: Rule) -> None:
    """Who leaves a tensor out whose gradient is zero everywhere differs there, in the state or in theta."""
    (zeros,) = (c for c in _of(r, "open_loop") if "-zeros-" in c.id)
    empty = [i for i, rows in enumerate(zeros.grads) if all(float(x) == 0 for row in rows for x in row or ())]
    assert len(empty) == 1 and 0 < empty[0] < len(zeros.grads) - 1


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_edges_list_an_outcome_or_say_in_words_why_there_is_none(r: Rule) -> None:
    may = [c for c in store.cases(r.name) if c.result == "may"]
    probes = {p for c in may for p in c.probes}
    assert probes == {"Subnormal", "Overflow", "NotFinite"} | ({"EpsZero"} if "eps" in r.hyper_names else set())
    assert all(c.reason for c in may)
    decided = {"NotFinite"} if r.name == "adabelief" else {"NotFinite", "EpsZero"}  # its other epsilon is 0 in float16 alone
    signed = any(node.op == "sign" for let in r.steps for node in let.value.walk())  # the sign of NaN is 0 in some libraries
    waits = r.family == "adopt"  # its first update moves nothing, in some programs by a 0 times what is not finite
    assert waits or all(c.outcome is not None for c in may if decided & set(c.probes) and not (signed and "nan" in str(c.grads)))


def _must(s: Schedule) -> list[Case]:
    return [c for c in store.cases(s.name) if c.result == Result.MUST]


@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_a_schedule_is_asked_at_its_start_at_its_boundaries_and_past_its_end(s: Schedule) -> None:
    for case in _must(s):
        hyper = {n: Fraction(x) for n, x in s.values(case.hyper).items()}
        lengths = [int(hyper[n]) for n in ("every", "period", "warmup_steps") if n in hyper]
        assert {0, 1} <= set(case.steps)
        for boundary in lengths:
            assert {boundary - 1, boundary, boundary + 1} <= set(case.steps), (case.id, boundary)
        assert max(case.steps) > sum(lengths) + 1, case.id


@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_each_hyperparameter_of_a_schedule_is_once_not_its_default(s: Schedule) -> None:
    for name in s.hyper_names:
        usual, *sent = ({n: x for n, x in values.items() if base(n) == name} for values in (s.values(), *(s.values(c.hyper) for c in _must(s))))
        assert any(x != usual for x in sent), name
