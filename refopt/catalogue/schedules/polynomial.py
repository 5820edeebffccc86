"""Polynomial decay: lr_k = lr_min + (lr - lr_min)*(1 - k/length)^exponent, then lr_min."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN
from refopt.catalogue.symbols import exponent, length, lr, lr_min
from refopt.language.expression import floor, k, maximum, minimum, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Chen et al. 2018", "section 4.1, the poly policy", "arXiv:1606.00915"),
    Source("Liu et al. 2015", "section 4, the multiplier (1 - iter/max_iter)^exponent", "arXiv:1506.04579"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LAST = replace(LR_MIN, meaning="learning rate at the end")
LENGTH = Hyper(length, "100", length >= 1, Role.COUNT, "steps from the first rate to the last", "the fall would be of a division by zero",
               Samples(schedules=("8", "100", "50", "16", "6", "5")))  # fmt: skip
EXPONENT = Hyper(exponent, "1", exponent > 0, Role.EXPONENT, "power of what is left; 1 is a straight line", "the rate would not fall to the last one",
              Samples(outside="0", schedules=("2", "0.9", "0.5", "1", "3", "1.5")))  # fmt: skip
HYPER = (LR, LAST, LENGTH, EXPONENT)

# ---- rate --------------------------------------------------------------------------------------------------------
LEFT, LEFT_BEFORE = 1 - k / length, 1 - (k - 1) / length
POLYNOMIAL = Schedule(
    "polynomial", "a power of the share of the steps that is left, then constant",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 - minimum(k, length) / length) ** exponent,
    recursion=where(k <= length, lr_min + (lr_prev - lr_min) * (LEFT / LEFT_BEFORE) ** exponent, lr_min),
    used_by=("torch PolynomialLR", "optax", "keras"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
CYCLE = Schedule(
    "polynomial/cycle", "a fall that begins anew from a higher rate each time, and is longer",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 - k / (length * maximum(1, -floor(-k / length)))) ** exponent,
    differs="begins anew after each multiple of the length, and ends at the next", used_by=("keras PolynomialDecay(cycle=True)",),
)  # fmt: skip
VARIANTS = (CYCLE,)
