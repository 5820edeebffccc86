"""MathML is read back as the tree that was written, and is well-formed whatever the tree."""

from __future__ import annotations

import random
from xml.etree import ElementTree as Xml

import pytest

from refopt import catalogue
from refopt.language.expression import Expression, absolute, literal, sqrt
from refopt.language.mathml import letter, math, mathml, rule_lines
from tests.language.reading import LETTERS, folded, random_tree, read_text

SYMBOLS = {letter(str(s.letter)): s.name for s in LETTERS.values()}
OPERATORS = {"−": "-", "≤": "<=", "≥": ">=", "∧": " and "}
a, b, k, beta1 = (LETTERS[name] for name in ("a", "b", "k", "beta1"))


def _text(node: Xml.Element) -> str:
    """What a reader sees, as plain text: only the parentheses that are there, and those that a bar, a root or an exponent replaces."""
    written = Xml.tostring(node, encoding="unicode")
    if written in SYMBOLS:
        return str(SYMBOLS[written])
    parts = [_text(child) for child in node]
    if node.tag == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if node.tag == "msup":
        return f"{parts[0]}^({parts[1]})"
    if node.tag == "msqrt":
        return f"sqrt({''.join(parts)})"
    if node.tag == "mspace":
        return "*"
    if node.tag == "mtable":
        (value, condition), (other, _) = ([_text(cell) for cell in row] for row in node)
        return f"where({condition},{value},{other})"
    if node.tag == "mrow" and node[0].tag == "mo" and node[0].text in ("|", "⌊", "{"):
        return {"|": f"abs({parts[1]})", "⌊": f"floor({parts[1]})", "{": parts[1]}[str(node[0].text)]
    return OPERATORS.get(node.text or "", node.text or "") + "".join(parts)


def _read(markup: str) -> Expression:
    return read_text(_text(Xml.fromstring(markup)))


def test_trees_of_any_shape_are_read_back_as_they_were_written() -> None:
    generator = random.Random(5)
    for i in range(1500):
        tree = random_tree(generator, 4, without=frozenset({"cast"}))
        assert folded(_read(mathml(tree))) == folded(tree), (i, str(tree))


@pytest.mark.parametrize(
    ("tree", "parentheses"),
    [
        (a - (b - k), 1), ((a - b) - k, 0), ((a + b) * k, 1), ((a + b) / k, 0), ((a / b) ** 2, 1), (sqrt(a + b), 0), (absolute(a + b), 0),
        ((-a) ** 2, 1), (-(a**2), 0),
    ],
)  # fmt: skip
def test_parentheses_stand_where_the_order_needs_them_and_nowhere_else(tree: Expression, parentheses: int) -> None:
    assert mathml(tree).count('<mo stretchy="true">(') == parentheses


@pytest.mark.parametrize("rule", catalogue.rules(variants=True), ids=lambda r: r.name)
def test_every_rule_is_one_well_formed_formula_an_assignment(rule: catalogue.Rule) -> None:
    rows = rule_lines(rule)
    assert len(rows) == len(rule.steps)
    for row, let in zip(rows, rule.steps, strict=True):
        element = Xml.fromstring(row)
        assert element.tag == "math"
        assert str(element.get("alttext")).startswith(f"{let.name} <- ")
        assert "\\" not in "".join(element.itertext())


@pytest.mark.parametrize("schedule", catalogue.schedules(variants=True), ids=lambda s: s.name)
def test_every_schedule_is_well_formed_and_free_of_latex(schedule: catalogue.Schedule) -> None:
    element = Xml.fromstring(mathml(schedule.rate))
    assert "\\" not in "".join(element.itertext())


def test_letters_are_the_paper_s() -> None:
    assert letter(r"\beta_1") == "<msub><mi>β</mi><mn>1</mn></msub>"
    assert letter(r"{v^{\max}}_t") == "<msub><msup><mi>v</mi><mi>max</mi></msup><mi>t</mi></msub>"
    assert letter(r"\hat m_t") == '<msub><mover accent="true"><mi>m</mi><mo stretchy="false">^</mo></mover><mi>t</mi></msub>'
    assert "<mi>t</mi><mo>−</mo><mn>1</mn>" in letter(r"\theta_{t-1}")


def test_a_marked_node_is_emphasised_and_no_other() -> None:
    markup = mathml(a + b * k, None, [(1, 0)])
    assert markup.count('class="mark"') == 1
    marked = Xml.fromstring(markup).find(".//mrow[@class='mark']")
    assert marked is not None
    assert _text(marked) == "b"
    assert mathml(a + b * k).count("mark") == 0


def test_a_number_below_zero_and_a_fraction_are_set_as_such() -> None:
    assert mathml(literal("-2")) == "<mrow><mo>−</mo><mn>2</mn></mrow>"
    assert "<mfrac><mn>1</mn><mn>3</mn></mfrac>" in mathml(literal("1/3"))


def test_the_alternative_text_is_escaped() -> None:
    assert Xml.fromstring(math("<mi>x</mi>", 'a < b & "c"')).get("alttext") == 'a < b & "c"'
