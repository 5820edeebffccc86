"""Warm-up: a linear rise to the first rate of another schedule, which then takes over.

lr_k = rate(0)*(warmup_start + (1 - warmup_start)*k/warmup_steps) for k < warmup_steps, then rate(k - warmup_steps).
The variants of the other schedule are variants of the whole: `warmup+cosine_annealing/periodic`.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import CONSTANT
from refopt.catalogue.schedules.cosine_annealing import COSINE_ANNEALING
from refopt.catalogue.schedules.cosine_annealing import VARIANTS as OF_COSINE
from refopt.catalogue.schedules.cosine_waves import COSINE_WAVES
from refopt.catalogue.schedules.exponential import EXPONENTIAL
from refopt.catalogue.schedules.hard_restarts import HARD_RESTARTS
from refopt.catalogue.schedules.polynomial import POLYNOMIAL
from refopt.catalogue.symbols import lr, warmup_start, warmup_steps
from refopt.errors import RefoptError
from refopt.language.compose import substitute
from refopt.language.expression import Expression, k, literal, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Goyal et al. 2017", "section 2.2, gradual warm-up", "arXiv:1706.02677"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
START = Hyper(warmup_start, "0", warmup_start >= 0, Role.RATE_START, "share of the first rate at step 0", "a negative rate would climb")
STEPS = Hyper(warmup_steps, "10", warmup_steps >= 1, Role.COUNT, "steps of the rise", "the rise would be a division by zero",
              Samples(schedules=("4", "7", "10", "5", "3", "3")))  # fmt: skip


# ---- rate --------------------------------------------------------------------------------------------------------
def warmup(schedule: Schedule, first: Expression | None = None) -> Schedule:
    """The schedule with a linear warm-up before it; named `warmup+<schedule>`, plain `warmup` before a constant rate.

    first  rate(0) in a simpler form than the rate with 0 put in for k (for most schedules plain lr)

    Raises RefoptError for a schedule that waits for a metric.
    """
    if schedule.waits:
        raise RefoptError(f"{schedule.name} waits for a metric from step 0 on, and cannot come after a warm-up", help="warm up into a closed form of the step")
    if first is None:
        first = substitute(schedule.rate, {"k": literal(0)})
    rise = first * (warmup_start + (1 - warmup_start) * k / warmup_steps)
    return Schedule(
        "warmup" if schedule.name == "constant" else f"warmup+{schedule.name}",
        f"a linear rise, then: {schedule.title}",
        (*SOURCE, *schedule.source), (*schedule.hyper, START, STEPS),
        rate=where(k < warmup_steps, rise, substitute(schedule.rate, {"k": k - warmup_steps})),
    )  # fmt: skip


WARMUP = warmup(CONSTANT)
WARMUP_COSINE = warmup(COSINE_ANNEALING, first=lr)
WARMUP_EXPONENTIAL = warmup(EXPONENTIAL, first=lr)
WARMUP_POLYNOMIAL = warmup(POLYNOMIAL, first=lr)
WARMUP_HARD_RESTARTS = replace(warmup(HARD_RESTARTS, first=lr), used_by=("transformers get_cosine_with_hard_restarts_schedule_with_warmup",))
WARMUP_WAVES = replace(warmup(COSINE_WAVES, first=lr), used_by=("transformers get_cosine_schedule_with_warmup(num_cycles=1)",))

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
OF_TRANSFORMERS = ("transformers get_cosine_schedule_with_warmup", "transformers get_cosine_with_min_lr_schedule_with_warmup")
COSINE_VARIANTS = tuple(replace(warmup(s, first=lr), differs=s.differs, used_by=OF_TRANSFORMERS) for s in OF_COSINE)
