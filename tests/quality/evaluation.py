"""A random program, run: every operation in the format, scalars in binary64, some parts fused or wide."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression
from refopt.rounding.bound import Block
from refopt.rounding.formats import Format
from tests.quality.rewriting import Program, Tree


def power(base: float, n: int, method: str) -> float:
    """b^n by the library, by repeated squaring, or by a running product."""
    if method == "squaring":
        result = 1.0
        while n:
            result, base, n = result * base if n & 1 else result, base * base, n >> 1
        return result
    if method == "product" and n <= 3000:
        result = 1.0
        for _ in range(n):
            result *= base
        return result
    return float(base**n)


class Computed:
    """One update of one program; how it forms powers and what it takes for wide is drawn once."""

    def __init__(self, block: Block, f: Format, rng: random.Random) -> None:
        self.dtype: Any = f.dtype
        self.numbers = {name: float(x) for name, x in block.hyper.items()} | {"t": float(block.t)}
        self.numbers |= {name: float(Fraction(values[0])) for name, values in block.before.items()}  # of a state of one value
        self.method = rng.choice(("library", "squaring", "product"))
        self.wide: Any = np.dtype(np.longdouble) if f.precision == 53 else np.dtype(rng.choice((np.float64, np.float32)) if f.precision < 24 else np.float64)
        self.given = ("g", *block.inputs)
        self.known = {name: self.array(x) for name, x in {**block.before, **block.inputs, "g": block.g}.items()}

    def array(self, values: Any) -> NDArray[Any]:
        """Numbers of the format as an array."""
        return np.array([float(Fraction(x)) for x in values]).astype(self.dtype)

    def run(self, program: Program) -> dict[str, NDArray[Any]]:
        """theta and every state after the update. Raises ZeroDivisionError, OverflowError where a scalar that divides is zero, or is too large."""
        known = dict(self.known)
        with np.errstate(all="ignore"):
            for name, tree in program.steps:
                value = self.value(tree, known, self.dtype)
                known[name] = np.broadcast_to(np.asarray(value, dtype=self.dtype), known["theta"].shape)
        names = [n for n in self.known if n not in self.given]
        return {n: known.get(f"{n}'", known[n]) for n in names}  # what is never assigned stays what it is

    def value(self, n: Tree, known: Mapping[str, NDArray[Any]], dtype: Any) -> Any:
        """A tree's values in a format; a float where it is a scalar."""
        if n.scalar is not None:
            return self.scalar(n.scalar)
        if n.op == "leaf":
            return known[n.name].astype(dtype)
        if n.wide and dtype == self.dtype and not n.is_scalar:
            return self.value(n, known, self.wide).astype(dtype)
        if n.fused and dtype == self.dtype:
            return self.fused(n, known)
        if n.op == "where":
            return self.chosen(n, known, dtype)
        args = [self.value(a, known, dtype) for a in n.args]
        if not n.is_scalar:
            args = [stored(a, dtype) if isinstance(a, float) else a for a in args]
        return apply(n.op, args)

    def chosen(self, n: Tree, known: Mapping[str, NDArray[Any]], dtype: Any) -> Any:
        """One branch or the other: of a condition by scalars, only the one that is taken has a value."""
        condition = self.value(n.args[0], known, dtype)
        if isinstance(condition, float):
            return self.value(n.args[1 if condition else 2], known, dtype)
        a, b = (self.value(x, known, dtype) for x in n.args[1:])
        return np.where(condition.astype(bool), *(stored(x, dtype) if isinstance(x, float) else x for x in (a, b)))

    def fused(self, n: Tree, known: Mapping[str, NDArray[Any]]) -> Any:
        """a + b*c with one rounding: the product is not rounded."""
        parts = []
        taken = False
        for a in n.args:
            if a.op == "*" and not a.is_scalar and not taken:
                x, y = (self.rounded(self.value(p, known, self.dtype)) for p in a.args)
                parts.append(x * y)
                taken = True
            else:
                parts.append(self.rounded(self.value(a, known, self.dtype)))
        return (parts[0] + parts[1] if n.op == "+" else parts[0] - parts[1]).astype(self.dtype)

    def rounded(self, x: Any) -> Any:
        """An operand, rounded to the format, where a wide operation takes it."""
        wide = np.longdouble if self.dtype == np.float64 else np.float64
        return stored(x, self.dtype).astype(wide) if isinstance(x, float) else x.astype(wide)

    def scalar(self, node: Expression) -> float:
        """A scalar in binary64."""
        if node.op == "symbol":
            return self.numbers[str(node.name)]
        if node.op == "literal":
            assert node.value is not None
            return float(node.value)
        if node.op == "pow" and is_integral(node.args[1]):
            return power(self.scalar(node.args[0]), int(self.scalar(node.args[1])), self.method)
        if node.op == "where":
            return self.scalar(node.args[1] if self.scalar(node.args[0]) else node.args[2])
        if node.op == "cast":
            return float(self.dtype.type(self.scalar(node.args[0])))
        return float(apply({"add": "+", "sub": "-", "mul": "*", "div": "/"}.get(node.op, node.op), [self.scalar(a) for a in node.args]))


CONDITIONS = {"lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge, "eq": operator.eq}


def stored(x: float, dtype: Any) -> Any:
    """A scalar in a format. Raises OverflowError where it is too large for it: that is no program, whatever the data."""
    y = dtype.type(x)
    if not np.isfinite(y):
        raise OverflowError(f"{x} is no number of {dtype}")
    return y


def apply(op: str, args: list[Any]) -> Any:
    """One operation on floats, or on arrays of one format."""
    a, b = args[0], args[-1]
    if op in ("+", "-", "*", "/"):
        return a + b if op == "+" else a - b if op == "-" else a * b if op == "*" else a / b
    if op == "neg":
        return -a
    if op == "sqrt":
        return math.sqrt(a) if isinstance(a, float) else np.sqrt(a)
    if op == "cbrt":
        return math.cbrt(a) if isinstance(a, float) else np.cbrt(a)
    if op == "square":
        return a * a
    if op == "pow":
        return a**b
    if op in CONDITIONS:
        return CONDITIONS[op](a, b)
    return {"max": np.maximum, "min": np.minimum, "abs": np.abs, "sign": np.sign}[op](*args)
