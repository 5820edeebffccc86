"""The formula that foreign code really computes, read from a run on symbols.

The trees keep the source's own operations in the source's order; nothing in them is simplified. Sub-trees that the source
computes once are one object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from refopt.language.expression import Expression, Kind, equal, g, literal, scalar, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.rule import Let, Rule, State
from refopt.lifting.assumption import Assumed, Assumption

Values = Mapping[str, Expression]


def without_detours(values: Values) -> dict[str, Expression]:
    """The trees with (t - 1) + 1, a counter that was set one back to be counted up, written as t. What was one object stays one."""
    known: dict[int, Expression] = {}

    def of(node: Expression) -> Expression:
        if not node.args:
            return node
        if id(node) not in known:
            args = tuple(of(a) for a in node.args)
            known[id(node)] = node if all(a is b for a, b in zip(args, node.args, strict=True)) else replace(node, args=args)
            detour = node.op == "add" and args[0].op == "sub" and args[0].args[0].kind is Kind.INTEGER and args[0].args[1] == args[1]
            if detour:
                known[id(node)] = args[0].args[0]
        return known[id(node)]

    return {name: of(tree) for name, tree in values.items()}


def _turned(values: Values) -> dict[str, Expression]:
    """The trees with -g in the place of g, and g in that of -g. What was one object stays one."""
    known: dict[int, Expression] = {}

    def of(node: Expression) -> Expression:
        if id(node) not in known:
            if node in (g, -g):
                known[id(node)] = -g if node == g else g
                return known[id(node)]
            args = tuple(of(a) for a in node.args)
            known[id(node)] = node if all(a is b for a, b in zip(args, node.args, strict=True)) else replace(node, args=args)
        return known[id(node)]

    return {name: of(tree) for name, tree in values.items()}


@dataclass(frozen=True)
class Lifted:
    """One update of an implementation, for all values of the symbols.

    name     as a person spells it; `version` of the package
    route    how it was read, in a few words: `its own code run on symbols`
    hyper    the hyperparameters that stayed symbols; all others stand at their configured values in the trees
    state    its state variables, as symbols with the rule's names where they are the rule's, else their own
    initial  what each state variable starts from
    first    theta and each state variable after update t = 1 from the start, in theta, g and the hyperparameters
    later    theta and each state variable after any later update, in their values before it, g, t and the hyperparameters
    assumed  what the trees take for granted beside the domains of the hyperparameters
    buffers  the implementation's own name of each state variable
    """

    name: str
    version: str
    route: str
    hyper: tuple[Hyper, ...]
    state: tuple[Expression, ...]
    initial: Mapping[str, Expression]
    first: Mapping[str, Expression]
    later: Mapping[str, Expression]
    assumed: tuple[Assumed, ...] = ()
    buffers: Mapping[str, str] | None = None

    @property
    def state_names(self) -> tuple[str, ...]:
        """Names of the state variables."""
        return tuple(str(s.name) for s in self.state)

    def on_the_turned_gradient(self, argument: str) -> Lifted:
        """The same of the gradient's other sign, which is taken for granted: an argument says that the loss is to grow."""
        assumed = (*self.assumed, Assumed(Assumption.SIGN_TURNED, (argument,)))
        return replace(self, first=_turned(self.first), later=_turned(self.later), assumed=assumed)

    def is_uniform(self) -> bool:
        """True where `later` with t = 1 and the initial state put in is proved to be `first`, and to have a value where it has none otherwise:
        then it holds for every update."""
        from refopt.language.compose import substitute
        from refopt.lifting.identity import Answer, identical
        from refopt.lifting.needs import unproved
        from refopt.lifting.ranges import of_hypers

        start = {**self.initial, "t": literal(1)}
        later = {n: substitute(x, start) for n, x in self.later.items()}
        same = all(identical(x.sym, self.first[n].sym) is Answer.PROVED for n, x in later.items())
        return same and unproved(self.first, later, of_hypers(self.hyper)) is None

    def rule(self) -> Rule:
        """The same as a rule, so that it can be compared and run like any other; the first update stands apart where it must."""
        uniform = self.is_uniform()
        scalars = {str(s.name) for s in self.state if s.is_scalar}
        new = {n: scalar(f"new_{n}") if n in scalars else tensor(f"new_{n}") for n in self.later}
        updates = [Let(new[n], x if uniform else where(equal(t, 1), self.first[n], x)) for n, x in self.later.items()]
        assigned = [Let(symbol, new[str(symbol.name)]) for symbol in (*self.state, theta)]
        states = tuple(State(s, self.initial.get(str(s.name), literal(0)), "") for s in self.state)
        return Rule(self.name, f"{self.name} {self.version}".strip(), (), self.hyper, states, (*updates, *assigned))
