"""Waves of a cosine in a given number of steps: lr_k = lr_min + (lr - lr_min)*(1 + cos(2*pi*waves*k/span))/2. It goes on after them.

With half a wave it is cosine_annealing/periodic, whose period has to be a whole number of steps; here the span has to be one.
"""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN
from refopt.catalogue.schedules.polynomial import LENGTH
from refopt.catalogue.symbols import lr, lr_min, span, waves
from refopt.language.expression import cos, k, pi
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Wolf et al. 2020", "transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves", "arXiv:1910.03771"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
WAVES = Hyper(waves, "1", waves > 0, Role.FACTOR, "waves in the whole span, each down and up again; half of one only falls", "the rate would stay",
              Samples(outside="0", schedules=("1.5", "1", "0.75", "2", "2.5", "1.25")))  # fmt: skip
HYPER = (LR, LR_MIN, LENGTH, WAVES)

# ---- rate --------------------------------------------------------------------------------------------------------
COSINE_WAVES = Schedule(
    "cosine_waves", "a cosine down to the last rate and up again, so many times in the span, and on",
    SOURCE, HYPER,
    rate=lr_min + (lr - lr_min) * (1 + cos(2 * waves * pi * k / span)) / 2,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
