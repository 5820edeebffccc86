"""The expected values of a case and their bounds, computed from its inputs alone.

Building certifies the digits with Arb and mpmath; verifying confirms them in decimal numbers. Bounds come from the
same trajectory in either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from refopt.catalogue import objective, schedule
from refopt.exact.certify import Certified, Wrong, certified, confirm
from refopt.exact.numbers import Numbers, mpmath_numbers
from refopt.exact.run import Step, closed_loop, open_loop, rates
from refopt.exact.sensitivity import refuse_above, sensitivity
from refopt.golden.loops import exact_hyper
from refopt.golden.model import Case, Expected, ExpectedParameter, Row
from refopt.language.evaluate import binary64
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.rounding.bound import Block, radii
from refopt.rounding.closed_bound import closed_loop_radii
from refopt.rounding.formats import FORMATS
from refopt.rounding.radius import Radii
from refopt.rounding.schedule_bound import schedule_radii

WORKING = 60
"""Digits of the trajectories that bounds are taken around."""
Runner = Callable[[Numbers, int], list[Step]]


def has_values(case: Case) -> bool:
    """Whether a case has expected values: not where the outcome is a class or a refusal."""
    return case.result == "must"


def runners(case: Case, rule: Rule) -> list[Runner | None]:
    """For each tensor of a case: its exact run. None for a tensor that is empty or never gets a gradient."""
    hyper = exact_hyper(case, rule)
    if case.kind == "closed_loop":
        assert case.objective is not None
        o = objective(case.objective)
        s = schedule(case.schedule) if case.schedule else None
        return [
            lambda numbers, digits: closed_loop(
                rule, o, hyper=hyper, objective_hyper=o.values(case.objective_hyper), steps=max(case.keep), schedule=s,
                schedule_hyper=None if s is None else s.values(case.schedule_hyper), numbers=numbers, digits=digits,
            )
        ]  # fmt: skip
    return [_runner(case, rule, hyper, p) for p in range(len(case.params))]


def _runner(case: Case, rule: Rule, hyper: Mapping[str, Fraction], p: int) -> Runner | None:
    rows = [row[p] for row in case.grads]
    if case.params[p].tile == 0 or rows[0] is None:
        return None
    parameter = case.params[p]
    state0 = None if parameter.state0 is None else {n: [binary64(x) for x in v] for n, v in parameter.state0.items()}
    inputs = partial(
        open_loop, rule, hyper=hyper, theta0=[binary64(x) for x in parameter.theta0],
        gradients=[[binary64(x) for x in row] for row in rows if row is not None],
        lr=None if case.lr is None else [binary64(x) for x in case.lr], state0=state0, t0=case.t0,
    )  # fmt: skip
    return lambda numbers, digits: inputs(numbers=numbers, digits=digits)


def _flat(runner: Runner, keep: Sequence[int], names: Sequence[str], numbers: Numbers, digits: int) -> list[Any]:
    kept = [s for s in runner(numbers, digits) if s.t in keep]
    return [x for s in kept for v in (s.theta, *(s.state[n] for n in names)) for x in v]


def _scales(runner: Runner, keep: Sequence[int], names: Sequence[str], start: Sequence[Fraction]) -> list[Fraction]:
    """For each value the size beside which it would be zero: how far theta has come, or the largest value of its kind."""
    numbers = mpmath_numbers()
    kept = [s for s in runner(numbers, WORKING) if s.t in keep]
    found: list[Fraction] = []
    for s in kept:
        for v in (s.theta, *(s.state[n] for n in names)):
            values = [abs(numbers.interval(x)[0]) for x in v]
            found += [max(*values, *map(abs, start), Fraction(1, 2**200))] * len(values)
    return found


def certify_case(case: Case, rule: Rule) -> tuple[Case, bool]:
    """The case with its expected digits, no bounds yet; and whether every digit was certified."""
    names = rule.state_names
    by_parameter: list[dict[int, ExpectedParameter]] = []
    all_certified = True
    for p, runner in enumerate(runners(case, rule)):
        start = case.params[p].theta0
        if runner is None:
            same = ExpectedParameter(start, {})
            by_parameter.append(dict.fromkeys(case.keep, same))
            continue
        scales = _scales(runner, case.keep, names, [binary64(x) for x in start])
        result: Certified = certified(partial(_flat, runner, case.keep, names), scales)
        all_certified &= result.is_certified
        by_parameter.append(_unflatten(result.values, case.keep, names, len(start)))
    expect = tuple(Expected(t, tuple(found[t] for found in by_parameter)) for t in case.keep)
    return replace(case, expect=expect), all_certified


def _unflatten(values: Sequence[str], keep: Sequence[int], names: Sequence[str], n: int) -> dict[int, ExpectedParameter]:
    found, at = {}, 0
    for t in keep:
        rows = [tuple(values[at + i * n : at + (i + 1) * n]) for i in range(1 + len(names))]
        at += n * (1 + len(names))
        found[t] = ExpectedParameter(rows[0], dict(zip(names, rows[1:], strict=True)))
    return found


def confirm_case(case: Case, rule: Rule) -> list[tuple[int, int, str, int, Wrong]]:
    """The digits of a case that decimal arithmetic does not confirm: (t, tensor, variable, element, what is wrong)."""
    names = ("theta", *rule.state_names)
    found = []
    for p, runner in enumerate(runners(case, rule)):
        printed = [x for e in case.expect for row in _rows(e.params[p], rule) for x in row]
        n = case.params[p].tile
        if runner is None:
            expected = [x for _ in case.keep for x in case.params[p].theta0]
            if printed != expected:
                found += [(case.keep[0], p, "theta", 0, Wrong(0, " ".join(printed), " ".join(expected), 1))]
            continue
        scales = _scales(runner, case.keep, rule.state_names, [binary64(x) for x in case.params[p].theta0])
        if len(printed) != len(scales):
            found.append((case.keep[0], p, "theta", 0, Wrong(0, f"{len(printed)} values", f"{len(scales)} values", 1)))
            continue
        for wrong in confirm(partial(_flat, runner, case.keep, rule.state_names), printed, scales):
            step, rest = divmod(wrong.index, n * len(names))
            found.append((case.keep[step], p, names[rest // n], rest % n, wrong))
    return found


def _rows(parameter: ExpectedParameter, rule: Rule) -> list[Row]:
    return [parameter.theta, *(parameter.state[n] for n in rule.state_names if n in parameter.state)]


@dataclass
class _Track:
    """One tensor of one case in one format on its way through the steps."""

    case: int
    parameter: int
    dtype: str
    steps: list[Step]
    first: dict[str, Sequence[Any]]
    hyper: Mapping[str, Fraction]
    lr: Sequence[Fraction] | None
    radii: dict[str, Radii] | None = None


def with_bounds(cases: Sequence[Case], rule: Rule) -> list[Case]:
    """The cases with the bounds of their expected values, all of them computed together, step by step."""
    tracks = [t for i, c in enumerate(cases) if c.kind != "closed_loop" for t in _tracks(i, c, rule)]
    found: dict[tuple[int, int, int, str], dict[str, Row]] = {}
    for position in range(max((len(t.steps) for t in tracks), default=0)):
        active = [t for t in tracks if position < len(t.steps)]
        for track, result in zip(active, radii(rule, [_block(t, position) for t in active]), strict=True):
            track.radii = result
            t = track.steps[position].t
            if t in cases[track.case].keep:
                found[track.case, track.parameter, t, track.dtype] = {n: tuple(r.texts()) for n, r in result.items()}
    for i, c in enumerate(cases):
        if c.kind == "closed_loop":
            found |= {(i, 0, t, d): b for (t, d), b in _closed_bounds(c, rule).items()}
    return [_bounded(i, c, found) for i, c in enumerate(cases)]


def _bounded(i: int, case: Case, found: Mapping[tuple[int, int, int, str], Mapping[str, Row]]) -> Case:
    expect = []
    for e in case.expect:
        params = []
        for p, parameter in enumerate(e.params):
            bound = {d: found[i, p, e.t, d] for d in case.dtypes if (i, p, e.t, d) in found}
            if not bound:
                bound = {d: {"theta": ("0",) * len(parameter.theta)} for d in case.dtypes}
            params.append(replace(parameter, bound=bound))
        expect.append(replace(e, params=tuple(params)))
    return replace(case, expect=tuple(expect))


def _tracks(i: int, case: Case, rule: Rule) -> list[_Track]:
    hyper = exact_hyper(case, rule)
    lr = None if case.lr is None else [binary64(x) for x in case.lr]
    tracks = []
    for p, runner in enumerate(runners(case, rule)):
        if runner is None:
            continue
        parameter = case.params[p]
        given = parameter.state0 or {}
        first: dict[str, Sequence[Any]] = {"theta": [binary64(x) for x in parameter.theta0]}
        first |= {n: [binary64(x) for x in given[n]] if n in given else [Fraction(0)] * parameter.tile for n in rule.state_names}
        steps = runner(mpmath_numbers(), WORKING)
        tracks += [_Track(i, p, d, steps, first, hyper, lr) for d in case.dtypes]
    return tracks


def _block(track: _Track, position: int) -> Block:
    step = track.steps[position]
    previous = track.steps[position - 1] if position else None
    before = track.first if previous is None else {"theta": previous.theta, **previous.state}
    hyper = track.hyper if track.lr is None else {**track.hyper, "lr": track.lr[position]}
    return Block(FORMATS[track.dtype], hyper, step.t, before, step.g, track.radii)


def _closed_bounds(case: Case, rule: Rule) -> dict[tuple[int, str], dict[str, Row]]:
    (runner,) = runners(case, rule)
    assert runner is not None and case.objective is not None
    o = objective(case.objective)
    steps = runner(mpmath_numbers(), WORKING)
    found: dict[tuple[int, str], dict[str, Row]] = {}
    for d in case.dtypes:
        bounds = closed_loop_radii(
            rule, o, steps, f=FORMATS[d], hyper=exact_hyper(case, rule), objective_hyper=o.values(case.objective_hyper), keep=case.keep
        )
        found |= {(t, d): {n: tuple(r.texts()) for n, r in b.items()} for t, b in bounds.items()}
    return found


def refuse_sensitive(case: Case, rule: Rule) -> None:
    """Raise RefoptError where a closed loop loses too many bits to be data."""
    (runner,) = runners(case, rule)
    assert runner is not None and case.objective is not None
    o = objective(case.objective)
    steps = runner(mpmath_numbers(), WORKING)
    hyper, constants = exact_hyper(case, rule), o.values(case.objective_hyper)
    refuse_above(sensitivity(rule, o, steps, hyper=hyper, objective_hyper=constants, keep=case.keep), case.id)


def _rate_run(case: Case, s: Schedule) -> Callable[[Numbers, int], list[Any]]:
    hyper = exact_hyper(case, s)
    return lambda numbers, digits: rates(s, hyper, case.steps, numbers=numbers, digits=digits)


def _rate_scales(case: Case, s: Schedule) -> list[Fraction]:
    return [max(exact_hyper(case, s)["lr"], Fraction(1, 2**200))] * len(case.steps)


def certify_schedule(case: Case, s: Schedule) -> tuple[Case, bool]:
    """A schedule's case with its rates and their bounds."""
    result = certified(_rate_run(case, s), _rate_scales(case, s))
    bound = schedule_radii(s, exact_hyper(case, s), case.steps).texts()
    return replace(case, rates=result.values, rate_bound=tuple(bound)), result.is_certified


def confirm_schedule(case: Case, s: Schedule) -> list[Wrong]:
    """The rates that decimal arithmetic does not confirm, and bounds that do not come out again."""
    wrong = confirm(_rate_run(case, s), case.rates, _rate_scales(case, s))
    again = schedule_radii(s, exact_hyper(case, s), case.steps).texts()
    wrong += [Wrong(i, f"bound {a}", f"bound {b}", 1) for i, (a, b) in enumerate(zip(case.rate_bound, again, strict=True)) if a != b]
    return wrong
