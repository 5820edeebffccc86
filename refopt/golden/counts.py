"""Cases of *when*: every update up to 1,030, runs that start late, and a gradient that comes and goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from refopt.golden.inputs import ALL, LOW, SHAPE, ZERO, case_of, numbers_for, settings, texts, usual
from refopt.golden.model import Case, Parameter
from refopt.language.expression import Kind
from refopt.language.rule import Rule, State

UPDATES = 1030
PERIOD = 7
"""After so many updates the gradients of the long run repeat: a number prime to every interval that programs count in."""
LARGE, SMALL = 2, -3
"""Exponents of the first gradient of a period and of the others: an average of squares falls most of the time, and what keeps its largest
value stands apart from it."""
KEPT = (1, 2, 30)
"""Updates at which the long run is judged from its start. (From the values before it, every update is judged.)"""
LAST = 2**31 - 1
"""The last number of an update that a counter of 32 bits holds."""
STARTS = ((250, "Resume"), (2**24, "LateStep"), (2500, "LateStep"), (4096, "LateStep"), (65536, "LateStep"), (LAST, "CounterEnds"))
SLOW_FROM = 65536
"""A run that starts at this update has slow decays, so that their corrections can still be seen."""


def every_update(rule: Rule) -> Case:
    """A long run of few numbers."""
    d = numbers_for(rule, "every")
    rows = [d.row((e, e)) for e in (LARGE, *[SMALL] * (PERIOD - 1))]
    made = case_of(rule, "open-every", 1, f"every update up to {UPDATES}; the gradients repeat after {PERIOD}", ("EveryUpdate", "ThetaAtZero"), ALL,
                   usual(rule), ZERO[:2], rows, KEPT)  # fmt: skip
    grads = tuple(made.grads[i % PERIOD] for i in range(UPDATES))
    return replace(made, params=(replace(made.params[0], shape=(2,)),), grads=grads, period=PERIOD, updates=UPDATES)


def absent(rule: Rule) -> Case:
    """Two tensors of one shape; the second has no gradient in the updates 2 and 3 of 6."""
    d = numbers_for(rule, "absent")
    made = case_of(rule, "open-absent", 1, "the second tensor has no gradient in updates 2 and 3", ("Absent",), ALL, settings(rule, LOW), ZERO,
                   [ZERO] * 6, (3, 4, 6))  # fmt: skip
    params = tuple(Parameter((3,), 3, texts(d.row((0, 0, 0)))) for _ in range(2))
    grads = tuple((texts(d.row((-1, 0, 1))), None if i in (1, 2) else texts(d.row((0, -2, 0)))) for i in range(6))
    return replace(made, params=params, grads=grads)


def is_running_maximum(rule: Rule, state: State) -> bool:
    """True where a state is the largest of its own values: it starts above the others then."""
    return any(let.symbol == state.symbol and let.value.op == "max" and state.symbol in let.value.args for let in rule.steps)


def resumed(rule: Rule) -> Iterator[Case]:
    """Runs that start from a given state at a later update; of a rule without state, which counts all the same, at a later update alone."""
    if not rule.state and not rule.uses_step:
        return
    for number, (t0, probe) in enumerate(STARTS, start=1):
        if t0 > 250 and not rule.uses_step:
            continue
        d = numbers_for(rule, f"resume {t0}")
        exponents = (0,) * (7 if number <= 2 else 3)
        hyper = usual(rule)
        if t0 == SLOW_FROM:
            hyper |= {h.name: h.samples.slow for h in rule.hyper if h.samples.slow is not None}
        begins = "starts from a given state" if rule.state else "starts late"
        edge = ", past the end of a counter of 32 bits" if t0 == LAST else ""
        case = case_of(rule, "resume", number, f"{begins}; the next update is number {t0}{edge}", (probe,), ALL, hyper, d.row(exponents),
                       [d.row(exponents) for _ in range(3)])  # fmt: skip
        state = {s.name: texts(_one_value(s, t0, d.row(exponents)) if s.is_scalar else _state(rule, s, d.row(exponents))) for s in rule.state}
        parameter = Parameter(SHAPE, len(exponents), case.params[0].theta0, state)
        yield replace(case, t0=t0, params=(parameter,), keep=(t0, t0 + 2))


def _one_value(state: State, t0: int, numbers: Sequence[Fraction]) -> list[Fraction]:
    """A value that a state of one value may have, at every element: a count is that of the updates before, a number is below 1."""
    value = Fraction(t0 - 1) if state.kind is Kind.INTEGER else abs(numbers[0]) / 8 if state.symbol.sign else numbers[0] / 8
    return [value] * len(numbers)


def _state(rule: Rule, state: State, numbers: Sequence[Fraction]) -> list[Fraction]:
    """Values that a state may have: of its sign, and those of a running maximum above the others."""
    if not state.symbol.sign:
        return [x / 4 for x in numbers]
    return [abs(x) * (4 if is_running_maximum(rule, state) else 2) for x in numbers]
