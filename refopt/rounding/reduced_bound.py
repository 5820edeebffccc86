"""The bound of a rule that reduces over tensors: between two reductions every element is by itself.

The rule is taken apart at its reductions (language/reductions.py). What each of them reduces is bounded as a value of elements is, in all its
forms; the reduction's own error follows (rounding/sum_bound.py); and in what comes after it its value is a variable that is known with that error.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from refopt.errors import RefoptError
from refopt.language.expression import tensor, theta
from refopt.language.reductions import Over, Reduction, sizes, staged
from refopt.language.rule import Let, Rule, State
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.extended_range import ExtendedRange, from_exact
from refopt.rounding.sum_bound import largest_error, sum_error

if TYPE_CHECKING:
    from refopt.rounding.bound import Block, Profile

OPERAND = "reduced_operand"
"""The name of what is reduced, where a rule ends with it."""


@dataclass(frozen=True)
class Parts:
    """Rules of elements that a rule is made of: one for each reduction, whose state OPERAND is what is reduced; and the last, the whole update.

    In each the reductions that come before are constant states.
    """

    operands: tuple[Rule, ...]
    whole: Rule


@lru_cache(maxsize=256)
def parts(rule: Rule) -> Parts:
    """The rules of elements that a rule is made of."""
    staging = staged(rule)
    operands = tuple(_operand(rule, r, staging.reductions[:i]) for i, r in enumerate(staging.reductions))
    known = tuple(State(r.symbol, 0, constant=True) for r in staging.reductions)
    return Parts(operands, replace(rule, state=(*rule.state, *known), steps=staging.steps))


def _operand(rule: Rule, reduction: Reduction, earlier: Sequence[Reduction]) -> Rule:
    made = State(tensor(OPERAND), 0)
    assigned = {let.name for let in reduction.before}
    kept = [s if s.name in assigned else replace(s, constant=True) for s in rule.state]
    known = [State(r.symbol, 0, constant=True) for r in earlier]
    ending = () if "theta" in assigned else (Let(theta, theta),)
    return replace(rule, state=(*kept, *known, made), steps=(*reduction.before, Let(made.symbol, reduction.operand), *ending))


def reduced_radii(rule: Rule, blocks: Sequence[Block], profile: Profile) -> list[dict[str, ErrorBounds]]:
    """The bounds of `bound.radii`, of a rule with reductions. Raises RefoptError where a block has not the values of its reductions."""
    from refopt.rounding.bound import radii

    made, staging = parts(rule), staged(rule)
    for block in blocks:
        missing = [r.name for r in staging.reductions if r.name not in block.reduced]
        if missing:
            raise RefoptError(f"a bound for {rule.name} needs the values of its reductions: {', '.join(missing)}")
    names = ("theta", *rule.state_names)
    known = [i for i, b in enumerate(blocks) if all(r.value is not None for r in b.reduced.values())]
    if len(known) < len(blocks):  # nothing is said of what is made of a reduction without a value
        made_of_known = iter(reduced_radii(rule, [blocks[i] for i in known], profile))
        return [next(made_of_known) if i in known else {n: ErrorBounds.unknown(len(b.g)) for n in names} for i, b in enumerate(blocks)]
    found: list[dict[str, ErrorBounds]] = [{} for _ in blocks]
    blocks = _with_sizes(blocks)
    for i, (reduction, operand) in enumerate(zip(staging.reductions, made.operands, strict=True)):
        given = [_with_reduced(b, staging.reductions[:i], f, with_operand=True) for b, f in zip(blocks, found, strict=True)]
        errors = [r[OPERAND] for r in radii(operand, given, profile=profile)]
        for j, error in enumerate(_errors(reduction, blocks, errors)):
            found[j][reduction.name] = error
    given = [_with_reduced(b, staging.reductions, f) for b, f in zip(blocks, found, strict=True)]
    return [{n: r[n] for n in names} for r in radii(made.whole, given, profile=profile)]


def _with_sizes(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with the numbers of elements that their reductions go over among their scalars."""
    own = [next(iter(b.reduced.values())).size for b in blocks]
    every: dict[Hashable, int] = {}
    for block, size in zip(blocks, own, strict=True):
        every[block.update, block.format.name] = every.get((block.update, block.format.name), 0) + size
    return [
        replace(b, hyper={**b.hyper, **sizes(Fraction(size), Fraction(every[b.update, b.format.name]))}) for b, size in zip(blocks, own, strict=True)
    ]


def _with_reduced(block: Block, reductions: Sequence[Reduction], errors: Mapping[str, ErrorBounds], *, with_operand: bool = False) -> Block:
    """The block with the values of reductions among its variables, each with its error, the same for all elements."""
    n = len(block.g)
    before: dict[str, Sequence[Any]] = {**block.before, **{r.name: [block.reduced[r.name].value] * n for r in reductions}}
    radii = dict(block.radii) if block.radii is not None else {name: ErrorBounds.zero(n) for name in block.before}
    radii |= {r.name: ErrorBounds.of_some(_repeated(errors[r.name].values, n)) for r in reductions}
    if with_operand:
        before[OPERAND], radii[OPERAND] = [0] * n, ErrorBounds.zero(n)
    return replace(block, before=before, radii=radii)


def _repeated(x: ExtendedRange, times: Any) -> ExtendedRange:
    return ExtendedRange.of_parts(np.repeat(x.mantissa, times), np.repeat(x.exponent, times))


def _errors(reduction: Reduction, blocks: Sequence[Block], errors: Sequence[ErrorBounds]) -> list[ErrorBounds]:
    """The error of a reduction for each block: of its own elements, or of those of all blocks of the same update in the same format."""
    groups: dict[Hashable, list[int]] = {}
    for i, block in enumerate(blocks):
        groups.setdefault((block.update, block.format.name) if reduction.over is Over.ALL else i, []).append(i)
    made: list[ErrorBounds] = [ErrorBounds.zero(1)] * len(blocks)
    for members in groups.values():
        each = [errors[i].values for i in members]
        if reduction.op == "largest":
            error = largest_error(each)
        else:
            terms = [blocks[i].reduced[reduction.name] for i in members]
            sizes, joined = from_exact([abs(x) for one in terms for x in one.terms]), ErrorBounds.join([errors[i] for i in members]).values
            repeats = np.concatenate([one.repeats or np.ones(len(one.terms), dtype=np.int64) for one in terms]).astype(np.int64)
            error = sum_error(_repeated(sizes, repeats), _repeated(joined, repeats), blocks[members[0]].format)
        for i in members:
            made[i] = ErrorBounds(error)
    return made
