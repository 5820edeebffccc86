"""Noam: lr_k = lr*model_size^(-1/2)*min(s^(-1/2), s*warmup_steps^(-3/2)) at step number s = k + 1."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.warmup import STEPS
from refopt.catalogue.symbols import lr, model_size, warmup_steps
from refopt.language.expression import k, minimum, sqrt
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Vaswani et al. 2017", "equation (3); step_num counts from 1", "arXiv:1706.03762"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
SIZE = Hyper(model_size, "512", model_size >= 1, Role.COUNT, "width of the model", "the root would be of nothing",
             Samples(schedules=("4", "12", "5", "16", "9", "2")))  # fmt: skip
HYPER = (replace(LR, default="1", meaning="factor of the whole; 1 in the paper"), SIZE, STEPS)

# ---- rate --------------------------------------------------------------------------------------------------------
NOAM = Schedule(
    "noam", "a linear rise, then one over the root of the step",
    SOURCE, HYPER,
    rate=lr / sqrt(model_size) * minimum(1 / sqrt(k + 1), (k + 1) / (warmup_steps * sqrt(warmup_steps))),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
