"""The generated optimizers of torch: judged like torch's own, and used as torch's own are used."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from refopt.conformance.verdict.judgement import judge
from refopt.frameworks import load
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.names import class_name, module_name
from tests.generated.programs import RULES, SCHEDULES, few

torch = pytest.importorskip("torch", reason="the torch backend is judged where torch is installed")
from refopt.generated import torch as ours  # noqa: E402


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_generated_optimizer_conforms_in_both_formats(r: Rule) -> None:
    found = load(f"refopt.generated.torch.{class_name(r)}", r.name)
    verdict = judge(found, dtypes=["float64", "float32"], cases=few(r.name))
    assert [(f.verdict, f.precision, f.approach.mode) for f in verdict.findings] == [("conforms", "full", "stepwise")] * 2


@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_a_generated_schedule_conforms(s: Schedule) -> None:
    verdict = judge(load(f"refopt.generated.torch.{module_name(s)}", s.name))
    assert [(f.verdict, f.precision) for f in verdict.findings] == [("conforms", "full")]


def _trained(steps: int, optimizer: Any, theta: Any) -> None:
    for _ in range(steps):
        optimizer.zero_grad()
        (theta**2).sum().backward()
        optimizer.step()


def test_a_saved_state_goes_on_to_the_same_bits() -> None:
    straight = torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0]))
    _trained(6, ours.Adam([straight], lr=0.1), straight)
    first = torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0]))
    optimizer = ours.Adam([first], lr=0.1)
    _trained(3, optimizer, first)
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    second = torch.nn.Parameter(first.detach().clone())
    resumed = ours.Adam([second])
    file.seek(0)
    resumed.load_state_dict(torch.load(file))
    _trained(3, resumed, second)
    assert torch.equal(second, straight)


@pytest.mark.parametrize(("name", "shape"), [("mu_product", (2,)), ("mu_product", (3,)), ("m", (2,)), ("m", ())])
def test_a_saved_state_of_another_shape_is_refused_in_one_line_and_not_loaded(name: str, shape: tuple[int, ...]) -> None:
    theta = torch.nn.Parameter(torch.tensor([1.0, -2.0, 3.0]))
    optimizer = ours.Nadam([theta])
    _trained(1, optimizer, theta)
    saved = optimizer.state_dict()
    saved["state"][0][name] = torch.ones(shape)
    other = ours.Nadam([theta])
    with pytest.raises(ValueError, match=rf"^{name} of parameter 0 has the shape {re.escape(str(shape))}; the rule keeps [^\n]*$"):
        other.load_state_dict(saved)
    assert not other.state


def test_torchs_own_schedulers_and_groups_drive_it() -> None:
    a, b = (torch.nn.Parameter(torch.ones(2)) for _ in range(2))
    optimizer = ours.Sgd([{"params": [a], "lr": 0.5}, {"params": [b]}], lr=0.25)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda k: 0.5**k)
    for _ in range(2):
        a.grad, b.grad = torch.ones(2), torch.ones(2)
        optimizer.step()
        scheduler.step()
    assert a.tolist() == [0.25, 0.25] and b.tolist() == [0.625, 0.625]


def test_a_parameter_without_a_gradient_is_left_alone_and_a_closure_is_called() -> None:
    a, b = (torch.nn.Parameter(torch.ones(2)) for _ in range(2))
    optimizer = ours.Momentum([a, b], lr=0.5)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = a.sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 2
    assert a.tolist() == [0.5, 0.5] and b.tolist() == [1, 1] and b not in optimizer.state


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_gradient_in_the_same_tensor_each_time_leaves_the_state_alone(r: Rule) -> None:
    thetas = []
    for reused in (False, True):
        p = torch.nn.Parameter(torch.ones(2, dtype=torch.float64))
        optimizer = getattr(ours, class_name(r))([p])
        p.grad = torch.zeros_like(p)
        for g in (0.5, -2.0, 3.0):
            p.grad = p.grad.fill_(g) if reused else torch.full_like(p, g)
            optimizer.step(**{name: [torch.full_like(p, g / 4)] for name in r.input_names})
        thetas.append(p.tolist())
    assert thetas[0] == thetas[1]


def test_a_sparse_gradient_is_refused_in_one_line() -> None:
    a = torch.nn.Parameter(torch.ones(2))
    a.grad = torch.sparse_coo_tensor([[0]], [1.0], (2,), check_invariants=True)
    with pytest.raises(ValueError, match="Adam takes dense real gradients only"):
        ours.Adam([a]).step()


def test_a_name_that_is_no_rule_is_an_attribute_error() -> None:
    for name in ("Adma", "adma", "_Adam"):
        with pytest.raises(AttributeError, match=name):
            getattr(ours, name)


def test_hyperparameters_outside_their_domains_are_refused_in_one_line_also_in_a_later_group() -> None:
    params = [torch.nn.Parameter(torch.ones(2))]
    for wrong, told in (({"lr": float("nan")}, "lr = nan is outside 0 <= lr"), ({"beta1": 1.0}, "beta1 = 1.0 is outside 0 <= beta1 < 1")):
        with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
            ours.Adam(params, **wrong)
    made = ours.Adam(params)
    with pytest.raises(ValueError, match=r"^beta2 = 2\.0 is outside 0 <= beta2 < 1$"):
        made.add_param_group({"params": [torch.nn.Parameter(torch.ones(2))], "beta2": 2.0})
    assert len(made.param_groups) == 1
