"""Edits of a schedule's curve: what is tried when no edit of its rate, and no slip, explains one.

pi is written with a few digits, a division is one of integers, a floor is added twice or bounds from below, one curve
stands for another, the curve starts anew or ends otherwise, the root of a divisor divides, counts are of the whole run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import permutations

from refopt.conformance.diagnose.compound_edits import schedule_slips
from refopt.golden.change import Change, Scope, part
from refopt.golden.change import Kind as Changed
from refopt.golden.mutants import new_formulas, schedule_mutants
from refopt.golden.tree_mutations import everywhere, rebuilt, replaced_once
from refopt.language.compose import substitute
from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression, Kind, both, cos, equal, exp, floor, k, literal, maximum, minimum, operation, pi, sqrt, where
from refopt.language.role import Role
from refopt.language.schedule import Schedule, lr_prev

PI = ("3", "3.1", "3.14", "3.141", "3.1415", "3.1416", "3.14159", "3.141592", "3.1415926", "3.14159265", "22/7")
"""Approximations of pi that programs use."""


@cache
def curve_edits(schedule: Schedule) -> tuple[tuple[Change, Schedule], ...]:
    """Every such edit of a schedule that is neither an edit nor a slip of it, each formula once: the edit, and the schedule."""
    bare = replace(schedule, recursion=None)
    if schedule.waits:
        return ()  # its rate is no curve
    known = [*(m.schedule for m in schedule_mutants(schedule)), *(s for _, s in schedule_slips(schedule))]
    found = ((part(Scope.RATE, old, new), replace(bare, rate=rate)) for old, new, rate in everywhere(bare.rate, _local))
    others = (_of_symbols(bare), _ends(bare), _last_part(schedule), _of_the_whole(bare), _joined(bare))
    return tuple(new_formulas(bare, (x for some in (found, *others) for x in some), known))


def _local(node: Expression) -> Iterator[Expression]:
    if node.op == "constant":
        yield from (literal(x) for x in PI)
    if node.op == "div" and not is_integral(node):
        yield floor(node)
        if node.args[0].op == "mul":  # a*b / c, grouped as a * (b / c)
            yield node.args[0].args[0] * floor(node.args[0].args[1] / node.args[1])
    if node.op == "div" and not is_integral(node.args[1]):
        yield node.args[0] / sqrt(node.args[1])
    if node.op in ("add", "sub") and not is_integral(node):
        for a in node.args:
            yield node + a
            yield node - a
    if node.op == "add":
        yield from _bounded_below(node)
    if node.op == "pow":
        yield from _other_powers(*node.args)
    if node.op == "pow" and node.args[0].op == "div":  # (a / b)^c as a^c / b
        yield node.args[0].args[0] ** node.args[1] / node.args[0].args[1]
    if node.op == "mul":
        yield from (tree for a, b in (node.args, node.args[::-1]) if (tree := _in_values(b, a)) != b)
    if node.op == "mul" and node.args[1].op == "pow":
        first, (base, exponent) = node.args[0], node.args[1].args
        yield first - base * exponent
        yield first / (1 + base * exponent)
        yield (first * base) ** exponent
    if node.op == "div" and node.args[0].op == "add" and node.args[0].args[1].op == "cos":
        yield from _other_curves(node.args[0].args[1].args[0])
    if node.op == "mul" and node.args[1].op == "add" and node.args[1].args[1].op == "cos":  # (a * (1 + cos(x))) / 2 is grouped so
        yield from (2 * node.args[0] * curve for curve in _other_curves(node.args[1].args[1].args[0]))
    if node.op == "floor" and node.args[0].op == "div":
        count, every = node.args[0].args
        yield where(both(count > 0, equal(count, every * node)), 1, 0)
    if node.op == "div" and node.args[0].op == "mul" and node.args[1].kind is Kind.INTEGER:  # a*k/n as a*(k/n)^2
        share = node.args[0].args[1] / node.args[1]
        yield node.args[0].args[0] * share**2
        yield node.args[0].args[0] * (1 - cos(pi * share)) / 2


def _in_values(shares: Expression, whole: Expression) -> Expression:
    """Shares of a whole in its own values: the whole where 1 - x was, and no factor before it."""
    if shares.op == "sub" and shares.args[0] == literal(1):
        return whole - shares.args[1]
    for i, arg in enumerate(shares.args):
        shares = rebuilt(shares, i, _in_values(arg, whole))
    return shares


def _bounded_below(node: Expression) -> Iterator[Expression]:
    """a + (b - a)*x as max(a, b*x)."""
    low, rest = node.args
    for node in rest.walk():
        if node.op == "sub" and node.args[1] == low:
            for tree in replaced_once(rest, node, node.args[0]):
                yield maximum(low, tree)


def _other_powers(base: Expression, exponent: Expression) -> Iterator[Expression]:
    yield exp(-base * exponent)
    yield exp(-(1 - base) * exponent)
    yield exp(-exponent / base)
    yield 1 / (1 + base * exponent)
    yield 1 - base * exponent
    if is_integral(exponent):
        yield base ** (exponent * (exponent + 1) / 2)
        yield base**exponent * base**exponent


def _other_curves(angle: Expression) -> Iterator[Expression]:
    """Curves used by mistake for (1 + cos(pi*x))/2: a line, a parabola, a quarter of a cosine."""
    share = angle / pi
    if angle.op == "div" and angle.args[0].op == "mul" and angle.args[0].args[0] == pi:
        share = angle.args[0].args[1] / angle.args[1]
    yield 1 - share
    yield (1 - share) ** 2
    yield cos(angle / 2)
    yield cos(angle)
    yield exp(-share)


def _of_symbols(schedule: Schedule) -> Iterator[tuple[Change, Schedule]]:
    """A count less another (the rest of a run), one share of two rates; a count that starts anew."""
    counts = [h.symbol for h in schedule.hyper if h.symbol.kind is Kind.INTEGER and not h.is_list]
    real = [h.symbol for h in schedule.hyper if h.symbol.kind is Kind.REAL]
    for a, b in permutations(counts, 2):
        for new in (a - b, a + b):
            for rate in (substitute(schedule.rate, {str(a.name): new}), *replaced_once(schedule.rate, a, new)):
                yield part(Scope.RATE, a, new), replace(schedule, rate=rate)
    for n in counts:
        anew = k - n * floor(k / n)
        for held in (minimum(k, n), minimum(k - n, n)):
            for rate in replaced_once(schedule.rate, held, anew):
                yield part(Scope.RATE, held, anew), replace(schedule, rate=rate)
        if minimum(k, n) in schedule.rate.walk():  # then it is the same
            continue
        for rate in (substitute(schedule.rate, {"k": anew}), *replaced_once(schedule.rate, k, anew)):
            yield part(Scope.RATE, k, anew), replace(schedule, rate=rate)
    for h in real:
        for a, b in permutations([x for x in real if x != h], 2):
            yield part(Scope.EVERYWHERE, h, a / b), replace(schedule, rate=substitute(schedule.rate, {str(h.name): a / b}))


def _ends(schedule: Schedule) -> Iterator[tuple[Change, Schedule]]:
    """Another rate from the end of a period on."""
    real = [h.symbol for h in schedule.hyper if h.symbol.kind is Kind.REAL]
    for n in (h.symbol for h in schedule.hyper if h.symbol.kind is Kind.INTEGER and not h.is_list):
        for last in (literal(0), *real):
            rate = where(k < n, schedule.rate, last)
            yield Change(Changed.RATE_FROM, Scope.RATE, after=last, names=(str(n.name),)), replace(schedule, rate=rate)


def _last_part(schedule: Schedule) -> Iterator[tuple[Change, Schedule]]:
    """Another rate from the end of the last of several parts on; what a recursion makes of the last rate at a boundary, made of the whole one."""
    real = [h.symbol for h in schedule.hyper if h.symbol.kind is Kind.REAL]
    for end in (e for e in schedule.turns[-1:] if e.op != "symbol"):
        for last in (literal(0), *real):
            yield Change(Changed.RATE_BEYOND, Scope.RATE, end, last), replace(schedule, rate=where(k < end, schedule.rate, last))
    step, rate = schedule.recursion, next((h.symbol for h in schedule.hyper if h.role is Role.RATE), None)
    if step is not None and rate is not None and step.op == "where" and step.args[0].op == "eq" and step.args[0].args[0] == k:
        end, made = step.args[0].args[1], substitute(step.args[1], {str(lr_prev.name): rate})
        yield Change(Changed.RATE_BEYOND, Scope.RATE, end, made), replace(schedule, rate=where(k < end, schedule.rate, made), recursion=None)


def _of_the_whole(schedule: Schedule) -> Iterator[tuple[Change, Schedule]]:
    """A rate that falls with the number of the step besides, or is 0 at the first one."""
    for rate in (schedule.rate / (k + 1), where(k > 0, schedule.rate, 0)):
        yield part(Scope.RATE, schedule.rate, rate), replace(schedule, rate=rate)


def _joined(schedule: Schedule) -> Iterator[tuple[Change, Schedule]]:
    """Two curves that are multiplied instead of one following the other, the second with its own count or the whole one."""
    rate = schedule.rate
    if rate.op != "where" or rate.args[0].op != "lt":
        return
    end = rate.args[0].args[1]
    for moved, kind in ((end + 1, Changed.LATE), (end - 1, Changed.EARLY)):
        joined = where(k < moved, rate.args[1], substitute(rate.args[2], {str(end.name): moved}) if end.op == "symbol" else rate.args[2])
        yield Change(kind, Scope.RATE, end, moved), replace(schedule, rate=joined)
    held = substitute(rate.args[1], {"k": minimum(k, end - 1)})
    yield Change(Changed.SHORT_OF_ITS_END, Scope.RATE, k, minimum(k, end - 1)), replace(schedule, rate=held)
    if rate.args[1].op != "mul":
        return
    first, share = rate.args[1].args
    whole = _shifted_back(rate.args[2], k - end)
    for second in dict.fromkeys((rate.args[2], whole)):
        yield Change(Changed.TIMES_WHOLE, Scope.RATE, share), replace(schedule, rate=minimum(1, share) * second)
        short = substitute(share, {"k": minimum(k, end - 1)})
        yield Change(Changed.HELD_TIMES_WHOLE, Scope.RATE, share, end - 1), replace(schedule, rate=short * second)
    yield Change(Changed.LESSER, Scope.RATE, first), replace(schedule, rate=minimum(first * share, whole))


def _shifted_back(node: Expression, shifted: Expression) -> Expression:
    """The tree with k in the place of the shifted count."""
    if node == shifted:
        return k
    return node if not node.args else operation(node.op, *(_shifted_back(a, shifted) for a in node.args), attribute=node.attribute)
