"""The cyclical rate of stochastic weight averaging: a straight line down in each cycle, which ends at the last rate."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN
from refopt.catalogue.schedules.step_decay import EVERY
from refopt.catalogue.symbols import every, lr, lr_min
from refopt.language.expression import k, modulo
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Izmailov et al. 2018", "section 3.2, alpha(i) of step i = k + 1", "arXiv:1803.05407"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (LR, replace(LR_MIN, meaning="learning rate at the end of each cycle"), replace(EVERY, default="10", meaning="steps of a cycle"))

# ---- rate --------------------------------------------------------------------------------------------------------
SWA = Schedule(
    "swa", "a straight line down in each cycle, which begins below the first rate and ends at the last",
    SOURCE, HYPER,
    rate=lr + (lr_min - lr) * (modulo(k, every) + 1) / every,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
