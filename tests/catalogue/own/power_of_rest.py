"""A power of the rest of the steps, with its exponent called `power`: lr_k = (lr - lr_end)*(1 - min(k, period)/period)^power + lr_end."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import PERIOD
from refopt.catalogue.symbols import lr, period
from refopt.language.expression import k, minimum, scalar
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Liu et al. 2015", "section 3.3, the poly policy", "arXiv:1506.04579"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
power, lr_end = scalar("power", "p", sign="positive"), scalar("lr_end", r"\eta_{end}", sign="nonnegative")
POWER = Hyper(power, "1", power > 0, Role.EXPONENT, "the power of the share that is left", given=Samples(schedules=("2", "0.9", "0.5", "1", "3", "2")))
LR_END = Hyper(lr_end, "0", lr_end >= 0, Role.RATE_END, "the rate from the end on")

# ---- rate --------------------------------------------------------------------------------------------------------
POWER_OF_REST = Schedule(
    "power_of_rest", "the rate falls as a power of the share of steps that are left",
    SOURCE, (LR, PERIOD, POWER, LR_END),
    rate=(lr - lr_end) * (1 - minimum(k, period) / period) ** power + lr_end,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
