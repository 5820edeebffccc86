"""Faults that show late in a run: told by the update they begin with, and by name where one explains everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from refopt import catalogue
from refopt.conformance.diagnose.count_edits import GoesUpEach, Stops, Wraps
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.late_edits import Late, Lateness, begins_anew, counts, faults, late_edits, with_fault
from refopt.conformance.diagnose.moments import Since
from refopt.conformance.diagnose.parts import area_of
from refopt.conformance.diagnose.whole_tensor import whole_tensor
from refopt.conformance.judge.mode import Mode
from refopt.conformance.protocol.implementation import Implementation
from refopt.conformance.protocol.observe import observe
from refopt.frameworks.own.python_object import from_factory
from refopt.golden import store
from refopt.rounding.formats import number_format

State = Mapping[str, Any]


class Adam:
    """Adam whose state goes by names of its own, so that it is not seen; `count` says what it counts."""

    def __init__(self, names: tuple[str, str] = ("a", "b")) -> None:
        self.names = names

    def count(self, t: int) -> int:
        """The number that it takes an update for."""
        return t

    def init(self, theta: Any) -> State:
        """Zeros."""
        return {n: np.zeros_like(theta) for n in self.names}

    def before(self, state: State, t: int) -> State:
        """The state that it takes."""
        return state

    def step(self, theta: Any, grad: Any, state: State, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Any:
        """One update."""
        f, n = theta.dtype.type, self.count(t)
        m, v = (self.before(state, t)[x] for x in self.names)
        m, v = f(beta1) * m + f(1 - beta1) * grad, f(beta2) * v + f(1 - beta2) * grad * grad
        with np.errstate(all="ignore"):
            new = theta - f(lr) * (m / f(1 - beta1**n)) / (np.sqrt(v / f(1 - beta2**n)) + f(eps))
        return new, dict(zip(self.names, (m, v), strict=True))


class Stopped(Adam):
    """Its count stops at 100."""

    def count(self, t: int) -> int:
        """No more than 100."""
        return min(t, 100)


class Anew(Adam):
    """Its moments start anew after every 60 updates."""

    def before(self, state: State, t: int) -> State:
        """Zeros at times."""
        return self.init(state[self.names[0]]) if t > 1 and (t - 1) % 60 == 0 else state


class Wrapped(Adam):
    """Its count begins anew after 50."""

    def count(self, t: int) -> int:
        """1 to 50."""
        return (t - 1) % 50 + 1


def seen(made: Adam, mode: Mode, *ids: str) -> Evidence:
    """The evidence of some cases of adam in float32."""
    rule, f = catalogue.rule("adam"), number_format("float32")
    implementation = from_factory(lambda: made, type(made).__name__, "adam")
    assert isinstance(implementation, Implementation)
    cases = [c for c in store.packed_cases("adam") if c.id in (*ids, "adam-open-every-001")]
    return Evidence(rule, implementation.views, implementation.settings, [observe(implementation, rule, c, f) for c in cases], f, mode)


@pytest.mark.parametrize(
    ("made", "fault"), [(Stopped(), Stops(100)), (Anew(), Late(Lateness.STATE_ANEW, 60, ("m", "v")))], ids=["stopped", "anew"],
)  # fmt: skip
def test_a_late_fault_of_a_hidden_state_is_named(made: Adam, fault: object) -> None:
    evidence = seen(made, Mode.OPEN_LOOP)
    assert [a.edit for a in late_edits(evidence, evidence.by_reference)] == [fault]


def test_a_count_that_begins_anew_is_told_by_where_it_begins_and_is_no_clipping() -> None:
    evidence = seen(Wrapped(("m", "v")), Mode.STEPWISE, "adam-resume-002")
    assert area_of(evidence, evidence.by_reference) == Since(51)
    assert whole_tensor(evidence) is None


@pytest.mark.parametrize(
    ("fault", "at", "counted"),
    [(Stops(9), 12, 9), (Wraps(9, 1), 10, 1), (Wraps(9, 0, 1), 10, 1), (Wraps(9, 0, 1), 12, 2), (Late(Lateness.ALL_ANEW, 9, ("m",)), 19, 1),
     (Late(Lateness.STATE_ANEW, 9, ("m",)), 19, 19)],
)  # fmt: skip
def test_each_fault_counts_as_its_rule_does(fault: Stops | Wraps | Late, at: int, counted: int) -> None:
    assert counts(fault, at, 1).tolist() == [counted] and counts(fault, 1, at)[-1] == counted
    rule = with_fault(catalogue.rule("adam"), fault)
    assert rule.text() != catalogue.rule("adam").text()


def test_the_state_starts_anew_after_every_so_many_updates() -> None:
    fault = Late(Lateness.STATE_ANEW, 9, ("m", "v"))
    assert (np.flatnonzero(begins_anew(fault, 1, 29)) + 1).tolist() == [10, 19, 28]


def test_a_rule_without_a_count_has_faults_of_its_state_alone() -> None:
    assert {f.kind for f in faults(catalogue.rule("momentum"), 50) if isinstance(f, Late)} == {Lateness.STATE_ANEW}
    assert not [f for f in faults(catalogue.rule("momentum"), 50) if not isinstance(f, Late)]


def test_a_count_that_goes_up_once_in_two_updates_is_1_1_2_2() -> None:
    assert GoesUpEach(2).counts(1, 4) == [1, 1, 2, 2]
