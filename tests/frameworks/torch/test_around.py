"""Objects around an optimizer of torch: their step is judged, and what cannot be made again is refused with the function to write."""

from __future__ import annotations

from typing import Any

import pytest

import refopt
from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.frameworks.intent import intent
from tests.frameworks.own.people import around_torch

CASES = ["adam-open-basic-001", "adam-open-shapes-001"]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frameworks are imported once."""
    monkeypatch.setenv("REFOPT_ISOLATED", "0")


def test_an_average_beside_the_weights_leaves_adam_what_it_is() -> None:
    found = refopt.check(around_torch.adam_with_ema, "adam", dtypes=["float64"], cases=CASES).found
    assert found.worst.verdict == Conformance.CONFORMS
    assert "its step is that of WithEma, around torch's Adam" in found.remarks


def test_slow_weights_are_no_adam() -> None:
    found = refopt.check(around_torch.lookahead, "adam", dtypes=["float64"], cases=CASES, search=1).found
    assert found.worst.verdict == Conformance.DEVIATES


def test_a_composed_rule_without_cases_is_refused_with_the_commands_to_type() -> None:
    with pytest.raises(RefoptError, match=r"adam\+lookahead has no golden cases") as raised:
        refopt.check(around_torch.lookahead, "lookahead(adam)")
    assert "--rule adam " in (raised.value.help or "") and "refopt show adam+lookahead --as numpy" in (raised.value.help or "")


@pytest.mark.parametrize(("made", "told"), [
    (around_torch.Lookahead, "is made of an optimizer, and it is not said of which"),
    (around_torch.standing(), "holds an optimizer that has its parameters"),
])  # fmt: skip
def test_what_has_its_parameters_already_is_refused_with_the_function_to_write(made: Any, told: str) -> None:
    with pytest.raises(RefoptError, match=told) as raised:
        refopt.check(made, "adam")
    assert raised.value.help == "name a function that makes both: def make(params, lr=0.001): return Lookahead(torch.optim.Adam(params, lr=lr))"


def test_a_class_whose_name_is_another_algorithms_is_not_judged_by_its_base_class() -> None:
    assert intent(around_torch.LookaheadAdam) is None
    assert intent(type("Mine", (around_torch.LookaheadAdam,), {})) is None
    assert intent(type("Mine", (around_torch.torch.optim.Adam,), {})) == "adam"
