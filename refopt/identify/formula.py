"""A rule made executable: its start, the memory of a step, and the whole of it.

The memory is what the next state depends on. Where theta is known beforehand it is all that has to be computed step by step;
the rest is then done for all steps at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from refopt.identify.arrays import ARRAYS
from refopt.identify.balls import Rounding, arithmetic
from refopt.identify.log import Log
from refopt.identify.memory import Recurrence, planned
from refopt.language.compile import compiled
from refopt.language.evaluate import Arithmetic
from refopt.language.expression import Expression, tensor
from refopt.language.rule import Let, Rule
from refopt.language.spread import spread
from refopt.rounding.formats import FORMATS


class Steps:
    """Assignments of a rule in one arithmetic.

    results  the names whose values are given back; one that is not assigned keeps the value it had
    """

    def __init__(self, lets: Sequence[Let], results: Sequence[str], arithmetic: Arithmetic) -> None:
        self._update = compiled([(let.name, let.value) for let in lets], arithmetic)
        self._prelude = compiled([(f"scalar {i}", tree) for i, tree in enumerate(self._update.scalars)], arithmetic, hoist=False)
        self._literals = self._prelude.prelude({})
        rows = {let.name: i for i, let in enumerate(lets)}
        self._rows = [(n, rows.get(n)) for n in results]

    def scalars(self, environment: Mapping[str, Any]) -> list[Any]:
        """The formula's scalars, from hyperparameters, t and lr; they may be arrays over settings and steps."""
        return list(self._prelude.body(environment, self._literals))

    def follow(self, state: dict[str, Any], scalars: Sequence[Any]) -> None:
        """The results put in place of what was given."""
        values = self._update.body(state, scalars)
        for n, row in self._rows:
            if row is not None:
                state[n] = values[row]

    def run(self, given: Mapping[str, Any], scalars: Sequence[Any]) -> dict[str, Any]:
        """The results, from what is given before and the scalars."""
        values = self._update.body(given, scalars)
        return {n: given[n] if row is None else values[row] for n, row in self._rows}


@dataclass(frozen=True)
class Phase:
    """Values that are computed for all updates at once, and the recurrence that they make possible, with its factor."""

    steps: Steps
    recurrence: Recurrence | None
    factor: Steps | None


@dataclass(frozen=True)
class Memory:
    """The state after an update, and nothing that it does not need.

    phases  one after the other, each for as many updates as are wanted
    left    what then goes step by step: of `inputs` the states `last`
    """

    phases: tuple[Phase, ...]
    left: Steps
    inputs: frozenset[str]
    last: tuple[str, ...]


@dataclass(frozen=True)
class Formula:
    """A rule in one arithmetic."""

    rule: Rule
    arithmetic: Arithmetic = field(repr=False)

    @cached_property
    def whole(self) -> Steps:
        """theta and the state after an update."""
        return Steps(self.rule.steps, ("theta", *self.rule.state_names), self.arithmetic)

    @cached_property
    def memory(self) -> Memory:
        """The state after an update, in the order in which a whole run of it is computed soonest."""
        plan = planned([let for _, let in self._needed_for(self.rule.state_names)], self.rule.state_names)
        phases = []
        for stage in plan.stages:
            r = stage.recurrence
            factor = None if r is None or r.factor is None else Steps([Let(tensor(r.state), r.factor * tensor(r.state))], (r.state,), self.arithmetic)
            phases.append(Phase(Steps(stage.lets, [let.name for let in stage.lets], self.arithmetic), r, factor))
        used = frozenset(n for let in plan.left for n in let.value.symbol_names)
        return Memory(tuple(phases), Steps(plan.left, plan.last, self.arithmetic), used, plan.last)

    @cached_property
    def renewed(self) -> frozenset[str]:
        """State variables of which theta needs only what they are after the update."""
        names = [let.name for let in self.rule.steps]
        renewed = {n for n in self.rule.state_names if names.count(n) == 1}
        while True:
            old = {n for at, let in self._needed_for(("theta",), renewed) for n in renewed & let.value.symbol_names if at < names.index(n)}
            if not old:
                return frozenset(renewed)
            renewed -= old

    @cached_property
    def last(self) -> Steps:
        """theta after an update, from the renewed state after it and the rest of the state before."""
        return Steps([let for _, let in self._needed_for(("theta",), self.renewed)], ("theta",), self.arithmetic)

    def last_of(self, log: Log) -> Steps:
        """The same along a log: where state is lost on the way, all from the state before."""
        return self.whole if log.lost else self.last

    def known_of(self, log: Log) -> frozenset[str]:
        """The state variables that `last_of` needs as they are after the update."""
        return frozenset() if log.lost else self.renewed

    def _needed_for(self, names: Collection[str], known: Collection[str] = ()) -> list[tuple[int, Let]]:
        """The assignments that some names need, with their place, where others are known."""
        needed, kept = set(names), []
        for at, let in reversed(list(enumerate(self.rule.steps))):
            if let.name in needed and let.name not in known:
                kept.append((at, let))
                needed |= let.value.symbol_names
        return kept[::-1]

    @cached_property
    def takes_state(self) -> bool:
        """True where theta after an update depends on a state variable; an average that is kept for its own sake is none of these."""
        return any(let.value.symbol_names & set(self.rule.state_names) for _, let in self._needed_for(("theta",)))

    @cached_property
    def rate_is_kept(self) -> bool:
        """True where the state depends on the learning rate, be it where it starts from alone."""
        touched = set(self.rule.at_rate(None))
        touched |= {s.name for s in self.rule.state if touched & s.initial.symbol_names}
        for let in self.rule.steps:
            if touched & let.value.symbol_names:
                touched.add(let.name)
        return bool(touched & set(self.rule.state_names))

    @cached_property
    def starts_alike(self) -> bool:
        """True where the state after the first update is the same from every theta and at every learning rate."""
        told = {"theta", *self.rule.at_rate(None)}
        return not self.rate_is_kept and not any(told & x.symbol_names for x in self._trees_of_state())

    def _trees_of_state(self) -> list[Expression]:
        """All that the state after the first update is made of."""
        return [*(s.initial for s in self.rule.state), *(let.value for _, let in self._needed_for(self.rule.state_names))]

    def start(self, environment: Mapping[str, Any]) -> dict[str, Any]:
        """The state before the first update."""
        values = self._start.body(environment, self._start_literals)
        return dict(zip(self.rule.state_names, values, strict=True))

    @cached_property
    def _start(self) -> Any:
        return compiled([(s.name, s.initial) for s in self.rule.state], self.arithmetic, hoist=False)

    @cached_property
    def _start_literals(self) -> list[Any]:
        return list(self._start.prelude({}))


_MADE: dict[tuple[int, str], tuple[Rule, Formula]] = {}
"""By the identity of a rule and the arithmetic; with the rule, so that its identity is not given to another."""


def formula_of(rule: Rule) -> Formula:
    """The rule over arrays."""
    return _made(rule, ARRAYS)


def balls_of(rule: Rule, log: Log) -> Formula:
    """The rule over balls in the log's format."""
    return _made(rule, _BALLS[log.number_format.name])


def _made(rule: Rule, numbers: Arithmetic) -> Formula:
    """Made once for each rule object."""
    key = (id(rule), numbers.name)
    if key not in _MADE:
        _MADE[key] = (rule, Formula(spread(rule), numbers))
    return _MADE[key][1]


_BALLS = {f.name: arithmetic(Rounding.of(f), f.name) for f in FORMATS.values()}
