"""torch.optim.lr_scheduler: a scheduler's own `get_lr` and closed form are run, its counter, rates and settings being symbols."""

from __future__ import annotations

from typing import Any

from refopt.frameworks.torch.schedules import WHOLE, TorchSchedule
from refopt.language.expression import Expression, literal
from refopt.language.expression import k as step
from refopt.language.schedule import Schedule, lr_prev
from refopt.lifting.assumption import Assumed, in_order
from refopt.lifting.lifted_schedule import LiftedSchedule
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Facts, explore
from refopt.lifting.python_code import symbolic_call
from refopt.lifting.scalar import Scalar, tree_of
from refopt.lifting.unreadable import CannotRead

ROUTE = "torch's own get_lr(), run on symbols"


def lift(implementation: TorchSchedule, schedule: Schedule) -> LiftedSchedule:
    """The formula of a torch scheduler. Raises CannotRead."""
    names = implementation.reading.names
    hyper = tuple(h for h in schedule.hyper if h.name == "lr" or h.name in names)
    symbols = {h.name: h.symbol for h in hyper}
    domain = tuple(c for h in hyper for c in h.conditions)
    assumed: set[Assumed] = set()

    def scheduler(k: Expression, rate: Expression) -> Any:
        import torch

        sent = {names[h.name]: (int if names[h.name] in WHOLE else float)(h.value(h.default)) for h in hyper if h.name != "lr"}
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        made: Any = implementation.factory(optimizer, **{**implementation.arguments, **sent})
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

    closed = read("_get_closed_form_lr", step, lr_prev, 0) if hasattr(implementation.factory, "_get_closed_form_lr") else None
    recursion = read("get_lr", step, lr_prev, 1)
    start = read("get_lr", literal(0), symbols["lr"], 0)
    return LiftedSchedule(implementation.name, implementation.version, ROUTE, hyper, closed, recursion, start, in_order(assumed))
