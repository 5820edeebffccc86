"""Train states of flax: they are judged by what they themselves do with gradients; what is not seen of them is not said to conform."""

from __future__ import annotations

import pytest

import refopt
from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.report.words import told_or_none

pytest.importorskip("flax.nnx", reason="flax is not installed: its train states are judged in no test here")
FEW = ("basic", "low")


def cases(rule: str) -> list[str]:
    return [f"{rule}-open-{case}-001" for case in FEW]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """JAX is imported once."""
    monkeypatch.setenv("REFOPT_ISOLATED", "0")


@pytest.mark.parametrize(("made", "rule", "told"), [("make_adam_state", "adam", "apply_gradients"), ("make_nnx_adamw", "adamw", "tx")])
def test_a_right_one_conforms_at_given_rates(made: str, rule: str, told: str) -> None:
    from tests.frameworks.own.people import of_flax

    found = refopt.check(getattr(of_flax, made), rule, dtypes=["float64"], cases=[f"{rule}-open-basic-001", f"{rule}-open-rate-001"]).found
    assert found.worst.verdict == Conformance.CONFORMS and f"judged: its {told}" in found.told, (found.worst.verdict, found.told)
    assert any(line.result is not None for line in found.worst.ground.lines)


def test_one_that_subtracts_what_is_to_be_added_deviates_although_its_transformation_is_right() -> None:
    from tests.frameworks.own.people import of_flax

    found = refopt.check(of_flax.make_climbing_state, "sgd", dtypes=["float64"], cases=cases("sgd")).found.worst
    assert told_or_none(found.diagnosis.edit) == "theta: theta - lr*g -> theta + lr*g", found.verdict


def test_an_optimizer_whose_update_is_its_own_is_not_judged_by_its_transformation() -> None:
    from tests.frameworks.own.people import of_flax

    with pytest.raises(RefoptError, match="no way of calling it was found"):
        refopt.check(of_flax.make_climbing_nnx_sgd, "sgd", dtypes=["float64"], cases=cases("sgd"))
