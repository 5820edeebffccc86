"""torch.optim, and our own generated optimizers: `step` is run, its parameter, state, counter and hyperparameters being symbols.

The class is constructed with real numbers; then its parameter group is given symbols in their place. What the class does in
`step`, down to the arithmetic of its single-tensor function, is untouched.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from refopt.frameworks.own.lift_calls import place_of
from refopt.frameworks.own.torch_generated import GeneratedTorch
from refopt.frameworks.torch.optimizers import TorchOptimizer
from refopt.frameworks.torch.own_class import TorchClass, closure
from refopt.frameworks.torch.tensor import is_symbolic, number_of, symbolic_numbers, symbolic_tensor, was_computed_with
from refopt.language.expression import Expression, g, literal, scalar, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.lifting.assumption import in_order
from refopt.lifting.counters import Counters, before, without_counters
from refopt.lifting.frame import Frame, note
from refopt.lifting.kept_state import kept, named, refuse_changes
from refopt.lifting.lifted import Lifted, without_detours
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import explore
from refopt.lifting.python_code import symbolic_class
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.several_tensors import Place, alone, of_all, places
from refopt.lifting.symbols import facts, state_symbol, symbolic
from refopt.lifting.unreadable import CannotRead

ROUTE = "torch's own step(), run on symbols"
OWN = "its own step() and what that calls, run on symbols"
"""Of a class that is not torch's."""
COUNTER = "step"


def lift(implementation: TorchOptimizer | TorchClass | GeneratedTorch, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """The formula of a torch optimizer. Raises CannotRead where its code cannot be followed."""
    if not isinstance(implementation, TorchClass):
        return _lifted(implementation, rule, frame)
    try:
        return _lifted(implementation.with_what_it_needs(), rule, frame)
    except CannotRead as reason:
        if reason.where:
            raise
        raise CannotRead(reason.reason, where=place_of(inspect.unwrap(getattr(implementation.constructor, "step", implementation.constructor)))) from None


def _lifted(implementation: TorchOptimizer | TorchClass | GeneratedTorch, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    for switch in ("fused", "foreach"):
        if implementation.arguments.get(switch):
            raise CannotRead(Obstacle.COMPILED_KERNEL, switch)
    hyper = symbolic(rule, implementation.settings)
    every = places(frame.groups)
    of = _Optimizer(implementation, rule, hyper, frame, every)
    configured = {p.hyper(n): implementation.settings[n] != 0 for p in every for n in hyper}
    fixed = isinstance(implementation, TorchOptimizer)
    explored = explore(lambda: of.updated(None, None), of_all(facts(hyper.values(), None), every), configured, fixed=fixed)
    note(Look.TENSORS)
    firsts = [replace(explored, values=alone(explored.values, p, every)) for p in every]
    held = [before(first, [COUNTER] if COUNTER in first.values else []) for first in firsts]
    firsts = [without_counters(first, counted, later=False) for first, counted in zip(firsts, held, strict=True)]
    symbols = [{n: s for n, s in of.symbols.items() if str(s.name) in first.values} for first in firsts]
    explored = explore(lambda: of.updated(symbols, held), of_all(facts(hyper.values(), 2), every), configured, fixed=fixed)
    found = []
    for place, first, kept_of, counted in zip(every, firsts, symbols, held, strict=True):
        later = without_counters(replace(explored, values=alone(explored.values, place, every)), counted, later=True)
        state = tuple(s for s in kept_of.values() if str(s.name) in later.values)
        found.append(Lifted(
            implementation.name, implementation.version, ROUTE if fixed else OWN, tuple(hyper.values()), state, {str(s.name): literal(0) for s in state},
            without_detours(first.values), without_detours(later.values), in_order({*first.assumed, *later.assumed}),
            {str(s.name): buffer for buffer, s in kept_of.items()},
        ))  # fmt: skip
    return tuple(_started(x, rule) for x in found)


def _started(lifted: Lifted, rule: Rule) -> Lifted:
    """The same, its states starting as the rule's where the first update is then proved to be like any other: they are created within it."""
    starts = {s.name: s.initial for s in rule.state}
    tried = replace(lifted, initial={n: starts.get(n, x) for n, x in lifted.initial.items()})
    return tried if tried.initial != lifted.initial and tried.is_uniform() else lifted


class _Optimizer:
    def __init__(
        self, implementation: TorchOptimizer | TorchClass | GeneratedTorch, rule: Rule, hyper: Mapping[str, Hyper], frame: Frame, every: tuple[Place, ...]
    ) -> None:
        self.of, self.rule, self.hyper, self.frame, self.every = implementation, rule, hyper, frame, every
        self.symbols: dict[str, Expression] = {}
        self.counts_tensors = True
        self.numbers: set[str] = set()
        """Buffers that hold Python's own numbers."""

    def updated(self, states: Sequence[Mapping[str, Expression]] | None, held: Sequence[Counters] | None) -> dict[str, Expression]:
        """theta, each buffer and the counter of every tensor after one update: the first one, or one from these states and what the counters hold."""
        import torch

        groups = [[p for p in self.every if p.group == j] for j in range(len(self.frame.groups))]
        real = [{"params": [torch.nn.Parameter(torch.zeros(self.frame.shape, dtype=getattr(torch, self.frame.dtype))) for _ in group]} for group in groups]
        maker = self.of.constructor if isinstance(self.of, TorchClass) else self.of.factory
        if not isinstance(maker, type):
            raise CannotRead(Obstacle.MADE_BY_A_FUNCTION)
        made: Any = symbolic_class(maker, "torch")
        optimizer: Any = made(real[0]["params"], **self.of.arguments) if len(groups) == 1 else made(real, **self.of.arguments)
        if len(optimizer.param_groups) != len(groups):
            raise CannotRead(Obstacle.OTHER_GROUPS)
        tensors = [_with_gradient(place) for place in self.every]
        for group, members in zip(optimizer.param_groups, groups, strict=True):
            self.fill(group, members[0])
            group["params"] = [tensors[p.tensor] for p in members]
        if any(optimizer.state.values()):
            optimizer.state.clear()
            if states is None:
                self.construct(made, optimizer, tensors)
        for place, parameter in zip(self.every, tensors, strict=True) if states is not None and held is not None else ():
            assert states is not None and held is not None
            trees = {n: place.own(x) for n, x in held[place.tensor].items()}
            counter = {n: symbolic_tensor(x, single=True) if self.counts_tensors else Scalar(x) for n, x in trees.items()}
            optimizer.state[parameter] = {n: self.held(n, s, place) for n, s in states[place.tensor].items()} | counter
        held_before = kept(optimizer, apart=_judged)
        if not isinstance(self.of, TorchOptimizer):
            for look in named(type(optimizer)):
                note(look)
        own = [set(vars(x)) for x in tensors]
        with symbolic_numbers():
            inspect.unwrap(type(optimizer).step)(optimizer, *closure(optimizer.step, 0.0))
        refuse_changes(held_before, kept(optimizer, apart=_judged), "step()")
        if any(all(p is not x for x in tensors) for p in optimizer.state):
            raise CannotRead(Obstacle.KEEPS_BESIDE_ITS_STATE)
        if [set(vars(x)) for x in tensors] != own:
            raise CannotRead(Obstacle.KEEPS_ON_ITS_PARAMETER)
        everything = [x for p in tensors for x in (p, p.grad, *optimizer.state[p].values()) if is_symbolic(x)]
        if len({id(x) for x in everything}) < len(everything):
            raise CannotRead(Obstacle.KEEPS_ANOTHERS_TENSOR)
        if any(map(was_computed_with, everything)):
            raise CannotRead(Obstacle.COMPILED_CHANGES)
        return {place.name(n): tree for place, x in zip(self.every, tensors, strict=True) for n, tree in self.left(x, place, optimizer.state[x]).items()}

    def construct(self, made: Any, optimizer: Any, tensors: Sequence[Any]) -> None:
        """Give an optimizer whose class creates its state in its constructor the state of one constructed with symbols.

        Each group is constructed alone: that a start is the constructor's and not its group's is not followed.
        """
        for j in range(len(self.frame.groups)):
            members = [(p, x) for p, x in zip(self.every, tensors, strict=True) if p.group == j]
            arguments = dict(self.of.arguments)
            for name, hyper in self.hyper.items():
                argument, index = self.argument(name)
                symbol = Scalar(members[0][0].symbol(hyper.symbol))
                arguments[argument] = put(arguments.get(argument, optimizer.defaults.get(argument)), index, symbol)
            with symbolic_numbers():
                other = made([x for _, x in members], **arguments)
            optimizer.state.update(other.state)

    def argument(self, name: str) -> tuple[str, int | None]:
        """The constructor's argument that holds a hyperparameter, and its place there where it is one number of several."""
        if isinstance(self.of, TorchClass) or (isinstance(self.of, TorchOptimizer) and name in self.of.places):
            return self.of.places[name].argument, self.of.places[name].index
        return name, None

    def held(self, buffer: str, state: Expression, place: Place) -> Any:
        """Content of a buffer before an update: a number as the code keeps it there, else a tensor."""
        return Scalar(place.own(state)) if buffer in self.numbers else symbolic_tensor(place.own(state), single=state.is_scalar)

    def left(self, parameter: Any, place: Place, buffers: Mapping[str, Any]) -> dict[str, Expression]:
        """The values that an update leaves of one tensor."""
        import torch

        if parameter.grad is None or parameter.grad.tree != place.own(g):
            raise CannotRead(Obstacle.CHANGES_GRADIENT)
        found = {"theta": parameter.tree}
        for buffer, value in buffers.items():
            if buffer == COUNTER:
                self.counts_tensors = torch.is_tensor(value)
                if self.counts_tensors and not is_symbolic(value):
                    _refuse_to_count(value)
                found[COUNTER] = number_of(value)
                continue
            if value is None:
                continue
            if isinstance(value, float | int) and not isinstance(value, bool) and (tree := tree_of(value)) is not None:
                value = Scalar(tree)
            if isinstance(value, Scalar):
                self.numbers.add(buffer)
            if (buffer in self.numbers) is not isinstance(value, Scalar) or not (isinstance(value, Scalar) or is_symbolic(value)):
                raise CannotRead(Obstacle.STATE_IS_A, buffer, type(value).__name__)
            single = isinstance(value, Scalar) or value.single
            symbol = self.symbols.setdefault(buffer, _of_its_size(state_symbol(self.rule, buffer, self.of.views), single=single))
            found[str(symbol.name)] = value.tree
        return found

    def fill(self, group: dict[str, Any], place: Place) -> None:
        """Symbols of a group in the place of its hyperparameters."""
        if isinstance(self.of, TorchClass):
            for name, hyper in self.hyper.items():
                at = self.of.places[name]
                if at.argument not in group:
                    raise CannotRead(Obstacle.KEPT_BESIDE_GROUPS, at.argument)
                group[at.argument] = put(group[at.argument], at.index, Scalar(place.symbol(hyper.symbol)))
            return
        for name, hyper in self.hyper.items():
            symbol = Scalar(place.symbol(hyper.symbol))
            argument, index = (name, None) if name in group else self.argument(name)
            group[argument] = put(group[argument], index, symbol)


def _of_its_size(symbol: Expression, *, single: bool) -> Expression:
    """The symbol of a state as one number for the whole tensor, or one for each element."""
    if symbol.is_scalar is single:
        return symbol
    return (scalar if single else tensor)(str(symbol.name))


LEAST_COUNT = 2**24
"""The last number that a counter of float32 holds, as torch keeps its own: one that stops earlier is a bug that runs come to."""


def _refuse_to_count(counter: Any) -> None:
    """Raises CannotRead of a counter in a format that stops, or begins anew, after some updates: the symbols in its place would not."""
    import torch

    kind = counter.dtype
    last = int(2 / torch.finfo(kind).eps) if kind.is_floating_point else 1 if kind == torch.bool else torch.iinfo(kind).max
    if last < LEAST_COUNT:
        raise CannotRead(Obstacle.COUNTER_ENDS, kind, last)


def _with_gradient(place: Place) -> Any:
    """A tensor's parameter, with its gradient."""
    parameter = symbolic_tensor(place.own(theta))
    parameter.requires_grad = True
    parameter.grad = symbolic_tensor(place.own(g))
    return parameter


def put(value: Any, index: int | None, symbol: Scalar) -> Any:
    """An argument with a symbol in the place of one of its numbers, or of the one that it is."""
    return symbol if index is None else type(value)(symbol if i == index else x for i, x in enumerate(value))


def _judged(name: str) -> bool:
    """True where a place holds what an update may change."""
    return name == "state" or name.startswith("state[") or (name.startswith("param_groups[") and "]['params']" in name)
