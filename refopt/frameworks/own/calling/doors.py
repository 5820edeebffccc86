"""The doors of a person's own schedule: those of torch's schedulers where it is one, and that of a function of the step."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from refopt.conformance.protocol.door import Door
from refopt.conformance.protocol.stepped import Stepped
from refopt.frameworks.own.calling.roles import parameters_of


def of_scheduler(made: Any, names_its_rate: bool) -> tuple[Door, ...]:
    """The doors of a subclass of torch's LRScheduler: by what it takes and has. None of anything else, which promises none of them.

    names_its_rate  it takes a first rate of its own, which is that of every group
    """
    if "torch" not in sys.modules or not isinstance(made, type):
        return ()
    import torch

    if not issubclass(made, torch.optim.lr_scheduler.LRScheduler):
        return ()
    takes = {p.name for p in parameters_of(made) or ()}
    has = {
        Door.FROM_STATE: True, Door.LAST_EPOCH: "last_epoch" in takes, Door.BY_EPOCH: hasattr(made, "_get_closed_form_lr"),
        Door.SECOND_GROUP: not names_its_rate,
    }  # fmt: skip
    return tuple(door for door, there in has.items() if there)


def stepped(make: Any, sent: Mapping[str, Any], rate: float) -> Stepped:
    """The scheduler, made on optimizers with a first rate."""
    from refopt.frameworks.torch.schedules import TorchSchedule, optimizer_with

    def made(rates: tuple[float, ...], saved: Mapping[str, Any] | None, more: Mapping[str, Any]) -> tuple[Any, Any]:
        optimizer = optimizer_with(rates, saved)
        return optimizer, make(optimizer, **{**sent, **more})

    return Stepped(made, rate, TorchSchedule.rate_in_optimizer)
