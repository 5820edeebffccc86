"""The mutants' edits as golden files write them: a notation that their bytes depend on."""

from __future__ import annotations

from refopt.golden.change import Change, Kind, Scope
from refopt.language.text import infix

SCOPES = {Scope.EVERYWHERE: "everywhere", Scope.AFTER_ITS_UPDATE: "everywhere after its update", Scope.RATE: "rate"}
WRITTEN = {
    Kind.PART: "{where}: {before} -> {after}",
    Kind.PREVIOUS: "{where}: {before} -> previous {0}",
    Kind.EXCHANGED: "{where}: {0} and {1} exchanged",
    Kind.ALWAYS_DEFAULT: "{where}: always {value}, its default",
    Kind.STARTS_AT: "{where} starts at {value}",
}


def notation(change: Change) -> str:
    """The edit of a mutant in one line, as `KILLS.json` has it."""
    return fill(WRITTEN[change.kind], change, SCOPES)


def fill(template: str, change: Change, scopes: dict[Scope, str], **more: object) -> str:
    """A template with the fields of a change in it, and with `more`; formulas are written infix."""
    where = scopes[change.where] if isinstance(change.where, Scope) else change.where
    before, after, form = ("" if x is None else infix(x) for x in (change.before, change.after, change.form))
    fields = {"where": where, "before": before, "after": after, "form": form, "value": change.value, "number": change.number}
    return template.format(*change.names, **{**fields, **more})
