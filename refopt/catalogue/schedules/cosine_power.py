"""A power of half a cosine: lr_k = lr_min + (lr - lr_min)*((1 + cos(pi*k/period))/2)^degree, which stays at lr_min after the period.

It is a schedule by itself, no variant of cosine_annealing: at degree = 1 the two are the same, and each edit of the one an edit of the other.
"""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.cosine_annealing import LR_MIN, PERIOD
from refopt.catalogue.symbols import degree, lr, lr_min, period
from refopt.language.expression import cos, k, pi, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("DeepMind et al. 2020", "optax.cosine_decay_schedule: the exponent p", "github.com/google-deepmind/optax"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
DEGREE = Hyper(degree, "2", degree > 0, Role.EXPONENT, "power that the curve is raised to; 1 is cosine_annealing", "the rate would not fall",
               Samples(outside="0", fixed=("1",), schedules=("2", "1.5", "0.5", "3", "2", "1.25")))  # fmt: skip
HYPER = (LR, LR_MIN, PERIOD, DEGREE)

# ---- rate --------------------------------------------------------------------------------------------------------
COSINE_POWER = Schedule(
    "cosine_power", "a power of half a cosine from the first rate down to the last, then constant",
    SOURCE, HYPER,
    rate=where(k < period, lr_min + (lr - lr_min) * ((1 + cos(pi * k / period)) / 2) ** degree, lr_min),
    used_by=("optax cosine_decay_schedule(exponent=2.0)",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
