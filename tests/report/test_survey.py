"""The survey: an inventory that says the same as each single report, and judges nothing unless it is asked to."""

from __future__ import annotations

from functools import cache

import pytest

from refopt.conformance.protocol.implementation import Known
from refopt.conformance.verdict.judgement import judge
from refopt.frameworks import load
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.report import survey
from refopt.report.survey import Reach, Surveyed, failed, lines, screen
from tests.report import judged

GENERATED = "refopt.generated.numpy"


def _known(name: str, rule: str, package: str = "numpy") -> Known:
    return Known(f"{GENERATED}.{name}", rule, package, "1.2.3")


@cache
def found() -> tuple[Surveyed, ...]:
    """Five entries of every sort, judged by one case each."""
    entries = (
        (_known("sgd", "sgd"), "sgd-open-basic-001"),
        (_known("momentum", "momentum"), "momentum-open-basic-001"),
        (_known("momentum_lr_outside", "momentum", "other"), "momentum-open-basic-001"),
    )
    rows = [Surveyed(k, judge(load(k.spelling), dtypes=("float64",), cases=(case,))) for k, case in entries]
    deviating = Surveyed(Known("odd.SGD()", "sgd", "odd", "2.0"), judged.unexplained().found)
    return (*rows, deviating, Surveyed(_known("gone", "adam", "odd"), None, "cannot import odd.Adam"))


def test_a_cell_is_the_verdict_in_a_word() -> None:
    assert [s.cell for s in found()] == ["conforms", "conforms", "lr_outside", "DEVIATES", "no answer"]
    imprecise = Surveyed(_known("m", "momentum"), judged.imprecise().found)
    assert imprecise.cell == "conforms*"


def test_every_name_stands_in_full_in_lines_that_fit_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    from refopt import catalogue

    concepts: tuple[Rule | Schedule, ...] = (*catalogue.rules(), *catalogue.schedules())
    longest = {c.name: max((v.name.partition("/")[2] for v in catalogue.variants_of(c)), key=len, default="conforms") for c in concepts}
    monkeypatch.setattr(Surveyed, "cell", property(lambda s: f"{longest[s.known.rule]}*"))
    page = screen([Surveyed(_known(name, name), judged.imprecise().found) for name in longest], ("float64",), 1.5)
    words = [word for line in page for word in line.split()]
    assert max(map(len, page)) <= 80
    assert all(word in words for name, variant in longest.items() for word in (name, f"{variant}*"))


def test_configurations_of_one_rule_with_different_answers_are_all_told() -> None:
    two = [Surveyed(_known("momentum", "momentum"), found()[i].verdict) for i in (1, 2, 1)]
    page = screen(two, ("float64",), 1.5)
    assert page[2].split()[2:] == ["conforms,", "lr_outside"]


def test_the_table_has_a_row_a_package_and_a_column_a_rule() -> None:
    page = screen(list(found()), ("float64",), 1.5)
    assert page[1].split() == ["sgd", "momentum", "adam"]
    rows = {line.split()[0]: line.split() for line in page[2:5]}
    assert rows["numpy"][2:] == ["conforms", "conforms", "-"]
    assert rows["other"][2:] == ["-", "lr_outside", "-"]
    assert max(map(len, page)) <= 80


def test_what_deviates_or_gives_no_answer_is_named_below_the_table() -> None:
    page = screen(list(found()), ("float64",), 1.5)
    start = page.index("To look at first:")
    assert page[start + 1] == "  odd.SGD(): deviates from sgd"
    assert page[start + 2].endswith("cannot import odd.Adam")
    assert page[-1] == "5 pairs, float64, 2 s. In float64 and float32: refopt check --all"


def test_only_deviations_and_missing_answers_fail_a_strict_survey() -> None:
    assert not failed(list(found()[:3]))
    assert failed(list(found()[:4]))
    assert failed([found()[4]])


def test_the_lines_are_the_footers_of_the_single_reports_and_one_footer() -> None:
    made = lines(list(found()))
    assert [line["kind"] for line in made] == ["header", *["surveyed"] * 4, "not_loaded", "footer"]
    assert made[4] == judged.unexplained().footer | {"kind": "surveyed"}
    assert made[5]["reason"] == "cannot import odd.Adam"
    assert made[-1] == {"kind": "footer", "complete": True, "surveyed": 5, "exit": 0}


def test_a_first_survey_begins_nothing_after_its_time_and_tells_what_was_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "known", lambda: [_known("constant", "constant"), _known("exponential", "exponential"), _known("warmup", "warmup")])
    now = iter([0.0, 0.0, 4.0, 4.0, 11.0, 11.0])  # when it begins, and before and after each that is judged
    rows = survey.survey(("float64",), reach=Reach(10.0), clock=lambda: next(now))
    assert [s.cell for s in rows] == ["conforms", "conforms", "."]
    page = screen(rows, ("float64",), 11.0)
    assert page[1].split() == ["constant", "exponential"]
    assert page[-1] == "2 of 3 pairs, float64, 11 s. All of them: refopt check --full"
    assert any(line.endswith(". not run") for line in page)
    assert not failed(rows)


@pytest.mark.parametrize(("last", "ran"), [(17.9, [True, True, False]), (18.0, [True, True, True])])
def test_an_entry_of_a_package_that_was_judged_is_begun_late_where_it_ends_in_time(monkeypatch: pytest.MonkeyPatch, last: float, ran: list[bool]) -> None:
    monkeypatch.setattr(survey, "known", lambda: [_known(n, n) for n in ("constant", "exponential", "cosine_annealing")])
    now = iter([0.0, 0.0, 4.0, 4.0, 11.0, 11.0, 18.0])
    assert [s.ran for s in survey.survey(("float64",), reach=Reach(10.0, last=last), clock=lambda: next(now))] == ran


def test_a_framework_is_made_ready_when_the_one_before_it_has_been_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    names = [Known(f"{p}.{n}", "sgd", p, "1") for p, n in (("a", "A"), ("a", "B"), ("b", "C"), ("b", "D"))]
    monkeypatch.setattr(survey, "known", lambda: [*names, _known("gone", "sgd")])
    monkeypatch.setattr(survey, "make_ready", lambda name: told.append(f"ready {name}"))
    survey.survey(("float64",), lambda name, done, total: told.append(name))
    assert told == ["ready a.A", "a.A", "ready b.C", "a.B", "b.C", "b.D", f"{GENERATED}.gone"]


def test_frameworks_come_first_one_after_the_other_and_optimizers_before_schedules_in_a_first_survey() -> None:
    own, sgd, adam = _known("sgd", "sgd"), Known("a.SGD", "sgd", "a", "1"), Known("a.Adam", "adam", "a", "1")
    step, other = Known("b.Step", "step_decay", "b", "1"), Known("b.SGD", "sgd", "b", "1")
    assert survey.frameworks_first([own, step, sgd, adam, other]) == [other, step, sgd, adam, own]


def test_one_entry_is_judged_however_little_time_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "known", lambda: [_known("constant", "constant"), _known("exponential", "exponential")])
    assert [s.ran for s in survey.survey(("float64",), reach=Reach(0.0))] == [True, False]


def test_what_cannot_be_loaded_costs_its_own_row_only(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, int]] = []
    monkeypatch.setattr(survey, "known", lambda: [_known("nothing", "adam"), _known("constant", "constant")])
    rows = survey.survey(("float64",), lambda name, done, total: seen.append((name, done, total)))
    assert [s.verdict is None for s in rows] == [True, False]
    assert rows[0].error == "no generated NumPy code 'nothing'"
    assert seen == [(f"{GENERATED}.nothing", 0, 2), (f"{GENERATED}.constant", 1, 2)]
