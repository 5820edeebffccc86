"""What is read keeps the source's own operations; as a rule it does what the implementation does."""

from __future__ import annotations

import pytest

from refopt import catalogue
from refopt.frameworks import load
from refopt.language.extent import ELEMENT
from refopt.language.text import infix
from refopt.lifting.lifted import Lifted
from refopt.proving.lift import lift

pytest.importorskip("torch", reason="torch is in the test extra; without it its optimizers cannot be read")


def _lifted(name: str, rule: str) -> Lifted:
    return lift(load(name), catalogue.rule(rule))


def test_torch_adam_is_read_in_the_order_of_its_source() -> None:
    later = _lifted("torch.optim.Adam", "adam").later
    assert infix(later["m"]) == "m + (1 - beta1)*(g - m)"
    assert infix(later["v"]) == "v*beta2 + (1 - beta2)*(g*g)"
    root = "sqrt(v*beta2 + (1 - beta2)*(g*g)) / sqrt(1 - beta2^t)"
    assert infix(later["theta"]) == f"theta + (-lr / (1 - beta1^t)) * ((m + (1 - beta1)*(g - m)) / ({root} + eps))"


def test_what_the_source_computes_once_is_one_object() -> None:
    later = _lifted("torch.optim.Adam", "adam").later
    assert any(node is later["m"] for node in later["theta"].walk())
    assert any(node is later["v"] for node in later["theta"].walk())


def test_the_first_update_stands_apart_only_where_it_is_another() -> None:
    assert _lifted("torch.optim.SGD(momentum=0.9)", "momentum").is_uniform()
    dampened = _lifted("torch.optim.SGD(momentum=0.9, dampening=0.5)", "momentum")
    assert not dampened.is_uniform()
    assert "where(t = 1, g, " in dampened.rule().text()


def test_a_hyperparameter_that_is_switched_off_stays_off_and_others_are_symbols() -> None:
    assert [h.name for h in _lifted("torch.optim.Adam", "adam").hyper] == ["lr", "beta1", "beta2", "eps"]
    assert "weight_decay" in [h.name for h in _lifted("torch.optim.Adam(weight_decay=0.01)", "adam").hyper]


def test_states_and_parameters_are_tensors_hyperparameters_are_not() -> None:
    lifted = _lifted("torch.optim.Adam(amsgrad=True)", "amsgrad")
    assert {str(s.name) for s in lifted.state} == {"m", "v", "v_max"} and all(s.extent == ELEMENT for s in lifted.state)
    assert lifted.buffers == {"m": "exp_avg", "v": "exp_avg_sq", "v_max": "max_exp_avg_sq"}
