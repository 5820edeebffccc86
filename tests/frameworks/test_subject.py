"""A person's own object is named as they would write it, and judged by the rule that its name says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refopt.cli.asked import asked
from refopt.conformance.protocol.spelling import of_own
from refopt.errors import RefoptError
from refopt.frameworks import handed, load
from refopt.frameworks.intent import intent, rule_in

CODE = """
import numpy as np

class SlowDescent:
    def __init__(self, slowness=1):
        self.slowness = slowness
    def init(self, theta):
        return {}
    def step(self, theta, grad, state, t, lr=0.1):
        return theta - lr / self.slowness * grad, state

class MySGD(SlowDescent):
    pass

def make_sgd(slowness=2):
    return SlowDescent(slowness)

ready = MySGD(3)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The current folder has a module of a person's own."""
    (tmp_path / "mine_spelled.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("mine_spelled", None)


@pytest.mark.parametrize("name", ["mine_spelled.MySGD", "./mine_spelled.py:MySGD", "python:mine_spelled:MySGD", "mine_spelled.make_sgd", "mine_spelled.ready"])
def test_a_class_a_factory_and_an_instance_are_named_in_three_ways(name: str, mine: None) -> None:
    found = load(name)
    assert (found.rule, found.name.partition(":")[0]) == ("sgd", "mine_spelled")


def test_arguments_in_the_spelling_reach_the_class(mine: None) -> None:
    found = load("./mine_spelled.py:MySGD(slowness=4)")
    assert found.name == "mine_spelled:MySGD(slowness=4)"
    assert found.make().slowness == 4  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [("(lr=x)", "lr = x is not a literal"), ("(0.1)", "only keyword arguments"), ("(lr=0.1", "no closing bracket"), ("(lr=1e999)", "too large"),
     ("(lr=[].append(1))", "not a literal"), ("(lr=0.1)(eps=1)", "does not name")],
)  # fmt: skip
def test_anything_but_literals_is_one_line(arguments: str, told: str) -> None:
    with pytest.raises(RefoptError, match=told) as caught:
        of_own(f"python:mine:Adam{arguments}")
    assert "\n" not in caught.value.message


def test_an_instance_takes_no_arguments(mine: None) -> None:
    with pytest.raises(RefoptError, match="is an instance"):
        load("mine_spelled.ready(slowness=1)")


@pytest.mark.parametrize(
    ("name", "rule"),
    [("MyAdamW", "adamw"), ("BuggyAdam", "adam"),
     ("AdamWithoutDecay", "adam"), ("my_adam", "adam"), ("AdamV2", "adam"), ("RMSprop", "rmsprop"), ("AMSGrad", "amsgrad"),
     ("SGDMomentum", "momentum"), ("NesterovMomentum", "nesterov"), ("CosineAnnealingSchedule", "cosine_annealing"), ("Adamax", "adamax"), ("NAdam", "nadam"),
     ("MySignSGD", "sign_sgd"), ("AdEMAMix", "ademamix"), ("RMSpropMomentum", "rmsprop"), ("AdamWithLinearDecay", "adam"), ("linear_decay", "linear"),
     ("adam_exponential_schedule", "exponential"), ("OneCycleLR", "one_cycle"), ("InverseSqrtScheduler", "inverse_sqrt"),
     ("LinearRegressionGD", None), ("TanhNetwork", None), ("SignAdam", None), ("NAdamW", "nadamw"), ("RectifiedAdam", None),
     ("AdamP", None), ("QHAdam", None), ("CautiousAdam", None), ("NesterovAdam", None), ("ScheduleFreeAdamW", "schedule_free_adamw"),
     ("AdamWScheduleFree", None), ("Adafactor", None), ("Optimizer", None)],
)  # fmt: skip
def test_whole_words_name_a_rule_and_another_algorithm_is_not_judged_by_it(name: str, rule: str | None) -> None:
    assert rule_in(name) == rule


def test_a_base_class_says_what_is_meant_where_the_class_does_not() -> None:
    base = type("MyAdamW", (), {})
    assert intent(type("Fast", (base,), {})) == "adamw"
    assert intent(type("Fast", (), {})()) is None


def test_each_of_several_has_its_own_rule() -> None:
    assert asked("./mine.py:A=adam", None) == ("./mine.py:A", "adam")
    assert asked("./mine.py:A(lr=0.1)=adam/eps_hat", "sgd") == ("./mine.py:A(lr=0.1)", "adam/eps_hat")
    assert asked("./mine.py:A(lr=0.1)", "sgd") == ("./mine.py:A(lr=0.1)", "sgd")
    assert asked("torch.optim.SGD(nesterov=True", None) == ("torch.optim.SGD(nesterov=True", None)


def test_an_object_without_a_rule_in_its_name_has_none(mine: None) -> None:
    import mine_spelled  # type: ignore[import-not-found]

    assert handed(mine_spelled.SlowDescent).rule is None
    assert handed(mine_spelled.SlowDescent, "sgd").rule == "sgd"
