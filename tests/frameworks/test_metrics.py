"""A schedule that waits for a metric: how frameworks and objects of a person's own are fed, and what is said of wrong ones."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from typing import Any

import pytest

from refopt.conformance.protocol.implementation import NoAnswer, Rates
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.judgement import judge
from refopt.frameworks import handed, load
from refopt.golden.model import Result
from refopt.golden.store import cases
from refopt.proving.answer import Unreadable
from refopt.proving.prove import prove
from refopt.report.words import told

NAMES = {
    "torch.optim.lr_scheduler.ReduceLROnPlateau": "reduce_on_plateau",
    "torch.optim.lr_scheduler.ReduceLROnPlateau(threshold_mode='abs')": "reduce_on_plateau/abs",
    "torch.optim.lr_scheduler.ReduceLROnPlateau(mode='max')": "reduce_on_plateau/max",
    "torch.optim.lr_scheduler.ReduceLROnPlateau(mode='max', threshold_mode='abs')": "reduce_on_plateau/max_abs",
    "optax.contrib.reduce_on_plateau": "reduce_on_plateau/at_patience",
    "keras.callbacks.ReduceLROnPlateau": "reduce_on_plateau/last_counts",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_framework_is_fed_one_metric_after_the_other(name: str) -> None:
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        pytest.skip(f"{name.partition('.')[0]} is not installed")
    verdict = judge(load(name))
    finding = verdict.findings[0]
    assert (verdict.rule, finding.verdict, finding.precision) == (NAMES[name], "conforms", "full")
    assert len(finding.ground.lines) == len(cases(NAMES[name]))


def test_the_code_of_a_schedule_that_waits_for_a_metric_is_not_read_and_that_is_said() -> None:
    if importlib.util.find_spec("torch") is None:
        pytest.skip("torch is not installed")
    answer = prove("torch.optim.lr_scheduler.ReduceLROnPlateau")
    assert isinstance(answer, Unreadable) and "metrics is a list of any length" in told(answer.reason)


class Plateau:
    """A class of hyperparameters, whose step gets the metric."""

    def __init__(self, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float) -> None:
        self.lr, self.factor, self.patience, self.threshold = lr, factor, patience, threshold
        self.cooldown, self.least, self.eps = cooldown, lr_min, eps
        self.best, self.bad, self.pause = math.inf, 0, 0

    def better(self, metric: float) -> bool:
        """The condition that the rest hangs on."""
        return metric < self.best * (1 - self.threshold)

    def step(self, metric: float) -> None:
        """The machine."""
        if self.better(metric):
            self.best, self.bad = metric, 0
        else:
            self.bad += 1
        if self.pause > 0:
            self.pause, self.bad = self.pause - 1, 0
        if self.bad > self.patience:
            lower = max(self.lr * self.factor, self.least)
            self.lr = lower if self.lr - lower > self.eps else self.lr
            self.pause, self.bad = self.cooldown, 0

    def get_lr(self) -> float:
        """The rate in force."""
        return self.lr


class AtTheLimit(Plateau):
    """A metric that is exactly at the limit is better."""

    def better(self, metric: float) -> bool:
        """<= in place of <."""
        return metric <= self.best * (1 - self.threshold)


class Creeps(Plateau):
    """The best metric follows every smaller one, so that many small gains are none."""

    def better(self, metric: float) -> bool:
        """The same, and the best is moved where it is not better too."""
        found = super().better(metric)
        self.best = min(self.best, metric)
        return found


class Silent(Plateau):
    """Its rate is an attribute, and what its step returns."""

    get_lr = None  # type: ignore[assignment]

    def step(self, metric: float) -> float:  # type: ignore[override]
        """The machine again, as a text of its own."""
        self.lr = self.lr + 0
        super().step(metric)
        return self.lr


class WithoutConstants:
    """What is left out is 0; nothing of it is a variant's, and the search for fixed values ends."""

    def __init__(self, lr: float, factor: float, patience: int) -> None:
        self.lr, self.factor, self.patience, self.best, self.bad = lr, factor, patience, math.inf, 0

    def step(self, metric: float) -> None:
        """The machine."""
        self.best, self.bad = (metric, 0) if metric < self.best else (self.best, self.bad + 1)
        if self.bad > self.patience:
            self.lr, self.bad = self.lr * self.factor, 0


class Refuses(Plateau):
    """What is no number is refused."""

    def better(self, metric: float) -> bool:
        """The same, for numbers."""
        if not math.isfinite(metric):
            raise ValueError(f"{metric} was measured")
        return super().better(metric)


def of_an_optimizer(optimizer: Any, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float) -> Any:
    """A scheduler that sets the rate of an optimizer."""
    (group,) = optimizer.param_groups
    inner = Plateau(group["lr"], factor, patience, threshold, cooldown, lr_min, eps)

    class Sets:
        def step(self, metric: float) -> None:
            inner.step(metric)
            group["lr"] = inner.lr

    return Sets()


def rate(k: int, lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, eps: float, metrics: Sequence[float]) -> float:
    """A function of the step and of all metrics."""
    assert isinstance(metrics, tuple) and all(type(m) is float for m in metrics)
    made = Plateau(lr, factor, patience, threshold, cooldown, lr_min, eps)
    for metric in metrics[:k]:
        made.step(metric)
    return made.lr


@pytest.mark.parametrize("made", [Plateau, Refuses, Silent, rate])
def test_what_a_person_wrote_is_fed_in_its_own_way(made: Any) -> None:
    finding = judge(handed(made, "reduce_on_plateau")).findings[0]
    assert (finding.verdict, finding.precision) == ("conforms", "full")
    assert all(line.verdict == Conformance.CONFORMS for line in finding.ground.lines)


def test_a_scheduler_of_an_optimizer_is_fed_too() -> None:
    pytest.importorskip("torch", reason="it sets the rate of a torch optimizer")
    assert judge(handed(of_an_optimizer, "reduce_on_plateau")).findings[0].verdict == "conforms"


def test_a_tie_that_is_taken_for_better_is_named() -> None:
    finding = judge(handed(AtTheLimit, "reduce_on_plateau")).findings[0]
    best = finding.diagnosis.best
    assert finding.verdict == "deviates" and best is not None and best.edit is not None
    assert told(best.edit) == "bad: metric < best*(1 - threshold) -> metric <= best*(1 - threshold)"


def test_a_best_metric_that_follows_small_gains_is_seen() -> None:
    assert judge(handed(Creeps, "reduce_on_plateau")).findings[0].verdict == "deviates"


def test_what_is_left_out_is_found_to_be_0() -> None:
    finding = judge(handed(WithoutConstants, "reduce_on_plateau")).findings[0]
    assert {x.name: float(x.value) for x in finding.hyperparameters.held} == {"threshold": 0, "cooldown": 0, "lr_min": 0, "eps": 0}


def test_a_metric_that_is_no_number_may_be_refused_or_taken_and_is_sent_as_it_is() -> None:
    edges = [c for c in cases("reduce_on_plateau") if c.result == Result.MAY]
    assert sorted(x for c in edges for x in c.hyper.values() if x in ("inf", "-inf", "nan")) == ["-inf", "inf", "nan"]
    hyper = {n: float(x) for n, x in edges[0].hyper.items() if "[" not in n}
    sent = {**hyper, "patience": 1, "cooldown": 2, "metrics": (1.0, math.nan, 1.0)}
    assert isinstance(handed(Refuses, "reduce_on_plateau").rates(sent, (0, 1)), Rates)  # type: ignore[union-attr]
    assert isinstance(handed(Refuses, "reduce_on_plateau").rates(sent, (0, 1, 2)), NoAnswer)  # type: ignore[union-attr]
