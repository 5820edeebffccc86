"""torch.optim.lr_scheduler: a scheduler's own `get_lr` and closed form are run, its counter, rates and settings being symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from refopt.frameworks.torch.schedules import WHOLE, TorchSchedule
from refopt.language.expression import Expression, literal
from refopt.language.expression import k as step
from refopt.language.hyper import Hyper
from refopt.language.schedule import Schedule, lr_prev
from refopt.lifting.assumption import Assumed, Assumption, in_order
from refopt.lifting.lifted_schedule import LiftedSchedule
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Facts, explore
from refopt.lifting.python_code import symbolic_call
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.unreadable import CannotRead

ROUTE = "torch's own get_lr(), run on symbols"
RATES = ("optimizer", "base_lrs", "_last_lr")
"""Places where a scheduler keeps the rates: those of the start, which symbols are put into, and the last, which it tells people."""


def lift(implementation: TorchSchedule, schedule: Schedule) -> LiftedSchedule:
    """The formula of a torch scheduler. Raises CannotRead."""
    _refuse_what_it_makes_of_arguments(implementation, schedule)
    names = implementation.reading.names
    hyper = tuple(h for h in schedule.hyper if h.name == "lr" or h.name in names)
    symbols = {h.name: h.symbol for h in hyper}
    domain = tuple(c for h in hyper for c in h.conditions)
    assumed: set[Assumed] = set()

    def scheduler(k: Expression, rate: Expression) -> Any:
        optimizer, made = _made(implementation, {h: h.default for h in hyper})
        for ours, theirs in names.items():
            if ours in symbols:
                setattr(made, theirs, Scalar(symbols[ours]))
        made.base_lrs = [Scalar(symbols["lr"])]
        optimizer.param_groups[0].update(lr=Scalar(rate), initial_lr=Scalar(symbols["lr"]))
        made.last_epoch, made._step_count, made._get_lr_called_within_step = Scalar(k), 2, True
        made._is_initial = k.op == "literal"  # as when the scheduler is made, which is step 0
        return made

    def read(method: str, k: Expression, rate: Expression, least: int) -> Expression:
        def code() -> dict[str, Expression]:
            values = symbolic_call(getattr(scheduler(k, rate), method))()
            tree = tree_of(values[0]) if len(values) == 1 else None
            if tree is None:
                raise CannotRead(Obstacle.GIVES_NO_RATE, method)
            return {"rate": tree}

        explored = explore(code, Facts(domain, {"k": least}))
        assumed.update(explored.assumed)
        return explored.values["rate"]

    assumed.update(Assumed(Assumption.NOT_SET, (n, f"{x:g}")) for n, x in implementation.reading.held.items())
    nonzero = frozenset(_not_accepted_as_zero(implementation, hyper))
    assumed.update(Assumed(Assumption.ZERO_IS_REFUSED, (n,)) for n in nonzero)
    closed = read("_get_closed_form_lr", step, lr_prev, 0) if hasattr(implementation.factory, "_get_closed_form_lr") else None
    recursion = read("get_lr", step, lr_prev, 1)
    start = read("get_lr", literal(0), symbols["lr"], 0)
    held = {n: Fraction(x) for n, x in implementation.reading.held.items()}
    return LiftedSchedule(implementation.name, implementation.version, ROUTE, hyper, closed, recursion, start, in_order(assumed), held, nonzero)


def _made(implementation: TorchSchedule, values: Mapping[Hyper, str]) -> tuple[Any, Any]:
    """An optimizer and its scheduler, made with values."""
    import torch

    names = implementation.reading.names
    sent = {names[h.name]: (int if names[h.name] in WHOLE else float)(h.value(x)) for h, x in values.items() if h.name in names}
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    return optimizer, implementation.factory(optimizer, **{**implementation.arguments, **sent})


def _refuse_what_it_makes_of_arguments(implementation: TorchSchedule, schedule: Schedule) -> None:
    """Raises CannotRead where what a scheduler keeps of an argument is another attribute than its own, or `step` is: no symbol gets there."""
    import torch

    names, factory = implementation.reading.names, implementation.factory
    if factory.step is not torch.optim.lr_scheduler.LRScheduler.step:
        raise CannotRead(Obstacle.STEP_OF_ITS_OWN, implementation.kind)
    for theirs in filter(None, implementation.reading.shares.values()):
        raise CannotRead(Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL, implementation.kind, theirs)
    hyper = [h for h in schedule.hyper if h.name in names]
    usual = {h: h.default for h in hyper}
    kept = [_kept(_made(implementation, usual)[1])]
    for h in hyper:
        if names[h.name] not in kept[0]:
            raise CannotRead(Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL, implementation.kind, names[h.name])
        other = next(x for x in h.samples.schedules if Fraction(x) != Fraction(h.default))
        seen = _kept(_made(implementation, {**usual, h: other})[1])
        if more := [n for n in seen if n != names[h.name] and seen[n] != kept[0].get(n)]:
            raise CannotRead(Obstacle.MADE_OF_AN_ARGUMENT, implementation.kind, more[0], names[h.name])


def _kept(scheduler: Any) -> dict[str, str]:
    """Things that a scheduler keeps beside its optimizer and the rates, in words."""
    return {n: repr(x) for n, x in vars(scheduler).items() if n not in RATES and not callable(x)}


def _not_accepted_as_zero(implementation: TorchSchedule, hyper: Sequence[Hyper]) -> Iterator[str]:
    """Hyperparameters that may be 0, but not in torch, which raises when a scheduler is made."""
    for h in hyper:
        if h.name in implementation.reading.names and h.holds(Fraction(0)):
            try:
                _made(implementation, {x: "0" if x == h else x.default for x in hyper})
            except ValueError:
                yield h.name
