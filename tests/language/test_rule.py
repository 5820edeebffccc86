"""A rule that makes no sense refuses to exist, in one line; what it computes and nothing else is in its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from refopt.catalogue import rule, rules
from refopt.errors import InexactLiteral, OutsideDomain, RefoptError, UndefinedName, UnknownName
from refopt.language.expression import (
    Kind,
    cast,
    g,
    literal,
    operation,
    scalar,
    t,
    tensor,
    theta,
)
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

lr = scalar("lr", r"\eta", sign="nonnegative")
n = scalar("n", kind=Kind.INTEGER)
v, w = tensor("v"), tensor("w")
LR = Hyper(lr, "0.01", lr >= 0, Role.RATE, "step size", "a negative rate would climb")
DESCENT = Let(theta, theta - lr * g)
SOURCE = (Source("a paper", "equation (1)", "doi:1"),)


def _rule(**changes: Any) -> Rule:
    return Rule(**{"name": "mine", "title": "mine", "source": SOURCE, "hyper": (LR,), "state": (), "steps": (DESCENT,)} | changes)


def _refused(error: type[RefoptError], message: str, **changes: Any) -> None:
    with pytest.raises(error, match=message) as caught:
        _rule(**changes)
    assert "\n" not in caught.value.message and caught.value.message.startswith("mine: ")


def test_a_symbol_used_before_it_is_defined_is_refused() -> None:
    _refused(UndefinedName, r"w is used in 'theta <- theta - lr\*w' before it is defined", steps=(Let(theta, theta - lr * w),))
    _refused(UndefinedName, "w is used in", steps=(Let(theta, theta - lr * w), Let(w, g)))
    _refused(UndefinedName, "lr, momentum is used in", hyper=(), steps=(Let(theta, theta - lr * scalar("momentum") * g),))


def test_a_state_that_is_never_updated_is_refused() -> None:
    _refused(UndefinedName, "state v is never updated", state=(State(v, 0),))


def test_a_constant_state_may_not_be_assigned_and_need_not_be() -> None:
    _refused(UndefinedName, "state v is constant but assigned", state=(State(v, theta, constant=True),), steps=(Let(v, g), DESCENT))
    assert _rule(state=(State(v, theta, constant=True),)).state_names == ("v",)


def test_a_state_starts_from_hyperparameters_and_theta_only() -> None:
    assert _rule(state=(State(v, lr * theta),), steps=(Let(v, v + g), DESCENT)).state[0].initial == lr * theta
    _refused(UndefinedName, "state v starts from g, which is not a hyperparameter", state=(State(v, g),), steps=(Let(v, g), DESCENT))


def test_a_rule_that_never_assigns_theta_is_refused() -> None:
    _refused(UndefinedName, "theta is never assigned", steps=(Let(w, g),))
    _refused(UndefinedName, "theta is never assigned", steps=())


def test_a_name_has_one_meaning() -> None:
    _refused(RefoptError, "lr has two meanings", hyper=(LR, LR))
    _refused(RefoptError, "v has two meanings", hyper=(LR, Hyper(v, "0", v >= 0, Role.FACTOR, "")), state=(State(v, 0),), steps=(Let(v, g), DESCENT))
    _refused(RefoptError, "lr is given and cannot be assigned", steps=(Let(lr, lr / 2), DESCENT))
    _refused(RefoptError, "g is given and cannot be assigned", steps=(Let(g, -g), DESCENT))
    _refused(RefoptError, "t is given and cannot be assigned", steps=(Let(t, t + 1), DESCENT))


def test_a_scalar_cannot_hold_one_value_an_element() -> None:
    _refused(RefoptError, r"step is global, 'lr\*g' is element", steps=(Let(scalar("step"), lr * g), DESCENT))


@pytest.mark.parametrize("default", ["-0.01", "nan", "inf", "1e400", "ten"])
def test_a_default_outside_its_domain_is_refused(default: str) -> None:
    with pytest.raises(OutsideDomain, match="lr = "):
        _rule(hyper=(replace(LR, default=default),))


def test_a_state_of_one_value_does_not_start_from_one_value_an_element() -> None:
    p = scalar("p")
    rule_of_one = _rule(state=(State(p, lr),), steps=(Let(p, p * lr), DESCENT))
    assert rule_of_one.scalar_state == rule_of_one.state and rule_of_one.tensor_state == ()
    _refused(RefoptError, "state p is one value in all, it starts from 'theta', one an element", state=(State(p, theta),), steps=(Let(p, p * lr), DESCENT))


@pytest.mark.parametrize("bad", [0.9, float("nan")])
def test_a_float_in_a_rule_is_a_type_error(bad: Any) -> None:
    with pytest.raises(TypeError):
        _rule(steps=(Let(theta, theta - bad * g),))
    with pytest.raises(InexactLiteral):
        _rule(state=(State(v, bad),), steps=(Let(v, g), DESCENT)).canonical()


def test_hyperparameters_are_the_binary64_numbers_that_were_written() -> None:
    adam = rule("adam")
    assert adam.values()["beta2"] == Fraction(0.999) != Fraction("0.999")
    assert adam.values({"eps": 1e-7, "lr": "0.5"})["eps"] == Fraction(1e-7)
    assert adam.values({"lr": Fraction(1, 2)}) == adam.values({"lr": 0.5})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lr", -1, "lr = -1 is outside 0 <= lr"),
        ("beta1", 1, "beta1 = 1 is outside 0 <= beta1 < 1"),
        ("beta2", "1.5", "beta2 = 1.5 is outside 0 <= beta2 < 1"),
        ("beta2", "0.99999999999999999999", "is outside 0 <= beta2 < 1"),
        ("eps", -1e-8, "eps = -1e-08 is outside 0 <= eps"),
        ("lr", float("nan"), "lr = nan is not finite"),
        ("lr", "inf", "lr = inf is not finite"),
        ("lr", "much", "lr = 'much' is not a number"),
        ("lr", None, "lr = None is not a number"),
        ("lr", 10**400, "is not a number"),
    ],
)
def test_a_value_outside_its_domain_is_refused_in_one_line(name: str, value: Any, message: str) -> None:
    with pytest.raises(OutsideDomain) as caught:
        rule("adam").values({name: value})
    assert message in caught.value.message and "\n" not in caught.value.message


def test_the_refusal_says_what_breaks_outside_the_domain() -> None:
    with pytest.raises(OutsideDomain) as caught:
        rule("adamw").values({"beta1": 1})
    assert caught.value.note == "1 - beta1^t would be 0 and adamw would divide by it"


def test_an_integer_hyperparameter_takes_integers_only() -> None:
    hyper = Hyper(n, "3", n >= 1, Role.COUNT, "a count", "")
    assert hyper.value("4") == 4
    with pytest.raises(OutsideDomain, match=r"n = 2\.5 is not an integer"):
        hyper.value(2.5)


def test_an_unknown_hyperparameter_gets_the_nearest_name() -> None:
    with pytest.raises(UnknownName) as caught:
        rule("adam").values({"beta_1": 0.9})
    assert caught.value.help is not None and caught.value.help.startswith("did you mean beta1?")


def test_a_domain_is_printed_as_people_write_it() -> None:
    texts = {h.name: h.domain_text for h in (*rule("adamw").hyper, Hyper(n, "1", (n > 0, n <= 9, n**2 < 50), Role.COUNT, ""))}
    assert texts["beta1"] == "0 <= beta1 < 1" and texts["eps"] == "0 <= eps" and texts["n"] == "0 < n <= 9 and n^2 < 50"


def test_a_variant_knows_its_family() -> None:
    assert (rule("adam/l2").family, rule("adam/l2").is_variant, rule("adam").is_variant) == ("adam", True, False)


def test_a_rule_uses_the_step_where_its_formula_names_t() -> None:
    uses = {r.name for r in rules(variants=True) if r.uses_step}
    assert {"momentum/raw_start", "adam", "adam/eps_hat", "adam/l2", "adamw", "amsgrad/max_hat", "nadam", "radam", "adagrad/lr_decay"} <= uses
    assert not uses & {"sgd", "momentum", "nesterov", "rmsprop", "adam/uncorrected", "adagrad", "adadelta", "lion", "signum"}


def test_the_closed_form_is_the_assignments_put_into_one_another() -> None:
    beta1, beta2, m, second, gradient, number = (sp.Symbol(s) for s in ("beta1", "beta2", "m", "v", "g", "t"))
    closed = {name: sp.sympify(str(value)) for name, value in rule("adam").closed_form().items()}
    assert closed["m"] - (beta1 * m + (1 - beta1) * gradient) == 0
    expected = sp.sympify(
        "theta - lr*(beta1*m + (1 - beta1)*g)/(1 - beta1**t)/(sqrt((beta2*v + (1 - beta2)*g**2)/(1 - beta2**t)) + eps)"
    )
    assert sp.simplify(closed["theta"] - expected) == 0
    assert set(closed) == {"theta", "m", "v"} and closed["theta"].free_symbols >= {second, number, beta2}


def test_an_output_is_written_in_what_is_kept() -> None:
    r = rule("schedule_free_sgd")
    assert r.output is not None and {str(s.name) for s in r.output.symbols()} == {"theta", "z", "beta1"}
    with pytest.raises(UndefinedName, match="c is in the output and is not kept"):
        replace(r, output=theta * scalar("c"))
    assert rule("sgd").output is None
    assert replace(r, output=None).fingerprint == r.fingerprint, "the update does not compute it"


def _edits(r: Rule) -> Iterator[Rule]:
    """Every rule that differs from `r` in one thing that it computes with."""
    yield replace(r, name=f"{r.name}2")
    for i, h in enumerate(r.hyper):
        other = next(x for x in ("0.015625", "1.015625") if h.allows(x))
        for changed in (replace(h, default=other), replace(h, domain=(*h.conditions, h.symbol <= 10**6))):
            yield replace(r, hyper=(*r.hyper[:i], changed, *r.hyper[i + 1 :]))
    for i, s in enumerate(r.state):
        yield replace(r, state=(*r.state[:i], replace(s, init="0.1"), *r.state[i + 1 :]))
    for i, let in enumerate(r.steps):
        for value in _other_trees(let.value):
            yield replace(r, steps=(*r.steps[:i], Let(let.symbol, value), *r.steps[i + 1 :]))


def _other_trees(node: Any) -> Iterator[Any]:
    """Trees that differ from `node` in one place: operands exchanged, a sign, a number, a rounding."""
    yield -node
    yield cast(node, "float32")
    if node.op == "literal":
        yield literal(node.value + 1)
    if len(node.args) == 2 and node.args[0] != node.args[1]:
        yield operation(node.op, node.args[1], node.args[0])
    for i, arg in enumerate(node.args):
        for other in _other_trees(arg):
            if other.kind is not arg.kind and arg.kind is Kind.BOOLEAN:
                continue
            yield operation(node.op, *node.args[:i], other, *node.args[i + 1 :], attribute=node.attribute)


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_any_edit_of_what_is_computed_changes_the_fingerprint(r: Rule) -> None:
    edits = list(_edits(r))
    prints = {e.fingerprint for e in edits}
    assert r.fingerprint not in prints
    assert len(prints) == len({e.canonical() for e in edits}) > 10


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_what_is_only_said_about_a_rule_leaves_the_fingerprint_alone(r: Rule) -> None:
    said = replace(
        r, title="x", source=SOURCE, differs="x", used_by=("x",), notes=("x",),
        hyper=tuple(replace(h, meaning="x", why="x") for h in r.hyper), state=tuple(replace(s, meaning="x") for s in r.state),
        steps=tuple(replace(let, comment="x") for let in r.steps),
    )  # fmt: skip
    assert said.fingerprint == r.fingerprint


def test_no_two_rules_of_the_catalogue_share_a_fingerprint() -> None:
    prints = [r.fingerprint for r in rules(variants=True)]
    assert len(set(prints)) == len(prints) and all(len(p) == 64 for p in prints)


def test_a_source_is_printed_with_its_place_and_link() -> None:
    assert str(Source("Kingma & Ba 2015", "Algorithm 1")) == "Kingma & Ba 2015, Algorithm 1"
