"""The doors of schedules: what frameworks have, what is found behind each, and what is said of a wrong one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

import refopt
from refopt.conformance.protocol.asked import backwards, behind
from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import NoAnswer, Rates, Sent
from refopt.conformance.protocol.stepped import Stepped
from refopt.conformance.verdict.conformance import Fault
from refopt.conformance.verdict.judgement import judge
from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.frameworks.keras.backend import backend_here
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.frameworks.torch.schedules import TorchSchedule
from refopt.golden.store import cases
from refopt.report.phrases import DOORS
from refopt.report.terminal import screen

HOME = "torch.optim.lr_scheduler"
EVERY_TORCH = (Door.FROM_STATE, Door.LAST_EPOCH, Door.BY_EPOCH, Door.SECOND_GROUP)


class Optimizer:
    """The part of an optimizer that schedulers use."""

    def __init__(self, rates: Sequence[float]) -> None:
        self.param_groups = [{"lr": rate, "initial_lr": rate} for rate in rates]

    def step(self) -> None:
        pass

    def state_dict(self) -> dict[str, Any]:
        return {"groups": [dict(g) for g in self.param_groups]}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        self.param_groups = [dict(g) for g in saved["groups"]]


class Halving:
    """A scheduler that halves each group's rate at every step; its class says what is wrong with it."""

    moves_when_made = True
    saves_its_count = True
    of_the_first_group = False
    closed_form_is_late = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer, self.count = optimizer, last_epoch + 1
        if last_epoch >= 0 and self.moves_when_made:
            self._set()

    def _set(self) -> None:
        for group in self.optimizer.param_groups:
            start = self.optimizer.param_groups[0]["initial_lr"] if self.of_the_first_group else group["initial_lr"]
            group["lr"] = start * 0.5**self.count

    def step(self, epoch: int | None = None) -> None:
        self.count = self.count + 1 if epoch is None else epoch - self.closed_form_is_late
        self._set()

    def state_dict(self) -> dict[str, int]:
        return {"count": self.count} if self.saves_its_count else {}

    def load_state_dict(self, saved: Mapping[str, int]) -> None:
        self.count = saved.get("count", self.count)


class OfOneTensor:
    """A schedule that a scheduler of this kind makes, with all its doors."""

    name, version, rule, settings = "mine", "", "exponential", {}
    doors = EVERY_TORCH

    def __init__(self, kind: type[Halving]) -> None:
        self.kind = kind

    def _stepped(self, hyper: Mapping[str, Sent]) -> Stepped:
        def made(rates: tuple[float, ...], saved: Mapping[str, Any] | None, more: Mapping[str, Any]) -> tuple[Any, Any]:
            optimizer = Optimizer(rates)
            if saved is not None:
                optimizer.load_state_dict(saved)
            return optimizer, self.kind(optimizer, **more)

        assert isinstance(hyper["lr"], float)
        return Stepped(made, hyper["lr"], "lr")

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Any:
        return self._stepped(hyper).rates(steps)

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        return self._stepped(hyper).through(door, steps)


OF_A_HALF = [c.id for c in cases("exponential") if c.hyper["factor"] == "0.5"]


def _finding(kind: type[Halving]) -> Any:
    return judge(OfOneTensor(kind), cases=OF_A_HALF)


def test_a_right_scheduler_is_right_behind_every_door() -> None:
    verdict = _finding(Halving)
    assert verdict.exit == 0 and [(x.door, x.fits, x.cases) for x in verdict.worst.doors] == [(d, True, len(OF_A_HALF)) for d in EVERY_TORCH]
    assert any("from its state_dict, with last_epoch" in line for line in screen(verdict))


@pytest.mark.parametrize(
    ("wrong", "door"),
    [("saves_its_count", Door.FROM_STATE), ("of_the_first_group", Door.SECOND_GROUP), ("closed_form_is_late", Door.BY_EPOCH)],
)
def test_each_planted_bug_is_found_behind_its_own_door_alone(wrong: str, door: Door) -> None:
    verdict = _finding(type("Wrong", (Halving,), {wrong: not getattr(Halving, wrong)}))
    (finding,) = verdict.findings
    assert [x.door for x in finding.wrong_doors] == [door] and finding.diagnosis.nearest == "exponential" and finding.diagnosis.matches == ()
    assert (finding.verdict, verdict.fault(finding), verdict.exit) == ("deviates", Fault.DOOR, 1)
    assert f"{DOORS[door][0].upper()}{DOORS[door][1:]} it gives other rates." in screen(verdict)


class Staying(Halving):
    """Made with the number of a step it is at that step, and moves when it is stepped."""

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer, self.count = optimizer, max(last_epoch, 0)


class Ahead(Halving):
    """Made with the number of a step it is two steps on."""

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        super().__init__(optimizer, last_epoch + (last_epoch >= 0))


class Recursive(Halving):
    """Each rate is half of the one before, whatever that is; made with the number of a step, the count moves on and the rate stays."""

    moves_when_made = False

    def _set(self) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] *= 0.5

    def step(self, epoch: int | None = None) -> None:
        if epoch is None:
            self.count += 1
            self._set()
            return
        self.count = epoch
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"] * 0.5**epoch


def test_last_epoch_may_mean_the_step_that_it_makes_the_one_before_or_that_of_rates_that_were_saved_after_it() -> None:
    assert not _finding(Staying).worst.wrong_doors
    assert not _finding(Recursive).worst.wrong_doors
    (x,) = _finding(Ahead).worst.wrong_doors
    assert x.door is Door.LAST_EPOCH, "wrong in each meaning"


def test_what_raises_behind_a_door_is_told() -> None:
    class Refusing(Halving):
        def load_state_dict(self, saved: Mapping[str, int]) -> None:
            raise KeyError("count")

    (finding,) = _finding(Refusing).findings
    (x,) = finding.wrong_doors
    assert x.door is Door.FROM_STATE and x.raised is not None and "KeyError: 'count'" in x.raised[1] and x.case == OF_A_HALF[0]


def test_a_function_is_asked_backwards_too() -> None:
    asked: list[int] = []
    assert behind(lambda: lambda k: asked.append(k) or float(k), backwards, (0, 2, 5)) == Rates((0.0, 2.0, 5.0)) and asked == [5, 2, 0]
    answer = behind(lambda: None, backwards, (0,))
    assert isinstance(answer, NoAnswer) and answer.raised


@pytest.mark.parametrize(
    "kind",
    ["StepLR", "MultiStepLR", "CosineAnnealingWarmRestarts", "OneCycleLR", "CyclicLR", "ExponentialLR", "CosineAnnealingLR", "LinearLR", "PolynomialLR"],
)
def test_schedulers_of_torch_that_are_right_behind_every_door(kind: str) -> None:
    pytest.importorskip("torch")
    finding = judge(load(f"{HOME}.{kind}", None)).worst
    momentum = (Door.MOMENTUM,) * (kind in ("OneCycleLR", "CyclicLR"))
    assert [x.door for x in finding.doors] == [*EVERY_TORCH, *momentum] and not finding.wrong_doors


CYCLES = ("OneCycleLR", "OneCycleLR(three_phase=True)", "OneCycleLR(anneal_strategy='linear')", "CyclicLR", "CyclicLR(mode='exp_range')")


@pytest.mark.parametrize("kind", CYCLES)
def test_a_momentum_that_moves_with_the_rate_instead_of_against_it_is_found(kind: str) -> None:
    pytest.importorskip("torch")
    made = load(f"{HOME}.{kind}", None)
    assert isinstance(made, TorchSchedule) and made.reading.momentum is not None
    ends = made.reading.momentum

    def exchanged(hyper: Mapping[str, Any]) -> dict[str, float]:
        return dict(zip(("max_momentum", "base_momentum"), (ends(hyper)["base_momentum"], ends(hyper)["max_momentum"]), strict=True))

    found = judge(replace(made, reading=replace(made.reading, momentum=exchanged))).worst
    assert [x.door for x in found.wrong_doors] == [Door.MOMENTUM]


def test_a_scheduler_that_leaves_the_momentum_alone_has_no_such_door() -> None:
    pytest.importorskip("torch")
    made = load(f"{HOME}.OneCycleLR(cycle_momentum=False)", None)
    assert isinstance(made, TorchSchedule) and Door.MOMENTUM not in made.doors


def test_a_polynomial_of_optax_is_no_number_at_its_end_where_it_is_compiled() -> None:
    pytest.importorskip("optax")
    (x,) = judge(load("optax.polynomial_schedule", None)).worst.wrong_doors
    assert x.door is Door.IN_OPTIMIZER and x.first is not None and math.isnan(x.first.theirs)


def test_a_report_says_what_was_found_behind_each_door() -> None:
    pytest.importorskip("torch")
    footer = refopt.check(f"{HOME}.StepLR").footer["dtypes"]["float64"]  # type: ignore[index]
    assert {x["door"]: x["fits"] for x in footer["doors"]} == {door.name.lower(): True for door in EVERY_TORCH}


FORGETFUL = """
from torch.optim.lr_scheduler import LRScheduler


class Halving(LRScheduler):
    def __init__(self, optimizer, step_size, gamma=0.5, last_epoch=-1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [b * self.gamma ** (self.last_epoch // self.step_size) for b in self.base_lrs]


class Forgets(Halving):
    def state_dict(self):
        return {"last_epoch": 0}


class OfTheFirst(Halving):
    def get_lr(self):
        return [self.base_lrs[0] * self.gamma ** (self.last_epoch // self.step_size) for _ in self.base_lrs]


def makes(optimizer, step_size, gamma=0.5):
    return Halving(optimizer, step_size, gamma)
"""


@pytest.mark.parametrize(
    ("name", "doors", "wrong"),
    [
        ("Halving", 3, ()), ("Forgets", 3, (Door.FROM_STATE,)), ("OfTheFirst", 3, (Door.SECOND_GROUP,)), ("makes", 0, ()),
    ],
)  # fmt: skip
def test_a_persons_own_scheduler_has_the_doors_of_torchs(name: str, doors: int, wrong: tuple[Door, ...], tmp_path: Any, monkeypatch: Any) -> None:
    pytest.importorskip("torch")
    (tmp_path / "forgetful.py").write_text(FORGETFUL, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    finding = judge(load(f"python:forgetful:{name}", "step_decay")).worst
    assert len(finding.doors) == doors and tuple(x.door for x in finding.wrong_doors) == wrong


def test_a_function_that_keeps_what_it_was_asked_is_found_where_it_is_asked_backwards() -> None:
    last = [0]

    def rate(k: int, lr: float, factor: float) -> float:
        last[0] = max(last[0], k) if k else 0
        return lr * factor ** last[0]

    finding = judge(ScheduleObject("mine", "", "exponential", type("Made", (), {"rate": staticmethod(rate)}))).worst
    assert [x.door for x in finding.wrong_doors] == [Door.BACKWARDS]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("StepLR(step_size=0)", "every = 0 is outside 1 <= every"), ("StepLR(step_size=2.5)", "every = 2.5 is not an integer"),
        ("CosineAnnealingLR(T_max=0)", "period = 0 is outside"), ("LinearLR(total_iters=-1)", "span = -1 is outside"),
        ("CyclicLR(step_size_up=0)", "half_cycle = 0 is outside"), ("OneCycleLR(total_steps=1)", "total_steps = 1 is outside"),
        ("MultiStepLR(milestones=3)", "is not a list"), ("MultiStepLR(milestones=[-1, 3])", "milestones = -1 is outside"),
        ("SequentialLR(schedulers=[LinearLR(total_iters=0), StepLR()])", "span = 0 is outside"),
    ],
)  # fmt: skip
def test_a_length_that_makes_no_schedule_is_told_in_one_line(written: str, told: str) -> None:
    pytest.importorskip("torch")
    with pytest.raises(RefoptError) as caught:
        load(f"{HOME}.{written}", None)
    assert told in caught.value.message and "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("cosine_decay_schedule(decay_steps=0)", "decay_steps = 0 makes no cosine_annealing: period = 0 is outside 1 <= period"),
        ("warmup_cosine_decay_schedule(warmup_steps=10, decay_steps=5)", "decay_steps = 5 with warmup_steps = 10 makes no warmup+cosine_annealing"),
        ("warmup_constant_schedule(warmup_steps=0)", "warmup_steps = 0 makes no warmup"), ("exponential_decay(transition_steps=0)", "every = 0 is outside"),
        ("linear_onecycle_schedule(transition_steps=0)", "total_steps = 0 is outside"), ("polynomial_schedule(power=-1.0)", "degree = -1.0 is outside"),
        ("linear_onecycle_schedule(pct_final=1.0)", "pct_final = 1.0 is outside 0 < pct_final < 1"),
    ],
)  # fmt: skip
def test_what_makes_no_function_of_the_step_is_told_in_one_line(written: str, told: str) -> None:
    pytest.importorskip("optax")
    with pytest.raises(RefoptError) as caught:
        load(f"optax.{written}", None)
    assert told in caught.value.message and "\n" not in caught.value.message


@pytest.mark.parametrize("name", ["optax.cosine_onecycle_schedule(pct_start=0.6)", f"{HOME}.OneCycleLR(pct_start=0.6)"])
def test_what_one_schedule_of_the_family_takes_is_not_refused(name: str) -> None:
    pytest.importorskip(name.partition(".")[0])
    assert load(name, None).rule == "one_cycle"


def test_a_warm_up_of_no_steps_is_none() -> None:
    if not backend_here():
        pytest.skip("keras is not installed, or has no backend")
    assert load("keras.optimizers.schedules.CosineDecay(warmup_steps=0)", None).rule == "cosine_annealing"


@pytest.mark.parametrize(("arguments", "rule"), [("", "cosine_annealing"), ("(anneal_strategy='linear')", "linear")])
def test_the_last_rates_of_averaged_weights_are_right_but_where_their_count_is_lost(arguments: str, rule: str) -> None:
    pytest.importorskip("torch")
    verdict = judge(load(f"torch.optim.swa_utils.SWALR{arguments}", None), cases=[c.id for c in cases(rule)][:1])
    (finding,) = verdict.findings
    assert (finding.diagnosis.nearest, [x.door for x in finding.wrong_doors]) == (rule, [Door.LAST_EPOCH, Door.BY_EPOCH])
