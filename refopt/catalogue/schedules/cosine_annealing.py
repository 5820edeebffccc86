"""Cosine annealing: lr_k = lr_min + (lr - lr_min)*(1 + cos(pi*k/period))/2, which stays at lr_min after the period."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.symbols import degree, lr, lr_min, period
from refopt.language.expression import cos, equal, floor, k, minimum, pi, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2017", "equation (5), one period", "arXiv:1608.03983"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LR_MIN = Hyper(lr_min, "0", lr_min >= 0, Role.RATE_END, "learning rate at the end of the period", "a negative rate would climb")
PERIOD = Hyper(period, "100", period >= 1, Role.COUNT, "steps from the first rate to the last", "the cosine would be of a division by zero",
               Samples(schedules=("8", "100", "50", "16", "6", "5")))  # fmt: skip
HYPER = (LR, LR_MIN, PERIOD)

# ---- rate --------------------------------------------------------------------------------------------------------
FALLING = lr_min + (lr_prev - lr_min) * (1 + cos(pi * k / period)) / (1 + cos(pi * (k - 1) / period))
REBOUND = lr_prev + (lr - lr_min) * (1 - cos(pi / period)) / 2

COSINE_ANNEALING = Schedule(
    "cosine_annealing", "half a cosine from the first rate down to the last, then constant",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 + cos(pi * minimum(k, period) / period)) / 2,
    recursion=where(k < period, FALLING, lr_min),
    used_by=("optax", "keras"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
PERIODIC = Schedule(
    "cosine_annealing/periodic", "a cosine that rises again after the period",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 + cos(pi * k / period)) / 2,
    recursion=where(equal(k - 1 - period, 2 * period * floor((k - 1 - period) / (2 * period))), REBOUND, FALLING),
    differs="rises again after the period", used_by=("torch CosineAnnealingLR",),
    notes=("others met it: pytorch/pytorch#17913", "others met it: pytorch/pytorch#20028"),
)  # fmt: skip
SHAPE = Hyper(degree, "1", degree > 0, Role.EXPONENT, "power that the curve is raised to", "the rate would not fall",
              Samples(outside="0", schedules=("2", "1.5", "0.5", "3", "2", "1.25")))  # fmt: skip
POWERED = Schedule(
    "cosine_annealing/power", "a power of half a cosine, then constant",
    SOURCE, (*HYPER, SHAPE),
    rate=where(k < period, lr_min + (lr - lr_min) * ((1 + cos(pi * k / period)) / 2) ** degree, lr_min),
    differs="the cosine's share is raised to a power", used_by=("optax cosine_decay_schedule(degree=...)",),
)  # fmt: skip
K_DECAY = Schedule(
    "cosine_annealing/k_decay", "half a cosine of a power of the share of the steps, then constant",
    SOURCE, (*HYPER, SHAPE),
    rate=lr_min + (lr - lr_min) * (1 + cos(pi * (minimum(k, period) / period) ** degree)) / 2,
    differs="the share of the steps is raised to a power", used_by=("timm CosineLRScheduler(k_decay=...)",),
)  # fmt: skip
VARIANTS = (PERIODIC, POWERED, K_DECAY)
