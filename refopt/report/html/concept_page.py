"""A rule, a schedule or an objective as an HTML page: the formula, its variants with what differs marked, and what each hyperparameter does."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from refopt import __version__
from refopt.catalogue import find, variants_of
from refopt.language.hyper import Hyper
from refopt.language.mathml import letter, math, mathml, rule_lines
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.report.book.html import whole
from refopt.report.book.svg import HALF, figure
from refopt.report.html.formulas import formulas
from refopt.report.runs.effects import common, effects, surface

Concept = Rule | Schedule | Objective


def concept_page(concept: Concept) -> str:
    """The page."""
    body = [f"<h1>{escape(concept.name)}</h1>", f'<p class="lead">{escape(concept.title)}</p>']
    body += [f"<p>{escape(str(s))}</p>" for s in concept.source]
    body.append(f'<div class="formula">{"".join(_formula(concept))}</div>')
    body.append(_hyper(concept.hyper))
    body += _inputs(concept) if isinstance(concept, Rule) else []
    if not isinstance(concept, Objective):
        body += _variants(concept)
    body += _notes(concept)
    body += _pictures(concept)
    return whole(f"{concept.name}: {concept.title}", [*body, f"<footer>refopt {__version__}; refopt show {escape(concept.name)}</footer>"])


def _formula(concept: Concept) -> list[str]:
    if isinstance(concept, Rule):
        return rule_lines(concept)
    if isinstance(concept, Schedule):
        sign = "=" if not concept.waits else "←"
        return [math(f"<mrow>{letter(x.symbol.letter or x.name)}<mo>{sign}</mo>{mathml(x.value)}</mrow>", infix(x.value)) for x in concept.lets]
    return [math(f"<mrow><mi>J</mi><mo>=</mo>{mathml(concept.loss)}</mrow>", infix(concept.loss))]


def _hyper(hyper: Sequence[Hyper]) -> str:
    if not hyper:
        return ""
    rows = "".join(
        f"<tr><th><code>{escape(h.name)}</code></th><td>{escape(h.default)}</td><td><code>{escape(h.domain_text)}</code></td><td>{escape(h.meaning)}</td></tr>"
        for h in hyper
    )
    return f'<div class="wide"><table class="formats"><tr><th></th><th>default</th><th>domain</th><th></th></tr>{rows}</table></div>'


def _inputs(rule: Rule) -> list[str]:
    """The further inputs of each update."""
    if not rule.inputs:
        return []
    cells = "".join(f"<tr><th><code>{escape(x.name)}</code></th><td>{escape(x.role.value)}</td><td>{escape(x.meaning)}</td></tr>" for x in rule.inputs)
    return ["<h3>Given beside the gradient</h3>", f'<div class="wide"><table class="formats">{cells}</table></div>']


def _variants(concept: Rule | Schedule) -> list[str]:
    """Each variant beside the reference, or a variant beside its reference."""
    reference = (find(concept.family) if concept.is_variant else None) or concept
    others = variants_of(concept) if reference is concept else (concept,)
    lines = ["<h3>Variants</h3>"] if others else []
    for other in others:
        users = f' <small>used by {escape(", ".join(other.used_by))}</small>' if other.used_by else ""
        lines.append(f"<h4><code>{escape(other.name)}</code> {escape(other.differs)}{users}</h4>{formulas(reference, other, heads=('', ''))}")
    return lines


def _notes(concept: Concept) -> list[str]:
    told = [n.partition(" | ") for n in concept.notes]
    if not told:
        return []
    items = "".join(f"<li>{escape(text)}{f' <code>{escape(command)}</code>' if command else ''}</li>" for text, _, command in told)
    return [f"<h3>Good to know</h3><ul>{items}</ul>"]


def _pictures(concept: Concept) -> list[str]:
    if isinstance(concept, Objective):
        drawn = [surface(concept)] if len(concept.parameters) == 2 else []
        return [f'<div class="pictures">{"".join(figure(p, HALF) for p in drawn)}</div>'] if drawn else []
    if isinstance(concept, Rule) and concept.inputs:  # an objective gives gradients alone
        return []
    drawn = list(effects(concept))
    told = f'<p class="remark">{escape(text)}</p>' if (text := common(concept)) else ""
    return ["<h3>What each hyperparameter does</h3>", told, f'<div class="pictures">{"".join(figure(p, HALF) for p in drawn)}</div>'] if drawn else []
