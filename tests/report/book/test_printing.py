"""Formulas of SymPy in ASCII, LaTeX and MathML."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest
import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation
from refopt.derivation.derivation import Shown
from refopt.report.book.ascii import ascii_text
from refopt.report.book.inline import as_latex, as_mathml
from refopt.report.book.latex import latex
from refopt.report.book.mathml import mathml
from refopt.report.book.rows import WIDE, Plus, rows
from refopt.report.book.statement import pieces, printed, remark, shown_concept, witness

gamma, eta, t, i = sp.Symbol("gamma", positive=True), sp.Symbol("eta", positive=True), sp.Symbol("t", integer=True), sp.Symbol("i", integer=True)
FORMULAS = [
    (1 - gamma, "1 - gamma", r"1 - \gamma", "1−γ"),
    (eta / (1 - gamma), "eta/(1 - gamma)", r"\frac{\eta}{1 - \gamma}", "η1−γ"),
    (-eta * (1 + gamma), "-eta*(gamma + 1)", r"- \eta\,\left(\gamma + 1\right)", "−η(γ+1)"),
    (gamma ** (t - i), "gamma^(t - i)", r"\gamma^{t - i}", "γt−i"),
    (eta * sp.Sum(gamma**i, (i, 1, t)), "eta*sum_{i=1..t} gamma^i", None, "η∑i=1tγi"),
    (sp.Abs(gamma - 1), "|gamma - 1|", None, "|γ−1|"),
    (sp.sqrt(1 - gamma), "sqrt(1 - gamma)", r"\sqrt{1 - \gamma}", "1−γ"),
    (sp.Symbol("beta_1") ** 2, "beta_1^2", r"\beta_{1}^{2}", "β12"),
    (sp.Limit(gamma**t, t, sp.oo), "lim_{t -> infinity} gamma^t", None, "limt→∞γt"),
    ((1 - gamma) ** 2, "(1 - gamma)^2", r"\left(1 - \gamma\right)^{2}", "(1−γ)2"),
    (-(eta**2), "-eta^2", r"- \eta^{2}", "−η2"),
    ((-eta) ** 3 * sp.Rational(1, 2), "-eta^3/2", r"- \frac{\eta^{3}}{2}", "−η32"),
    (sp.floor(t / 3), "floor(t/3)", None, "⌊t3⌋"),
]


@pytest.mark.parametrize(("formula", "plain", "tex", "read"), FORMULAS, ids=[x[1] for x in FORMULAS])
def test_a_formula_in_each_print(formula: sp.Expr, plain: str, tex: str | None, read: str) -> None:
    assert ascii_text(formula) == plain
    assert tex is None or latex(formula) == tex
    assert "".join(Xml.fromstring(f"<math>{mathml(formula)}</math>").itertext()).replace("⁡", "") == read


def test_what_has_no_print_is_refused_not_left_out() -> None:
    with pytest.raises(NotImplementedError, match="no MathML for"):
        mathml(sp.Matrix([[1, 2], [3, 4]]))


def test_an_equation_has_two_sides_and_a_third_that_looks_alike_is_said_once() -> None:
    d = Derivation("d", "D")
    x = d.positive("x")
    d.equal("same", x + 1, x + 1, called=sp.Function("f")(x))
    assert printed(pieces(d.steps[0]), ascii_text) == [("f(x)", False), ("=", True), ("x + 1", False)]
    d.equal("same again", x + 1, x + 1)
    assert printed(pieces(d.steps[1]), ascii_text) == [("x + 1", False), ("=", True), ("x + 1", False)]


def test_a_wide_statement_is_divided_at_relations_and_between_the_terms_of_a_sum() -> None:
    d = Derivation("d", "D")
    letters = [d.positive(f"x_{i}") for i in range(1, 13)]
    whole = sum(a * b**2 for a in letters for b in letters[:2])
    d.equal("wide", whole, sp.expand(whole), "expand")
    found = rows(pieces(d.steps[0]))
    assert len(found) > 4 and len([row for row in found if row[0] == "="]) == 1
    left = found[: next(i for i, row in enumerate(found) if row[0] == "=")]
    assert all(isinstance(row[0], Plus) for row in left[1:])
    assert sp.expand(sum(row[-1] for row in left) - whole) == 0
    assert all(len(ascii_text(row[-1])) <= WIDE for row in found)
    assert rows([letters[0], "=", letters[1]]) == [[letters[0], "=", letters[1]]]


@pytest.mark.parametrize(
    ("text", "tags", "latex"),
    [
        ("so `v_t = eta * sum_{i=1..t} gamma^(t-i) g_i`", {"msub": 3, "msup": 1, "wbr": 1}, r"so $v_{t} = \eta \cdot"),
        ("`sqrt(1 - beta2^t)`", {"msqrt": 1, "msup": 1, "msub": 1, "wbr": 0}, r"$\sqrt{1 - \beta_{2}^{t}}$"),
        ("`|step| <= eta`", {"mtext": 1, "wbr": 1}, r"\text{step}"), ("no mathematics < here", {"math": 0}, r"no mathematics \textless{} here"),
    ],
)  # fmt: skip
def test_what_stands_between_backticks_is_set_as_mathematics(text: str, tags: dict[str, int], latex: str) -> None:
    shown = as_mathml(text)
    whole = Xml.fromstring(f"<p>{shown.replace('<wbr>', '<wbr/>')}</p>")  # HTML does not close this one
    first = [math.find("mrow/mo") for math in whole.findall("math")][1:]
    assert all(sign is not None and sign.get("form") == "infix" for sign in first)
    assert len(first) == shown.count("<wbr>")  # a line may end before each relation
    assert {tag: shown.count(f"<{tag}>") + shown.count(f"<{tag} ") for tag in tags} == tags
    assert latex in as_latex(text)


def test_no_number_is_put_in_the_place_of_a_letter_of_a_shipped_formula() -> None:
    d = Derivation("d", "D")
    d.rule(catalogue.rule("adam"), lr=d.positive("eta"), eps=0)
    (shown,) = [row for row in d.rows if isinstance(row, Shown)]
    written = shown_concept(shown, "latex")
    assert not any("+ 0" in line for line in written) and written[-1] == r"\epsilon = 0"


def test_a_witness_says_where_and_both_values() -> None:
    d = Derivation("d", "D")
    x = d.positive("x")
    d.differ("part", x**2, x, {x: 3})
    assert " ".join(text for text, _ in printed(witness(d.steps[0]), ascii_text)) == "at x = 3 : 9 against 3"


def test_a_run_says_what_decided_it() -> None:
    d = Derivation("d", "D")
    d.measured("run", "x", 2, ">", 1, digits=60, certified=False)
    assert remark(d.steps[0]) == "decided with 60 digits by two precisions that agree"
