"""Correct programs: each equals its rule in mathematics, computes it differently, and is correct to rounding."""

from __future__ import annotations

from ..program import Correct
from . import adam, adam_variants, adamw, amsgrad, cyclic_schedules, falling_schedules, momentum, nesterov, rmsprop, schedules, sgd, straight_schedules

CORRECT: tuple[Correct, ...] = (
    *sgd.PROGRAMS,
    *momentum.PROGRAMS,
    *nesterov.PROGRAMS,
    *rmsprop.PROGRAMS,
    *adam.PROGRAMS,
    *adam_variants.PROGRAMS,
    *adamw.PROGRAMS,
    *amsgrad.PROGRAMS,
)
SCHEDULES: tuple[Correct, ...] = (*schedules.PROGRAMS, *straight_schedules.PROGRAMS, *falling_schedules.PROGRAMS, *cyclic_schedules.PROGRAMS)

__all__ = ["CORRECT", "SCHEDULES", "Correct"]
