"""Building the golden files: every rule, variant and schedule, the same bytes wherever and with however many processes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from refopt.catalogue import rule as rule_named
from refopt.catalogue import schedule as schedule_named
from refopt.catalogue import schedules
from refopt.errors import RefoptError, unknown_name
from refopt.golden.closed_loop_inputs import closed_loops, schedule_cases
from refopt.golden.document import dumps, refuse_unwritable, write_whole
from refopt.golden.expected import certify_case, certify_schedule, has_values, refuse_sensitive, with_bounds
from refopt.golden.extremes import where_it_decides
from refopt.golden.further_inputs import with_inputs
from refopt.golden.groups import GROUPS, LIKE
from refopt.golden.kills import KILLS, kills_text
from refopt.golden.manifest import hash_of_manifest, listed_files, manifest_text, names_of_all, no_longer_written, remove
from refopt.golden.model import Case, CaseKind, GoldenFile, Result
from refopt.golden.outcome import outcome
from refopt.golden.probes import PROBES
from refopt.golden.processes import pool
from refopt.golden.readme import README, readme
from refopt.golden.resume import finished as finished_before
from refopt.golden.schemas import ERRATA, SCHEMAS
from refopt.golden.store import MANIFEST, packed_root
from refopt.golden.witness import witnesses
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

Progress = Callable[[str, int, int], None]
"""Called with (what was finished, how many are done, how many there are)."""


@dataclass(frozen=True)
class Built:
    """Result of one rule or schedule: file texts by path, closed loops that were refused, and how much was certified."""

    name: str
    texts: dict[str, str]
    cases: int
    refused: tuple[str, ...]
    is_certified: bool
    kills: str
    seconds: float


@dataclass(frozen=True)
class BuildReport:
    """Result of a build: by name what changed, the refused loops, what was removed, the hash of the manifest before and after,
    and how many names an earlier build, one that was stopped, had finished already."""

    root: Path
    built: tuple[Built, ...]
    changes: dict[str, str]
    before: str | None
    after: str
    seconds: float
    removed: tuple[str, ...] = ()
    resumed: int = 0

    def lines(self) -> list[str]:
        """The report as people read it."""
        found = [f"{b.name:<26} {b.cases:>3} cases    {self.changes[b.name]:<14} {b.kills:<24} {b.seconds:>5.1f} s" for b in self.built]
        found += [f"refused: {line}" for b in self.built for line in b.refused]
        found += [f"removed: {path}, which is no longer written" for path in self.removed]
        if not all(b.is_certified for b in self.built):
            found.append("nothing was certified: python-flint is not installed (pip install 'refopt[certify]')")
        if self.resumed:
            found.append(f"{self.resumed} of them were finished by a build that was stopped")
        written = sum(text != "same bytes" for text in self.changes.values())
        changed = f"{(self.before or 'none')[:8]} -> {self.after[:8]}" if self.before != self.after else f"{self.after[:8]}, unchanged"
        found.append(f"{written} of {len(self.built)} changed. {MANIFEST} {changed}. {self.seconds:.1f} s.  Next: refopt golden verify")
        return found


def folder(name: str) -> str:
    """Folder of a name's files, below the golden folder."""
    return name


def build_one(name: str) -> Built:
    """The golden files of one rule, variant or schedule, as texts."""
    began = time.perf_counter()
    if name in {s.name for s in schedules(variants=True)}:
        return _build_schedule(schedule_named(name), began)
    rule = rule_named(name)
    texts: dict[str, str] = {}
    refused: list[str] = []
    all_certified = True
    everything: list[Case] = []
    groups: dict[str, list[Case]] = {}
    for group, make in {**GROUPS, "witness": witnesses, "closed_loop": closed_loops}.items():
        finished = groups[group] = []
        for case in (with_inputs(c, rule) for c in make(rule)):
            if case.kind == CaseKind.CLOSED_LOOP:
                try:
                    refuse_sensitive(case, rule)
                except RefoptError as error:
                    refused.append(error.message)
                    continue
            if has_values(case):
                case, is_certified = certify_case(case, rule)
                all_certified &= is_certified
            elif case.result == Result.MAY:
                case = replace(case, outcome=outcome(case, rule))
            finished.append(case)
    bounded = iter(with_bounds([c for finished in groups.values() for c in finished if has_values(c)], rule))
    for group, finished in groups.items():
        with_values = [_without_others(where_it_decides(next(bounded))) for c in finished if has_values(c)]
        written = {c.id: c for c in with_values}
        with_values += [likeness.of(written[likeness.base]) for likeness in (LIKE[group](rule) if group in LIKE else ())]
        cases = [*with_values, *(c for c in finished if not has_values(c))]
        if cases:
            texts[f"{folder(name)}/{group}.json"] = dumps(_file(rule, tuple(cases)))
            everything += with_values
    kills = kills_text(rule, everything)
    texts[f"{folder(name)}/{KILLS}"] = kills.text
    n = sum(text.count('"comment":') for text in texts.values())
    return Built(name, texts, n, tuple(refused), all_certified, kills.summary, time.perf_counter() - began)


def _without_others(case: Case) -> Case:
    """The case with the bounds of its own formats only."""
    expect = [replace(e, params=tuple(replace(p, bound={d: b for d, b in p.bound.items() if d in case.dtypes}) for p in e.params)) for e in case.expect]
    return replace(case, expect=tuple(expect))


def _build_schedule(s: Schedule, began: float) -> Built:
    finished = [certify_schedule(case, s) if has_values(case) else (case, True) for case in schedule_cases(s)]
    cases = tuple(c for c, _ in finished)
    kills = kills_text(s, cases)
    texts = {f"{folder(s.name)}/schedule.json": dumps(_file(s, cases)), f"{folder(s.name)}/{KILLS}": kills.text}
    return Built(s.name, texts, len(finished), (), all(ok for _, ok in finished), kills.summary, time.perf_counter() - began)


def _file(concept: Rule | Schedule, cases: tuple[Case, ...]) -> GoldenFile:
    used = {p for c in cases for p in c.probes}
    return GoldenFile(
        rule=concept.name,
        fingerprint=concept.fingerprint,
        latex=concept.latex(),
        source="; ".join(map(str, concept.source)),
        command=f"refopt golden build {concept.name}",
        probes={k: replace(v) for k, v in PROBES.items() if k in used},
        cases=cases,
    )


def each(names: Sequence[str], work: Callable[[str], Built], processes: int) -> Iterator[Built]:
    """The results of `work` on every name, in any order, with that many processes."""
    if processes <= 1:
        yield from map(work, names)
        return
    with pool(processes) as workers:
        for future in as_completed([workers.submit(work, n) for n in names]):
            yield future.result()


def build(names: Sequence[str] = (), out: Path | None = None, processes: int = 1, progress: Progress | None = None) -> BuildReport:
    """Write the golden files of `names` (all where none is named) below `out`, or in place.

    Every file is written whole or not at all; a build that is killed goes on where it was when it is started again.

    Raises UnknownName, or RefoptError where a file cannot be written.
    """
    began = time.perf_counter()
    everything = names_of_all()
    for name in names:
        if name not in everything:
            raise unknown_name("rule or schedule", name, everything, listing="refopt list rules")
    wanted = [n for n in everything if not names or n in names]
    base = out if out is not None else packed_root()
    refuse_unwritable(base / MANIFEST, make_folder=True)
    before, listed = hash_of_manifest(base), listed_files(base)
    kept = finished_before(base)
    built = [_restored(x) for name in wanted if (x := kept.get(name)) is not None]
    resumed = len(built)
    done = {b.name for b in built}
    for one in each([n for n in wanted if n not in done], build_one, processes):
        built.append(one)
        kept.put(one.name, one)
        if progress is not None:
            progress(one.name, len(built), len(wanted))
    built.sort(key=lambda b: everything.index(b.name))
    changes = {b.name: _write(base, b.texts) for b in built}
    for path, text in {**SCHEMAS, "ERRATA.md": ERRATA}.items():
        if path != "ERRATA.md" or not (base / path).exists():
            write_whole(base / path, _errata(text) if path == "ERRATA.md" else text)
    now = {path for b in built for path in b.texts}
    gone = no_longer_written(listed - now, wanted if names else None)
    for path in gone:
        remove(base, path)
    explained = readme(base)
    if explained is not None:
        write_whole(base / README, explained)
    pages = {"ERRATA.md", *([README] if explained is not None else [])}
    manifest = manifest_text(base, (listed - gone) | now | set(SCHEMAS) | pages)
    write_whole(base / MANIFEST, manifest)
    kept.clear()
    seconds = time.perf_counter() - began
    return BuildReport(base, tuple(built), changes, before, json.loads(manifest)["hash"], seconds, tuple(sorted(gone)), resumed)


def _restored(result: dict[str, Any]) -> Built:
    return Built(**{**result, "refused": tuple(result["refused"])})


def _errata(text: str) -> str:
    """The committed list of errata where there is one, so that it travels with a folder built elsewhere."""
    committed = packed_root() / "ERRATA.md"
    return committed.read_text(encoding="utf-8") if committed.exists() else text


def _write(base: Path, texts: dict[str, str]) -> str:
    new = changed = 0
    for path, text in texts.items():
        target = base / path
        old = target.read_text(encoding="utf-8") if target.exists() else None
        if old == text:
            continue
        new, changed = new + (old is None), changed + (old is not None)
        write_whole(target, text)
    return "same bytes" if not new and not changed else f"{new} new, {changed} changed"
