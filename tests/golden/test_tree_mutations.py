"""Edits of a tree: each is one slip, in one place, and the rest of the tree stays."""

from __future__ import annotations

import pytest

from refopt.catalogue.symbols import beta1, beta2, eps, lr, v
from refopt.golden.tree_mutations import edits, exchanges, rebuilt, replaced_once, shifts
from refopt.language.expression import Expression, floor, g, k, maximum, sqrt, t, theta
from refopt.language.text import infix


def _made(tree: Expression, *hyper: Expression) -> list[str]:
    return [infix(whole) for _, _, whole in edits(tree, hyper)]


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        (theta - g, ["theta + g", "theta", "-g", "g - theta"]),
        (theta * g, ["theta / g", "theta", "g"]),
        (theta / g, ["theta*g", "theta", "g", "g / theta"]),
        (g**2, ["g", "abs(g)", "g*g*g"]),
        (maximum(theta, g), ["min(theta, g)", "theta", "g"]),
        (g > theta, ["g >= theta", "g > theta + 1", "g > theta - 1"]),
    ],
)
def test_the_edits_of_one_operation_are_these(tree: Expression, wanted: list[str]) -> None:
    assert _made(tree) == wanted


def test_epsilon_moves_into_the_root_and_out_of_it() -> None:
    assert "sqrt(v + eps)" in _made(sqrt(v) + eps, eps)
    assert "sqrt(v) + eps" in _made(sqrt(v + eps), eps)


def test_a_count_in_a_power_is_off_by_one_and_so_is_the_power() -> None:
    made = _made(beta1**t, beta1, beta2)
    assert {"beta1", "beta1^(t + 1)", "beta1^(t - 1)", "beta2^t"} <= set(made)


def test_a_floor_is_dropped_rounded_up_and_rounded_to_the_nearest() -> None:
    assert _made(floor(g)) == ["g", "-floor(-g)", "floor(g + 1/2)"] or _made(floor(g)) == ["g", "-floor(-g)", "floor(g + 0.5)"]


def test_an_edit_in_an_operand_leaves_the_rest_as_it_is_and_names_the_part() -> None:
    tree = theta - lr * g
    assert all(infix(whole).startswith("theta - ") for old, _, whole in edits(tree, ()) if infix(old) == "lr*g")
    assert [infix(new) for old, new, _ in edits(tree, ()) if infix(old) == "lr*g"] == ["lr / g", "lr", "g"]


def test_only_hyperparameters_of_one_kind_are_exchanged_and_each_takes_the_others_place() -> None:
    whole = k  # a whole number
    made = [put for _, put in exchanges((beta1, beta2, whole))]
    assert made == [{"beta1": beta2, "beta2": beta1}]


def test_a_count_is_one_less_and_one_more_wherever_it_stands() -> None:
    assert [infix(put["t"]) for _, put in shifts((t,))] == ["t - 1", "t + 1"]


def test_each_occurrence_is_replaced_alone() -> None:
    tree = g * theta + g
    assert [infix(x) for x in replaced_once(tree, g, v)] == ["v*theta + g", "g*theta + v"]
    assert infix(rebuilt(tree, 1, eps)) == "g*theta + eps"
