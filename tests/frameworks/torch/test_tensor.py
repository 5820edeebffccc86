"""A torch tensor that is a formula: torch's functions and methods act on its tree, in place where they do so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from refopt.frameworks.torch.tensor import is_symbolic, symbolic_tensor, was_computed_with
from refopt.language.expression import scalar, tensor
from refopt.language.text import infix
from refopt.lifting.scalar import Scalar
from refopt.lifting.unreadable import CannotRead

torch = pytest.importorskip("torch", reason="torch is in the test extra; without it there are no torch tensors")
B = Scalar(scalar("b"))


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        (lambda x, y: x.mul_(B).add_(y, alpha=1 - B), "x*b + (1 - b)*y"),
        (lambda x, y: x.lerp_(y, B), "x + b*(y - x)"),
        (lambda x, y: x.addcmul_(y, y, value=-B), "x + (-b)*(y*y)"),
        (lambda x, y: x.addcdiv_(y, x, value=B), "x + b * (y / x)"),
        (lambda x, y: torch.maximum(x, y, out=x), "max(x, y)"),
        (lambda x, y: torch.sqrt(x).add(B), "sqrt(x) + b"),
        (lambda x, y: (2 - x) / (y**2 + 1), "(2 - x) / (y^2 + 1)"),
        (lambda x, y: 1 / x - B * y, "1 / x - b*y"),
        (lambda x, y: x.sub(y, alpha=3).neg().abs().rsqrt(), "1 / sqrt(abs(-(x - 3*y)))"),
        (lambda x, y: torch.where(x > y, x, y).clamp(min=0), "max(where(x > y, x, y), 0)"),
        (lambda x, y: torch.zeros_like(x) + x.clone().detach(), "0 + x"),
        (lambda x, y: x.copy_(y), "y"),
        (lambda x, y: torch.where(torch.isnan(x), y, torch.sign(x)), "sign(x)"),
        (lambda x, y: torch.where(~torch.isfinite(x), y, x), "x"),
        (lambda x, y: torch.where(~(x > y), y, x), "where(x <= y, y, x)"),
        (lambda x, y: (x > y) * y, "where(x > y, 1, 0)*y"),
        (lambda x, y: x + 2 * (x > y), "x + 2*where(x > y, 1, 0)"),
    ],
)
def test_an_operation_is_what_torch_says_it_is(function: Callable[[Any, Any], Any], formula: str) -> None:
    found = function(symbolic_tensor(tensor("x")), symbolic_tensor(tensor("y")))
    assert is_symbolic(found) and infix(found.tree) == formula


def test_in_place_means_in_place() -> None:
    x = symbolic_tensor(tensor("x"))
    alias = x
    x += 1
    x.sqrt_()
    assert infix(alias.tree) == "sqrt(x + 1)"


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.sum(), lambda x: torch.linalg.norm(x), lambda x: x.erf(), lambda x: float(x), lambda x: torch._foreach_sqrt([x]),
        lambda x: torch.where(torch.isnan(1 / x), 0, 1 / x), lambda x: (x > 0).any(),
    ],
)  # fmt: skip
def test_what_no_formula_stands_for_is_refused(function: Callable[[Any], Any]) -> None:
    with pytest.raises((CannotRead, TypeError)):
        function(symbolic_tensor(tensor("x")))


def test_a_counter_in_a_tensor_is_its_whole_number_and_what_may_be_rounded_is_no_number() -> None:
    assert infix((B ** torch.tensor(3.0)).tree) == "b^3"
    for other in (torch.tensor(0.1), torch.tensor([3.0])):
        with pytest.raises(TypeError):
            B * other


def test_torch_takes_it_for_a_tensor_but_not_for_one_of_its_own() -> None:
    x = symbolic_tensor(tensor("x"))
    assert isinstance(x, torch.Tensor) and type(x) is not torch.Tensor


def test_arithmetic_behind_the_trees_back_is_seen() -> None:
    x = symbolic_tensor(tensor("x"))
    assert not was_computed_with(x)
    with torch._C.DisableTorchFunctionSubclass():
        torch.Tensor.add_(x, 1)
    assert was_computed_with(x)
