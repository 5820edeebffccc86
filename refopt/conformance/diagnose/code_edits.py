"""Edits that come from how code is written: what is tried when no edit of the formula, and no slip, explains an implementation.

A constant is written out where a hyperparameter is meant, a buffer is shared or overwritten in place, an epsilon or a
weight decay goes in at another place, a bound is put on a value, a rate falls by itself, a well-known other form of the
same formula is written with a slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations

from refopt.conformance.diagnose.compound_edits import rule_slips, terms
from refopt.conformance.diagnose.edits import Edit, edits, in_context, throughout, values_of
from refopt.conformance.diagnose.epsilon_edits import epsilons_elsewhere
from refopt.conformance.diagnose.other_ways import other_ways
from refopt.golden.change import Change, Scope, exchanged, part
from refopt.golden.change import Kind as Changed
from refopt.golden.compound_edits import at_products, divisors
from refopt.golden.mutants import with_steps, with_value
from refopt.golden.tree_mutations import edits as tree_edits
from refopt.golden.tree_mutations import everywhere, replaced_once
from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind, absolute, g, literal, maximum, minimum, operation, sign, sqrt, t, theta, where
from refopt.language.extent import ELEMENT
from refopt.language.role import Role
from refopt.language.rule import Let, Rule

BOUNDS = ("0.01", "0.1", "0.25", "0.5", "1", "2", "5", "10", "100")
"""Sizes to which gradients and steps are clipped."""
DECAYS = ("0.000001", "0.00001", "0.00004", "0.0001", "0.0002", "0.0005", "0.001", "0.005", "0.01", "0.05", "0.1")
"""Constants by which weights decay, and rates with the count of updates."""

Found = Iterator[tuple[Change, Rule]]


@cache
def code_edits(rule: Rule) -> tuple[Edit, ...]:
    """Every such edit of a rule that is neither an edit nor a slip of it, each formula once."""
    return in_context(rule, _every(rule), (e.rule for e in (*edits(rule), *rule_slips(rule))))


def _every(rule: Rule) -> Found:
    yield from _constants(rule)
    yield from _exchanged_here(rule)
    yield from _absolute_values(rule)
    yield from _bounds(rule)
    yield from epsilons_elsewhere(rule)
    yield from _corrections(rule)
    yield from _counts(rule)
    yield from _rates(rule)
    yield from _squares(rule)
    yield from _kept_in_place(rule)
    yield from _one_buffer(rule)
    yield from _looks_ahead(rule)
    yield from _terms_again(rule)
    yield from _decay(rule)
    yield from _other_forms(rule)
    yield from other_ways(rule)


def _real(rule: Rule) -> list[Expression]:
    return [h.symbol for h in rule.hyper if h.symbol.kind is Kind.REAL]


def _elements(value: Expression) -> list[Expression]:
    return [s for s in dict.fromkeys(value.symbols()) if s.extent == ELEMENT]


def _at(rule: Rule, position: int, old: Expression, new: Expression) -> Found:
    """One occurrence of a symbol replaced in one assignment, for each occurrence."""
    let = rule.steps[position]
    for tree in replaced_once(let.value, old, new):
        yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))


def _constants(rule: Rule) -> Found:
    """A hyperparameter's default, or a usual value, written out at one place."""
    for position, let in enumerate(rule.steps):
        for h in (h for h in rule.hyper if h.symbol.kind is Kind.REAL and h.symbol in set(let.value.symbols())):
            for value in values_of(h):
                yield from _at(rule, position, h.symbol, literal(value))


def _exchanged_here(rule: Rule) -> Found:
    """Two symbols exchanged in one assignment."""
    for position, let in enumerate(rule.steps):
        used = set(let.value.symbols())
        pairs = chain(combinations([h for h in _real(rule) if h in used], 2), combinations(_elements(let.value), 2))
        for a, b in pairs:
            value = substitute(let.value, {str(a.name): b, str(b.name): a})
            yield from with_steps(rule, exchanged(let.name, a, b), with_value(rule, position, value))


def _absolute_values(rule: Rule) -> Found:
    """The size of a value, or its sign, in its place."""
    for position, let in enumerate(rule.steps):
        for s in (s for s in _elements(let.value) if s.sign != "nonnegative"):
            for new in (absolute(s), sign(s)):
                yield from _at(rule, position, s, new)
        if let.name == "theta":
            for old, new, tree in everywhere(let.value, _sign_of_quotient):
                yield from with_steps(rule, part("theta", old, new), with_value(rule, position, tree))


def _sign_of_quotient(node: Expression) -> Iterator[Expression]:
    split = _quotient(node)
    if split is not None:
        factor, above, _ = split
        yield factor * sign(above)


def _quotient(node: Expression) -> tuple[Expression, Expression, Expression] | None:
    """A step as scalar factor, numerator and denominator."""
    if node.op == "mul" and node.args[0].is_scalar and node.args[1].op == "div" and not node.args[1].args[1].is_scalar:
        return node.args[0], node.args[1].args[0], node.args[1].args[1]
    if node.op == "div" and node.args[0].op == "mul" and node.args[0].args[0].is_scalar and not node.args[1].is_scalar:
        return node.args[0].args[0], node.args[0].args[1], node.args[1]
    return None


def _clipped(x: Expression, bound: str) -> Expression:
    return maximum(-literal(bound), minimum(x, literal(bound)))


def _bounds(rule: Rule) -> Found:
    """The gradient, or the step without its rate, clipped."""
    for bound in BOUNDS:
        yield from with_steps(rule, Change(Changed.CLIPPED, "g", value=bound), throughout(rule, {"g": _clipped(g, bound)}))
    for position, let in enumerate(rule.steps):
        if let.name == "theta":
            for old, new, tree in everywhere(let.value, _clipped_quotients):
                yield from with_steps(rule, part("theta", old, new), with_value(rule, position, tree))


def _clipped_quotients(node: Expression) -> Iterator[Expression]:
    split = _quotient(node)
    if split is not None:
        factor, above, below = split
        yield from (factor * _clipped(above / below, bound) for bound in BOUNDS)


def _decaying(rule: Rule) -> dict[str, Expression]:
    """The states that are weighted means or sums, and the share of the old value that each keeps."""
    found = {}
    for let in rule.steps:
        first = let.value.args[0] if let.value.op in ("add", "sub", "max") else let.value
        if let.name in rule.state_names and first.op == "mul" and first.args[0].op == "symbol" and first.args[0].is_scalar and first.args[1] == let.symbol:
            found[let.name] = first.args[0]
    return found


def _corrections(rule: Rule) -> Found:
    """A state that is corrected for its start at zero where it should not be, or once more; a correction that scales something else."""
    shares = list(dict.fromkeys(_decaying(rule).values()))
    assigned: set[str] = set()
    for position, let in enumerate(rule.steps):
        for s in (s for s in rule.state if s.name in assigned and s.symbol in set(let.value.symbols())):
            for share in shares:
                for q in (1 - share**t, sqrt(1 - share**t)):
                    yield from _at(rule, position, s.symbol, s.symbol / q)
        assigned.add(let.name)
    scalars = [d for let in rule.steps for d in divisors(let.value) if d.is_scalar and d.op == "sub"]
    for position, let in enumerate(rule.steps):
        if let.name not in rule.state_names:
            for old, new, tree in at_products(let.value, list(dict.fromkeys([*scalars, *map(sqrt, scalars)]))):
                yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))


def _counts(rule: Rule) -> Found:
    """A count that is late and starts at 1 all the same; a value that is not corrected in the first update."""
    if not rule.uses_step:
        return
    yield from with_steps(rule, part(Scope.EVERYWHERE, t, maximum(t - 1, 1)), throughout(rule, {"t": maximum(t - 1, 1)}))
    late = [(let, [s for s in _elements(let.value) if s != let.symbol]) for let in rule.steps]
    kept = {let.name: Let(let.symbol, where(t > 1, let.value, found[0]), let.comment) for let, found in late
            if let.name not in (*rule.state_names, "theta") and len(found) == 1 and t in set(let.value.symbols())}  # fmt: skip
    for name, let in kept.items():
        yield from with_steps(rule, Change(Changed.NOT_CORRECTED, name), tuple(let if x.name == name else x for x in rule.steps))
    yield from with_steps(rule, Change(Changed.NOT_CORRECTED), tuple(kept.get(x.name, x) for x in rule.steps))


def _rates(rule: Rule) -> Found:
    """A rate that falls with the count of updates."""
    if rule.learning_rate is None:
        return
    rate, name = rule.learning_rate.symbol, rule.learning_rate.name
    for new in (rate / sqrt(t), rate / t, rate / (t + 1), rate / sqrt(t + 1)):
        yield from with_steps(rule, part(Scope.EVERYWHERE, rate, new), throughout(rule, {name: new}))
    for constant in DECAYS:
        for count in (t, t - 1):
            new = rate / (1 + literal(constant) * count)
            yield from with_steps(rule, part(Scope.EVERYWHERE, rate, new), throughout(rule, {name: new}))


def _squares(rule: Rule) -> Found:
    """A square of which one factor is another value, or from which another value is taken off first."""
    defined: list[Expression] = [theta, g, *(s.symbol for s in rule.state)]
    for position, let in enumerate(rule.steps):
        for old, new, tree in everywhere(let.value, lambda node: _other_squares(node, defined)):
            yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))
        if let.symbol.extent == ELEMENT and let.symbol not in defined:
            defined.append(let.symbol)


def _other_squares(node: Expression, defined: list[Expression]) -> Iterator[Expression]:
    if node.op == "square":
        for s in (s for s in defined if s != node.args[0]):
            yield node.args[0] * s
            yield (node.args[0] - s) ** 2


def _kept_in_place(rule: Rule) -> Found:
    """A state whose buffer a later value is computed into."""
    for s in (s for s in rule.state if not s.constant):
        depends, after, parts = {s.name}, False, [sqrt(s.symbol)] if s.symbol.sign == "nonnegative" else []
        for let in rule.steps:
            after = after or let.name == s.name
            if not after or let.name == s.name:
                continue
            if depends & let.value.symbol_names:
                parts += [p for p in let.value.walk() if not p.is_scalar and p.op != "symbol" and depends & p.symbol_names and "theta" not in p.symbol_names]
                depends.add(let.name)
        depends.discard("theta")
        for kept in dict.fromkeys(parts):
            if kept.kind is Kind.REAL:
                yield from with_steps(rule, Change(Changed.KEPT_IN_ITS_PLACE, s.name, kept), (*rule.steps, Let(s.symbol, kept)))


def _one_buffer(rule: Rule) -> Found:
    """Two states that share a buffer."""
    for a, b in combinations([s for s in rule.state if not s.constant], 2):
        shared = {b.name: a.symbol}
        steps = tuple(Let(a.symbol if x.name == b.name else x.symbol, substitute(x.value, shared), x.comment) for x in rule.steps)
        yield from with_steps(rule, Change(Changed.ONE_BUFFER, names=(a.name, b.name)), (*steps, Let(b.symbol, a.symbol)))


def _looks_ahead(rule: Rule) -> Found:
    """A state that is updated once more where it is used, as Nesterov's momentum is."""
    updates = {let.name: let for let in rule.steps if let.name in rule.state_names}
    assigned: set[str] = set()
    for position, let in enumerate(rule.steps):
        for name in sorted(assigned & let.value.symbol_names & set(updates)):
            yield from _at(rule, position, updates[name].symbol, updates[name].value)
        assigned.add(let.name)


def _terms_again(rule: Rule) -> Found:
    """A term of theta's update, or of a state's, put to theta once more."""
    last = rule.steps[-1]
    for op, term in terms(last.value):
        before = Let(theta, operation(op, theta, term))
        yield from with_steps(rule, Change(Changed.PUT_TWICE, "theta", term), (*rule.steps[:-1], before, last))
    for let in rule.steps[:-1]:
        for _, term in terms(let.value):
            for op in ("sub", "add"):
                value = operation(op, last.value, term)
                yield from with_steps(rule, part("theta", last.value, value), (*rule.steps[:-1], Let(theta, value, last.comment)))


def _decay(rule: Rule) -> Found:
    """Weights that decay though nobody asks, or at another place."""
    if rule.learning_rate is None:
        return
    lr, asked = rule.learning_rate.symbol, next((h.symbol for h in rule.of_role(Role.WEIGHT_DECAY)), None)
    for share in [asked] if asked is not None else [literal(c) for c in DECAYS]:
        amount = share * theta
        for steps, besides in ((rule.steps, None), *([(without_decay(rule), Change(Changed.DECAY_LEFT_OUT))] if asked is not None else [])):
            if steps is None:
                continue
            *first, last = steps
            put_everywhere = tuple(Let(x.symbol, substitute(x.value, {"g": g + amount})) for x in steps)
            yield from with_steps(rule, part(Scope.EVERYWHERE, g, g + amount).and_also(besides), put_everywhere)
            for move in (lr * amount, amount):
                value = substitute(last.value, {"theta": theta - move})
                yield from with_steps(rule, part("theta", theta, theta - move).and_also(besides), (*first, Let(theta, value)))
            if asked is None:
                continue
            divided = Change(Changed.DIVIDED_BY, "theta", after=1 + lr * share, also=besides)
            yield from with_steps(rule, divided, (*first, Let(theta, last.value / (1 + lr * share))))
            for position, let in enumerate(steps):
                for s in (s for s in _elements(let.value) if s != theta):
                    for tree in replaced_once(let.value, s, s + amount):
                        put = (*steps[:position], Let(let.symbol, tree, let.comment), *steps[position + 1 :])
                        yield from with_steps(rule, part(let.name, s, s + amount).and_also(besides), put)


def without_decay(rule: Rule) -> tuple[Let, ...] | None:
    """The assignments without the term that holds the weight decay; None where it stands otherwise."""
    steps: list[Let] = []
    decays = {h.name for h in rule.of_role(Role.WEIGHT_DECAY)}
    for let in rule.steps:
        value, off = let.value, [part for part in let.value.walk() if part.op in ("add", "sub") and decays & part.args[1].symbol_names]
        if decays & value.symbol_names:
            inner = next((part for part in off if not decays & part.args[0].symbol_names), None)
            if inner is None:
                return None
            value = next(replaced_once(value, inner, inner.args[0]))
        steps.append(Let(let.symbol, value, let.comment))
    return tuple(steps)


def _other_forms(rule: Rule) -> Found:
    """The mechanical edits of other forms in which the formula is often written."""
    hyper = [h.symbol for h in rule.hyper]
    for position, let in enumerate(rule.steps):
        form = _as_a_step(let)
        if form is not None:
            for old, new, tree in tree_edits(form, hyper):
                yield from with_steps(rule, Change(Changed.PART, let.name, old, new, form=form), with_value(rule, position, tree))
    inlined = _inlined(rule)
    if inlined is not None:
        for old, new, tree in tree_edits(inlined[-1].value, hyper):
            yield from with_steps(rule, Change(Changed.PART, "theta", old, new, form=inlined[-1].value), (*inlined[:-1], Let(theta, tree)))


def _as_a_step(let: Let) -> Expression | None:
    """b*s + (1 - b)*x as s + (1 - b)*(x - s)."""
    if let.value.op != "add":
        return None
    old, new = let.value.args
    if old.op != "mul" or new.op != "mul" or old.args[1] != let.symbol or new.args[0] != 1 - old.args[0]:
        return None
    return let.symbol + new.args[0] * (new.args[1] - let.symbol)


def _inlined(rule: Rule) -> tuple[Let, ...] | None:
    """Intermediate values written into theta's update, the root of a quotient as a quotient of roots; None where that changes nothing."""
    kept, values = [], dict[str, Expression]()
    for let in rule.steps[:-1]:
        if let.name in rule.state_names:
            kept.append(Let(let.symbol, substitute(let.value, values), let.comment))
        else:
            values[let.name] = substitute(let.value, values)
    value = _roots_apart(substitute(rule.steps[-1].value, values))
    if value == rule.steps[-1].value:
        return None
    return (*kept, Let(theta, value, rule.steps[-1].comment))


def _roots_apart(node: Expression) -> Expression:
    if not node.args:
        return node
    args = [_roots_apart(a) for a in node.args]
    if node.op == "sqrt" and args[0].op == "div" and args[0].args[1].is_scalar:
        return sqrt(args[0].args[0]) / sqrt(args[0].args[1])
    return operation(node.op, *args, attribute=node.attribute)
