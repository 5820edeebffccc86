"""A rule prepared for its bound: its graph of forms, one root for each assignment.

An assignment that is a product of powers of atoms (m_hat, v_hat) is written into the formulas that use it, because
programs do so; any other keeps its own bound, and later assignments see it as an input with that error. One whose terms
are added one by one (m, a velocity) is written out and multiplied out besides, one level deep: theta - mu*v - lr*g is
momentum as well. So is the square of a sum, g^2 + 2*beta2*g*d + beta2^2*d^2, where that does not amplify rounding errors.
Choices by a scalar (t = 1) are decided on the exact values first, so that one rule may have several prepared versions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from refopt.errors import NotImplementedYet
from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind, cast, g, operation, tensor
from refopt.language.rule import Rule
from refopt.rounding.forms import Class, Forms, Node
from refopt.rounding.normal_form import Atom, Names, Polynomial, is_added_up, normal_form, one, written_out
from refopt.rounding.proved_forms import is_proved
from refopt.rounding.scalar_state import STORED
from refopt.rounding.scalars import Ball, Scalars, Undecided, number


@dataclass(frozen=True)
class Root:
    """An assignment: the name that gets the value, the atom by which later formulas know it, and its class.

    is_output    theta or a state: its bound is part of the result
    written      the formula as it is written, in the atoms of the graph: what is inlined stands in it
    written_out  the class of the same value with the assignments and squares in it multiplied out; None: there are none in it
    """

    name: str
    atom: Atom
    value: Class
    is_output: bool
    written: Expression
    written_out: Class | None = None


@dataclass(frozen=True)
class Compiled:
    """A rule's graph of forms. `dropped` lists nodes that SymPy did not prove equal to their class."""

    rule: Rule
    names: Names
    forms: Forms
    roots: tuple[Root, ...]
    dropped: tuple[tuple[Class, Node], ...]

    @cached_property
    def scalars_of_elements(self) -> tuple[Class, ...]:
        """The scalars that something of elements is made of: not those that are a state's next value alone."""
        elements = (c for c in self.forms.nodes if not c.is_scalar)
        return tuple(dict.fromkeys(a for c in elements for node in self.forms.nodes[c] for a in node.args if a.is_scalar))


_CACHE: dict[tuple[str, tuple[bool, ...], bool], Compiled] = {}


def compiled(
    rule: Rule, hyper: Mapping[str, Fraction], t: int, *, amplifying: bool = False, slack: Mapping[str, Fraction] | None = None
) -> Compiled | None:
    """The graph of a rule for the choices that hyperparameters and t decide; made once for each combination of them.

    None where a choice is not decided: a correct program's numbers may lie on the other side. `slack` says how far scalars may be off.
    """
    if (rule.fingerprint, (), amplifying) in _CACHE:  # a rule that leaves nothing to decide has this one version
        return _CACHE[rule.fingerprint, (), amplifying]
    choice = decided(rule, hyper, t, slack or {})
    if choice is None:
        return None
    key = (rule.fingerprint, choice.decisions, amplifying)
    if key not in _CACHE:
        _CACHE[key] = _compile(rule, choice.trees, amplifying)
    return _CACHE[key]


@dataclass(frozen=True)
class Choice:
    """The values that a rule assigns, its choices by scalars made, and what was decided, in order."""

    trees: tuple[Expression, ...]
    decisions: tuple[bool, ...]


def decided(rule: Rule, hyper: Mapping[str, Fraction], t: int, slack: Mapping[str, Fraction] | None = None) -> Choice | None:
    """The choice that hyperparameters and t make; None where it is not decided. Remembered: each format of a case asks for the same."""
    asked = (rule.fingerprint, t, tuple(hyper.items()), tuple((slack or {}).items()))
    if asked not in _CHOICES:
        if len(_CHOICES) >= REMEMBERED:
            _CHOICES.clear()
        decisions: list[bool] = []
        try:
            _CHOICES[asked] = Choice(tuple(_chosen(rule, hyper, t, slack or {}, decisions)), tuple(decisions))
        except Undecided:
            _CHOICES[asked] = None
    return _CHOICES[asked]


_CHOICES: dict[Hashable, Choice | None] = {}
REMEMBERED = 4096
"""Combinations of scalars whose choices are remembered."""


def _chosen(rule: Rule, hyper: Mapping[str, Fraction], t: int, slack: Mapping[str, Fraction], decisions: list[bool]) -> list[Expression]:
    """The values that a rule assigns, its choices by scalars made."""
    scalars = Scalars(Names(), hyper, t)
    scalars.balls = {name: Ball(number(hyper[name]), number(e)) for name, e in slack.items()}
    assigned: dict[str, Expression] = {}
    trees = []
    for let in rule.steps:
        trees.append(_decided(let.value, lambda condition: scalars.decided(substitute(condition, assigned)), decisions))
        if let.symbol.is_scalar:
            assigned[let.name] = substitute(let.value, assigned)
    return trees


def _decided(node: Expression, decide: Callable[[Expression], bool], decisions: list[bool]) -> Expression:
    """The tree with every choice between tensors by a scalar condition replaced by the branch taken."""
    if node.is_scalar or not node.args:
        return node
    if node.op == "where":
        condition = _condition(node.args[0], decide, decisions)
        if isinstance(condition, bool):
            return _decided(node.args[1] if condition else node.args[2], decide, decisions)
        return operation("where", condition, *(_decided(a, decide, decisions) for a in node.args[1:]))
    return operation(node.op, *(_decided(a, decide, decisions) for a in node.args), attribute=node.attribute)


def _condition(node: Expression, decide: Callable[[Expression], bool], decisions: list[bool]) -> Expression | bool:
    """A condition, its scalar parts decided; what they leave of it, or its truth."""
    if node.is_scalar:
        decisions.append(decide(node))
        return decisions[-1]
    if node.op not in ("and", "or"):
        return _decided(node, decide, decisions)
    a, b = (_condition(part, decide, decisions) for part in node.args)
    if isinstance(a, bool):
        return b if a is (node.op == "and") else a
    if isinstance(b, bool):
        return a if b is (node.op == "and") else b
    return operation(node.op, a, b)


@dataclass(frozen=True)
class Drawn:
    """A graph of forms before anything of it is proved, and its roots."""

    names: Names
    forms: Forms
    roots: tuple[Root, ...]


def _compile(rule: Rule, trees: Sequence[Expression], amplifying: bool) -> Compiled:
    graph = drawn(rule, trees, amplifying)
    forms = graph.forms
    dropped = [] if is_proved(forms) else _unproved(forms)
    if any(not ways and not c.is_scalar and not isinstance(c, Atom) and _needs_way(c) for c, ways in forms.nodes.items()):
        raise NotImplementedYet(f"no form of {rule.name} could be proved equal to its formula")
    same: dict[Class, Class] = {c: c for c in forms.nodes}
    forms.nodes = {c: tuple(_with_one_object_a_class(n, same) for n in ways) for c, ways in forms.nodes.items()}
    return Compiled(rule, graph.names, forms, graph.roots, tuple(dropped))


def drawn(rule: Rule, trees: Sequence[Expression], amplifying: bool) -> Drawn:
    """The graph of the values that a rule assigns."""
    names = Names()
    forms = Forms(names, amplifying=amplifying)
    kept = {"theta", *rule.state_names}
    environment: dict[str, Polynomial] = {}
    one_value = {s.name: s for s in rule.scalar_state}
    for symbol in (*(let.symbol for let in rule.steps), *(s.symbol for s in rule.state), g, *(x.symbol for x in rule.inputs)):
        name = str(symbol.name)
        if name in one_value:
            continue
        environment[name] = one(Atom(name, False, symbol.sign is not None))
    scalars: dict[str, Expression] = {}
    current: dict[str, Expression] = {}
    meanings: dict[Atom, Polynomial] = {}
    pending: list[_Pending] = []
    for let, tree in zip(rule.steps, trees, strict=True):
        tree = substitute(tree, scalars)
        if tree.is_scalar and let.name not in kept:
            scalars[let.name] = tree
            continue
        if let.name in one_value:  # a scalar from here on, kept in the format meanwhile
            scalars[let.name] = tree if one_value[let.name].kind is Kind.INTEGER else cast(tree, STORED)
            pending.append(_Pending(let.name, Atom(f"{let.name}'", False), one(names.scalar(tree)), True, tree, None))
            continue
        p, written = normal_form(tree, environment, names), substitute(tree, current)
        if let.name not in kept and len(p) == 1 and p[0][0] == 1 and all(isinstance(b, Atom) for b, _ in p[0][1]):
            environment[let.name], current[let.name] = p, written
            continue
        atom = Atom(f"{let.name}'{sum(1 for x in pending if x.name == let.name) or ''}", False, let.symbol.sign is not None)
        environment[let.name] = one(atom)
        current[let.name] = tensor(atom.key, sign=let.symbol.sign)
        out = written_out(p, meanings)
        if is_added_up(out):
            meanings[atom] = out if amplifying or let.name not in kept else p
        elif amplifying and len(p) > 1:
            forms.meanings[atom] = p
        pending.append(_Pending(let.name, atom, p, let.name in kept, written, None if out == p else out))
    return Drawn(names, forms, tuple(x.root(forms) for x in pending))


def _unproved(forms: Forms) -> list[tuple[Class, Node]]:
    """The nodes that are dropped; SymPy is imported for no rule whose proof is on record."""
    from refopt.rounding.prove_forms import drop_unproved

    return drop_unproved(forms)


def _with_one_object_a_class(node: Node, same: Mapping[Class, Class]) -> Node:
    """The node whose operands are the graph's own objects: that two are equal is then seen at once.

    Not of a root, which asks its operand whether it may be negative: that is told of an object, not of all that are equal to it.
    """
    return node if node.op == "sqrt" else replace(node, args=tuple(same.get(a, a) for a in node.args))


@dataclass(frozen=True)
class _Pending:
    """An assignment in normal form, before its graph is made."""

    name: str
    atom: Atom
    value: Polynomial
    is_output: bool
    written: Expression
    out: Polynomial | None

    def root(self, forms: Forms) -> Root:
        value = forms.add(self.value)
        out = None if self.out is None else forms.add(self.out, fixed=True)
        return Root(self.name, self.atom, value, self.is_output, self.written, None if out == value else out)


def _needs_way(c: Any) -> bool:
    return bool(getattr(c, "terms", True))
