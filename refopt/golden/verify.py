"""Verifying golden files: every digit, bound, kill and hash is computed again, with another evaluator than the one that built them."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from refopt.catalogue import rule as rule_named
from refopt.catalogue import schedule as schedule_named
from refopt.catalogue import schedules
from refopt.errors import RefoptError, unknown_name
from refopt.golden.brief import like
from refopt.golden.document import hash_of, parse, read
from refopt.golden.expected import confirm_case, confirm_schedule, has_values, with_bounds
from refopt.golden.kills import KILLS, kills_text
from refopt.golden.manifest import listed_files, names_of_all, never_written, present_files
from refopt.golden.model import Case, Expected, GoldenFile, Result
from refopt.golden.outcome import outcome
from refopt.golden.processes import pool
from refopt.golden.readme import README, readme
from refopt.golden.schemas import SCHEMAS
from refopt.golden.store import MANIFEST, manifest, paths
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Checked:
    """One file: how many cases, what is wrong in values (each a line), what is wrong otherwise, and how many cases' digits were recomputed."""

    path: str
    cases: int
    wrong: tuple[str, ...]
    other: tuple[str, ...]
    recomputed: int = 0


@dataclass(frozen=True)
class VerifyReport:
    """Result of a verification. `exit` is 0 where everything came out again, 1 otherwise."""

    root: Path
    files: tuple[Checked, ...]
    quick: bool
    seconds: float

    @property
    def exit(self) -> int:
        """The exit code."""
        return 1 if any(f.wrong or f.other for f in self.files) else 0

    def lines(self) -> list[str]:
        """The report as people read it."""
        found: list[str] = []
        for f in self.files:
            found += [f"{f.path}  {line}" for line in (*f.wrong, *f.other)]
        cases = sum(f.cases for f in self.files)
        wrong = sum(len(f.wrong) for f in self.files)
        other = sum(len(f.other) for f in self.files)
        again = sum(f.recomputed for f in self.files)
        what = f"the digits of {again} recomputed, chosen by their names" if self.quick else "every digit, bound, kill and hash recomputed"
        found.append(f"{len(self.files)} files, {cases} cases: {what}; {wrong} wrong, {other} changed otherwise.  {self.seconds:.1f} s")
        if wrong:
            found.append("A wrong value is a release note: add it to golden/ERRATA.md, then refopt golden build")
        if self.exit:
            found.append("If you did not edit these files, get them again: git checkout -- golden")
            found.append("exit 1: golden data and recomputation differ")
        return found


def verify(root: Path, names: Sequence[str] = (), quick: bool = False, processes: int = 1, progress: Progress | None = None) -> VerifyReport:
    """Recompute the golden files below `root`, of `names` or all of them. Raises UnknownName for a name without files."""
    began = time.perf_counter()
    everything = names_of_all()
    for name in names:
        if name not in everything:
            raise unknown_name("rule or schedule", name, everything, listing="refopt list rules")
    checked = [_check_folders(root, names)] if names else [check_manifest(root)]
    wanted = [n for n in everything if not names or n in names]
    jobs = [(str(root), n, quick) for n in wanted]
    for done, found in enumerate(_each(jobs, processes), start=1):
        checked += found
        if progress is not None:
            progress(wanted[done - 1], done, len(wanted))
    return VerifyReport(root, tuple(checked), quick, time.perf_counter() - began)


def _each(jobs: Sequence[tuple[str, str, bool]], processes: int) -> list[list[Checked]]:
    if processes <= 1:
        return [_verify_one(j) for j in jobs]
    with pool(processes) as workers:
        return list(workers.map(_verify_one, jobs))


def check_manifest(root: Path) -> Checked:
    """The finding on a golden folder: it holds the files that its manifest lists, unchanged, and nothing else."""
    try:
        document = manifest(root)
    except RefoptError as error:
        return Checked(MANIFEST, 0, (), (error.message,))
    other = []
    listed = document["files"]
    present = present_files(root)
    for path in sorted(set(listed) | present):
        if path not in present:
            other.append(f"{path} is missing")
        elif path not in listed:
            other.append(f"{path} is not listed in {MANIFEST}")
        elif hashlib.sha256((root / path).read_bytes()).hexdigest() != listed[path]["sha256"]:
            other.append(f"{path}: sha256 differs from {MANIFEST}")
    other += [f"{path} is no file of this refopt: refopt golden build removes it" for path in sorted(never_written(set(listed) & present))]
    other += [f"{path}: not the schema of this refopt" for path, text in SCHEMAS.items() if path in present and (root / path).read_text() != text]
    if README in present and (root / README).read_text(encoding="utf-8") != readme(root):
        other.append(f"{README}: not the page of these files")
    return Checked(MANIFEST, 0, (), tuple(other))


def _check_folders(root: Path, names: Sequence[str]) -> Checked:
    """The finding on the folders of some names: the manifest lists what lies in them."""
    present = {path for path in present_files(root) if PurePosixPath(path).parent.as_posix() in names}
    return Checked(MANIFEST, 0, (), tuple(f"{path} is not listed in {MANIFEST}" for path in sorted(present - listed_files(root))))


def _verify_one(job: tuple[str, str, bool]) -> list[Checked]:
    root, name, quick = Path(job[0]), job[1], job[2]
    found = paths(root, name)
    if not found:
        return [Checked(name, 0, (), ("no golden file: refopt golden build writes it",))]
    is_schedule = name in {s.name for s in schedules(variants=True)}
    checked: list[Checked] = []
    files: list[tuple[GoldenFile, bool]] = []
    for path in found:
        label = path.relative_to(root).as_posix()
        try:
            document = read(path)
            files.append((parse(document, label, check_hash=False), document.get("hash") != hash_of(document)))
            checked.append(Checked(label, len(files[-1][0].cases), (), ()))
        except RefoptError as error:
            checked.append(Checked(label, 0, (), (error.message.removeprefix(label).strip(": "),)))
    recomputed: list[Case] = []
    read_whole = [i for i, c in enumerate(checked) if not c.other]
    for i, (file, hash_differs), (wrong, bounded) in zip(read_whole, files, _recompute([file for file, _ in files], name, is_schedule, quick), strict=True):
        recomputed += _with_likes(file, bounded)
        other = _identity(file, name)
        if hash_differs:
            other.append("hash differs" + ("" if wrong else f", {_what_is_right(file, bounded)}"))
        checked[i] = replace(checked[i], wrong=tuple(wrong), other=tuple(other), recomputed=len(bounded))
    if not quick:
        checked.append(_check_kills(root, schedule_named(name) if is_schedule else rule_named(name), recomputed))
    return checked


def _what_is_right(file: GoldenFile, recomputed: Sequence[Case]) -> str:
    """State of an edited file without a wrong value: with every case recomputed it was a text, else it may be a number of another case."""
    every = sum(has_values(c) and c.like is None for c in file.cases)
    if len(recomputed) == every:
        return "every digit right: a text was edited"
    return f"the digits of {len(recomputed)} of {every} cases recomputed and right: without --quick all are"


def _identity(file: GoldenFile, name: str) -> list[str]:
    concept = schedule_named(name) if name in {s.name for s in schedules(variants=True)} else rule_named(name)
    if file.rule != concept.name:
        return [f"is of {file.rule}, but lies in the folder of {name}"]
    if file.fingerprint != concept.fingerprint:
        return ["fingerprint differs: the file was built for another formula"]
    return []


NOT_COMPUTED = (RefoptError, ArithmeticError, KeyError, IndexError, ValueError)
"""Errors of what a file holds that is no data."""
Recomputed = tuple[list[str], list[Case]]
"""Of a file: its wrong values as lines, and its cases with their bounds computed again."""


def _recompute(files: Sequence[GoldenFile], name: str, is_schedule: bool, quick: bool) -> list[Recomputed]:
    """The files of a name computed again; the bounds of all of them together, which is quicker."""
    chosen = [[c for c in file.cases if has_values(c) and c.like is None and (not quick or _is_drawn(c))] for file in files]
    if is_schedule:
        return [_attempted(partial(_rates_again, schedule_named(name), cases)) for cases in chosen]
    rule = rule_named(name)
    bare = [_bared(cases) for cases in chosen]
    try:
        together = iter(with_bounds([c for cases in bare for c in cases], rule))
        bounded = [[next(together) for _ in cases] for cases in bare]
    except NOT_COMPUTED:  # which file it is, is found out below
        bounded = []
    return [_attempted(partial(_case_file_again, rule, file, cases, bounded[i] if bounded else None))
            for i, (file, cases) in enumerate(zip(files, chosen, strict=True))]  # fmt: skip


def _is_drawn(case: Case) -> bool:
    return random.Random(f"quick {case.id}").random() < 0.1


def _attempted(work: Callable[[], Recomputed]) -> Recomputed:
    try:
        return work()
    except NOT_COMPUTED as error:
        return [f"cannot be recomputed: {str(error).splitlines()[0]}"], []


def _rates_again(s: Schedule, cases: list[Case]) -> Recomputed:
    wrong = [f"{c.id}  k={c.steps[w.index]}, digit {w.digit}: file {w.printed}, recomputed {w.recomputed}" for c in cases for w in confirm_schedule(c, s)]
    return wrong, cases


def _case_file_again(rule: Rule, file: GoldenFile, cases: Sequence[Case], again: list[Case] | None) -> Recomputed:
    wrong: list[str] = []
    for c in file.cases:
        if c.result == Result.MAY and c.outcome != (found := outcome(c, rule)):
            wrong.append(f"{c.id}  outcome: file {' '.join(c.outcome or ('none',))}, recomputed {' '.join(found or ('none',))}")
    for c in cases:
        for t, p, variable, element, w in confirm_case(c, rule):
            wrong.append(f"{c.id}  t={t}, {variable}[{element}] of tensor {p}, digit {w.digit} of 40: file {w.printed}, recomputed {w.recomputed}")
    bounded = with_bounds(_bared(cases), rule) if again is None else again
    for c, d in zip(cases, bounded, strict=True):
        wrong += _bound_differences(c, d)
    return wrong, bounded


def _bared(cases: Sequence[Case]) -> list[Case]:
    return [replace(c, expect=_bare(c.expect), expect_own=_bare(c.expect_own)) for c in cases]


def _bare(expected: tuple[Expected, ...]) -> tuple[Expected, ...]:
    """The values without their bounds."""
    return tuple(replace(e, params=tuple(replace(p, bound={}) for p in e.params)) for e in expected)


def _with_likes(file: GoldenFile, recomputed: Sequence[Case]) -> list[Case]:
    """The recomputed cases, with those that are like them."""
    again = {c.id: c for c in recomputed}
    likes = [like(again[c.like], c.id, c.comment, c.probes, c.shapes, c.keep) for c in file.cases if c.like in again]
    return [*recomputed, *likes]


def _bound_differences(case: Case, again: Case) -> list[str]:
    for e, f in zip((*case.expect, *case.expect_own), (*again.expect, *again.expect_own), strict=True):
        for p, (x, y) in enumerate(zip(e.params, f.params, strict=True)):
            for dtype, rows in y.bound.items():
                for name, row in rows.items():
                    old = x.bound.get(dtype, {}).get(name, ())
                    if tuple(old) != tuple(row):
                        i = next((i for i, (a, b) in enumerate(zip(old, row, strict=False)) if a != b), 0)
                        return [f"{case.id}  t={e.t}, bound of {name}[{i}] of tensor {p} in {dtype}: file {old[i] if old else 'none'}, recomputed {row[i]}"]
    return []


def _check_kills(root: Path, concept: Rule | Schedule, cases: Sequence[Case]) -> Checked:
    label = f"{concept.name}/{KILLS}"
    path = root / label
    try:
        text = path.read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError) as error:
        return Checked(label, 0, (), (f"cannot be read: {error}",))
    again = kills_text(concept, cases).text
    return Checked(label, 0, () if again == text else ("kills differ from what the cases kill",), ())
