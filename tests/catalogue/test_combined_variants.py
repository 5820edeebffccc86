"""Two variants of one reference put together, on rules of one line written here and on the catalogue's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refopt.catalogue import rule, rules, variants
from refopt.catalogue.candidates import pairs
from refopt.catalogue.combined_variants import combined, substitution
from refopt.cli.main import main
from refopt.language.expression import Expression, g, literal, scalar, sqrt, theta
from refopt.language.rule import Let, Rule
from refopt.language.text import infix

SGD, ADAM = rule("sgd"), rule("adam")
LR = SGD.hyper[0].symbol
x, y, z = scalar("x"), scalar("y"), scalar("z")


def _sgd(value: Expression, name: str) -> Rule:
    return replace(SGD, name=f"sgd/{name}", steps=(Let(theta, value),), differs=f"differs by {name}")


def _steps(r: Rule | None) -> list[str]:
    assert r is not None
    return [f"{let.name} = {infix(let.value)}" for let in r.steps]


def test_the_changes_of_both_stand_in_the_result_and_in_its_name() -> None:
    both = combined(ADAM, rule("adam/eps_in_sqrt"), rule("adam/uncorrected"))
    assert both is not None and both.name == "adam/eps_in_sqrt+adam/uncorrected"
    text = "\n".join(_steps(both))
    assert "m_hat" not in text and "v_hat" not in text, "uncorrected"
    assert "sqrt(v + eps)" in text, "and eps in the root of what stands there now"


def test_a_hyperparameter_of_either_is_there_once_and_nothing_of_a_publication_is_lost() -> None:
    first, second = rule("adam/eps_hat"), rule("adam/l2")
    both = combined(ADAM, first, second)
    assert both is not None
    assert both.hyper_names == (*ADAM.hyper_names, "weight_decay") and both.state_names == ADAM.state_names
    assert both.source == (*first.source, *second.source)
    assert first.differs is not None and second.differs is not None and both.differs == f"{first.differs}; {second.differs}"


def test_two_that_change_the_same_thing_are_not_combined() -> None:
    uphill, rooted = _sgd(theta + LR * g, "uphill"), _sgd(theta - sqrt(LR * g), "rooted")
    assert combined(SGD, uphill, rooted) is None and combined(SGD, rooted, uphill) is None


def test_one_that_is_the_result_by_itself_is_no_combination() -> None:
    halved = _sgd(theta - LR * g / literal("2"), "halved")
    assert combined(SGD, halved, halved) is None
    assert combined(SGD, halved, replace(SGD, name="sgd/same")) is None


def test_a_change_of_symbols_is_put_into_the_change_of_the_formula_whichever_comes_first() -> None:
    other_symbol, other_formula = _sgd(theta - LR * sqrt(g), "root"), _sgd(theta - sqrt(LR * g), "rooted")
    for first, second in ((other_symbol, other_formula), (other_formula, other_symbol)):
        assert _steps(combined(SGD, first, second)) == ["theta = theta - sqrt(lr*sqrt(g))"]


def test_an_assignment_that_one_adds_stands_where_it_did_and_one_that_either_drops_is_gone() -> None:
    both = combined(ADAM, rule("adam/l2"), rule("adam/uncorrected"))
    assert both is not None
    names = [let.name for let in both.steps]
    assert len(names) == len(set(names)) and names[-1] == "theta"
    assert not {"m_hat", "v_hat"} & set(names)
    added = [let.name for let in rule("adam/l2").steps if let.name not in [a.name for a in ADAM.steps]]
    assert set(added) <= set(names) and all(names.index(n) < names.index("m") for n in added)


@pytest.mark.parametrize("reference", [r.name for r in rules()])
def test_each_half_of_the_name_of_a_pair_is_one_that_show_knows(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    for pair in pairs(rule(reference), False):
        first, _, second = pair.name.partition("+")
        assert {rule(first), rule(second)} <= set(variants(reference))
        assert main(["show", first]) == 0 == main(["show", second])
        assert pair.family == rule(first).family
    capsys.readouterr()


@pytest.mark.parametrize(
    ("base", "changed", "found"),
    [
        (x + y, x + y * z, {"y": y * z}), (x + x, y + y, {"x": y}), (x + x, y + z, None), (x + y, x - y, None),
        (x + literal("1"), x + literal("2"), None), (x, x, {}), (x + y, y + x, {"x": y, "y": x}),
    ],
)  # fmt: skip
def test_a_substitution_has_one_tree_a_symbol_and_gives_the_changed_formula(base: Expression, changed: Expression, found: dict[str, Expression] | None) -> None:
    assert substitution(base, changed) == found
