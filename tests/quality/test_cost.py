"""The table of what one more rule costs is one that `tests/quality/cost.py` writes; the seconds are measured by that, not here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality.cost import EXAMPLES, TARGETS, Cost, Named, lines
from tests.quality.pages import QUALITY, kept


def test_the_page_has_a_row_for_each_example_and_the_targets() -> None:
    made = lines([Cost(name, 8.0, 10.0, 20.0, 100) for name in EXAMPLES])
    written = kept(QUALITY, "cost").splitlines()
    assert len(written) == len(made) and [written[i] for i in (0, 2, 4, 5, -1)] == [made[i] for i in (0, 2, 4, 5, -1)]
    assert [row.split("|")[1] for row in written[6:]] == [row.split("|")[1] for row in made[6:]]
    assert made[6] == f"| {EXAMPLES[0]} | 4.0 s | 5.0 s | 10.0 s | 100 |"
    assert set(TARGETS) <= set(Cost.__dataclass_fields__)


def test_the_tests_of_a_rule_are_those_that_have_it_among_their_parameters(collected: list[object]) -> None:
    named = Named("adam")
    named.pytest_collection_modifyitems(collected)
    assert [str(x) for x in collected] == ["by name", "by object"] and named.count == 2


class _Item:
    def __init__(self, said: str, **params: object) -> None:
        self.said, self.callspec = said, type("CallSpec", (), {"params": params})()

    def __str__(self) -> str:
        return self.said


@pytest.fixture
def collected() -> list[object]:
    """Collected tests, as pytest hands them over: with a parameter that names the rule, that is the rule, and others."""
    from refopt.catalogue import rule

    alone = type("Plain", (), {"__str__": lambda self: "without parameters"})()
    return [_Item("by name", name="adam"), _Item("another", name="adamw"), _Item("by object", r=rule("adam")), _Item("a variant", r=rule("adam/l2")), alone]


def test_the_command_is_the_one_that_the_page_names() -> None:
    assert "python -m tests.quality.cost" in QUALITY.read_text(encoding="utf-8") and (Path(__file__).parent / "cost.py").exists()
