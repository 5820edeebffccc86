"""Two formulas in MathML, what differs marked; and the reference rewritten in the other's form, where that is proved."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from refopt.catalogue import find
from refopt.language.compose import substitute
from refopt.language.expression import Expression
from refopt.language.mathml import Path, letter, math, mathml, rule_lines
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.language.tree_diff import parting, parting_rules
from refopt.proof.equality import Equality, compare_rules
from refopt.proof.related import Same
from refopt.report.agreements import agreement_told


def formulas(reference: Rule | Schedule, other: Rule | Schedule, name: str = "", *, heads: tuple[str, str] = ("reference", "yours")) -> str:
    """The assignments in which the two differ, side by side; `name` is what the other is called, `heads` what each of them is to the reader."""
    if isinstance(reference, Rule) and isinstance(other, Rule):
        marks = parting_rules(reference, other)
        pairs = ((reference, marks[0]), (other, marks[1]))
        columns = [[row for i, row in enumerate(rule_lines(r, m)) if m.get(i)] for r, m in pairs]
        texts = ["\n".join(f"{let.name} <- {infix(let.value)}" for i, let in enumerate(r.steps) if m.get(i)) for r, m in pairs]
    elif isinstance(reference, Schedule) and isinstance(other, Schedule) and (reference.waits or other.waits):
        lets = [[x for x in one.lets if x not in two.lets] for one, two in ((reference, other), (other, reference))]
        columns = [[math(f"<mrow>{letter(x.symbol.letter or x.name)}<mo>←</mo>{mathml(x.value)}</mrow>", infix(x.value)) for x in rows] for rows in lets]
        texts = ["\n".join(f"{x.name} <- {infix(x.value)}" for x in rows) for rows in lets]
    elif isinstance(reference, Schedule) and isinstance(other, Schedule):
        paths = parting(reference.rate, other.rate)
        trees = (reference.rate, other.rate)
        columns = [[math(f"<mrow>{letter(chr(92) + 'eta_k')}<mo>=</mo>{mathml(x, None, p)}</mrow>", infix(x))] for x, p in zip(trees, paths, strict=True)]
        texts = [infix(x) for x in trees]
    else:
        return ""
    if not any(columns):
        return ""
    rows = []
    for head, lines, text in zip(((heads[0], reference.name), (heads[1], name or other.name)), columns, texts, strict=True):
        written = "<br>".join(map(escape, text.splitlines()))
        rows.append(f'<div class="formula"><h4>{head[0]} <code>{head[1]}</code></h4>{"".join(lines)}<p class="ascii"><code>{written}</code></p></div>')
    return f'<div class="formulas">{"".join(rows)}</div>'


def rewritten(reference: Rule, other: Rule) -> str:
    """Proved relation of the reference to the other: hyperparameters replaced, or a state that is a multiple."""
    equality = _compared(reference, other)
    if equality.replaced and not equality.multiple:
        last = reference.steps[-1]
        paths = [p for name in equality.replaced for p in _paths(last.value, name)]
        names = {h.name: h.symbol for h in reference.hyper}
        told = " and ".join(f"{_inline(names[n])} replaced by {_inline(x)}" for n, x in equality.replaced.items())
        whole = mathml(substitute(last.value, equality.replaced), None, paths)
        shown = math(f"<mrow>{letter(last.symbol.letter or last.name)}<mo>←</mo>{whole}</mrow>", infix(substitute(last.value, equality.replaced)))
        return f"<p>Yours is the reference with {told} <small>(proved)</small>:</p><div class=\"formula\">{shown}</div>"
    if equality.same is Same.AT_CONSTANT_RATE and equality.multiple:
        return "<p>As long as the learning rate does not change the two are the same <small>(proved)</small>. They part when it does.</p>"
    if equality.agree_when:
        return f"<p>The two agree when {escape(' or '.join(map(agreement_told, equality.agree_when)))} <small>(proved)</small>.</p>"
    return ""


@lru_cache(maxsize=64)
def _known(reference: str, other: str) -> Equality:
    first, second = find(reference), find(other)
    assert isinstance(first, Rule) and isinstance(second, Rule)
    return compare_rules(first, second)


def _compared(reference: Rule, other: Rule) -> Equality:
    if find(reference.name) == reference and find(other.name) == other:
        return _known(reference.name, other.name)
    return compare_rules(reference, other)


def _paths(node: Expression, name: str, path: Path = ()) -> list[Path]:
    if node.op == "symbol" and node.name == name:
        return [path]
    return [p for i, a in enumerate(node.args) for p in _paths(a, name, (*path, i))]


def _inline(node: Expression) -> str:
    return f'<math alttext="{escape(infix(node))}">{mathml(node)}</math>'
