"""Wrong programs of the kinds that were found from outside deviate, whether or not a search names them; correct ones are not accused.

They are the samples that the project was handed, in our own words. Others of the same kinds stand in
tests/implementations/planted and tests/implementations/correct; what the diagnosis calls them is tested with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

import refopt
from tests.cases import right, wrong


@dataclass(frozen=True)
class Expected:
    """The right answer: `words`, of which one must be said in the diagnosis."""

    program: type
    rule: str
    dtype: str = "float32"
    words: tuple[str, ...] = field(default=())


DEVIATE = (
    Expected(wrong.EvenTail, "adam"),
    Expected(wrong.LanesOf8, "adam"),
    Expected(wrong.Volumes, "adam"),
    Expected(wrong.SquareTransposed, "adam"),
    Expected(wrong.VectorOfOne, "sgd"),
    Expected(wrong.MiddleSizes, "adam"),
    Expected(wrong.LargeSizes, "adam"),
    Expected(wrong.SharedByShape, "adam"),
    Expected(wrong.FarParameters, "adam"),
    Expected(wrong.Beta1Zero, "adam"),
    Expected(wrong.RateZero, "adam"),
    Expected(wrong.MomentumZero, "momentum"),
    Expected(wrong.DecayZero, "adamw"),
    Expected(wrong.RateCapped, "adam"),
    Expected(wrong.BetasBackwards, "adam"),
    Expected(wrong.CorrectionFrom1000, "adam"),
    Expected(wrong.CorrectionFrom11To200, "adam"),
    Expected(wrong.CounterInBfloat16, "adam"),
    Expected(wrong.CounterInInt32, "adam"),
    Expected(wrong.ResetEvery100, "adam"),
    Expected(wrong.LosesMoments, "adam"),
    Expected(wrong.LosesCounter, "adam"),
    Expected(wrong.FloorAndLength, "warmup+cosine_annealing", "float64"),
    Expected(wrong.Plateau, "warmup", "float64"),
    Expected(wrong.JoinedLate, "warmup+cosine_annealing", "float64"),
)
CONFORM = (
    Expected(right.TwoAxpys, "momentum"),
    Expected(right.TwoAxpys, "momentum", "bfloat16"),
    Expected(right.GradientFirst, "momentum"),
    Expected(right.FusedAxpys, "momentum"),
    Expected(right.ThreeAxpys, "nesterov"),
    Expected(right.Float32State, "adam", "bfloat16"),
)
IMPRECISE = (
    Expected(right.AdamTwoAxpys, "adam", words=("",)),
    Expected(right.Decimals, "adam", "float64", ("decimal",)),
    Expected(wrong.MomentInBfloat16, "adam", words=("bfloat16",)),
)


def _named(e: Expected) -> str:
    return f"{e.program.__name__}-{e.dtype}"


@pytest.mark.parametrize("e", DEVIATE, ids=_named)
def test_a_wrong_program_deviates(e: Expected) -> None:
    report = refopt.check(e.program, e.rule, dtypes=[e.dtype], search=0)
    assert report.footer["verdict"] in ("deviates", "variant") and report.exit == 1, report.footer


@pytest.mark.parametrize("e", CONFORM, ids=_named)
def test_a_correct_program_conforms(e: Expected) -> None:
    footer = refopt.check(e.program, e.rule, dtypes=[e.dtype]).footer
    assert (footer["verdict"], footer["precision"]) == ("conforms", "full"), (footer["edit"], footer["cause"])


@pytest.mark.parametrize("e", IMPRECISE, ids=_named)
def test_a_correct_program_is_imprecise_at_most_and_the_cause_is_named(e: Expected) -> None:
    footer = refopt.check(e.program, e.rule, dtypes=[e.dtype]).footer
    assert footer["verdict"] == "conforms", (footer["edit"], footer["dtypes"])
    assert footer["precision"] == "full" or any(word in footer["cause"] for word in e.words), footer["cause"]
