"""Inverse square root: a linear rise, then lr*sqrt(timescale/(k + timescale - warmup_steps))."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.warmup import STEPS
from refopt.catalogue.symbols import lr, timescale, warmup_steps
from refopt.language.expression import k, maximum, sqrt, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Zhai et al. 2022", "section 3.5, the reciprocal square root with its time scale", "arXiv:2106.04560"),
    Source("Raffel et al. 2020", "section 3.1.2, one over the root of max(n, k)", "arXiv:1910.10683"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
TIMESCALE = Hyper(timescale, "10", timescale >= 1, Role.COUNT, "steps after the rise in which the rate falls by the root of 2", "the root would be of nothing",
                  Samples(schedules=("4", "12", "10", "2", "9", "3")))  # fmt: skip
HYPER = (LR, STEPS, TIMESCALE)

# ---- rate --------------------------------------------------------------------------------------------------------
FALL = sqrt(timescale / (k + timescale - warmup_steps))
INVERSE_SQRT = Schedule(
    "inverse_sqrt", "a linear rise from 0, then one over the root of the step",
    SOURCE, HYPER,
    rate=where(k < warmup_steps, lr * k / warmup_steps, lr * FALL),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
FLAT = Schedule(
    "inverse_sqrt/flat", "a constant rate, then one over the root of the step",
    SOURCE, (LR, STEPS),
    rate=lr * sqrt(warmup_steps / maximum(k, warmup_steps)),
    differs="holds the first rate in place of a rise; the fall counts from 0",
)  # fmt: skip
VARIANTS = (FLAT,)
