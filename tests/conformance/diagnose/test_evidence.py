"""Evidence of some of the observations: what was compared with the reference is taken over, and is what a comparison would give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from refopt import catalogue
from refopt.conformance.diagnose import evidence as module
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.mode import Mode
from refopt.conformance.protocol.observe import observe
from refopt.frameworks import load
from refopt.golden import store
from refopt.rounding.formats import FLOAT32
from tests.conformance.judge.test_second_process import LAST_BITS

CASES = ("adam-open-basic-001", "adam-defaults-001", "adam-open-absent-001", "adam-open-rate-001")


@pytest.fixture
def seen() -> Evidence:
    rule = catalogue.rule("adam")
    implementation: Any = load("numpy.adam")
    cases = {c.id: c for c in store.packed_cases("adam")}
    found = [observe(implementation, rule, cases[n], FLOAT32) for n in CASES]
    return Evidence(rule, implementation.views, implementation.settings, found, FLOAT32, Mode.STEPWISE)


def test_what_was_compared_with_the_reference_is_not_compared_again(seen: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    o = seen.observations
    chosen = [o[3], o[0], o[2]]
    anew = seen.with_observations(chosen).by_reference
    assert seen.by_reference
    monkeypatch.setattr(module, "stepwise", None)  # nothing is judged any more
    told = seen.with_observations(chosen)
    assert [j.update for j in told.by_reference] == told.updates and {u.case for u in told.updates} == {0, 1, 2}
    assert len(told.by_reference) == len(anew) > 20
    for a, b in zip(told.by_reference, anew, strict=True):
        assert (a.update.case, a.update.step, a.update.parameter) == (b.update.case, b.update.step, b.update.parameter)
        assert a.exact == b.exact and a.theirs == b.theirs and a.hyper == b.hyper
        for name, ratio in b.ratio.items():
            assert np.allclose(a.ratio[name], ratio, rtol=LAST_BITS, atol=0, equal_nan=True), name


def test_another_observation_or_other_settings_are_compared_anew(seen: Evidence) -> None:
    assert seen.by_reference
    other = replace(seen.observations[0], elapsed=1.0)
    assert "by_reference" not in vars(seen.with_observations([seen.observations[1], other]))
    assert "by_reference" not in vars(seen.with_observations(list(seen.observations)).with_settings({"beta2": "0.99"}))
