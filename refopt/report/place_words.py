"""Words of places, times and ranges: where something fails."""

from __future__ import annotations

from functools import singledispatch

from refopt.conformance.diagnose.failing_regions import Axes, Beyond, Blocks, Elements, Ends, Kind, Lane, Multiples, OfShape, Part, Sizes, Tensors, Where
from refopt.conformance.diagnose.moments import Period, Since, Span
from refopt.conformance.diagnose.ranges import Range, Side
from refopt.golden.description import Description
from refopt.report.phrases import PARTS, QUANTITIES, TENSORS, phrase

LARGE = 2**15
"""Numbers of updates from which on a power of two is written as one."""
ORDINALS = {2: "second", 3: "third"}


def update(t: int) -> str:
    """The number of an update; large powers of two as such."""
    for less, text in ((0, ""), (1, " - 1"), (-1, " + 1")):
        n = t + less
        if n >= LARGE and n & (n - 1) == 0:
            return f"2^{n.bit_length() - 1}{text}"
    return str(t)


@singledispatch
def told(x: Description) -> str:
    """A place in words: `at t = 11 to 200`."""
    raise TypeError(f"no words for {x!r}")


@told.register
def _(x: Where) -> str:
    if x.tensors is Kind.EVERY:
        return phrase("elements", elements=elements(x.elements))
    if x.elements is Part.ALL:
        return phrase("tensors", tensors=tensors(x.tensors))
    return phrase("elements of tensors", elements=elements(x.elements), tensors=tensors(x.tensors))


@told.register
def _(x: Span) -> str:
    sides = [phrase("right up to t", t=update(x.before))] if x.before is not None and x.before != x.first - 1 else []
    if x.last is not None and x.after is not None and x.after != x.last + 1:
        sides.append(phrase("right again from t", t=update(x.after)))
    right = _right(sides)
    if x.last is None:
        return phrase("t from", first=update(x.first), right=right)
    if x.first == x.last:
        return phrase("t at", first=update(x.first), right=right)
    if x.first == 1:
        return phrase("t to", last=update(x.last), right=right)
    return phrase("t between", first=update(x.first), last=update(x.last), right=right)


@told.register
def _(x: Period) -> str:
    return phrase("regular and rest", every=x.every, at=x.at) if x.at else phrase("regular", every=x.every)


@told.register
def _(x: Since) -> str:
    return phrase("since t", first=update(x.first))


@told.register
def _(x: Range) -> str:
    name, (low, high) = QUANTITIES[x.of], sorted((x.wrong, x.right))
    if x.wrong == 0:
        return phrase("is zero", name=name.strip("|"))
    if low < 0 <= high or low <= 0 < high:
        return phrase("is above zero" if x.side is Side.ABOVE else "is below zero", name=name)
    return phrase("is large" if x.side is Side.ABOVE else "is small", name=name, wrong=f"{x.wrong:.4g}", right=f"{x.right:.4g}")


def _right(sides: list[str]) -> str:
    return phrase("right", sides=" and ".join(sides)) if sides else ""


def tensors(x: Tensors) -> str:
    """Sorts of tensors in words."""
    if isinstance(x, Kind):
        return TENSORS[x]
    if isinstance(x, Multiples):
        if x.of == 2:
            return phrase("even" if x.are else "odd")
        return phrase("multiples" if x.are else "no multiples", of=x.of)
    if isinstance(x, Sizes):
        return _sizes(x)
    if isinstance(x, OfShape):
        return phrase("shape", shape=x.shape)
    assert isinstance(x, Axes)
    if x.high is None:
        return phrase("axes from", low=x.low)
    if x.low != x.high:
        return phrase("axes between", low=x.low, high=x.high)
    return phrase("scalars") if x.low == 0 else phrase("axes", low=x.low)


def _sizes(x: Sizes) -> str:
    sides = [phrase("up to", x=x.below)] if x.below is not None else []
    right = _right([*sides, *([phrase("from", x=x.above)] if x.above is not None else [])])
    if x.above is None:
        return phrase("sizes from", low=x.low, right=right)
    key = "sizes between" if x.low != x.high else "size one" if x.low == 1 else "one size"
    return phrase(key, low=x.low, high=x.high, right=right)


def elements(x: Elements) -> str:
    """Parts of a tensor in words."""
    if isinstance(x, Part):
        return PARTS[x]
    if isinstance(x, Ends):
        key = ("last" if x.last else "first") + (" one" if x.count == 1 else " ones")
        return phrase(key, count=x.count)
    if isinstance(x, Blocks):
        return phrase("full blocks" if x.full else "after the blocks", of=x.of)
    if isinstance(x, Lane):
        return phrase("lane", ordinal=phrase(ORDINALS[x.every]) if x.every in ORDINALS else phrase("nth", n=x.every), number=x.number)
    assert isinstance(x, Beyond)
    return phrase("number on" if x.on else "number before", number=x.number)
