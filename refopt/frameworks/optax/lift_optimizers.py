"""optax, and our own generated transformations of its kind: init and update are recorded by JAX with every hyperparameter an input, and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from refopt.frameworks.configured import Configured
from refopt.frameworks.jax_mode import jax_mode
from refopt.frameworks.optax.train_state import APPLY, TX, applies_gradients, updates_as_flax
from refopt.frameworks.own.jax_generated import GeneratedJax
from refopt.language.expression import Expression, g, theta
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.lifting.assumption import in_order
from refopt.lifting.counters import before, without_counters
from refopt.lifting.frame import Frame, note
from refopt.lifting.jaxpr import Read, Reader, array_value, same_shapes
from refopt.lifting.kept_state import functions_of, kept, named, refuse_changes
from refopt.lifting.lifted import Lifted, without_detours
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.outside import catches
from refopt.lifting.paths import Explored, explore
from refopt.lifting.symbols import facts, state_symbol, symbolic
from refopt.lifting.traced import Traced, recorded
from refopt.lifting.unreadable import CannotRead
from refopt.rounding.formats import FLOAT64

ROUTE = "its own code, as JAX records it (jaxpr)"
COUNTERS = ("count",)
"""Names that only counters of updates have; what else is a whole number in all may be one: that is tried."""


def lift(implementation: Configured | GeneratedJax, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """The formula of an optax optimizer. Raises CannotRead where its record cannot be read."""
    with jax_mode(FLOAT64):
        whole = _Transformation(implementation, rule, frame)
        plain = whole.with_named_counters()
        if plain.counters == whole.counters:
            return (whole.lifted(),)
        try:
            return (whole.lifted(),)
        except CannotRead:  # a whole number that does not count updates is a state like any other
            return (plain.lifted(),)


class _Transformation:
    def __init__(self, implementation: Configured | GeneratedJax, rule: Rule, frame: Frame) -> None:
        import jax
        import jax.numpy as jnp

        self.of, self.rule, self.frame = implementation, rule, frame
        defaults = {h.name: float(h.value(h.default)) for h in rule.hyper if h.name in implementation.hyper_names}
        self.settings = {**defaults, **implementation.settings}
        self.hyper = symbolic(rule, self.settings)
        self.param = jnp.zeros(frame.shape, frame.dtype)
        transformation = self.made(self.settings)
        for look in named(transformation, of_others=True):
            note(look)
        if any(map(catches, functions_of(transformation))):
            raise CannotRead(Obstacle.CATCHES_WHILE_RECORDED, "JAX")
        self.start = transformation.init(self.param)
        paths, self.tree = jax.tree_util.tree_flatten_with_path(self.start)
        self.leaves = [(_name(path[-1]), leaf) for path, leaf in paths]
        whole = {i for i, (name, leaf) in enumerate(self.leaves) if name in COUNTERS or (jnp.issubdtype(leaf.dtype, jnp.integer) and leaf.shape == ())}
        self.counters = {i: f"count of {i}" for i in sorted(whole)}

    def with_named_counters(self) -> _Transformation:
        """The same where only what is named as one counts."""
        other = copy(self)
        other.counters = {i: n for i, n in self.counters.items() if self.leaves[i][0] in COUNTERS}
        return other

    def made(self, hyper: Mapping[str, Any]) -> Any:
        arguments = self.of.keywords({n: x for n, x in hyper.items() if n in self.hyper})
        made = self.of.factory(**arguments)
        if applies_gradients(made):
            raise CannotRead(Obstacle.TRAIN_STATE, APPLY)
        return getattr(made, TX) if updates_as_flax(made) else made

    def lifted(self) -> Lifted:
        """The first update, from what init gives, and any later one."""
        hyper = list(self.hyper.values())
        symbols = {name: state_symbol(self.rule, name, getattr(self.of, "read_views", self.of.views)) for name, _ in self.kept}
        if len(set(symbols.values())) < len(self.kept):
            raise CannotRead(Obstacle.NAME_TWICE)
        names = {str(s.name): n for n, s in symbols.items()}
        started = self.started(facts(hyper, None))
        initial = {str(symbols[n].name): _tree(started.values[n]) for n, _ in self.kept}
        first = self.updated(facts(hyper, None), [started.values.get(n, array_value(leaf)) for n, leaf in self.leaves], symbols)
        held = before(first, self.counters.values())
        first = without_counters(first, held, later=False)
        later = self.updated(facts(hyper, 2), [symbols[n] if n in symbols else held[self.counters[i]] for i, (n, _) in enumerate(self.leaves)], symbols)
        later = without_counters(later, held, later=True)
        return Lifted(
            self.of.name, self.of.version, ROUTE, tuple(hyper), tuple(symbols.values()), initial,
            without_detours(first.values), without_detours(later.values), in_order({*started.assumed, *first.assumed, *later.assumed}), names,
        )  # fmt: skip

    @property
    def kept(self) -> list[tuple[str, Any]]:
        """The leaves of the state that are no counters."""
        return [x for i, x in enumerate(self.leaves) if i not in self.counters]

    def started(self, known: Any) -> Explored:
        """The state that init gives, in the hyperparameters that it starts from; without the counters."""
        import jax

        reader = Reader(known)

        def record(with_symbols: bool) -> Any:
            def init(numbers: Sequence[Any], param: Any) -> Any:
                traced = {n: Traced(x, h.symbol) if with_symbols else x for (n, h), x in zip(self.hyper.items(), numbers, strict=True)}
                return [x for i, x in enumerate(jax.tree.leaves(self.made(traced).init(param))) if i not in self.counters]

            return jax.make_jaxpr(init)([self.settings[n] for n in self.hyper], self.param)

        def code() -> dict[str, Expression]:
            found = reader.read(recorded(record), [*(h.symbol for h in self.hyper.values()), theta])
            return {n: _tree(x) for (n, _), x in zip(self.kept, found, strict=True)}

        explored = explore(code, known, configured(self.hyper, self.settings), fixed=isinstance(self.of, Configured))
        return Explored(explored.values, in_order({*explored.assumed, *reader.assumed}))

    def updated(self, known: Any, state: Sequence[Read], symbols: Mapping[str, Expression]) -> Explored:
        """theta, the state and the counters after an update from this state."""
        import jax

        reader = Reader(known)

        def record(with_symbols: bool) -> Any:
            def update(numbers: Sequence[Any], gradient: Any, param: Any, leaves: Sequence[Any]) -> Any:
                pairs = zip(self.hyper.items(), numbers, strict=True)
                traced = {n: Traced(x, h.symbol) if with_symbols else x for (n, h), x in pairs}
                transformation = self.made(traced)
                before = kept(transformation)
                changes, after = transformation.update(gradient, jax.tree.unflatten(self.tree, leaves), param)
                refuse_changes(before, kept(transformation), "update()")
                return param + changes, jax.tree.leaves(after)

            numbers = [self.settings[n] for n in self.hyper]
            found = jax.make_jaxpr(update)(numbers, self.param, self.param, [leaf for _, leaf in self.leaves])
            same_shapes(found, [self.frame.shape, *(leaf.shape for _, leaf in self.leaves)])
            return found

        def code() -> dict[str, Expression]:
            found = reader.read(recorded(record), [*(h.symbol for h in self.hyper.values()), g, theta, *state])
            values = {"theta": _tree(found[0])}
            for i, ((name, _), x) in enumerate(zip(self.leaves, found[1:], strict=True)):
                values[str(symbols[name].name) if name in symbols else self.counters[i]] = _tree(x)
            return values

        explored = explore(code, known, configured(self.hyper, self.settings), fixed=isinstance(self.of, Configured))
        return Explored(explored.values, in_order({*explored.assumed, *reader.assumed}))


def configured(hyper: Mapping[str, Hyper], settings: Mapping[str, float]) -> dict[str, bool]:
    """By hyperparameter, whether it is not zero as the implementation is configured."""
    return {n: settings.get(n, 1.0) != 0 for n in hyper}


def _name(key: Any) -> str:
    """The last word of a leaf's path: of a field, or of a key."""
    return str(getattr(key, "name", getattr(key, "key", key)))


def _tree(x: Read) -> Expression:
    if not isinstance(x, Expression):
        raise CannotRead(Obstacle.CONDITION_FOR_A_NUMBER)
    return x


