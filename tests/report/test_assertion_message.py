"""The complaint: its first line alone says what is computed instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import refopt
from refopt.report.assertion_message import complaint
from refopt.report.report import NotAsExpected, Report
from tests.report import judged
from tests.report.test_lift_hint import levelling


@pytest.mark.parametrize(
    ("report", "first"),
    [
        (judged.variant, "adam_eps_in_sqrt:make is adam/eps_in_sqrt, not adam: eps under the root"),
        (judged.meant, "others:momentum_rate_outside is momentum/lr_outside, not momentum: a changed rate acts on the whole velocity at once"),
        (judged.broken, "behaviour:raises_at_step_three gives no answer: momentum-open-basic-001: update 3: raised ZeroDivisionError: float division by zero"),
        (judged.skipped, "refopt.generated.numpy.sgd was not judged: no case lists float64"),
        (lambda: judged.imprecise(True), "precision:velocity_through_float16 is less precise than float64 allows: the state is kept in float16"),
    ],
)
def test_the_first_line_is_the_diagnosis(report: Callable[[], Report], first: str) -> None:
    told = complaint(report().found)
    assert told is not None
    assert told.splitlines()[0] == first


def test_what_deviates_is_told_by_its_edit_or_by_what_a_person_would_see() -> None:
    told = complaint(judged.edited().found)
    assert told is not None
    assert told.splitlines()[0] == f"others:sgd_ascends deviates from sgd: {judged.edited().footer['edit']}"
    assert "theta" in str(judged.edited().footer["edit"])
    told = complaint(judged.unexplained().found)
    assert told is not None
    assert told.splitlines()[0] == "others:sgd_elements_reversed deviates from sgd: run: each tensor is updated with its gradient in reverse"
    told = complaint(levelling().found)
    assert told is not None
    assert told.splitlines()[0] == "test_lift_hint:Levelling deviates from sgd: Steps are 2.55 times too short at t=1"


def test_a_report_of_several_formats_names_the_format_only_where_they_differ() -> None:
    told = complaint(judged.unexplained().found)
    assert told is not None
    assert " in float" not in told.splitlines()[0]


def test_what_is_as_wanted_has_no_complaint() -> None:
    assert complaint(judged.conforming().found) is None
    assert complaint(judged.conforming().found, "sgd") is None
    assert complaint(judged.imprecise().found) is None
    assert complaint(judged.variant().found, "adam/eps_in_sqrt") is None
    assert complaint(judged.variant().found, "variant") is None
    assert complaint(judged.skipped().found, "skipped") is None


def test_the_wrong_wish_is_refused_in_both_directions() -> None:
    told = complaint(judged.variant().found, "adam/eps_hat")
    assert told is not None
    assert told.splitlines()[0] == "adam_eps_in_sqrt:make is adam/eps_in_sqrt, not adam/eps_hat: eps under the root"
    told = complaint(judged.conforming().found, "deviates")
    assert told is not None
    assert told.startswith("refopt.generated.numpy.sgd is sgd, not deviates")


def test_the_command_is_left_out_for_an_object_that_has_no_name() -> None:
    from tests.implementations.adam_eps_in_sqrt import AdamEpsInSqrt

    report = refopt.check(AdamEpsInSqrt(), "adam", cases=["adam-open-eps-001"], dtypes=["float64"])
    assert report.found.implementation == "AdamEpsInSqrt"
    told = complaint(report.found)
    assert told is not None
    assert "refopt check" not in told
    assert "refopt check" not in str(report)


def test_the_exception_is_short_in_print_and_can_be_caught_by_its_public_name() -> None:
    assert refopt.NotAsExpected is NotAsExpected
    assert f"{NotAsExpected.__module__}.{NotAsExpected.__qualname__}" == "refopt.NotAsExpected"
