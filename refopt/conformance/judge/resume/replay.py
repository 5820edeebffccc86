"""The exact continuation of a run after its cut, with or without something lost, beside what the fresh object did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge.exact_update import exact_update, fraction, with_reduced
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.resume.cut import Cut
from refopt.conformance.judge.resume.loss import Exchanged, Forgotten, Miscounted, Narrowed, Reset, What
from refopt.conformance.judge.stepwise import initial_values, with_exact
from refopt.conformance.judge.trajectory import Trajectory
from refopt.conformance.judge.updates import distinct
from refopt.conformance.protocol.implementation import Array, Ran, View
from refopt.language.evaluate import binary64
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import FORMATS, Format
from refopt.rounding.start_errors import start_errors

Mask = npt.NDArray[np.bool_]
ROOM = 64
"""Bounds that a quick look leaves room for."""
APART = 4
"""An explanation must be so many bounds away from the run without a loss somewhere (as everywhere in diagnosis)."""


@dataclass(frozen=True)
class Start:
    """Start of the exact continuation of one parameter.

    first, inverse  the elements that are distinct, and for each element of the tensor which of them it is
    values, errors  theta and the states at the cut; what is seen is exact, the rest as far off as rounding may have brought it
    grads           the gradients after the cut, None where there is none
    inputs          by name, what is given beside them
    formats         of the states that are not kept in the format of theta
    theirs          by step, what the fresh object showed: theta and the states that can be seen
    """

    cut: Cut
    p: int
    first: npt.NDArray[np.intp]
    inverse: npt.NDArray[np.intp]
    values: Mapping[str, Sequence[Any]]
    errors: Mapping[str, ErrorBounds]
    grads: Sequence[Sequence[float] | None]
    formats: Mapping[str, Format]
    theirs: Sequence[Mapping[str, Sequence[Any]]]
    inputs: Mapping[str, Sequence[Sequence[float] | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Continued:
    """An exact continuation: by step, the values and how far an implementation may be off."""

    values: list[Mapping[str, Sequence[Any]]] = field(default_factory=list)
    errors: list[Mapping[str, ErrorBounds]] = field(default_factory=list)


def start(cut: Cut, p: int, continued: Ran, model: Model, hyper: Hyper, views: Mapping[str, View], f: Format) -> Start | None:
    """Start of the exact continuation of a parameter; None where there is nothing to compare, or a value is not finite."""
    theta, request = cut.middle.theta[p], cut.request
    rates = cut.rest.lr
    seen = {s: v for s, v in views.items() if v.buffer in cut.middle.state[p] and cut.middle.state[p][v.buffer].shape == theta.shape}
    shown = {s: v for s, v in seen.items() if all(v.buffer in a.state[p] for a in continued.after)}
    columns = [theta, *(cut.middle.state[p][v.buffer] for v in seen.values())]
    columns += [x for rows in (cut.rest.grads, *cut.rest.inputs.values()) for row in rows if (x := row[p]) is not None]
    columns += [x for a in continued.after for x in (a.theta[p], *(a.state[p][v.buffer] for v in shown.values()))]
    n = cut.observation.case.params[p].tile or 1
    flat = [_flat(x) for x in columns if x is not None]
    if theta.size == 0 or not all(np.isfinite(x).all() for x in flat):
        return None
    first, inverse = distinct([*flat, np.arange(theta.size, dtype=np.float64) % n])
    before = Fraction(request.lr[cut.at - 1]) if request.lr is not None else model.rule.rate_in(hyper, Fraction(0))
    values: dict[str, Sequence[Any]] = {"theta": _flat(theta)[first].tolist()}
    errors = {"theta": ErrorBounds.zero(len(first))}
    for s, v in seen.items():
        values[s], errors[s] = v.read(_flat(cut.middle.state[p][v.buffer])[first], before), ErrorBounds.zero(len(first))
    hidden = [s for s in model.rule.state_names if s not in seen]
    if hidden:
        run = _before(cut, p, model, hyper, f)
        if run is None or run.radii is None:
            return None
        place = first % n
        for s in hidden:
            values[s], errors[s] = [run.values[s][i] for i in place], run.radii[s][place]
    theirs = []
    for i, a in enumerate(continued.after):
        lr = Fraction(rates[i]) if rates is not None else model.rule.rate_in(hyper, Fraction(0))
        theirs.append({"theta": _flat(a.theta[p])[first].tolist(), **{s: v.read(_flat(a.state[p][v.buffer])[first], lr) for s, v in shown.items()}})

    def given(rows: Sequence[Sequence[Array | None]]) -> list[list[float] | None]:
        return [None if (x := row[p]) is None else _flat(x)[first].tolist() for row in rows]

    inputs = {name: given(rows) for name, rows in cut.rest.inputs.items()}
    own = {s: cut.middle.state[p][v.buffer].dtype.name for s, v in seen.items()}
    formats = {s: FORMATS[name] for s, name in own.items() if name in FORMATS and name != f.name}
    return Start(cut, p, first, inverse, values, errors, given(cut.rest.grads), formats, theirs, inputs)


def _flat(x: Array) -> npt.NDArray[np.float64]:
    flat: npt.NDArray[np.float64] = x.astype(np.float64).ravel()
    return flat


def _before(cut: Cut, p: int, model: Model, hyper: Hyper, f: Format) -> Trajectory | None:
    """The exact run up to the cut; None where some element has no value there."""
    run = Trajectory.start(model, cut.observation.case, p, hyper, f=f)
    for step in range(cut.at):
        if run.moves(step):
            block = run.block(step, f)
            (bound,) = radii(model.rule, [block], profile=model.profile)
            run.advance(block, bound)
    return None if run.dead else run


def lose(what: What | None, s: Start, model: Model, hyper: Hyper, f: Format) -> tuple[dict[str, Sequence[Any]], dict[str, ErrorBounds], int, Hyper]:
    """Values, errors, the number of the next update and the hyperparameters after something is lost."""
    values, errors, t, kept = dict(s.values), dict(s.errors), s.cut.rest.t0, dict(hyper)
    n = len(s.first)
    if isinstance(what, Reset):
        at_start = start_errors(model.rule, hyper, values["theta"], model.bound_in or f, formats=s.formats) or {}
        for name in what.states:
            values[name] = initial_values(model.rule, name, hyper, list(values["theta"]))
            errors[name] = at_start.get(name, ErrorBounds.zero(n))
        t = 1 if what.count else t
    elif isinstance(what, Miscounted):
        t += what.by
    elif isinstance(what, Exchanged):
        values[what.first], values[what.second] = values[what.second], values[what.first]
        errors[what.first], errors[what.second] = errors[what.second], errors[what.first]
    elif isinstance(what, Forgotten):
        kept[what.hyper] = binary64(what.value)
    elif isinstance(what, Narrowed):
        for name in what.states:
            values[name] = _rounded(values[name], what.format)
    return values, errors, t, kept


def _rounded(values: Sequence[Any], narrow: Format) -> list[Any]:
    return [x if (y := narrow.round(fraction(x))) is None else y for x in values]


@dataclass
class _Run:
    """A continuation under way."""

    start: Start
    what: What | None
    values: dict[str, Sequence[Any]]
    errors: Mapping[str, ErrorBounds]
    t: int
    hyper: Hyper
    made: Continued = field(default_factory=Continued)

    def block(self, i: int, g: Sequence[float], model: Model, f: Format) -> Block:
        """Update number i after the cut."""
        rest = self.start.cut.rest
        forgets = isinstance(self.what, Forgotten) and self.what.hyper in model.rule.at_rate(None) and (i < rest.held or not rest.held)
        now = self.hyper if rest.lr is None or forgets else {**self.hyper, **model.rule.at_rate(binary64(rest.lr[i]))}
        scalars = model.scalars(now, self.t + i, f)
        kept_in, repeats = model.bound_in or f, tuple(np.bincount(self.start.inverse).tolist())
        inputs = {name: rows[i] or () for name, rows in self.start.inputs.items()}
        block = Block(kept_in, scalars.hyper, self.t + i, self.values, g, self.errors, scalars.slack, self.start.formats, repeats=repeats, inputs=inputs)
        return with_reduced(model.rule, block)

    def advance(self, block: Block, bound: Mapping[str, ErrorBounds], model: Model) -> None:
        """Make it."""
        after = exact_update(model.rule, block)
        self.values = {n: [Fraction(0) if x is None else fraction(x) for x in v] for n, v in after.items()}
        dead = np.any([[x is None for x in v] for v in after.values()], axis=0)
        self.errors = {n: _without(r, dead) for n, r in bound.items()}
        if isinstance(self.what, Narrowed) and self.what.kept:
            self.errors = _stored(self.what, self.values, self.errors)


def follow(asked: Sequence[tuple[What | None, Start, Hyper]], model: Model, f: Format) -> list[Continued]:
    """Exact continuations, carried on with their bounds; those of a step are made in one call."""
    runs = [_Run(s, what, *lose(what, s, model, hyper, f)) for what, s, hyper in asked]
    for i in range(max((len(r.start.grads) for r in runs), default=0)):
        moving = [(r, g) for r in runs if i < len(r.start.grads) and (g := r.start.grads[i]) is not None]
        blocks = [r.block(i, g, model, f) for r, g in moving]
        for (run, _), block, bound in zip(moving, blocks, radii(model.rule, blocks, profile=model.profile), strict=True):
            run.advance(block, bound, model)
        for run in runs:
            if i < len(run.start.grads):
                run.made.values.append(run.values)
                run.made.errors.append(run.errors)
    return [r.made for r in runs]


def _without(r: ErrorBounds, dead: Mask) -> ErrorBounds:
    """No claim about the dead."""
    return ErrorBounds.parse(["inf" if gone or e is None else str(e) for gone, e in zip(dead, r.exact(), strict=True)]) if dead.any() else r


def _stored(what: Narrowed, values: Mapping[str, Sequence[Any]], errors: Mapping[str, ErrorBounds]) -> dict[str, ErrorBounds]:
    """Error bounds of the states, raised by one rounding to the narrower format for those that are stored in it."""
    narrow, made = what.format, dict(errors)
    for name in what.states:
        sizes = zip(values[name], errors[name].exact(), strict=True)
        room = [None if e is None else e + narrow.u * (abs(fraction(x)) + e) + narrow.smallest_subnormal / 2 for x, e in sizes]
        made[name] = ErrorBounds.parse(["inf" if r is None else str(r) for r in room])
    return made


@dataclass(frozen=True)
class Compared:
    """Fit of a continuation: by distinct element, whether every value is within its bound; and the number of claims."""

    fits: Mask
    claims: int


def compare(s: Start, made: Continued) -> Compared:
    """The fresh object's values beside an exact continuation."""
    fits, claims = np.ones(len(s.first), dtype=bool), 0
    for theirs, exact, allowed in zip(s.theirs, made.values, made.errors, strict=True):
        for name, seen in theirs.items():
            ratio = with_exact(seen, exact[name], allowed[name])
            fits &= ~(ratio > 1)
            claims += int((~np.isnan(ratio)).sum())
    return Compared(fits, claims)


def apart(s: Start, one: Continued, other: Continued) -> Mask:
    """The distinct elements at which two continuations are told apart by what is seen."""
    found = np.zeros(len(s.first), dtype=bool)
    for step, theirs in enumerate(s.theirs):
        for name in theirs:
            bounds = zip(one.values[step][name], other.values[step][name], one.errors[step][name].exact(), other.errors[step][name].exact(), strict=True)
            found |= np.array([a is not None and b is not None and abs(fraction(x) - fraction(y)) > APART * max(a, b) for x, y, a, b in bounds], dtype=bool)
    return found


def plausible(what: What, s: Start, reference: Continued, failing: Mask, model: Model, hyper: Hyper, f: Format) -> bool:
    """A quick look at the first update after the cut, without a bound of its own: what is far from theta there can be no explanation.

    The change that something lost makes to theta must be the one seen, but for a quarter of it: no format has a larger error.
    """
    if not s.grads or (g := s.grads[0]) is None:
        return True
    run = _Run(s, what, *lose(what, s, model, hyper, f))
    after = exact_update(model.rule, run.block(0, g, model, f))["theta"]
    rows = zip(after, reference.values[0]["theta"], s.theirs[0]["theta"], reference.errors[0]["theta"].exact(), failing, strict=True)
    for x, plain, theirs, bound, fails in rows:
        if fails and x is not None and bound is not None:
            change, seen = fraction(x) - fraction(plain), fraction(theirs) - fraction(plain)
            if abs(seen - change) > abs(change) / 4 + ROOM * bound:
                return False
    return True


def in_its_format(s: Start, f: Format) -> Start:
    """The same, judged as if no variable were kept in a wider format than theta's."""
    return replace(s, formats={n: own for n, own in s.formats.items() if own.u > f.u})
