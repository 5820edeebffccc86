"""A derivation in the form that was asked for, and the pages of a whole book."""

from __future__ import annotations

from collections.abc import Sequence

from refopt.derivation import library
from refopt.derivation.library import Outcome

ENDINGS = {"html": "html", "markdown": "md", "latex": "tex"}


def alone(outcome: Outcome, form: str) -> str:
    """One derivation as a page of its own."""
    if form == "markdown":
        from refopt.report.book.markdown import page as markdown_page

        return markdown_page(outcome)
    if form == "latex":
        from refopt.report.book.latex import document

        return document([outcome])
    from refopt.report.book.html import page as html_page

    return html_page(outcome, library.pictures(outcome.entry.name), alone=True)


def index(form: str) -> str:
    """The name of the contents page."""
    return f"{'book' if form == 'latex' else 'index'}.{ENDINGS[form]}"


def pages(outcomes: Sequence[Outcome], form: str) -> dict[str, str]:
    """File name -> text of every page of the book, the contents page first. LaTeX is one document."""
    if form == "latex":
        from refopt.report.book.latex import document

        return {index(form): document(list(outcomes))}
    if form == "markdown":
        from refopt.report.book.markdown import contents as markdown_contents

        return {index(form): markdown_contents(list(outcomes)), **{f"{o.entry.name}.md": alone(o, form) for o in outcomes}}
    from refopt.report.book.html import contents, page

    made = {index(form): contents(outcomes)}
    entries = [o.entry for o in outcomes]
    for i, o in enumerate(outcomes):
        before, after = entries[i - 1] if i else None, entries[i + 1] if i + 1 < len(entries) else None
        made[f"{o.entry.name}.html"] = page(o, library.pictures(o.entry.name), before, after)
    return made
