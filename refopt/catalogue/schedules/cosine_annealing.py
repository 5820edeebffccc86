"""Cosine annealing: lr_k = lr_min + (lr - lr_min)*(1 + cos(pi*k/period))/2, which stays at lr_min after the period."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.symbols import lr, lr_min, period
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
VARIANTS = (PERIODIC,)
