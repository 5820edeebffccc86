"""The bound's second opinion: at checkpoints of the golden files, the local bounds given to Gappa as goals.

A checkpoint is an element of a golden case before an update: theta, the states and how far they may be off as the file
says, and the gradient that comes next. For each assignment of the rule two forms are tried there, the written one and
the one whose error the bound takes. Nothing is hidden: what Gappa does not prove is counted and listed. One bound a
rule is halved on purpose; a prover that accepted it would prove anything.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from refopt.catalogue import rule as rule_named
from refopt.catalogue import rules
from refopt.errors import NotImplementedYet
from refopt.golden.changing import in_update, inputs_of
from refopt.golden.closed_loop_inputs import exact_hyper
from refopt.golden.model import Case, CaseKind, Result
from refopt.golden.starting import starting
from refopt.golden.store import cases
from refopt.language.evaluate import binary64
from refopt.language.rule import Rule
from refopt.rounding.bound import Block
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import FORMATS
from refopt.rounding.gappa import EXACT, PROVED, TIME_LIMIT, UNDECIDED, decide, goal, precision_for, program
from refopt.rounding.start_errors import start_errors
from refopt.rounding.worst_form import OneForm, Unsaid, one_forms

CHECKPOINTS = 3
"""Checkpoints a rule and format; each gives two goals an assignment."""
DTYPES = ("float64", "float32", "bfloat16")
UNSAID, NO_CLAIM = "cannot be said", "no claim"
TRIES = 6
"""Number of bounds of a rule to halve at most, until one is refused. (A form far from its bound may stay within half of it.)"""


@dataclass(frozen=True)
class Checkpoint:
    """One element of a golden case before update t."""

    case: str
    t: int
    tensor: int
    element: int
    block: Block


@dataclass(frozen=True)
class Decided:
    """One goal and what came of it: one of Gappa's outcomes, `cannot be said` (with the reason) or `no claim`."""

    rule: str
    dtype: str
    variable: str
    form: str
    case: str
    t: int
    element: int
    outcome: str
    reason: str = ""


@dataclass(frozen=True)
class GappaReport:
    """All goals of a run, and by rule whether a halved bound was refused; None where there was nothing to halve."""

    goals: tuple[Decided, ...]
    halved: dict[str, bool | None]
    seconds: float

    @property
    def exit(self) -> int:
        """1 where a halved bound was accepted: then the goals say nothing. What is undecided is no error."""
        return 1 if any(refused is False for refused in self.halved.values()) else 0

    def counts(self, rule: str | None = None, dtype: str | None = None) -> Counter[str]:
        """Number of goals by outcome, of one rule and format or of all."""
        return Counter(d.outcome for d in self.goals if rule in (None, d.rule) and dtype in (None, d.dtype))

    def open(self) -> list[Decided]:
        """The goals that are owed and not proved."""
        return [d for d in self.goals if d.outcome not in (PROVED, EXACT, NO_CLAIM)]

    def lines(self) -> list[str]:
        """The report as people read it."""
        found = []
        for d in self.open():
            place = f"{d.dtype}, {d.case} t={d.t} element {d.element}"
            found.append(f"{d.outcome}: {d.rule}, {d.variable}, {d.form} form, {place}{f': {d.reason}' if d.reason else ''}")
        n, counted = self.counts(), len(self.goals) - self.counts()[NO_CLAIM] - self.counts()[EXACT]
        found.append(f"Gappa: {n[PROVED]} of {counted} local bounds proved, {len(self.open())} not (listed above)." if self.open() else
                     f"Gappa: all {counted} local bounds proved.")  # fmt: skip
        found.append(f"{n[EXACT]} forms round nothing; {n[NO_CLAIM]} places have no bound. {self.seconds:.1f} s")
        accepted = [name for name, refused in self.halved.items() if refused is False]
        tried = sum(refused is not None for refused in self.halved.values())
        found.append(f"Halved on purpose: refused for {tried - len(accepted)} of {tried} rules{': accepted for ' + ', '.join(accepted) if accepted else ''}.")
        if self.exit:
            found.append("exit 1: a halved bound was accepted")
        return found


def gappa_check(
    base: Path, names: Sequence[str] = (), processes: int = 1, progress: Callable[[str, int, int], None] | None = None,
    dtypes: Sequence[str] = DTYPES, checkpoints: int = CHECKPOINTS, time_limit: float = TIME_LIMIT,
) -> GappaReport:  # fmt: skip
    """Try the local bounds of rules (all where none is named) at checkpoints of the golden files below `base`.

    Raises RefoptError, with what to do, where Gappa is not installed. Names of schedules are passed over: their bounds
    are of binary64 scalars.
    """
    program()
    began = time.perf_counter()
    wanted = [r.name for r in rules(variants=True) if not names or r.name in names]
    goals: list[Decided] = []
    halved: dict[str, bool | None] = {}
    with ThreadPoolExecutor(processes) as pool:
        for done, name in enumerate(wanted, start=1):
            rule = rule_named(name)
            tried: list[tuple[Decided, OneForm | Unsaid]] = []
            for dtype in dtypes:
                drawn = draw(rule, cases(name, base), dtype, checkpoints)
                forms = one_forms(rule, [c.block for c in drawn])
                tried += zip(pool.map(lambda f, d=drawn, r=name: _decided(r, f, d, time_limit), forms), forms, strict=True)
            goals += [d for d, _ in tried]
            halved[name] = _refuses_half([f for d, f in tried if d.outcome == PROVED and isinstance(f, OneForm)], time_limit)
            if progress is not None:
                progress(name, done, len(wanted))
    return GappaReport(tuple(goals), halved, time.perf_counter() - began)


def _decided(rule: str, form: OneForm | Unsaid, drawn: Sequence[Checkpoint], time_limit: float) -> Decided:
    at = drawn[form.block]
    if isinstance(form, Unsaid):
        outcome, reason = UNSAID if form.claimed else NO_CLAIM, form.reason
    else:
        try:
            outcome, reason = decide(goal(form), precision=precision_for(form.format), time_limit=time_limit), ""
        except NotImplementedYet as why:
            outcome, reason = UNSAID, why.message
    return Decided(rule, at.block.format.name, form.variable, form.which, at.case, at.t, at.element, outcome, reason)


def _refuses_half(forms: Sequence[OneForm], time_limit: float) -> bool | None:
    """True where one of the proved bounds, halved, is refused; None where there is none."""
    largest_first = sorted((f for f in forms if f.bound), key=lambda f: f.which != "largest")
    for form in largest_first[:TRIES]:
        if decide(goal(form, bound=form.bound / 2), precision=precision_for(form.format), time_limit=time_limit) == UNDECIDED:
            return True
    return False if largest_first else None


def draw(rule: Rule, golden: Sequence[Case], dtype: str, count: int) -> list[Checkpoint]:
    """Some checkpoints of a rule's cases, the same at every call."""
    every = [c for case in golden for c in _checkpoints(rule, case, dtype)]
    chosen = random.Random(f"gappa {rule.name} {dtype}")
    return chosen.sample(every, min(count, len(every)))


def _checkpoints(rule: Rule, case: Case, dtype: str) -> Iterator[Checkpoint]:
    """Every element of a case before its first update and after every kept one, where a gradient follows."""
    if case.kind not in (CaseKind.OPEN_LOOP, CaseKind.RESUME, CaseKind.DEFAULTS) or case.result != Result.MUST or dtype not in case.dtypes:
        return
    hyper = exact_hyper(case, rule)
    for p, parameter in enumerate(case.params):
        first = starting(rule, hyper, parameter)
        at_start = start_errors(rule, hyper, first["theta"], FORMATS[dtype], given=parameter.state0 or ())
        moments: list[tuple[int, Mapping[str, Sequence[Fraction]], Mapping[str, ErrorBounds] | None]] = [(case.t0, first, at_start)]
        for e in case.expect:
            after = e.params[p]
            claimed = after.bound.get(dtype, {})
            if {"theta", *rule.state_names} <= claimed.keys() and set(rule.state_names) <= after.state.keys():
                printed = {"theta": after.theta, **after.state}
                moments.append((e.t + 1, {n: [Fraction(x) for x in row] for n, row in printed.items()}, {n: ErrorBounds.parse(x) for n, x in claimed.items()}))
        for t, values, off in moments:
            i = t - case.t0
            row = case.grads[i][p] if i < len(case.grads) else None
            if row is None:
                continue
            at = {**hyper, **in_update(case, rule, i)}
            for j in range(parameter.tile):
                before = {n: [x[j]] for n, x in values.items()}
                radii = None if off is None else {n: x[[j]] for n, x in off.items()}
                given = {n: [x[0][j]] for n, x in inputs_of(case, rule, [i], p).items()}
                yield Checkpoint(case.id, t, p, j, Block(FORMATS[dtype], at, t, before, [binary64(row[j])], radii, inputs=given))
