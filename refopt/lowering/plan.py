"""The plan of an update in a language with loops: which scalars are formed once a step, and what is done for each element.

Scalars are formed in binary64 and rounded once to the format of the arrays; every language that follows the plan does
the same operations in the same order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from refopt.language.expression import Expression, Kind, g, theta
from refopt.language.rule import Let, Rule, State
from refopt.lowering.one_value import in_order
from refopt.lowering.scalars import Naming, Scalar, is_scalar_step


@dataclass(frozen=True)
class Plan:
    """An update.

    before    assignments of scalars, in order
    scalars   what the elements are combined with: named sub-trees, then hyperparameters used as they are
    elements  assignments of every element, in order
    integers  integer symbols that conditions in the element loop look at
    """

    rule: Rule
    before: tuple[Let, ...]
    scalars: tuple[Scalar, ...]
    elements: tuple[Let, ...]
    integers: tuple[str, ...]

    @property
    def numbers(self) -> tuple[Scalar, ...]:
        """The scalars that are rounded to the format."""
        return tuple(s for s in self.scalars if s.rounded)

    @property
    def conditions(self) -> tuple[Scalar, ...]:
        """The scalars that are true or false."""
        return tuple(s for s in self.scalars if not s.rounded)

    @property
    def names(self) -> dict[Expression, str]:
        """Spelling of each scalar among the elements."""
        return {s.value: s.name for s in self.scalars}

    def temporaries(self) -> dict[str, int]:
        """Names of elements that are neither theta nor state, and how often each is assigned."""
        found: dict[str, int] = {}
        for let in self.elements:
            if let.name not in ("theta", *self.rule.state_names):
                found[let.name] = found.get(let.name, 0) + 1
        return found


def plan(rule: Rule, reserved: Collection[str]) -> Plan:
    """The plan of a rule."""
    rule = in_order(rule, reserved)
    elements = tuple(let for let in rule.steps if not is_scalar_step(let))
    taken = [*reserved, "theta", "g", "t", *rule.input_names, *rule.hyper_names, *rule.state_names, *(let.name for let in rule.steps)]
    naming = _named((let.value for let in elements), taken, [s.name for s in rule.scalar_state])
    integers = dict.fromkeys(str(s.name) for let in elements for s in _in_place(let.value, naming.scalars) if s.name not in naming.symbols)
    before = tuple(let for let in rule.steps if is_scalar_step(let))
    return Plan(rule, before, _scalars(naming), elements, tuple(integers))


def initial(state: State, reserved: Collection[str], rule: Rule) -> tuple[Scalar, ...]:
    """The scalars in a state's initial value."""
    return _scalars(_named([state.initial], [*reserved, "theta", *rule.hyper_names, *rule.state_names]))


def arrays(rule: Rule, index: str = "[i]") -> dict[Expression, str]:
    """Spelling of theta, the gradient, the further inputs and the states inside the loop."""
    return {s: f"{s.name}{index}" for s in (theta, g, *(one.symbol for one in rule.inputs), *(state.symbol for state in rule.tensor_state))}


def given(rule: Rule) -> tuple[str, ...]:
    """The names of the arrays that an update only reads, beside theta: the gradient, and what is given with it."""
    return ("g", *rule.input_names)


def _named(trees: Iterable[Expression], taken: Iterable[str], kept: Iterable[str] = ()) -> Naming:
    naming = Naming(taken, kept)
    for tree in trees:
        naming.visit(tree)
    return naming


def _scalars(naming: Naming) -> tuple[Scalar, ...]:
    """Compound scalars first: they are formed from the symbols before these are rounded."""
    compound = sorted(naming.scalars.values(), key=lambda s: s.rounded)
    return (*compound, *(Scalar(name, symbol) for name, symbol in naming.symbols.items()))


def _in_place(node: Expression, named: Mapping[Expression, Scalar]) -> list[Expression]:
    """Integer symbols of conditions that are written where they stand."""
    if node in named:
        return []
    if node.op == "symbol":
        return [node] if node.kind is Kind.INTEGER and node.is_scalar else []
    return [s for a in node.args for s in _in_place(a, named)]
