"""The graph of equivalent forms holds the ways in which people write a formula, and nothing that is not equal to it."""

from __future__ import annotations

import math
import operator
import random
from fractions import Fraction
from typing import Any

import pytest

from refopt.catalogue import rule, rules
from refopt.language.rule import Rule
from refopt.rounding.compiled import Compiled, compiled
from refopt.rounding.forms import Class, Forms, Node, Product
from refopt.rounding.normal_form import Atom, Call, Monomial, Polynomial, Sum
from refopt.rounding.prove_forms import drop_unproved

RULES = rules(variants=True)


def _programs(forms: Forms, wanted: Class) -> int:
    """How many different programs make a class."""
    counts: dict[Class, int] = {}
    for one_class, ways in forms.nodes.items():
        total = 0
        for node in ways:
            count = 1
            for arg in node.args:
                count *= counts[arg]
            total += count
        counts[one_class] = total if ways else 1
    return counts[wanted]


def _compiled(r: Rule) -> Compiled:
    return compiled(r, r.values(), 2)


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_every_class_can_be_made_and_every_operand_comes_before_its_result(r: Rule) -> None:
    seen: set[Class] = set()
    for wanted, ways in _compiled(r).forms.nodes.items():
        assert wanted.is_scalar or isinstance(wanted, Atom) or ways, wanted
        for node in ways:
            assert set(node.args) <= seen, (wanted, node)
        seen.add(wanted)


def _value(wanted: Class, atoms: dict[str, float]) -> Any:
    """The value of a class in binary64, by its definition."""
    if isinstance(wanted, Atom):
        return atoms[wanted.key]
    if isinstance(wanted, Product):
        return _monomial(wanted.factors, atoms)
    if isinstance(wanted, Sum):
        return _polynomial(wanted.terms, atoms)
    args = [_polynomial(p, atoms) for p in wanted.args]
    return _called(wanted.op)(*args)


def _called(op: str) -> Any:
    chosen = {"max": max, "min": min, "where": lambda c, x, y: x if c else y, "ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}
    return {**chosen, "abs": abs, "sign": lambda x: (x > 0) - (x < 0), **vars(math)}[op]


def _monomial(m: Monomial, atoms: dict[str, float]) -> float:
    x = 1.0
    for base, e in m:
        x *= _value(base, atoms) ** float(e)
    return x


def _polynomial(p: Polynomial, atoms: dict[str, float]) -> float:
    return sum(float(c) * _monomial(m, atoms) for c, m in p)


def _made(node: Node, atoms: dict[str, float]) -> float:
    args = [_value(a, atoms) for a in node.args]
    match node.op:
        case "add":
            return float(node.signs[0] * args[0] + node.signs[1] * args[1])
        case "mul":
            return float(args[0] * args[1])
        case "div":
            return float(args[0] / args[1])
        case "reciprocal":
            return float(1 / args[0])
        case "sqrt":
            return float(args[0] ** 0.5)
        case "neg":
            return float(-args[0])
        case "same":
            return float(args[0])
        case "max":
            return float(max(args))
    return float(_called(node.op)(*args))


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_every_node_has_its_class_value_at_a_random_point(r: Rule) -> None:
    """Apart from SymPy's proof: what the node computes is what the class means, to 2^-40 of the sizes that meet."""
    seed = 11
    rng = random.Random(seed)
    version = _compiled(r)
    atoms: dict[str, float] = {}
    for wanted in version.forms.nodes:
        _collect(wanted, atoms)
    for key in atoms:
        atoms[key] = rng.uniform(0.1, 0.4)
    for key in [k for k in atoms if k.startswith("v")]:
        atoms[key] = rng.uniform(2.0, 3.0)
    for b, c in version.names.complements.items():
        atoms[c.key] = 1 - atoms.setdefault(b.key, 0.3)
    for key, tree in version.names.scalars.items():
        if tree.op == "literal" and tree.value is not None:
            atoms[key] = float(tree.value)
    for wanted, ways in version.forms.nodes.items():
        for node in ways:
            x, y = _value(wanted, atoms), _made(node, atoms)
            size = max([abs(x), *(abs(_value(a, atoms)) for a in node.args)])
            assert abs(x - y) <= size * 2.0**-40, (seed, wanted, node, x, y)


def _collect(wanted: Class, atoms: dict[str, float]) -> None:
    if isinstance(wanted, Atom):
        atoms.setdefault(wanted.key, 0.0)
    elif isinstance(wanted, Product):
        for base, _ in wanted.factors:
            _collect(base, atoms)
    else:
        for p in (wanted.terms,) if isinstance(wanted, Sum) else wanted.args:
            for _, m in p:
                for base, _ in m:
                    _collect(base, atoms)


def test_a_node_that_is_not_equal_is_dropped() -> None:
    version = _compiled(rule("rmsprop"))
    forms = Forms(version.names)
    forms.nodes = dict(version.forms.nodes)
    wanted = next(c for c, ways in forms.nodes.items() if ways and isinstance(c, Sum))
    right = forms.nodes[wanted][0]
    wrong = Node("add", right.args, (right.signs[0], -right.signs[1]))
    forms.nodes[wanted] = (*forms.nodes[wanted], wrong)
    assert [node for _, node in drop_unproved(forms)].count(wrong) == 1
    assert wrong not in forms.nodes[wanted]


def test_adam_has_thousands_of_programs_in_some_hundred_nodes_and_hundreds_of_thousands_with_the_moment_written_out() -> None:
    version = _compiled(rule("adam"))
    theta = next(r for r in version.roots if r.name == "theta")
    assert _programs(version.forms, theta.value) > 5000
    assert theta.written_out is not None
    assert _programs(version.forms, theta.written_out) > 500_000
    assert sum(map(len, version.forms.nodes.values())) < 2000


MANY = {"nadam": 16_000, "nadam/constant_momentum": 8_000, "nadam/one_correction": 7_000, "nadamw": 8_000, "adan": 20_000}
"""Rules whose theta is a quotient of sums of quotients: the ways to write it multiply."""


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_no_rule_has_more_than_six_thousand_nodes_but_a_few_that_are_listed(r: Rule) -> None:
    assert sum(map(len, _compiled(r).forms.nodes.values())) <= MANY.get(r.name, 6000)


def _written_out(name: str, variable: str = "theta") -> str | None:
    out = next(r.written_out for r in _compiled(rule(name)).roots if r.name == variable)
    return None if out is None else out.key


def test_a_velocity_is_written_out_inside_theta_and_multiplied_out() -> None:
    assert _written_out("momentum") == "{-1*g*lr + -1*momentum*v + 1*theta}"
    assert _written_out("nesterov") == "{-1*g*lr + -1*g*lr*momentum + -1*momentum^2*v + 1*theta}"
    assert _written_out("sgd") is None


def test_what_stands_under_a_root_is_not_written_out() -> None:
    assert _written_out("rmsprop") is None
    key = _written_out("adam")
    assert key is not None
    assert "v'" in key
    assert "beta2*v" not in key


def test_a_gradient_with_its_decay_is_written_out_in_the_moments_also_where_it_is_squared() -> None:
    for variable, terms in (("m", 3), ("v", 4)):
        key = _written_out("adam/l2", variable)
        assert key is not None
        assert key.count(" + ") == terms - 1


def test_adams_moment_can_be_formed_as_an_interpolation_from_its_stable_end_only() -> None:
    version = _compiled(rule("adam"))
    m = next(r.value for r in version.roots if r.name == "m")
    guarded = [n.below_half.key for n in version.forms.nodes[m] if n.below_half is not None]
    assert guarded == ["beta1"]
    assert len(version.forms.nodes[m]) == 3


@pytest.mark.parametrize("name", ["adam", "rmsprop", "adam/eps_hat"])
def test_a_gradient_or_a_moment_is_never_inverted(name: str) -> None:
    for wanted in _compiled(rule(name)).forms.nodes:
        if isinstance(wanted, Product):
            assert all(e > 0 for b, e in wanted.factors if isinstance(b, Atom) and b.key in ("g", "m", "m'", "theta")), wanted


def test_the_interpolation_is_read_as_the_weighted_mean() -> None:
    from dataclasses import replace

    from refopt.language.expression import g
    from refopt.language.rule import Let

    adam = rule("adam")
    m, beta1 = adam.state[0].symbol, adam.hyper[1].symbol
    lerp = replace(adam, steps=(Let(m, m + (1 - beta1) * (g - m)), *adam.steps[1:]))
    assert _compiled(lerp).roots[0].value == _compiled(adam).roots[0].value


def test_a_choice_by_the_step_counter_is_decided_before_the_graph_is_made() -> None:
    r = rule("momentum/raw_start")
    first, later = compiled(r, r.values(), 1), compiled(r, r.values(), 2)
    assert first is not later
    assert all(not isinstance(c, Call) for version in (first, later) for c in version.forms.nodes)
    assert compiled(r, {**r.values(), "momentum": Fraction(1, 2)}, 7) is later
