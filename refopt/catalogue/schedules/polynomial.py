"""Polynomial decay: lr_k = lr_min + (lr - lr_min)*(1 - k/span)^degree, then lr_min."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN
from refopt.catalogue.symbols import degree, lr, lr_min, span
from refopt.language.expression import floor, k, maximum, minimum, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Chen et al. 2018", "section 4.1, the poly policy", "arXiv:1606.00915"),
    Source("Liu et al. 2015", "section 4, the multiplier (1 - iter/max_iter)^degree", "arXiv:1506.04579"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LAST = replace(LR_MIN, meaning="learning rate at the end")
LENGTH = Hyper(span, "100", span >= 1, Role.COUNT, "steps from the first rate to the last", "the fall would be of a division by zero",
               Samples(schedules=("8", "100", "50", "16", "6", "5")))  # fmt: skip
EXPONENT = Hyper(degree, "1", degree > 0, Role.EXPONENT, "power of what is left; 1 is a straight line", "the rate would not fall to the last one",
              Samples(outside="0", schedules=("2", "0.9", "0.5", "1", "3", "1.5")))  # fmt: skip
HYPER = (LR, LAST, LENGTH, EXPONENT)

# ---- rate --------------------------------------------------------------------------------------------------------
LEFT, LEFT_BEFORE = 1 - k / span, 1 - (k - 1) / span
POLYNOMIAL = Schedule(
    "polynomial", "a power of the share of the steps that is left, then constant",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 - minimum(k, span) / span) ** degree,
    recursion=where(k <= span, lr_min + (lr_prev - lr_min) * (LEFT / LEFT_BEFORE) ** degree, lr_min),
    used_by=("torch PolynomialLR", "optax", "keras"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
CYCLE = Schedule(
    "polynomial/cycle", "a fall that begins anew from a higher rate each time, and is longer",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 - k / (span * maximum(1, -floor(-k / span)))) ** degree,
    differs="begins anew after each multiple of the span, and ends at the next", used_by=("keras PolynomialDecay(cycle=True)",),
)  # fmt: skip
VARIANTS = (CYCLE,)
