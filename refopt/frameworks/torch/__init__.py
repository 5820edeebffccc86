"""PyTorch: names, optimizers, schedules, and how its code is read on symbols."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Framework

ADAPTERS = (
    Adapter("torch.optim.lr_scheduler.", "torch", "refopt.frameworks.torch.schedules"),
    Adapter("torch.", "torch", "refopt.frameworks.torch.optimizers"),
)
FRAMEWORK = Framework("torch", ADAPTERS, adopts="refopt.frameworks.torch.own_class")
