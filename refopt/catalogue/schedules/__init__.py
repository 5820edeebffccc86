"""The schedules. One concept a file; a new one is a file and a line here."""

from __future__ import annotations

from refopt.catalogue.schedules import (
    constant,
    constant_factor,
    cosine_annealing,
    cosine_warm_restarts,
    cyclic,
    exponential,
    hard_restarts,
    inverse_sqrt,
    inverse_time,
    linear,
    linear_one_cycle,
    multi_step,
    noam,
    one_cycle,
    polynomial,
    reduce_on_plateau,
    step_decay,
    swa,
    tanh,
    warmup,
    wsd,
)
from refopt.language.schedule import Schedule

FAMILIES: tuple[tuple[Schedule, tuple[Schedule, ...]], ...] = (
    (constant.CONSTANT, constant.VARIANTS),
    (step_decay.STEP_DECAY, step_decay.VARIANTS),
    (multi_step.MULTI_STEP, multi_step.VARIANTS),
    (exponential.EXPONENTIAL, exponential.VARIANTS),
    (cosine_annealing.COSINE_ANNEALING, cosine_annealing.VARIANTS),
    (constant_factor.CONSTANT_FACTOR, constant_factor.VARIANTS),
    (linear.LINEAR, linear.VARIANTS),
    (polynomial.POLYNOMIAL, polynomial.VARIANTS),
    (inverse_time.INVERSE_TIME, inverse_time.VARIANTS),
    (inverse_sqrt.INVERSE_SQRT, inverse_sqrt.VARIANTS),
    (noam.NOAM, noam.VARIANTS),
    (cosine_warm_restarts.COSINE_WARM_RESTARTS, cosine_warm_restarts.VARIANTS),
    (hard_restarts.HARD_RESTARTS, hard_restarts.VARIANTS),
    (tanh.TANH, tanh.VARIANTS),
    (one_cycle.ONE_CYCLE, one_cycle.VARIANTS),
    (linear_one_cycle.LINEAR_ONE_CYCLE, linear_one_cycle.VARIANTS),
    (cyclic.CYCLIC, cyclic.VARIANTS),
    (swa.SWA, swa.VARIANTS),
    (wsd.WSD, wsd.VARIANTS),
    (reduce_on_plateau.REDUCE_ON_PLATEAU, reduce_on_plateau.VARIANTS),
    (warmup.WARMUP, warmup.VARIANTS),
    (warmup.WARMUP_POLYNOMIAL, warmup.VARIANTS),
    (warmup.WARMUP_EXPONENTIAL, warmup.VARIANTS),
    (warmup.WARMUP_COSINE, warmup.COSINE_VARIANTS),
)
"""Each reference with its variants, in the order in which they are listed."""
