"""Edits that hold only somewhere: in some tensors and elements, at some updates, or for some of what is sent.

Where and when are drawn by seed, apart from the choice of the cases: sizes, blocks, numbers of axes, spans and periods of t.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, log, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from refopt.golden.extremes import may_be_zero
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

Mask = npt.NDArray[np.bool_]
Tensors = Sequence[tuple[int, ...]]
LARGEST = 200_000
"""Sizes that are drawn end here."""
END = 2**31
"""Numbers of updates that are drawn end here; for a rule without t at 1,000: it has no number of its own that could be late."""
DRAWS = 2
"""Number of draws of each sort of place for a rule, and of each sort of span."""


@dataclass(frozen=True)
class Place:
    """Some elements of some tensors: which, in words, and the mask of a tensor's elements, from all shapes of the run and its place there."""

    text: str
    hits: Callable[[Tensors, int], Mask]


@dataclass(frozen=True)
class Span:
    """Some updates: which, in words, and whether a number is among them."""

    text: str
    holds: Callable[[int], bool]


@dataclass(frozen=True)
class Misread:
    """A hyperparameter that is not taken as it is sent: the edit in one line, its name, and what is made of a value."""

    text: str
    name: str
    taken: Callable[[float], float]


def _number(rng: random.Random, low: int, high: int) -> int:
    """Of every size alike."""
    return round(exp(rng.uniform(log(low), log(high))))


def places(rule: Rule) -> Iterator[Place]:
    """The places that are drawn for a rule."""
    rng = random.Random(f"refopt {rule.name} where")
    for _ in range(DRAWS):
        for made in _PLACES:
            yield made(rng)


def _whole(wanted: Callable[[tuple[int, ...]], bool]) -> Callable[[Tensors, int], Mask]:
    return lambda shapes, p: np.full(prod(shapes[p]), wanted(shapes[p]))


def _elements(wanted: Callable[[int, Any], Any]) -> Callable[[Tensors, int], Mask]:
    """Elements by the size of their tensor and their number in it."""

    def hits(shapes: Tensors, p: int) -> Mask:
        n = prod(shapes[p])
        found: Mask = np.broadcast_to(np.asarray(wanted(n, np.arange(n)), dtype=bool), (n,))
        return found

    return hits


def _sizes_between(rng: random.Random) -> Place:
    low = _number(rng, 1, LARGEST // 4)
    high = low * rng.randint(4, 8)
    return Place(f"tensors of {low} to {high} elements", _whole(lambda shape: low <= prod(shape) <= high))


def _sizes_from(rng: random.Random) -> Place:
    low = _number(rng, 2, LARGEST // 2)
    return Place(f"tensors of {low} elements or more", _whole(lambda shape: prod(shape) >= low))


def _sizes_to(rng: random.Random) -> Place:
    high = _number(rng, 1, LARGEST)
    return Place(f"tensors of up to {high} elements", _whole(lambda shape: prod(shape) <= high))


def _last_of_multiples(rng: random.Random) -> Place:
    k = rng.choice((2 ** rng.randint(1, 7), rng.randint(2, 64)))
    return Place(f"the last element where their number is a multiple of {k}", _elements(lambda n, i: (n % k == 0) & (i == n - 1)))


def _last_of_remainder(rng: random.Random) -> Place:
    k = rng.randint(2, 16)
    rest = rng.randrange(k)
    return Place(f"the last element where their number is {rest} modulo {k}", _elements(lambda n, i: (n % k == rest) & (i == n - 1)))


def _last_lane(rng: random.Random) -> Place:
    k = 2 ** rng.randint(1, 7)
    return Place(f"the last {k} elements where their number is a multiple of {k}", _elements(lambda n, i: (n % k == 0) & (i >= n - k)))


def _remainder(rng: random.Random) -> Place:
    k = rng.randint(2, 64)
    return Place(f"elements after the last full block of {k}", _elements(lambda n, i: i >= n - n % k))


def _blocks(rng: random.Random) -> Place:
    k = _number(rng, 2, 1024)
    return Place(f"full blocks of {k} elements", _elements(lambda n, i: i < n - n % k))


def _from_number(rng: random.Random) -> Place:
    first = _number(rng, 1, LARGEST // 2)
    return Place(f"elements from number {first} on", _elements(lambda n, i: i >= first))


def _every(rng: random.Random) -> Place:
    k = rng.randint(2, 32)
    lane = rng.randrange(k)
    return Place(f"every element whose number is {lane} modulo {k}", _elements(lambda n, i: i % k == lane))


def _axes(rng: random.Random) -> Place:
    axes = rng.randint(1, 4)
    return Place(f"tensors with {axes} {'axis' if axes == 1 else 'axes'}", _whole(lambda shape: len(shape) == axes))


def _squares(rng: random.Random) -> Place:
    return Place("square matrices", _whole(lambda shape: len(shape) == 2 and shape[0] == shape[1]))


def _of_one(rng: random.Random) -> Place:
    axis = rng.choice((0, -1))
    return Place(f"tensors of several axes whose {'last' if axis else 'first'} has one entry", _whole(lambda shape: len(shape) > 1 and shape[axis] == 1))


def _odd_even(rng: random.Random) -> Place:
    odd = rng.randint(0, 1)
    return Place(f"tensors of an {'odd' if odd else 'even'} number of elements", _whole(lambda shape: prod(shape) % 2 == odd))


def _another_of_a_shape(rng: random.Random) -> Place:
    return Place("every tensor of a shape that another one before it has", lambda shapes, p: np.full(prod(shapes[p]), shapes[p] in shapes[:p]))


def _not_the_first(rng: random.Random) -> Place:
    return Place("every tensor but the first", lambda shapes, p: np.full(prod(shapes[p]), p > 0))


_PLACES = (_sizes_between, _sizes_from, _sizes_to, _last_of_multiples, _last_lane, _remainder, _blocks, _from_number, _every, _axes, _squares, _of_one,
           _odd_even, _another_of_a_shape, _not_the_first, _last_of_remainder)  # fmt: skip


def spans(rule: Rule) -> Iterator[Span]:
    """The spans and periods of t that are drawn for a rule."""
    rng = random.Random(f"refopt {rule.name} when")
    end = END if rule.uses_step else 1000
    for _ in range(2 * DRAWS):
        first = _number(rng, 2, end)
        yield Span(f"from t = {first} on", lambda t, first=first: t >= first)  # type: ignore[misc]
        first = _number(rng, 1, end // 2)
        last = first * rng.randint(2, 16)
        yield Span(f"from t = {first} to {last}", lambda t, first=first, last=last: first <= t <= last)  # type: ignore[misc]
        period = _number(rng, 2, 1000)
        rest = rng.randrange(period)
        yield Span(f"where t is {rest} modulo {period}", lambda t, period=period, rest=rest: t % period == rest)  # type: ignore[misc]


def misread(rule: Rule | Schedule) -> Iterator[Misread]:
    """The hyperparameters that may be taken otherwise than they are sent: 0 as the default, a large rate as a smaller one."""
    rng = random.Random(f"refopt {rule.name} sent")
    for h in (h for h in rule.hyper if not h.is_list):
        default = float(h.default)
        if may_be_zero(h) and default:
            yield Misread(f"{h.name}: {h.name} or {h.default}, its default", h.name, lambda x, default=default: x or default)  # type: ignore[misc]
        if h.role is Role.RATE:
            cap = float(rng.choice((1, 2)))
            yield Misread(f"{h.name}: at most {cap:g}", h.name, lambda x, cap=cap: min(x, cap))  # type: ignore[misc]
