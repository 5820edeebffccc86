"""Which buffer of a person's own optimizer is which state of a rule, by measurement: one run beside the rule's own generated code.

The run tells states apart: the rate changes, gradients fall, decays differ and are not 0. A buffer is believed to be a state only where it
has that state's values after every update, as it is or with another sign or the rate as a factor, and where nothing else has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from refopt.conformance.protocol.implementation import Answer, Array, Ran, Request, View
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.rounding.formats import FLOAT64

UPDATES, ELEMENTS = 8, 5
CLOSE = 1e-9
"""Relative distance within which values are the same: eight updates in binary64 lose less, and no other state comes as near."""
VALUES = {Role.DECAY: (0.6875, 0.84375, 0.59375), Role.MOMENTUM: (0.8125,), Role.WEIGHT_DECAY: (0.046875,), Role.SHARE: (0.25,)}
"""Values sent, by role, one after the other where several hyperparameters have it, exact in every format; of other roles the default."""
SCALES = tuple((sign, times_lr) for times_lr in (False, True) for sign in (1, -1))


@dataclass(frozen=True)
class Buffers:
    """The buffers of an implementation beside the states of a rule.

    views  of those states that one buffer alone shows
    may    by state, the buffers that show it as well as others do; none where no buffer shows it
    """

    views: Mapping[str, View] = field(default_factory=dict)
    may: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    every: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """The buffers that fitted under names of their own, and the mappings that decide, in words."""
        seen = [f"{state} is {_written(view)}" for state, view in self.views.items() if view != View(state)]
        found = [f"measured: {', '.join(seen)}"] if seen else []
        found += [f"{state} may be {' or '.join(names)}: --map {names[0]}={state} decides" for state, names in self.may.items() if names]
        left = [n for n in self.every if n not in {v.buffer for v in self.views.values()} and n not in self.may]
        lost = [state for state, names in self.may.items() if not names and state not in self.every]
        if lost and left:
            found.append(f"no buffer shows {', '.join(lost)}: --map {left[0]}={lost[0]} if that is meant to")
        return tuple(found)


def _written(view: View) -> str:
    return f"{'-' if view.sign < 0 else ''}{'lr*' if view.times_lr else ''}{view.buffer}"


def measured(run: Callable[[Request], Answer], rule: Rule, takes: Mapping[str, float]) -> Buffers:
    """The buffers beside the states of a rule; `takes`: the hyperparameters that can be sent, with their defaults."""
    from refopt.frameworks.own.numpy_generated import names

    if rule.name not in names().values() or not rule.state_names:
        return Buffers()
    request = request_of(rule, takes)
    pair = both_ran(run, rule, takes, request)
    if pair is None:
        return Buffers()
    theirs, ours = pair
    rates, scales = (request.lr, SCALES) if request.lr is not None else ((1.0,) * UPDATES, SCALES[:2])
    every = sorted(set.intersection(*(set(s.state[0]) for s in theirs.after)))
    fits: dict[str, list[View]] = {}
    for state in rule.state_names:
        for buffer in every:
            pairs = [(a.state[0][buffer], b.state[0][state], lr) for a, b, lr in zip(theirs.after, ours.after, rates, strict=True) if state in b.state[0]]
            for sign, times_lr in scales:
                view = View(buffer, sign, times_lr)
                if len(pairs) == UPDATES and any(map(np.any, (b for _, b, _ in pairs))) and all(_same(view, *pair) for pair in pairs):
                    fits.setdefault(state, []).append(view)
    alone = {state: views[0] for state, views in fits.items() if len(views) == 1}
    buffers = [v.buffer for views in fits.values() for v in views]
    views = {state: view for state, view in alone.items() if buffers.count(view.buffer) == 1}
    may = {state: tuple(dict.fromkeys(v.buffer for v in fits.get(state, ()))) for state in rule.state_names if state not in views}
    return Buffers(views, may, tuple(every))


def _same(view: View, buffer: Array, state: Array, lr: float) -> bool:
    """True where a buffer shows a state after an update."""
    if buffer.shape != state.shape:
        return False
    values = np.array([float(x) for x in view.read(buffer, Fraction(lr))]).reshape(state.shape)
    size = float(np.max(np.abs(state), initial=0.0))
    return bool(np.all(np.abs(values - state) <= CLOSE * size))


def request_of(rule: Rule, takes: Mapping[str, float]) -> Request:
    """A run that tells the states of a rule, and its hyperparameters, apart."""
    random = np.random.default_rng(20)
    left = {role: list(values) for role, values in VALUES.items()}
    sent = {}
    for h in rule.hyper:
        value = left[h.role].pop(0) if left.get(h.role) else float(h.default)
        if h.name in takes:
            sent[h.name] = value
    rate = rule.learning_rate.name if rule.learning_rate is not None else "lr"
    base = random.standard_normal((UPDATES, ELEMENTS))
    grads = tuple((base[i] * 0.7**i + 0.1 * 0.6**i,) for i in range(UPDATES))
    lr = None if rule.learning_rate is None else tuple((3 + i * 3 % UPDATES) / 256 for i in range(UPDATES))  # exact in binary32, in which keras keeps rates
    theta = (random.standard_normal(ELEMENTS),)
    if lr is not None and rate in sent:
        sent[rate] = lr[0]  # a state may start from the rate: as it is made with, or at the first update
    return Request(rule.name, rule.state_names, FLOAT64, sent, lr, theta, None, 1, grads, rate_name=rate)


def both_ran(run: Callable[[Request], Answer], rule: Rule, takes: Mapping[str, float], request: Request) -> tuple[Ran, Ran] | None:
    """The run of an implementation, and that of the rule's own code with the same values; None where either is no run."""
    from refopt.frameworks.own.numpy_generated import load

    theirs, ours = run(request), load("numpy", rule.name).run(replace(request, hyper=every_hyper(rule, request.hyper, takes)))  # type: ignore[union-attr]
    return (theirs, ours) if isinstance(theirs, Ran) and isinstance(ours, Ran) else None


def every_hyper(rule: Rule, sent: Mapping[str, float], takes: Mapping[str, float]) -> dict[str, float]:
    """Every hyperparameter of the rule: what is sent, else its default."""
    return {h.name: sent.get(h.name, takes.get(h.name, float(h.default))) for h in rule.hyper}
