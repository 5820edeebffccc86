"""Closed loops: gradients at the place that the implementation itself has come to, by small optimizers written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import pytest

from refopt.conformance.judge.closed_loop import gradient_at, judge_closed, observe_closed
from refopt.conformance.judge.model import Hyper, Model, in_force
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.protocol.implementation import Answer, Array, NoAnswer, Ran, Request, Skipped, Snapshot, View
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.protocol.reason import Reason, Why
from refopt.golden.model import Case, CaseKind, Expected, ExpectedParameter
from refopt.language.rule import Rule
from refopt.rounding.formats import BFLOAT16, FLOAT32, FLOAT64, Format
from tests.conformance.made import SGD, case_of

HALF = in_force(SGD, {"lr": "0.5"}, {})


@dataclass
class Descent:
    """theta - factor*lr*g, one update a run; it counts its updates, and remembers what it was asked.

    late    the number of the update from which on the factor holds
    breaks  the number of the update that it gives no answer to
    """

    factor: float = 1.0
    late: int = 1
    breaks: int | None = None
    resumes: bool = True
    name: str = "descent"
    version: str = ""
    rule: str | None = "sgd"
    settings: Mapping[str, float] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def views(self, rule: Rule) -> Mapping[str, View]:
        return {}

    def run(self, request: Request) -> Answer:
        self.asked.append(request)
        if request.t0 == self.breaks:
            return NoAnswer("it broke", request.t0)
        (theta,), ((g,),) = request.theta0, request.grads
        assert g is not None
        lr = request.hyper["lr"] if request.lr is None else request.lr[0]
        new = theta - theta.dtype.type((self.factor if request.t0 >= self.late else 1.0) * lr) * g
        count = np.zeros_like(theta) if request.state0 is None else request.state0[0]["count"]
        return Ran(Snapshot(request.theta0, ({},)), (Snapshot((new.astype(theta.dtype),), ({"count": count + 1},)),))


def _case(keep: tuple[int, ...] = (1, 2), *, expect: tuple[Expected, ...] = (), kappa: str = "3", schedule: str | None = None) -> Case:
    """J = (x^2 + kappa*y^2)/2, whose gradient is (x, kappa*y)."""
    plain = case_of(SGD, [], ["1", "1"], hyper={"lr": "0.5"})  # where the objective starts
    told = None if schedule is None else {"lr": "0.5", "factor": "0.5"}
    loop = replace(plain, kind=CaseKind.CLOSED_LOOP, keep=keep, expect=expect, objective="ravine", objective_hyper={"kappa": kappa})
    return replace(loop, schedule=schedule, schedule_hyper=told)


def _thetas(o: Observation) -> list[list[float]]:
    assert isinstance(o.answer, Ran)
    return [s.theta[0].tolist() for s in o.answer.after]


def _judge(implementation: Descent, case: Case, *, golden: bool = False, hyper: Hyper = HALF, f: Format = FLOAT64) -> list[Judged]:
    o = observe_closed(implementation, SGD, case, f)
    return judge_closed(Model("sgd", SGD), [(0, o)], [hyper], {}, f, golden=golden)


def _failing(judged: Sequence[Judged]) -> set[tuple[int, int]]:
    return {(j.update.t, i) for j in judged for i in np.flatnonzero((j.ratio["theta"] > 1)[j.update.inverse]).tolist()}


def test_the_gradient_is_that_of_the_objective_rounded_once_to_the_format() -> None:
    theta = np.array([1 / 3, 1 + 2.0**-7])
    assert gradient_at(_case(), theta, 0, FLOAT64).tolist() == [1 / 3, float(3 * Fraction(theta[1]))]
    rounded = gradient_at(_case(), theta.astype(BFLOAT16.dtype), 0, BFLOAT16)
    assert rounded.dtype == BFLOAT16.dtype
    assert float(rounded[1]) == float(BFLOAT16.round(3 * (1 + Fraction(1, 128))) or 0) != 3 * (1 + 1 / 128), "3 + 3/128 needs more than 8 bits"


def test_where_theta_is_not_finite_no_gradient_is_and_one_that_is_too_large_is_infinite() -> None:
    def at(theta: Sequence[float]) -> Array:
        return gradient_at(_case(), np.array(theta), 0, FLOAT64)

    assert np.isnan(at([1.0, np.inf])).all() and np.isnan(at([np.nan, 1.0])).all()
    assert at([1.0, 1e308]).tolist() == [1.0, np.inf]


def test_each_update_goes_on_from_what_the_one_before_left_with_the_gradient_there() -> None:
    descent = Descent()
    o = observe_closed(descent, SGD, _case((1, 3)), FLOAT64)
    # x halves; y is multiplied by 1 - 3/2
    assert _thetas(o) == [[0.5, -0.5], [0.25, 0.25], [0.125, -0.125]]
    assert [r.t0 for r in descent.asked] == [1, 2, 3]
    assert [g[0].tolist() for r in descent.asked for g in r.grads if g[0] is not None] == [[1, 3], [0.5, -1.5], [0.25, 0.75]]
    assert [None if r.state0 is None else r.state0[0]["count"].tolist() for r in descent.asked] == [None, [1, 1], [2, 2]]
    assert o.request is not None and len(o.request.grads) == 3


def test_the_rate_of_each_update_is_that_of_the_schedule() -> None:
    descent = Descent()
    observe_closed(descent, SGD, _case((1, 3), schedule="exponential"), FLOAT64)
    assert [r.lr for r in descent.asked] == [(0.5,), (0.25,), (0.125,)]


def test_what_cannot_go_on_from_a_state_is_skipped_and_what_breaks_on_the_way_gives_no_answer() -> None:
    skipped = observe_closed(Descent(resumes=False), SGD, _case(), FLOAT64).answer
    assert skipped == Skipped(Reason(Why.NO_STATE_GIVEN_BACK))
    broken = observe_closed(Descent(breaks=2), SGD, _case(), FLOAT64).answer
    assert isinstance(broken, NoAnswer) and broken.t == 2


@pytest.mark.parametrize("f", [FLOAT64, FLOAT32], ids=lambda f: f.name)
def test_the_right_way_is_judged_right_and_a_step_that_is_too_long_fails_from_its_own_update_on(f: Format) -> None:
    assert _failing(_judge(Descent(), _case((1, 2, 3)), f=f)) == set()
    assert _failing(_judge(Descent(1.25, late=2), _case((1, 2, 3)), f=f)) == {(2, 0), (2, 1), (3, 0), (3, 1)}


def test_only_the_kept_updates_are_judged() -> None:
    assert [j.update.t for j in _judge(Descent(), _case((1, 3)))] == [1, 3]
    assert _failing(_judge(Descent(1.25), _case((2,)))) == {(2, 0), (2, 1)}


def test_the_listed_values_count_for_the_file_s_own_rule_only() -> None:
    listed = Expected(2, (ExpectedParameter(("0.25", "-0.75"), {}, {"float64": {"theta": ("0.125", "0.5")}}),))
    case = _case((2,), expect=(listed,))
    (golden,), (made_here,) = _judge(Descent(), case, golden=True), _judge(Descent(), case)
    assert golden.ratio["theta"].tolist() == [0, 2], "y is 1/4, and -3/4 with a bound of 1/2 is listed"
    assert _failing([made_here]) == set()


def test_the_exact_run_has_the_hyperparameters_in_force() -> None:
    assert _failing(_judge(Descent(0.5), _case((2,)))) == {(2, 0), (2, 1)}
    assert _failing(_judge(Descent(0.5), _case((2,)), hyper=in_force(SGD, {"lr": "0.25"}, {}))) == set()
