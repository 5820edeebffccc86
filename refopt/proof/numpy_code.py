"""NumPy-style objects with `init` and `step`, and our own generated modules: run on arrays of formulas."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from refopt.conformance.adapters.python_object import PythonObject
from refopt.conformance.live_object import keywords
from refopt.language.expression import Expression, g, t, theta
from refopt.language.rule import Hyper, Rule
from refopt.proof.lifted import Lifted
from refopt.proof.paths import explore
from refopt.proof.python_code import symbolic_call
from refopt.proof.scalar import Scalar
from refopt.proof.symbolic_arrays import array, element, of_formulas, unchanged
from refopt.proof.symbols import facts, state_symbol, symbolic
from refopt.proof.unreadable import CannotRead

ROUTE = "its own NumPy code, run on arrays of symbols"


def lift(implementation: PythonObject, rule: Rule) -> Lifted:
    """The formula of an object with init and step. Raises CannotRead."""
    return _Object(implementation, rule).lifted()


class _Object:
    def __init__(self, implementation: PythonObject, rule: Rule) -> None:
        self.of, self.rule = implementation, rule
        taken = keywords(implementation.make())
        settings = dict(implementation.settings)
        open_ended = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(implementation.make().step).parameters.values())
        settings |= {h.name: float(h.value(h.default)) for h in rule.hyper if h.name not in settings and (h.name in taken or open_ended)}
        self.hyper: Mapping[str, Hyper] = symbolic(rule, settings)
        self.configured = {n: settings[n] != 0 for n in self.hyper}
        self.symbols: dict[str, Expression] = {}

    def lifted(self) -> Lifted:
        """From the start, and from any state."""
        hyper = tuple(self.hyper.values())
        initial: dict[str, Expression] = {}
        first = explore(lambda: self.updated(None, initial), facts(hyper, None), self.configured)
        later = explore(lambda: self.updated(self.symbols, {}), facts(hyper, 2), self.configured)
        state = tuple(self.symbols.values())
        names = {str(s.name): n for n, s in self.symbols.items()}
        assumed = tuple(sorted({*first.assumed, *later.assumed}))
        return Lifted(self.of.name, self.of.version, ROUTE, hyper, state, initial, first.values, later.values, assumed, names)

    def updated(self, state: Mapping[str, Expression] | None, initial: dict[str, Expression]) -> dict[str, Expression]:
        """theta and the state after an update: from what init gives (noted in `initial`), or from this state."""
        made = self.of.make()
        parameter, gradient = array(theta), array(g)
        if state is None:
            buffers = {n: of_formulas(x) for n, x in dict(symbolic_call(made.init)(parameter) or {}).items()}
            self.symbols = {n: state_symbol(self.rule, n, self.of.views) for n in buffers}
            initial.update({str(self.symbols[n].name): element(x, n) for n, x in buffers.items()})
        else:
            buffers = {n: array(s) for n, s in state.items()}
        counter = 1 if state is None else Scalar(t)
        hyper = {n: Scalar(h.symbol) for n, h in self.hyper.items()}
        after, kept = symbolic_call(made.step)(parameter, gradient, buffers, counter, **hyper)
        if not unchanged([(gradient, g)]):
            raise CannotRead("the code changes the gradient that it is given")
        if set(kept) != set(self.symbols):
            raise CannotRead("the state has other names after an update than before it")
        return {"theta": element(after, "theta"), **{str(self.symbols[n].name): element(x, n) for n, x in kept.items()}}
