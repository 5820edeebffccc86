"""Words of the causes of reduced precision."""

from __future__ import annotations

from functools import singledispatch

from refopt.conformance.diagnose.cause import (
    Amplifies,
    Coefficients,
    ComputedIn,
    Example,
    FormedIn,
    KeepsThetaBefore,
    PassThrough,
    RateFormedIn,
    ScalarsFormedIn,
    StateKeptIn,
    TakenAsDecimals,
    Together,
    Underflows,
)
from refopt.golden.description import Description
from refopt.language.text import infix
from refopt.report.phrases import phrase


@singledispatch
def told(x: Description) -> str:
    """A cause in words; "" for what is none."""
    return ""


@told.register
def _(x: Underflows) -> str:
    text = phrase("underflows", name=x.name or phrase("some value"))
    return phrase("gives nan", what=text) if x.gives_nan else text


@told.register
def _(x: TakenAsDecimals) -> str:
    return phrase("as decimals", short=repr(float(x.example)), long=f"{float(x.example):.20g}")


@told.register
def _(x: PassThrough) -> str:
    key = "pass through" if x.name is None else "one passes through"
    return phrase(key, format=x.format.name, name=x.name, example=_example(x.example))


def _example(x: Example | None) -> str:
    return "" if x is None else phrase("example", before=f"{float(x.before):.6g}", after=f"{float(x.after):.11g}")


@told.register
def _(x: FormedIn) -> str:
    if isinstance(x.what, Coefficients):
        key = "powers formed in" if x.what is Coefficients.POWERS else "all formed in"
        return phrase(key, format=x.format.name, example=_example(x.example))
    return phrase("one formed in", what=infix(x.what), format=x.format.name, example=_example(x.example))


@told.register
def _(x: ScalarsFormedIn) -> str:
    key = "scalars formed in, flushed" if x.flushes else "scalars formed in"
    return phrase(key, names=", ".join(x.names), format=x.format.name)


@told.register
def _(x: StateKeptIn) -> str:
    key = "kept and computed in" if x.computed else "kept in"
    return phrase(key, name=x.name or phrase("whole state"), format=x.format.name)


@told.register
def _(x: ComputedIn) -> str:
    return phrase("computed in", format=x.format.name)


@told.register
def _(x: RateFormedIn) -> str:
    return phrase("rate formed in", format=x.format.name)


@told.register
def _(x: Amplifies) -> str:
    return phrase("amplifies")


@told.register
def _(x: KeepsThetaBefore) -> str:
    return phrase("theta before", velocity=x.velocity)


@told.register
def _(x: Together) -> str:
    return phrase("besides", first=told(x.first), second=told(x.second))
