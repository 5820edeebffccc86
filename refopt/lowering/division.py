"""Quotients of elements by a number that all of them share, in C: from its reciprocal, with the bits of the quotient.

A processor divides four doubles in the time of some sixteen products, and Adam divides twice by one number a step. With
p bits, u = 2^-p, every operation rounded to nearest and fma(a, b, c) = RN(a b + c):

    r  = RN(1 / b)                     once a step
    q0 = RN(x r)
    q1 = fma(r, fma(-b, q0, x), q0)
    q2 = fma(r, fma(-b, q1, x), q1)  = RN(x / b)

Why (Markstein 1990 is the last step; here with its exception left out). Let y = x / b, without loss of generality x, b > 0 and
y in [1, 2), where floats are 2u apart and midpoints between them are odd multiples of u.

1. q1 is one of the floats around y. r = (1 + e) / b and q0 = y (1 + n) with |e| <= u, |n| <= 2u + u^2. The remainder is
   rounded once, so that q1 = RN(y') with |y' - y| <= y |n| (2u + u^2) < 8u^2 + 9u^3, less than a quarter of a distance.
2. x - b q1 is exact: it is a multiple of 4u^2 (b scaled to [1, 2)), and at most 2 |y - q1| < 4u, which is p bits.
3. So q2 = RN(y + e (y - q1)). Write b = B 2^k with an integer B in [2^(p-1), 2^p). Then |e| <= u (B / 2^p), because r is off by
   half a last place at most; and y is no midpoint and none is nearer than u / B: their difference is an integer over
   B 2^p, and is not 0, for the midpoint's odd numerator times B would have to be a multiple of 2^p.
4. Where q1 = RN(y), |y - q1| <= u, and e (y - q1) is at most u^2 (B / 2^p) < u / B: no midpoint is passed. Else y is
   within 8u^2 + 9u^3 of a midpoint and |y - q1| < u + 8u^2 + 9u^3: it is enough that (B / 2^p)^2 (1 + 8u + 9u^2) < 1,
   which holds where B <= 2^p - 8.

`reciprocal` is 0 for a b with B > 2^p - 8, or outside 2^-32 to 2^32; then, and where a block of elements holds an x that is not
`easy`, x is divided by b. Easy is what keeps every number above in the range of normal floats (the smallest remainder is
a multiple of 2^(1-2p) times the power of two below x), and zero, which keeps its sign by copysign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from refopt.language.expression import Expression
from refopt.lowering.plan import Plan
from refopt.lowering.printer import Spelling


@dataclass(frozen=True)
class Shared:
    """The quotients of a plan that are formed so.

    first      index of the first assignment of elements that holds one; nothing but arrays is handed on to it
    dividends  arrays that are divided
    divisors   names of the scalars by which they are
    """

    first: int
    dividends: tuple[Expression, ...]
    divisors: tuple[str, ...]


def shared(p: Plan, arrays: Mapping[Expression, str]) -> Shared | None:
    """The quotients of arrays by scalars in a plan; None where there is none, or where the loop cannot be cut before the first."""
    found = [(i, node) for i, let in enumerate(p.elements) for node in let.value.walk() if is_shared(node, arrays)]
    if not found:
        return None
    first = found[0][0]
    dividends = tuple(dict.fromkeys(node.args[0] for _, node in found))
    before, after = p.elements[:first], p.elements[first:]
    kept = {let.name for let in before} & p.temporaries().keys()
    needed = {s.name for let in after for s in let.value.symbols()}
    if kept & needed or any(let.symbol in dividends for let in after):
        return None
    return Shared(first, dividends, tuple(dict.fromkeys(p.names[node.args[1]] for _, node in found)))


def is_shared(node: Expression, arrays: Mapping[Expression, str]) -> bool:
    """True where it is an array by a scalar."""
    return node.op == "div" and node.args[0] in arrays and node.args[1].is_scalar


def spelling(suffix: str) -> Spelling:
    """Spelling of such a quotient where everything is easy; `suffix` is that of the functions of the format, in `helpers/helpers.h`."""
    return Spelling(f"divided{suffix}({{0}}, {{1}}, per_{{1}})")
