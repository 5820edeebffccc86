"""Branches of an update: where rounding may decide a sign or a comparison either way, a value must lie within the bound of one of them, never between two.

The bound of an update covers what correct programs may compute. Where they may choose differently (sign(c) with c within its own rounding of 0), that
is the hull of what each choice gives, and as wide as they are apart. Here each choice is made in turn, and the formula that is left has a bound of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge.exact_update import exact_update, fraction
from refopt.conformance.judge.model import Model
from refopt.language.expression import Expression, g, literal, operation, theta, where
from refopt.language.reductions import has_reductions
from refopt.language.rule import Let, Rule
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds

COMPARED = {"lt": (-1,), "le": (-1, 0), "gt": (1,), "ge": (0, 1), "eq": (0,)}
"""By comparison, the signs of the difference for which it holds."""
SIGNS = (-1, 0, 1)


@dataclass(frozen=True)
class Branch:
    """One way in which an update may go.

    rule    the formula that is left
    places  the elements that may go this way
    exact   by variable the exact value, one a place
    bound   the bounds around it
    """

    rule: Rule
    places: tuple[int, ...]
    exact: Mapping[str, Sequence[Any]]
    bound: Mapping[str, ErrorBounds]


def decides(rule: Rule) -> bool:
    """True where a rule goes by the sign of something that each element has its own of."""
    return not has_reductions(rule) and _first(rule, 0, 0) is not None


def picked(block: Block, places: Sequence[int]) -> Block:
    """The block of some of its elements only; of all of them where they depend on one another."""
    if block.reduced:
        return block
    before = {n: [v[i] for i in places] for n, v in block.before.items()}
    return replace(
        block, before=before, radii=block.radii and {n: r[list(places)] for n, r in block.radii.items()}, g=[block.g[i] for i in places],
        repeats=None if block.repeats is None else tuple(block.repeats[i] for i in places), inputs={n: [v[i] for i in places] for n, v in block.inputs.items()},
    )  # fmt: skip


@dataclass(frozen=True)
class _Part:
    """Elements of a block: the block's number among those given, what is left of it, and the elements' places in the whole."""

    number: int
    block: Block
    places: tuple[int, ...]

    def of(self, chosen: Sequence[int]) -> _Part:
        """Some of them."""
        return _Part(self.number, picked(self.block, chosen), tuple(self.places[i] for i in chosen))


def branches(model: Model, blocks: Sequence[Block]) -> list[list[Branch]]:
    """By block the branches of the elements whose course rounding may decide; none where all are decided."""
    found: list[list[Branch]] = [[] for _ in blocks]
    whole = [_Part(i, b, tuple(range(len(b.g)))) for i, b in enumerate(blocks)]
    for number, branch in _followed(model, model.rule, whole, 0, 0, split=False):
        found[number].append(branch)
    return found


def _followed(model: Model, rule: Rule, parts: Sequence[_Part], step: int, seen: int, *, split: bool) -> Iterator[tuple[int, Branch]]:
    """The branches from the decision number `seen` of an assignment on, each with the number of its block."""
    parts = [p for p in parts if p.places]
    if not parts:
        return
    found = _first(rule, step, seen)
    if found is None:
        bounds = radii(rule, [p.block for p in parts], profile=model.profile) if split else []
        for p, bound in zip(parts if split else [], bounds, strict=True):
            yield p.number, Branch(rule, p.places, exact_update(rule, p.block), bound)
        return
    at, number, difference = found
    masks = _undecided(model, rule, parts, at, difference)
    either = [p.of(np.flatnonzero(mask).tolist()) for p, mask in zip(parts, masks, strict=True) if mask.any()]
    for sign in SIGNS if either else ():
        yield from _followed(model, _forced(rule, at, difference, sign), either, at, 0, split=True)
    rest = [p.of(np.flatnonzero(~mask).tolist()) if mask.any() else p for p, mask in zip(parts, masks, strict=True)]
    yield from _followed(model, rule, rest, at, number + 1, split=split)


def _undecided(model: Model, rule: Rule, parts: Sequence[_Part], step: int, difference: Expression) -> list[npt.NDArray[np.bool_]]:
    """Masks of the elements in which the difference may be computed with another sign than it has."""
    own, found = _up_to(rule, step, difference), []
    for p, bound in zip(parts, radii(own, [p.block for p in parts], profile=model.profile), strict=True):
        allowed = bound["theta"]
        claims = np.flatnonzero(allowed.claims())  # of what has no bound nothing is claimed either
        mask = np.zeros(len(p.places), dtype=bool)
        exact = exact_update(own, p.block)["theta"] if len(claims) else []
        for i, most in zip(claims.tolist(), allowed[claims].exact(), strict=True):
            mask[i] = exact[i] is not None and most is not None and most > 0 and abs(fraction(exact[i])) <= most
        found.append(mask)
    return found


@cache
def _up_to(rule: Rule, step: int, difference: Expression) -> Rule:
    """The rule before an assignment, and in theta's place the difference."""
    before = rule.steps[:step]
    kept = tuple(Let(s.symbol, s.symbol) for s in rule.state if not s.constant and s.name not in {let.name for let in before})
    return replace(rule, steps=(*before, Let(theta, _of_elements(difference)), *kept), output=None)


@cache
def _decisions(let: Let) -> tuple[Expression, ...]:
    """The differences whose signs an assignment goes by, those inside others first."""
    found: dict[Expression, None] = {}
    _collect(let.value, found)
    return tuple(found)


def _collect(node: Expression, found: dict[Expression, None]) -> None:
    for arg in node.args:
        _collect(arg, found)
    if not node.is_scalar and (difference := _difference(node)) is not None:
        found[difference] = None


def _difference(node: Expression) -> Expression | None:
    """The difference whose sign a node goes by: of a sign its operand, of a comparison the one side less the other; None of another node."""
    if node.op == "sign":
        return node.args[0]
    if node.op in COMPARED:
        one, other = node.args
        return one if other.op == "literal" and other.value == 0 else one - other
    return None


def _first(rule: Rule, step: int, seen: int) -> tuple[int, int, Expression] | None:
    """The next decision: the assignment, its number there, and the difference."""
    for at in range(step, len(rule.steps)):
        found = _decisions(rule.steps[at])
        if (number := seen if at == step else 0) < len(found):
            return at, number, found[number]
    return None


@cache
def _forced(rule: Rule, step: int, difference: Expression, sign: int) -> Rule:
    """The rule where the difference has this sign, as long as what it is made of keeps its value."""
    steps = list(rule.steps)
    for i in range(step, len(steps)):
        let = steps[i]
        steps[i] = Let(let.symbol, _of_elements(_put(let.value, difference, sign)) if not let.symbol.is_scalar else let.value, let.comment)
        if let.name in difference.symbol_names:
            break
    return replace(rule, steps=tuple(steps))


def _put(node: Expression, difference: Expression, sign: int) -> Expression:
    """The tree with the sign of the difference known."""
    if not node.is_scalar and _difference(node) == difference and node.op == "sign":
        return literal(sign)
    if node.op == "where" and not node.args[0].is_scalar:
        truth = _truth(node.args[0], difference, sign)
        if truth is not None:
            return _put(node.args[1] if truth else node.args[2], difference, sign)
    if not node.args:
        return node
    args = tuple(_put(a, difference, sign) for a in node.args)
    return where(*args) if node.op == "where" else operation(node.op, *args, attribute=node.attribute)


def _truth(condition: Expression, difference: Expression, sign: int) -> bool | None:
    """The truth of a condition; None where the sign does not say."""
    if condition.op in ("and", "or"):
        parts = [_truth(a, difference, sign) for a in condition.args]
        decisive = condition.op == "or"
        return decisive if decisive in parts else None if None in parts else not decisive
    return sign in COMPARED[condition.op] if _difference(condition) == difference else None


def _of_elements(tree: Expression) -> Expression:
    """The tree with one value an element; a number is nothing of the gradient more."""
    return tree + 0 * g if tree.is_scalar else tree
