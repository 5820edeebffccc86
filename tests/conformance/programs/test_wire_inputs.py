"""Both wires carry what an update is given beside the gradient, and a program that does not offer it is told so in one line."""

from __future__ import annotations

import json

import numpy as np

from refopt.conformance.programs.declaration import DeclaredRule
from refopt.conformance.programs.flat_wire import FlatWire
from refopt.conformance.programs.json_wire import JsonWire
from refopt.conformance.programs.program import alone
from refopt.conformance.protocol.implementation import Request
from refopt.rounding.formats import FLOAT32


def _request(tensors: int = 1) -> Request:
    row = tuple(np.array([1, 2], np.float32) + i for i in range(tensors))
    beside = tuple(-x for x in row)
    return Request("noisy_sgd", (), FLOAT32, {"lr": 0.5}, None, row, None, 3, (row, row), inputs={"noise": (beside, beside)})


def test_the_json_wire_sends_it_in_the_form_of_the_gradients() -> None:
    sent = json.loads(JsonWire().run(1, "noisy_sgd", DeclaredRule(("lr",), inputs=("noise",)), _request(2)))
    assert sent["inputs"] == {"noise": [[["-1", "-2"], ["-2", "-3"]]] * 2}
    assert sent["grads"] == [[["1", "2"], ["2", "3"]]] * 2


def test_a_rule_without_further_inputs_is_asked_as_before() -> None:
    request = _request()
    sent = json.loads(JsonWire().run(1, "sgd", DeclaredRule(("lr",)), Request("sgd", (), FLOAT32, {"lr": 0.5}, None, request.theta0, None, 1, request.grads)))
    assert "inputs" not in sent


def test_the_flat_wire_has_a_field_for_each_input_in_the_declared_order() -> None:
    declared = FlatWire().declaration(b"ok mine ; noisy_sgd lr +noise eta / m ; float32 ; resume\n").rules["noisy_sgd"]
    assert (declared.hyper, declared.inputs, declared.state) == (("lr", "eta"), ("noise",), ("m",))
    line = FlatWire().run(1, "noisy_sgd", DeclaredRule(("lr",), inputs=("noise",)), _request())
    assert isinstance(line, bytes)
    assert [x.strip() for x in line.decode().split(";")][-2:] == ["1 2 1 2", "-1 -2 -1 -2"]


def test_a_declaration_in_json_names_its_inputs() -> None:
    said = {"protocol": 1, "implementation": {"name": "mine"}, "dtypes": ["float32"], "rules": {"sophia": {"hyper": ["lr"], "inputs": ["hessian"]}}}
    assert JsonWire().declaration(json.dumps(said).encode()).rules["sophia"].inputs == ("hessian",)


def test_some_updates_and_one_tensor_of_a_run_keep_what_belongs_to_them() -> None:
    request = _request(2)
    one = alone(request, 1)
    assert [row[0].tolist() for row in one.inputs["noise"] if row[0] is not None] == [[-2, -3], [-2, -3]]
    assert len(request.some_updates([1]).inputs["noise"]) == 1 == len(request.some_updates([1]).grads)
