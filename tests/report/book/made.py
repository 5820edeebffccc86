"""The book, run once for all tests that look at it."""

from __future__ import annotations

from functools import cache

from refopt.derivation import library
from refopt.derivation.library import Outcome
from refopt.report.book.formats import pages
from tests.derivation.ran import ran


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Every derivation, run."""
    return tuple(ran(e.name) for e in library.entries())


@cache
def html() -> dict[str, str]:
    """The pages of the HTML book."""
    return pages(outcomes(), "html")
