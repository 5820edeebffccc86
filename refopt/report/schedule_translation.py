"""A schedule moved from one framework to another: the call to write, exact where both are proved to be one formula, else nearest."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt import catalogue
from refopt.catalogue.letters import letters
from refopt.conformance.protocol.implementation import argument_names
from refopt.conformance.protocol.spelling import parse
from refopt.errors import RefoptError
from refopt.exact.run import rates
from refopt.language.lists import base
from refopt.language.role import Role
from refopt.language.schedule import Schedule
from refopt.proving.answer import Differs, Equal
from refopt.proving.prove import loaded_from
from refopt.proving.prove_schedule import prove_schedule
from refopt.report.call import Call, Value, first_argument, number
from refopt.report.commands import named

LETTERS = sorted({h.name for s in catalogue.schedules(variants=True) for h in s.hyper})
PROBES = dict(zip(LETTERS, (n for n in range(2, 1000) if all(n % d for d in range(2, n))), strict=False))
"""Different primes: of sums, products and quotients of two of them no two are the same, so an argument shows what it is made of."""
MADE_OF = ((operator.add, "{} + {}"), (operator.mul, "{} * {}"), (operator.truediv, "{} / {}"))
"""The ways in which an argument may be made of two hyperparameters, as they are written."""
LAST = 1000
"""Steps over which rates are compared where nothing says how long a schedule is."""


@dataclass(frozen=True)
class RateError:
    """The largest relative error of a rate, the step at which it is met, and the last step that was looked at."""

    size: float
    k: int
    last: int


@dataclass(frozen=True)
class SchedulePort:
    """The answer to a person who moves a schedule.

    until      the last step up to which all rates are the same, where they are at first
    call       what to write; `optimizer` is the argument of the optimizer that holds the first rate, where the schedule does not
    worst      None where it is exact
    """

    first: str
    versions: tuple[str, str]
    call: Call
    optimizer: str = ""
    worst: RateError | None = None
    until: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def exit(self) -> int:
        """0 where it is exact."""
        return 0 if self.worst is None else 1


@dataclass(frozen=True)
class _Part:
    """The parts of an argument: one hyperparameter, or two of them joined; or neither, and then `constant`."""

    names: tuple[str, ...]
    join: int = -1
    constant: Any = None


def is_schedule(name: str) -> bool:
    """True for the name of a schedule."""
    return hasattr(loaded_from(name, None), "rates")


def schedule_translation(first: str, second: str, rate: Value | None = None) -> SchedulePort:
    """Move a schedule; `rate` is the first rate, where the schedule finds it in its optimizer.

    Raises RefoptError where one of them is none that is known to be a formula of the catalogue.
    """
    source = loaded_from(first, None)
    formula = _formula(source)
    target, theirs = _of_the_same_form(second, formula)
    values = _values(source)
    for h in formula.hyper:
        values.setdefault(h.name, (h.name if rate is None else rate) if h.role is Role.RATE else Fraction(h.default))
    made, optimizer = _call(target, values)
    worst, until = (None, None) if theirs.name == formula.name else _worst(formula, theirs, values)
    return SchedulePort(source.name, (source.version, target.version), made, optimizer, worst, until, _clock(target))


def _formula(schedule: Any) -> Schedule:
    """The formula of the catalogue that a schedule's own code is proved to be."""
    reference = catalogue.schedule(schedule.rule)
    answer = prove_schedule(schedule, reference)
    if isinstance(answer, Equal):
        return reference
    if isinstance(answer, Differs) and answer.matches:
        return catalogue.schedule(answer.matches[0])
    raise RefoptError(f"{schedule.name} is not proved to be a schedule of the catalogue", help=f"refopt prove {named(schedule.name)}")


def _of_the_same_form(name: str, formula: Schedule) -> tuple[Any, Schedule]:
    """The target in the form that is the source's family, where it has one."""
    plain = loaded_from(name, None)
    if hasattr(plain, "form"):
        for form in plain.framework.forms[parse(name).path.rpartition(".")[2]]:
            if form.rule.partition("/")[0] == formula.family:
                asked = {**plain.arguments, **(form.asked or {})}
                spelled = loaded_from(Call(parse(name).path, asked).spelling, form.rule)
                return spelled, _formula(spelled)
    return plain, _formula(plain)


def _parts(schedule: Any) -> dict[str, _Part]:
    """By argument, what it is made of."""
    names = argument_names(schedule)
    if names is None and not hasattr(schedule, "form"):
        names = {h: h for h in catalogue.schedule(schedule.rule).hyper_names}
    if names is not None:
        return {theirs: _Part((ours,)) for ours, theirs in names.items()}
    asked = schedule.form.arguments({n: Fraction(x) for n, x in PROBES.items()})
    return {name: _made_of(x) for name, x in {**(schedule.form.asked or {}), **asked}.items()}


def _made_of(x: Any) -> _Part:
    if isinstance(x, bool) or not isinstance(x, int | float | Fraction):
        return _Part((), constant=x)
    for name, value in PROBES.items():
        if x == value:
            return _Part((name,))
    for i, (join, _) in enumerate(MADE_OF):
        for a, one in PROBES.items():
            for b, other in PROBES.items():
                if a != b and x == join(Fraction(one), Fraction(other)):
                    return _Part((a, b), i)
    return _Part((), constant=x)


def _values(schedule: Any) -> dict[str, Value]:
    """The values of the catalogue's hyperparameters, from the arguments in force; the argument's own name where it has no value."""
    parameters = inspect.signature(schedule.factory).parameters
    given: dict[str, Value] = {}
    pending = []
    for name, part in _parts(schedule).items():
        default = parameters[name].default if name in parameters else inspect.Parameter.empty
        x = schedule.arguments.get(name, default)
        value = name if x is inspect.Parameter.empty or x is None else Fraction(repr(x)) if isinstance(x, float) else Fraction(x)
        if len(part.names) == 1:
            given[part.names[0]] = value
        elif part.names:
            pending.append((part, value))
    for part, value in pending:
        given |= dict(_solved(part, value, given))
    return given


def _solved(part: _Part, value: Value, given: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """The one of two joined hyperparameters that is not known yet."""
    a, b = part.names
    first, second = given.get(a), given.get(b)
    if part.join == 0:
        unknown, other = (b, first) if second is None else (a, second)
        yield unknown, _joined(value, other, operator.sub, "{} - {}")
    elif part.join == 1:
        unknown, other = (b, first) if second is None else (a, second)
        yield unknown, _joined(value, other, operator.truediv, "{} / {}")
    elif first is None:
        yield a, _joined(value, second, operator.mul, "{} * {}")
    else:
        yield b, _joined(first, value, operator.truediv, "{} / {}")


def _joined(a: Value | None, b: Value | None, join: Any, words: str) -> Value:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return Fraction(join(a, b)) if b != 0 or "/" not in words else Fraction(0)
    if isinstance(a, Fraction) and a == 0 and words in ("{} * {}", "{} / {}"):
        return a
    return words.format(*(number(x) if isinstance(x, Fraction) else f"({x})" if " " in str(x) else x for x in (a, b)))


def _call(target: Any, values: Mapping[str, Value]) -> tuple[Call, str]:
    """The call to write, and the optimizer's own argument where that holds the first rate."""
    path = target.name.partition("(")[0]
    arguments: dict[str, Any] = {}
    whole = getattr(target, "whole", ())
    for name, part in _parts(target).items():
        if not part.names:
            arguments[name] = part.constant
            continue
        x: Value = values[part.names[0]] if len(part.names) == 1 else _joined(values[part.names[0]], values[part.names[1]], *MADE_OF[part.join])
        parameter = inspect.signature(target.factory).parameters.get(name)
        if parameter is not None and isinstance(parameter.default, int | float) and x == Fraction(repr(parameter.default)):
            continue
        arguments[name] = int(x) if isinstance(x, Fraction) and (name in whole or (x.denominator == 1 and "step" in name)) else x
    made = Call(path, arguments, first_argument(path))
    held = getattr(target, "rate_in_optimizer", "")
    rate = next((x for name, x in values.items() if name in letters(Role.RATE)), "")
    return made, f"{held}={number(rate) if isinstance(rate, Fraction) else rate}" if held else ""


def _worst(source: Schedule, target: Schedule, values: Mapping[str, Value]) -> tuple[RateError, int | None]:
    """The largest relative error of a rate, from the first step to twice the length of the schedule; and until when there is none."""
    known = {n: x for n, x in values.items() if isinstance(x, Fraction)}
    hyper = {n: x for s in (source, target) for n, x in s.values(s.own(known)).items()}
    counts = {h.name for s in (source, target) for h in s.of_role(Role.COUNT)}
    lengths = [int(x) for n, x in hyper.items() if base(n) in counts]
    last = 2 * sum(lengths) if lengths else LAST
    stride = max(1, last // 200)
    steps = [*range(0, last + 1, stride)]
    both = [rates(s, s.own(hyper), steps, digits=30) for s in (source, target)]
    errors = [(float(abs(b - a) / (abs(a) or abs(b) or 1)), k) for k, a, b in zip(steps, *both, strict=True)]
    size, k = max(errors, key=lambda e: e[0])
    apart = next((i for i, (e, _) in enumerate(errors) if e > 1e-20), 0)
    return RateError(size, k, last), errors[apart - 1][1] if apart else None


def _clock(target: Any) -> tuple[str, ...]:
    """The moment at which the target reads its schedule."""
    clock = getattr(target, "clock", "")
    return (clock,) if clock else ()
