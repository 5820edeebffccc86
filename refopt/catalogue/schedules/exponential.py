"""Exponential decay: lr_k = lr*factor^k."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.step_decay import FACTOR
from refopt.catalogue.symbols import factor, lr
from refopt.language.expression import k
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
VARIANTS: tuple[Schedule, ...] = ()
