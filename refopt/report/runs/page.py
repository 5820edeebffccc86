"""Runs as an HTML page: the formulas, what they came to, and the pictures; no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from refopt import __version__
from refopt.language.mathml import rule_lines
from refopt.report.book.html import whole
from refopt.report.book.svg import HALF, figure
from refopt.report.runs.pictures import pictures
from refopt.report.runs.shown_run import ShownRun


def page(runs: Sequence[ShownRun]) -> str:
    """The page."""
    objective, schedule = runs[0].trajectory.objective, runs[0].trajectory.schedule
    title = f"{', '.join(r.label for r in runs)} on {objective.name}"
    updates = max(len(r.trajectory.steps) for r in runs)
    told = f"{objective.title}: J = {objective.text().partition('= ')[2]}; {updates} updates" + (f", {schedule.name}" if schedule else "")
    return whole(title, [f"<h1>{escape(title)}</h1>", f'<p class="lead">{escape(told)}</p>', *body(runs), f"<footer>refopt {__version__}</footer>"])


def body(runs: Sequence[ShownRun]) -> list[str]:
    """The table and the pictures."""
    names = [str(p.name) for p in runs[0].trajectory.objective.parameters]
    head = "".join(f"<th>{escape(x)}</th>" for x in ("", "loss at the start", "at the end", *(f"{n} at the end" for n in names[:4]), "with"))
    rows = "".join(
        f"<tr><th>{escape(r.label)}</th><td>{r.losses[0]:.4g}</td><td>{'-' if r.diverges else f'{r.losses[-1]:.4g}'}</td>"
        + "".join(f"<td>{'-' if r.diverges else f'{x:.6g}'}</td>" for x in r.path[-1][:4])
        + f"<td class=\"long\">{escape(', '.join(f'{k}={v}' for k, v in r.hyper.items()))}</td></tr>"
        for r in runs
    )
    formulas = {r.trajectory.rule.name: r.trajectory.rule for r in runs}
    written = "".join(f'<div class="formula"><h4><code>{escape(n)}</code></h4>{"".join(rule_lines(rule))}</div>' for n, rule in formulas.items())
    broken = "".join(f"<p>{escape(r.label)} leaves the range of binary64 at update {r.diverges}.</p>" for r in runs if r.diverges is not None)
    drawn = "".join(figure(p, HALF) for p in pictures(runs))
    shown = [f'<div class="formulas">{written}</div>', f'<div class="pictures">{drawn}</div>']
    return [f'<div class="wide"><table class="matrix"><tr>{head}</tr>{rows}</table></div>', broken, *shown]
