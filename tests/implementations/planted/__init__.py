"""Wrong programs: one bug each (`PLANTED`, schedules in `SCHEDULES`), other defaults (`DEFAULTS`), one loss of precision
(`REDUCED`), one bad habit (`BEHAVIOUR`), one bug in a part only (`PARTS`)."""

from __future__ import annotations

from ..program import Planted
from . import (
    adam,
    adam_family,
    averaged_families,
    behaviour,
    betting,
    code,
    cyclic_schedules,
    defaults,
    delayed_families,
    falling_schedules,
    given_more,
    later_families,
    metric_schedules,
    moment_families,
    others,
    parts,
    precision,
    rprop,
    scaled_families,
    schedule_free,
    schedule_free_adamw,
    schedules,
    shaped_schedules,
    sign_families,
    straight_schedules,
    sums_of_gradients,
    survivors,
)

PLANTED: tuple[Planted, ...] = (
    *adam.PROGRAMS, *others.PROGRAMS, *adam_family.PROGRAMS, *scaled_families.PROGRAMS, *moment_families.PROGRAMS, *sign_families.PROGRAMS,
    *later_families.PROGRAMS, *sums_of_gradients.PROGRAMS, *survivors.PROGRAMS, *code.PROGRAMS, *averaged_families.PROGRAMS,
    *schedule_free.PROGRAMS, *schedule_free_adamw.PROGRAMS, *delayed_families.PROGRAMS, *rprop.PROGRAMS, *betting.PROGRAMS,
    *given_more.PROGRAMS,
)  # fmt: skip
SCHEDULES: tuple[Planted, ...] = (
    *schedules.PROGRAMS, *straight_schedules.PROGRAMS, *falling_schedules.PROGRAMS, *cyclic_schedules.PROGRAMS, *metric_schedules.PROGRAMS,
    *shaped_schedules.PROGRAMS,
)  # fmt: skip
DEFAULTS: tuple[Planted, ...] = defaults.PROGRAMS
REDUCED: tuple[Planted, ...] = precision.PROGRAMS
BEHAVIOUR: tuple[Planted, ...] = behaviour.PROGRAMS
PARTS: tuple[Planted, ...] = (*parts.TUNED, *parts.MEASURED)

__all__ = ["BEHAVIOUR", "DEFAULTS", "PARTS", "PLANTED", "REDUCED", "SCHEDULES", "Planted"]
