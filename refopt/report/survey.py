"""A survey: what everything found here computes, as a table. An inventory; it judges nothing unless asked to be strict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refopt.conformance.protocol.implementation import Known
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.judgement import judge
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError
from refopt.frameworks import known, load
from refopt.report.checksum import sealed
from refopt.report.lift_hint import with_readable
from refopt.report.lines import environment, footer
from refopt.report.terminal import answer

DTYPES = ("float64", "float32")
COLUMNS = 6
CELL = 12


@dataclass(frozen=True)
class Surveyed:
    """One line of the table of implementations, and its verdict; `error` where it could not be loaded."""

    known: Known
    verdict: Verdict | None
    error: str | None = None

    @property
    def cell(self) -> str:
        """The verdict in at most twelve characters."""
        if self.verdict is None:
            return "no answer"
        worst = self.verdict.worst
        star = "*" if worst.precision == Precision.REDUCED and worst.verdict in (Conformance.CONFORMS, Conformance.VARIANT) else ""
        if worst.verdict == Conformance.VARIANT:
            return (worst.matches[0].partition("/")[2] or worst.matches[0])[: CELL - 1] + star
        return {"conforms": f"conforms{star}", "deviates": "DEVIATES", "no_answer": "NO ANSWER", "skipped": "skipped"}[worst.verdict]


def survey(dtypes: tuple[str, ...] = (), tell: Callable[[str, int, int], None] = lambda *_: None) -> list[Surveyed]:
    """Judge the generated code and every configuration of the frameworks found here."""
    found = []
    entries = known()
    for i, entry in enumerate(entries):
        tell(entry.spelling, i, len(entries))
        try:
            loaded = load(entry.spelling)
            verdict = with_readable(judge(loaded, dtypes=dtypes or DTYPES), loaded)
            found.append(Surveyed(entry, verdict))
        except RefoptError as error:
            found.append(Surveyed(entry, None, error.message))
    return found


def failed(found: list[Surveyed]) -> bool:
    """Whether anything deviates or gives no answer: exit 1 with --strict."""
    return any(s.verdict is None or s.verdict.worst.verdict in (Conformance.DEVIATES, Conformance.NO_ANSWER) for s in found)


def lines(found: list[Surveyed], exit: int = 0) -> list[dict[str, Any]]:
    """The survey as JSON lines: a header, a line each, a footer at the end."""
    head = environment() | {"implementation": None}
    made = [footer(s.verdict) | {"kind": "surveyed"} for s in found if s.verdict is not None]
    lost = [{"kind": "not_loaded", "implementation": s.known.spelling, "rule": s.known.rule, "reason": s.error} for s in found if s.verdict is None]
    return sealed([head, *made, *lost, {"kind": "footer", "complete": True, "surveyed": len(found), "exit": exit}])


def screen(found: list[Surveyed], dtypes: tuple[str, ...], seconds: float) -> list[str]:
    """The table, what its words mean, and what to look at first."""
    page = [""]
    columns = list(dict.fromkeys(s.known.rule for s in found))
    for start in range(0, len(columns), COLUMNS - 1):
        page += [*_table(found, columns[start : start + COLUMNS - 1]), ""]
    page += [
        "conforms  the reference formula, up to rounding",
        "a name    another known formula: refopt diff adam adam/eps_hat",
        "*         right formula, less precise than its number format allows",
        "DEVIATES  no known formula          - not offered",
        "",
    ]
    bad = [s for s in found if s.verdict is None or s.verdict.worst.verdict in (Conformance.DEVIATES, Conformance.NO_ANSWER)]
    if bad:
        page.append("To look at first:")
        page += [f"  {s.known.spelling}: {answer(s.verdict) if s.verdict else s.error}"[:80] for s in bad[:5]]
    example = "torch.optim.Adam" if any("torch" in s.known.package for s in found) else "numpy.adam"
    page.append(f"Details: refopt check {example}   Page: refopt check --html report.html")
    page.append(f"{len(found)} pairs, {' '.join(dtypes or DTYPES)}, {seconds:.0f} s")
    return page


def _table(found: list[Surveyed], columns: list[str]) -> list[str]:
    packages = list(dict.fromkeys((s.known.package, s.known.version) for s in found))
    rows = [f"{'':<15}" + "".join(f" {_fit(c):<{CELL}}" for c in columns)]
    for package, version in packages:
        mine = [s for s in found if (s.known.package, s.known.version) == (package, version)]
        cells = [next((s.cell for s in mine if s.known.rule == c), "-") for c in columns]
        if any(c != "-" for c in cells):
            label = "numpy (ours)" if package in ("numpy", "refopt") else f"{package} {version.partition('+')[0]}"
            rows.append(f"{label:<15}" + "".join(f" {c:<{CELL}}" for c in cells))
    return [r.rstrip() for r in rows]


def _fit(name: str) -> str:
    return name if len(name) <= CELL else name.partition("_")[0][:CELL]
