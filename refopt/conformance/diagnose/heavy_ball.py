"""Momentum whose velocity is not kept: theta + mu*(theta - theta_prev) - lr*g, with the theta before as its state.

It is the same formula; but each rounding of theta goes into the velocity, which is the difference of two thetas, and is
carried on by it. Nobody sees v, so it is judged in open loop, from the start of a run, by the bound that this state has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.conformance.diagnose.cause import KeepsThetaBefore
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.precision_causes import Cause
from refopt.conformance.judge.exact_update import fraction
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.implementation import Ran
from refopt.language.compose import substitute
from refopt.language.evaluate import rational
from refopt.language.expression import Expression, operation, tensor, theta
from refopt.language.rule import Let, Rule, State
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds

BEFORE = tensor("theta_before", r"\theta_{t-1}")
NEXT = tensor("theta_next", r"\theta_{t+1}")
ROOM = 1 + 2.0**-20
"""Covers the roundings of what is worked out here in 53 bits."""


@dataclass(frozen=True)
class HeavyBall:
    """A rule told in theta and the theta before. `kept` is the share of the velocity, the state `velocity`, that each update keeps."""

    rule: Rule
    velocity: str
    kept: Expression
    sign: int

    def bounds(self, blocks: Sequence[Block]) -> list[dict[str, ErrorBounds]]:
        """The bounds after updates whose values before them are theta and the velocity.

        What an update commits, it commits to the velocity: E_v <- kept*E_v + committed, E_theta <- E_theta + E_v. Roundings are
        proportional to the values, so that those of the errors themselves are added.
        """
        exact = radii(self.rule, [self._told(b, b.before["theta"], b.before[self.velocity], b.g) for b in blocks])
        before = [b.radii or {n: ErrorBounds.zero(len(b.g)) for n in ("theta", self.velocity)} for b in blocks]
        of_errors = radii(self.rule, [self._told(b, _numbers(e["theta"]), _numbers(e[self.velocity]), [0.0] * len(b.g))
                                      for b, e in zip(blocks, before, strict=True)])  # fmt: skip
        found = []
        for block, e, one, other in zip(blocks, before, exact, of_errors, strict=True):
            share = float(abs(rational(self.kept, {**block.hyper, "t": Fraction(block.t)})))
            v = (e[self.velocity].values * share + one["theta"].values + other["theta"].values) * ROOM
            found.append({"theta": ErrorBounds((e["theta"].values + v) * ROOM), self.velocity: ErrorBounds(v)})
        return found

    def _told(self, block: Block, values: Sequence[Any], velocity: Sequence[Any], g: Sequence[Any]) -> Block:
        earlier = [fraction(x) + self.sign * fraction(v) for x, v in zip(values, velocity, strict=True)]
        return replace(block, before={"theta": values, str(BEFORE.name): earlier}, g=g, radii=None)


def _numbers(r: ErrorBounds) -> list[Fraction]:
    """Errors as numbers; where there is no bound any more none is made, so that their size does not matter."""
    return [Fraction(0) if x is None else x for x in r.exact()]


def heavy_ball(rule: Rule) -> HeavyBall | None:
    """The rule told so; None unless its last assignment takes a velocity from theta (or adds it) that keeps a share of itself."""
    last = rule.steps[-1]
    if len(rule.steps) != 2 or len(rule.state) != 1 or last.name != "theta" or last.value.op not in ("sub", "add") or last.value.args[0] != theta:
        return None
    let, velocity = rule.steps[0], rule.state[0].symbol
    kept = let.value.args[0] if let.value.op in ("add", "sub") else let.value
    if let.symbol != velocity or last.value.args[1] != velocity or kept.op != "mul" or not kept.args[0].is_scalar or kept.args[1] != velocity:
        return None
    if velocity.name in let.value.args[1].symbol_names or rule.state[0].initial.value != 0:
        return None
    sign = 1 if last.value.op == "sub" else -1
    difference = BEFORE - theta if sign > 0 else theta - BEFORE
    update = operation(last.value.op, theta, substitute(let.value, {str(velocity.name): difference}))
    steps = (Let(NEXT, update), Let(BEFORE, theta), Let(theta, NEXT))
    return HeavyBall(replace(rule, state=(State(BEFORE, theta),), steps=steps), str(velocity.name), kept.args[0], sign)


def in_open_loop(evidence: Evidence) -> Cause | None:
    """The cause that explains such a program; None where the velocity is seen, or something else than the theta before is kept."""
    told = heavy_ball(evidence.reference)
    if told is None or evidence.mode != Mode.OPEN_LOOP:
        return None
    view = evidence.views(evidence.reference).get(told.velocity)
    if (view is not None and view.buffer in evidence.buffers) or not _keeps_the_theta_before(evidence):
        return None
    model = Model(evidence.reference.name, evidence.reference, bounds=told.bounds)
    return Cause(KeepsThetaBefore(told.velocity), model, element=2.0**6 * float(evidence.format.u))


def _keeps_the_theta_before(evidence: Evidence) -> bool:
    """True where what is kept, as far as it can be seen, holds the theta before after every update."""
    for o in evidence.observations:
        if not isinstance(o.answer, Ran):
            continue
        for before, after in zip((o.answer.before, *o.answer.after), o.answer.after, strict=False):
            for p, buffers in enumerate(after.state):
                if not _holds(buffers, before.theta[p], after.theta[p]):
                    return False
    return True


def _holds(buffers: Mapping[str, Any], before: Any, after: Any) -> bool:
    alike = [x for x in buffers.values() if x.shape == before.shape and x.dtype == before.dtype]
    unmoved = np.array_equal(before, after, equal_nan=True)  # a tensor without a gradient keeps the one before that
    return unmoved or not alike or any(np.array_equal(x, before, equal_nan=True) for x in alike)
