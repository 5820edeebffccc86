"""Evidence made by hand: single updates and runs of a few elements, whose exact values fractions give, and no framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from refopt.catalogue import rule
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Hyper, in_force
from refopt.conformance.judge.updates import Numbers, Update
from refopt.conformance.protocol.implementation import Array, Ran, Request, Snapshot, View
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import Case, CaseKind, Counting, Parameter, Result, Row
from refopt.language.expression import g, sqrt, theta
from refopt.language.rule import Let, Rule
from refopt.rounding.formats import FLOAT64, Format

ADAM = rule("adam")
VIEWS = {"m": View("m"), "v": View("v")}
HYPER = in_force(ADAM, {}, {})
SGD = rule("sgd")
SIGNED = replace(SGD, name="signed", steps=(Let(theta, theta - SGD.hyper[0].symbol * g / sqrt(g * g)),))
"""A step of the length of the rate whatever the gradient, by a square that may vanish or overflow in a program."""
THETA, GRADIENT = (1.0, -2.0, 0.75, 3.0), (0.5, 0.25, -1.0, 2.0)
"""Four different elements and their gradients, numbers of every format."""


def numbers(values: Sequence[float | Fraction]) -> Numbers:
    """Values as an array of binary64."""
    return np.array([float(x) for x in values])


def update(
    before: Mapping[str, Sequence[float | Fraction]],
    after: Mapping[str, Sequence[float | Fraction]],
    g: Sequence[float] | None = GRADIENT,
    *,
    t: int = 1,
    case: int = 0,
) -> Update:
    """One update of distinct elements, as it could have been seen."""
    n = len(before["theta"])
    seen = {k: numbers(x) for k, x in before.items()}, {k: numbers(x) for k, x in after.items()}
    return Update(case, t - 1, t, 0, None, None, *seen, None if g is None else numbers(g), np.arange(n))


def adam_from_nothing(theta: Sequence[float] = THETA, g: Sequence[float] = GRADIENT, hyper: Hyper = HYPER) -> dict[str, list[Fraction]]:
    """Adam's first update, exactly: the corrected moments are the gradient and its square, so that no root is left."""
    one, gradient = Fraction(1), [Fraction(x) for x in g]
    return {
        "theta": [Fraction(x) - hyper["lr"] * y / (abs(y) + hyper["eps"]) for x, y in zip(theta, gradient, strict=True)],
        "m": [(one - hyper["beta1"]) * y for y in gradient],
        "v": [(one - hyper["beta2"]) * y * y for y in gradient],
    }


def first_update(**changed: Sequence[float | Fraction]) -> Update:
    """Adam's first update, right but for what is changed."""
    return update({"theta": THETA}, {**adam_from_nothing(), **changed})


def case_of(
    r: Rule, grads: Sequence[Sequence[str] | None], theta0: Sequence[str] = ("1", "-2"), *, state0: Mapping[str, Row] | None = None,
    hyper: Mapping[str, str] | None = None, lr: Row | None = None, t0: int = 1, courses: Mapping[str, Row] | None = None,
) -> Case:  # fmt: skip
    """A case of one tensor that expects nothing yet."""
    values = {h.name: h.default for h in r.hyper} | dict(hyper or {})
    given = None if state0 is None else dict(state0)
    parameter = Parameter((len(theta0),), len(theta0), tuple(theta0), given)
    rows = tuple((None if g is None else tuple(g),) for g in grads)
    return Case("made", "made by hand", CaseKind.OPEN_LOOP, Result.MUST, (), ("float64",), values, lr, courses or {}, (parameter,), t0, rows)


def observed(r: Rule, case: Case, thetas: Sequence[Sequence[float]], f: Format = FLOAT64, counting: Counting = Counting.RUN) -> Observation:
    """A run of a case of one tensor that showed these thetas after its updates, and no state."""

    def array(values: Sequence[float | str]) -> Array:
        return np.array([float(x) for x in values]).astype(f.dtype)

    (parameter,) = case.params
    request = Request(
        rule=r.name, state_names=r.state_names, format=f, hyper={n: float(x) for n, x in case.hyper.items()},
        lr=None if case.lr is None else tuple(float(x) for x in case.lr), theta0=(array(parameter.theta0),), state0=None, t0=case.t0,
        grads=tuple(tuple(None if g is None else array(g) for g in row) for row in case.grads),
        courses={n: tuple(float(x) for x in row) for n, row in case.courses.items()},
    )  # fmt: skip
    start = Snapshot((array(parameter.theta0),), ({},))
    return Observation(case, request, Ran(start, tuple(Snapshot((array(x),), ({},)) for x in thetas)), 0.0, counting)


def at_rate(u: Update, lr: float, lr_before: float | None = None) -> Update:
    """The update with a rate of its own."""
    return replace(u, lr=Fraction(lr), lr_before=Fraction(lr if lr_before is None else lr_before))


def evidence_of(r: Rule, found: Sequence[Update], mode: Mode = Mode.STEPWISE, f: Format = FLOAT64) -> Evidence:
    """Evidence of these updates alone, each case of which is one of a rule that sends its defaults; every state is seen under its own name."""
    cases = max((u.case for u in found), default=-1) + 1
    plain = case_of(r, [["0"]], ["0"])
    observations = [observed(r, plain, [[0.0]], f) for _ in range(cases)]
    return Evidence(r, lambda asked: {n: View(n) for n in asked.state_names}, {}, observations, f, mode).with_updates(list(found))
