"""Open-loop judging: the exact run goes its own way from the start, and so does the implementation.

The reference is compared with the golden file's certified values and bounds at the kept steps; any other formula is
run here, and its bound is carried on from step to step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.stepwise import BOUNDLESS, Judged, with_exact
from refopt.conformance.judge.trajectory import Trajectory
from refopt.conformance.judge.updates import Update, distinct, inputs_in, moved_in
from refopt.conformance.protocol.implementation import Ran, Request, View
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import Case, CaseKind, Parameter, expected_of, followed, numbered
from refopt.language.evaluate import binary64
from refopt.language.rule import Rule
from refopt.rounding.bound import radii
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import Format


def against_golden(rule: Rule, observation: Observation, case_number: int, views: Mapping[str, View], hyper: Hyper, f: Format) -> list[Judged]:
    """Compare a run with the values and bounds of its golden case, at the kept steps."""
    case = observation.case
    judged = []
    for expected in expected_of(case, observation.counting):
        step = expected.t - case.t0
        for p, values in enumerate(expected.params):
            update = seen(case_number, observation, step, p)
            exact = {"theta": values.theta, **values.state}
            bounds = values.bound[f.name]
            judged.append(compared(rule, update, case.params[p], exact, {n: ErrorBounds.parse(b) for n, b in bounds.items()}, views, hyper))
    return judged


def seen(case_number: int, observation: Observation, step: int, p: int) -> Update:
    """The observed update of a parameter in a step; elements at different places in the case stay apart."""
    case, request, ran = _parts(observation)
    moments = (ran.before, *ran.after)
    before, after = moments[step], moments[step + 1]
    g = request.grads[step][p]
    columns = {"theta": before.theta[p], "after": after.theta[p], **({"g": g} if g is not None else {})}
    further = inputs_in(request, step, p)
    flat = {n: x.astype(np.float64).ravel() for n, x in columns.items()}
    buffers = {n: x.astype(np.float64).ravel() for n, x in after.state[p].items() if x.shape == after.theta[p].shape}
    place = np.arange(after.theta[p].size) % distinct_elements(case.params[p])
    first, inverse = distinct([*flat.values(), *buffers.values(), *further.values(), place.astype(np.float64)])
    lr = None if request.lr is None else Fraction(request.lr[step])
    return Update(
        case_number, step, numbered(request.t0, [row[p] is not None for row in request.grads], observation.counting)[step], p, lr, lr,
        {"theta": flat["theta"][first]}, {"theta": flat["after"][first], **{n: x[first] for n, x in buffers.items()}},
        None if g is None else flat["g"][first], inverse, moved_in(request, step), {n: x[first] for n, x in further.items()},
    )  # fmt: skip


def distinct_elements(p: Parameter) -> int:
    """Number of different elements that a parameter of a case has."""
    return max(p.tile, 1)


def compared(
    rule: Rule, update: Update, p: Parameter, exact: Mapping[str, Sequence[Any]], bounds: Mapping[str, ErrorBounds], views: Mapping[str, View], hyper: Hyper
) -> Judged:
    """An update beside exact values that are given by place; non-finite ones stand as None."""
    place = np.argsort(update.inverse, kind="stable")
    first = place[np.searchsorted(update.inverse[place], np.arange(len(update.before["theta"])))] % distinct_elements(p)
    lr = update.lr if update.lr is not None else rule.rate_in(hyper, Fraction(0))
    theirs: dict[str, list[Any]] = {"theta": update.after["theta"].tolist()}
    theirs |= {s: v.read(update.after[v.buffer], lr) for s, v in views.items() if v.buffer in update.after and s in exact}
    wanted = {n: [_finite(exact[n][i]) for i in first] for n in theirs}
    allowed = {n: bounds[n][first] for n in theirs}
    ratio = {n: with_exact(theirs[n], wanted[n], allowed[n]) for n in theirs}
    return Judged(update, hyper, theirs, wanted, allowed, ratio)


def _finite(x: Any) -> Any:
    if isinstance(x, str):
        return None if x in ("nan", "inf", "-inf") else Fraction(x)
    return x


def live(model: Model, observations: Sequence[tuple[int, Observation]], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> list[Judged]:
    """Compare runs with exact runs of a model that are made here, every step; all bounds of a step in one call."""
    runs = [(number, o, Trajectory.start(model, o.case, p, hypers[number], o.counting, f)) for number, o in observations for p in range(len(o.case.params))]
    judged: list[Judged] = []
    for step in range(max((followed(o.case) for _, o, _ in runs), default=0)):
        moving = [run for _, _, run in runs if run.moves(step)]
        blocks = [run.block(step, f) for run in moving]
        bounds = radii(model.rule, blocks, profile=model.profile) if model.bounds is None else model.bounds(blocks)
        for run, block, bound in zip(moving, blocks, bounds, strict=True):
            run.advance(block, bound)
        for number, o, run in runs:
            if step < followed(o.case):
                update = seen(number, o, step, run.p)
                allowed = run.errors(f) or {n: ErrorBounds.zero(len(v)) for n, v in run.values.items()}
                judged.append(compared(model.rule, update, o.case.params[run.p], run.alive(), allowed, views, run.hyper))
    return judged


def open_loop(
    model: Model,
    observations: Sequence[tuple[int, Observation]],
    hypers: Sequence[Hyper],
    views: Mapping[str, View],
    f: Format,
    *,
    golden: bool,
) -> list[Judged]:
    """Judge runs: against the golden file's values where the model is the file's own rule, else against a run made here."""
    certified = [(i, o) for i, o in observations if golden and o.case.expect and _as_written(o.case, hypers[i])]
    others = [(i, o) for i, o in observations if not (golden and o.case.expect and _as_written(o.case, hypers[i]))]
    judged = [j for i, o in certified for j in against_golden(model.rule, o, i, views, hypers[i], f)]
    judged += live(model, others, hypers, views, f)
    if not model.excuses:
        finite_where_it_must_be(judged, model, observations, hypers, views, f)
    return judged


def _as_written(case: Case, hyper: Hyper) -> bool:
    """True where the hyperparameters in force are those that the values of a golden case were computed with: an implementation may have defaults of its own."""
    written = case.hyper_expected if case.kind == CaseKind.DEFAULTS else case.hyper
    return all(hyper[n] == binary64(x) for n, x in (written or {}).items() if n in hyper)


def finite_where_it_must_be(
    judged: Sequence[Judged],
    model: Model,
    observations: Sequence[tuple[int, Observation]],
    hypers: Sequence[Hyper],
    views: Mapping[str, View],
    f: Format,
) -> None:
    """Make failures of values that are not finite although nothing could have overflowed (see judge)."""
    suspects = {j.update.case for j in judged for name in j.theirs for i in _unfinished(j, name, f)}
    if not suspects:
        return
    again = [(i, o) for i, o in observations if i in suspects]
    wide = {(j.update.case, j.update.t, j.update.parameter): j for j in live(model, again, hypers, views, replace(f, emax=BOUNDLESS))}
    for j in judged:
        other = wide.get((j.update.case, j.update.t, j.update.parameter))
        if other is not None:
            for name in j.theirs:
                in_range = other.allowed[name].claims()
                for i in _unfinished(j, name, f):
                    if not in_range[i]:
                        j.ratio[name][i] = np.inf


def _unfinished(judged: Judged, name: str, f: Format) -> list[int]:
    """The elements that are not finite, about which no claim was made, and whose exact value is in range."""
    found = zip(judged.theirs[name], judged.exact[name], judged.ratio[name], strict=True)
    return [i for i, (x, y, r) in enumerate(found) if np.isnan(r) and not is_finite(x) and y is not None and abs(fraction(y)) <= f.largest]


def _parts(observation: Observation) -> tuple[Case, Request, Ran]:
    assert observation.request is not None and isinstance(observation.answer, Ran)
    return observation.case, observation.request, observation.answer


def without_state(observation: Observation) -> bool:
    """True where a case starts from nothing, so that a formula with other state variables can be run from there too."""
    return observation.case.t0 == 1 and all(p.state0 is None for p in observation.case.params)
