"""Rules and schedules of the tests' own, each one file as a catalogue has it, in the letters of its paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from refopt import catalogue
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from tests.catalogue.own import own_adagrad, own_nadam, own_radam, power_of_rest

OWN_RULES: tuple[Rule, ...] = (own_adagrad.OWN_ADAGRAD, own_nadam.OWN_NADAM, own_radam.OWN_RADAM)
OWN_SCHEDULES: tuple[Schedule, ...] = (power_of_rest.POWER_OF_REST,)
OWN: tuple[Rule | Schedule, ...] = (*OWN_RULES, *OWN_SCHEDULES)


@contextmanager
def in_catalogue() -> Iterator[None]:
    """The catalogue with these rules and schedules at its end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "RULES", (*catalogue.RULES, *((rule, ()) for rule in OWN_RULES)))
        patch.setattr(catalogue, "SCHEDULES", (*catalogue.SCHEDULES, *((schedule, ()) for schedule in OWN_SCHEDULES)))
        yield
