"""A rule: one optimizer's update, written once.

A rule is hyperparameters, state and an ordered list of assignments. Left of a `Let` a name is the new value,
right of it the value at that point: `Let(v, rho*v + (1 - rho)*g**2)`. A rule that uses a name before it is
defined, forgets a state or the parameter, or has a default outside its own domain refuses to exist.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from refopt.errors import RefoptError, UndefinedName
from refopt.language.expression import Expression, Kind, g, literal, t, theta
from refopt.language.extent import ELEMENT, Extent
from refopt.language.hyper import Hyper, WithHyper
from refopt.language.input import Input
from refopt.language.latex import latex
from refopt.language.text import canonical, infix

GIVEN = (str(theta.name), str(g.name), str(t.name))
"""The names of what an update is given: the parameter, the gradient at it, and its own number."""

COUNTED = ("size", "size_all")
"""The names of the numbers of elements that a reduction goes over (language/reductions.py)."""


@dataclass(frozen=True)
class Source:
    """Source of a formula: a paper or a text, the place in it, and a link or identifier."""

    work: str
    place: str
    link: str = ""

    def __str__(self) -> str:
        return ", ".join(x for x in (self.work, self.place, self.link) if x)


@dataclass(frozen=True)
class State:
    """A variable that an optimizer keeps between updates: one value an element of a tensor, or one for the whole tensor.

    symbol    its name, its kind, and its extent: a `tensor` has one value an element, a `scalar` one in all
    init      its value before the first update: a number or an expression in hyperparameters and theta (then theta_0)
    constant  never assigned (a copy of theta_0, say)
    """

    symbol: Expression
    init: Any
    meaning: str = ""
    constant: bool = False

    @property
    def name(self) -> str:
        """The name in the API."""
        return str(self.symbol.name)

    @property
    def extent(self) -> Extent:
        """The number of its values: one in all, or one an element."""
        return self.symbol.extent

    @property
    def kind(self) -> Kind:
        """The sort of its values: real numbers or integers."""
        return self.symbol.kind

    @property
    def is_scalar(self) -> bool:
        """True where it is one value for the whole tensor."""
        return self.symbol.is_scalar

    @property
    def initial(self) -> Expression:
        """`init` as an expression."""
        return literal(self.init)


@dataclass(frozen=True)
class Let:
    """An assignment: the symbol gets the value of the expression."""

    symbol: Expression
    value: Expression
    comment: str = ""

    @property
    def name(self) -> str:
        """The name that is assigned."""
        return str(self.symbol.name)


@dataclass(frozen=True)
class Rule(WithHyper):
    """One optimizer's update.

    name         `adam`; of a variant `adam/eps_hat`
    title        one line: what it is
    source       where it is written
    hyper        hyperparameters, in the order in which people pass them
    state        what is kept between updates
    steps        assignments, in order
    differs      of a variant: the one documented difference, in a few words
    used_by      frameworks that mean this formula
    notes        facts worth knowing; "text | refopt derive name" names a derivation
    output       what is used after the last update, in theta, the state and hyperparameters, where that is not theta
    inputs       what an update is given beside the gradient, one value an element: a diagonal of the Hessian, a noise

    An update is given theta, the gradient g at theta, the further inputs, the state and the number t of the update.
    Raises UndefinedName, OutsideDomain or RefoptError (a name with two meanings) when the rule does not make sense.
    """

    name: str
    title: str
    source: tuple[Source, ...]
    hyper: tuple[Hyper, ...]
    state: tuple[State, ...]
    steps: tuple[Let, ...]
    differs: str = ""
    used_by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    output: Expression | None = None
    inputs: tuple[Input, ...] = ()

    def __post_init__(self) -> None:
        self._refuse_names_with_two_meanings()
        known = {*GIVEN, *COUNTED, *self.input_names, *self.hyper_names, *self.state_names}
        for one in self.inputs:
            if one.symbol.extent is not ELEMENT or one.symbol.kind is not Kind.REAL:
                raise RefoptError(f"{self.name}: the input {one.name} is no tensor", help="an input has one real value an element")
        for let in self.steps:
            missing = sorted({str(s.name) for s in let.value.symbols()} - known)
            if missing:
                raise UndefinedName(
                    f"{self.name}: {', '.join(missing)} is used in '{let.name} <- {let.value}' before it is defined",
                    help="declare it as a hyperparameter or a state, or assign it in an earlier step",
                )
            if let.value.extent.rank > let.symbol.extent.rank:
                raise RefoptError(f"{self.name}: {let.name} is {let.symbol.extent}, '{let.value}' is {let.value.extent}", help="make it a tensor")
            known.add(let.name)
        assigned = {let.name for let in self.steps}
        for state in self.state:
            if state.constant == (state.name in assigned):
                raise UndefinedName(
                    f"{self.name}: state {state.name} is {'constant but assigned' if state.constant else 'never updated'}",
                    help="assign it in a step, or declare it constant=True" if not state.constant else "drop constant=True",
                )
            if state.initial.extent.rank > state.extent.rank:
                raise RefoptError(
                    f"{self.name}: state {state.name} is one value in all, it starts from '{state.initial}', one an element", help="make it a tensor"
                )
            missing = sorted({str(s.name) for s in state.initial.symbols()} - {"theta", *self.hyper_names})
            if missing:
                raise UndefinedName(
                    f"{self.name}: state {state.name} starts from {', '.join(missing)}, which is not a hyperparameter",
                    help="start it from numbers, hyperparameters and theta",
                )
        kept = {"theta", *self.hyper_names, *self.state_names}
        if self.output is not None and (missing := sorted({str(s.name) for s in self.output.symbols()} - kept)):
            raise UndefinedName(f"{self.name}: {', '.join(missing)} is in the output and is not kept", help="write it in theta, the state and hyperparameters")
        if "theta" not in assigned:
            raise UndefinedName(f"{self.name}: theta is never assigned", help="end with Let(theta, theta - ...)")
        for hyper in self.hyper:
            hyper.values(hyper.default)

    def _refuse_names_with_two_meanings(self) -> None:
        given = [*GIVEN, *COUNTED, *self.input_names, *self.hyper_names, *self.state_names]
        twice = sorted({name for name in given if given.count(name) > 1})
        if twice:
            raise RefoptError(f"{self.name}: {', '.join(twice)} has two meanings", help="give the hyperparameter, input or state another name")
        fixed = {"t", "g", *self.input_names, *self.hyper_names}
        for let in self.steps:
            if let.name in fixed:
                raise RefoptError(f"{self.name}: {let.name} is given and cannot be assigned", help="assign a new name instead")

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of what an update is given beside the gradient, in order."""
        return tuple(one.name for one in self.inputs)

    @property
    def state_names(self) -> tuple[str, ...]:
        """Names of the state variables, in order."""
        return tuple(s.name for s in self.state)

    @property
    def scalar_state(self) -> tuple[State, ...]:
        """The states that are one value for the whole tensor."""
        return tuple(s for s in self.state if s.is_scalar)

    @property
    def tensor_state(self) -> tuple[State, ...]:
        """The states that are one value an element."""
        return tuple(s for s in self.state if not s.is_scalar)

    @property
    def uses_step(self) -> bool:
        """True where the update depends on its number t."""
        return any(s.name == t.name for let in self.steps for s in let.value.symbols())

    def __repr__(self) -> str:
        return f"<rule {self.name}: {self.title}>"

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def text(self) -> str:
        """The assignments in plain text, one a line."""
        width = max(len(let.name) for let in self.steps)
        return "\n".join(f"{let.name:<{width}} <- {infix(let.value)}" for let in self.steps)

    def latex(self) -> str:
        """The assignments in LaTeX with the paper's letters; previous values carry the index t-1."""
        kept = {s.name: s.symbol.letter for s in self.state} | {"theta": theta.letter}
        names = {name: f"{_braced(letter)}_{{t-1}}" for name, letter in kept.items()} | {"g": "g_t"}
        names |= {one.name: f"{_braced(one.symbol.letter or one.name)}_t" for one in self.inputs}
        rows = []
        for let in self.steps:
            right = latex(let.value, names)
            if let.name in kept:
                names[let.name] = f"{_braced(kept[let.name])}_t"
            rows.append(rf"{names.get(let.name, let.symbol.letter or let.name)} &\leftarrow {right}")
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def sympy(self) -> list[tuple[Any, Any]]:
        """The assignments in SymPy, in order: (symbol, value). A symbol on the right is its value at that point."""
        return [(let.symbol.sym, let.value.sym) for let in self.steps]

    def closed_form(self) -> dict[str, Any]:
        """theta and each state after the update, as SymPy expressions in the values before it."""
        values: dict[Any, Any] = {}
        for symbol, value in self.sympy():
            values[symbol] = value.xreplace(values)
        wanted = [theta, *(s.symbol for s in self.state if not s.constant)]
        return {str(s.name): values[s.sym] for s in wanted}

    def canonical(self) -> str:
        """The canonical text: everything that the rule computes, nothing that is only said about it."""
        lines = [f"rule {self.name}"]
        lines += [f"hyper {h.name} {h.default} {' '.join(map(canonical, h.conditions))}" for h in self.hyper]
        lines += [f"input {one.name} {one.role.value}" for one in self.inputs]
        lines += [f"state {s.name} {canonical(s.initial)} {s.extent} {s.kind.value} {s.constant}" for s in self.state]
        lines += [f"let {let.name} {canonical(let.value)}" for let in self.steps]
        return "\n".join(lines) + "\n"

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of the canonical text; stands in generated files and golden files."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def _braced(letter: str | None) -> str:
    return f"{{{letter}}}" if letter and ("_" in letter or "^" in letter) else str(letter)
