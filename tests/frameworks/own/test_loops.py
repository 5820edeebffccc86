"""Whole loops are run over given gradients: the right ones conform, the wrong ones are named, and what cannot be run so is refused."""

from __future__ import annotations

import numpy as np
import pytest

import refopt
from refopt.conformance.protocol.implementation import Ran, Request, Skipped
from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError, UnknownName
from refopt.frameworks import handed
from refopt.report.words import told, told_or_none
from refopt.rounding.formats import FLOAT64
from tests.frameworks.own.people import loops
from tests.frameworks.own.test_people import judged


def test_a_right_loop_conforms_with_its_tolerance_at_0() -> None:
    report = refopt.check(loops.minimize, "adam", dtypes=["float64"], cases=["adam-open-basic-001", "adam-open-low-001", "adam-open-rate-001"])
    assert report.verdict == Conformance.CONFORMS and "tol = 0" in report.found.told, report.found.told
    skipped = {told_or_none(line.reason) for line in report.found.worst.ground.lines if line.verdict == Conformance.SKIPPED}
    assert skipped == {"it takes one rate for its whole loop"}


def test_a_loop_of_a_vector_is_given_each_tensor_as_one() -> None:
    found = refopt.check(loops.adam_of_a_vector, "adam", dtypes=["float64"], cases=["adam-open-basic-001", "adam-open-low-001", "adam-open-shapes-001"]).found
    assert found.worst.verdict == Conformance.CONFORMS and any("(NumPy arrays, flat)" in x for x in found.told), (found.worst.verdict, found.told)
    assert all(line.verdict == Conformance.CONFORMS for line in found.worst.ground.lines), found.worst.ground.lines


def test_a_wrong_loop_deviates() -> None:
    assert judged(loops.HeavyBall, "momentum", ("open-basic-001", "open-low-001")).verdict == Conformance.DEVIATES


def test_a_loop_that_ends_is_followed_to_its_end_and_no_further() -> None:
    made = handed(loops.gradient_descent, "sgd")
    assert made.settings == {"lr": 0.1}

    def run(updates: int) -> object:
        grads = tuple((np.full(2, 1.0 + t),) for t in range(updates))
        return made.run(Request("sgd", (), FLOAT64, {"lr": 0.5}, None, (np.array([3.0, 4.0]),), None, 1, grads))  # type: ignore[union-attr]

    whole = run(100)
    assert isinstance(whole, Ran) and (whole.after[-1].theta[0] == np.array([3.0, 4.0]) - 0.5 * sum(1.0 + t for t in range(100))).all()
    assert isinstance(found := run(101), Skipped) and told(found.reason) == "its loop ended after 100 of 101 updates"


def test_a_loop_that_does_not_move_is_refused() -> None:
    with pytest.raises(RefoptError, match="cannot be run over given gradients: "):
        refopt.check(loops.stuck, "sgd")


def test_a_rule_that_there_is_not_is_told_before_an_argument_that_nothing_is_known_of() -> None:
    with pytest.raises(UnknownName, match="nonsense"):
        handed(loops.with_radius, "nonsense")
    with pytest.raises(RefoptError, match="what its argument radius means is not clear"):
        handed(loops.with_radius, "sgd")


def test_half_a_pair_is_sent_with_the_other_half_of_its_own_default() -> None:
    made = handed(loops.quick_adam, "adam")
    random = np.random.default_rng(7)
    grads = tuple((random.uniform(0.5, 1, 3),) for _ in range(3))

    def run(**hyper: float) -> list[bytes]:
        answer = made.run(Request("adam", (), FLOAT64, hyper, None, (np.ones(3),), None, 1, grads))  # type: ignore[union-attr]
        assert isinstance(answer, Ran)
        return [x.theta[0].tobytes() for x in answer.after]

    assert run(beta1=0.5) == run() == run(beta2=0.6) != run(beta1=0.5, beta2=0.999)
