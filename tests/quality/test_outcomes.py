"""The outcomes that `may` cases list are what correct programs and frameworks give: nobody is accused for a class."""

from __future__ import annotations

import pytest

from refopt.catalogue import rule, rules
from refopt.conformance.judge.edge_case_policy import other_outcome
from refopt.conformance.protocol.implementation import Implementation, Ran
from refopt.conformance.protocol.observe import observe
from refopt.frameworks import known, load
from refopt.golden import store
from refopt.rounding.formats import FORMATS
from tests.implementations.correct import CORRECT
from tests.implementations.program import Correct


def _accused(implementation: Implementation, name: str, dtypes: tuple[str, ...]) -> tuple[list[str], int]:
    """Cases and formats in which an implementation gives another class, and how many it answered."""
    found, answered = [], 0
    for case in (c for c in store.cases(name) if c.outcome is not None):
        for d in (d for d in case.dtypes if d in dtypes):
            seen = observe(implementation, rule(name), case, FORMATS[d])
            answered += isinstance(seen.answer, Ran)
            if other_outcome(seen):
                found.append(f"{case.id} {d}")
    return found, answered


@pytest.mark.parametrize("program", CORRECT, ids=lambda p: p.name)
def test_no_correct_program_gives_another_class(program: Correct) -> None:
    implementation = load(f"python:{program.make.__module__}:{program.make.__name__}", program.rule)
    assert isinstance(implementation, Implementation)
    found, answered = _accused(implementation, program.rule, program.dtypes)
    assert found == []
    assert answered


@pytest.mark.parametrize("package", ["numpy", "torch", "optax", "keras", "sklearn"])
def test_no_framework_gives_another_class(package: str) -> None:
    listed = [k for k in known() if k.package == package and k.rule in {r.name for r in rules()} and "weight_decay" not in k.spelling]
    assert listed
    for k in listed:
        implementation = load(k.spelling)
        assert isinstance(implementation, Implementation)
        found, answered = _accused(implementation, k.rule, tuple(FORMATS))
        assert found == [], k.spelling
        assert answered, k.spelling
