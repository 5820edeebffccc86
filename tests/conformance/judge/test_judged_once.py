"""Runs of the same bits are judged once; whatever is another is judged by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.judge import judged_once as module
from refopt.conformance.judge.judged_once import REMEMBERED, judged_once
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged, stepwise
from refopt.conformance.judge.updates import Update
from refopt.conformance.protocol.implementation import View
from refopt.rounding.formats import FLOAT32, FLOAT64
from tests.conformance.made import ADAM, HYPER, VIEWS, first_update

MODEL = Model("adam", ADAM)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Update]]:
    """The runs that were judged, each time that one was."""
    asked: list[Sequence[Update]] = []

    def noted(model: Model, found: Sequence[Update], *given: Any) -> list[Judged]:
        asked.append(found)
        return stepwise(model, found, *given)

    monkeypatch.setattr(module, "stepwise", noted)
    module._RUNS.clear()
    return asked


def _again(u: Update) -> Update:
    """The same update in arrays of its own."""
    return replace(
        u, before={n: x.copy() for n, x in u.before.items()}, after={n: x.copy() for n, x in u.after.items()}, g=None if u.g is None else u.g.copy(),
        inverse=u.inverse.copy(),
    )  # fmt: skip


def _next_bit(x: Any) -> Any:
    changed = x.copy()
    changed[-1] = np.nextafter(changed[-1], np.inf)
    return changed


def test_the_same_bits_are_judged_once_and_the_judgement_is_of_the_update_that_is_asked_about(judged: list[Sequence[Update]]) -> None:
    one, other = first_update(), _again(first_update())
    (first,), (second,) = (judged_once(MODEL, [u], [HYPER], VIEWS, FLOAT32) for u in (one, other))
    assert len(judged) == 1
    assert first.update is one and second.update is other
    assert second.ratio is first.ratio and second.exact is first.exact


CHANGES: dict[str, Callable[[Update], Update]] = {
    "theta after": lambda u: replace(u, after={**u.after, "theta": _next_bit(u.after["theta"])}),
    "a state after": lambda u: replace(u, after={**u.after, "v": _next_bit(u.after["v"])}),
    "theta before": lambda u: replace(u, before={**u.before, "theta": _next_bit(u.before["theta"])}),
    "the gradient": lambda u: replace(u, g=_next_bit(u.g)),
    "no gradient": lambda u: replace(u, g=None),
    "the sign of a zero": lambda u: replace(u, after={**u.after, "m": -0.0 * u.after["m"]}),
    "a buffer less": lambda u: replace(u, after={n: x for n, x in u.after.items() if n != "v"}),
    "the number of the update": lambda u: replace(u, t=u.t + 1),
    "the parameter": lambda u: replace(u, parameter=u.parameter + 1),
    "the rate": lambda u: replace(u, lr=Fraction(1, 3)),
    "another value of a hyperparameter that changes": lambda u: replace(u, moved={"eps": Fraction(1, 3)}),
    "where elements are": lambda u: replace(u, inverse=u.inverse[::-1].copy()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_run_is_judged_by_itself(change: Callable[[Update], Update], judged: list[Sequence[Update]]) -> None:
    known = first_update()
    judged_once(MODEL, [known], [HYPER], VIEWS, FLOAT32)
    other = change(_again(known))
    (found,), (wanted,) = judged_once(MODEL, [other], [HYPER], VIEWS, FLOAT32), stepwise(MODEL, [other], [HYPER], VIEWS, FLOAT32)
    assert [list(x) for x in judged] == [[known], [other]]
    assert list(found.ratio) == list(wanted.ratio)
    for name, ratio in wanted.ratio.items():
        np.testing.assert_array_equal(found.ratio[name], ratio)


def test_another_formula_format_view_or_hyperparameter_is_judged_by_itself(judged: list[Sequence[Update]]) -> None:
    u = first_update()
    judged_once(MODEL, [u], [HYPER], VIEWS, FLOAT32)
    judged_once(Model("adam/eps_hat", rule("adam/eps_hat")), [u], [HYPER], VIEWS, FLOAT32)
    judged_once(replace(MODEL, excuses=True), [u], [HYPER], VIEWS, FLOAT32)
    judged_once(MODEL, [u], [HYPER], VIEWS, FLOAT64)
    judged_once(MODEL, [u], [HYPER], {**VIEWS, "m": View("m", sign=-1)}, FLOAT32)
    judged_once(MODEL, [u], [{**HYPER, "eps": HYPER["eps"] * 2}], VIEWS, FLOAT32)
    judged_once(MODEL, [u, u], [HYPER], VIEWS, FLOAT32)
    assert len(judged) == 7


def test_a_run_of_long_ago_is_judged_again(judged: list[Sequence[Update]]) -> None:
    u = first_update()
    for i in range(REMEMBERED + 1):
        judged_once(MODEL, [u] * (i + 1), [HYPER], VIEWS, FLOAT32)
    judged_once(MODEL, [u], [HYPER], VIEWS, FLOAT32)
    assert len(judged) == REMEMBERED + 2


@pytest.mark.parametrize("field", [f.name for f in fields(Update)])
def test_an_update_that_differs_in_any_field_is_another_run(field: str, judged: list[Sequence[Update]]) -> None:
    one = first_update()
    value: Any = getattr(one, field)
    changed = (
        {**value, "other": np.zeros(1)} if isinstance(value, Mapping)
        else _next_bit(value) if isinstance(value, np.ndarray) and value.dtype == np.float64
        else value[::-1].copy() if isinstance(value, np.ndarray)
        else Fraction(1, 3) if value is None
        else value + 1
    )  # fmt: skip
    assert not module._is_same(one, replace(one, **{field: changed}))
    assert module._is_same(one, _again(one))
