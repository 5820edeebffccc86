"""Wrong programs of the kinds that were found from outside deviate, whether or not a search names them; correct ones are not accused.

They are the samples that the project was handed, in our own words. Others of the same kinds stand in
tests/implementations/planted and tests/implementations/correct; what the diagnosis calls them is tested with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

import refopt
from refopt.golden import store
from tests.cases import right, wrong


@dataclass(frozen=True)
class Expected:
    """The right answer.

    words  of which one must be said in the diagnosis
    seen   in the name of the golden cases that see it: where one of them refutes, all of them together do
    """

    program: type
    rule: str
    dtype: str = "float32"
    words: tuple[str, ...] = field(default=())
    seen: str = ""


DEVIATE = (
    Expected(wrong.EvenTail, "adam", seen="open-where"),
    Expected(wrong.LanesOf8, "adam", seen="open-where"),
    Expected(wrong.Volumes, "adam", seen="open-where"),
    Expected(wrong.SquareTransposed, "adam", seen="open-where"),
    Expected(wrong.VectorOfOne, "sgd", seen="open-where"),
    Expected(wrong.MiddleSizes, "adam", seen="open-where"),
    Expected(wrong.LargeSizes, "adam", seen="open-where"),
    Expected(wrong.SharedByShape, "adam", seen="open-where"),
    Expected(wrong.FarParameters, "adam", seen="open-far"),
    Expected(wrong.Beta1Zero, "adam", seen="open-zero-"),
    Expected(wrong.RateZero, "adam", seen="open-zero-"),
    Expected(wrong.MomentumZero, "momentum", seen="open-zero-"),
    Expected(wrong.DecayZero, "adamw", seen="open-zero-"),
    Expected(wrong.RateCapped, "adam", seen="open-far"),
    Expected(wrong.BetasBackwards, "adam", seen="open-basic"),
    Expected(wrong.CorrectionFrom1000, "adam", seen="open-every"),
    Expected(wrong.CorrectionFrom11To200, "adam", seen="open-every"),
    Expected(wrong.CounterInBfloat16, "adam", seen="open-every"),
    Expected(wrong.CounterInInt32, "adam", seen="resume"),
    Expected(wrong.ResetEvery100, "adam", seen="open-every"),
    Expected(wrong.LosesMoments, "adam", seen="open-low"),
    Expected(wrong.LosesCounter, "adam", seen="open-low"),
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
    cases = [case.id for case in store.cases(e.rule) if e.seen in case.id]
    report = refopt.check(e.program, e.rule, dtypes=[e.dtype], cases=cases, search=0)
    assert report.footer["verdict"] in ("deviates", "variant") and report.exit == 1, report.footer


@pytest.mark.parametrize("e", CONFORM, ids=_named)
def test_a_correct_program_conforms(e: Expected) -> None:
    footer = refopt.check(e.program, e.rule, dtypes=[e.dtype]).footer
    assert (footer["verdict"], footer["precision"]) == ("conforms", "full"), (footer["edit"], footer["cause"])


LONG = ("open-every", "open-where", "open-many")
"""Cases that take long and say no more of a cause than the others."""


@pytest.mark.parametrize("e", IMPRECISE, ids=_named)
def test_a_correct_program_is_imprecise_at_most_and_the_cause_is_named(e: Expected) -> None:
    cases = [case.id for case in store.cases(e.rule) if not any(word in case.id for word in LONG)]
    footer = refopt.check(e.program, e.rule, dtypes=[e.dtype], cases=cases).footer
    assert footer["verdict"] == "conforms", (footer["edit"], footer["dtypes"])
    assert footer["precision"] == "full" or any(word in footer["cause"] for word in e.words), footer["cause"]
