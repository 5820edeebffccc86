"""keras: an optimizer's own `stateless_apply`, recorded by JAX with every hyperparameter an input, and read.

The optimizer is built with real numbers; then its attributes are given traced ones. Its variables are inputs and results of
`stateless_apply`, the learning rate among them, so that keras' own operations stand in the record and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from refopt.frameworks.configured import Configured
from refopt.frameworks.keras.backend import in_binary64, keras_here
from refopt.frameworks.keras.own_class import KerasClass
from refopt.language.expression import Expression, g, literal, theta
from refopt.language.rule import Rule
from refopt.lifting.assumption import in_order
from refopt.lifting.counters import Counters, before, without_counters
from refopt.lifting.frame import Frame
from refopt.lifting.jaxpr import Read, Reader, array_value, same_shapes
from refopt.lifting.lifted import Lifted, without_detours
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Explored, Facts, explore
from refopt.lifting.symbols import facts, state_symbol, symbolic
from refopt.lifting.traced import Traced, recorded
from refopt.lifting.unreadable import CannotRead
from refopt.rounding.formats import FLOAT64

ROUTE = "its own stateless_apply(), as JAX records it (jaxpr)"
COUNTER, RATE = ("iteration", "iterations"), "learning_rate"
TRIED = (0.25, 0.5)
"""Values of a hyperparameter or the parameter that show whether a variable starts from it: exact in every format, in every domain of a share or a size."""


def lift(implementation: Configured | KerasClass, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """The formula of a keras optimizer. Raises CannotRead where its record cannot be read, or keras runs on another backend than JAX."""
    backend = keras_here().backend.backend()
    if backend != "jax":
        raise CannotRead(Obstacle.OTHER_BACKEND, "keras", backend, "JAX", "KERAS_BACKEND=jax")
    with in_binary64(FLOAT64):
        return (_Optimizer(implementation, rule, frame).lifted(),)


class _Optimizer:
    def __init__(self, implementation: Configured | KerasClass, rule: Rule, frame: Frame) -> None:
        self.of, self.rule, self.frame = implementation, rule, frame
        own = _attributes(implementation)
        self.settings = dict(implementation.settings)
        if implementation.arguments.get("weight_decay") is None and "weight_decay" not in rule.hyper_names:
            self.settings.pop("weight_decay", None)
        self.hyper = symbolic(rule, self.settings)
        self.attributes = {ours: theirs for theirs, ours in own.items() if ours in self.hyper and ours != "lr"}
        self.start = [(name, v) for name, v in self._variables(self._built())]
        self.symbols = {n: state_symbol(rule, n, implementation.views) for n, _ in self.start if n not in (*COUNTER, RATE)}
        self.initial = self._initial(own)

    def _built(self, at: float = 0.0, **changed: float) -> Any:
        keras = keras_here()
        self.param = keras.Variable(keras.ops.full(self.frame.shape, at), dtype=self.frame.dtype, name="p0")
        optimizer = self.of.factory(**{**self.of.arguments, **changed})
        optimizer.build([self.param])
        return optimizer

    def _initial(self, own: Mapping[str, str]) -> dict[str, Read]:
        """By variable: what it starts from, the parameter or a hyperparameter where it holds whatever value that one is given."""
        found: dict[str, Read] = {n: array_value(v.numpy()) for n, v in self.start}
        copies = [dict(self._variables(self._built(at=x))) for x in TRIED]
        found |= {n: theta for n in self.symbols if all((made[n].numpy() == x).all() for x, made in zip(TRIED, copies, strict=True))}
        for theirs, ours in own.items():
            if ours not in self.hyper or ours == "lr":
                continue
            try:
                starts = [dict(self._variables(self._built(**{theirs: x}))) for x in TRIED]
            except Exception:  # an argument that refuses a value starts nothing; whatever keras or a person's class raises
                continue
            for n in self.symbols:
                if all(n in made and (made[n].numpy() == x).all() for x, made in zip(TRIED, starts, strict=True)):
                    found[n] = self.hyper[ours].symbol
        return found

    def _variables(self, optimizer: Any) -> list[tuple[str, Any]]:
        """By name; one of no parameter, whose name keras makes up, by the attribute that holds it."""
        attributes = {id(x): name.lstrip("_") for name, x in vars(optimizer).items()}
        own = ("p0_", *COUNTER, RATE)
        return [(v.name.removeprefix("p0_") if v.name.startswith(own) else attributes.get(id(v), v.name), v) for v in optimizer.variables]

    def lifted(self) -> Lifted:
        """The first update, from the variables as they are built, and any later one."""
        hyper = list(self.hyper.values())
        initial = {str(s.name): _number(self.initial[n]) for n, s in self.symbols.items()}
        first = self.updated(facts(hyper, None), [self._value(n, None, {}) for n, _ in self.start])
        held = before(first, [n for n, _ in self.start if n in COUNTER])
        first = without_counters(first, held, later=False)
        later = without_counters(self.updated(facts(hyper, 2), [self._value(n, self.symbols, held) for n, _ in self.start]), held, later=True)
        return Lifted(
            self.of.name, self.of.version, ROUTE, tuple(hyper), tuple(self.symbols.values()), initial,
            without_detours(first.values), without_detours(later.values), in_order({*first.assumed, *later.assumed}),
            {str(s.name): n for n, s in self.symbols.items()},
        )  # fmt: skip

    def _value(self, name: str, state: Mapping[str, Expression] | None, held: Counters) -> Read:
        if name == RATE:
            return self.hyper["lr"].symbol
        if name in COUNTER:
            return literal(0) if state is None else held[name]
        return state[name] if state is not None else self.initial[name]

    def updated(self, known: Facts, state: Sequence[Read]) -> Explored:
        """theta, the state and the counter after an update from these values of the variables."""
        import jax
        import jax.numpy as jnp

        reader = Reader(known)
        names = list(self.attributes)

        def record(with_symbols: bool) -> Any:
            def update(numbers: Sequence[Any], gradient: Any, param: Any, variables: Sequence[Any]) -> Any:
                optimizer = self._built()
                for name, x in zip(names, numbers, strict=True):
                    setattr(optimizer, self.attributes[name], Traced(x, self.hyper[name].symbol) if with_symbols else x)
                params, after = optimizer.stateless_apply(list(variables), [gradient], [param])
                return params[0], after

            start = [jnp.asarray(v.numpy()) for _, v in self.start]
            zeros = jnp.zeros(self.frame.shape, self.frame.dtype)
            found = jax.make_jaxpr(update)([self.settings.get(n, 0.5) for n in names], zeros, zeros, start)
            same_shapes(found, [self.frame.shape, *(x.shape for x in start)])
            return found

        def code() -> dict[str, Expression]:
            found = reader.read(recorded(record), [*(self.hyper[n].symbol for n in names), g, theta, *state])
            values = {"theta": _number(found[0])}
            for (name, _), x in zip(self.start, found[1:], strict=True):
                if name in self.symbols:
                    values[str(self.symbols[name].name)] = _number(x)
                elif name in COUNTER:
                    values[name] = _number(x)
            return values

        explored = explore(code, known, {n: self.settings.get(n, 1.0) != 0 for n in self.hyper}, fixed=True)
        return Explored(explored.values, in_order({*explored.assumed, *reader.assumed}))


def _attributes(implementation: Configured | KerasClass) -> Mapping[str, str]:
    """The attributes of an optimizer that hold hyperparameters, and which; a person's class keeps its arguments under their own names."""
    if isinstance(implementation, Configured):
        return implementation.framework.kinds[implementation.kind]
    made = implementation.factory(**implementation.arguments)
    if lacking := [p.argument for n, p in implementation.places.items() if p.index is not None or not hasattr(made, p.argument)]:
        raise CannotRead(Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL, implementation.name, lacking[0])
    return {p.argument: n for n, p in implementation.places.items()}


def _number(x: Read) -> Expression:
    if not isinstance(x, Expression):
        raise CannotRead(Obstacle.CONDITION_FOR_A_NUMBER)
    return x
