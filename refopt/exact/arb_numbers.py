"""Arb's balls from python-flint: every result encloses the exact value. A comparison that the balls do not decide raises Undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from refopt.errors import RefoptError
from refopt.exact.numbers import Numbers, Undecided
from refopt.language.evaluate import Arithmetic, ilog

LARGEST_EXPONENT = 10**6
"""Binary exponents beyond this mean a ball that has blown up; as fractions they would fill the memory."""


def make() -> Numbers:
    """Arb's balls. Raises RefoptError where python-flint is not installed."""
    try:
        import flint
    except ImportError:
        raise RefoptError(
            "python-flint is not installed here, so no digits can be certified", help="pip install 'refopt[certify]'"
        ) from None
    arb, fmpq, context = flint.arb, flint.fmpq, flint.ctx

    def literal(value: Fraction) -> Any:
        return arb(fmpq(value.numerator, value.denominator))

    def decided(compare: Callable[[Any, Any], bool], contrary: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        def condition(x: Any, y: Any) -> bool:
            if compare(x, y):
                return True
            if contrary(x, y):
                return False
            raise Undecided

        return condition

    lt = decided(lambda x, y: bool(x < y), lambda x, y: bool(x >= y))
    le = decided(lambda x, y: bool(x <= y), lambda x, y: bool(x > y))
    eq = decided(lambda x, y: bool(x == y), lambda x, y: bool(x != y))

    def sign(x: Any) -> Any:
        if x > 0:
            return arb(1)
        if x < 0:
            return arb(-1)
        if x == 0:
            return arb(0)
        raise Undecided

    def exact(x: Any) -> Fraction:
        low, high = interval(x)
        if low != high:
            raise Undecided
        return low

    def cube_root(x: Any) -> Any:
        if x == 0:  # Arb's own root of the exact 0 is no number
            return x
        if x >= 0:
            return x.root(3)
        if x < 0:
            return -(-x).root(3)
        raise Undecided

    operations: dict[str, Callable[..., Any]] = {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "neg": lambda x: -x, "pow": lambda x, y: x**y, "square": lambda x: x * x, "sqrt": lambda x: x.sqrt(), "abs": abs, "sign": sign,
        "max": lambda x, y: x.max(y), "min": lambda x, y: x.min(y), "floor": lambda x: x.floor(), "exp": lambda x: x.exp(),
        "log": lambda x: x.log(), "cos": lambda x: x.cos(), "sin": lambda x: x.sin(), "tanh": lambda x: x.tanh(), "cbrt": cube_root,
        "ilog": lambda x, y: literal(Fraction(ilog(exact(x), exact(y)))),
        "lt": lt, "le": le, "gt": lambda x, y: lt(y, x), "ge": lambda x, y: le(y, x), "eq": eq,
        "and": lambda x, y: x and y, "or": lambda x, y: x or y, "cast": lambda x: x,
    }  # fmt: skip

    @contextmanager
    def precision(digits: int) -> Iterator[None]:
        before = context.prec
        context.prec = int(digits * 3.3219280948873626) + 8
        try:
            yield
        finally:
            context.prec = before

    def interval(x: Any) -> tuple[Fraction, Fraction]:
        if not x.is_finite():
            raise Undecided
        mid, rad = _exact(x.mid()), _exact(x.rad())
        return mid - rad, mid + rad

    return Numbers("Arb", Arithmetic("Arb", literal, lambda: arb.pi(), operations), precision, interval, True)


def _exact(x: Any) -> Fraction:
    mantissa, exponent = x.man_exp()
    if abs(int(exponent)) > LARGEST_EXPONENT:
        raise Undecided
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
