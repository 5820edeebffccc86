"""One exact update of single elements, to 50 digits, from any values before it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from refopt.exact.mpmath_numbers import MP
from refopt.exact.numbers import Numbers, has_mpfr, mpfr_numbers, mpmath_numbers
from refopt.exact.run import Tensor, Updater
from refopt.language.compile import Program, compiled
from refopt.language.evaluate import evaluate
from refopt.language.expression import Kind
from refopt.language.reductions import Reduced, has_reductions, sizes, staged
from refopt.language.rule import Rule
from refopt.rounding.bound import Block
from refopt.rounding.error_bounds import as_fraction

DIGITS = 50


def exact_update(rule: Rule, block: Block) -> dict[str, list[Any]]:
    """theta and every state variable after the update of a block, as mpmath's numbers; None for an element without an exact value (0/0)."""
    if not len(block.g):  # an empty tensor, or no element of which anything is known: a state of one value has no value either
        return {name: [] for name in ("theta", *rule.state_names)}
    if any(r.value is None for r in block.reduced.values()):
        return {name: [None] * len(block.g) for name in ("theta", *rule.state_names)}
    made = _all_at_once(rule, block, _fast())
    if made is None:
        made = _one_by_one(rule, block)
    return {name: made[name] if name in made else _unchanged(block.before[name]) for name in ("theta", *rule.state_names)}


def with_reduced(rule: Rule, block: Block, *, broken: bool = False) -> Block:
    """The block with what the rule's reductions give in it, exactly; without a value where a term has none, or where some value is `broken` anyway."""
    if not has_reductions(rule):
        return block
    reductions = staged(rule).reductions
    nothing = {r.name: Reduced(None, (None,) * len(block.g), block.repeats) for r in reductions}
    if broken:
        return replace(block, reduced=nothing)
    if not len(block.g):
        return replace(block, reduced={r.name: Reduced(Fraction(0), (), ()) for r in reductions})
    engine = _mpmath()
    with engine.numbers.precision(DIGITS):
        updater = Updater(rule, {n: x for n, x in block.hyper.items() if n in rule.hyper_names}, engine.numbers)
        given = _given(rule, block, engine)
        state, further = ({n: given.columns[n] for n in names} for names in (rule.state_names, rule.input_names))
        try:
            found = updater.reduced(block.t, Tensor(given.columns["theta"], state, given.columns["g"], block.repeats, further))
        except (ArithmeticError, ValueError, TypeError):
            return replace(block, reduced=nothing)
    return replace(block, reduced=found if all(is_finite(r.value) for r in found.values()) else nothing)


def _unchanged(values: Sequence[Any]) -> list[Any]:
    with mpmath_numbers().precision(DIGITS):
        return [_number(x, _mpmath()) for x in values]


@dataclass(frozen=True)
class _Engine:
    """A sort of numbers, how a binary64 number becomes one of them, and how one of them becomes mpmath's of the same value.

    raises  an operation without a finite value raises an error, always
    """

    numbers: Numbers
    binary64: Callable[[float], Any]
    as_mpmath: Callable[[Any], Any]
    raises: bool


def _mpmath() -> _Engine:
    return _Engine(mpmath_numbers(), MP.mpf, lambda x: x, raises=False)


def _fast() -> _Engine:
    """MPFR's numbers where gmpy2 is installed: they round each operation to the same digits as mpmath's, some five times sooner."""
    if not has_mpfr():
        return _mpmath()
    from refopt.exact.mpfr_numbers import as_mpmath, binary64

    return _Engine(mpfr_numbers(), binary64, as_mpmath, raises=True)


class _Given(NamedTuple):
    """The values before an update as numbers of a sort: columns of the elements, and what is one value for all of them."""

    columns: dict[str, list[Any]]
    scalars: dict[str, Any]


def _given(rule: Rule, block: Block, engine: _Engine) -> _Given:
    integers = {h.name for h in rule.hyper if h.symbol.kind is Kind.INTEGER}
    every = {**{n: block.before[n] for n in ("theta", *rule.state_names)}, "g": block.g, **{n: block.inputs[n] for n in rule.input_names}}
    columns = {n: [_number(x, engine) for x in values] for n, values in every.items()}
    of_one_value = {s.name: int(columns[s.name][0]) if s.kind is Kind.INTEGER else columns[s.name][0] for s in rule.scalar_state}
    scalars = {name: int(x) if name in integers else engine.numbers.number(x) for name, x in block.hyper.items()}
    size = len(block.g) if block.repeats is None else sum(block.repeats)
    columns |= {name: [_number(r.value, engine)] * len(block.g) for name, r in block.reduced.items()}
    return _Given(columns, {**scalars, "t": block.t, **of_one_value, **sizes(size, size)})


def _number(x: Any, engine: _Engine) -> Any:
    """A finite number as one of a sort: a binary64 number has fewer digits than DIGITS, so that nothing is rounded."""
    return engine.binary64(x) if type(x) is float else engine.numbers.number(fraction(x))


def _made(rule: Rule, numbers: Numbers) -> Program:
    return compiled([(let.name, let.value) for let in staged(rule).steps], numbers.arithmetic)


def _all_at_once(rule: Rule, block: Block, engine: _Engine) -> dict[str, list[Any]] | None:
    """By the names of theta and the states that are assigned: the value of each element. None where some value does not exist."""
    made = _made(rule, engine.numbers)
    with engine.numbers.precision(DIGITS):
        given = _given(rule, block, engine)
        try:
            rows = made.rows(len(block.g), given.columns, made.prelude(given.scalars))
        except (ArithmeticError, ValueError, TypeError):
            return None
    if not engine.raises and not all(is_finite(x) for row in rows for x in row):
        return None
    return {name: [engine.as_mpmath(row[i]) for row in rows] for name, i in _positions(rule).items()}


def _one_by_one(rule: Rule, block: Block) -> dict[str, list[Any]]:
    """The same, one element after the other, in mpmath's numbers: None where an element has no value."""
    engine = _mpmath()
    made = _made(rule, engine.numbers)
    with engine.numbers.precision(DIGITS):
        given = _given(rule, block, engine)
        try:
            scalars: list[Any] | None = made.prelude(given.scalars)
        except (ArithmeticError, ValueError):
            scalars = None
        elements = [{n: column[i] for n, column in given.columns.items()} for i in range(len(block.g))]
        rows = [_row(rule, made, element, scalars, given.scalars) for element in elements]
    return {name: [row[i] for row in rows] for name, i in _positions(rule).items()}


def _positions(rule: Rule) -> dict[str, int]:
    """The place of theta and of each state among the assignments, where they are assigned."""
    return {let.name: i for i, let in enumerate(rule.steps) if let.name == "theta" or let.name in rule.state_names}


def _row(rule: Rule, made: Program, given: Mapping[str, Any], scalars: Sequence[Any] | None, numbered: Mapping[str, Any]) -> list[Any]:
    """Every assigned value of one element; None for those that do not exist."""
    if scalars is not None:
        try:
            row = made.body(given, scalars)
        except (ArithmeticError, ValueError, TypeError):
            row = []
        if row and all(is_finite(x) for x in row):
            return row
    return _assigned(rule, {**given, **numbered})


def _assigned(rule: Rule, known: dict[str, Any]) -> list[Any]:
    """The assignments by themselves: what divides by zero has no value, and nothing that is made of it has one."""
    arithmetic = mpmath_numbers().arithmetic
    row = []
    for let in staged(rule).steps:
        try:
            value = evaluate(let.value, known, arithmetic) if all(known[str(s.name)] is not None for s in let.value.symbols()) else None
        except (ArithmeticError, ValueError, TypeError):
            value = None
        known[let.name] = value if value is not None and is_finite(value) else None
        row.append(known[let.name])
    return row


def is_finite(x: Any) -> bool:
    """True where this is a finite real number of some sort."""
    raw = getattr(x, "_mpf_", None)
    if raw is not None:
        return bool(raw[1]) or raw[2] == 0
    return isinstance(x, int | float | Fraction) and math.isfinite(x)


def fraction(x: Any) -> Fraction:
    """A finite number (float, int, Fraction, mpmath's) as a fraction, exactly."""
    return as_fraction(x)
