"""Two variants of one reference put together, where their changes do not meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from refopt.errors import RefoptError
from refopt.language.compose import substitute
from refopt.language.expression import Expression
from refopt.language.rule import Let, Rule


def combined(reference: Rule, first: Rule, second: Rule) -> Rule | None:
    """The rule with the changes of both variants, named `first+second`.

    None where they change the same thing, or one of them alone is the result.
    """
    base, a, b = ({let.name: let for let in rule.steps} for rule in (reference, first, second))
    steps: list[Let] = []
    for name in _order(first, second):
        if name in base and (name not in a or name not in b):
            continue
        let = _merged(base.get(name), a.get(name), b.get(name))
        if let is None:
            return None
        steps.append(let)
    if [(let.name, let.value) for let in steps] in [[(let.name, let.value) for let in rule.steps] for rule in (first, second)]:
        return None
    hyper = (*first.hyper, *(h for h in second.hyper if h.name not in first.hyper_names))
    state = (*first.state, *(s for s in second.state if s.name not in first.state_names))
    try:
        return replace(
            reference,
            name=f"{first.name}+{second.name}",
            title=f"{first.title}; {second.title}",
            source=(*first.source, *second.source),
            hyper=hyper,
            state=state,
            steps=tuple(steps),
            differs=f"{first.differs}; {second.differs}",
            used_by=(),
            notes=(),
        )
    except RefoptError:
        return None


def _order(first: Rule, second: Rule) -> list[str]:
    """The names that either assigns: in the order of the first, those of the second alone before whatever follows them there."""
    names = [let.name for let in first.steps]
    others = [let.name for let in second.steps]
    for i in range(len(others) - 1, -1, -1):
        if others[i] not in names:
            following = next((n for n in others[i + 1 :] if n in names), None)
            names.insert(names.index(following) if following is not None else len(names), others[i])
    return names


def _merged(base: Let | None, a: Let | None, b: Let | None) -> Let | None:
    present = [let for let in (a, b) if let is not None]
    if base is None:
        return present[0] if len(present) == 1 or present[0].value == present[1].value else None
    assert a is not None and b is not None
    value = _merged_trees(base.value, a.value, b.value)
    return None if value is None else Let(base.symbol, value, base.comment)


def _merged_trees(base: Expression, a: Expression, b: Expression) -> Expression | None:
    if a in (base, b):
        return b
    if b == base:
        return a
    for changed, other in ((a, b), (b, a)):
        renamed = substitution(base, changed)
        if renamed is not None:
            return substitute(other, renamed)
    return None


def substitution(base: Expression, changed: Expression) -> Mapping[str, Expression] | None:
    """Replacements of the symbols of `base` that give `changed`; None where there are none."""
    found: dict[str, Expression] = {}
    if not _matches(base, changed, found):
        return None
    return {name: tree for name, tree in found.items() if not (tree.op == "symbol" and tree.name == name)}


def _matches(base: Expression, changed: Expression, found: dict[str, Expression]) -> bool:
    if base.op == "symbol":
        return found.setdefault(str(base.name), changed) == changed
    if not base.args:
        return base == changed
    alike = base.op == changed.op and base.attribute == changed.attribute and len(base.args) == len(changed.args)
    return alike and all(_matches(x, y, found) for x, y in zip(base.args, changed.args, strict=True))
