"""Causes of reduced precision, each put into the exact run by itself: the right formula, computed less precisely.

A cause is no wider bound. The exact run is made again with the cause in it, and the implementation must lie within the
bound of that run (plus what the cause leaves open about its own coefficients).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from refopt.conformance.diagnose.cause import (
    Amplifies,
    Coefficients,
    ComputedIn,
    Example,
    FormedIn,
    PassThrough,
    ScalarsFormedIn,
    StateKeptIn,
    TakenAsDecimals,
    Together,
    Underflows,
)  # fmt: skip
from refopt.conformance.judge.model import Hyper, Model, Scalars
from refopt.golden.description import Description
from refopt.language.evaluate import is_integral, rational
from refopt.language.expression import Expression, Kind, literal, operation, scalar
from refopt.language.hyper import Hyper as HyperParameter
from refopt.language.role import Role
from refopt.language.rule import Let, Rule
from refopt.language.text import infix
from refopt.rounding.bound import Profile
from refopt.rounding.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Format

NARROW = (FLOAT32, BFLOAT16, FLOAT16)
"""Formats that scalars and states are passed through by mistake."""


@dataclass(frozen=True)
class Cause:
    """One cause, and the model with it put in; `of` None: the model as it is.

    scalar   relative error that it may bring to scalars, and `element`, to everything: for a quick look at many causes at once
    excuses  it is about values that are not finite
    """

    of: Description | None
    model: Model
    scalar: float = 0.0
    element: float = 0.0
    excuses: bool = False


def causes(model: Model, hyper: Hyper, f: Format, seen: Collection[Format] = ()) -> Iterator[Cause]:
    """Every cause that could reduce the precision of `model` in the format, the most particular first.

    hyper  typical values of the hyperparameters, for the examples and for what vanishes
    seen   the formats of the arrays in the run. Numbers pass through a 16-bit format only where something has it; through
           float32 anywhere: it is what frameworks and compilers take where nobody says what a scalar is
    """
    yield from _underflow(model, hyper, f)
    yield from _as_decimals(model, hyper, f)
    for narrow in NARROW:
        if narrow.u > f.u and (narrow is FLOAT32 or narrow in seen):
            yield from _hyperparameters_through(model, narrow, hyper)
    for narrow in dict.fromkeys((f, FLOAT32)):  # a format narrower than both would excuse errors of its size, and nobody forms scalars there
        if narrow.u >= FLOAT32.u and narrow.u >= f.u:
            yield from (replace(cause, scalar=float(narrow.u)) for cause in _formed_in(model, narrow, hyper))
    if f.u >= FLOAT32.u:
        yield from _one_value_computed_in(model, f)
    for narrow in NARROW:
        if narrow.u > f.u or narrow.emin > f.emin:
            yield from (replace(cause, element=float(narrow.u)) for cause in _kept_in(model, narrow))
            yield from (replace(cause, element=STORED_AND_COMPUTED * float(narrow.u)) for cause in _kept_and_computed_in(model, narrow))
            if FLOAT32.u >= f.u > FLOAT64.u:  # a framework that keeps a moment in bfloat16 forms 1 - b^t in float32 all the same
                yield from _both(model, narrow, hyper)
    for narrow in dict.fromkeys((f, FLOAT32)):  # after all that leaves less open
        if narrow.u >= FLOAT32.u and narrow.u >= f.u:
            yield from (replace(cause, scalar=float(narrow.u)) for cause in _scalars_formed_in(model, narrow))
    amplifying = replace(model, profile=Profile(amplifying=True))
    yield Cause(Amplifies(), amplifying, element=AMPLIFIED * float(f.u))


STORED_AND_COMPUTED = 4.0
"""Number of roundings of its format that the prefilter allows a state that is computed in it."""
AMPLIFIED = 2.0**10
"""Factor that the prefilter allows the error of an amplifying order of operations, over that of the written one."""


def _underflow(model: Model, hyper: Hyper, f: Format) -> Iterator[Cause]:
    """Hyperparameters that are zero in the format are zero in the run; what is not finite is accepted where no claim is made."""

    def scalars(hyper: Hyper, t: int, f: Format) -> Scalars:
        return Scalars({name: Fraction(0) if f.round(x) == 0 else x for name, x in hyper.items()})

    small = any(x and f.round(x) == 0 for x in hyper.values())
    names: list[str | None] = [h.name for h in model.rule.of_role(Role.EPSILON)]
    for name in names or [None]:
        yield Cause(Underflows(name), replace(model, scalars=scalars, excuses=True), excuses=not small)


def _as_decimals(model: Model, hyper: Hyper, f: Format) -> Iterator[Cause]:
    """Hyperparameters taken as the decimal numbers that are written, where 0.999 is meant as the binary64 number next to it.

    Only binary64 is so precise that the difference is seen, and only in what is small: 1 - 0.999 is 0.001 then.
    """
    def scalars(hyper: Hyper, t: int, f: Format) -> Scalars:
        return Scalars({name: as_written(x) for name, x in hyper.items()})

    if f is not FLOAT64:
        return
    changed = [x for x in hyper.values() if as_written(x) != x]
    if changed:
        closest = max(changed)
        yield Cause(TakenAsDecimals(closest), replace(model, scalars=scalars), scalar=AS_WRITTEN)


AS_WRITTEN = 2.0**-26
"""Largest relative error of a coefficient 1 - b between a decimal b and its binary64 number, for a quick look: b is at most 1 - 2^-27."""


def as_written(x: Fraction) -> Fraction:
    """The shortest decimal number that is read as this binary64 number."""
    return Fraction(repr(float(x)))


def _hyperparameters_through(model: Model, narrow: Format, hyper: Hyper) -> Iterator[Cause]:
    """Each hyperparameter by itself (a rate that is kept in a variable, say), then all of them.

    One that becomes zero is left out: that is the formula without it, and told as such.
    """
    names = model.rule.hyper_names
    for chosen in ([[name] for name in names] if len(names) > 1 else []) + [list(names)]:
        values = {n: x for n, x in hyper.items() if n in chosen}
        if any(x and not narrow.round(x) for x in values.values()):
            continue
        told = PassThrough(narrow, chosen[0] if len(chosen) < len(names) else None, _example(values, narrow))
        yield Cause(told, replace(model, scalars=_some_through(chosen, narrow)), scalar=float(narrow.u))


def _some_through(names: list[str], narrow: Format) -> Callable[[Hyper, int, Format], Scalars]:
    def scalars(hyper: Hyper, t: int, f: Format) -> Scalars:
        return Scalars({name: through(x, narrow) if name in names else x for name, x in hyper.items()})

    return scalars


def through(x: Fraction, narrow: Format) -> Fraction:
    """A number after a stay in a narrower format; unchanged where that overflows."""
    rounded = narrow.round(x)
    return x if rounded is None else rounded


def _example(hyper: Mapping[str, Fraction], narrow: Format) -> Example | None:
    """The hyperparameter that suffers most."""
    changed = [(x, through(x, narrow)) for x in hyper.values() if through(x, narrow) != x and abs(x) < 1]
    if not changed:
        return None
    before, after = max(changed, key=lambda pair: abs(pair[1] - pair[0]) / (1 - abs(pair[0])))
    return Example(before, after)


def _formed_in(model: Model, narrow: Format, hyper: Hyper) -> Iterator[Cause]:
    """1 - b and 1 - b^t formed in a narrower format: each kind by itself, then all."""
    powers = _powers(coefficients(model.rule))
    for chosen in _choices(model.rule):
        what = chosen[0] if len(chosen) == 1 else Coefficients.POWERS if chosen == powers else Coefficients.ALL
        base = {str(s.name) for c in chosen for s in c.symbols()}
        example = _example({n: x for n, x in hyper.items() if n in base}, narrow)
        yield Cause(FormedIn(narrow, what, example), _with_coefficients(model, chosen, narrow))


def _scalars_formed_in(model: Model, narrow: Format) -> Iterator[Cause]:
    """Every number of one value formed in a narrower format, each operation rounded: where a rule has such numbers beside the coefficients.

    The coefficients are those of the hyperparameters rounded to it, as where they alone are formed there.
    """
    names = tuple(dict.fromkeys(let.name for let in model.rule.steps if let.symbol.is_scalar and let.symbol.kind is Kind.REAL))
    if names:
        with_coefficients = _with_coefficients(model, coefficients(model.rule), narrow)
        for flushes in (False, True):
            profile = Profile(formed_in=narrow.name, flush=flushes)
            yield Cause(ScalarsFormedIn(narrow, names, flushes), replace(with_coefficients, profile=profile))


def _powers(found: Sequence[Expression]) -> list[Expression]:
    """Those of the form 1 - b^t."""
    return [c for c in found if c.op == "sub" and c.args[1].op == "pow"]


def _choices(rule: Rule) -> list[list[Expression]]:
    """The coefficients that may be formed in a narrower format together."""
    found = coefficients(rule)
    choices, powers = [[c] for c in found] + ([found] if len(found) > 1 else []), _powers(found)
    if 1 < len(powers) < len(found):
        choices.insert(len(found), powers)
    return choices


def rules_with_coefficients(rule: Rule) -> list[Rule]:
    """The rules that the search for a cause compares with where coefficients may be formed in a narrower format."""
    return [_with_coefficients(Model(rule.name, rule), chosen, FLOAT32).rule for chosen in _choices(rule)]


def _both(model: Model, narrow: Format, hyper: Hyper) -> Iterator[Cause]:
    """State that is kept and computed in a narrower format, and coefficients that are formed in float32."""
    for formed_so in _formed_in(model, FLOAT32, hyper):
        for kept in _kept_and_computed_in(formed_so.model, narrow):
            assert kept.of is not None and formed_so.of is not None
            yield Cause(Together(kept.of, formed_so.of), kept.model, element=STORED_AND_COMPUTED * float(narrow.u))


def coefficients(rule: Rule) -> list[Expression]:
    """The differences 1 - b and 1 - b^t of a rule, b a hyperparameter, in order, each once."""
    found: list[Expression] = []
    for let in rule.steps:
        for node in let.value.walk():
            if _is_coefficient(node, rule.hyper_names) and node not in found:
                found.append(node)
    return found


def _is_coefficient(node: Expression, hyper: Collection[str]) -> bool:
    if node.op != "sub" or not node.is_scalar or node.args[0] != literal(1) or is_integral(node):
        return False
    subtracted = node.args[1]
    base = subtracted.args[0] if subtracted.op == "pow" and is_integral(subtracted.args[1]) else subtracted
    return base.op == "symbol" and base.name in hyper


def _with_coefficients(model: Model, chosen: list[Expression], narrow: Format) -> Model:
    """The rule with coefficients as given numbers, formed in `narrow`, with the error that forming them there may have."""
    symbols = {c: scalar(f"c{i}", sign="positive") for i, c in enumerate(chosen)}
    steps = tuple(Let(let.symbol, _replaced(let.value, symbols), let.comment) for let in model.rule.steps)
    extra = tuple(HyperParameter(s, "1", s > 0, Role.FACTOR, f"{infix(c)} as formed in {narrow.name}") for c, s in symbols.items())
    rule = replace(model.rule, hyper=(*model.rule.hyper, *extra), steps=steps)

    def scalars(hyper: Hyper, t: int, f: Format) -> Scalars:
        values, slack = dict(hyper), {}
        for c, s in symbols.items():
            values[str(s.name)], slack[str(s.name)] = formed(c, hyper, t, narrow)
        return Scalars(values, slack)

    return replace(model, rule=rule, scalars=scalars)


def formed(coefficient: Expression, hyper: Mapping[str, Fraction], t: int, narrow: Format) -> tuple[Fraction, Fraction]:
    """1 - b or 1 - b^t from b rounded to `narrow`, and how far forming it there may be off (NUMERICS, causes)."""
    subtracted = coefficient.args[1]
    base, exponent = (subtracted, 1) if subtracted.op == "symbol" else (subtracted.args[0], int(rational(subtracted.args[1], {"t": Fraction(t)})))
    return _one_minus_power(hyper[str(base.name)], exponent, narrow, subtracted.op == "pow")


@lru_cache(maxsize=1 << 16)
def _one_minus_power(given: Fraction, exponent: int, narrow: Format, is_power: bool) -> tuple[Fraction, Fraction]:
    """1 - b^exponent, b being what was given rounded to `narrow`, with its slack; kept, since every cause that is tried asks for the same ones."""
    b = through(given, narrow)
    power = b**exponent if exponent < EXACT else _rounded_power(b, exponent)
    q = 1 - power
    inexact = is_power and b not in (0, 1)  # powers of 0 and 1 are exact however they are formed
    return q, narrow.u * q + (narrow.u * power * (exponent + 4) if inexact else 0)


EXACT = 16
"""Powers of fewer factors are formed exactly, others to 60 digits: more than the exact update has."""


def _rounded_power(b: Fraction, n: int) -> Fraction:
    """b^n to 60 digits, for 1 - b^n: an exact power of that many factors would be too long, and so is one of millions of zeros behind the point."""
    import mpmath

    with mpmath.workdps(60):
        power = (mpmath.mpf(b.numerator) / b.denominator) ** n
        _, mantissa, exponent, bits = power._mpf_
    if exponent + bits < LEAST:
        return Fraction(0)
    return Fraction(int(mantissa)) * (Fraction(2) ** int(exponent))


LEAST = -200
"""Powers below 2^-200 change no digit of 1 - b^n to 60 digits: 2^-200 < 10^-60."""


def _replaced(node: Expression, symbols: Mapping[Expression, Expression]) -> Expression:
    if node in symbols:
        return symbols[node]
    if not node.args:
        return node
    return operation(node.op, *(_replaced(a, symbols) for a in node.args), attribute=node.attribute)


def _kept_and_computed_in(model: Model, narrow: Format) -> Iterator[Cause]:
    """State whose products are formed in the narrower format that it is kept in: a factor takes the format of the array that it meets."""
    names = [s.name for s in model.rule.state if not s.constant]
    for chosen in ([(name,) for name in names] if len(names) > 1 else []) + [tuple(names)] if names else []:
        name = chosen[0] if len(chosen) == 1 and len(names) > 1 else None
        formats = tuple((name, narrow) for name in chosen)
        yield Cause(StateKeptIn(narrow, name, computed=True), replace(model, stored_in=narrow, stored=chosen, formats=formats))


def _one_value_computed_in(model: Model, f: Format) -> Iterator[Cause]:
    """States of one value whose factors are rounded to the format of the run before they meet: scalars are in binary64 until they are stored."""
    for state in model.rule.scalar_state:
        if state.kind is Kind.REAL and not state.constant:
            one = replace(model, stored_in=f, stored=(state.name,), formats=((state.name, f),))
            yield Cause(StateKeptIn(f, state.name, computed=True), one)


def _kept_in(model: Model, narrow: Format) -> Iterator[Cause]:
    """State rounded to a narrower format at every step, each variable by itself and all; and everything computed there, theta too."""
    names = [s.name for s in model.rule.state if not s.constant]
    for name in names if len(names) > 1 else ():
        yield Cause(StateKeptIn(narrow, name), replace(model, stored_in=narrow, stored=(name,)))
    if model.rule.state:
        yield Cause(StateKeptIn(narrow), replace(model, stored_in=narrow))
    yield Cause(ComputedIn(narrow), replace(model, bound_in=narrow))
