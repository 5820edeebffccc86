"""Values that a hyperparameter may be held at that a program does not take."""

from __future__ import annotations

import pytest

from refopt.catalogue import rules, schedules
from refopt.conformance.diagnose.roles import VALUES, values
from refopt.language.hyper import Hyper
from refopt.language.role import Role

EVERY = {f"{c.name} {h.name}": h for c in (*rules(), *schedules()) for h in c.hyper}


@pytest.mark.parametrize("h", EVERY.values(), ids=EVERY)
def test_the_default_comes_first_and_every_value_is_of_the_domain(h: Hyper) -> None:
    found = values(h)
    assert found[0] == h.default and all(h.allows(x) for x in found) and len(set(found)) == len(found)


def test_every_role_has_values_or_none_on_purpose() -> None:
    assert set(VALUES) == set(Role)
