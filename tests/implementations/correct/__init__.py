"""Correct programs: each equals its rule in mathematics, computes it differently, and is correct to rounding."""

from __future__ import annotations

from ..program import Correct
from . import (
    adabelief,
    adadelta,
    adagrad,
    adam,
    adam_variants,
    adamax,
    adamaxw,
    adamw,
    adan,
    ademamix,
    amsgrad,
    cyclic_schedules,
    falling_schedules,
    laprop,
    lion,
    momentum,
    nadam,
    nadamw,
    nesterov,
    optimistic_gd,
    radam,
    rmsprop,
    schedules,
    sgd,
    sgdw,
    sign_sgd,
    signum,
    simplified_ademamix,
    straight_schedules,
    yogi,
)

CORRECT: tuple[Correct, ...] = (
    *sgd.PROGRAMS,
    *momentum.PROGRAMS,
    *nesterov.PROGRAMS,
    *rmsprop.PROGRAMS,
    *adam.PROGRAMS,
    *adam_variants.PROGRAMS,
    *adamw.PROGRAMS,
    *amsgrad.PROGRAMS,
    *adamax.PROGRAMS,
    *adagrad.PROGRAMS,
    *adadelta.PROGRAMS,
    *nadam.PROGRAMS,
    *radam.PROGRAMS,
    *adabelief.PROGRAMS,
    *adan.PROGRAMS,
    *ademamix.PROGRAMS,
    *simplified_ademamix.PROGRAMS,
    *laprop.PROGRAMS,
    *lion.PROGRAMS,
    *sgdw.PROGRAMS,
    *sign_sgd.PROGRAMS,
    *signum.PROGRAMS,
    *yogi.PROGRAMS,
    *optimistic_gd.PROGRAMS,
    *adamaxw.PROGRAMS,
    *nadamw.PROGRAMS,
)
SCHEDULES: tuple[Correct, ...] = (*schedules.PROGRAMS, *straight_schedules.PROGRAMS, *falling_schedules.PROGRAMS, *cyclic_schedules.PROGRAMS)

__all__ = ["CORRECT", "SCHEDULES", "Correct"]
