"""Meaning of arguments, by measurement: one is changed at a time, and theta must move as the rule's own code says.

What an argument switches on, of which the rule that is judged knows nothing, is held against the rules that have it; what moves theta and is no rule's is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from refopt.catalogue import rules
from refopt.conformance.protocol.implementation import Answer, Array, Request
from refopt.conformance.protocol.uphill import CLIMBS, MayClimb
from refopt.frameworks.argument_names import Place, plain
from refopt.frameworks.measured_views import CLOSE, both_ran, request_of
from refopt.frameworks.own_arguments import SWITCHES, changed_values, measured_names, turned
from refopt.language.role import Role
from refopt.language.rule import Rule

CHANGED = {Role.DECAY: 0.5625, Role.MOMENTUM: 0.625, Role.WEIGHT_DECAY: 0.140625, Role.SHARE: 0.40625, Role.EPSILON: 0.046875}
"""The other value that is sent, by role, exact in every format that a framework may keep it in; the rate is doubled."""


@dataclass(frozen=True)
class Arguments:
    """The arguments of a person's class or factory, and how it runs.

    at        how it runs with these values of arguments
    places    where each hyperparameter stands among them
    settings  its own defaults
    free      the values of those that stand for no hyperparameter and that nobody has set
    """

    at: Callable[[Mapping[str, Any]], Callable[[Request], Answer]]
    rule: str | None
    places: Mapping[str, Place]
    settings: Mapping[str, float]
    free: Mapping[str, Any] = field(default_factory=dict)

    @property
    def off(self) -> tuple[str, ...]:
        """Those that are switches, and off."""
        return tuple(n for n, x in self.free.items() if x is False)

    @cached_property
    def others(self) -> Mapping[str, Any]:
        """Other values of those that are no such switches."""
        return changed_values(self.free, self.places)

    @property
    def run(self) -> Callable[[Request], Answer]:
        """Its run as it is."""
        return self.at({})

    @property
    def switches(self) -> dict[str, Callable[[Request], Answer]]:
        """By argument that is off, its run where that is True."""
        return {n: self.at({n: True}) for n in self.off}

    @cached_property
    def told(self) -> tuple[str, ...]:
        """Remarks on what was measured of them, and of what they switch on, in words."""
        asked = (self.run, self.rule, self.places, self.settings)
        return (*confirmed(*asked), *switched_on(*asked, self.switches), *self.not_judged)

    @cached_property
    def not_judged(self) -> tuple[str, ...]:
        """The remark on arguments with which theta moves otherwise, and that no rule is judged with: alone, or where other numbers and terms are there too."""
        known = _generated().get(self.rule or "")
        if known is None or not (self.off or self.others):
            return ()
        takes = {n: self.settings.get(n, 0.0) for n in self.places}
        request = _usual(self.run, known, takes)[0]
        numbers = {n: x for n, x in self.others.items() if not isinstance(x, bool)}

        def moved(values: Mapping[str, Any]) -> Array | None:
            pair = _moved(self.at(values), known, takes, request)
            return None if pair is None else pair[0]

        usual = moved({})
        if usual is None or not _same_of(moved({}), usual):  # it is not the same twice: nothing follows from other values
            return ()
        found: list[tuple[str, Any]] = []
        left: list[tuple[str, Any]] = []
        for name, value in {**dict.fromkeys(self.unasked, True), **self.others}.items():
            if (other := moved({name: value})) is not None:
                (left if _same_of(other, usual) else found).append((name, value))
        beside = {n: x for n, x in found if n in numbers} | self._other_terms(known)
        if beside and left and (base := moved(beside)) is not None:
            found += [(n, x) for n, x in left if (other := moved({**beside, n: x})) is not None and not _same_of(other, base)]
        return (f"changes theta, not judged: {', '.join(f'{n}={x}' for n, x in found)}",) if found else ()

    def _other_terms(self, known: Rule) -> dict[str, float]:
        """Values that turn on the terms of other rules: the arguments that are hyperparameters of those, and 0."""
        free = {n: p for n, p in self.places.items() if n not in known.hyper_names and p.index is None and self.settings.get(n) == 0}
        return {p.argument: CHANGED[role] for n, p in free.items() if (role := _roles()[n]) in CHANGED}

    @property
    def unasked(self) -> tuple[str, ...]:
        """The switches that are off and that no rule was asked with."""
        own = frozenset(_generated()[self.rule].hyper_names) if self.rule in _generated() else frozenset()
        asked = {n for n in self.off if any(_has(r, n, own, {*own, *self.places}) for r in _generated().values())}
        return tuple(n for n in self.off if n not in asked and plain(n) not in CLIMBS)

    @cached_property
    def to_be_judged(self) -> tuple[tuple[str, str], ...]:
        """The arguments that make another rule of it, each with that rule, where it has the values of no form of that rule.

        What has those of its own rule as it is says by that argument that it is the other one: it is held to it.
        """
        known = _generated().get(self.rule or "")
        made = turned(self.rule, self.switches, self.places)
        if known is None or not made or not _fits(self.run, known, self.places, self.settings):
            return ()

        def is_one(argument: str, rule: str) -> bool:
            forms = [r for r in _generated().values() if r.family == rule and set(r.hyper_names) <= set(self.places)]
            return any(_fits(self.switches[argument], r, self.places, self.settings) for r in forms)

        return tuple((n, rule) for n, rule in made.items() if not is_one(n, rule))


class Measured(MayClimb):
    """An implementation whose arguments are measured: what every class or factory of a person's says of them."""

    @property
    def measured_arguments(self) -> Arguments | None:
        """Its arguments, and how it runs with each switch turned on; None where nothing can be measured."""
        raise NotImplementedError

    @property
    def looked(self) -> tuple[str, ...]:
        """Remarks on what was measured of its arguments, and of what they switch on, in words."""
        return (*self.told_of_climbing, *(() if self.measured_arguments is None else self.measured_arguments.told))

    @property
    def switches(self) -> tuple[tuple[str, str], ...]:
        """The arguments that make another rule of it, each with that rule, which it is to be judged by."""
        return () if self.measured_arguments is None else self.measured_arguments.to_be_judged


def confirmed(run: Callable[[Request], Answer], rule: str | None, places: Mapping[str, Place], settings: Mapping[str, float]) -> tuple[str, ...]:
    """Remarks on arguments that go by names of their own, or with which theta does not move as it must.

    None where no rule is meant, or a run cannot be made of it.
    """
    known = _generated().get(rule or "")
    if known is None:
        return ()
    takes = {n: settings.get(n, 0.0) for n in places}
    request, usual = _usual(run, known, takes)
    if usual is None:
        return ()
    seen: list[str] = []
    still: list[str] = []
    partly: list[str] = []
    otherwise: list[str] = []
    for h in known.hyper:
        changed = _changed(known, h.name, request) if h.name in places else None
        other = _moved(run, known, takes, changed) if changed is not None else None
        if other is None or changed is None:
            continue
        theirs, ours = other[0] - usual[0], other[1] - usual[1]
        size = float(np.max(np.abs(ours)))
        own = str(places[h.name])
        name = own if own == h.name else f"{own} ({h.name})"
        if size == 0:
            continue
        if not theirs.any():
            from_dimensions = _dimensions(run, known, takes, request, changed)
            (still if from_dimensions is None else partly).append(name if from_dimensions is None else f"{name} from {from_dimensions} dimensions on")
        elif np.all(np.abs(theirs - ours) <= CLOSE * (size + np.max(np.abs(usual[1])))):
            seen += [f"{own} is {h.name}"] if own != h.name else []
        else:
            otherwise.append(name)
    found = [*measured_names(seen)]
    found += [f"theta does not move with {', '.join(still)}" if still else ""]
    found += [f"theta moves with {', '.join(partly)} only" if partly else ""]
    found += [moves_otherwise(", ".join(otherwise)) if otherwise and _same(usual) else ""]
    return tuple(x for x in found if x)


DIMENSIONS = (2, 3, 4)


def _dimensions(run: Callable[[Request], Answer], rule: Rule, takes: Mapping[str, float], usual: Request, changed: Request) -> int | None:
    """The number of dimensions from which on theta moves with what it does not move with in a vector; None where there is none.

    Decay, and what else is held back by a mask, is often kept from vectors: biases and scales.
    """

    def in_shape(request: Request, n: int) -> Request:
        def reshaped(x: Array | None) -> Array | None:
            return None if x is None else x.reshape((-1, *(1,) * (n - 1)))

        theta = tuple(x.reshape((-1, *(1,) * (n - 1))) for x in request.theta0)
        return replace(request.each_row(lambda row: tuple(map(reshaped, row))), theta0=theta)

    for n in DIMENSIONS:
        one, other = (_moved(run, rule, takes, in_shape(request, n)) for request in (usual, changed))
        if one is not None and other is not None and (other[0] - one[0]).any():
            return n
    return None


def moves_otherwise(names: str) -> str:
    """The remark on arguments with which theta moves, but not as it must."""
    return f"theta moves otherwise with {names}"


def switched_on(
    run: Callable[[Request], Answer],
    rule: str | None,
    places: Mapping[str, Place],
    settings: Mapping[str, float],
    switches: Mapping[str, Callable[[Request], Answer]],
) -> tuple[str, ...]:
    """Remarks on terms that the rule lacks and its arguments switch on: the rules whose values it has with them, or that it has those of none.

    switches  by argument, how it runs where that is True

    None where it has not the values of its own rule: then nothing follows from other values.
    """
    known = _generated().get(rule or "")
    if known is None or not _fits(run, known, places, settings):
        return ()
    own, every = frozenset(known.hyper_names), _generated().values()
    alike = [r for r in every if {*known.state_names} <= {*r.state_names}]  # a value above 0 adds a term, and takes no state away
    asked = [(f"{places[n]} above 0", run, [r for r in alike if frozenset(r.hyper_names) == own | {n}]) for n in places if n not in own]
    for argument, switched in switches.items():
        having = [r for r in every if _has(r, argument, own, {*own, *places})]
        asked.append((f"{argument}=True", switched, having))
    told = [_told(switch, [r.name for r in having if _fits(runs, r, places, settings)], [r.name for r in having]) for switch, runs, having in asked if having]
    climbing = {n: runs for n, runs in switches.items() if plain(n) in CLIMBS}
    return (*told, *(x for n, runs in climbing.items() if (x := _not_uphill(n, run, runs, known, places, settings))))


def _has(rule: Rule, switch: str, own: AbstractSet[str], there: AbstractSet[str]) -> bool:
    """True where a rule has what a switch says, and all its hyperparameters are there, those of the rule that is judged among them: none is taken away."""
    return plain(switch) in SWITCHES.get(rule.family, ()) and own <= set(rule.hyper_names) <= there


def _not_uphill(
    name: str,
    run: Callable[[Request], Answer],
    switched: Callable[[Request], Answer],
    rule: Rule,
    places: Mapping[str, Place],
    settings: Mapping[str, float],
) -> str:
    """The remark on a switch that is to climb and does not; "" where it does."""
    takes = {n: settings.get(n, 0.0) for n in places}
    request = _usual(run, rule, takes)[0]
    usual, on = _moved(run, rule, takes, request), _moved(switched, rule, takes, request)  # whose gradients are turned
    return "" if usual is None or on is None or _same((on[0], usual[0])) else f"{name}=True: no ascent"


def _told(switch: str, fitting: Sequence[str], having: Sequence[str]) -> str:
    return f"with {switch} it has {'' if fitting else 'not '}the values of {fitting[0] if fitting else ', '.join(having)}"


def _generated() -> dict[str, Rule]:
    """By name, the rules that there is NumPy code of."""
    from refopt.frameworks.own.numpy_generated import names

    there = set(names().values())
    return {r.name: r for r in rules(variants=True) if r.name in there}


@cache
def _roles() -> dict[str, Role]:
    """By name, the role of every hyperparameter of a rule."""
    return {h.name: h.role for r in rules(variants=True) for h in r.hyper}


def _fits(run: Callable[[Request], Answer], rule: Rule, places: Mapping[str, Place], settings: Mapping[str, float]) -> bool:
    takes = {n: settings.get(n, 0.0) for n in places}
    return _same(_usual(run, rule, takes)[1])


def _usual(run: Callable[[Request], Answer], rule: Rule, takes: Mapping[str, float]) -> tuple[Request, tuple[Array, Array] | None]:
    """The run that tells most, of those that it can carry out, and theta after each update: the rate changes, or is one throughout, or is its own."""
    request = request_of(rule, takes)
    steady = replace(request, lr=None if request.lr is None else request.lr[:1] * len(request.lr))
    for asked in (request, steady, replace(request, lr=None)):
        if (pair := _moved(run, rule, takes, asked)) is not None:
            return asked, pair
    return request, None


def _same(pair: tuple[Array, Array] | None) -> bool:
    return pair is not None and bool(np.all(np.abs(pair[0] - pair[1]) <= CLOSE * np.max(np.abs(pair[1]))))


def _same_of(one: Array | None, other: Array) -> bool:
    return one is not None and _same((one, other))


def _moved(run: Callable[[Request], Answer], rule: Rule, takes: Mapping[str, float], request: Request) -> tuple[Array, Array] | None:
    """theta after each update, theirs and of the rule's own code."""
    pair = both_ran(run, rule, takes, request)
    if pair is None:
        return None
    theirs, ours = (np.array([s.theta[0] for s in ran.after]) for ran in pair)
    return theirs, ours


def _changed(rule: Rule, name: str, request: Request) -> Request | None:
    """The run with one argument changed; None where it has no other value to send."""
    (h,) = (h for h in rule.hyper if h.name == name)
    if name == request.rate_name:
        return None if request.lr is None else replace(request, lr=tuple(2 * x for x in request.lr))
    return replace(request, hyper={**request.hyper, name: CHANGED[h.role]}) if h.role in CHANGED and name in request.hyper else None
