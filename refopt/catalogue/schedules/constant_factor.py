"""A constant share of the rate for some steps, then the rate itself: lr*factor while k < span."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.polynomial import LENGTH
from refopt.catalogue.schedules.step_decay import FACTOR
from refopt.catalogue.symbols import factor, lr, span
from refopt.language.expression import equal, k, where
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Goyal et al. 2017", "section 2.2, constant warm-up", "arXiv:1706.02677"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HELD = replace(LENGTH, default="5", meaning="steps with a share of the rate", why="there would be no such step")
HYPER = (LR, replace(FACTOR, meaning="what the rate is multiplied by at first"), HELD)

# ---- rate --------------------------------------------------------------------------------------------------------
CONSTANT_FACTOR = Schedule(
    "constant_factor", "a share of the rate for some steps, then the whole",
    SOURCE, HYPER,
    rate=where(k < span, lr * factor, lr),
    recursion=where(equal(k, span), where(factor > 0, lr_prev / factor, lr), lr_prev),
    used_by=("torch ConstantLR",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
