"""Formulas of SymPy as plain ASCII: ^ for powers, sum_{i=1..t}, letters spelled out."""

from __future__ import annotations

from typing import Any

from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from refopt.report.book.ordered import Ordered


class _Ascii(Ordered, StrPrinter):  # type: ignore[misc]
    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        return str(super()._print_Pow(expr, rational)).replace("**", "^")

    def _print_Sum(self, expr: Any) -> str:
        bounds = ",".join(f"{self._print(i)}={self._print(a)}..{self._print(b)}" for i, a, b in expr.limits)
        return f"sum_{{{bounds}}} {self.parenthesize(expr.function, PRECEDENCE['Mul'])}"

    def _print_Limit(self, expr: Any) -> str:
        inner, variable, to, _ = expr.args
        return f"lim_{{{self._print(variable)} -> {self._print(to)}}} {self.parenthesize(inner, PRECEDENCE['Mul'])}"

    def _print_Abs(self, expr: Any) -> str:
        return f"|{self._print(expr.args[0])}|"

    def _print_Piecewise(self, expr: Any) -> str:
        *some, (last, otherwise) = expr.args
        told = [f"{self._print(x)} if {self._print(c)}" for x, c in some]
        return "(" + ", ".join([*told, f"{self._print(last)} otherwise" if otherwise == True else f"{self._print(last)} if {self._print(otherwise)}"]) + ")"  # noqa: E712

    def _print_Infinity(self, expr: Any) -> str:
        return "infinity"


def ascii_text(expression: Any) -> str:
    """The formula as plain text."""
    return str(_Ascii().doprint(expression)).replace("**", "^")
