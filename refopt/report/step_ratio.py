"""Lengths of the steps of one rule relative to those of another, over the updates of a few small exact runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import open_loop, rates
from refopt.language.evaluate import evaluate
from refopt.language.expression import Expression, Kind
from refopt.language.lists import base, gathered
from refopt.language.lists import text as list_text
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.proof.equality import Equality
from refopt.proof.related import Same

DIGITS = 30
TIMES = (1, 10, 100, 1000)
"""The updates that are shown."""
SAME = "1.000"
"""Text of a ratio of 1."""
MULTIPLES = (10000, 100, 1)
"""Sizes of the gradient in units of eps."""
LENGTHS = 8
"""Rates of a schedule that are shown."""

Gradients = Mapping[str, Callable[[int], Fraction]]
"""By the head of a column: the gradient of update t."""

SHAPES: Gradients = {
    "constant": lambda t: Fraction(1),
    "growing": lambda t: Fraction(t),
    "alternating": lambda t: Fraction(1 if t % 2 else -1),
    "10 once": lambda t: Fraction(10 if t == 1 else 1),
}
"""Gradients of size 1, t, 1 with changing sign, and 10 in the first update followed by 1."""


@dataclass(frozen=True)
class Ratios:
    """A table: its title, what the columns are, their heads, and rows of text; of steps, the largest relative difference in it."""

    title: str
    columns: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    largest: str = ""


def step_ratios(first: Rule, second: Rule, equality: Equality) -> Ratios | None:
    """Lengths of steps of `first` in units of those of `second`; None where no small run shows a difference."""
    title = f"How much longer is a step of {first.name}?"
    hyper = {**first.values(), **second.values(), **first.values()}
    if equality.same is Same.AT_CONSTANT_RATE:
        return _after_a_fall(first, second, hyper, title)
    if epsilons := [h.name for h in first.of_role(Role.EPSILON) if h.name in second.hyper_names]:
        sizes = {str(c): _constant(c * hyper[epsilons[0]]) for c in MULTIPLES}
        rows = _ratios(first, second, hyper, sizes)
        if _visible(rows):
            factor = _factors(equality, hyper)
            rows = [(row[0], factor[1](int(row[0])), *row[1:]) for row in rows] if factor else rows
            head = ("t", *([factor[0]] if factor else []), *sizes)
            return Ratios(title, f"gradient, in multiples of {epsilons[0]}", head, tuple(rows), _largest(head, rows, len(sizes)))
    rows = _ratios(first, second, hyper, SHAPES)
    head = ("t", *SHAPES)
    return Ratios(title, _given(first, second), head, tuple(rows), _largest(head, rows, len(SHAPES))) if _visible(rows) else None


def _given(first: Rule, second: Rule) -> str:
    """The meaning of the columns, and the further inputs of the updates."""
    return "; ".join(("gradient", *(f"{name} is 1" for name in dict.fromkeys((*first.input_names, *second.input_names)))))


def _constant(size: Fraction) -> Callable[[int], Fraction]:
    return lambda t: size


def _after_a_fall(first: Rule, second: Rule, hyper: Mapping[str, Fraction], title: str) -> Ratios:
    times = (10, 11, 20, 100)
    (rate,) = (hyper[name] for name in first.at_rate(None))
    lr = [rate / (1 if t <= 10 else 10) for t in range(1, times[-1] + 1)]
    rows = _ratios(first, second, hyper, SHAPES, lr, times)
    head = ("t", *SHAPES)
    return Ratios(title, "gradient; after t = 10 the rate is a tenth", head, tuple(rows), _largest(head, rows, len(SHAPES)))


def _largest(head: Sequence[str], rows: Sequence[tuple[str, ...]], columns: int) -> str:
    """The largest |ratio - 1| of the table's last columns, and where: the difference of the two steps in units of the second's."""
    places = [(abs(float(row[i]) - 1), row[0], head[i]) for row in rows for i in range(len(head) - columns, len(head)) if row[i] != "-"]
    if not places:
        return ""
    size, t, column = max(places, key=lambda place: place[0])
    return f"{size:.3g}, at t = {t}, gradient {column}"


def _ratios(
    first: Rule, second: Rule, hyper: Mapping[str, Fraction], columns: Gradients, lr: Sequence[Fraction] | None = None, times: Sequence[int] = TIMES
) -> list[tuple[str, ...]]:
    """One row a time: t, then for each column the ratio of the steps. Digits are doubled until what is printed stays the same."""
    settled: list[tuple[str, ...]] = []
    digits = DIGITS
    while True:
        both = [lengths(rule, hyper, list(columns.values()), lr, times, digits) for rule in (first, second)]
        rows = [(str(t), *map(_text, a, b)) for t, a, b in zip(times, *both, strict=True)]
        if rows == settled:
            return rows
        settled, digits = rows, 2 * digits


def lengths(
    rule: Rule, hyper: Mapping[str, Fraction], columns: Sequence[Callable[[int], Fraction]], lr: Sequence[Fraction] | None,
    times: Sequence[int], digits: int,
) -> list[list[Fraction | None]]:  # fmt: skip
    """By time and column: the length of the step, None where these digits give no real number (a root of what should cancel)."""
    gradients = [[gradient(t) for gradient in columns] for t in range(1, times[-1] + 1)]
    own = {name: hyper[name] for name in rule.hyper_names}
    start = [Fraction(1)] * len(columns)
    run = open_loop(rule, hyper=own, theta0=start, gradients=gradients, lr=lr, digits=digits, inputs=dict.fromkeys(rule.input_names, [start] * len(gradients)))
    thetas: list[list[Any]] = [list(start), *([_real(x) for x in step.theta] for step in run)]
    pairs = [zip(thetas[t - 1], thetas[t], strict=True) for t in times]
    return [[None if a is None or b is None else a - b for a, b in row] for row in pairs]


def _real(x: Any) -> Fraction | None:
    return to_fraction(x) if hasattr(x, "_mpf_") else None


def _visible(rows: Sequence[tuple[str, ...]]) -> bool:
    return any(cell != SAME for row in rows for cell in row[1:])


def _text(first: Fraction | None, second: Fraction | None) -> str:
    """The ratio in four digits, as many of them after the point as that leaves."""
    if first is None or second is None or second == 0:
        return "-"
    value = float(first / second)
    whole = len(str(int(abs(value))))
    return f"{value:.{max(0, 4 - whole)}f}" if whole <= 5 else f"{value:.2e}"


def _factors(equality: Equality, hyper: Mapping[str, Fraction]) -> tuple[str, Callable[[int], str]] | None:
    """The head and the values of a column that says by what the one replaced hyperparameter is multiplied."""
    if equality.replaced is None or len(equality.replaced) != 1:
        return None
    ((name, tree),) = equality.replaced.items()
    numbers = mpmath_numbers()

    def factor(t: int) -> str:
        with numbers.precision(DIGITS):
            values = {n: numbers.number(x) for n, x in hyper.items()}
            return f"{float(evaluate(tree, {**values, 't': t}, numbers.arithmetic) / values[name]):.3g}"

    return f"{name} times", factor


def rate_ratios(first: Schedule, second: Schedule) -> Ratios:
    """The rates of two schedules at a few steps, with the same hyperparameters wherever they share them."""
    hyper = {**first.values(), **second.values(), **first.values()}
    symbols: dict[str, Expression] = {h.name: h.symbol for h in (*first.hyper, *second.hyper)}
    lengths = sorted({int(x) for n, x in hyper.items() if symbols[base(n)].kind is Kind.INTEGER})
    steps = sorted({0, 1, *(s for n in lengths for s in (n // 2, n, n + 1, n + n // 2, 2 * n))} if lengths else {0, 1, 10, 100, 1000})[:LENGTHS]
    if known := [x for s in (first, second) if (x := s.last_known(hyper)) is not None]:
        steps = [k for k in range(min(known) + 1) if k == 0 or k > min(known) - LENGTHS + 1]
    found = [rates(s, s.own(hyper), steps, digits=DIGITS) for s in (first, second)]
    rows = tuple((str(k), *(f"{float(r[i]):.4g}" for r in found)) for i, k in enumerate(steps))
    values = ", ".join(f"{n} = {list_text(map(_written, x)) if isinstance(x, tuple) else _written(x)}" for n, x in gathered(hyper).items())
    return Ratios(f"Their rates for {values}", "", ("k", first.name, second.name), rows)


def _written(x: Fraction) -> str:
    return str(int(x)) if x.denominator == 1 else f"{float(x):g}"

