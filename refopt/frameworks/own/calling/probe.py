"""A trial that finds how a function is called: arrays and containers by what its text names, results by names and by measurement.

A plan is believed where three updates of it give parameters of the right shapes that move, and a second run gives the same. Where no plan moves them from
the first update on, one is believed that does from the second: a step by the state of the update before. Nothing here asks which rule the function
computes: with a state of zeros and parameters far from zero, new parameters are near the old ones, or go with them where those are changed; a step does not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Array
from refopt.conformance.protocol.in_process import Lacking, Misbehaved, one_line, quiet
from refopt.conformance.protocol.reason import brief
from refopt.frameworks.argument_names import plain
from refopt.frameworks.own.calling.holding import Holding, arrays_in
from refopt.frameworks.own.calling.libraries import Library, libraries_of, scope
from refopt.frameworks.own.calling.plan import Begin, Callee, Plan, Results, Where
from refopt.frameworks.own.calling.roles import THETA, Role
from refopt.frameworks.own.calling.run import Part
from refopt.frameworks.own.calling.source import plain_function
from refopt.rounding.formats import FLOAT32, FLOAT64, Format

SHAPES = ((5, 3), (4,))
"""Shapes of the parameters of a trial: none has two or three rows, which could be taken for two or three values."""
STEPS = 3
NEAR = 0.25
"""The share of its size by which a parameter may move in the first update of a trial; of what is farther away it is measured whether it goes with it."""
GOES = (0.05, 1.25)
"""The least and the largest part of a shift of the parameters by which new ones are shifted: all of it but a decay, or where they are made anew from sums of
gradients and of the old ones. Of a step that is yet to be added, a decay shifts less at the rate of a trial."""


@dataclass(frozen=True)
class NoPlan:
    """No way of calling it was found: what each trial came to, the most telling first; and what is missing, where that is known."""

    reasons: tuple[str, ...]


class _StandsStillAtFirst(Misbehaved):
    """The parameters do not move in the first update."""


def plan_for(callee: Callee, values: Mapping[str, float]) -> Plan | NoPlan:
    """The first plan that works; `values` are sent for hyperparameters that have no default of their own."""
    reasons: list[str] = []
    raised: list[str] = []
    late: list[Plan] = []
    for tried in (x for begin in callee.begins or (None,) for x in _plans(replace(callee, begin=begin))):
        try:
            with quiet():
                found = _tried(tried, values)
        except (Misbehaved, Lacking) as error:
            reasons.append(brief(error.reason) if isinstance(error, Lacking) else str(error))
            if isinstance(error, _StandsStillAtFirst):
                late.append(tried)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raised.append(one_line(error))
        else:
            return found
    for tried in late:
        with contextlib.suppress(Exception), quiet():
            return _tried(tried, values, from_the_first=False)
    return NoPlan(tuple(dict.fromkeys([*reasons, *raised])))


def _plans(callee: Callee) -> Iterator[Plan]:
    of_class = [getattr(callee.make, n, None) for n in (callee.function, "__init__") if isinstance(n, str)]
    functions = [callee.inside] if callee.inside is not None else of_class if isinstance(callee.function, str) else [callee.function]
    functions = [f for f in functions if callable(f)]
    firsts = (0, 1) if _counts_up(callee) else (1, 0)
    for library, first in product(libraries_of([plain_function(f) for f in functions]), firsts if callee.called.named(Role.COUNT) else (firsts[0],)):
        for holding in _holdings(callee, library):
            for begins in _begins(callee):
                yield Plan(callee, library, holding, begins, first)


def _counts_up(callee: Callee) -> bool:
    """True where its text adds one to its counter."""
    return any(n in callee.source.counts_up for n in callee.called.named(Role.COUNT))


def _holdings(callee: Callee, library: Library) -> tuple[Holding, ...]:
    if library is Library.PYTHON:
        if callee.layers is not None:
            return ()
        return (Holding.NUMBERS, Holding.NUMBER) if _plural(callee) else (Holding.NUMBER, Holding.NUMBERS)
    many = (Holding.LIST, Holding.DICT, Holding.LAYERS)
    reads_dict = bool({"items", "keys"} & callee.source.attributes) or any(k in ("W1", "W", "dW") for k in callee.source.keys)
    many = (Holding.DICT, Holding.LAYERS, Holding.LIST) if reads_dict else many
    if callee.layers is not None:
        return (Holding.LAYER_OBJECTS,)
    if callee.called.named(Role.PAIRS):
        return (Holding.LIST,)
    if callee.holds_gradients:
        return (Holding.OBJECTS, Holding.LIST, Holding.DICT) if library is Library.NUMPY else (Holding.LIST, Holding.DICT, Holding.ONE)
    return (*many, Holding.ONE) if _plural(callee) else (Holding.ONE, *many)


def _plural(callee: Callee) -> bool:
    """True where its parameters go by a word that means several."""
    names = [*callee.called.named(Role.THETA), *callee.called.named(Role.GRADIENT), *([callee.own_theta] if callee.own_theta else [])]
    return any((plain(n).endswith("s") and plain(n) not in ("gs", "ps")) or plain(n) in ("gradst",) for n in names)


def _begins(callee: Callee) -> Iterator[dict[str, Begin]]:
    """First values of the state that are worth a trial."""
    names = callee.states
    optional = {a.name for a in callee.called.arguments if not a.required}
    needed = [n for n in names if n not in optional]
    rest: dict[str, Begin] = {n: Begin.ABSENT for n in names if n in optional}
    if not needed:
        ways = [Begin.NONE, Begin.EMPTY] if names else [Begin.NONE]
        yield from (dict.fromkeys(names, begin) for begin in (reversed(ways) if callee.keyed else ways))
        return
    if callee.begin is not None:
        yield {**dict.fromkeys(needed, Begin.INIT), **rest}
    for begin in (Begin.ZEROS, Begin.EMPTY, Begin.NONE, Begin.ZERO) if len(needed) > 1 else (Begin.EMPTY, Begin.NONE, Begin.ZEROS, Begin.ZERO):
        yield {**dict.fromkeys(needed, begin), **rest}


def _trial(plan: Plan, seed: int = 7) -> tuple[list[Array], list[list[Array]]]:
    """Parameters far from zero, and gradients of a few steps."""
    random = np.random.default_rng(seed)
    shapes = SHAPES if plan.holding.together else SHAPES[:1] if plan.holding is Holding.ONE else ((),)
    thetas = [random.uniform(3, 8, s) for s in shapes]
    grads = [[random.uniform(0.1, 0.9, s) for s in shapes] for _ in range(STEPS)]
    own = _format(plan).dtype
    return [np.asarray(x, own) for x in thetas], [[np.asarray(g, own) for g in row] for row in grads]


def _format(plan: Plan) -> Format:
    """The format of a trial: binary64, where its library is not declared to take another."""
    return FLOAT64 if FLOAT64.name in plan.callee.formats or not plan.callee.formats else FLOAT32


def _tried(plan: Plan, values: Mapping[str, float], *, from_the_first: bool = True) -> Plan:
    """The plan with its results. Raises whatever shows that it is none; by default also where the parameters stand still in the first update."""
    results = _results(plan, values)
    counted = {n: Begin.FIRST for n in plan.callee.called.named(Role.COUNT) if n in results.states}
    called = replace(plan, results=results, begins={**plan.begins, **counted})
    once, again = (_three(called, values, from_the_first=from_the_first) for _ in range(2))
    if any(x.tobytes() != y.tobytes() for x, y in zip(once, again, strict=True)):
        raise Misbehaved("a second run of it does not begin as the first did: it keeps something outside of its arguments")
    return replace(called, steers=_steers(called, values, once, from_the_first))


def _steers(plan: Plan, values: Mapping[str, float], usual: Sequence[Array], from_the_first: bool) -> bool:
    """True where a rate that is set between two updates is felt in the second."""
    if plan.callee.make is None or "lr" in plan.callee.called.places or "lr" not in plan.callee.takes:
        return True
    try:
        return any((x != y).any() for x, y in zip(_three(plan, values, 0.25, from_the_first=from_the_first), usual, strict=True))
    except Lacking:
        return False


def _sent(plan: Plan, values: Mapping[str, float]) -> dict[str, float]:
    """The values that are sent in a trial: hyperparameters that have no default, and a small rate."""
    found = {}
    for signature in (s for s in (plan.callee.called, plan.callee.made) if s is not None):
        for name, place in signature.places.items():
            if place.argument not in signature.defaults or name == "lr":
                found[name] = values.get(name, 0.5)
    return found


def _three(plan: Plan, values: Mapping[str, float], later: float | None = None, *, from_the_first: bool = True) -> list[Array]:
    """The parameters after three updates; `later` is the rate from the second on."""
    assert plan.results is not None
    with scope(plan.library, _format(plan)):
        thetas, grads = _trial(plan)
        sent = _sent(plan, values)
        part = Part(plan, thetas, sent, _format(plan))
        for t, row in enumerate(grads, 1):
            before = [x.copy() for x in part.thetas]
            part.take(part.call(t, row, sent, None if later is None or t == 1 else ("lr", later), _beside(plan, row)), plan.results)
            if not all(np.isfinite(x).all() for x in part.thetas):
                raise Misbehaved(f"its parameters are not finite after update {t}")
            if all((x == y).all() for x, y in zip(before, part.thetas, strict=True)):
                if t == 1 and from_the_first:
                    raise _StandsStillAtFirst(f"its parameters do not move in update {t}")
                if t == 1:
                    continue
                raise Misbehaved(f"its parameters do not move in update {t}")
        return list(part.thetas[: part.count])


def _beside(plan: Plan, gradients: Sequence[Array]) -> dict[str, Sequence[Array]]:
    """The further inputs of a trial: other numbers of their size."""
    return {name: [x * x + x.dtype.type(0.25) for x in gradients] for name in plan.callee.called.given.values()}


def _results(plan: Plan, values: Mapping[str, float]) -> Results:
    """Places in which the new parameters and the state come back, from one call, or two where the first leaves everything as it is."""
    with scope(plan.library, _format(plan)):
        part, thetas, returned, moved = _once(plan, values)
        whole = arrays_in(plan.holding, returned, thetas, _format(plan))
        single = returned is None or whole is not None or not isinstance(returned, tuple)
        places = _shaped(plan, returned, thetas)
        names = _names(plan, len(places))
        where, place = _theta_in(places, names, thetas, _trial(plan)[1][0], moved, returned is None, lambda i: _goes_with_theta(plan, values, places, i))
        alone = single and (returned is None or where is not Where.IN_PLACE or whole is not None)
        states = {} if alone else _states(plan, names, place, len(places))
        _refuse_lost(plan, part, states)
        return Results(where, None if single else place, states)


def _once(plan: Plan, values: Mapping[str, float], shift: float = 0.0) -> tuple[Part, Sequence[Array], Any, bool]:
    """One call, or two where the first leaves everything as it is: the parameters before it, what it returned, and whether it changed them in place."""
    thetas, grads = _trial(plan)
    sent = _sent(plan, values)
    part = Part(plan, [x + x.dtype.type(shift) for x in thetas], sent, _format(plan))
    for t, gradients in enumerate(grads[:2], 1):
        returned = part.call(t, gradients, sent, None, _beside(plan, gradients))
        inside = arrays_in(plan.holding, _held_after(part), part.thetas, _format(plan))
        moved = inside is not None and not all((x == y).all() for x, y in zip(inside, part.thetas, strict=True))
        if moved or returned is not None:
            break
    return part, part.thetas, returned, moved


def _shaped(plan: Plan, returned: Any, thetas: Sequence[Array]) -> list[list[Array] | None]:
    """Each value that is returned as arrays of the parameters' shapes; None for one that is not."""
    whole = arrays_in(plan.holding, returned, thetas, _format(plan))
    row = (returned,) if returned is None or whole is not None or not isinstance(returned, tuple) else returned
    return [arrays_in(plan.holding, x, thetas, _format(plan)) for x in row]


def _goes_with_theta(plan: Plan, values: Mapping[str, float], places: Sequence[list[Array] | None], i: int) -> bool:
    """True where what is returned in a place is shifted by as much as new parameters are where the old ones are."""
    _, thetas, returned, _ = _once(plan, values, shift=1.0)
    again = _shaped(plan, returned, thetas)
    other, usual = again[i] if i < len(again) else None, places[i]
    if other is None or usual is None:
        return False
    with np.errstate(all="ignore"):
        return all(bool(np.all((x - y > GOES[0]) & (x - y < GOES[1]))) for x, y in zip(other, usual, strict=True))


def _held_after(part: Part) -> Any:
    own = part.callee.own_theta
    return getattr(part.made, own) if own is not None and hasattr(part.made, own) else part.container


def _names(plan: Plan, count: int) -> Sequence[str]:
    """The names that its return statement gives to so many values; "" where it gives none."""
    fitting = [names for names in plan.callee.source.returns if len(names) == count]
    return fitting[-1] if fitting else ("",) * count


def _stem(name: str) -> str:
    """A name without the marks of a new value: new_theta, theta_next, m1."""
    word = name.lower()
    for mark in ("new_", "next_", "updated_", "_new", "_next", "_updated", "_out", "_t", "_1"):
        word = word.removeprefix(mark) if mark.endswith("_") else word.removesuffix(mark)
    return plain(word).removeprefix("new").removeprefix("next")


def _theta_in(
    places: Sequence[list[Array] | None],
    names: Sequence[str],
    thetas: Sequence[Array],
    grads: Sequence[Array],
    moved: bool,
    nothing: bool,
    goes: Callable[[int], bool],
) -> tuple[Where, int | None]:
    """The place of the new parameters; `goes` measures whether what is in a place goes with them. Raises Misbehaved where that is not clear."""
    shaped = [i for i, x in enumerate(places) if x is not None]
    near = [i for i in shaped if _distance(places[i] or [], thetas) < NEAR]
    named = [i for i in shaped if _stem(names[i]) in THETA]
    if moved and not near:
        return Where.IN_PLACE, None
    if len(near) > 1:
        near = [i for i in near if i in named] or near
    if len(near) == 1:
        return Where.RETURNED, near[0]
    if len(near) > 1:
        return Where.RETURNED, min(near, key=lambda i: _distance(places[i] or [], thetas))
    if (going := next((i for i in sorted(shaped, key=lambda i: i not in named) if goes(i)), None)) is not None:
        return Where.RETURNED, going
    if nothing or not shaped:
        raise Misbehaved("it returns nothing of the shapes of the parameters, and does not change them")
    steps = [i for i in shaped if i in named] or shaped[:1]
    product_ = sum(float((x * y).sum()) for x, y in zip(places[steps[0]] or [], grads, strict=False))
    if product_ == 0:
        raise Misbehaved("what it returns does not depend on the gradients")
    return (Where.ADDED if product_ < 0 else Where.SUBTRACTED), steps[0]


def _distance(found: Sequence[Array], thetas: Sequence[Array]) -> float:
    return max(float(np.max(np.abs(x - y) / np.abs(y))) if np.all(y) else float(np.max(np.abs(x - y))) for x, y in zip(found, thetas, strict=True))


def _states(plan: Plan, names: Sequence[str], theta: int | None, count: int) -> dict[str, int | None]:
    """The places of the state among what is returned: by name, else in the order of the arguments."""
    wanted = [*plan.begins]
    left = [i for i in range(count) if i != theta]
    found: dict[str, int | None] = {}
    for name in wanted:
        fitting = [i for i in left if _stem(names[i]) == _stem(name)]
        if len(fitting) == 1:
            found[name] = fitting[0]
            left.remove(fitting[0])
    rest = [n for n in wanted if n not in found]
    if rest and len(left) >= len(rest) and (len(left) == len(rest) or not found):
        found.update(zip(rest, left, strict=False))
    for name in plan.callee.called.named(Role.COUNT):
        fitting = [i for i in range(count) if i != theta and i not in found.values() and names[i] and _stem(names[i]) == _stem(name)]
        if fitting:
            found[name] = fitting[0]
    return found


def _refuse_lost(plan: Plan, part: Part, states: Mapping[str, int | None]) -> None:
    """Raises Misbehaved where a part of the state neither comes back nor is changed in place."""
    fresh = part.begun({})
    required = {a.name for a in plan.callee.called.arguments if a.required}
    for name in plan.begins:
        if name in states or name not in required:
            continue
        if _text(part.state.get(name)) == _text(fresh.get(name)):
            raise Misbehaved(f"its {name} neither comes back nor is changed in place, so nothing of it is kept")


def _text(value: Any) -> str:
    """The content of a state, to see whether it has changed."""
    with np.printoptions(threshold=10**6, precision=17):
        return repr(value)
