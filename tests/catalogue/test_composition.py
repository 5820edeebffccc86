"""Schedules made of schedules: one after another, and each on what the one before has left; against torch's and optax' own where they are installed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from refopt import catalogue
from refopt.catalogue.composition import multiplies, part_names, sequential
from refopt.conformance.protocol.implementation import Rates
from refopt.conformance.verdict.judgement import judge
from refopt.errors import RefoptError
from refopt.exact.run import rates
from refopt.frameworks import load
from refopt.language.expression import floor, scalar, where
from refopt.language.schedule import Schedule
from refopt.report.commands import reproduce
from refopt.rounding.schedule_bound import schedule_radii
from tests.transcriptions import linear as transcribed_linear
from tests.transcriptions import step_decay as transcribed_decay

TORCH = "torch.optim.lr_scheduler"


def _rates(s: Schedule, hyper: dict[str, str], steps: Sequence[int]) -> list[float]:
    return [float(x) for x in rates(s, s.values(hyper), steps)]


def test_one_after_another_is_each_from_its_own_step_0() -> None:
    s = catalogue.schedule("sequential(linear, step_decay)")
    hyper = {"lr": "0.5", "start_factor": "0.25", "end_factor": "1", "span": "4", "factor": "0.5", "every": "3", "start_2": "7"}
    own = {n: Decimal(x) for n, x in hyper.items()}
    written = [transcribed_linear.rate(k, own) if k < 7 else transcribed_decay.rate(k - 7, own) for k in range(20)]
    assert _rates(s, hyper, range(20)) == [float(x) for x in written]


def test_a_name_that_stands_in_two_schedules_is_told_apart_and_the_rate_is_not() -> None:
    parts = [catalogue.schedule(n) for n in ("step_decay", "exponential", "step_decay")]
    assert sequential(*parts).hyper_names == ("lr", "factor", "every", "factor_2", "factor_3", "every_3", "start_2", "start_3")
    assert part_names(parts)[2] == {"lr": "lr", "factor": "factor_3", "every": "every_3"}


COMPOSED = ("sequential(linear, cosine_annealing)", "sequential(step_decay, exponential, polynomial)", "chained(exponential, step_decay)")


@pytest.mark.parametrize("name", COMPOSED)
def test_the_recursion_of_a_composition_is_its_closed_form(name: str) -> None:
    s = catalogue.schedule(name)
    assert s.recursion is not None and not s.waits
    stepped = Schedule(f"{name} stepped", s.title, s.source, s.hyper, *_as_steps(s))
    values = s.values()
    closed, one_by_one = rates(s, values, range(60)), rates(stepped, values, range(60))
    assert all(abs(x - y) <= abs(x) * Fraction(1, 10**40) for x, y in zip(closed, one_by_one, strict=True))


def _as_steps(s: Schedule) -> Any:
    """The rate, recursion and states of a schedule that goes by its recursion alone."""
    from refopt.language.compose import substitute
    from refopt.language.expression import k, literal
    from refopt.language.rule import Let, State
    from refopt.language.schedule import lr_prev

    assert s.recursion is not None
    kept = State(lr_prev, substitute(s.rate, {"k": literal(0)}), "rate")
    return lr_prev, None, "", (), (), (), None, (kept,), (Let(lr_prev, substitute(s.recursion, {"k": k + 1})),)


def test_a_chain_of_factors_is_their_product_and_one_with_more_has_no_closed_form() -> None:
    product = catalogue.schedule("chained(exponential, step_decay)")
    hyper = {"lr": "0.5", "factor": "0.875", "factor_2": "0.5", "every": "3"}
    assert _rates(product, hyper, (0, 1, 3, 7)) == [0.5 * 0.875**k * 0.5 ** (k // 3) for k in (0, 1, 3, 7)]
    affine = catalogue.schedule("chained(exponential, cosine_annealing/periodic)")
    assert affine.waits and affine.last_known(affine.values()) is None
    found = _rates(affine, {"lr": "1", "factor": "0.5", "period": "4", "lr_min": "0.1"}, (0, 8))
    assert found[0] == 1 and abs(found[1] - -0.02411165) < 1e-8, "the rate falls below 0, as in torch: refopt list findings"


def test_the_bound_of_a_chain_grows_with_its_steps() -> None:
    s = catalogue.schedule("chained(exponential, cosine_annealing/periodic)")
    radii = [x for x in schedule_radii(s, s.values({"period": "40"}), (1, 5, 30)).exact() if x is not None]
    assert len(radii) == 3 and 0 < radii[0] < radii[1] < Fraction(1, 10**12)


def test_a_symbol_is_a_factor_of_a_tree_or_not() -> None:
    x, a = scalar("x"), scalar("a")
    assert all(multiplies(t, "x") for t in (x, a * x, x / a, -(x * a), where(a < 1, x, a * x), x + a * x))
    assert not any(multiplies(t, "x") for t in (a, x + a, x * x, a / x, where(x < 1, x, x), floor(x)))


@pytest.mark.parametrize(("name", "told"), [
    ("sequential(warmup)", "sequential needs two schedules, here is one"),
    ("chained()", "chained needs two schedules, here are none"),
    ("sequential(warmup, cosin)", "no schedule 'cosin'"),
    ("chained(exponential, reduce_on_plateau)", "reduce_on_plateau waits"),
    ("sequential(chained(exponential, cosine_annealing), constant)", "cannot stand in sequential"),
])  # fmt: skip
def test_what_cannot_be_composed_is_told_in_one_line(name: str, told: str) -> None:
    with pytest.raises(RefoptError) as caught:
        catalogue.schedule(name)
    assert told in caught.value.message and "\n" not in caught.value.message


def test_compositions_may_stand_in_compositions() -> None:
    s = catalogue.schedule("sequential(warmup, chained(exponential, step_decay), constant)")
    assert s.name == s.family and not s.is_variant and [m.name for m in s.made_of] == ["warmup", "chained(exponential, step_decay)", "constant"]
    assert catalogue.find(s.name) == s


@pytest.mark.parametrize(("name", "verdict", "matches"), [
    ("SequentialLR(schedulers=[LinearLR(), StepLR()])", "conforms", "sequential(linear, step_decay)"),
    ("SequentialLR(schedulers=[LinearLR(), CosineAnnealingLR()])", "variant", "sequential(linear, cosine_annealing/periodic)"),
    ("ChainedScheduler(schedulers=[ExponentialLR(), StepLR()])", "conforms", "chained(exponential, step_decay)"),
    ("ChainedScheduler(schedulers=[ExponentialLR(), CosineAnnealingLR()])", "variant", "chained(exponential, cosine_annealing/periodic)"),
])  # fmt: skip
def test_schedulers_of_schedulers_are_judged_with_those_that_they_hold(name: str, verdict: str, matches: str) -> None:
    pytest.importorskip("torch")
    found = judge(load(f"{TORCH}.{name}", None)).worst
    assert (found.verdict, found.diagnosis.matches) == (verdict, (matches,)) and len(found.doors) == 2 and not found.wrong_doors


def test_what_optax_joins_is_judged_with_what_is_joined() -> None:
    pytest.importorskip("optax")
    found = judge(load("optax.join_schedules(schedules=[linear_schedule(), cosine_decay_schedule()])", None)).worst
    assert (found.verdict, found.diagnosis.matches) == ("conforms", ("sequential(linear, cosine_annealing)",)) and not found.wrong_doors


@pytest.mark.parametrize("name", [
    f"{TORCH}.SequentialLR(schedulers=[])", f"{TORCH}.SequentialLR(schedulers=3)", f"{TORCH}.SequentialLR(schedulers=[LinearLR()])",
    f"{TORCH}.SequentialLR(schedulers=[LinearLR(), ReduceLROnPlateau()])", f"{TORCH}.ChainedScheduler(schedulers=[LinearLR(), Nothing()])",
    "optax.join_schedules(schedules=[linear_schedule()])",
])  # fmt: skip
def test_what_holds_no_schedules_is_refused_in_one_line(name: str) -> None:
    pytest.importorskip(name.partition(".")[0])
    with pytest.raises(RefoptError) as caught:
        load(name, None)
    assert "\n" not in caught.value.message


class JoinedLate:
    """A linear rise, then a decay by steps that begins to count one step late."""

    name, version, rule = "mine", "", "sequential(linear, step_decay)"
    settings: dict[str, float] = {}  # noqa: RUF012

    def rates(self, hyper: dict[str, float], steps: Sequence[int]) -> Any:
        def rate(k: int) -> float:
            if k < hyper["start_2"]:
                return hyper["lr"] * (hyper["start_factor"] + (hyper["end_factor"] - hyper["start_factor"]) * min(k, hyper["span"]) / hyper["span"])
            return hyper["lr"] * hyper["factor"] ** ((max(k - hyper["start_2"] - 1, 0)) // hyper["every"])

        return Rates(tuple(rate(k) for k in steps))


def test_a_schedule_that_begins_to_count_late_does_not_conform_and_its_case_can_be_asked_again() -> None:
    verdict = judge(JoinedLate(), search=0)  # type: ignore[arg-type]
    assert verdict.worst.verdict == "deviates" and verdict.exit == 1
    again = reproduce(verdict, verdict.worst, "sequential(linear, step_decay)-schedule-001")
    assert "--case 'sequential(linear, step_decay)-schedule-001'" in again


def test_a_composition_is_shown_and_written_as_numpy() -> None:
    from refopt.lowering.generate import module

    for name in ("sequential(warmup, cosine_annealing)", "chained(exponential, cosine_annealing/periodic)"):
        s = catalogue.schedule(name)
        code: dict[str, Any] = {}
        exec(module(s, "numpy"), code)
        theirs = [code["rate"](k, **{h.name: h.usual for h in s.hyper}) for k in (0, 1, 9, 10, 11, 60)]
        assert theirs == pytest.approx(_rates(s, {}, (0, 1, 9, 10, 11, 60)), rel=1e-12)
