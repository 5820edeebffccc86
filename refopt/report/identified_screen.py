"""The screen of an implementation that is not judged because no rule is named: what its values are those of, and what to type."""

from __future__ import annotations

import textwrap

from refopt import catalogue
from refopt.conformance.verdict.verdict import Verdict
from refopt.report import commands
from refopt.report.wrap import WIDTH


def heading(verdict: Verdict) -> str:
    """The words in the place of a verdict."""
    return f"identified: {' or '.join(verdict.identified or ()) or 'none'} (you named no rule)"


def body(verdict: Verdict) -> list[str]:
    """The rules that fit, with the command that judges by one of them."""
    fits = verdict.identified or ()
    if fits:
        lines = textwrap.wrap(f"In a few small cases its values are those of {' or '.join(fits)}. That is no verdict: say what it is meant to be.", WIDTH)
    else:
        lines = textwrap.wrap("In a few small cases its values are those of no rule here. That is no verdict: say what it is meant to be.", WIDTH)
    if not commands.can_be_named(verdict):
        return [*lines, *(f'  refopt.check(..., rule="{name}")' for name in fits or ("adam",))]
    names = [f"  refopt check {commands.named(verdict.implementation)} --rule {name}" for name in fits or ("NAME",)]
    return [*lines, *names, *([] if fits else ["  refopt list rules"])]


def unnamed(verdict: Verdict) -> str:
    """The same in one line, for an error."""
    fits = " or ".join(verdict.identified or ()) or "none"
    return f"which rule is {verdict.implementation}? its name does not say (identified: {fits})"


def suggested(verdict: Verdict) -> str:
    """The rule to name in an example."""
    fits = verdict.identified or ()
    return fits[0] if fits and catalogue.find(fits[0]) is not None else "adam"
