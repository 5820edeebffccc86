"""`prove` reads torch optimizers with several tensors, in groups that have hyperparameters of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import refopt
from refopt import catalogue
from refopt.frameworks import load
from refopt.lifting.readings import Readings
from refopt.proving.answer import Differs
from refopt.proving.lift import readings
from tests.lifting.refused import refused

pytest.importorskip("torch")

CODE = '''
import torch

class Momentum(torch.optim.Optimizer):
    """Momentum as it should be: the others change one thing of it."""
    def __init__(self, params, lr=1e-2, momentum=0.9):
        super().__init__(params, dict(lr=lr, momentum=momentum))
        self.groups = len(self.param_groups)
    def one(self, p, group, lr):
        s = self.state[p]
        if "v" not in s:
            s["v"] = torch.zeros_like(p)
        s["v"].mul_(group["momentum"]).add_(p.grad, alpha=lr)
        p.sub_(s["v"])
    @torch.no_grad()
    def step(self, closure=None):
        for k, group in enumerate(self.param_groups):
            for i, p in enumerate(group["params"]):
                self.each(k, i, p, group)
    def each(self, k, i, p, group):
        self.one(p, group, group["lr"])

class SecondTensor(Momentum):
    def each(self, k, i, p, group):
        self.one(p, group, group["lr"] if i != 1 else 2 * group["lr"])

class FourthTensor(Momentum):
    def each(self, k, i, p, group):
        if i != 3:
            self.one(p, group, group["lr"])

class SecondGroup(Momentum):
    def each(self, k, i, p, group):
        self.one(p, group, group["lr"] if k == 0 else group["lr"] / 2)

class FirstGroupOnly(Momentum):
    def each(self, k, i, p, group):
        if k == 0:
            self.one(p, group, group["lr"])

class MeanOverTensors(Momentum):
    def each(self, k, i, p, group):
        self.one(p, group, group["lr"] / len(group["params"]))

class CountsGroups(Momentum):
    def each(self, k, i, p, group):
        self.one(p, group, group["lr"] / self.groups)

class FirstGroupsRate(Momentum):
    def each(self, k, i, p, group):
        self.one(p, group, self.param_groups[0]["lr"])

class StateOfTheFirst(Momentum):
    def each(self, k, i, p, group):
        first = group["params"][0]
        s = self.state[first]
        if "v" not in s:
            s["v"] = torch.zeros_like(p)
        s["v"].mul_(group["momentum"]).add_(p.grad, alpha=group["lr"])
        p.sub_(s["v"])

class GradientOfTheFirst(Momentum):
    def each(self, k, i, p, group):
        s = self.state[p]
        if "v" not in s:
            s["v"] = torch.zeros_like(p)
        s["v"].mul_(group["momentum"]).add_(group["params"][0].grad, alpha=group["lr"])
        p.sub_(s["v"])
'''


@pytest.fixture(scope="module", autouse=True)
def optimizers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of optimizers, in the folder that modules are found in."""
    folder = tmp_path_factory.mktemp("several")
    (folder / "several_tensors_code.py").write_text(CODE)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    sys.modules.pop("several_tensors_code", None)


def read(name: str) -> Readings:
    """The readings of an optimizer of the file."""
    return readings(load(f"python:several_tensors_code:{name}", "momentum"), catalogue.rule("momentum"))


def test_an_optimizer_that_updates_every_tensor_with_its_groups_own_numbers_has_one_formula() -> None:
    found = read("Momentum")
    assert not found.apart
    assert (2, 1) in {f.groups for f in found.frames}


@pytest.mark.parametrize(
    ("name", "where"),
    [("SecondTensor", "tensor 2 of parameter groups of 2 and 1"), ("FourthTensor", "tensor 4 of one parameter group of 4"),
     ("SecondGroup", "tensor 3 of parameter groups of 2 and 1"), ("FirstGroupOnly", "tensor 3 of"), ("MeanOverTensors", "in parameter groups of 2 and 1"),
     ("CountsGroups", "in parameter groups of 2 and 1")],
)  # fmt: skip
def test_a_tensor_or_group_that_is_treated_apart_has_a_formula_of_its_own(name: str, where: str) -> None:
    assert any(where in other.where for other in read(name).apart)


@pytest.mark.parametrize(
    ("name", "what"),
    [("FirstGroupsRate", "lr of another parameter group"), ("StateOfTheFirst", "of another tensor"), ("GradientOfTheFirst", "takes g of another tensor")],
)
def test_what_is_taken_of_another_tensor_or_group_cannot_be_read(name: str, what: str) -> None:
    with refused(what):
        read(name)


def test_prove_says_at_which_tensor_it_differs() -> None:
    answer = refopt.prove("python:several_tensors_code:SecondTensor", rule="momentum")
    assert isinstance(answer, Differs) and "tensor 2" in answer.asked.place
