"""Cosines of equal length in a given number of steps, then the last rate: the share of cycles*k/span after the point."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN
from refopt.catalogue.schedules.polynomial import LENGTH
from refopt.catalogue.symbols import cycles, lr, lr_min, span
from refopt.language.expression import cos, k, modulo, pi, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2017", "equation (5), restarts at equal distances", "arXiv:1608.03983"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
CYCLES = Hyper(cycles, "2", cycles >= 1, Role.FACTOR, "cosines in the whole span", "there would be none",
               Samples(schedules=("2", "3", "1", "4", "2", "2")))  # fmt: skip
WHOLE = replace(LENGTH, given=Samples(schedules=("9", "25", "51", "15", "7", "5")))
HYPER = (LR, LR_MIN, WHOLE, CYCLES)

# ---- rate --------------------------------------------------------------------------------------------------------
HARD_RESTARTS = Schedule(
    "hard_restarts", "cosines of equal length from the first rate down to the last, then constant",
    SOURCE, HYPER,
    rate=where(k < span, lr_min + (lr - lr_min) * (1 + cos(pi * (modulo(cycles * k, span) / span))) / 2, lr_min),
    turns=(span / cycles, 2 * span / cycles),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
