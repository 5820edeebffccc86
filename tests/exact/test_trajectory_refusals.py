"""`refopt.run` refuses what is no rule, objective or count in one line."""

from __future__ import annotations

from typing import Any

import pytest

import refopt


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"rule": 3}, "3 is no rule"),
        ({"rule": None}, "None is no rule"),
        ({"rule": refopt.objective("ravine")}, "is no rule"),
        ({"objective": refopt.rule("adam")}, "is no objective"),
        ({"objective": lambda x: x}, "is no objective"),
        ({"schedule": 0.1}, "0.1 is no schedule"),
        ({"steps": 2.5}, "steps = 2.5 must be an integer of at least 1"),
        ({"steps": "3"}, "steps = '3' must be an integer of at least 1"),
        ({"digits": True}, "digits = True must be an integer of at least 1"),
        ({"steps": 0}, "steps = 0 must be an integer of at least 1"),
        ({"hyper": 0.1}, "hyper is a float, not a dict of values by name"),
    ],
)
def test_a_wrong_object_is_refused_in_one_line(words: dict[str, Any], message: str) -> None:
    given = {"rule": "sgd", "objective": "ravine", "steps": 2, **words}
    with pytest.raises(refopt.RefoptError) as caught:
        refopt.run(given.pop("rule"), given.pop("objective"), **given)
    assert message in caught.value.message and "\n" not in caught.value.message and caught.value.help
