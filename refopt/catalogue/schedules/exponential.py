"""Exponential decay: lr_k = lr*factor^k."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN
from refopt.catalogue.schedules.step_decay import EVERY, FACTOR
from refopt.catalogue.symbols import every, factor, lr, lr_min
from refopt.language.expression import equal, k, maximum, where
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Bottou 2012", "section 5.2, the schedules that decay too fast", "doi:10.1007/978-3-642-35289-8_25"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
FACTOR_EACH = replace(FACTOR, default="0.95", meaning="what the rate is multiplied by at each step")

# ---- rate --------------------------------------------------------------------------------------------------------
EXPONENTIAL = Schedule(
    "exponential", "the rate falls by a factor at every step",
    SOURCE, (LR, FACTOR_EACH),
    rate=lr * factor**k,
    recursion=lr_prev * factor,
    used_by=("torch ExponentialLR",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
LEAST = replace(LR_MIN, meaning="the least rate")
EVERY_STEPS = replace(EVERY, default="10", meaning="steps in which the rate is multiplied once", why="the power would be of a division by zero")
SPREAD = Schedule(
    "exponential/spread", "the rate falls by a factor in so many steps, a little at each",
    SOURCE, (LR, FACTOR_EACH, EVERY_STEPS),
    rate=lr * factor ** (k / every),
    recursion=where(equal(factor, 0), 0, lr_prev * factor ** (1 / every)),
    differs="the factor is that of several steps, not of one", used_by=("optax", "keras"),
)  # fmt: skip
FALLS = replace(FACTOR_EACH, domain=(factor >= 0, factor < 1), why="the rate would not fall to a least one")
FLOOR = Schedule(
    "exponential/floor", "the rate falls by a factor at every step, down to a least rate",
    SOURCE, (LR, FALLS, LEAST),
    rate=maximum(lr * factor**k, lr_min),
    recursion=maximum(lr_prev * factor, lr_min),
    differs="does not fall below a least rate", used_by=("optax exponential_decay(end_value=...)",),
)  # fmt: skip
VARIANTS = (SPREAD, FLOOR)
