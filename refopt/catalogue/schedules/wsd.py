"""Warm-up, stable, decay: a linear rise, a constant rate, and a fall to the last one."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN
from refopt.catalogue.schedules.polynomial import LENGTH
from refopt.catalogue.schedules.warmup import START, STEPS
from refopt.catalogue.symbols import lr, lr_min, span, stable_steps, warmup_start, warmup_steps
from refopt.language.expression import Expression, cos, k, minimum, pi, sqrt, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Haegele et al. 2024", "section 3, cooldown: linear, and 1 - sqrt", "arXiv:2405.18392"),
    Source("Hu et al. 2024", "section 4.2, the WSD scheduler", "arXiv:2404.06395"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
STABLE = Hyper(stable_steps, "10", stable_steps >= 1, Role.COUNT, "steps at the whole rate", "there would be no plateau",
               Samples(schedules=("5", "20", "10", "7", "4", "4")))  # fmt: skip
FALL = replace(LENGTH, default="10", meaning="steps of the fall", given=Samples(schedules=("8", "10", "4", "16", "3", "5")))
HYPER = (LR, LR_MIN, START, STEPS, STABLE, FALL)

# ---- rate --------------------------------------------------------------------------------------------------------
FALLEN = minimum(k - warmup_steps - stable_steps, span) / span


def _with_left(left: Expression) -> Expression:
    """The rate, with the share of it that is left in the fall."""
    rise = lr * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return where(k < warmup_steps, rise, where(k < warmup_steps + stable_steps, lr, lr_min + (lr - lr_min) * left))


TURNS = (warmup_steps + stable_steps, warmup_steps + stable_steps + span)
WSD = Schedule(
    "wsd", "a linear rise, a constant rate, then a straight line down to the last one",
    SOURCE, HYPER,
    rate=_with_left(1 - FALLEN),
    turns=TURNS,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
COSINE = replace(
    WSD, name="wsd/cosine", title="a linear rise, a constant rate, then half a cosine down to the last one",
    rate=_with_left((1 + cos(pi * FALLEN)) / 2), differs="falls as half a cosine", used_by=("transformers",),
)  # fmt: skip
ROOT = replace(
    WSD, name="wsd/root", title="a linear rise, a constant rate, then a fall by the root of the steps",
    rate=_with_left(1 - sqrt(FALLEN)), differs="falls by the square root of the share that is done",
)  # fmt: skip
VARIANTS = (COSINE, ROOT)
