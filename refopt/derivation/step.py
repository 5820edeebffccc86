"""A step: one statement, how it was proved, where it was sampled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import sympy as sp

from refopt.derivation.symbol import Letter


class Kind(Enum):
    """Sort of statement that a step makes.

    RATIONAL and ROOT identities are made of + - * /, integer powers and (ROOT) square roots of symbols only: they can be
    written as theorems for another prover.
    """

    RATIONAL = "rational identity"
    ROOT = "identity under a root"
    IDENTITY = "identity"
    LIMIT = "limit"
    SIGN = "sign"
    INDUCTION = "induction"
    WITNESS = "witness"
    RUN = "certified run"


@dataclass(frozen=True)
class Limit:
    """The variable of a limit and where it goes."""

    variable: Any
    to: Any


@dataclass(frozen=True)
class Step:
    """A statement `left relation right` (~ is "has the sign of"), for all values of the letters in `assumptions` that fulfil `conditions`.

    called  what the left side is known as, a SymPy expression, or None
    tactic  how it was proved; points: at how many random points it was sampled
    known   of a sign: (part, low, high), bounds that were used for parts of it
    at      of a witness: the exact values of the letters there
    limit   of a limit: the variable and where it goes
    digits  of a certified run: the precision that decided it; certified: by balls
    why     a remark
    """

    name: str
    kind: Kind
    left: Any
    relation: str
    right: Any
    tactic: str
    assumptions: tuple[Letter, ...] = ()
    conditions: tuple[Any, ...] = ()
    points: int = 0
    why: str = ""
    called: Any = None
    known: tuple[tuple[Any, Any, Any], ...] = ()
    at: tuple[tuple[Any, Any], ...] = ()
    limit: Limit | None = None
    digits: int = 0
    certified: bool = False


def identity_kind(left: Any, right: Any) -> Kind:
    """Rational, under a root, or neither: by the operations that both sides are made of."""
    rooted = False
    for node in (*sp.preorder_traversal(left), *sp.preorder_traversal(right)):
        if node.is_Symbol:
            if node.is_real is not True:
                return Kind.IDENTITY
        elif node.is_Pow:
            if not node.exp.is_Rational or node.exp.q > 2:
                return Kind.IDENTITY
            rooted = rooted or node.exp.q == 2
        elif not (node.is_Add or node.is_Mul or node.is_Rational):
            return Kind.IDENTITY
    return Kind.ROOT if rooted else Kind.RATIONAL


def as_rational(number: Any) -> Any:
    """A number as SymPy's rational; formulas as they are."""
    return sp.Rational(number.numerator, number.denominator) if isinstance(number, Fraction) else sp.sympify(number)
