"""torch.optim, and our own generated optimizers: `step` is run, its parameter, state, counter and hyperparameters being symbols.

The class is constructed with real numbers; then its parameter group is given symbols in their place. What the class does in
`step`, down to the arithmetic of its single-tensor function, is untouched.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from refopt.frameworks.own.torch_generated import GeneratedTorch
from refopt.frameworks.torch.names import GLOSSARY
from refopt.frameworks.torch.optimizers import TorchOptimizer
from refopt.frameworks.torch.own_class import TorchClass, closure
from refopt.frameworks.torch.tensor import is_symbolic, number_of, symbolic_numbers, symbolic_tensor, was_computed_with
from refopt.language.expression import Expression, g, literal, theta
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.lifting.counters import Counters, before, without_counters
from refopt.lifting.frame import Frame, note
from refopt.lifting.kept_state import kept, named, refuse_changes
from refopt.lifting.lifted import Lifted, without_detours
from refopt.lifting.paths import explore
from refopt.lifting.python_code import symbolic_class
from refopt.lifting.scalar import Scalar
from refopt.lifting.symbols import facts, state_symbol, symbolic
from refopt.lifting.unreadable import CannotRead

ROUTE = "torch's own step(), run on symbols"
OWN = "its own step() and what that calls, run on symbols"
"""Of a class that is not torch's."""
COUNTER = "step"


def lift(implementation: TorchOptimizer | TorchClass | GeneratedTorch, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """The formula of a torch optimizer. Raises CannotRead where its code cannot be followed."""
    for switch in ("fused", "foreach"):
        if implementation.arguments.get(switch):
            raise CannotRead(f"{switch}=True runs a compiled kernel; what it computes stands in no Python code")
    hyper = symbolic(rule, implementation.settings)
    of = _Optimizer(implementation, rule, hyper, frame)
    configured = {n: implementation.settings[n] != 0 for n in hyper}
    fixed = isinstance(implementation, TorchOptimizer)
    first = explore(lambda: of.updated(None, {}), facts(hyper.values(), None), configured, fixed=fixed)
    held = before(first, [COUNTER] if COUNTER in first.values else [])
    first = without_counters(first, held, later=False)
    symbols = {n: s for n, s in of.symbols.items() if str(s.name) in first.values}
    later = explore(lambda: of.updated(symbols, held), facts(hyper.values(), 2), configured, fixed=fixed)
    later = without_counters(later, held, later=True)
    names = {str(s.name): buffer for buffer, s in symbols.items()}
    state = tuple(s for s in symbols.values() if str(s.name) in later.values)
    route = ROUTE if fixed else OWN
    found = Lifted(
        implementation.name, implementation.version, route, tuple(hyper.values()), state, {str(s.name): literal(0) for s in state},
        without_detours(first.values), without_detours(later.values), tuple(sorted({*first.assumed, *later.assumed})), names,
    )  # fmt: skip
    return (found,)


class _Optimizer:
    def __init__(self, implementation: TorchOptimizer | TorchClass | GeneratedTorch, rule: Rule, hyper: Mapping[str, Hyper], frame: Frame) -> None:
        self.of, self.rule, self.hyper, self.frame = implementation, rule, hyper, frame
        self.symbols: dict[str, Expression] = {}
        self.counts_tensors = True

    def updated(self, state: Mapping[str, Expression] | None, held: Counters) -> dict[str, Expression]:
        """theta, each buffer and the counter after one update: the first one, or one from this state and what the counter holds."""
        import torch

        real = torch.nn.Parameter(torch.zeros(self.frame.shape, dtype=getattr(torch, self.frame.dtype)))
        made = self.of.constructor if isinstance(self.of, TorchClass) else self.of.factory
        if not isinstance(made, type):
            raise CannotRead("a function makes it; the class that it makes can be read by its own name")
        optimizer: Any = symbolic_class(made, "torch")([real], **self.of.arguments)
        parameter, gradient = symbolic_tensor(theta), symbolic_tensor(g)
        parameter.grad = gradient
        (group,) = optimizer.param_groups
        self.fill(group)
        group["params"] = [parameter]
        if state is not None:
            counter = {n: symbolic_tensor(x, single=True) if self.counts_tensors else Scalar(x) for n, x in held.items()}
            optimizer.state[parameter] = {n: symbolic_tensor(s) for n, s in state.items()} | counter
        held_before = kept(optimizer, apart=_judged)
        if not isinstance(self.of, TorchOptimizer):
            for look in named(type(optimizer)):
                note(look)
        own = set(vars(parameter))
        with symbolic_numbers():
            inspect.unwrap(type(optimizer).step)(optimizer, *closure(optimizer.step, 0.0))
        refuse_changes(held_before, kept(optimizer, apart=_judged), "step()")
        if any(p is not parameter for p in optimizer.state):
            raise CannotRead("step() keeps something beside the state of its parameter")
        if set(vars(parameter)) != own:
            raise CannotRead("step() keeps something on its parameter")
        if gradient.tree != g:
            raise CannotRead("the code changes the gradient that it is given")
        buffers = optimizer.state[parameter]
        tensors = [x for x in (parameter, gradient, *buffers.values()) if is_symbolic(x)]
        if len({id(x) for x in tensors}) < len(tensors):
            raise CannotRead("step() keeps a tensor that is the gradient's, the parameter's or another state's own")
        if any(was_computed_with(x) for x in (parameter, gradient, *buffers.values()) if is_symbolic(x)):
            raise CannotRead("a compiled function that changes tensors without saying how")
        found = {"theta": parameter.tree}
        for buffer, value in buffers.items():
            if buffer == COUNTER:
                self.counts_tensors = torch.is_tensor(value)
                found[COUNTER] = number_of(value)
                continue
            if value is None:
                continue
            if not is_symbolic(value):
                raise CannotRead(f"the state {buffer} is a {type(value).__name__} that no formula stands for")
            symbol = self.symbols.setdefault(buffer, state_symbol(self.rule, buffer, self.of.views))
            found[str(symbol.name)] = value.tree
        return found

    def fill(self, group: dict[str, Any]) -> None:
        """Symbols in the place of the hyperparameters."""
        if isinstance(self.of, TorchClass):
            for name, hyper in self.hyper.items():
                place = self.of.places[name]
                if place.argument not in group:
                    raise CannotRead(f"{place.argument} is kept beside its parameter groups")
                group[place.argument] = put(group[place.argument], place.index, Scalar(hyper.symbol))
            return
        ours = {GLOSSARY.get(a, a): a for a in ("lr", "momentum", "dampening", "weight_decay", "alpha", "eps")}
        for name, hyper in self.hyper.items():
            symbol = Scalar(hyper.symbol)
            if name in group:
                group[name] = symbol
            elif name in ("beta1", "beta2"):
                i = ("beta1", "beta2").index(name)
                group["betas"] = tuple(symbol if j == i else b for j, b in enumerate(group["betas"]))
            else:
                group[ours[name]] = symbol


def put(value: Any, index: int | None, symbol: Scalar) -> Any:
    """An argument with a symbol in the place of one of its numbers, or of the one that it is."""
    return symbol if index is None else type(value)(symbol if i == index else x for i, x in enumerate(value))


def _judged(name: str) -> bool:
    """Whether a place holds what an update may change."""
    return name == "state" or name.startswith(("state[", "param_groups[0]['params']"))
