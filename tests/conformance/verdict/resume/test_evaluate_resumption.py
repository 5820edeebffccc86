"""What saving and loading does, on runs of a momentum that is made by hand: skipped, the same bits, refused, lost, or no more than rounding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.resume.cut import cuts
from refopt.conformance.judge.resume.loss import Refused, Reset, Resumption, Unknown
from refopt.conformance.protocol.implementation import Answer, NoAnswer, Ran, Request, Skipped
from refopt.conformance.protocol.observe import observe
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import NotSaved
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.diagnosis import Diagnosis
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.resume.elsewhere import Here
from refopt.conformance.verdict.resume.evaluate_resumption import resumption
from refopt.conformance.verdict.resume.verdict import with_resumption
from refopt.rounding.formats import FLOAT64
from tests.conformance.made import case_of
from tests.conformance.plain_momentum import DEFAULTS, Momentum

MOMENTUM = rule("momentum")
RATES = {"lr": "0.25", "momentum": "0.5"}
GRADIENTS = [["0.5", "-1"], ["2", "0.25"], ["-0.75", "1"], ["1", "0.5"]]
CASES = [replace(case_of(MOMENTUM, GRADIENTS[i:] + GRADIENTS[:i], hyper=RATES), id=f"made-{i}") for i in range(3)]


def finding_on(implementation: Momentum, mode: Mode = Mode.STEPWISE, *, fits: bool = True, grads: int = 4) -> Finding:
    """A finding whose uninterrupted runs are the rule's; `grads`: updates of each run."""
    seen = [observe(implementation, MOMENTUM, replace(c, grads=c.grads[:grads]), FLOAT64) for c in CASES]
    evidence = Evidence(MOMENTUM, implementation.views, implementation.settings, seen, FLOAT64, mode)
    attempt = fit.attempt(replace(evidence, mode=Mode.STEPWISE), Model(MOMENTUM.name, MOMENTUM))
    known = Diagnosis(Explanation(attempt, (attempt,) if fits else ()), (MOMENTUM.name,) if fits else ())
    return Finding("float64", Conformance.CONFORMS if fits else Conformance.DEVIATES, Approach(mode), known, evidence=evidence)


def judged(implementation: Momentum, **how: Any) -> Resumption:
    """Its saved states, loaded by fresh objects here."""
    return resumption(implementation, finding_on(implementation, **how), Here(implementation))


def test_what_keeps_everything_loses_nothing() -> None:
    assert judged(Momentum(settings=DEFAULTS)) == Resumption(runs=3)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (judged(Momentum(resumes=False)), Reason(Why.SAYS_IT_DOES_NOT_RESUME)),
        (judged(Momentum(), mode=Mode.CLOSED_LOOP), Reason(Why.NO_CLOSED_LOOP_CUT)),
        (judged(Momentum(), grads=1), Reason(Why.TOO_SHORT)),
        (resumption(Momentum(), replace(finding_on(Momentum()), evidence=None), Here(Momentum())), Reason(Why.NO_RUN_CUT)),
    ],
)
def test_where_nothing_can_be_cut_the_reason_is_given(found: Resumption, why: Reason) -> None:
    assert found == Resumption(skipped=why)


def test_why_it_saves_nothing_is_its_own_reason() -> None:
    finding = finding_on(Momentum())
    assert finding.evidence is not None
    seen = [(o, o.answer) for o in finding.evidence.observations if isinstance(o.answer, Ran)]
    unsaved = [replace(o, answer=replace(ran, saved=NotSaved("it keeps a file open"))) for o, ran in seen]
    assert len(unsaved) == 3
    found = resumption(Momentum(), replace(finding, evidence=finding.evidence.with_observations(unsaved)), Here(Momentum()))
    assert found == Resumption(skipped="it keeps a file open")


def _nothing(v: Any) -> Any:
    return 0 * v


def test_a_velocity_that_is_lost_is_named_and_shown_in_theta() -> None:
    (loss,) = (found := judged(Momentum(loaded=_nothing))).losses
    assert (loss.what, loss.case, loss.cut, loss.partial) == (Reset(("v",), whole=True), "made-0", 2, False) and (found.runs, found.within) == (3, 0)
    assert loss.first is not None and (loss.first.place.variable, loss.first.place.t) == ("theta", 3)


def test_a_velocity_of_which_one_element_is_lost_is_partly_lost() -> None:
    (loss,) = judged(Momentum(loaded=lambda v: np.array([0.0, v[1]]))).losses
    assert loss.what == Reset(("v",), whole=True) and loss.partial


@pytest.mark.parametrize("fits", [True, False])
def test_a_change_that_no_loss_explains_is_unknown_and_so_is_every_one_without_a_formula(fits: bool) -> None:
    (loss,) = judged(Momentum(loaded=(lambda v: 3 * v + 1) if fits else _nothing), fits=fits).losses
    assert loss.what == Unknown()


def test_other_bits_within_what_rounding_may_do_are_no_loss() -> None:
    shifted = judged(Momentum(loaded=lambda v: np.nextafter(v, np.inf)))
    assert shifted.losses == () and shifted.runs == 3 and shifted.within == 2, "in one run the next number rounds to the same theta"


def test_a_state_that_it_does_not_take_back_is_refused_with_its_words() -> None:
    (loss,) = (found := judged(Momentum(refuses="raised KeyError: 'scale'"))).losses
    assert loss.what == Refused("raised KeyError: 'scale'") and found.runs == 3


class Elsewhere:
    """A place whose answers a function makes; `again` makes those of another such place."""

    afresh = True

    def __init__(self, answer: Callable[[Request], Answer], again: Callable[[Request], Answer]) -> None:
        self.answer, self.again, self.closed = answer, again, False

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """The answers, in order."""
        return [self.answer(r) for r in requests]

    def anew(self) -> Elsewhere:
        """Another one."""
        self.other = Elsewhere(self.again, self.again)
        return self.other

    def close(self) -> None:
        """Note that it was ended."""
        self.closed = True


def test_a_run_that_has_other_bits_each_time_says_nothing_of_loading() -> None:
    place = Elsewhere(Momentum(loaded=_nothing).run, Momentum({"lr": 0.01, "momentum": 0.25}, sign=0.5).run)
    found = resumption(Momentum(), finding_on(Momentum()), place)
    assert found == Resumption(3, True, skipped=Reason(Why.OTHER_BITS_ANYWAY)) and place.other.closed and not place.closed


@pytest.mark.parametrize(("answer", "why"), [(Skipped("no GPU there"), "no GPU there"), (Skipped(Reason(Why.CANNOT_RESUME)), Reason(Why.CANNOT_RESUME))])
def test_a_run_that_is_not_continued_is_skipped_with_the_reason(answer: Skipped, why: Any) -> None:
    assert resumption(Momentum(), finding_on(Momentum()), Elsewhere(lambda _: answer, lambda _: answer)) == Resumption(0, True, skipped=why)


def test_one_run_that_is_refused_beside_others_that_go_on_counts() -> None:
    def answer(r: Request) -> Answer:
        return NoAnswer("broke", broken=True) if r.load is not None and float(r.grads[0][0][0]) == -0.75 else Momentum().run(r)  # type: ignore[index]

    (loss,) = (found := resumption(Momentum(), finding_on(Momentum()), Elsewhere(answer, Momentum().run))).losses
    assert (found.runs, found.afresh, loss.what, loss.case) == (3, True, Refused("broke"), "made-0")


def test_runs_that_were_handed_over_before_are_not_cut_again() -> None:
    finding, asked = finding_on(Momentum()), list[Request]()
    assert finding.evidence is not None
    begun = cuts(finding.evidence.observations)

    def answer(r: Request) -> Answer:
        asked.append(r)
        return Momentum().run(r)

    assert resumption(Momentum(), finding, Elsewhere(answer, answer), begun) == Resumption(3, True)
    assert all(r is c.rest for r, c in zip(asked, begun, strict=True))


def test_a_loss_makes_a_known_formula_deviate_and_leaves_a_deviation_what_it_is() -> None:
    lossy = Momentum(loaded=_nothing)
    finding, lost = finding_on(lossy), judged(lossy)
    found = with_resumption(finding, lost)
    assert (found.verdict, found.diagnosis.matches, found.diagnosis.nearest, found.resumption) == (Conformance.DEVIATES, (), "momentum", lost)
    kept = with_resumption(finding, Resumption(3))
    assert (kept.verdict, kept.diagnosis.matches) == (Conformance.CONFORMS, ("momentum",))
    assert with_resumption(finding_on(lossy, fits=False), lost).diagnosis == finding_on(lossy, fits=False).diagnosis
