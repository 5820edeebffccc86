"""A schedule whose hyperparameter is a list: what is sent to frameworks, to functions, and what is said of wrong ones."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from refopt.conformance.protocol.implementation import NoAnswer
from refopt.conformance.verdict.judgement import judge
from refopt.frameworks import load
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.golden.store import cases


def _judged(rate: Callable[..., float]) -> Any:
    made = type("Made", (), {"rate": staticmethod(rate)})
    return judge(ScheduleObject("mine", "", "multi_step", made)).findings[0]


@pytest.mark.parametrize("name", ["torch.optim.lr_scheduler.MultiStepLR", "optax.piecewise_constant_schedule"])
def test_a_framework_is_sent_the_whole_list(name: str) -> None:
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        pytest.skip(f"{name.partition('.')[0]} is not installed")
    finding = judge(load(name, None)).findings[0]
    assert (finding.verdict, finding.precision) == ("conforms", "full") and len(finding.ground.lines) == len(cases("multi_step"))


def test_a_function_that_takes_a_list_gets_a_tuple_of_whole_numbers() -> None:
    def rate(k: int, lr: float, factor: float, milestones: Sequence[int]) -> float:
        assert isinstance(milestones, tuple) and all(type(m) is int for m in milestones)
        return lr * factor ** sum(k >= m for m in milestones)

    assert _judged(rate).verdict == "conforms"


def test_a_milestone_that_is_reached_one_step_late_is_named() -> None:
    finding = _judged(lambda k, lr, factor, milestones: lr * factor ** sum(k > m for m in milestones))
    assert (finding.verdict, finding.diagnosis.matches) == ("variant", ("multi_step/after",))


def test_a_milestone_that_stands_twice_and_counts_once_deviates() -> None:
    assert _judged(lambda k, lr, factor, milestones: lr * factor ** sum(k >= m for m in set(milestones))).verdict == "deviates"


def test_milestones_that_are_fixed_in_the_code_are_held_at_the_default_and_said() -> None:
    finding = _judged(lambda k, lr, factor: lr * factor ** ((k >= 30) + (k >= 80)))
    assert finding.verdict == "conforms" and [(h.name, h.value) for h in finding.hyperparameters.held] == [("milestones", "[30,80]")]


def test_milestones_that_are_fixed_elsewhere_do_not_conform() -> None:
    assert _judged(lambda k, lr, factor: lr * factor ** ((k >= 20) + (k >= 80))).verdict == "deviates"


def test_code_that_wants_one_number_gives_no_answer_and_no_traceback() -> None:
    answer = ScheduleObject("mine", "", "multi_step", type("Made", (), {"rate": staticmethod(lambda k, milestones: k / milestones)})).rates(
        {"milestones": (3, 5)}, (0, 1)
    )
    assert isinstance(answer, NoAnswer) and "TypeError" in answer.message
