"""Linear change: lr_k = lr*(start_factor + (end_factor - start_factor)*k/span), then lr*end_factor."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.polynomial import LENGTH
from refopt.catalogue.symbols import end_factor, lr, span, start_factor
from refopt.language.expression import k, minimum, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Goyal et al. 2017", "section 2.2, the same increment at each step", "arXiv:1706.02677"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
START_FACTOR = Hyper(start_factor, "1", start_factor >= 0, Role.RATE_START, "what the rate is multiplied by at step 0", "a negative rate would climb",
                     Samples(schedules=("0.25", "0.1", "1", "1", "0.5", "0.75")))  # fmt: skip
END_FACTOR = Hyper(end_factor, "0", end_factor >= 0, Role.FACTOR, "what the rate is multiplied by in the end", "a negative rate would climb",
                   Samples(schedules=("1", "0.9", "0", "0.125", "0.75", "0.5")))  # fmt: skip
HYPER = (LR, START_FACTOR, END_FACTOR, LENGTH)

# ---- rate --------------------------------------------------------------------------------------------------------
CHANGE = end_factor - start_factor
ONE_STEP_ON = lr_prev * (1 + CHANGE / (span * start_factor + (k - 1) * CHANGE))

LINEAR = Schedule(
    "linear", "a straight line from a share of the rate to another, then constant",
    SOURCE, HYPER,
    rate=lr * (start_factor + CHANGE * minimum(k, span) / span),
    recursion=where(k <= span, where(start_factor > 0, ONE_STEP_ON, lr * (CHANGE * k / span)), lr_prev),
    used_by=("torch LinearLR", "optax", "keras"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
