"""A learning-rate schedule's own code, read as a formula: its closed form, and its rate from the rate of the step before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt import catalogue
from refopt.exact.numbers import mpmath_numbers
from refopt.language.evaluate import evaluate
from refopt.language.expression import Expression, Kind, k
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.lifting.lifted_schedule import LiftedSchedule
from refopt.lifting.needs import Need, is_met, needs_of
from refopt.lifting.obstacle import Hindrance, Obstacle
from refopt.lifting.ranges import End, Range, of_hypers, without_zero
from refopt.lifting.unreadable import CannotRead
from refopt.proof.cases import same_rate
from refopt.proof.equality import RATES, Witness, differ, points, written_witness
from refopt.proof.exact_point import Nothing, TooLarge, exact, exact_value
from refopt.proof.formula import Line, tidy
from refopt.proof.recursion import follows, without_value
from refopt.proof.special_points import at_the_ends, branches, on_every_side
from refopt.proving.answer import Answer, Asked, Differs, Equal, Unreadable
from refopt.proving.lift import lift_schedule

DIGITS, TOO_FAR = 40, Fraction(1, 10**30)
"""Digits of the rates that are compared, and what cannot be their rounding."""
LONG = 2**22
"""A span of steps that is longer than those which code names."""
CLOSED, RECURSIVE = "closed", "recursive"


@dataclass(frozen=True)
class _Proved:
    """Forms of the code that are proved to be a schedule, and whether all are."""

    forms: tuple[str, ...]
    whole: bool


def prove_schedule(implementation: Any, schedule: Schedule) -> Answer:
    """Compare a schedule's code with a schedule of the catalogue."""
    asked = Asked(implementation.name, implementation.version, schedule.name, schedule=True)
    try:
        if lists := [h.name for h in schedule.hyper if h.is_list]:
            raise CannotRead(Obstacle.LIST_OF_ANY_LENGTH, *lists)
        lifted = lift_schedule(implementation, schedule)
    except CannotRead as reason:
        return Unreadable(asked, reason.reason, reason.where)
    asked = Asked(implementation.name, implementation.version, schedule.name, lifted.route, lifted.assumed, schedule=True)
    schedule, own = lifted.at_what_is_held(schedule), {h.name for h in lifted.hyper}
    if not set(schedule.hyper_names) <= own:
        return Unreadable(asked, Hindrance(Obstacle.NOT_SET, tuple(n for n in schedule.hyper_names if n not in own)))
    witness = _witness(schedule, lifted)
    if witness is None:
        proved = _proved(schedule, lifted)
        need = _without_value(schedule, lifted)
        if proved.whole and need is None:
            return Equal(asked, proved.forms)
        witness = _at_special_points(schedule, lifted)
        if witness is None and proved.whole:
            return Unreadable(asked, Hindrance(Obstacle.NO_VALUE_SOMEWHERE, (schedule.name, str(need))))
    if witness is None:
        return Unreadable(asked, Hindrance(Obstacle.RATE_UNDECIDED, (schedule.name,)))
    if lifted.catches and not witness.has_second:
        return Unreadable(asked, Hindrance(Obstacle.NOT_FOLLOWED, tuple(f"{n} = {x}" for n, x in witness.point.items())))
    matches = tuple(_matching(schedule, lifted))
    yours = tuple(_lines(lifted)) if not matches else (Line("lr_k", infix(matches[0][0].rate)),)
    forms = matches[0][1] if matches else ()
    return Differs(asked, tuple(s.name for s, _ in matches), yours, (Line("lr_k", infix(schedule.rate)),), witness, forms=forms)


def _without_value(schedule: Schedule, lifted: LiftedSchedule) -> Need | None:
    """A need of the code's rate that the schedule has not; None where there is none."""
    known = of_hypers(tuple({h.name: h for h in (*schedule.hyper, *lifted.hyper)}.values()))
    known = {symbol: without_zero(one) if str(symbol.name) in lifted.nonzero else one for symbol, one in known.items()}
    trees, granted = [tree for tree in (lifted.closed, lifted.start) if tree is not None], needs_of([schedule.rate])
    need = next((x for x in needs_of(trees) if not is_met(x, granted, known) and not _is_granted_in_other_cases(x, granted)), None)
    if need is None and lifted.recursion is not None:
        need = without_value(lifted.recursion, schedule.rate, {**known, k: Range(End(Fraction(1)))})
    return need


def _is_granted_in_other_cases(need: Need, granted: Sequence[Need]) -> bool:
    """True where the schedule needs the same always, of what is proved the same case by case."""
    return any(other.wanted is need.wanted and not other.guards and same_rate(need.node, other.node) for other in granted)


def _at_special_points(schedule: Schedule, lifted: LiftedSchedule) -> Witness | None:
    """A difference at an end of a domain, or on one side of a branch."""
    hypers = {h.name: h for h in (*schedule.hyper, *lifted.hyper)}
    whole = {n for n, h in hypers.items() if h.symbol.kind is Kind.INTEGER}
    base: dict[str, Any] = {n: int(x) if n in whole else x for n, x in next(points(schedule.hyper, lifted.hyper)).items()}
    tried = [{**p, "k": step} for p in at_the_ends(tuple(hypers.values()), base) for step in (0, 1, 7)]
    if lifted.closed is not None:
        far = {**base, **dict.fromkeys(whole, LONG)}  # where a late step is still inside every span
        for difference in branches([lifted.closed]):
            tried += [p for start in (base, far) for p in on_every_side(difference, {**start, "k": 7}, hypers, {})]
    for point in tried:
        if any(point.get(n) == 0 for n in lifted.nonzero):
            continue
        point = {n: int(x) if n in whole else x for n, x in point.items()}
        step = int(point.pop("k"))
        for tree in _forms(lifted, step):
            if (found := _confirmed(schedule, tree, point, step)) is not None:
                return found
    return None


def _matching(schedule: Schedule, lifted: LiftedSchedule) -> Iterator[tuple[Schedule, tuple[str, ...]]]:
    own = {h.name for h in lifted.hyper}
    every = sorted(catalogue.schedules(variants=True), key=lambda s: s.family != schedule.family)
    for other in map(lifted.at_what_is_held, every):
        if other.name != schedule.name and set(other.hyper_names) <= own and _witness(other, lifted) is None:
            proved = _proved(other, lifted)
            if proved.whole:
                yield other, proved.forms


def _proved(schedule: Schedule, lifted: LiftedSchedule) -> _Proved:
    forms = []
    domain = tuple(dict.fromkeys(c for h in (*schedule.hyper, *lifted.hyper) for c in h.conditions))
    if lifted.closed is not None and same_rate(lifted.closed, schedule.rate, domain):
        forms.append(CLOSED)
    if lifted.recursion is not None and lifted.start is not None and follows(lifted.recursion, lifted.start, schedule.rate, domain):
        forms.append(RECURSIVE)
    wanted = sum(x is not None for x in (lifted.closed, lifted.recursion))
    return _Proved(tuple(forms) if wanted > 1 else (), len(forms) == wanted)


def _witness(schedule: Schedule, lifted: LiftedSchedule) -> Witness | None:
    """The first step at which the code's rate is not the schedule's, at an exact point; looked for with many digits, then confirmed."""
    numbers = mpmath_numbers()
    for _, hyper in zip(range(3), points(schedule.hyper, lifted.hyper), strict=False):
        whole = {h.name for h in lifted.hyper if h.symbol.kind is Kind.INTEGER}
        with numbers.precision(DIGITS):
            given = {n: int(x) if n in whole else numbers.number(x) for n, x in hyper.items()}
            previous = numbers.number(0)
            for step in range(RATES):
                space = {**given, "k": step, "lr_prev": previous}
                wanted = evaluate(schedule.rate, space, numbers.arithmetic)
                for tree in _forms(lifted, step):
                    if _has_no_value(tree, space) or abs(evaluate(tree, space, numbers.arithmetic) - wanted) > numbers.number(TOO_FAR):
                        found = _confirmed(schedule, tree, {n: x if n not in whole else int(x) for n, x in hyper.items()}, step)
                        if found is not None:
                            return found
                previous = wanted
    return None


def _has_no_value(tree: Expression, space: dict[str, Any]) -> bool:
    try:
        evaluate(tree, space, mpmath_numbers().arithmetic)
    except ArithmeticError:
        return True
    return False


def _forms(lifted: LiftedSchedule, step: int) -> Iterator[Expression]:
    for tree in (lifted.closed, lifted.start if step == 0 else lifted.recursion):
        if tree is not None:
            yield tree


def _confirmed(schedule: Schedule, tree: Expression, hyper: dict[str, Any], step: int) -> Witness | None:
    """The point as a witness, where the difference of the exact values is certainly not zero."""
    space = {n: x if isinstance(x, int) else exact(x) for n, x in hyper.items()} | {"k": step}
    try:
        space["lr_prev"] = exact_value(schedule.rate, space | {"k": step - 1}) if step else exact(Fraction(0))
        if isinstance(space["lr_prev"], Nothing):
            return None
        wanted, value = (exact_value(x, space) for x in (schedule.rate, tree))
    except TooLarge:
        return None
    return written_witness({**hyper, "k": step}, wanted, value) if differ(wanted, value) else None


def _lines(lifted: LiftedSchedule) -> Iterator[Line]:
    if lifted.closed is not None:
        yield Line("lr_k", infix(tidy(lifted.closed)))
    elif lifted.recursion is not None:
        yield Line("lr_k", infix(tidy(lifted.recursion)))


