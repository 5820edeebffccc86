"""scikit-learn's optimizers: their own `update_params`, run on arrays of formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

from refopt.frameworks.configured import Configured
from refopt.frameworks.sklearn.optimizers import BUFFERS, STEERED
from refopt.language.expression import Expression, g, literal, theta
from refopt.language.rule import Rule
from refopt.lifting.assumption import in_order
from refopt.lifting.counters import Counters, before, without_counters
from refopt.lifting.frame import Frame
from refopt.lifting.lifted import Lifted, without_detours
from refopt.lifting.paths import explore
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.symbolic_arrays import array, at_place, elements, of_formulas, with_places
from refopt.lifting.symbols import facts, state_symbol, symbolic

ROUTE = "its own update_params(), run on arrays of symbols"
COUNTER = "t of the optimizer"


def lift(implementation: Configured, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """The formula of each element of the frame's arrays. Raises CannotRead."""
    hyper = symbolic(rule, implementation.settings)
    symbols = {b: state_symbol(rule, b, implementation.views) for b in BUFFERS[implementation.kind]}
    configured = {n: implementation.settings.get(n, 1.0) != 0 for n in hyper}
    names = implementation.framework.kinds[implementation.kind]

    def updated(state: Mapping[str, Expression] | None, held: Counters) -> dict[str, Expression]:
        parameter = array(theta)
        optimizer: Any = implementation.factory([parameter], **implementation.arguments)
        for theirs, ours in names.items():
            if ours in hyper:
                setattr(optimizer, STEERED[implementation.kind] if ours == "lr" else theirs, Scalar(hyper[ours].symbol))
        for buffer, symbol in symbols.items():
            zeros = [of_formulas(x) for x in getattr(optimizer, buffer)]
            setattr(optimizer, buffer, zeros if state is None else [array(symbol)])
        if COUNTER in held:
            optimizer.t = Scalar(held[COUNTER])
        params = [parameter]
        optimizer.update_params(params, [array(g)])
        found = with_places({"theta": elements(params[0], "theta"), **{str(s.name): elements(getattr(optimizer, b)[0], b) for b, s in symbols.items()}})
        if (counter := tree_of(getattr(optimizer, "t", None))) is not None:
            found[COUNTER] = counter
        return found

    first = explore(lambda: updated(None, {}), facts(hyper.values(), None), configured, fixed=True)
    held = before(first, [COUNTER] if COUNTER in first.values else [])
    first = without_counters(first, held, later=False)
    later = without_counters(explore(lambda: updated(symbols, held), facts(hyper.values(), 2), configured, fixed=True), held, later=True)
    starts = {str(s.name): literal(0) for s in symbols.values()}
    parts = [(without_detours(at_place(first.values, i)), without_detours(at_place(later.values, i))) for i in range(prod(frame.shape))]
    assumed, names_of = in_order({*first.assumed, *later.assumed}), {str(s.name): b for b, s in symbols.items()}
    whole = Lifted(implementation.name, implementation.version, ROUTE, tuple(hyper.values()), tuple(symbols.values()), starts, {}, {}, assumed, names_of)
    return tuple(replace(whole, first=one, later=other) for one, other in parts)
