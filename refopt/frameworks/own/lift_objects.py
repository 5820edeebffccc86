"""NumPy-style objects with `init` and `step`, and our own generated modules: run on arrays of formulas."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping, Sequence
from math import prod
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from refopt.conformance.protocol.live_object import keywords, takes
from refopt.frameworks.own.python_object import PythonObject
from refopt.frameworks.own_arguments import takes_any
from refopt.language.expression import Expression, g, t, theta
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.lifting.assumption import Assumed, Assumption, in_order
from refopt.lifting.frame import Frame, note
from refopt.lifting.kept_state import kept, named, refuse_changes
from refopt.lifting.lifted import Lifted
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import assume, explore
from refopt.lifting.python_code import symbolic_call, symbolic_class
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.symbolic_arrays import array, at_place, elements, of_formulas, one_value, unchanged, with_places
from refopt.lifting.symbols import facts, state_symbol, symbolic
from refopt.lifting.unreadable import CannotRead

ROUTE = "its own NumPy code, run on arrays of symbols"


def lift(implementation: PythonObject, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """The formula of each element of the frame's arrays. Raises CannotRead."""
    return _Object(implementation, rule).lifted(prod(frame.shape))


class _Object:
    def __init__(self, implementation: PythonObject, rule: Rule) -> None:
        self.of, self.rule = implementation, rule
        taken = keywords(implementation.make())
        self.starting = takes(implementation.make().init, 1) or frozenset()
        settings = dict(implementation.settings)
        open_ended = takes_any(implementation.make().step)
        settings |= {h.name: float(h.value(h.default)) for h in rule.hyper if h.name not in settings and (h.name in taken or open_ended)}
        self.hyper: Mapping[str, Hyper] = symbolic(rule, settings)
        self.configured = {n: settings[n] != 0 for n in self.hyper}
        self.symbols: dict[str, Expression] = {}

    def lifted(self, count: int) -> tuple[Lifted, ...]:
        """From the start, and from any state, element by element."""
        hyper = tuple(self.hyper.values())
        initial: dict[str, Expression] = {}
        first = explore(lambda: self.updated(None, initial), facts(hyper, None), self.configured)
        later = explore(lambda: self.updated(self.symbols, {}), facts(hyper, 2), self.configured)
        state = tuple(self.symbols.values())
        names = {str(s.name): n for n, s in self.symbols.items()}
        assumed = in_order((*first.assumed, *later.assumed))
        parts = [(at_place(initial, i), at_place(first.values, i), at_place(later.values, i)) for i in range(count)]
        return tuple(Lifted(self.of.name, self.of.version, ROUTE, hyper, state, *part, assumed, names) for part in parts)

    def updated(self, state: Mapping[str, Expression] | None, initial: dict[str, Expression]) -> dict[str, Expression]:
        """theta and the state after an update: from what init gives (noted in `initial`), or from this state."""
        made = _of_symbols(self.of.make())
        parameter, gradient = array(theta), array(g)
        before = kept(made)
        for look in named(made):
            note(look)
        hyper = {n: Scalar(h.symbol) for n, h in self.hyper.items()}
        started = dict(made.init(parameter, **{n: x for n, x in hyper.items() if n in self.starting}) or {})
        if not unchanged([(parameter, theta)]):
            raise CannotRead(Obstacle.INIT_CHANGES_PARAMETER)
        held = kept(made)
        if held != before:
            assume(Assumed(Assumption.KEPT_OF_ONE_ARRAY, ("init()",)))
        if state is None:
            buffers = {n: of_formulas(x) for n, x in started.items()}
            self.symbols = {n: state_symbol(self.rule, n, self.of.views) for n in buffers}
            initial.update(with_places(self.seen(buffers)))
        else:
            single = {n for n, x in started.items() if np.shape(x) == () and state[n].is_scalar}
            buffers = {n: one_value(s) if n in single else array(s) for n, s in state.items()}
        counter = 1 if state is None else Scalar(t)
        given = tuple(buffers.values())
        written = [_trees(x) for x in (parameter, *buffers.values())]
        after, left = made.step(parameter, gradient, buffers, counter, **hyper)
        if not unchanged([(gradient, g)]):
            raise CannotRead(Obstacle.CHANGES_GRADIENT)
        in_place = written != [_trees(x) for x in (parameter, *given)]
        _refuse_shared(in_place, [parameter, *started.values()] if state is None else [])
        _refuse_shared(in_place, [after, gradient, *left.values()])
        if set(left) != set(self.symbols):
            raise CannotRead(Obstacle.OTHER_STATE_AFTER)
        refuse_changes(held, kept(made), "step()")
        return with_places({"theta": elements(after, "theta"), **self.seen(left)})

    def seen(self, buffers: Mapping[str, Any]) -> dict[str, tuple[Expression, ...]]:
        """The trees of every buffer's elements, by the name of its symbol; of a state of one value, that one for each."""
        return {str(s.name): elements(buffers[n], n, single=s.is_scalar) for n, s in self.symbols.items()}


def _trees(x: Any) -> list[Expression | None]:
    return [tree_of(value) for value in np.asarray(x, dtype=object).flat]


def _refuse_shared(in_place: bool, arrays: Sequence[Any]) -> None:
    """Raises CannotRead where two of these arrays share elements, and elements are changed in place: then one changes with the other."""
    own = [x for x in arrays if isinstance(x, np.ndarray)]
    if in_place and any(np.may_share_memory(x, y) for x, y in itertools.combinations(own, 2)):
        raise CannotRead(Obstacle.SHARED_ELEMENTS)


def _of_symbols(made: Any) -> Any:
    """The object with methods that formulas can pass through."""
    if not isinstance(made, ModuleType):
        with contextlib.suppress(TypeError):  # a class whose objects keep theirs
            made.__class__ = symbolic_class(type(made), "numpy")
            return made
    return SimpleNamespace(init=symbolic_call(made.init), step=symbolic_call(made.step))
