"""Cosine annealing with warm restarts: half a cosine of `period` steps, again and again, each from the first rate or from a lower one.

Where each cosine is `period_mult` times as long as the one before it, cosine i begins at step period*(period_mult^i - 1)/(period_mult - 1).
So step k is in cosine i = the largest with period_mult^i <= 1 + (period_mult - 1)*k/period: whole numbers decide that, no logarithm does.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN, PERIOD
from refopt.catalogue.schedules.step_decay import FACTOR
from refopt.catalogue.symbols import factor, lr, lr_min, period, period_mult
from refopt.language.expression import cos, floor, ilog, k, literal, modulo, pi
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2017", "equation (5) and the restarts of section 3, T_mult = 1", "arXiv:1608.03983"),)
WITH_MULT = (Source("Loshchilov & Hutter 2017", "equation (5) and the restarts of section 3, T_i multiplied by T_mult at each", "arXiv:1608.03983"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
EQUAL = replace(PERIOD, default="10", meaning="steps from one restart to the next")
FIRST = replace(EQUAL, meaning="steps before the first restart")
MULT = Hyper(period_mult, "2", period_mult >= 2, Role.FACTOR, "how many times as long each cosine is as the one before",
             "cosines of equal length are cosine_warm_restarts", Samples(outside="1", schedules=("2", "2", "3", "3", "4", "2")))  # fmt: skip
LOWER = replace(FACTOR, default="0.9", meaning="what the height of each cosine is multiplied by at the next restart")

# ---- rate --------------------------------------------------------------------------------------------------------
COSINE_WARM_RESTARTS = Schedule(
    "cosine_warm_restarts", "half a cosine from the first rate down to the last, again and again",
    SOURCE, (LR, LR_MIN, EQUAL),
    rate=lr_min + (lr - lr_min) * (1 + cos(pi * (modulo(k, period) / period))) / 2,
    used_by=("torch CosineAnnealingWarmRestarts",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
CYCLE = ilog(1 + floor((period_mult - 1) * k / period), period_mult)
DONE = ((1 + (period_mult - 1) * k / period) / period_mult**CYCLE - 1) / (period_mult - 1)
"""The steps since the last restart, as a share of those to the next: (k - period*(period_mult^i - 1)/(period_mult - 1))/(period*period_mult^i)."""
CURVE = 1 + cos(pi * DONE)
GROWING = replace(
    COSINE_WARM_RESTARTS, name="cosine_warm_restarts/growing", title="half a cosine from the first rate down to the last, each longer than the one before",
    source=WITH_MULT, hyper=(LR, LR_MIN, FIRST, MULT),
    rate=lr_min + (lr - lr_min) * CURVE / 2,
    differs="each cosine is longer than the one before by a factor",
    used_by=("torch CosineAnnealingWarmRestarts(T_mult=2)", "keras CosineDecayRestarts", "timm CosineLRScheduler(cycle_mul=2)"),
    notes=("a period_mult that is no whole number, which keras takes, is not judged: there the last bit of a product decides on which step a restart falls",),
    turns=tuple(period * (period_mult ** literal(i) - 1) / (period_mult - 1) for i in range(1, 6)),
)  # fmt: skip
LOWERED = replace(
    GROWING, name="cosine_warm_restarts/lowered", title="half a cosine down to the last rate, each longer and lower than the one before",
    hyper=(*GROWING.hyper, LOWER),
    rate=lr_min + (lr - lr_min) * factor**CYCLE * CURVE / 2,
    differs="each cosine is longer and lower than the one before by factors",
    used_by=("keras CosineDecayRestarts(m_mul=0.9)",),
    notes=(*GROWING.notes, "timm CosineLRScheduler(cycle_decay=0.9) lowers the whole rate, not what is above the last one: the same where lr_min = 0"),
)  # fmt: skip
VARIANTS = (GROWING, LOWERED)
