"""What is lost when a saved state is loaded is a verdict with a name; what is not lost, or not offered, is none."""

from __future__ import annotations

from typing import Any

import pytest

import refopt
from refopt.report.report import NotAsExpected, Report
from tests.conformance.verdict.resume import programs as made

FEW = ("open-basic-001", "open-rate-001")


def _check(program: Any, rule: str = "adam", dtype: str = "float32", cases: tuple[str, ...] = FEW) -> Report:
    return refopt.check(program, rule, dtypes=[dtype], cases=[f"{rule}-{c}" for c in cases])


@pytest.mark.parametrize(
    ("program", "lost"),
    [
        (made.FirstMomentLost, "the first moment is lost when its state is loaded"),
        (made.SecondMomentLost, "the second raw moment is lost when its state is loaded"),
        (made.BothMomentsLost, "the first moment and the second raw moment are lost when its state is loaded"),
        (made.CountLost, "the count of updates starts anew when its state is loaded"),
        (made.EverythingLost, "everything is lost when its state is loaded: it starts from nothing"),
        (made.CountsOneMore, "the count of updates is one too large after its state is loaded"),
        (made.RateLost, "the rate is lost when its state is loaded: it is 0.001 again"),
        (made.RoundedOnce, "m is rounded to bfloat16 when loaded"),
        (made.LastElementLost, "the first moment is lost when its state is loaded, in some elements"),
        (made.Halved, "it does not go on from its own saved state"),
        (made.Refuses, "its own saved state cannot be loaded: raised KeyError: 'scale'"),
    ],
)
def test_what_is_lost_is_named_and_costs_the_verdict(program: Any, lost: str) -> None:
    report = _check(program)
    assert (report.verdict, report.exit) == ("deviates", 1)
    assert report.footer["resume"]["lost"] == [lost]
    assert lost[1:] in " ".join(str(report).split())
    with pytest.raises(NotAsExpected, match="deviates from adam: "):
        report.raise_if_not("conforms")


@pytest.mark.parametrize(
    ("program", "rule", "lost"),
    [
        (made.LargestLost, "amsgrad", "the largest second moment so far is lost when its state is loaded"),
        (made.VelocityLost, "momentum", "the velocity is lost when its state is loaded"),
    ],
)
def test_the_state_of_other_rules_is_named_too(program: Any, rule: str, lost: str) -> None:
    report = _check(program, rule, cases=(*FEW, "open-decreasing-001"))
    assert report.verdict == "deviates" and report.footer["resume"]["lost"] == [lost]


def test_a_variable_of_the_rule_that_has_no_effect_when_loaded_deviates_with_the_way_out() -> None:
    report = _check(made.OwnMoments)
    assert report.exit == 1 and report.footer["resume"]["lost"] == ["m and v have no effect when loaded"]
    assert "resumes = False" in " ".join(str(report).split())


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (made.OnlyAView, "it says that it does not start from a given state"),
        (made.OnItself, "its dict is empty"),
        (made.PrivateNames, "its dict holds private things only: exp_avg, exp_avg_sq"),
        (made.WithGenerator, "its state holds a Generator under [0]['rng'], which is not saved"),
    ],
)
def test_who_offers_nothing_to_save_is_skipped_with_the_reason_and_not_accused(program: Any, reason: str) -> None:
    report = _check(program, cases=("open-basic-001", "open-low-001"))
    assert report.verdict == "conforms" and report.exit == 0
    assert report.footer["resume"] == {"runs": 0, "fresh_process": False, "within_rounding": 0, "skipped": reason, "lost": [], "seen_in": []}
    assert f"Saving and loading was not judged: {reason}." in " ".join(str(report).split())


@pytest.mark.parametrize(
    ("program", "rule"), [(made.Adam, "adam"), (made.CountInTheDict, "adam"), (made.AmsGrad, "amsgrad"), (made.Momentum, "momentum")]
)
def test_who_goes_on_with_the_same_bits_is_counted_as_judged(program: Any, rule: str) -> None:
    report = _check(program, rule, cases=(*FEW, "open-shapes-001"))
    assert report.exit == 0 and report.footer["resume"]["runs"] == 3 and report.footer["resume"]["lost"] == []
    assert "Saved, loaded in a fresh object, continued: 3 runs, the same bits." in str(report)


def test_starting_from_the_rules_state_alone_is_not_asked_where_the_dict_holds_more() -> None:
    report = _check(made.CountInTheDict, cases=("open-basic-001", "resume-001"))
    declined = report.footer["looked_at"]["declined"]
    assert report.verdict == "conforms"
    assert declined == {"adam-resume-001": "starts from the rule's state alone; its own holds more besides"}


def test_a_copy_of_more_precision_that_is_not_saved_is_no_loss() -> None:
    report = _check(made.MasterCopy)
    assert report.verdict == "conforms" and report.footer["resume"]["within_rounding"] > 0, report.footer
    assert "within rounding" in " ".join(str(report).split())


def test_float32_moments_of_bfloat16_parameters_conform_and_their_cast_when_loaded_does_not() -> None:
    assert _check(made.WideState, dtype="bfloat16", cases=(*FEW, "open-low-001", "resume-001")).verdict == "conforms"
    report = _check(made.WideStateCast, dtype="bfloat16")
    assert report.verdict == "deviates" and report.footer["resume"]["lost"] == ["state is rounded to bfloat16 when loaded"]


def test_a_closed_loop_goes_on_from_all_of_the_dict() -> None:
    report = refopt.check(made.CountInTheDict, "adam", dtypes=["float64"], mode="closed_loop", cases=["adam-closed-001"])
    assert report.verdict == "conforms" and report.footer["resume"]["skipped"] == "no closed loop is cut in two; without --mode it is judged"
