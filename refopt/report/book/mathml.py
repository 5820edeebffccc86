"""Formulas of SymPy as MathML: only elements of MathML Core, the letters of the paper, parentheses where they are needed."""

from __future__ import annotations

from html import escape
from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.printer import Printer

from refopt.language.mathml import GREEK
from refopt.report.book.ordered import Ordered

_RELATION = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", ",": ","}
_THIN = '<mspace width="0.17em"></mspace>'


def mathml(expression: Any) -> str:
    """The formula as MathML without the surrounding `<math>`."""
    return str(_MathML().doprint(expression))


def relation(name: str) -> str:
    """A relation between two formulas."""
    return "<mtext>&#xa0; has the sign of &#xa0;</mtext>" if name == "~" else f"<mo>{escape(_RELATION[name])}</mo>"


def _row(*parts: str) -> str:
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _fenced(inner: str, left: str = "(", right: str = ")") -> str:
    return f'<mrow><mo stretchy="true">{left}</mo>{inner}<mo stretchy="true">{right}</mo></mrow>'


def _name(text: str) -> str:
    base, _, below = text.partition("_")
    prime = chr(0x2032) * (len(base) - len(base.rstrip("'")))
    letter = f"<mi>{escape(GREEK.get(base.rstrip(chr(39)), base.rstrip(chr(39))) + prime)}</mi>"
    if not below:
        return letter
    return f"<msub>{letter}{f'<mn>{below}</mn>' if below.isdigit() else f'<mi>{escape(GREEK.get(below, below))}</mi>'}</msub>"


class _MathML(Ordered, Printer):  # type: ignore[misc]
    printmethod = "_refopt_mathml"
    _default_settings = {"order": None}  # noqa: RUF012  SymPy reads it from the class

    def emptyPrinter(self, expr: Any) -> str:
        raise NotImplementedError(f"no MathML for {type(expr).__name__}")

    def _inner(self, expr: Any, level: int, strict: bool = False) -> str:
        text = str(self._print(expr))
        bind = precedence(expr)
        return _fenced(text) if bind < level or (bind == level and strict) else text

    def _print_Symbol(self, expr: Any) -> str:
        return _name(expr.name)

    _print_Dummy = _print_Symbol

    def _print_Integer(self, expr: Any) -> str:
        return f"<mn>{expr.p}</mn>" if expr.p >= 0 else f"<mrow><mo>−</mo><mn>{-expr.p}</mn></mrow>"

    def _print_Rational(self, expr: Any) -> str:
        fraction = f"<mfrac><mn>{abs(expr.p)}</mn><mn>{expr.q}</mn></mfrac>"
        return fraction if expr.p >= 0 else f"<mrow><mo>−</mo>{fraction}</mrow>"

    _print_Half = _print_Rational

    def _print_int(self, expr: int) -> str:
        return f"<mn>{expr}</mn>"

    def _print_Float(self, expr: Any) -> str:
        return f"<mn>{escape(str(expr))}</mn>"

    def _print_Pi(self, expr: Any) -> str:
        return "<mi>π</mi>"

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return "<mi>i</mi>"

    def _print_Exp1(self, expr: Any) -> str:
        return "<mi>e</mi>"

    def _print_Infinity(self, expr: Any) -> str:
        return "<mi>∞</mi>"

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        parts: list[str] = []
        for term in self._as_ordered_terms(expr, order=order):
            minus = term.as_coeff_Mul()[0].is_negative
            text = self._inner(-term if minus else term, PRECEDENCE["Add"], True)
            parts += ["<mo>−</mo>", text] if minus else (["<mo>+</mo>", text] if parts else [text])
        return _row(*parts)

    def _print_Mul(self, expr: Any) -> str:
        if expr.as_coeff_Mul()[0].is_negative:
            return f"<mrow><mo>−</mo>{self._inner(-expr, PRECEDENCE['Mul'])}</mrow>"
        over: list[Any] = []
        under: list[Any] = []
        for factor in expr.as_ordered_factors():
            if factor.is_Rational:
                over += [sp.Integer(factor.p)] if factor.p != 1 else []
                under += [sp.Integer(factor.q)] if factor.q != 1 else []
            elif factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
                under.append(factor.base if factor.exp == -1 else sp.Pow(factor.base, -factor.exp, evaluate=False))
            else:
                over.append(factor)
        top = self._product(over or [sp.Integer(1)])
        return f"<mfrac>{top}{self._product(under)}</mfrac>" if under else top

    def _product(self, factors: list[Any]) -> str:
        if len(factors) == 1:
            return str(self._print(factors[0]))
        parts: list[str] = []
        for i, factor in enumerate(factors):
            between = "<mo>·</mo>" if factor.is_number else _THIN
            parts += [*([between] if i else []), self._inner(factor, PRECEDENCE["Mul"], isinstance(factor, sp.Sum))]
        return _row(*parts)

    def _print_Pow(self, expr: Any) -> str:
        base, power = expr.base, expr.exp
        if power == sp.Rational(1, 2):
            return f"<msqrt>{self._print(base)}</msqrt>"
        if power.is_Rational and power.is_negative:
            return f"<mfrac><mn>1</mn>{self._print(sp.Pow(base, -power))}</mfrac>"
        if power.is_Rational and power.q == 2:
            return f"<msup>{_fenced(f'<msqrt>{self._print(base)}</msqrt>')}<mn>{power.p}</mn></msup>"
        return f"<msup>{self._inner(base, PRECEDENCE['Pow'], True)}{self._print(power)}</msup>"

    def _print_exp(self, expr: Any) -> str:
        return f"<msup><mi>e</mi>{self._print(expr.args[0])}</msup>"

    def _print_Abs(self, expr: Any) -> str:
        return _fenced(self._print(expr.args[0]), "|", "|")

    def _print_floor(self, expr: Any) -> str:
        return _fenced(self._print(expr.args[0]), "⌊", "⌋")

    def _print_Sum(self, expr: Any) -> str:
        index, low, high = expr.limits[0]
        under = f"<mrow>{self._print(index)}<mo>=</mo>{self._print(low)}</mrow>"
        return f"<mrow><munderover><mo>∑</mo>{under}{self._print(high)}</munderover>{self._inner(expr.function, PRECEDENCE['Mul'])}</mrow>"

    def _print_Limit(self, expr: Any) -> str:
        inner, variable, to, _ = expr.args
        under = f"<mrow>{self._print(variable)}<mo>→</mo>{self._print(to)}</mrow>"
        return f"<mrow><munder><mo>lim</mo>{under}</munder>{_THIN}{self._inner(inner, PRECEDENCE['Mul'])}</mrow>"

    def _print_Function(self, expr: Any) -> str:
        arguments = "<mo>,</mo>".join(str(self._print(a)) for a in expr.args)
        return f"<mrow>{_name(expr.func.__name__)}<mo>&#x2061;</mo>{_fenced(arguments)}</mrow>"

    def _print_Max(self, expr: Any) -> str:
        return f"<mrow><mi>max</mi><mo>&#x2061;</mo>{_fenced('<mo>,</mo>'.join(str(self._print(a)) for a in expr.args))}</mrow>"
