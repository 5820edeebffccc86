"""No verdict, no name and no exit code depends on the wording of any message: all of them are changed here, and everything is judged again."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import Enum
from typing import Any

import pytest

import refopt
from refopt.conformance.diagnose.count_edits import COUNTERS
from refopt.conformance.diagnose.gradient_edits import GRADIENT_EDITS
from refopt.conformance.diagnose.run_edits import RUN_EDITS
from refopt.conformance.protocol.implementation import NoAnswer, Skipped
from refopt.conformance.protocol.reason import Why
from refopt.conformance.verdict.conformance import Fault
from refopt.errors import RefoptError
from refopt.golden.change import Kind
from refopt.golden.description import Description
from refopt.lifting.assumption import Assumed, Assumption
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Hindrance, Obstacle
from refopt.proving.answer import Unreadable
from refopt.report import assumption_phrases, obstacle_phrases, opinion_words, phrases, words
from refopt.report.report import Report
from tests.report import judged

PLANTED = "python:tests.implementations.planted"


def _losing() -> Report:
    """A moment that is lost when the state is loaded."""
    return refopt.check(f"{PLANTED}.parts:second_moment_not_loaded", "adam", cases=["adam-open-basic-001"], dtypes=["float32"])


def _own_defaults() -> Report:
    """Momentum with another default, with --strict."""
    return refopt.check(f"{PLANTED}.defaults:momentum_of_one_half", "momentum", dtypes=["float64"], strict=True)


def _edited_rate() -> Report:
    """A schedule that is one step late: an edit of its rate."""
    return refopt.check(f"{PLANTED}.schedules:exponential_counts_from_one", "exponential")


def _sent_otherwise() -> Report:
    """A rate that is cut: the formula is right, with other values."""
    return refopt.check(f"{PLANTED}.parts:lr_up_to_a_tenth", "nesterov", cases=["nesterov-open-basic-001", "nesterov-open-low-001"], dtypes=["float32"])


EVERY: tuple[Callable[[], Report], ...] = (*judged.EVERY, judged.imprecise, _losing, _own_defaults, _edited_rate, _sent_otherwise)


def _tables() -> Iterator[dict[Any, str]]:
    """Every table of wording."""
    every = {**vars(phrases), **vars(obstacle_phrases), **vars(assumption_phrases), **vars(opinion_words)}
    return (x for name, x in every.items() if name.isupper() and isinstance(x, dict))


def _another(template: str, number: int) -> str:
    """Another wording with the same fields, in another order."""
    fields = [f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    return f"#{number} " + " ".join(reversed(fields))


def _known(report: Report) -> list[tuple[object, ...]]:
    """Everything that is known of a report as data."""
    verdict = report.found
    of_formats = [
        (f.verdict, f.precision, f.approach.mode, replace(f.diagnosis, explanation=None), f.hyperparameters.defaults_differ, [x.what for x in f.losses],
         [(x.case.id, x.verdict) for x in f.ground.lines], verdict.fault(f), None if f.diagnosis.explanation is None else f.diagnosis.explanation.area)
        for f in verdict.findings
    ]  # fmt: skip
    return [(verdict.exit, verdict.worst.dtype), *of_formats]


def _reworded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text another one: the tables of the report, and the messages that implementations, programs and refopt's own errors send."""
    for table in _tables():
        for number, (key, template) in enumerate(list(table.items())):
            monkeypatch.setitem(table, key, _another(template, number))
    for sort, field in ((Skipped, "reason"), (NoAnswer, "message")):
        made = sort.__init__

        def other(self: Any, text: Any, *args: Any, made: Any = made, **rest: Any) -> None:
            made(self, f"~{text[::-1]}" if isinstance(text, str) else text, *args, **rest)

        monkeypatch.setattr(sort, "__init__", other)
        assert field in sort.__dataclass_fields__
    raised = RefoptError.__init__
    monkeypatch.setattr(RefoptError, "__init__", lambda self, message, **more: raised(self, f"~{message[::-1]}", **more))


def test_no_verdict_no_name_and_no_exit_code_depends_on_any_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {report.__name__: (_known(found := report()), str(found)) for report in EVERY}
    _reworded(monkeypatch)
    for report in EVERY:
        again = getattr(report, "__wrapped__", report)()
        known, page = before[report.__name__]
        assert _known(again) == known, report.__name__
        told = any(f.diagnosis.edit is not None or f.diagnosis.cause is not None for f in again.found.findings)
        assert not told or str(again) != page, (report.__name__, "the wording was changed, and nothing shows it")
    sorts = {f.verdict for report in EVERY for f in report().found.findings}
    assert {"conforms", "variant", "deviates", "no_answer", "skipped"} <= sorts, sorts


class Counting:
    """An optimizer that keeps a count in its class, which no formula says anything of."""

    calls = 0

    def __init__(self, lr: float = 0.01) -> None:
        self.lr = lr

    def step(self, theta: Any, g: Any) -> Any:
        """One update."""
        Counting.calls += 1
        return theta - self.lr * g


def test_no_answer_of_prove_depends_on_any_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    adam = "refopt.optim.Adam(engine='numpy')"
    asked = ((adam, "adam"), ("refopt.optim.Adam(engine='c')", "adam"), (Counting, "sgd"), (adam, "adamw"))
    before = [refopt.prove(x, rule) for x, rule in asked]
    reasons = [(x.reason, words.told(x.reason)) for x in before if isinstance(x, Unreadable)]
    assert [x.verdict for x in before] == ["equal", "unreadable", "unreadable", "differs"]
    _reworded(monkeypatch)
    assert [refopt.prove(x, rule) for x, rule in asked] == before
    assert all(isinstance(reason, Hindrance) and words.told(reason) != text for reason, text in reasons)


def test_assumptions_are_data_and_their_words_those_of_the_tables() -> None:
    told = {
        Assumed(Assumption.NOT_ZERO, ("momentum",)): "momentum is not 0, as it is configured",
        Assumed(Assumption.COUNTER_STOPS, ("t", "9")): "t stays below 9, where its counter stops",
        Assumed(Assumption.TYPES, ("t", "float", "int"), Look.TYPE): "its code asks for the type of a number: a hyperparameter is taken to be "
                                                                     "a float or a int, t an int",
        Assumed(Assumption.OTHER_FORMATS, ("float64", "float32"), Look.DTYPE): "its code asks for the format of arrays: what holds for other formats than "
                                                                               "float64, float32 is not covered",
        Assumed(Assumption.LEFT_OUT, ("arrays of shape ()",), of=Hindrance(Obstacle.RAISED, ("TypeError",))): "arrays of shape () are left out: "
                                                                                                              "run on symbols it raised TypeError",
    }  # fmt: skip
    assert {x: words.told(x) for x in told} == told
    assert words.told(Hindrance(Obstacle.ASKS, (Look.TEXT,))) == "its code asks how a number is written, of which no formula says anything"


def _subclasses(of: type[Description]) -> Iterator[type[Description]]:
    for sub in of.__subclasses__():
        yield sub
        yield from _subclasses(sub)


def test_whatever_can_be_found_has_words_and_no_two_have_the_same() -> None:
    closed: dict[type[Enum], dict[Any, str]] = {Kind: phrases.CHANGES, phrases.RunChange: phrases.RUNS, Fault: phrases.FAULTS, Why: phrases.REASONS}
    closed |= {Obstacle: obstacle_phrases.OBSTACLES, Assumption: assumption_phrases.ASSUMPTIONS, Look: assumption_phrases.LOOKS}
    closed |= {phrases.Tensors: phrases.TENSORS, phrases.Part: phrases.PARTS, phrases.Quantity: phrases.QUANTITIES}
    for sort, table in closed.items():
        assert set(table) == set(sort), sort
        assert len(set(table.values())) == len(table), sort
    from_tables = [x.change for x in (*RUN_EDITS, *GRADIENT_EDITS)]
    lines = [words.told(x) for x in (*from_tables, *COUNTERS)]
    assert len(set(lines)) == len(lines) and all(line.startswith("run: ") for line in lines)


def test_every_sort_of_description_has_a_way_to_be_told() -> None:
    from refopt.report import cause_words, place_words

    known = {*words._told.registry, *cause_words.told.registry, *place_words.told.registry} - {Description, object}
    without = [x.__name__ for x in _subclasses(Description) if not any(issubclass(x, k) for k in known) and not _subclasses_of(x)]
    assert not without, without


def _subclasses_of(x: type[Description]) -> bool:
    return bool(x.__subclasses__())
