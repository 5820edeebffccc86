"""The formula that is shown where a search for a name ends without one."""

from __future__ import annotations

from refopt.frameworks.own.python_object import from_factory
from refopt.proving.read_formula import read_formula
from tests.proving import objects


def test_an_objects_formula_stands_beside_the_references() -> None:
    found = read_formula(from_factory(objects.LateBug, "late", "sgd"), "sgd")
    assert found is not None
    assert [x.value for x in found.reference] == ["theta - lr*g"]
    assert "t > 100" in found.yours[0].value


def test_code_that_cannot_be_read_has_no_formula() -> None:
    assert read_formula(from_factory(objects.Fails, "fails", "sgd"), "sgd") is None
