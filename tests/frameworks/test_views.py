"""What an adapter says that a framework's buffers show are states of the rules that it says it of."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

import pytest

from refopt import catalogue
from refopt.conformance.protocol.implementation import View
from refopt.frameworks.keras import names as of_keras
from refopt.frameworks.optax import names as of_optax
from refopt.frameworks.torch import names as of_torch


@pytest.mark.parametrize("names", [of_torch, of_optax, of_keras], ids=lambda m: m.__name__)
def test_every_view_is_of_a_state_that_the_rule_or_one_of_its_family_has(names: ModuleType) -> None:
    views: Mapping[str, Mapping[str, View]] = names.VIEWS
    states = {r.name: set(r.state_names) for r in catalogue.rules(variants=True)}
    for rule, shown in views.items():
        family = {rule.partition("/")[0], "amsgrad"}  # a buffer beside the moments of all that have them
        known = set().union(*(x for name, x in states.items() if name.partition("/")[0] in family))
        assert set(shown) <= known, (rule, set(shown) - known)
