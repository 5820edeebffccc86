"""A survey: what everything found here computes, as a table. An inventory; it judges nothing unless asked to be strict.

The first survey, which a person meets who names nothing, has a time: what is not begun by then is told as not run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from refopt import catalogue
from refopt.conformance.diagnose.budget import SECONDS
from refopt.conformance.protocol.implementation import Known
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.resume.elsewhere import make_ready
from refopt.conformance.verdict.verdict import Verdict
from refopt.frameworks import known
from refopt.frameworks.reasons_not_judged import NotJudged
from refopt.report.checksum import sealed
from refopt.report.lines import environment, footer
from refopt.report.phrases import NOT_JUDGED
from refopt.report.survey_worker import Entry, judged, shared
from refopt.report.terminal import answer
from refopt.report.wrap import folded

DTYPES = ("float32",)
"""The format of a survey: the one that people train in."""
ALL_DTYPES = ("float64", "float32")
"""The formats of one that leaves nothing out."""
OWN = ("numpy", "refopt")
"""Packages whose entries are refopt's own code."""
CELLS = {Conformance.DEVIATES: "DEVIATES", Conformance.NO_ANSWER: "NO ANSWER", Conformance.SKIPPED: "skipped"}
LABEL, WIDTH = 15, 80
"""Characters of the names of packages, and of a line."""


@dataclass(frozen=True)
class Reach:
    """The reach of a survey.

    seconds  after which nothing more is begun; one entry at least is judged. Frameworks then come before refopt's own code. None: no end
    search   seconds that the search for an edit may take for each entry and format
    last     by then an entry must be over that is begun later all the same: one of a framework that is imported, if it takes as long as the one before
    """

    seconds: float | None = None
    search: float = SECONDS
    last: float = 0.0


WHOLE = Reach()
FIRST = Reach(12.0, 1.0, 17.0)
"""A screen within 20 seconds, the last entry's and the imports' included; it shows no edits, so that little is searched."""


@dataclass(frozen=True)
class Surveyed:
    """One line of the table of implementations, and its verdict; `error` where it could not be loaded, neither where it was not run."""

    known: Known
    verdict: Verdict | None
    error: str | None = None

    @property
    def ran(self) -> bool:
        """False for what a first survey had no time for."""
        return self.verdict is not None or self.error is not None

    @property
    def ours(self) -> bool:
        """True for refopt's own code."""
        return self.known.package in OWN or self.known.spelling.startswith("refopt.")

    @property
    def cell(self) -> str:
        """The verdict in a word."""
        if not self.ran:
            return "."
        if self.verdict is None:
            return "no answer"
        worst = self.verdict.worst
        star = "*" if worst.precision == Precision.REDUCED and worst.verdict in (Conformance.CONFORMS, Conformance.VARIANT) else ""
        if worst.verdict == Conformance.VARIANT:
            return (worst.diagnosis.matches[0].partition("/")[2] or worst.diagnosis.matches[0]) + star
        return f"conforms{star}" if worst.verdict == Conformance.CONFORMS else CELLS[worst.verdict]


def survey(
    dtypes: tuple[str, ...] = (),
    tell: Callable[[str, int, int], None] = lambda *_: None,
    reach: Reach = WHOLE,
    clock: Callable[[], float] = time.perf_counter,
    since: float | None = None,
    processes: int = 1,
) -> list[Surveyed]:
    """Judge the generated code and every configuration of the frameworks found here, as far as `reach` goes.

    `clock` counts its seconds, `since` what it says, where a person waits since then; None: from now on. Where all of them are judged, so many
    `processes` do it; one is this process.
    """
    began = clock() if since is None else since
    if reach.seconds is None and processes > 1:
        entries = known()
        answers = shared([Entry(e.spelling, dtypes or DTYPES, reach.search) for e in entries], processes, tell)
        return [Surveyed(e, verdict, message) for e, (verdict, message) in zip(entries, answers, strict=True)]
    entries = known() if reach.seconds is None else frameworks_first(known())
    found: list[Surveyed] = []
    firsts = _firsts(entries)
    following = dict(pairwise(firsts))
    took: dict[str, float] = {}
    if firsts:  # the first while this process imports it, each other one while those before it are judged
        make_ready(firsts[0].spelling)
    for i, entry in enumerate(entries):
        before = clock()
        if i and reach.seconds is not None and _is_over(before - began, took.get(entry.package), reach):
            found.append(Surveyed(entry, None))
            continue
        if i and (ahead := following.get(entries[i - 1])) is not None:
            make_ready(ahead.spelling)
        tell(entry.spelling, i, len(entries))
        found.append(Surveyed(entry, *judged(Entry(entry.spelling, dtypes or DTYPES, reach.search))))
        took[entry.package] = clock() - before
    return found


def _is_over(now: float, took: float | None, reach: Reach) -> bool:
    """True where an entry is not begun any more; `took`: the seconds of the one before it of its package, None where there is none."""
    assert reach.seconds is not None
    return now >= reach.seconds and (took is None or now + took > reach.last)


def _firsts(entries: list[Known]) -> list[Known]:
    """The first entry of each framework."""
    firsts: dict[str, Known] = {}
    for entry in entries:
        if not Surveyed(entry, None).ours:
            firsts.setdefault(entry.package, entry)
    return list(firsts.values())


def frameworks_first(entries: list[Known]) -> list[Known]:
    """Entries of the frameworks, one framework after the other, optimizers before schedules; then refopt's own.

    Most of the time of a framework's first entry goes into importing it, here and in a fresh process: its other entries cost little.
    """
    schedules = {s.name for s in catalogue.schedules(variants=True)}
    packages = list(dict.fromkeys(e.package for e in entries))
    return sorted(entries, key=lambda e: (Surveyed(e, None).ours, packages.index(e.package), e.rule in schedules))


def failed(found: list[Surveyed]) -> bool:
    """True where anything deviates or gives no answer: exit 1 with --strict."""
    return bool(bad(found))


def bad(found: list[Surveyed]) -> list[Surveyed]:
    """The entries that deviate or give no answer."""
    return [s for s in found if s.ran and (s.verdict is None or s.verdict.worst.verdict in (Conformance.DEVIATES, Conformance.NO_ANSWER))]


def lines(found: list[Surveyed], exit: int = 0) -> list[dict[str, Any]]:
    """The survey as JSON lines: a header, a line each, a footer at the end."""
    head = environment() | {"implementation": None}
    made = [footer(s.verdict) | {"kind": "surveyed"} for s in found if s.verdict is not None]
    lost = [{"kind": "not_loaded", "implementation": s.known.spelling, "rule": s.known.rule, "reason": s.error} for s in found if s.error is not None]
    return sealed([head, *made, *lost, {"kind": "footer", "complete": True, "surveyed": len(found), "exit": exit}])


def screen(found: list[Surveyed], dtypes: tuple[str, ...], seconds: float, left_out: Mapping[str, NotJudged] | None = None) -> list[str]:
    """The table, what its words mean, and what to look at first. Rules that nothing was run of have no column.

    left_out  by name, what is found here and judged by nothing, with the reason
    """
    page = [""]
    ran = [s for s in found if s.ran]
    columns = list(dict.fromkeys(s.known.rule for s in ran))
    shown = [s for s in found if s.known.rule in columns]
    for table in _tables(shown, columns):
        page += [*table, ""]
    page += [
        "conforms  the reference formula, up to rounding",
        "a name    another known formula: refopt diff adam adam/eps_hat",
        "*         right formula, less precise than its number format allows",
        "DEVIATES  no known formula          - not offered" + ("          . not run" if len(ran) < len(found) else ""),
        "",
    ]
    if wrong := bad(found):
        page.append("To look at first:")
        page += [f"  {s.known.spelling}: {answer(s.verdict) if s.verdict else s.error}"[:80] for s in wrong[:5]]
    page += _left_out(left_out or {})
    examples = [s.known.spelling for s in found if s.known.rule == "adam" and "(" not in s.known.spelling]
    example = next((x for x in examples if x.partition(".")[0] not in ("numpy", "refopt")), "numpy.adam")
    page.append(f"Details: refopt check {example}   Page: refopt check --html report.html")
    formats = " ".join(dtypes or DTYPES)
    if len(ran) == len(found):
        more = "" if dtypes == ALL_DTYPES else f". In {' and '.join(ALL_DTYPES)}: refopt check --all"
        page.append(f"{len(found)} pairs, {formats}, {seconds:.0f} s{more}")
    else:
        page.append(f"{len(ran)} of {len(found)} pairs, {formats}, {seconds:.0f} s. All of them: refopt check --full")
    return page


def _left_out(names: Mapping[str, NotJudged]) -> list[str]:
    """Implementations that are judged by nothing, by reason."""
    reasons: dict[NotJudged, list[str]] = {}
    for name, reason in names.items():
        reasons.setdefault(reason, []).append(name)
    lines = [line for reason, listed in reasons.items() for line in folded(f"  {NOT_JUDGED[reason]}: {', '.join(listed)}", hanging=4)]
    return ["Not judged, for the catalogue has no rule or schedule of it:", *lines, ""] if lines else []


def _tables(found: list[Surveyed], columns: list[str]) -> list[list[str]]:
    """Tables with as many columns beside each other as a line holds, names in full; a package has a row where something of it is in the table."""
    packages = list(dict.fromkeys((s.known.package, s.known.version) for s in found))
    cells = {(p, c): _cell([s for s in found if (s.known.package, s.known.version) == p and s.known.rule == c]) for p in packages for c in columns}
    widths = {c: max(len(c), *(len(cells[p, c]) for p in packages)) for c in columns}
    tables = []
    for beside in _beside_each_other(widths):
        rows = [" " * LABEL + "".join(f" {c:<{widths[c]}}" for c in beside)]
        for package, version in packages:
            mine = [cells[(package, version), c] for c in beside]
            if any(x != "-" for x in mine):
                label = "numpy (ours)" if package in OWN else f"{package} {version.partition('+')[0]}"
                rows.append(f"{label:<{LABEL}}" + "".join(f" {x:<{widths[c]}}" for c, x in zip(beside, mine, strict=True)))
        tables.append([r.rstrip() for r in rows])
    return tables


def _cell(of_one_rule: list[Surveyed]) -> str:
    """The verdicts of a package's configurations of a rule, each once."""
    return ", ".join(dict.fromkeys(s.cell for s in of_one_rule)) or "-"


def _beside_each_other(widths: Mapping[str, int]) -> list[list[str]]:
    """Columns, in their order, in groups that fit a line."""
    groups: list[list[str]] = []
    left = 0
    for column, width in widths.items():
        if width + 1 > left or not groups:
            groups.append([])
            left = WIDTH - LABEL
        groups[-1].append(column)
        left -= width + 1
    return groups
