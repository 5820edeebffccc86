"""The expected values of a case and their bounds, computed from its inputs alone.

Building certifies the digits with Arb and mpmath; verifying confirms them in decimal numbers. Bounds come from the
same trajectory in either.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from refopt.catalogue import objective, schedule
from refopt.exact.certify import Certified, Wrong, certified, confirm
from refopt.exact.digits import rounded_away
from refopt.exact.numbers import Numbers, mpmath_numbers
from refopt.exact.run import Step, closed_loop, open_loop, rates
from refopt.exact.sensitivity import bits_lost, refuse_above
from refopt.golden.changing import changes, courses_of, in_update, inputs_of
from refopt.golden.closed_loop_inputs import exact_hyper
from refopt.golden.model import Case, CaseKind, Counting, Expected, ExpectedParameter, Result, Row, expected_of
from refopt.golden.model import numbers as numbers_of
from refopt.golden.starting import starting
from refopt.language.evaluate import binary64
from refopt.language.linearize import FirstOrder
from refopt.language.reductions import has_reductions
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.rounding.bound import Block, radii
from refopt.rounding.closed_bound import committing, passed_on
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import FORMATS
from refopt.rounding.schedule_bound import schedule_radii
from refopt.rounding.start_errors import start_errors

WORKING = 60
"""Digits of the trajectories that bounds are taken around."""
Runner = Callable[[Numbers, int], list[Step]]


def has_values(case: Case) -> bool:
    """True where a case has expected values: not where the outcome is a class or a refusal."""
    return case.result == Result.MUST


def countings(case: Case, rule: Rule) -> tuple[Counting, ...]:
    """The countings of updates that give a case different values: two where a tensor's gradient is absent in some, and the rule counts."""
    comes_and_goes = any(0 < sum(row[p] is None for row in case.grads) < len(case.grads) for p in range(len(case.params)) if case.grads)
    return tuple(Counting) if comes_and_goes and rule.uses_step else (Counting.RUN,)


def runners(case: Case, rule: Rule, counting: Counting = Counting.RUN) -> list[Runner | None]:
    """For each tensor of a case: its exact run, up to the last update that is kept. None for a tensor that is empty or never gets a gradient."""
    hyper = exact_hyper(case, rule)
    if case.kind == CaseKind.CLOSED_LOOP:
        assert case.objective is not None
        o = objective(case.objective)
        s = schedule(case.schedule) if case.schedule else None
        return [
            lambda numbers, digits: closed_loop(
                rule, o, hyper=hyper, objective_hyper=o.values(case.objective_hyper), steps=max(case.keep), schedule=s,
                schedule_hyper=None if s is None else s.values(case.schedule_hyper), numbers=numbers, digits=digits,
            )
        ]  # fmt: skip
    return [_runner(case, rule, hyper, p, counting) for p in range(len(case.params))]


def _runner(case: Case, rule: Rule, hyper: Mapping[str, Fraction], p: int, counting: Counting) -> Runner | None:
    if case.params[p].tile == 0 or case.grads[0][p] is None:
        return None
    parameter = case.params[p]
    state0 = None if parameter.state0 is None else {n: [binary64(x) for x in v] for n, v in parameter.state0.items()}
    present = _present(case, p)
    counted = numbers_of(case, p, counting)
    inputs = partial(
        open_loop, rule, hyper=hyper, theta0=[binary64(x) for x in parameter.theta0],
        gradients=[[binary64(x) for x in case.grads[i][p] or ()] for i in present],
        lr=None if case.lr is None else [binary64(case.lr[i]) for i in present], state0=state0, counted=[counted[i] for i in present],
        courses=courses_of(case, rule, present), repeats=parameter.repeats if has_reductions(rule) else None,
        inputs=inputs_of(case, rule, present, p),
    )  # fmt: skip
    return lambda numbers, digits: inputs(numbers=numbers, digits=digits)


def _present(case: Case, p: int) -> list[int]:
    """The steps, from 0 up to the last that is kept, in which a tensor has a gradient."""
    return [i for i in range(max(case.keep) - case.t0 + 1) if case.grads[i][p] is not None]


def _places(case: Case, p: int) -> list[int]:
    """For each kept update: which of a tensor's own updates was its last by then."""
    if case.kind == CaseKind.CLOSED_LOOP:
        return [t - 1 for t in case.keep]
    present = _present(case, p)
    return [bisect_right(present, t - case.t0) - 1 for t in case.keep]


def _flat(runner: Runner, places: Sequence[int], names: Sequence[str], numbers: Numbers, digits: int) -> list[Any]:
    made = runner(numbers, digits)
    return [x for s in (made[i] for i in places) for v in (s.theta, *(s.state[n] for n in names)) for x in v]


def _scales(runner: Runner, places: Sequence[int], names: Sequence[str], start: Sequence[Fraction]) -> list[Fraction]:
    """For each value the size beside which it would be zero: how far theta has come, or the largest value of its kind."""
    numbers = mpmath_numbers()
    made = runner(numbers, WORKING)
    found: list[Fraction] = []
    for s in (made[i] for i in places):
        for v in (s.theta, *(s.state[n] for n in names)):
            values = [abs(numbers.interval(x)[0]) for x in v]
            found += [max(*values, *map(abs, start), Fraction(1, 2**200))] * len(values)
    return found


def certify_case(case: Case, rule: Rule) -> tuple[Case, bool]:
    """The case with its expected digits, no bounds yet; and whether every digit was certified."""
    made = {c: _certified(case, rule, c) for c in countings(case, rule)}
    own = made[Counting.OWN][0] if Counting.OWN in made else ()
    return replace(case, expect=made[Counting.RUN][0], expect_own=own), all(ok for _, ok in made.values())


def _certified(case: Case, rule: Rule, counting: Counting) -> tuple[tuple[Expected, ...], bool]:
    names = rule.state_names
    by_parameter: list[dict[int, ExpectedParameter]] = []
    all_certified = True
    for p, runner in enumerate(runners(case, rule, counting)):
        start = case.params[p].theta0
        if runner is None:
            same = ExpectedParameter(start, {})
            by_parameter.append(dict.fromkeys(case.keep, same))
            continue
        places = _places(case, p)
        scales = _scales(runner, places, names, [binary64(x) for x in start])
        result: Certified = certified(partial(_flat, runner, places, names), scales)
        all_certified &= result.is_certified
        by_parameter.append(_unflatten(result.values, case.keep, names, len(start)))
    return tuple(Expected(t, tuple(found[t] for found in by_parameter)) for t in case.keep), all_certified


def _unflatten(values: Sequence[str], keep: Sequence[int], names: Sequence[str], n: int) -> dict[int, ExpectedParameter]:
    found, at = {}, 0
    for t in keep:
        rows = [tuple(values[at + i * n : at + (i + 1) * n]) for i in range(1 + len(names))]
        at += n * (1 + len(names))
        found[t] = ExpectedParameter(rows[0], dict(zip(names, rows[1:], strict=True)))
    return found


def confirm_case(case: Case, rule: Rule) -> list[tuple[int, int, str, int, Wrong]]:
    """The digits of a case that decimal arithmetic does not confirm: (t, tensor, variable, element, what is wrong)."""
    wanted = countings(case, rule)
    if bool(case.expect_own) != (Counting.OWN in wanted):
        return [(case.keep[0], 0, "theta", 0, Wrong(0, f"{1 + bool(case.expect_own)} countings of updates", f"{len(wanted)}", 1))]
    return [wrong for counting in wanted for wrong in _confirmed(case, rule, counting)]


def _confirmed(case: Case, rule: Rule, counting: Counting) -> list[tuple[int, int, str, int, Wrong]]:
    names = ("theta", *rule.state_names)
    found = []
    for p, runner in enumerate(runners(case, rule, counting)):
        printed = [x for e in expected_of(case, counting) for row in _rows(e.params[p], rule) for x in row]
        n = case.params[p].tile
        if runner is None:
            expected = [x for _ in case.keep for x in case.params[p].theta0]
            if printed != expected:
                found += [(case.keep[0], p, "theta", 0, Wrong(0, " ".join(printed), " ".join(expected), 1))]
            continue
        places = _places(case, p)
        scales = _scales(runner, places, rule.state_names, [binary64(x) for x in case.params[p].theta0])
        if len(printed) != len(scales):
            found.append((case.keep[0], p, "theta", 0, Wrong(0, f"{len(printed)} values", f"{len(scales)} values", 1)))
            continue
        for wrong in confirm(partial(_flat, runner, places, rule.state_names), printed, scales):
            step, rest = divmod(wrong.index, n * len(names))
            found.append((case.keep[step], p, names[rest // n], rest % n, wrong))
    return found


def _rows(parameter: ExpectedParameter, rule: Rule) -> list[Row]:
    return [parameter.theta, *(parameter.state[n] for n in rule.state_names if n in parameter.state)]


@dataclass
class _Track:
    """One tensor of one case in one format on its way through the steps; `kept`, the places among them of kept updates."""

    case: int
    parameter: int
    counting: Counting
    dtype: str
    steps: list[Step]
    kept: frozenset[int]
    first: Mapping[str, Sequence[Any]]
    hyper: Mapping[str, Fraction]
    changing: Sequence[Mapping[str, Fraction]] | None
    radii: dict[str, ErrorBounds] | None = None


_Bounds = dict[tuple[int, int, Counting, int, str], Mapping[str, Row]]
"""By case, tensor, counting, place among the tensor's updates and format: the bounds of each variable."""


def with_bounds(cases: Sequence[Case], rule: Rule) -> list[Case]:
    """The cases with the bounds of their expected values, all of them computed together, step by step."""
    tracks = [t for i, c in enumerate(cases) if c.kind != CaseKind.CLOSED_LOOP for t in _tracks(i, c, rule)]
    found: _Bounds = {}
    for position in range(max((len(t.steps) for t in tracks), default=0)):
        active = [t for t in tracks if position < len(t.steps)]
        for track, result in zip(active, radii(rule, [_block(t, position) for t in active]), strict=True):
            track.radii = result
            if position in track.kept:
                found[track.case, track.parameter, track.counting, position, track.dtype] = {n: tuple(r.texts()) for n, r in result.items()}
    found |= _closed_bounds({i: c for i, c in enumerate(cases) if c.kind == CaseKind.CLOSED_LOOP}, rule)
    return [_bounded(i, c, found) for i, c in enumerate(cases)]


def _bounded(i: int, case: Case, found: _Bounds) -> Case:
    def bounded(counting: Counting) -> tuple[Expected, ...]:
        expect = []
        for k, e in enumerate(expected_of(case, counting)):
            params = []
            for p, parameter in enumerate(e.params):
                place = places[p][k] if places[p] else None
                bound = {d: found[i, p, counting, place, d] for d in case.dtypes if place is not None and (i, p, counting, place, d) in found}
                if not bound:
                    bound = {d: {"theta": ("0",) * len(parameter.theta)} for d in case.dtypes}
                params.append(replace(parameter, bound={d: _of_printed(parameter, rows) for d, rows in bound.items()}))
            expect.append(replace(e, params=tuple(params)))
        return tuple(expect)

    places = [_places(case, p) for p in range(len(case.params))]
    return replace(case, expect=bounded(Counting.RUN), expect_own=bounded(Counting.OWN) if case.expect_own else ())


def _of_printed(parameter: ExpectedParameter, bounds: Mapping[str, Row]) -> dict[str, Row]:
    """The bounds around the values as they are printed: one that must come out exactly may be off by what printing it rounded away.

    Every other bound is rounded up to three digits, by far more than the half unit of a 40th digit.
    """
    printed = {"theta": parameter.theta, **parameter.state}
    return {name: tuple(rounded_away(x) if b == "0" else b for b, x in zip(row, printed[name], strict=True)) for name, row in bounds.items()}


def _tracks(i: int, case: Case, rule: Rule) -> list[_Track]:
    hyper = exact_hyper(case, rule)
    tracks = []
    for counting in countings(case, rule):
        for p, runner in enumerate(runners(case, rule, counting)):
            if runner is None:
                continue
            parameter = case.params[p]
            first = starting(rule, hyper, parameter)
            steps, kept = runner(mpmath_numbers(), WORKING), frozenset(_places(case, p))
            changing = [in_update(case, rule, j) for j in _present(case, p)] if changes(case) else None
            at_start = {d: start_errors(rule, hyper, first["theta"], FORMATS[d], given=parameter.state0 or ()) for d in case.dtypes}
            tracks += [_Track(i, p, counting, d, steps, kept, first, hyper, changing, at_start[d]) for d in case.dtypes]
    return tracks


def _block(track: _Track, position: int) -> Block:
    step = track.steps[position]
    previous = track.steps[position - 1] if position else None
    before = track.first if previous is None else {"theta": previous.theta, **previous.state}
    hyper = track.hyper if track.changing is None else {**track.hyper, **track.changing[position]}
    return Block(FORMATS[track.dtype], hyper, step.t, before, step.g, track.radii, reduced=step.reduced, update=(track.case, track.counting, position),
                 inputs=step.inputs)  # fmt: skip


def _closed_bounds(cases: Mapping[int, Case], rule: Rule) -> _Bounds:
    """The bounds of closed loops, by their places; what the steps of all of them commit is computed together."""
    runs = [(i, c, first_order(c, rule), FORMATS[d]) for i, c in cases.items() for d in c.dtypes]
    blocks = [committing(run, f) for _, _, run, f in runs]
    committed = iter(radii(rule, [block for some in blocks for block in some]))
    found: _Bounds = {}
    for (i, case, run, f), some in zip(runs, blocks, strict=True):
        bounds = passed_on(run, f, [next(committed) for _ in some], case.keep)
        found |= {(i, 0, Counting.RUN, t - 1, f.name): {n: tuple(r.texts()) for n, r in b.items()} for t, b in bounds.items()}
    return found


_CLOSED: dict[Hashable, FirstOrder] = {}
LOOPS = 16
"""Closed loops that are remembered: one is asked for its sensitivity and for the bound of each format."""


def first_order(case: Case, rule: Rule) -> FirstOrder:
    """The exact run of a closed loop, with its steps to first order."""
    assert case.objective is not None
    given = [tuple(sorted((x or {}).items())) for x in (case.hyper, case.objective_hyper, case.schedule_hyper)]
    key = (rule.fingerprint, case.objective, case.schedule, *given, max(case.keep))
    if key not in _CLOSED:
        if len(_CLOSED) >= LOOPS:
            _CLOSED.clear()
        (runner,) = runners(case, rule)
        assert runner is not None
        o = objective(case.objective)
        _CLOSED[key] = FirstOrder(rule, o, runner(mpmath_numbers(), WORKING), exact_hyper(case, rule), o.values(case.objective_hyper))
    return _CLOSED[key]


def refuse_sensitive(case: Case, rule: Rule) -> None:
    """Raise RefoptError where a closed loop loses too many bits to be data."""
    refuse_above(bits_lost(first_order(case, rule), case.keep), case.id)


def _rate_run(case: Case, s: Schedule) -> Callable[[Numbers, int], list[Any]]:
    hyper = exact_hyper(case, s)
    return lambda numbers, digits: rates(s, hyper, case.steps, numbers=numbers, digits=digits)


def _rate_scales(case: Case, s: Schedule) -> list[Fraction]:
    hyper = exact_hyper(case, s)
    return [max([Fraction(1, 2**200), *(hyper[h.name] for h in s.of_role(Role.RATE))])] * len(case.steps)


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
