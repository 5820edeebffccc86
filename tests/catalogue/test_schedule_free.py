"""Schedule-free as a function from rule to rule: it makes the schedule-free rules of the catalogue, says what is used at last, and refuses what has no step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refopt.catalogue import rule
from refopt.catalogue.optimizers.schedule_free_adamw import SECOND
from refopt.catalogue.transformations.schedule_free import schedule_free
from refopt.errors import RefoptError
from refopt.language.compose import renamed
from refopt.language.expression import g, sqrt, tensor, theta
from refopt.language.rule import Let, Rule, State

OURS = {"interpolation": "beta1", "average_share": "c"}


def test_of_descent_it_is_schedule_free_sgd() -> None:
    made, ours = renamed(schedule_free(rule("sgd")), OURS), rule("schedule_free_sgd")
    assert (made.text(), made.output) == (ours.text(), ours.output)
    assert [(s.name, s.initial) for s in made.state] == [(s.name, s.initial) for s in ours.state]


def test_of_adamw_without_a_first_moment_it_is_schedule_free_adamw() -> None:
    ours, adamw = rule("schedule_free_adamw"), rule("adamw")
    by = {h.name: h.symbol for h in adamw.hyper}
    step = theta - by["lr"] * by["weight_decay"] * theta - by["lr"] * g / (sqrt(SECOND[1].symbol) + by["eps"])
    hyper, state = tuple(h for h in adamw.hyper if h.name != "beta1"), tuple(s for s in adamw.state if s.name == "v")
    bare = replace(adamw, name="adamw_of_v", hyper=hyper, state=state, steps=(*SECOND, Let(theta, step)))
    made = renamed(schedule_free(bare), OURS)
    assert sorted(made.text().splitlines()) == sorted(ours.text().splitlines())
    assert made.closed_form() == ours.closed_form() and made.output == ours.output


@pytest.mark.parametrize("name", ["lion", "radam", "momentum", "adamw/adamc", "yogi"])
def test_whatever_takes_a_step_from_theta_can_be_made_schedule_free(name: str) -> None:
    made = schedule_free(rule(name))
    assert made.state_names[:2] == ("z", "weight_sum") and made.steps[-1].name == "theta"
    assert made.learning_rate == rule(name).learning_rate


def _toy(*steps: Let, state: tuple[State, ...] = (), of: Rule | None = None) -> Rule:
    return replace(rule("sgd") if of is None else of, name="toy", steps=steps, state=state)


x, lr = tensor("x"), rule("sgd").hyper[0].symbol


@pytest.mark.parametrize(
    ("of", "message"),
    [
        (_toy(Let(theta, theta * (1 - lr) - lr * g)), "another point than theta"),
        (_toy(Let(theta, theta - lr * g), Let(x, theta), state=(State(x, 0),)), "another point than theta"),
        (_toy(Let(x, g), Let(theta, theta - lr * x)), "x has two meanings"),
        (rule("schedule_free_sgd"), "theta"),
        (rule("ftrl"), "another point than theta"),
    ],
    ids=["scaled", "read again", "two meanings", "twice", "dual"],
)
def test_what_takes_no_step_from_theta_is_refused(of: Rule, message: str) -> None:
    with pytest.raises(RefoptError, match=message):
        schedule_free(of)
