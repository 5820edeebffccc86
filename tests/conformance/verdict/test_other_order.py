"""What is kept of a tensor is its own, whichever of the others lacks a gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from refopt.conformance.diagnose.run_change import RunChange
from refopt.conformance.protocol.implementation import Answer, Request, Snapshot, View
from refopt.conformance.protocol.in_process import drive
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.judgement import judge
from refopt.language.rule import Rule

CASES = ["momentum-open-absent-001", "momentum-open-basic-001", "momentum-open-rate-001"]


class _Velocities:
    """Momentum, with its velocities in the order of all tensors, or of those that have a gradient."""

    def __init__(self, request: Request, by_place: bool) -> None:
        self.theta = [x.copy() for x in request.theta0]
        self.v: list[Any] = [np.zeros_like(x) for x in self.theta]
        self.momentum, self.lr, self.by_place = request.hyper.get("momentum", 0.9), request.hyper.get("lr", 0.01), by_place

    def step(self, t: int, grads: tuple[Any, ...], lr: float | None) -> None:
        self.lr = self.lr if lr is None else lr
        present = [i for i, g in enumerate(grads) if g is not None]
        for place, i in enumerate(present):
            slot = place if self.by_place else i
            self.v[slot] = self.momentum * self.v[slot] + self.lr * grads[i]
            self.theta[i] = self.theta[i] - self.v[slot]

    def snapshot(self) -> Snapshot:
        return Snapshot(tuple(x.copy() for x in self.theta), tuple({} for _ in self.theta))


@dataclass(frozen=True)
class Momentum:
    """An implementation of it, whose state is not seen."""

    by_place: bool
    name: str = "momentum of several tensors"
    version: str = ""
    rule: str = "momentum"
    resumes: bool = False
    settings: Mapping[str, float] = field(default_factory=lambda: {"lr": 0.01, "momentum": 0.9})

    def views(self, rule: Rule) -> Mapping[str, View]:
        return {}

    def run(self, request: Request) -> Answer:
        return drive(lambda r: _Velocities(r, self.by_place), request)


def test_states_that_go_by_place_among_the_tensors_with_a_gradient_are_found_though_the_last_one_lacks_it() -> None:
    right = judge(Momentum(by_place=False), dtypes=["float64"], cases=CASES).worst
    assert right.verdict == Conformance.CONFORMS
    wrong = judge(Momentum(by_place=True), dtypes=["float64"], cases=CASES).worst
    assert wrong.verdict == Conformance.DEVIATES and wrong.diagnosis.edit == RunChange.BY_PLACE
    assert [line.case.id for line in wrong.ground.lines if line.verdict == Conformance.DEVIATES] == CASES[:1]
