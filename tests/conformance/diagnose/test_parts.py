"""A fault that is there only in a part is named with the part, also where no first update can show it."""

from __future__ import annotations

import pytest

import refopt
from tests.implementations.planted import parts
from tests.implementations.program import Factory


@pytest.mark.parametrize(
    ("make", "rule_name", "kinds", "edit"),
    [
        (parts.matrices_without_momentum, "momentum", ("basic", "shapes", "where", "rate"), "in 2-D tensors: v: starts anew"),
        (parts.last_row_stays, "sgd", ("basic", "shapes", "where"), "in the last row of 2-D tensors: theta is never updated"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_part_is_named(make: Factory, rule_name: str, kinds: tuple[str, ...], edit: str) -> None:
    footer = refopt.check(make, rule_name, dtypes=["float64"], cases=[f"{rule_name}-open-{kind}-001" for kind in kinds]).footer
    assert (footer["verdict"], footer["edit"]) == ("deviates", edit)
