"""Mutants: rules with exactly one edit, made mechanically from the tree, as people make them by mistake.

Operators are replaced and operands dropped or swapped, constants and exponents are off by one, hyperparameters are
exchanged, epsilon moves across a root, a previous state is used for the current one, an initial value is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from refopt.errors import RefoptError
from refopt.language.compose import substitute
from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression, Kind, absolute, literal, operation, sqrt, t, tensor
from refopt.language.rule import Let, Rule
from refopt.language.text import infix


@dataclass(frozen=True)
class Mutant:
    """A rule with one edit: `id` is stable, `edit` is one line, `v_hat: 1 - beta2^t -> 1 - beta1^t`."""

    id: str
    edit: str
    rule: Rule


def mutants(rule: Rule) -> tuple[Mutant, ...]:
    """All mutants of a rule, in the order of its formula; no two of them are the same formula, none is the rule."""
    seen = {formula(rule)}
    found: list[Mutant] = []
    for edit, edited in _edits(rule):
        key = formula(edited)
        if key not in seen:
            seen.add(key)
            found.append(Mutant(f"{rule.name.replace('/', '.')}-m{len(found) + 1:03d}", edit, edited))
    return tuple(found)


def formula(rule: Rule) -> str:
    """What a rule computes, whatever it is called."""
    return "\n".join(rule.canonical().splitlines()[1:])


def _edits(rule: Rule) -> Iterator[tuple[str, Rule]]:
    for position, let in enumerate(rule.steps):
        for old, new, value in _trees(let.value, rule, position):
            if value == let.value:
                continue
            steps = (*rule.steps[:position], Let(let.symbol, value, let.comment), *rule.steps[position + 1 :])
            yield from _made(rule, f"{let.name}: {infix(old)} -> {infix(new)}", steps)
    yield from _previous_for_current(rule)
    if rule.uses_step:
        for shifted in (t - 1, t + 1):
            steps = tuple(Let(s.symbol, substitute(s.value, {"t": shifted}), s.comment) for s in rule.steps)
            yield from _made(rule, f"everywhere: t -> {infix(shifted)}", steps)
    for i, state in enumerate(rule.state):
        changed = replace(state, init=1 if state.initial.value == 0 else 0)
        yield f"{state.name} starts at {changed.init}", replace(rule, state=(*rule.state[:i], changed, *rule.state[i + 1 :]))


def _made(rule: Rule, edit: str, steps: tuple[Let, ...]) -> Iterator[tuple[str, Rule]]:
    """The edited rule, unless the edit makes no rule at all (an integer exponent that is none, say)."""
    try:
        yield edit, replace(rule, steps=steps)
    except RefoptError:
        return


def _previous_for_current(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """A state's value before the update, in place of its new value, at one place."""
    assigned: set[str] = set()
    for position, let in enumerate(rule.steps):
        for state in rule.state:
            if state.name not in assigned:
                continue
            old = tensor(f"{state.name}_before", f"{state.symbol.letter}_{{t-1}}", sign=state.symbol.sign)
            for tree in replaced_once(let.value, state.symbol, old):
                steps = (Let(old, state.symbol), *rule.steps[:position], Let(let.symbol, tree), *rule.steps[position + 1 :])
                yield from _made(rule, f"{let.name}: {state.name} -> previous {state.name}", steps)
        assigned.add(let.name)


def replaced_once(node: Expression, old: Expression, new: Expression) -> Iterator[Expression]:
    """The tree with one occurrence of a symbol replaced, for each occurrence."""
    if node == old:
        yield new
    for i, arg in enumerate(node.args):
        for edited in replaced_once(arg, old, new):
            yield _rebuilt(node, i, edited)


def _rebuilt(node: Expression, i: int, arg: Expression) -> Expression:
    return operation(node.op, *node.args[:i], arg, *node.args[i + 1 :], attribute=node.attribute)


def _trees(node: Expression, rule: Rule, position: int) -> Iterator[tuple[Expression, Expression, Expression]]:
    """(part as written, part as edited, whole tree) for every edit of every part."""
    for new in _local(node, rule):
        yield node, new, new
    for i, arg in enumerate(node.args):
        for old, new, edited in _trees(arg, rule, position):
            yield old, new, _rebuilt(node, i, edited)


def _local(node: Expression, rule: Rule) -> Iterator[Expression]:
    """The edits at one node."""
    op, args = node.op, node.args
    if op in ("add", "sub"):
        yield operation("sub" if op == "add" else "add", *args)
        yield args[0]
        yield args[1] if op == "add" else -args[1]
        if op == "sub":
            yield args[1] - args[0]
        if op == "add" and args[0].op == "sqrt":
            yield sqrt(args[0].args[0] + args[1])
    elif op in ("mul", "div"):
        yield operation("div" if op == "mul" else "mul", *args)
        yield args[0]
        yield args[1]
        if op == "div":
            yield args[1] / args[0]
    elif op == "square":
        yield args[0]
        yield absolute(args[0])
        yield args[0] * args[0] * args[0]
    elif op == "sqrt":
        yield args[0]
        if args[0].op == "add":
            yield sqrt(args[0].args[0]) + args[0].args[1]
    elif op == "pow":
        yield args[0]
        if is_integral(args[1]):
            yield args[0] ** (args[1] + 1)
            yield args[0] ** (args[1] - 1)
    elif op in ("max", "min"):
        yield operation("min" if op == "max" else "max", *args)
        yield from args
    elif op == "abs" or op == "sign":
        yield args[0]
    elif op == "where":
        yield args[1]
        yield args[2]
        yield operation("where", args[0], args[2], args[1])
    elif op in ("eq", "lt", "le", "gt", "ge"):
        yield operation(op, args[0], args[1] + 1)
    elif op == "literal" and node.value is not None:
        yield literal(node.value + 1)
    elif op == "symbol":
        yield from (h.symbol for h in rule.hyper if _is_real(node, rule) and h.symbol != node and h.symbol.kind is Kind.REAL)


def _is_real(node: Expression, rule: Rule) -> bool:
    return node.kind is Kind.REAL and str(node.name) in rule.hyper_names


