"""Cases that see an edit that holds only somewhere: in some elements, at some updates, for some values that are sent.

Elements do not see one another and each update can be judged by itself, so that an edit is seen where it is seen in an
element or an update that it holds in. The edit itself is a mutant of the formula, or no update at all, drawn by seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial

import numpy as np

from refopt.exact.numbers import Numbers, mpmath_numbers
from refopt.exact.run import Step, open_loop, rates
from refopt.golden.changing import course, inputs_of
from refopt.golden.closed_loop_inputs import exact_hyper
from refopt.golden.edited_run import BROKEN, exact, in_file, in_quick_numbers, sent
from refopt.golden.gaps import MARGIN, NOTHING, Gaps, gap_in_bounds, largest_gap
from refopt.golden.misplaced import Misread, Place, Span, misread, places, spans
from refopt.golden.model import Case, CaseKind
from refopt.golden.mutants import mutants
from refopt.golden.notation import notation
from refopt.golden.starting import starting
from refopt.language.evaluate import binary64
from refopt.language.reductions import Reduced, has_reductions
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.start import first_state
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FORMATS
from refopt.rounding.start_errors import start_errors

DIGITS = 60
STILL = "no update"
TRIES = 20
"""Number of edits that are drawn at most, until one is seen anywhere in the place; the last one stands where none is."""
LOOKS = 6
"""Number of updates of each case that are looked at in a span."""


@dataclass(frozen=True)
class Misplaced:
    """Fate of an edit that holds only somewhere, or of what is sent: by format the case that kills it, else the largest gap in bounds."""

    id: str
    kind: str
    edit: str
    killed: dict[str, str]
    gap: dict[str, Fraction]


@dataclass(frozen=True, eq=False)
class Edit:
    """An edit of an update, in one line; `rule` None: there is no update."""

    text: str
    rule: Rule | None


def misplaced(rule: Rule, cases: Sequence[Case]) -> list[Misplaced]:
    """The fates of all edits of a rule that hold only somewhere."""
    name = rule.name.replace("/", ".")
    found = [fate(f"{name}-w{i:03d}", "where", *edit) for i, edit in enumerate(_where(rule, cases), start=1)]
    found += [fate(f"{name}-t{i:03d}", "when", *edit) for i, edit in enumerate(_when(rule, cases), start=1)]
    sent = enumerate(misread(rule), start=1)
    return found + [fate(f"{name}-s{i:03d}", "sent", m.text, tuple(FORMATS), _sent(m, rule, cases)) for i, m in sent]


def misread_rates(schedule: Schedule, cases: Sequence[Case]) -> list[Misplaced]:
    """The fates of the edits of what is sent to a schedule: its rates do not depend on where it is asked, or on how often."""
    name = schedule.name.replace("/", ".")
    return [fate(f"{name}-s{i:03d}", "sent", m.text, ("float64",), _rates_sent(m, schedule, cases)) for i, m in enumerate(misread(schedule), start=1)]


Table = Mapping[str, Sequence[Fraction | None]]
"""By format: the largest difference at each distinct element, in bounds; None where it is beyond all bounds."""
Seen = Iterator[tuple[str, Gaps]]
"""Cases and what they see of an edit, in the formats that they list."""


def fate(id: str, kind: str, edit: str, dtypes: Sequence[str], seen: Seen) -> Misplaced:
    """The fate of an edit by what cases see of it, up to where it is killed in every format."""
    killed: dict[str, str] = {}
    largest = dict.fromkeys(dtypes, Fraction(0))
    for case, gaps in seen:
        for d, gap in gaps.items():
            if gap is None or gap > MARGIN:
                killed.setdefault(d, case)
            elif d not in killed:
                largest[d] = max(largest[d], gap)
        if len(killed) == len(dtypes):
            break
    return Misplaced(id, kind, edit, {d: killed[d] for d in dtypes if d in killed}, {d: largest[d] for d in dtypes if d not in killed})


def _edits(rule: Rule) -> list[Edit]:
    """Those of an update by itself: one that keeps a value for the next update is none."""
    return [Edit(STILL, None), *(Edit(notation(m.edit), m.rule) for m in mutants(rule) if m.rule.state_names == rule.state_names)]


def _drawn(edits: Sequence[Edit], seed: str, shows: Callable[[Edit], bool]) -> Edit:
    """An edit that shows, or the last of so many that do not. One of three is no update at all: what kernels do."""
    rng = random.Random(seed)
    edit = edits[0]
    for _ in range(TRIES):
        edit = edits[0] if rng.random() < 1 / 3 else rng.choice(edits[1:])
        if shows(edit):
            break
    return edit


# ---- where ---------------------------------------------------------------------------------------------------------
def _where(rule: Rule, cases: Sequence[Case]) -> Iterator[tuple[str, Sequence[str], Seen]]:
    written = {c.id: c for c in cases}
    likes = [c for c in cases if c.like is not None]
    edits = _edits(rule)
    bases = list(dict.fromkeys(str(c.like) for c in likes))
    read_as = {e.text: e for e in edits}  # of edits that read the same the last one stands for all: a reader cannot tell them apart

    @cache
    def table(text: str, base: str) -> Table:
        return _by_element(rule, read_as[text], written[base])

    def shows(edit: Edit) -> bool:
        return all(_exceeds(table(edit.text, base)[d]) for base in bases for d in ("float64", "float32"))

    for i, place in enumerate(() if has_reductions(rule) else places(rule)):  # where elements depend on one another no case is like another one
        edit = _drawn(edits, f"refopt {rule.name} where {i}", shows)
        yield f"in {place.text}: {edit.text}", tuple(FORMATS), _seen_where(place, edit, likes, table)


def _exceeds(row: Sequence[Fraction | None]) -> bool:
    return any(gap is None or gap > MARGIN for gap in row)


def _seen_where(place: Place, edit: Edit, likes: Sequence[Case], table: Callable[[str, str], Table]) -> Seen:
    for case in likes:
        shapes = [p.shape for p in case.params]
        hit: set[int] = set()
        for p, shape in enumerate(case.shapes):
            numbers = np.flatnonzero(place.hits(shapes, p))
            hit |= {(shape.first + int(i)) for i in np.unique(numbers % shape.tile)}
        rows = table(edit.text, str(case.like))
        yield case.id, {d: _most([rows[d][i % len(rows[d])] for i in hit]) for d in case.dtypes}


def _most(gaps: Sequence[Fraction | None]) -> Fraction | None:
    known = [g for g in gaps if g is not None]
    return None if len(known) < len(gaps) else max(known, default=Fraction(0))


def _by_element(rule: Rule, edit: Edit, base: Case) -> dict[str, list[Fraction | None]]:
    """By format and distinct element: the largest difference of an edited run from the case's values in its first two kept updates.

    None from where it kills on.
    """
    (parameter,) = base.params
    kept = base.expect[:2]
    n = parameter.tile
    start = [binary64(x) for x in parameter.theta0]
    table: dict[str, list[Fraction | None]] = {d: [Fraction(0)] * n for d in base.dtypes}
    theirs = _edited_run(rule, edit, base, start, max(e.t for e in kept))
    if theirs is None:
        return {d: [None] * n for d in base.dtypes}
    for e in kept:
        golden = e.params[0]
        for name in ("theta", *rule.state_names):
            right = [in_file(x) for x in (golden.theta if name == "theta" else golden.state[name])]
            for d, row in table.items():
                for i, before in enumerate(row):
                    if before is not None:
                        off = gap_in_bounds(theirs[e.t][name][i], right[i], golden.bound[d][name][i])
                        row[i] = None if off is None or off > MARGIN else max(before, off)
    return table


def _edited_run(rule: Rule, edit: Edit, case: Case, start: Sequence[Fraction], last: int) -> dict[int, dict[str, list[Fraction]]] | None:
    """theta and the state after each update up to `last`; None where the edit leaves no value."""
    names = ("theta", *rule.state_names)
    if edit.rule is None:
        initial = {"theta": list(start), **first_state(rule, exact_hyper(case, rule), start)}
        return dict.fromkeys(range(1, last + 1), initial)
    edited, rows = edit.rule, [sent(row[0] or ()) for row in case.grads[:last]]

    def found(numbers: Numbers) -> dict[int, dict[str, list[Fraction]]]:
        given = inputs_of(case, rule, range(len(rows)))
        run = open_loop(edited, hyper=exact_hyper(case, rule), theta0=start, gradients=rows, inputs=given, numbers=numbers, digits=DIGITS)
        return {s.t: {n: exact(s.theta if n == "theta" else s.state[n], numbers) for n in names} for s in run}

    try:
        return in_quick_numbers(found)
    except BROKEN:
        return None


# ---- when ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Moment:
    """An update of a case: its number, the exact values before it, the gradient and further inputs, the hyperparameters.

    given  the states that have left the rule's start
    """

    case: str
    t: int
    before: Mapping[str, Sequence[Fraction]]
    g: Sequence[Fraction]
    hyper: Mapping[str, Fraction]
    dtypes: tuple[str, ...]
    given: frozenset[str]
    repeats: tuple[int, ...]
    reduced: Mapping[str, Reduced]
    inputs: Mapping[str, Sequence[Fraction]]


def _when(rule: Rule, cases: Sequence[Case]) -> Iterator[tuple[str, Sequence[str], Seen]]:
    timed = [c for c in cases if c.period is not None or c.t0 > 1]
    runs = {c.id: _reference(rule, c) for c in timed}
    found = list(spans(rule))
    chosen = [_chosen(span, timed) for span in found]
    by_id = {c.id: c for c in timed}
    moments = {(id, t): _moment(rule, by_id[id], t, runs) for id, t in dict.fromkeys(key for keys in chosen for key in keys)}
    bounds = _stepwise(rule, list(moments.values()))
    edits = _edits(rule)

    @cache
    def right(case: str, t: int) -> Mapping[str, Sequence[Fraction]]:
        updated = _updated(rule, moments[case, t])
        assert updated is not None
        return updated

    @cache
    def gaps(edit: Edit, case: str, t: int) -> Gaps:
        return _one_update(right(case, t), edit, moments[case, t], {d: bounds[case, t, d] for d in by_id[case].dtypes})

    def seen(edit: Edit, keys: Sequence[tuple[str, int]]) -> Seen:
        yield from ((case, gaps(edit, case, t)) for case, t in keys)

    for i, (span, keys) in enumerate(zip(found, chosen, strict=True)):

        def shows(edit: Edit, keys: Sequence[tuple[str, int]] = keys) -> bool:
            unseen = {"float64", "float32"}
            for _, found in seen(edit, keys):
                unseen -= {d for d in unseen if d in found and _exceeds([found[d]])}
                if not unseen:
                    return True
            return False

        edit = _drawn(edits, f"refopt {rule.name} when {i}", shows)
        yield f"{span.text}: {edit.text}", tuple(FORMATS), seen(edit, keys)


def _chosen(span: Span, cases: Sequence[Case]) -> list[tuple[str, int]]:
    """Some of the updates of each case that are in a span: the first, the last, and others between them."""
    found = []
    for case in cases:
        inside = [t for t in range(case.t0, case.t0 + len(case.grads)) if span.holds(t)]
        picks = sorted({round(i * (len(inside) - 1) / (LOOKS - 1)) for i in range(LOOKS)}) if inside else []
        found += [(case.id, inside[i]) for i in picks]
    return found


def _reference(rule: Rule, case: Case) -> list[Step]:
    """The exact run of a case, every update of it."""
    (parameter,) = case.params
    state0 = None if parameter.state0 is None else {n: [binary64(x) for x in v] for n, v in parameter.state0.items()}
    rows = [[binary64(x) for x in row[0] or ()] for row in case.grads]
    return open_loop(rule, hyper=exact_hyper(case, rule), theta0=[binary64(x) for x in parameter.theta0], gradients=rows, state0=state0, t0=case.t0,
                     repeats=parameter.repeats, inputs=inputs_of(case, rule, range(len(rows))), digits=DIGITS)  # fmt: skip


def _moment(rule: Rule, case: Case, t: int, runs: Mapping[str, Sequence[Step]]) -> Moment:
    steps, place = runs[case.id], t - case.t0
    (parameter,) = case.params
    given: Collection[str] = rule.state_names
    if place:
        step = steps[place - 1]
        numbers = mpmath_numbers()
        before = {"theta": exact(step.theta, numbers), **{n: exact(step.state[n], numbers) for n in rule.state_names}}
    else:
        given = parameter.state0 or ()
        before = starting(rule, exact_hyper(case, rule), parameter)
    return Moment(case.id, t, before, [binary64(x) for x in case.grads[place][0] or ()], exact_hyper(case, rule), case.dtypes, frozenset(given),
                  parameter.repeats, steps[place].reduced, {n: rows[0] for n, rows in inputs_of(case, rule, [place]).items()})  # fmt: skip


def _stepwise(rule: Rule, moments: Sequence[Moment]) -> dict[tuple[str, int, str], Mapping[str, Sequence[Fraction | None]]]:
    """By case, update and format: the bounds of one update from exact values."""
    keys = [(m, d) for m in moments for d in m.dtypes]
    starts = [start_errors(rule, m.hyper, m.before["theta"], FORMATS[d], given=m.given) for m, d in keys]
    blocks = [
        Block(FORMATS[d], m.hyper, m.t, m.before, m.g, s, reduced=m.reduced, update=(m.case, m.t), inputs=m.inputs)
        for (m, d), s in zip(keys, starts, strict=True)
    ]
    return {(m.case, m.t, d): {n: r.exact() for n, r in found.items()} for (m, d), found in zip(keys, radii(rule, blocks), strict=True)}


def _one_update(right: Mapping[str, Sequence[Fraction]], edit: Edit, moment: Moment, bounds: Mapping[str, Mapping[str, Sequence[Fraction | None]]]) -> Gaps:
    """The largest difference that an edit makes in one update, in bounds of each format; None from where it kills on."""
    theirs = moment.before if edit.rule is None else _updated(edit.rule, moment)
    return {d: None if theirs is None else _largest(theirs, right, by_name) for d, by_name in bounds.items()}


def _largest(
    theirs: Mapping[str, Sequence[Fraction]], right: Mapping[str, Sequence[Fraction]], bounds: Mapping[str, Sequence[Fraction | None]]
) -> Fraction | None:
    largest = Fraction(0)
    for name, allowed in bounds.items():
        for x, y, bound in zip(theirs[name], right[name], allowed, strict=True):
            distance = abs(x - y)
            if bound is None or distance <= NOTHING * abs(y):  # no claim; or the same but for the digits that are computed
                continue
            if bound == 0 or distance > MARGIN * bound:
                return None
            largest = max(largest, distance / bound)
    return largest


def _updated(rule: Rule, moment: Moment) -> dict[str, list[Fraction]] | None:
    """theta and the state after the update; None where there is no value."""
    states = {n: moment.before[n] for n in rule.state_names}

    def found(numbers: Numbers) -> dict[str, list[Fraction]]:
        (step,) = open_loop(
            rule, hyper=moment.hyper, theta0=moment.before["theta"], gradients=[moment.g], state0=states, t0=moment.t, numbers=numbers, digits=DIGITS,
            repeats=moment.repeats, inputs={n: [x] for n, x in moment.inputs.items()})  # fmt: skip
        return {"theta": exact(step.theta, numbers), **{n: exact(step.state[n], numbers) for n in rule.state_names}}

    try:
        return in_quick_numbers(found)
    except BROKEN:
        return None


# ---- what is sent --------------------------------------------------------------------------------------------------
def _sent(edit: Misread, rule: Rule, cases: Sequence[Case]) -> Seen:
    """Cases that send what is taken otherwise, and what that makes of them."""
    for case in cases:
        hyper = exact_hyper(case, rule) if case.kind in (CaseKind.OPEN_LOOP, CaseKind.RESUME) and case.like is None and len(case.params) == 1 else {}
        sent = [hyper[edit.name]] if edit.name in hyper else []
        sent += [binary64(x) for x in case.lr or ()] if edit.name in rule.at_rate(None) else []
        sent += [binary64(x) for x in case.courses.get(edit.name, ())]
        if sent and any(edit.taken(float(x)) != float(x) for x in sent) and case.period is None:
            yield case.id, _otherwise(edit, rule, case, hyper)


def _otherwise(edit: Misread, rule: Rule, case: Case, hyper: Mapping[str, Fraction]) -> Gaps:
    try:
        return in_quick_numbers(lambda numbers: _taken_otherwise(edit, rule, case, hyper, numbers))
    except BROKEN:
        return dict.fromkeys(case.dtypes)


def _taken_otherwise(edit: Misread, rule: Rule, case: Case, hyper: Mapping[str, Fraction], numbers: Numbers) -> Gaps:
    (parameter,) = case.params
    state0 = None if parameter.state0 is None else {n: sent(x) for n, x in parameter.state0.items()}
    taken = {**hyper, edit.name: Fraction(edit.taken(float(hyper[edit.name])))}
    lr = None if case.lr is None else [Fraction(edit.taken(float(x))) if edit.name in rule.at_rate(None) else binary64(x) for x in case.lr]
    courses = {n: course([Fraction(edit.taken(float(x))) if n == edit.name else binary64(x) for x in row]) for n, row in case.courses.items()}
    rows = [sent(row[0] or ()) for row in case.grads]
    found: Gaps = dict.fromkeys(case.dtypes, Fraction(0))
    run = open_loop(rule, hyper=taken, theta0=sent(parameter.theta0), gradients=rows, lr=lr, state0=state0, t0=case.t0, courses=courses,
                    repeats=parameter.repeats, inputs=inputs_of(case, rule, range(len(rows))), numbers=numbers, digits=DIGITS)  # fmt: skip
    by_step = {s.t: s for s in run}
    for e in case.expect:
        golden, step = e.params[0], by_step[e.t]
        for name in ("theta", *rule.state_names):
            printed = golden.theta if name == "theta" else golden.state[name]
            theirs = exact(step.theta if name == "theta" else step.state[name], numbers)
            for d in case.dtypes:
                most = largest_gap(theirs, printed, golden.bound[d][name])
                before = found[d]
                found[d] = None if most is None or before is None else max(before, most)
    return found


def _rates_sent(edit: Misread, schedule: Schedule, cases: Sequence[Case]) -> Seen:
    """Cases that send a schedule what is taken otherwise, and how far its rates are then off."""
    for case in cases:
        hyper = exact_hyper(case, schedule)
        value = float(hyper[edit.name])
        if edit.taken(value) != value:
            taken = {**hyper, edit.name: Fraction(edit.taken(value))}
            theirs = in_quick_numbers(partial(_rates, schedule, taken, case.steps))
            yield case.id, {"float64": largest_gap(theirs, case.rates, case.rate_bound)}


def _rates(schedule: Schedule, hyper: Mapping[str, Fraction], steps: Sequence[int], numbers: Numbers) -> list[Fraction]:
    return exact(rates(schedule, hyper, steps, numbers=numbers, digits=DIGITS), numbers)
