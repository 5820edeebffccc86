"""Cyclical rates: from the lowest rate to the highest and back in 2*half_cycle steps, again and again."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.step_decay import FACTOR
from refopt.catalogue.symbols import factor, half_cycle, lr, lr_max
from refopt.language.expression import absolute, floor, k, modulo
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Smith 2017", "section 3.1, the triangular policy, triangular2 and exp_range", "arXiv:1506.01186"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HIGHEST = Hyper(lr_max, "0.2", lr_max >= 0, Role.RATE_END, "highest learning rate", "a negative rate would climb",
                Samples(schedules=("2", "0.6", "0.05", "1", "8", "1.5")))  # fmt: skip
HALF = Hyper(half_cycle, "10", half_cycle >= 1, Role.COUNT, "steps from the lowest rate to the highest", "the way would be of a division by zero",
             Samples(schedules=("4", "10", "7", "8", "3", "5")))  # fmt: skip
HYPER = (replace(LR, meaning="lowest learning rate"), HIGHEST, HALF)

# ---- rate --------------------------------------------------------------------------------------------------------
ABOVE = (lr_max - lr) * (1 - absolute(modulo(k, 2 * half_cycle) - half_cycle) / half_cycle)
CYCLIC = Schedule(
    "cyclic", "a straight line up to the highest rate and down again, over and over",
    SOURCE, HYPER,
    rate=lr + ABOVE,
    used_by=("torch CyclicLR",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
HALVED = replace(
    CYCLIC, name="cyclic/triangular2", title="a line up and down again, half as high each time", rate=lr + ABOVE / 2 ** floor(k / (2 * half_cycle)),
    differs="the height is halved after each cycle", used_by=("torch CyclicLR(mode='triangular2')",),
)  # fmt: skip
RANGE = replace(
    CYCLIC, name="cyclic/exp_range", title="a line up and down again, lower by a factor at each step",
    hyper=(*HYPER, replace(FACTOR, default="0.99", meaning="what the height is multiplied by at each step")),
    rate=lr + ABOVE * factor**k, differs="the height falls by a factor at each step", used_by=("torch CyclicLR(mode='exp_range')",),
)  # fmt: skip
VARIANTS = (HALVED, RANGE)
