"""Late faults of a run whose state is hidden: a count that stops or begins anew, corrections that end, moments that start anew.

One update says nothing of the next there, so that everything from the first fault on is wrong. Every such fault, at every number of updates up to
where the first value is off, is run side by side in binary64; what comes close is judged with its bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from refopt.conformance.diagnose import batches, fit
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.count_edits import Stops, Wraps
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.prefilter import ROOM, Span, updated
from refopt.conformance.diagnose.run_change import OfTheRun
from refopt.conformance.diagnose.running_error import Numbers, Rough, Tensors, Units
from refopt.conformance.diagnose.stale_elements import fails
from refopt.conformance.judge.long_run import is_long
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.summary import enough_claims
from refopt.errors import RefoptError
from refopt.language.compose import put_in
from refopt.language.expression import Expression, equal, literal, maximum, minimum, modulo, t, where
from refopt.language.rule import Let, Rule

ENDLESS = 2**40
"""A count at which every correction is 1."""
EARLIER = 400
"""Number of updates before the first value that is off by more than its bound in which the fault is looked for: a small one takes a while to show."""
SOON = 11
"""A fault that shows before this update is one of the formula: every short run sees it."""
SOME = 32
"""Number of faults, those that come closest in one element, that are run in all elements."""
AS_CLOSE = 4
"""Of two faults the farther one is judged too where its misfit is at most so many times the other's: else it is another one."""


class Lateness(Enum):
    """A fault of more than the count that shows after a number of updates."""

    UNCORRECTED = auto()
    STATE_ANEW = auto()
    ALL_ANEW = auto()


@dataclass(frozen=True)
class Late(OfTheRun):
    """A fault that shows after `n` updates: then, or after every n of them. `states` are those that start anew."""

    kind: Lateness
    n: int
    states: tuple[str, ...] = ()


Fault: TypeAlias = Late | Stops | Wraps


def counts(fault: Fault, first: int, updates: int) -> Numbers:
    """The counts that so many updates are made with, from number `first` on."""
    if not isinstance(fault, Late):
        return np.array(fault.counts(first, updates), dtype=np.float64)
    at = np.arange(first, first + updates)
    if fault.kind is Lateness.STATE_ANEW:
        return at.astype(np.float64)
    return np.where(at <= fault.n, at, ENDLESS if fault.kind is Lateness.UNCORRECTED else (at - 1) % fault.n + 1).astype(np.float64)


def begins_anew(fault: Fault, first: int, updates: int) -> npt.NDArray[np.bool_]:
    """Mask of the updates, from number `first` on, before which the state is what it starts from."""
    at = np.arange(first, first + updates)
    returns = isinstance(fault, Late) and fault.kind is not Lateness.UNCORRECTED
    return (at > 1) & ((at - 1) % fault.n == 0) if isinstance(fault, Late) and returns else np.zeros(updates, dtype=bool)


def with_fault(rule: Rule, fault: Fault) -> Rule:
    """The rule with a fault."""
    counted: Expression = t
    if isinstance(fault, Stops):
        counted = minimum(t, fault.at)
    elif isinstance(fault, Wraps):
        counted = modulo(t - fault.to, fault.after + 1 - fault.to) + fault.to
        counted = maximum(counted, fault.least) if fault.least else counted
    elif fault.kind is Lateness.UNCORRECTED:
        counted = where(t > fault.n, literal(ENDLESS), t)
    elif fault.kind is Lateness.ALL_ANEW:
        counted = modulo(t - 1, fault.n) + 1
    steps = put_in(rule.steps, {"t": counted}) if rule.uses_step else rule.steps
    states = fault.states if isinstance(fault, Late) else ()
    anew = [Let(s.symbol, where(equal(modulo(t - 1, fault.n), 0), s.initial, s.symbol)) for s in rule.state if isinstance(fault, Late) and s.name in states]
    return replace(rule, steps=(*anew, *steps))


def faults(rule: Rule, first: int) -> Iterator[Fault]:
    """Every fault that may show at update number `first` or before it, the latest ones first."""
    states = tuple(s.name for s in rule.state if not s.constant)
    for n in range(first - 1, max(first - 1 - EARLIER, 1), -1):
        if rule.uses_step:
            yield from (Stops(n), Wraps(n, 1), Wraps(n, 0, 1), Late(Lateness.UNCORRECTED, n))
        if states:
            yield Late(Lateness.STATE_ANEW, n, states)
        if states and rule.uses_step:
            yield Late(Lateness.ALL_ANEW, n, states)


def late_edits(evidence: Evidence, judged: Sequence[Judged]) -> tuple[Attempt, ...]:
    """Faults that explain everything that was seen, where only late updates of long runs fail."""
    rule = evidence.reference
    failing = [j for j in judged if fails(j).any()]
    if not failing or evidence.mode != Mode.OPEN_LOOP or min(j.update.t for j in failing) < SOON:
        return ()
    begins = min(failing, key=lambda j: j.update.t).update
    o = evidence.observations[begins.case]
    if not is_long(o) or o.case.t0 != 1:
        return ()
    span, found = batches.of_runs([(begins.case, o)]), []
    for fault in _close(evidence, span, list(faults(rule, begins.t)), begins.t - o.case.t0):
        try:
            model = Model(fault, with_fault(rule, fault))
            attempt = fit.attempt(evidence, model)
        except RefoptError:  # the rule does not stand such an edit, or has no bound then
            continue
        if attempt.fits and enough_claims(attempt.results):
            found.append(replace(attempt, edit=fault, nearest=rule.name))
    return tuple(found)


def _close(evidence: Evidence, span: Span, every: Sequence[Fault], step: int) -> list[Fault]:
    """The fault with which the rule comes closest to a run, and another one that comes as close; `step`, where the run is first off."""
    e = int(np.argmax(np.abs(span.after[step]["theta"] - span.after[step - 1]["theta"])))
    few = sorted(_misfits(evidence, span.of(np.array([e])), every), key=lambda x: x[0])[:SOME]
    near = sorted(_misfits(evidence, span, [fault for off, fault in few if off <= 1]), key=lambda x: x[0])
    return [fault for off, fault in near[:2] if off <= 1 and off <= AS_CLOSE * near[0][0]]


def _side_by_side(tensors: Tensors, times: int) -> Tensors:
    """The same tensors several times, each time as others."""
    count = int(tensors.of.max(initial=-1)) + 1
    return Tensors(np.concatenate([tensors.of + i * count for i in range(times)]), np.tile(tensors.repeats, times), tensors.whole)


def _misfits(evidence: Evidence, span: Span, every: Sequence[Fault]) -> list[tuple[float, Fault]]:
    """The largest distance of the rule with each fault from a run, in units of what a quick look leaves open."""
    if not every:
        return []
    rule, units, elements = evidence.reference, Units.of(evidence.format), len(span.case)

    def repeated(x: Numbers) -> Numbers:
        return np.tile(x, len(every))

    model = Model(rule.name, rule)
    scalars = span.scalars(model, evidence.hypers(rule), evidence.format)
    wide = Span(np.tile(span.case, len(every)), [repeated(g) for g in span.g], [repeated(x) for x in span.t], [repeated(x) for x in span.lr],
                repeated(span.lr_before), {n: repeated(x) for n, x in span.before.items()}, [{"theta": repeated(a["theta"])} for a in span.after],
                _side_by_side(span.tensors, len(every)), inputs=[{n: repeated(x) for n, x in row.items()} for row in span.inputs])  # fmt: skip
    off = np.zeros(len(every))
    at = np.array([int(numbers[0]) for numbers in span.t])
    first, last = int(at.min()), int(at.max())
    counted, begun = (np.array([of(fault, first, last - first + 1)[at - first] for fault in every]) for of in (counts, begins_anew))
    with np.errstate(all="ignore"):
        start = wide.start(rule, _repeated(scalars[0], len(every)), {}, units)
        known = dict(start)
        for step in range(len(span.t)):
            known |= wide.given(step, _repeated(scalars[step], len(every)))
            numbers, anew = np.repeat(counted[:, step], elements), np.repeat(begun[:, step], elements)
            for name in rule.state_names:
                known[name] = Rough(np.where(anew, start[name].x, known[name].x), np.where(anew, start[name].e, known[name].e))
            new = updated(rule, {**known, "t": Rough(numbers, np.zeros(len(numbers)))}, units, wide.tensors)[0]
            known |= {name: new[name] for name in ("theta", *rule.state_names)}
            gap = np.abs(wide.after[step]["theta"] - new["theta"].x) / (ROOM * new["theta"].e)
            off = np.maximum(off, np.nan_to_num(gap, nan=0.0 if step == 0 else np.inf, posinf=np.inf).reshape(len(every), elements).max(axis=1))
    return list(zip(off.tolist(), every, strict=True))


def _repeated(scalars: dict[str, Rough], many: int) -> dict[str, Rough]:
    return {n: Rough(np.tile(r.x, many), np.tile(r.e, many)) for n, r in scalars.items()}
