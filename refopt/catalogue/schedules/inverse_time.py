"""Inverse time decay: lr_k = lr/(1 + slope*k/every)."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.step_decay import EVERY
from refopt.catalogue.symbols import every, lr, slope
from refopt.language.expression import floor, k
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Bottou 2012", "section 5.2, gamma_0/(1 + gamma_0 lambda t)", "doi:10.1007/978-3-642-35289-8_25"),
    Source("Robbins & Monro 1951", "a rate that falls as one over the step", "doi:10.1214/aoms/1177729586"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
SLOPE = Hyper(slope, "0.5", slope >= 0, Role.FACTOR, "growth of the divisor in so many steps", "the divisor would come to 0",
              Samples(schedules=("0.5", "0.1", "3", "0.25", "2", "1")))  # fmt: skip
HYPER = (LR, SLOPE, replace(EVERY, default="1", meaning="steps in which the divisor grows by the slope", why="the divisor would be one of a division by zero"))

# ---- rate --------------------------------------------------------------------------------------------------------
INVERSE_TIME = Schedule(
    "inverse_time", "the rate falls as one over the step",
    SOURCE, HYPER,
    rate=lr / (1 + slope * k / every),
    recursion=lr_prev * (every + slope * (k - 1)) / (every + slope * k),
    used_by=("keras InverseTimeDecay",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
STAIRCASE = Schedule(
    "inverse_time/staircase", "the rate falls as one over the number of whole stretches",
    SOURCE, HYPER,
    rate=lr / (1 + slope * floor(k / every)),
    differs="the divisor grows once in so many steps, not at each", used_by=("keras InverseTimeDecay(staircase=True)",),
)  # fmt: skip
VARIANTS = (STAIRCASE,)
