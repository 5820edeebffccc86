"""Mistakes with a hyperparameter that changes: its first value is kept, it comes one update late, a power stands for a product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeVar

from refopt.language.expression import Kind, t
from refopt.language.rule import Let, Rule

Value = TypeVar("Value")


class Taking(Enum):
    """Update whose value of a hyperparameter is taken in its place."""

    FIRST = auto()
    BEFORE = auto()


@dataclass(frozen=True)
class CourseEdit:
    """Hyperparameters that are taken from another update than the one at hand."""

    names: tuple[str, ...]
    taking: Taking

    def of(self, courses: Mapping[str, Sequence[Value]]) -> dict[str, tuple[Value, ...]]:
        """The values that are then in force, by name, one an update."""
        return {name: self._taken(row) if name in self.names else tuple(row) for name, row in courses.items()}

    def _taken(self, row: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(row[0 if self.taking is Taking.FIRST else max(i - 1, 0)] for i in range(len(row)))


def course_edits(names: Sequence[str]) -> Iterator[CourseEdit]:
    """The mistakes with these hyperparameters: each by itself, and all of them alike."""
    together = [tuple(names)] if len(names) > 1 else []
    for taking in Taking:
        yield from (CourseEdit(chosen, taking) for chosen in (*((name,) for name in names), *together))


def powers_for_products(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """For each state that is a product of a scalar's values so far: its name, and the rule with a power of the last value in its place."""
    for i, let in enumerate(rule.steps):
        state = next((s for s in rule.scalar_state if s.name == let.name and s.kind is Kind.REAL), None)
        if state is None or let.value.op != "mul" or let.symbol not in let.value.args or state.initial.value != 1:
            continue
        others = [x for x in let.value.args if x != let.symbol]
        if len(others) == 1 and others[0].is_scalar:
            yield let.name, replace(rule, steps=(*rule.steps[:i], Let(let.symbol, others[0] ** t, let.comment), *rule.steps[i + 1 :]))
