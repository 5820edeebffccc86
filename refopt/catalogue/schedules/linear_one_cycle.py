"""One cycle of straight lines that meet at whole steps: up, down to the first rate, and on to a far lower one. The way down has an end of its own."""

from __future__ import annotations

from refopt.catalogue.schedules import one_cycle
from refopt.catalogue.schedules.one_cycle import AT, DIV, FINAL_DIV, FROM_THE_PEAK, LEAST, LOW, PEAK, TOTAL
from refopt.catalogue.symbols import lr, pct_final, total_steps
from refopt.language.expression import floor, k, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (*one_cycle.SOURCE, Source("DeepMind et al. 2020", "optax.linear_onecycle_schedule: pct_final", "github.com/google-deepmind/optax"))

# ---- hyperparameters ---------------------------------------------------------------------------------------------
PCT_FINAL = Hyper(pct_final, "0.85", (pct_final > 0, pct_final < 1), Role.SHARE, "share of the steps after which the first rate is reached again",
                  "there would be no way on", Samples(outside="2", schedules=("0.75", "0.855", "0.85", "0.75", "0.8", "0.85")))  # fmt: skip

HYPER = (PEAK, TOTAL, FROM_THE_PEAK, PCT_FINAL, DIV, FINAL_DIV)

# ---- rate --------------------------------------------------------------------------------------------------------
BACK = floor(pct_final * total_steps)
UP, DOWN = LOW + (lr - LOW) * k / AT, lr + (LOW - lr) * (k - AT) / (BACK - AT)
ON = LOW + (LEAST - LOW) * (k - BACK) / (total_steps - BACK)
LINEAR_ONE_CYCLE = Schedule(
    "linear_one_cycle", "straight lines up, down and on to far less, that meet at whole steps, then constant",
    SOURCE, HYPER,
    rate=where(k < AT, UP, where(k < BACK, DOWN, where(k < total_steps, ON, LEAST))),
    used_by=("optax linear_onecycle_schedule",),
    notes=("of the last rate optax' documentation says both, the highest over final_div_factor and the first over it: it is the second",),
    turns=(AT, BACK),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
