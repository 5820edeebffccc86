"""Rules with something in them replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from refopt.language.expression import Expression
from refopt.language.rule import Let, Rule


@dataclass(frozen=True)
class Changed:
    """A rule that is to be changed."""

    rule: Rule

    def replace_in(self, name: str, old: Expression, new: Expression) -> Rule:
        """The rule with a sub-tree of one assignment replaced, wherever it stands there."""
        steps = tuple(Let(let.symbol, _replaced(let.value, old, new)) if let.name == name else let for let in self.rule.steps)
        assert steps != self.rule.steps
        return self.with_steps(steps)

    def with_steps(self, steps: tuple[Let, ...]) -> Rule:
        """The rule with other assignments."""
        return replace(self.rule, steps=steps)


def changed(rule: Rule) -> Changed:
    """The rule as one that is to be changed."""
    return Changed(rule)


def _replaced(node: Expression, old: Expression, new: Expression) -> Expression:
    if node == old:
        return new
    return replace(node, args=tuple(_replaced(a, old, new) for a in node.args)) if node.args else node
