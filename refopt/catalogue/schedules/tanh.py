"""Hyperbolic-tangent decay: lr_min + (lr - lr_min)*(1 - tanh((upper + lower)*k/span - lower))/2, then constant."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.polynomial import LAST, LENGTH
from refopt.catalogue.symbols import lower, lr, lr_min, span, upper
from refopt.language.expression import k, minimum, tanh
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Hsueh et al. 2019", "equation (3), HTD(L, U)", "arXiv:1806.01593"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LOWER = Hyper(lower, "6", lower >= 0, Role.SHARE, "how far below 0 the tangent begins: -L in the paper", "the rate would begin with less than half",
              Samples(schedules=("2", "6", "7", "1", "3", "4")))  # fmt: skip
UPPER = Hyper(upper, "3", upper >= 0, Role.SHARE, "how far above 0 the tangent ends", "the rate would end above half",
              Samples(schedules=("1", "3", "2", "3", "4", "2")))  # fmt: skip
HYPER = (LR, LAST, LENGTH, LOWER, UPPER)

# ---- rate --------------------------------------------------------------------------------------------------------
TANH = Schedule(
    "tanh", "a hyperbolic tangent from nearly the first rate to nearly the last, then constant",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * minimum(k, span) / span - lower)) / 2,
    used_by=("timm TanhLRScheduler",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
