"""What the recipes do with a rule or schedule of the catalogue: code, golden files, and the verdict on the code. One JSON line at the end.

`python -m tests.catalogue.own.followed NAME ...` in a copy of the package, which it writes to.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from refopt.catalogue import rules, schedules
from refopt.conformance.programs.judge_program import judge_program
from refopt.conformance.verdict.judgement import judge
from refopt.errors import NotImplementedYet
from refopt.frameworks import load
from refopt.golden import build as build_module
from refopt.golden import kills
from refopt.golden.model import Case
from refopt.golden.mutants import mutants
from refopt.golden.store import packed_root
from refopt.golden.verify import verify
from refopt.language.rule import Rule
from refopt.lowering.backends import BACKENDS
from refopt.lowering.generate import path_of
from refopt.lowering.names import class_name
from refopt.report.words import told_or_none
from tests.generated import programs

DTYPES = ("float64", "float32")
EACH = 8
"""Of the edits of a rule every eighth is looked for in its cases: that the files come out again does not depend on how many."""
SORTS = ("basic", "low", "shapes", "absent", "resume-001", "resume-002")
"""The cases of a rule that are built here: one of each kind, so that a rule of many forms takes seconds and not minutes."""


def only_some() -> None:
    """Golden builds of these sorts of cases only."""
    groups = {name: partial(_some, make) for name, make in build_module.GROUPS.items()}
    build_module.GROUPS, build_module.LIKE = groups, {}  # type: ignore[attr-defined]
    kills.mutants = lambda rule: mutants(rule)[::EACH]  # type: ignore[attr-defined]
    build_module.witnesses = build_module.closed_loops = lambda rule: iter(())  # type: ignore[attr-defined]


def _some(make: Callable[[Rule], Iterator[Case]], rule: Rule) -> Iterator[Case]:
    return (case for case in make(rule) if case.result != "must" or any(sort in case.id for sort in SORTS))


def main(names: list[str]) -> dict[str, Any]:
    """By step what came of it."""
    only_some()
    concepts = [c for c in (*rules(variants=True), *schedules(variants=True)) if c.name in names]
    left_out: dict[str, list[str]] = {}
    for concept in concepts:
        for backend in (b for b in BACKENDS.values() if b.committed and (b.schedules or isinstance(concept, Rule))):
            try:
                path_of(concept, backend).write_text(backend.module(concept), encoding="utf-8")
            except NotImplementedYet as error:
                left_out.setdefault(concept.name, []).append(f"{backend.name}: {error.message}")
    built = build_module.build(names)
    checked = verify(packed_root(), names)
    programs.RULES = tuple(c for c in concepts if isinstance(c, Rule))
    programs.SCHEDULES = tuple(c for c in concepts if not isinstance(c, Rule))
    missing = {}
    verdicts: dict[str, str] = {}
    for language, make in programs.PROGRAMS.items():
        if language == "c" and not programs.RULES:
            continue
        try:
            program = make()
        except AssertionError as error:
            missing[language] = str(error)
            continue
        for c in concepts:
            if isinstance(c, Rule) or language != "c":
                verdicts[f"{c.name} {language}"] = _told(judge_program(program, c.name, dtypes=DTYPES if isinstance(c, Rule) else ()))
    for c in concepts:
        for name in (f"refopt.generated.numpy.{c.name}", f"refopt.generated.torch.{class_name(c) if isinstance(c, Rule) else c.name}",
                     f"refopt.generated.jax.{c.name}"):  # fmt: skip
            verdicts[f"{c.name} {name.split('.')[2]}"] = _told(judge(load(name, c.name), dtypes=DTYPES if isinstance(c, Rule) else ()))
    return {
        "cases": {b.name: b.cases for b in built.built}, "wrong": [x for f in checked.files for x in (*f.wrong, *f.other)],
        "left_out": left_out, "missing": missing, "verdicts": verdicts,
    }  # fmt: skip


def _told(verdict: Any) -> str:
    return " ".join(f"{f.verdict}/{f.precision}" for f in verdict.findings) + "".join(
        f" [{x.case.id}: {told_or_none(x.reason)}]" for f in verdict.findings for x in f.ground.lines if x.verdict in ("no_answer", "deviates")
    )


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))
