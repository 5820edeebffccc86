"""A check that a second process helps with says the same, and goes on without it where that is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from refopt import catalogue
from refopt.cli.main import main
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge import second_process as second
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Hyper, Model, Scalars
from refopt.conformance.judge.stepwise import Judged, judged_here, stepwise
from refopt.conformance.judge.updates import Update
from refopt.conformance.protocol.observe import observe
from refopt.frameworks import load
from refopt.golden import store
from refopt.rounding.formats import FLOAT32, Format


@pytest.fixture(scope="module")
def seen() -> Evidence:
    """Every update of Adam's longest run, and of two short cases."""
    rule = catalogue.rule("adam")
    implementation: Any = load("refopt.generated.numpy.adam")
    cases = [c for c in store.packed_cases("adam") if "float32" in c.dtypes and c.kind == "open_loop"]
    chosen = [*sorted(cases, key=lambda c: -len(c.grads))[:1], *cases[:2]]
    found = [observe(implementation, rule, c, FLOAT32) for c in chosen]
    return Evidence(rule, implementation.views, implementation.settings, found, FLOAT32, Mode.STEPWISE)


@pytest.fixture(scope="module")
def here(seen: Evidence) -> list[Judged]:
    """All of it, judged in this process."""
    return judged_here(*given(seen))


@pytest.fixture
def two() -> Iterator[None]:
    with second.second_process(2):
        yield


def given(seen: Evidence, model: Model | None = None) -> tuple[Model, list[Update], list[Hyper], Any, Format]:
    model = model or Model("adam", seen.reference)
    return model, seen.updates, seen.hypers(seen.reference), seen.views(seen.reference), seen.format


LAST_BITS = 8 * 2.0**-53
"""Elements that are computed together take the short way of a product where all of them can (`rounding/ways.py`). Both ways have the same value: five
operations to the error before a rounding, three for the rounding, each to 53 bits."""


def assert_same(some: list[Judged], others: list[Judged]) -> None:
    """The same updates, the same values and the same exact ones; bounds and ratios up to their last bits."""
    assert len(some) == len(others)
    for a, b in zip(some, others, strict=True):
        assert a.update is b.update and a.hyper == b.hyper and a.theirs == b.theirs and a.exact == b.exact
        for name, ratio in b.ratio.items():
            assert np.allclose(a.ratio[name], ratio, rtol=LAST_BITS, atol=0, equal_nan=True), (a.update.case, a.update.t, name)
            x, y = a.allowed[name].values, b.allowed[name].values
            assert np.allclose(x.mantissa, y.mantissa, rtol=LAST_BITS, atol=0) and (x.exponent == y.exponent).all(), (a.update.case, a.update.t, name)


def test_what_two_processes_judge_is_the_same(seen: Evidence, here: list[Judged], two: None) -> None:
    asked = second._RUNNING
    assert asked is not None and second._part(seen.updates)
    assert_same(stepwise(*given(seen)), here)


def _closure(rate: float) -> Any:
    return lambda hyper, t, f: Scalars(hyper)


def test_a_cause_that_cannot_be_sent_is_judged_here(seen: Evidence, here: list[Judged], two: None) -> None:
    model = replace(Model("adam", seen.reference), scalars=_closure(0.5))
    assert_same(stepwise(*given(seen, model)), here)


def test_a_second_process_that_is_lost_changes_nothing(seen: Evidence, here: list[Judged], two: None) -> None:
    lost = second._RUNNING
    assert lost is not None and lost._process is not None
    lost._process.kill()
    lost._process.wait()
    for _ in range(2):  # the first time its pipe breaks, the second time it is known to be gone
        assert_same(stepwise(*given(seen)), here)


def test_an_error_in_the_second_process_is_raised_where_the_whole_is_judged(seen: Evidence, two: None) -> None:
    model, found, hypers, views, f = given(seen)
    broken = [replace(u, before={n: x for n, x in u.before.items() if n != "theta"}) if u.step > 900 else u for u in found]
    with pytest.raises(KeyError):
        stepwise(model, broken, hypers, views, f)


def test_a_part_is_long_and_leaves_as_much(seen: Evidence) -> None:
    away = second._part(seen.updates)
    assert second.SHORTEST <= len(away) <= len(seen.updates) // 2
    runs = {(seen.updates[i].case, seen.updates[i].parameter) for i in away}
    assert len(runs) == 1 and sum((u.case, u.parameter) in runs for u in seen.updates) - len(away) >= second.SHORTEST
    assert second._part(seen.updates[: 2 * second.SHORTEST - 1]) == []


def test_the_screen_is_the_same_with_one_process_and_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    pages = []
    for processes in ("1", "2"):
        assert main(["check", "refopt.generated.numpy.adam", "--dtype", "float64", "--processes", processes]) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1] and "conforms" in pages[0]


@pytest.mark.parametrize("count", ["0", "-1", "two", "1.5"])
def test_a_count_of_processes_is_a_whole_number_from_one_on(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "numpy.adam", "--processes", count]) == 2
    assert "no number of processes" in capsys.readouterr().err


def test_the_environment_says_how_many_are_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(second.VARIABLE, "1")
    assert second.usual() == 1
    monkeypatch.setenv(second.VARIABLE, "none")
    assert 1 <= second.usual() <= 2


def test_what_was_begun_early_is_what_is_judged_here(seen: Evidence, here: list[Judged], two: None) -> None:
    assert seen.begin()
    model, found, hypers, views, f = given(seen)
    assert not seen.begin(), "it has not been asked for the first yet, or it is at work"
    others = judged_here(model, found[:3], hypers, views, f)
    assert_same(stepwise(model, found[:3], hypers, views, f), others)
    assert_same(seen.judge(model), here)
    assert_same(seen.judge(model), here)


def test_what_was_begun_early_and_is_lost_is_judged_here(seen: Evidence, here: list[Judged], two: None) -> None:
    assert seen.begin() and second._RUNNING is not None and second._RUNNING._process is not None
    second._RUNNING._process.kill()
    assert_same(seen.judge(given(seen)[0]), here)


def test_the_answer_for_one_model_is_not_that_for_another(seen: Evidence, two: None) -> None:
    assert seen.begin()
    other = Model("adam/uncorrected", catalogue.rule("adam/uncorrected"))
    assert any((r > 1).any() for j in seen.judge(other) for r in j.ratio.values())
    assert not any((r > 1).any() for j in seen.judge(given(seen)[0]) for r in j.ratio.values())
