"""The further inputs of a run: those that the rule has, a row a step and a value an element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from refopt.errors import RefoptError
from refopt.language.rule import Rule

Rows = Mapping[str, Sequence[Sequence[Fraction]]]
"""By the name of an input: a row a step."""


def refuse_others(rule: Rule, inputs: Rows | None, elements: int, steps: int) -> None:
    """Each further input of the rule needs a row a step with a value an element, and there is no other. Raises RefoptError."""
    for one in rule.inputs:
        if inputs is None or one.name not in inputs:
            raise RefoptError(f"{rule.name} needs {one.name} ({one.role.value}) beside the gradient", help=f"give {one.name} one value an element at each step")
    for name, rows in (inputs or {}).items():
        if name not in rule.input_names:
            raise RefoptError(f"{rule.name} has no input {name}", help=f"it takes {', '.join(('theta', 'g', *rule.input_names))}")
        if len(rows) != steps or any(len(row) != elements for row in rows):
            raise RefoptError(f"{name} needs {steps} rows of {elements} values, one a step", help="as the gradients have")


def refuse_any(rule: Rule) -> None:
    """A rule that is given more than gradients cannot run where there are gradients alone. Raises RefoptError."""
    if rule.inputs:
        asked = ", ".join(f"{one.name} ({one.role.value})" for one in rule.inputs)
        raise RefoptError(f"{rule.name} needs {asked}: an objective gives gradients alone", help="give the inputs of each step in open loop")
