"""The table of everything that was judged, before anybody prints it: rows, columns, cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.report.survey import Surveyed


@dataclass(frozen=True)
class Cell:
    """A cell.

    text     a word or two
    verdict  None where nothing is offered
    subject  what it is about
    name     the implementation, where its row is not named after it
    full     the text in full, where it is cut
    more     other implementations of the same row and column
    """

    text: str
    verdict: Conformance | None = None
    subject: Verdict | None = None
    name: str = ""
    full: str = ""
    more: tuple[Cell, ...] = ()

    @property
    def every(self) -> tuple[Cell, ...]:
        """The cell and those of other implementations in it."""
        return (self, *self.more)


@dataclass(frozen=True)
class Matrix:
    """Columns by name, and rows: their name, and a cell for each column; `left` counts what was not run."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    left: int = 0


def by_format(verdicts: Sequence[Verdict]) -> Matrix:
    """A row an implementation, a column a number format."""
    columns = tuple(dict.fromkeys(f.dtype for v in verdicts for f in v.findings))
    rows = []
    for v in verdicts:
        found = {f.dtype: f for f in v.findings}
        rows.append((f"{v.implementation} {v.version}".strip(), tuple(_of_format(v, found[c]) if c in found else Cell("-") for c in columns)))
    return Matrix(columns, tuple(rows))


def by_rule(found: Sequence[Surveyed]) -> Matrix:
    """A row a package, a column a rule that anything was run of, as the survey prints it; other configurations of the same rule follow in its cell."""
    columns = tuple(dict.fromkeys(s.known.rule for s in found if s.ran))
    rows = []
    for package, version in dict.fromkeys((s.known.package, s.known.version) for s in found):
        mine = [s for s in found if (s.known.package, s.known.version) == (package, version)]
        label = "numpy (ours)" if package in ("numpy", "refopt") else f"{package} {version.partition('+')[0]}"
        rows.append((label, tuple(_of_rule([s for s in mine if s.known.rule == c]) for c in columns)))
    return Matrix(columns, tuple(rows), sum(not s.ran for s in found))


def _of_rule(mine: Sequence[Surveyed]) -> Cell:
    if not mine:
        return Cell("-")
    first, *others = (_one(s) for s in mine)
    return replace(first, more=tuple(others))


def _one(s: Surveyed) -> Cell:
    verdict = s.verdict.worst.verdict if s.verdict else Conformance.NO_ANSWER if s.ran else None
    matches = s.verdict.worst.diagnosis.matches if s.verdict is not None and verdict == Conformance.VARIANT else ()
    return Cell(s.cell, verdict, s.verdict, s.known.spelling, f"{matches[0]}{'*' if s.cell.endswith('*') else ''}" if matches else "")


def _of_format(verdict: Verdict, f: Finding) -> Cell:
    star = "*" if f.precision == Precision.REDUCED and f.verdict in (Conformance.CONFORMS, Conformance.VARIANT) else ""
    text = " or ".join(f.diagnosis.matches) if f.verdict == Conformance.VARIANT else f.verdict.replace("_", " ")
    return Cell(text + star, f.verdict, verdict)
