"""A derivation as an HTML page, and the contents page of the book: no script, nothing fetched, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from refopt import __version__
from refopt.derivation.derivation import Shown
from refopt.derivation.library import Entry, Outcome
from refopt.derivation.picture import Picture
from refopt.derivation.step import Kind, Step
from refopt.derivation.tactics import TACTICS, describe
from refopt.report.book.ascii import ascii_text
from refopt.report.book.inline import as_mathml
from refopt.report.book.mathml import mathml, relation
from refopt.report.book.rows import Plus, rows
from refopt.report.book.statement import Word, pieces, printed, remark, shown_concept, witness
from refopt.report.book.svg import HALF, HEIGHT, WIDTH, figure
from refopt.report.html.page import POLICY
from refopt.report.html.style import CSS

STYLE = """
:root { --c0: #0a5dc2; --c1: #c62828; --c2: #1a7f37; --c3: #8a3ea8; --c4: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --c0: #6cb0ff; --c1: #ff7b72; --c2: #57c271; --c3: #cf8fe8; --c4: #e3b341; } }
.c0 { --curve: var(--c0); } .c1 { --curve: var(--c1); } .c2 { --curve: var(--c2); } .c3 { --curve: var(--c3); } .c4 { --curve: var(--c4); }
.curve polyline { stroke: var(--curve); } .curve circle { fill: var(--curve); } .dashed polyline { stroke-dasharray: 5 4; }
.contour { fill: none; stroke: var(--soft); opacity: .45; }
.key::before { background: var(--curve); }
.claim { border-left: 3px solid var(--line); padding: 2px 0 2px 14px; margin: 14px 0; }
ol.steps { list-style: none; padding: 0; margin: 14px 0; } ol.steps li { padding: 10px 0; border-top: 1px solid var(--line); }
.head { display: flex; gap: 12px; justify-content: space-between; align-items: baseline; flex-wrap: wrap; } .how { color: var(--soft); font-size: 14px; }
.said { margin: 22px 0 6px; } .claim, .said, .remark { overflow-x: auto; overflow-y: hidden; } .remark { color: var(--soft); font-size: 14px; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: 4px 20px; }
.pictures svg, .pictures figcaption { max-width: none; }
nav { display: flex; gap: 8px 24px; flex-wrap: wrap; font-size: 15px; margin-bottom: 18px; }
.contents { padding-left: 0; list-style: none; } .contents li { margin: 10px 0; } .contents small { display: block; }
"""


def page(outcome: Outcome, pictures: Sequence[Picture], before: Entry | None = None, after: Entry | None = None, *, alone: bool = False) -> str:
    """The derivation as a page; with links to its neighbours unless it stands alone."""
    d = outcome.derivation
    links = [("index", "Contents"), *((e.name, f"{arrow} {e.title}") for e, arrow in ((before, "←"), (after, "→")) if e is not None)]
    body = [] if alone else ["<nav>" + "".join(f'<a href="{name}.html">{escape(text)}</a>' for name, text in links) + "</nav>"]
    body += [f"<h1>{escape(d.title)}</h1>", f'<p class="lead">{escape("; ".join(str(s) for s in d.source))}</p>']
    body += [f"<p>{escape(outcome.entry.words)}</p>", f'<p class="claim">{as_mathml(d.claim)}</p>']
    if pictures:
        body.append(f'<div class="pictures">{"".join(figure(p, HALF if len(pictures) > 1 else (WIDTH, HEIGHT)) for p in pictures)}</div>')
    within = False
    for number, row in d.numbered():
        if isinstance(row, Step):
            body.append(("" if within else '<ol class="steps">') + _step(number, row))
            within = True
            continue
        body += ["</ol>"] if within else []
        within = False
        if isinstance(row, Shown):
            body.append(f'<div class="formula"><h4><code>{row.concept.name}</code></h4>{"".join(shown_concept(row, "mathml"))}</div>')
        else:
            body.append(f'<p class="said">{as_mathml(row)}</p>')
    body += ["</ol>"] if within else []
    return whole(d.title, [*body, _ending(outcome)])


def contents(outcomes: Sequence[Outcome]) -> str:
    """The contents page: every claim by chapter."""
    steps = sum(len(o.derivation.steps) for o in outcomes)
    sampled = sum(s.points for o in outcomes for s in o.derivation.steps if s.points > 1)
    body = ["<h1>Why it works</h1>", f'<p class="lead">{len(outcomes)} claims about gradient descent, each derived from the formulas that refopt ships: '
            f"{steps} steps, every one proved, and sampled at {sampled} random points to 30 digits.</p>"]  # fmt: skip
    chapter = ""
    for o in outcomes:
        if o.entry.chapter != chapter:
            body += ["</ul>"] if chapter else []
            chapter = o.entry.chapter
            body += [f"<h3>{escape(chapter)}</h3>", '<ul class="contents">']
        body.append(f'<li><a href="{o.entry.name}.html">{escape(o.entry.title)}</a><small>{as_mathml(o.derivation.claim)}</small></li>')
    body += ["</ul>"] if chapter else []
    used = {s.tactic for o in outcomes for s in o.derivation.steps}
    tactics = "".join(f"<dt>{name}</dt><dd>{escape(describe(name))}</dd>" for name in TACTICS if name in used)
    body += ["<h3>How steps are proved</h3>", f"<dl>{tactics}{_OTHER}</dl>"]
    return whole("Why it works", [*body, f"<footer>refopt {__version__}</footer>"])


_OTHER = (
    "<dt>sign</dt><dd>Each letter written as a function of u &gt; 0 that runs through its interval; then by the coefficients</dd>"
    "<dt>limit</dt><dd>SymPy's limit, with the letters' intervals put in the same way</dd>"
    "<dt>induction</dt><dd>The start and one step more are identities of their own; the first values are computed and compared</dd>"
    "<dt>witness</dt><dd>An admissible point at which two formulas have different exact values</dd>"
    "<dt>balls</dt><dd>A run of the shipped rule in ball arithmetic, its digits certified</dd>"
)


def _step(number: int, step: Step) -> str:
    how = step.tactic if step.kind in (Kind.LIMIT, Kind.SIGN, Kind.INDUCTION, Kind.WITNESS, Kind.RUN) else f"{step.kind.value}, {step.tactic}"
    how += f", {step.points} points" if step.points > 1 else ""
    lines = [f'<li><div class="head"><span>{number}. {escape(step.name)}</span><span class="how">{escape(how)}</span></div>']
    for parts in (pieces(step), witness(step)):
        if parts:
            lines.append(f'<div class="formula">{formula(parts)}</div>')
    known = "".join(f'<div class="formula">{formula([low, "<", part, "<", high])}</div>' for part, low, high in step.known)
    lines.append(f'<div class="remark">with {known}</div>' if known else "")
    lines.append(f'<p class="remark">{as_mathml(told)}</p>' if (told := remark(step)) else "")
    return "".join([*lines, "</li>"])


def formula(parts: list[Any]) -> str:
    """The pieces of a statement as `<math>`, a wide one in rows."""
    return "".join(_row(row, i > 0) for i, row in enumerate(rows(parts)))


def _row(row: list[Any], goes_on: bool) -> str:
    def show(part: Any) -> str:
        return mathml(part)

    plus = isinstance(row[0], Plus)
    parts = row[1:] if plus else row
    spoken = " ".join(text for text, _ in printed(parts, ascii_text))
    told = [Word(f"<mtext>{escape(p.text)}&#xa0;</mtext>") if isinstance(p, Word) else p for p in parts]
    written = "".join(relation(text) if is_relation else text for text, is_relation in printed(told, show))
    sign = "<mo>+</mo>" if plus and not spoken.startswith("-") else ""
    space = '<mspace width="2em"></mspace>' if goes_on else ""
    return f'<math display="block" alttext="{escape(f"+ {spoken}" if sign else spoken)}"><mrow>{space}{sign}{written}</mrow></math>'


def _ending(outcome: Outcome) -> str:
    steps = outcome.derivation.steps
    assumed = ", ".join(dict.fromkeys(a.text for s in steps for a in s.assumptions))
    if outcome.refused is not None:
        return f'<p class="bad">Refused at step {len(steps) + 1}, {escape(outcome.refused.step)}: {escape(outcome.refused.reason)}</p>'
    sampled = sum(s.points for s in steps if s.points > 1)
    count = f"Proved: {len(steps)} steps, sampled at {sampled} random points to 30 digits. refopt {__version__}"
    return f"<footer><p>For {escape(assumed)}.</p><p>{count}</p></footer>"


def whole(title: str, body: Sequence[str]) -> str:
    """A whole document in the style of the book."""
    head = f'<meta charset="utf-8">{POLICY}<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
    top = f'<!doctype html>\n<html lang="en">\n<head>{head}<style>{CSS}{STYLE}</style></head>'
    return "\n".join([top, "<body><main>", *body, "</main></body>", "</html>", ""])
