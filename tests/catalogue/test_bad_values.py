"""A hyperparameter of a rule or a schedule that is no number, or is outside its domain, is refused in one line; never does anything else happen."""

from __future__ import annotations

from typing import Any

import pytest

import refopt
from refopt import catalogue
from refopt.errors import RefoptError
from refopt.language.schedule import Schedule

NO_NUMBERS = ("nan", "inf", "-inf", "1e400", "abc", "", "[1")
NUMBERS = ("-1", "-1e-9", "0", "1", "1.5", "2")
EVERYTHING = [*(r for r in catalogue.rules(variants=True) if not r.inputs), *catalogue.schedules(variants=True)]


def _run(concept: Any, name: str, value: str) -> None:
    if isinstance(concept, Schedule):
        refopt.run("sgd", "ravine", steps=2, schedule=concept, schedule_hyper={name: value}, digits=20)
    else:
        refopt.run(concept, "ravine", steps=1, hyper={name: value}, digits=20)


@pytest.mark.parametrize("concept", EVERYTHING, ids=lambda c: c.name)
def test_what_is_no_number_is_refused_and_a_number_is_taken_or_refused_in_one_line(concept: Any) -> None:
    for h in concept.hyper:
        for value in NO_NUMBERS:
            with pytest.raises(RefoptError) as raised:
                _run(concept, h.name, value)
            assert "\n" not in raised.value.message, (h.name, value)
        for value in NUMBERS:
            try:
                _run(concept, h.name, value)
            except RefoptError as error:
                assert "\n" not in error.message and h.name in error.message, (h.name, value, error)


@pytest.mark.parametrize(
    ("schedule", "name", "value", "line"),
    [
        ("multi_step", "milestones", "[-1,5]", "milestones = -1 is outside 0 <= milestones"),
        ("multi_step", "milestones", "[1.5]", "milestones = 1.5 is not an integer"),
        ("multi_step", "milestones", "[]", "milestones = '[]' is not a list of whole numbers"),
        ("one_cycle", "total_steps", "0", "total_steps = 0 is outside 2 <= total_steps"),
        ("one_cycle", "pct_start", "2", "pct_start = 2 is outside "),
        ("warmup", "warmup_steps", "0", "warmup_steps = 0 is outside 1 <= warmup_steps"),
        ("cosine_annealing", "period", "0", "period = 0 is outside 1 <= period"),
    ],
)
def test_lengths_and_milestones_that_make_no_schedule_say_why(schedule: str, name: str, value: str, line: str) -> None:
    with pytest.raises(RefoptError) as raised:
        _run(catalogue.schedule(schedule), name, value)
    assert raised.value.message.startswith(line)


@pytest.mark.parametrize("milestones", ["[1,3]", "[3,1]"])
def test_the_order_of_milestones_does_not_matter(milestones: str) -> None:
    made = refopt.run("sgd", "ravine", steps=5, schedule="multi_step", schedule_hyper={"milestones": milestones}, digits=20)
    sorted_ = refopt.run("sgd", "ravine", steps=5, schedule="multi_step", schedule_hyper={"milestones": "[1,3]"}, digits=20)
    assert str(made.theta) == str(sorted_.theta)


def test_one_cycle_of_which_the_way_up_is_less_than_a_step_starts_at_its_peak() -> None:
    made = refopt.run("sgd", "ravine", steps=1, schedule="one_cycle/whole", schedule_hyper={"total_steps": "2"}, digits=20)
    assert str(made.theta) == str(refopt.run("sgd", "ravine", steps=1, hyper={"lr": "0.1"}, digits=20).theta)
