"""Edits by which a formula takes another well-known way: a sign by a division, a state that is a plain mean, a divisor in the step instead of a
state, a number of the other sign, a root of another order."""

from __future__ import annotations

from collections.abc import Iterator

from refopt.golden.change import Change, Scope, part
from refopt.golden.mutants import with_steps, with_value
from refopt.golden.tree_mutations import everywhere, replaced_once
from refopt.language.compose import put_in
from refopt.language.expression import Expression, absolute, cbrt, g, literal, maximum, operation, sqrt
from refopt.language.extent import ELEMENT
from refopt.language.role import Role
from refopt.language.rule import Let, Rule

SMALL = ("1e-6", "1e-7", "1e-8", "1e-10", "1e-12")
"""Numbers that programs add to what they divide by."""

ROOTS = {"sqrt": cbrt, "cbrt": sqrt}
"""The root that stands in the place of another."""

Found = Iterator[tuple[Change, Rule]]


def other_ways(rule: Rule) -> Found:
    """Every such edit of a rule."""
    yield from _signs(rule)
    yield from _usual_states(rule)
    yield from _divided_in_the_step(rule)
    yield from _turned(rule)
    yield from _other_roots(rule)


def _signs(rule: Rule) -> Found:
    """A sign that a value is divided into by its size, or whose value stands beside it in the place of another factor."""
    small = [*(h.symbol for h in rule.of_role(Role.EPSILON)), *map(literal, SMALL)]

    def local(node: Expression) -> Iterator[Expression]:
        if node.op == "sign":
            x = node.args[0]
            for c in small:
                yield from (x / (absolute(x) + c), x / maximum(absolute(x), c), x / sqrt(x**2 + c))
        if node.op == "mul":
            for x in (n.args[0] for n in _factors(node.args[0]) if n.op == "sign"):
                yield node.args[0] * x

    for position, let in enumerate(rule.steps):
        for old, new, tree in everywhere(let.value, local):
            yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))


def _factors(node: Expression) -> Iterator[Expression]:
    if node.op == "mul":
        for a in node.args:
            yield from _factors(a)
    else:
        yield node


def _other_roots(rule: Rule) -> Found:
    """A root of another order: the square root in the place of the cube root, and back."""

    def local(node: Expression) -> Iterator[Expression]:
        if node.op in ROOTS:
            yield ROOTS[node.op](node.args[0])

    for position, let in enumerate(rule.steps):
        for old, new, tree in everywhere(let.value, local):
            if not old.is_scalar:
                yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))


def _usual_states(rule: Rule) -> Found:
    """A state that is the weighted mean of the gradient, or the sum of all; where it is never negative, of its square."""
    decays = {h.symbol for role in (Role.DECAY, Role.MOMENTUM) for h in rule.of_role(role)}
    for position, let in enumerate(rule.steps):
        state = next((s.symbol for s in rule.state if s.name == let.name and s.symbol.extent == ELEMENT and not s.constant), None)
        if state is None:
            continue
        seen = g**2 if state.sign == "nonnegative" else g
        usual = [h * state + (1 - h) * seen for h in dict.fromkeys(let.value.symbols()) if h in decays]
        for value in (*usual, state + seen):
            yield from with_steps(rule, part(let.name, let.value, value), with_value(rule, position, value))


def _divided_in_the_step(rule: Rule) -> Found:
    """A divisor of what goes into a state, put below a later term instead."""
    for position, let in enumerate(rule.steps):
        for node in (n for n in let.value.walk() if let.name in rule.state_names and n.op == "div" and not n.args[1].is_scalar):
            above, below = node.args
            for kept in replaced_once(let.value, node, above):
                for later in range(position + 1, len(rule.steps)):
                    after = rule.steps[later]
                    if below.symbol_names & {x.name for x in rule.steps[position:later]}:  # it is another value there
                        break
                    for old, new, tree in everywhere(after.value, lambda n, below=below: _term_over(n, below)):  # type: ignore[misc]
                        change = part(let.name, node, above).and_also(part(after.name, old, new))
                        steps = list(with_value(rule, position, kept))
                        steps[later] = Let(after.symbol, tree, after.comment)
                        yield from with_steps(rule, change, tuple(steps))


def _term_over(node: Expression, below: Expression) -> Iterator[Expression]:
    if node.op in ("add", "sub") and not node.args[1].is_scalar:
        yield operation(node.op, node.args[0], node.args[1] / below)


def _turned(rule: Rule) -> Found:
    """A number with the other sign wherever it stands."""
    for role in (Role.FACTOR, Role.MOMENTUM, Role.SHARE, Role.WEIGHT_DECAY):
        for h in rule.of_role(role):
            yield from with_steps(rule, part(Scope.EVERYWHERE, h.symbol, -h.symbol), put_in(rule.steps, {h.name: -h.symbol}))
