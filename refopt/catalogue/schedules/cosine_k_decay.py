"""k-decay of a cosine: lr_k = lr_min + (lr - lr_min)*(1 + cos(pi*(k/period)^degree))/2, which stays at lr_min after the period.

It is a schedule by itself, no variant of cosine_annealing: at degree = 1 the two are the same, and each edit of the one an edit of the other.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN, PERIOD
from refopt.catalogue.schedules.cosine_power import DEGREE
from refopt.catalogue.symbols import degree, lr, lr_min, period
from refopt.language.expression import cos, k, minimum, pi
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Zhang & Li 2020", "k-decay of the cosine: t^k/T^k in the place of t/T", "arXiv:2004.05909"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (LR, LR_MIN, PERIOD, replace(DEGREE, default="1.5", meaning="power of the share of the steps: k in the paper; 1 is cosine_annealing"))

# ---- rate --------------------------------------------------------------------------------------------------------
COSINE_K_DECAY = Schedule(
    "cosine_k_decay", "half a cosine of a power of the share of the steps, then constant",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 + cos(pi * (minimum(k, period) / period) ** degree)) / 2,
    used_by=("timm CosineLRScheduler(k_decay=1.5)",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
