"""Hyperparameters that change from update to update: what each framework is sent, and what is said of one that cannot be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule as rule_named
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.open_loop import open_loop
from refopt.conformance.protocol.implementation import NoAnswer, Ran, Request, Skipped
from refopt.conformance.protocol.observe import Observation, observe
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks import load
from refopt.golden import store
from refopt.golden.model import Case
from refopt.report.report import check
from refopt.report.words import told_or_none
from refopt.rounding.formats import FORMATS

FOLLOW = {
    "torch.optim.SGD(momentum=0.9)": "momentum", "torch.optim.SGD(momentum=0.9, nesterov=True, foreach=True)": "nesterov", "torch.optim.RMSprop": "rmsprop",
    "torch.optim.AdamW(fused=True)": "adamw", "torch.optim.Adam(amsgrad=True)": "amsgrad", "optax.sgd(momentum=0.9)": "momentum",
    "optax.rmsprop": "rmsprop/eps_in_sqrt", "optax.adamw": "adamw", "keras.optimizers.SGD(momentum=0.9)": "momentum",
    "keras.optimizers.RMSprop": "rmsprop/eps_in_sqrt", "sklearn.SGDOptimizer(nesterov=False)": "momentum", "sklearn.AdamOptimizer": "adam/eps_hat",
    "refopt.optim.AdamW": "adamw", "refopt.generated.numpy.adam_uncorrected": "adam/uncorrected", "refopt.generated.torch.Rmsprop": "rmsprop",
    "refopt.generated.jax.adamw": "adamw",
}  # fmt: skip
"""Implementations, and the formula that each is."""


def changing(rule: str) -> Case:
    """The case of a rule in which hyperparameters change."""
    (case,) = (c for c in store.packed_cases(rule) if c.courses)
    return case


def worst(name: str, observation: Observation, made: Any, dtype: str) -> float:
    """The largest error of theta in bounds."""
    rule = rule_named(name)
    hyper = [in_force(rule, observation.case.hyper, made.settings)]
    judged = open_loop(Model(rule.name, rule), [(0, observation)], hyper, made.views(rule), FORMATS[dtype], golden=False)
    return max(float(np.nanmax(j.ratio["theta"])) for j in judged)


@pytest.mark.parametrize("spelling", FOLLOW)
def test_each_update_has_the_values_of_that_update(spelling: str) -> None:
    made, formula = load(spelling), FOLLOW[spelling]
    case = changing(formula)
    for dtype in ("float64", "float32"):
        seen = observe(made, rule_named(formula), case, FORMATS[dtype])  # type: ignore[arg-type]
        assert isinstance(seen.answer, Ran), (dtype, seen.answer)
        assert worst(formula, seen, made, dtype) <= 1, dtype
        held = Observation(case, seen.request, observe(made, rule_named(formula), _held(case), FORMATS[dtype]).answer, 0.0)  # type: ignore[arg-type]
        assert worst(formula, held, made, dtype) > 4, "a program that keeps the first values is far off"


def _held(case: Case) -> Case:
    """The case with the first values throughout."""
    return replace(case, courses={}, expect=())


OWN = """
import torch
import numpy as np

class Momentum(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.9):
        super().__init__(params, dict(lr=lr, momentum=momentum))

    def share(self, group):
        return group["momentum"]

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            share = self.share(group)
            for p in group["params"]:
                if p.grad is not None:
                    v = self.state[p]["v"] = share * self.state[p].get("v", torch.zeros_like(p)) + group["lr"] * p.grad
                    p.sub_(v)

class Once(Momentum):
    def share(self, group):
        return group.setdefault("first", group["momentum"])

class Late(Momentum):
    def share(self, group):
        before, group["before"] = group.get("before", group["momentum"]), group["momentum"]
        return before

class Elsewhere(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.9):
        super().__init__(params, dict(lr=lr))
        self.momentum = momentum
    step = Momentum.step
    def share(self, group):
        return self.momentum

class AdamOnce(torch.optim.Optimizer):
    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            b1, b2 = group.setdefault("first", group["betas"][0]), group["betas"][1]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["m"], s["v"] = torch.zeros_like(p), torch.zeros_like(p)
                s["m"].mul_(b1).add_(p.grad, alpha=1 - b1)
                s["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                p.sub_(group["lr"] * s["m"] / (s["v"].sqrt() + group["eps"]))

class Object:
    def init(self, theta):
        return {"v": np.zeros_like(theta)}
    def step(self, theta, grad, state, t, lr=0.01, momentum=0.9):
        v = (momentum * state["v"] + lr * grad).astype(theta.dtype)
        return theta - v, {"v": v}

class Proposes(Object):
    resumes = False
    def propose(self, theta, state, t):
        return theta

def function(theta, g, v, lr, momentum):
    v = momentum * v + lr * g
    return theta - v, v

class Attributes:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, None
    def update(self, theta, grad):
        self.v = self.momentum * (0 if self.v is None else self.v) + self.lr * grad
        return theta - self.v
"""
EDITS = {
    "Once": ("momentum", "run: momentum: taken at the first update, and kept"), "Late": ("momentum", "run: momentum: a new value comes one update late"),
    "AdamOnce": ("adam/uncorrected", "run: beta1: taken at the first update, and kept"),
}  # fmt: skip


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with optimizers of a person's own, from which refopt is started."""
    (tmp_path / "its_courses.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def judged(name: str, rule: str) -> Any:
    """The report on some cases of a rule, that one among them."""
    some = [f"{rule.replace('/', '.')}-{x}-001" for x in ("open-basic", "open-low", "open-rate", "open-zeros", "courses")]
    return check(f"./its_courses.py:{name}", rule, dtypes=["float64"], cases=some, search=20)


@pytest.mark.parametrize("name", ["Momentum", "Object", "function"])
def test_an_own_optimizer_that_takes_each_value_in_its_update_conforms(name: str, own: Path) -> None:
    report = judged(name, "momentum")
    seen = report.found.worst.ground.looked_at
    assert (report.verdict, seen.cases, seen.courses, seen.declined) == ("conforms", 5, ("momentum",), ()), str(report)


@pytest.mark.parametrize("name", EDITS)
def test_an_own_optimizer_that_takes_a_value_once_or_late_is_named_by_its_hyperparameter(name: str, own: Path) -> None:
    rule, edit = EDITS[name]
    report = judged(name, rule)
    assert (report.verdict, told_or_none(report.found.worst.diagnosis.edit)) == ("deviates", edit), str(report)


@pytest.mark.parametrize("name", ["Elsewhere", "Proposes", "Attributes"])
def test_what_cannot_be_told_is_skipped_with_its_reason_and_never_accused(name: str, own: Path) -> None:
    report = judged(name, "momentum")
    seen = report.found.worst.ground.looked_at
    assert (report.verdict, seen.cases, seen.courses) == ("conforms", 4, ()), str(report)
    assert seen.declined == (("momentum-courses-001", Reason(Why.HELD_IN_A_RUN, ("momentum",))),)
    assert told_or_none(seen.declined[0][1]) == "nothing is known by which its momentum could be changed in a run"


def test_an_attribute_of_keras_that_no_update_reads_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    class Deaf(keras.optimizers.SGD):
        """An optimizer that keeps its momentum under another name."""

        def __init__(self, learning_rate: float = 0.01, momentum: float = 0.9) -> None:
            super().__init__(learning_rate, momentum)
            self.kept = momentum

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            """The update with the momentum that it was made with."""
            self.momentum, other = self.kept, self.momentum
            super().update_step(gradient, variable, learning_rate)
            self.momentum = other

    made = load("keras.optimizers.SGD(momentum=0.9)")
    deaf = replace(made, factory=Deaf)  # type: ignore[type-var]
    seen = observe(deaf, rule_named("momentum"), changing("momentum"), FORMATS["float32"])  # type: ignore[arg-type]
    assert seen.answer == Skipped(Reason(Why.HELD_IN_A_RUN, ("momentum",)))


def test_one_that_says_nothing_of_it_is_not_asked() -> None:
    class Silent:
        """An implementation of another package."""

        name, version, rule, settings, resumes = "silent", "", "momentum", {"lr": 0.01, "momentum": 0.9}, True

        def views(self, rule: Any) -> dict[str, Any]:
            """None."""
            return {}

        def run(self, request: Request) -> NoAnswer:
            """It was asked."""
            return NoAnswer("asked")

    seen = observe(Silent(), rule_named("momentum"), changing("momentum"), FORMATS["float64"])
    assert seen.answer == Skipped(Reason(Why.HELD_IN_A_RUN, ("momentum",)))
