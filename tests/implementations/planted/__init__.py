"""Wrong programs: one bug each (`PLANTED`), one loss of precision (`REDUCED`), one bad habit (`BEHAVIOUR`)."""

from __future__ import annotations

from ..program import Planted
from . import adam, behaviour, others, precision

PLANTED: tuple[Planted, ...] = (*adam.PROGRAMS, *others.PROGRAMS)
REDUCED: tuple[Planted, ...] = precision.PROGRAMS
BEHAVIOUR: tuple[Planted, ...] = behaviour.PROGRAMS

__all__ = ["BEHAVIOUR", "PLANTED", "REDUCED", "Planted"]
