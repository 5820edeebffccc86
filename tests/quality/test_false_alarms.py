"""No false alarm on correct implementations that the bound's own forms did not make; and a halved bound is noticed.

Every program of tests/implementations/correct has 200 seeded configurations in every format it declares, each update
judged from its own state (E = 0 before it). A quarter of them run here, drawn by a seed that is printed, and all of them
with `python -m tests.quality.false_alarms`, whose table is kept.
"""

from __future__ import annotations

import random
import shutil

import pytest

from refopt.catalogue import rule
from refopt.rounding.formats import FORMATS, Format
from tests.implementations.correct import CORRECT, SCHEDULES
from tests.implementations.languages import LANGUAGES
from tests.quality.false_alarms import CONFIGURATIONS, FAMILIES, FOREIGN_FORMATS, counted, judged, programs, schedule_verdict
from tests.quality.pages import QUALITY, rows

RULES = sorted({c.rule for c in CORRECT})
IN_PYTHON = ("ftrl",)
"""Families whose correct programs are in Python alone so far."""
SEED = 20260301
SHARE = sorted(random.Random(SEED).sample(range(CONFIGURATIONS), CONFIGURATIONS // 4))
NEEDED = pytest.mark.skipif(shutil.which("node") is None or shutil.which("gcc") is None, reason="programs in JavaScript and C need node and gcc")


@pytest.mark.parametrize("f", FORMATS.values(), ids=list(FORMATS))
@pytest.mark.parametrize("name", RULES)
def test_no_correct_program_is_accused(name: str, f: Format) -> None:
    found = judged(rule(name), f, SHARE, CORRECT)
    share = found.claims / max(found.values, 1)
    told = f"{len(SHARE)} of {CONFIGURATIONS} configurations, seed {SEED}, worst error/bound {found.worst:.3f}"
    print(f"{name} {f.name}: {told}, claims about {share:.0%} of theta")
    assert not found.alarms, f"{len(found.alarms)} alarms, first: " + "; ".join(found.alarms[:5])
    assert share >= 0.5, (name, f.name, share)
    assert all(n < len(SHARE) / 4 for n in found.refused.values()), found.refused


@NEEDED
@pytest.mark.parametrize("dtype", FOREIGN_FORMATS)
@pytest.mark.parametrize("name", [n for n in FAMILIES[:-1] if n not in IN_PYTHON])
def test_no_correct_program_in_javascript_or_c_is_accused(name: str, dtype: str) -> None:
    asked = [p for p in programs() if p not in CORRECT]
    found = judged(rule(name), FORMATS[dtype], SHARE, asked)
    print(f"{name} {dtype}: {len(SHARE)} of {CONFIGURATIONS} configurations, seed {SEED}, worst error/bound {found.worst:.3f}, {found.claims} claims")
    assert not found.alarms, f"{len(found.alarms)} alarms, first: " + "; ".join(found.alarms[:5])
    assert found.claims >= 0.5 * found.values


@NEEDED
def test_no_correct_schedule_is_accused() -> None:
    verdicts = {p.name: schedule_verdict(p) for p in programs(schedules=True)}
    assert {verdict for verdict, _ in verdicts.values()} == {"conforms"}, verdicts


@NEEDED
def test_each_family_has_at_least_twelve_correct_programs_in_three_languages_or_is_listed_with_four_in_python() -> None:
    for name in FAMILIES:
        counts = counted(name)
        assert sum(counts) >= (4 if name in IN_PYTHON else 12), (name, counts)
        assert all(counts) is (name not in IN_PYTHON) or name == "schedules", (name, dict(zip(("python", *LANGUAGES), counts, strict=True)))
    assert len(programs()) + len(programs(schedules=True)) >= 60
    assert all(p.note for p in (*programs(), *SCHEDULES))


@NEEDED
def test_the_counts_of_the_kept_table_are_those_of_today() -> None:
    table = rows(QUALITY, "false alarms")
    assert [(row[0], row[1:5]) for row in table] == [(name, [*map(str, counted(name)), str(sum(counted(name)))]) for name in FAMILIES]
    assert all(row[5] == "0" for row in table), table


@pytest.mark.parametrize("name", ["sgd", "momentum", "rmsprop", "adam"])
def test_a_halved_bound_is_noticed(name: str) -> None:
    assert judged(rule(name), FORMATS["float32"], range(40), CORRECT, factor=0.5).alarms
