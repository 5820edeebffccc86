"""A compiled program gives what the tree evaluator gives, and computes what is scalar once."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from refopt.catalogue import rules
from refopt.errors import NotImplementedYet
from refopt.exact.numbers import decimal_numbers
from refopt.language.compile import compiled
from refopt.language.evaluate import Arithmetic, evaluate
from refopt.language.expression import Expression, floor, g, maximum, pi, scalar, sqrt, t, tensor, theta, where
from refopt.language.rule import Rule

NUMBERS = decimal_numbers()


@pytest.mark.parametrize("hoist", [True, False])
@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_a_rule_as_a_program_gives_the_values_of_its_trees(r: Rule, hoist: bool) -> None:
    generator = random.Random(5)
    made = compiled([(let.name, let.value) for let in r.steps], NUMBERS.arithmetic, hoist=hoist)
    with NUMBERS.precision(40):
        for number in (1, 2, 7):
            scalars: dict[str, Any] = {h.name: NUMBERS.number(r.values()[h.name]) for h in r.hyper} | {"t": number}
            scalars |= {s.name: Decimal(generator.randint(1, 99)) / 100 for s in r.scalar_state}
            given = {n: Decimal(generator.randint(1, 99)) / 8 for n in ("theta", "g", *r.input_names, *(s.name for s in r.tensor_state))}
            given |= {s.name: given[s.name] + 200 for s in r.tensor_state if s.symbol.sign == "nonnegative"}  # more than the square of the mean is taken off it
            environment = scalars | given
            for let in r.steps:
                environment[let.name] = evaluate(let.value, environment, NUMBERS.arithmetic)
            values = given if hoist else given | scalars | {"t": Decimal(number)}
            assert made.body(values, made.prelude(scalars)) == [environment[n] for n in _names(r, environment)]


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_rows_are_the_body_of_each_element(r: Rule) -> None:
    made = compiled([(let.name, let.value) for let in r.steps], NUMBERS.arithmetic)
    with NUMBERS.precision(40):
        kept = {s.name: Decimal("0.25") for s in r.scalar_state}
        scalars = made.prelude({h.name: NUMBERS.number(r.values()[h.name]) for h in r.hyper} | kept | {"t": 3})
        averages = {s.name for s in r.tensor_state if s.symbol.sign == "nonnegative"}
        names = ("theta", "g", *r.input_names, *(s.name for s in r.tensor_state))
        elements = [{n: Decimal(i) / 8 + (200 if n in averages else 0) for n in names} for i in (3, 5, 11)]
        columns = {n: [e[n] for e in elements] for n in names}
        assert made.rows(3, columns, scalars) == [tuple(made.body(e, scalars)) for e in elements]
        assert made.rows(0, dict.fromkeys(names, ()), scalars) == []


def _names(r: Rule, environment: dict[str, Any]) -> list[str]:
    assert len({let.name for let in r.steps}) == len(r.steps), "no name is assigned twice, so its last value is the one assigned"
    return [let.name for let in r.steps if let.name in environment]


def _counted(calls: Counter[str]) -> Arithmetic:
    def root(a: Any) -> Any:
        calls["sqrt"] += 1
        return a**0.5

    operations: dict[str, Any] = {"sqrt": root, "max": max, "lt": lambda a, b: a < b, "div": lambda a, b: a / b, "mul": lambda a, b: a * b}
    return Arithmetic("counted", float, lambda: 3.0, operations | {"add": lambda a, b: a + b})


def test_scalar_parts_are_computed_once_a_step_and_equal_parts_once_an_element() -> None:
    calls: Counter[str] = Counter()
    lr, v = scalar("lr"), tensor("v")
    made = compiled([("theta", theta - sqrt(lr) * sqrt(v) - sqrt(lr) / sqrt(v))], _counted(calls))
    scalars = made.prelude({"lr": 4.0})
    assert calls["sqrt"] == 1
    assert made.body({"theta": 10.0, "v": 4.0}, scalars) == [5.0]
    assert calls["sqrt"] == 2


def test_a_name_on_the_right_is_its_value_at_that_point() -> None:
    v = tensor("v")
    made = compiled([("v", v + g), ("theta", theta - v), ("v", v * 2), ("w", v)], _counted(Counter()))
    assert made.body({"v": 1.0, "g": 2.0, "theta": 10.0}, made.prelude({})) == [3.0, 7.0, 6.0, 6.0]


def test_a_scalar_that_is_assigned_can_stand_in_other_scalars() -> None:
    lr, lr_t, twice = scalar("lr"), scalar("lr_t"), scalar("twice")
    made = compiled([("lr_t", lr / t), ("twice", lr_t * 2), ("theta", theta - (twice + lr_t) * g)], _counted(Counter()))
    assert made.body({"theta": 10.0, "g": 1.0}, made.prelude({"lr": 8.0, "t": 4})) == [2.0, 4.0, 4.0]


def test_a_choice_by_a_scalar_condition_takes_its_branch() -> None:
    made = compiled([("theta", where(t < 2, g, maximum(theta, g)))], _counted(Counter()))
    assert [made.body({"theta": 5.0, "g": 1.0}, made.prelude({"t": n})) for n in (1, 2)] == [[1.0], [5.0]]


def test_elements_made_of_scalars_alone_have_as_many_rows_as_elements() -> None:
    made = compiled([("theta", scalar("lr") * 2)], _counted(Counter()))
    assert made.rows(3, {}, made.prelude({"lr": 4.0})) == [(8.0,)] * 3


def test_columns_of_different_lengths_are_refused() -> None:
    made = compiled([("theta", theta + g)], _counted(Counter()))
    with pytest.raises(ValueError, match=r"zip\(\) argument 3 is (shorter|longer)"):
        made.rows(2, {"theta": [1.0, 2.0], "g": [1.0]}, made.prelude({}))


def _prelude(tree: Expression, **given: Any) -> Any:
    arithmetic = Arithmetic("told", lambda x: ("number", x), lambda: "pi", {"pow": lambda x, y: ("pow", x, y)})
    assert evaluate(tree, given, arithmetic) == compiled([("s", tree)], arithmetic).prelude(given)[0]
    return evaluate(tree, given, arithmetic)


def test_scalars_made_of_integers_are_exact_and_exponents_stay_integers() -> None:
    lr = scalar("lr")
    assert _prelude(floor(t / 3) * 3 + 1, t=8) == ("number", 7)
    assert _prelude(lr**t, lr=0.5, t=3) == ("pow", 0.5, 3)
    assert type(_prelude(lr**t, lr=0.5, t=3)[2]) is int
    assert _prelude(lr ** (t / 2), lr=0.5, t=3) == ("pow", 0.5, ("number", Fraction(3, 2)))
    assert _prelude(t < 3, t=2) is True
    assert _prelude(pi) == "pi"


def test_a_choice_between_scalars_computes_the_branch_taken_alone() -> None:
    lr = scalar("lr")
    tree = where(t < 2, lr, lr / (t - 1))
    made = compiled([("rate", tree)], Arithmetic("floats", float, lambda: 3.0, {"div": lambda a, b: a / b}))
    assert [made.prelude({"lr": 8.0, "t": n}) for n in (1, 2, 3)] == [[8.0], [8.0], [4.0]]


def test_a_program_is_made_once_for_each_arithmetic() -> None:
    one, other = _counted(Counter()), _counted(Counter())
    assert compiled([("theta", theta - g)], one) is compiled([("theta", theta - g)], one)
    assert compiled([("theta", theta - g)], one) is not compiled([("theta", theta - g)], other)
    assert compiled([("theta", theta - g)], one) is not compiled([("theta", g - theta)], one)


def test_an_operation_without_a_meaning_is_refused_when_the_program_is_made() -> None:
    with pytest.raises(NotImplementedYet, match="the operation sqrt has no meaning in bare numbers"):
        compiled([("theta", sqrt(theta))], Arithmetic("bare", float, lambda: 3.0, {}))
