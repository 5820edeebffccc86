"""Code of rules that are given more than the gradient, where it can be run here: torch, JAX and in place have the values of NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from refopt.catalogue.optimizers.noisy_sgd import NOISY_SGD
from refopt.language.rule import Rule
from refopt.lowering.generate import module
from tests.catalogue.sophia import SOPHIA

HYPER = {
    "sophia": {"lr": 0.01, "beta1": 0.9, "beta2": 0.75, "gamma": 0.5, "eps": 0.001, "interval": 2, "weight_decay": 0.1},
    "noisy_sgd": {"lr": 0.01, "noise_variance": 0.3, "noise_decay": 0.55},
}
RULES = pytest.mark.parametrize("rule", [NOISY_SGD, SOPHIA], ids=lambda r: r.name)
STEPS = 4


def _executed(rule: Rule, to: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "generated"}
    exec(module(rule, to), space)
    return space


def _given() -> tuple[Any, list[tuple[Any, Any]]]:
    draw = np.random.default_rng(1)
    return draw.normal(size=5), [(draw.normal(size=5), draw.normal(size=5)) for _ in range(STEPS)]


def _expected(rule: Rule) -> Any:
    theta, rows = _given()
    code = _executed(rule, "numpy")
    state = code["init"](theta)
    for t, (g, beside) in enumerate(rows, start=1):
        theta, state = code["step"](theta, g, beside, state, t, **HYPER[rule.name])
    return theta


@RULES
def test_an_optimizer_of_torch_is_given_it_by_name_one_tensor_a_parameter(rule: Rule) -> None:
    torch = pytest.importorskip("torch")
    theta, rows = _given()
    p = torch.nn.Parameter(torch.tensor(theta))
    made = next(x for n, x in _executed(rule, "torch").items() if n == "".join(w.capitalize() for w in rule.name.split("_")))([p], **HYPER[rule.name])
    with pytest.raises(ValueError, match=f"is given {rule.input_names[0]} beside the gradient, not nothing"):
        made.step()
    for g, beside in rows:
        p.grad = torch.tensor(g)
        made.step(**{rule.input_names[0]: [torch.tensor(beside)]})
    assert np.allclose(p.detach().numpy(), _expected(rule), rtol=1e-14)


@RULES
def test_a_transformation_of_jax_takes_trees_like_the_parameters(rule: Rule) -> None:
    jax = pytest.importorskip("jax")
    theta, rows = _given()
    with jax.enable_x64(True):
        params = [jax.numpy.asarray(theta)]
        made = _executed(rule, "jax")[rule.name](**HYPER[rule.name])
        state = made.init(params)
        with pytest.raises(ValueError, match=f"the rule needs {rule.input_names[0]}"):
            made.update(params, state, params)
        for g, beside in rows:
            changes, state = made.update([jax.numpy.asarray(g)], state, params, **{rule.input_names[0]: [jax.numpy.asarray(beside)]})
            params = [x + y for x, y in zip(params, changes, strict=True)]
        assert np.allclose(np.asarray(params[0]), _expected(rule), rtol=1e-14)


@RULES
def test_code_in_place_takes_it_after_the_gradient(rule: Rule) -> None:
    theta, rows = _given()
    code = _executed(rule, "inplace")
    states = [np.zeros_like(theta) for _ in code["STATE"]]
    scratch = [np.empty_like(theta) for _ in range(code["SCRATCH"])]
    assert code["INPUTS"] == rule.input_names
    for t, (g, beside) in enumerate(rows, start=1):
        code["update"](theta, g, beside, *states, *scratch, *code["scalars"](t, float, *HYPER[rule.name].values()))
    assert np.allclose(theta, _expected(rule), rtol=1e-14)


@RULES
def test_c_rust_and_javascript_read_it_as_they_read_the_gradient(rule: Rule) -> None:
    (name,) = rule.input_names
    assert f"const float *restrict g, const float *restrict {name}" in module(rule, "c")
    assert f"g: &[f32], {name}: &[f32]" in module(rule, "rust")
    assert f"check(theta, {{ g, {name}" in module(rule, "javascript") and f"step(theta, g, {name}, state" in module(rule, "javascript")
    assert f'"inputs": [\n    {{"name": "{name}"' in module(rule, "json")
