"""refopt.optim: an optimizer's own `step` on the NumPy engine is run on arrays of formulas, in place, as it works on anybody's arrays.

The optimizer is made with real arrays; then its parameter, its state, its counter and its hyperparameters are given symbols, and the
engine is made again around them. The generated code's checks and roundings let formulas pass (python_code.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from types import SimpleNamespace
from typing import Any

import numpy as np

from refopt.frameworks.own.refopt_optim import Optim
from refopt.language.expression import Expression, g, theta
from refopt.language.rule import Rule
from refopt.lifting.assumption import Assumed, Assumption, in_order
from refopt.lifting.counters import Counters, before, without_counters
from refopt.lifting.frame import Frame
from refopt.lifting.lifted import Lifted, without_detours
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import explore
from refopt.lifting.python_code import symbolic_call
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.symbolic_arrays import array, at_place, elements, of_formulas, unchanged, with_places
from refopt.lifting.symbols import facts, state_symbol, symbolic
from refopt.lifting.unreadable import CannotRead

ROUTE = "its own step() on the NumPy engine, run on arrays of symbols"
SAME_BITS = Assumed(Assumption.SAME_BITS)
RUNS = ("scalars", "update", "init")
"""Functions of the generated code."""
COUNTER = "t of the optimizer"


def lift(implementation: Optim, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """The formula of each element of the frame's arrays. Raises CannotRead."""
    engine = implementation.arguments.get("engine", "auto")
    if engine == "c":
        raise CannotRead(Obstacle.ENGINE_C)
    of = _Optimizer(implementation, rule, frame)
    known = tuple(of.hyper.values())
    configured = {n: implementation.settings[n] != 0 for n in of.hyper}
    first = explore(lambda: of.updated(None, {}), facts(known, None), configured)
    held = before(first, [COUNTER])
    first = without_counters(first, held, later=False)
    later = without_counters(explore(lambda: of.updated(of.symbols, held), facts(known, 2), configured), held, later=True)
    assumed = (*in_order((*first.assumed, *later.assumed)), *([SAME_BITS] if engine != "numpy" else []))
    names = {str(s.name): n for n, s in of.symbols.items()}
    whole = Lifted(implementation.name, implementation.version, ROUTE, known, tuple(of.symbols.values()), {}, {}, {}, assumed, names)
    parts = [(at_place(of.initial, i), at_place(first.values, i), at_place(later.values, i)) for i in range(prod(frame.shape))]
    return tuple(replace(whole, initial=start, first=without_detours(one), later=without_detours(other)) for start, one, other in parts)


class _Optimizer:
    def __init__(self, implementation: Optim, rule: Rule, frame: Frame) -> None:
        self.of, self.shape = implementation, frame.shape
        self.hyper = symbolic(rule, implementation.settings)
        (p,) = self.made()._parameters
        self.symbols = {n: state_symbol(rule, n, implementation.views) for n in (*p.state, *p.kept)}
        self.initial: dict[str, Expression] = {}

    def made(self) -> Any:
        return self.of.factory(np.zeros(self.shape), **{**self.of.arguments, "engine": "numpy", "threads": 1})

    def updated(self, state: Mapping[str, Expression] | None, held: Counters) -> dict[str, Expression]:
        """theta, the state and the counter after an update: from what `init` gives (noted in `initial`), or from this state."""
        optimizer = self.made()
        (p,) = optimizer._parameters
        code = SimpleNamespace(**{n: symbolic_call(x) if n in RUNS else x for n, x in vars(optimizer._code).items()})
        optimizer._hyper = {n: Scalar(self.hyper[n].symbol) if n in self.hyper else x for n, x in optimizer._hyper.items()}
        p.array = array(theta)
        p.theta = p.array.reshape(-1)  # a view, as of any array in one piece
        p.state = {n: of_formulas(np.zeros(p.theta.size)) if state is None else array(state[n]).reshape(-1) for n in p.state}
        if state is not None:
            p.kept = {n: Scalar(state[n]) for n in p.kept}
        if state is None:
            code.init(p.theta, *p.state.values(), *(optimizer._hyper[h] for h in code.INITIAL))
            self.initial = with_places(self.seen(p))
            p.state = {n: of_formulas(x) for n, x in p.state.items()}
        else:
            optimizer._t = Scalar(held[COUNTER])
        optimizer._code, optimizer._engine = code, type(optimizer._engine)(code, optimizer._parameters, 1)
        optimizer._engine.rounders = {p.theta.dtype: lambda x: x}
        scratch = tuple(of_formulas(np.zeros(p.theta.size)) for _ in range(code.SCRATCH))  # NumPy's own arrays would ask a formula for its order
        optimizer._engine.scratch = {(0, p.theta.dtype): scratch}
        gradient = array(g)
        optimizer.step(gradient)
        if not unchanged([(gradient, g)]):
            raise CannotRead(Obstacle.CHANGES_GRADIENT)
        counter = tree_of(optimizer.t)
        if counter is None:
            raise CannotRead(Obstacle.COUNTER_IS_A, type(optimizer.t).__name__)
        return {COUNTER: counter, **with_places({"theta": elements(p.array, "theta"), **self.seen(p)})}

    def seen(self, p: Any) -> dict[str, tuple[Expression, ...]]:
        """The trees of every element of the state, by the name of its symbol."""
        arrays = {str(self.symbols[n].name): elements(x.reshape(self.shape), n) for n, x in p.state.items()}
        return arrays | {str(self.symbols[n].name): elements(x, n, single=True) for n, x in p.kept.items()}
