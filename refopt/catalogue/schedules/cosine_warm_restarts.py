"""Cosine annealing with warm restarts: half a cosine of `period` steps, again and again, each from the first rate."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN, PERIOD
from refopt.catalogue.symbols import lr, lr_min, period
from refopt.language.expression import cos, k, modulo, pi
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2017", "equation (5) and the restarts of section 3, T_mult = 1", "arXiv:1608.03983"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (LR, LR_MIN, replace(PERIOD, default="10", meaning="steps from one restart to the next"))

# ---- rate --------------------------------------------------------------------------------------------------------
COSINE_WARM_RESTARTS = Schedule(
    "cosine_warm_restarts", "half a cosine from the first rate down to the last, again and again",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 + cos(pi * (modulo(k, period) / period))) / 2,
    used_by=("torch CosineAnnealingWarmRestarts",),
    notes=("a period that grows at each restart (T_mult) is not written yet",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
