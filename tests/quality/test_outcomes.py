"""The outcomes that `may` cases list are what correct programs and frameworks give: nobody is accused for a class."""

from __future__ import annotations

import pytest

from refopt.catalogue import rule, rules
from refopt.conformance.diagnose.not_taken import not_taken, without
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
    concept = rule(name)
    cases = without(store.cases(name), not_taken(implementation, concept), {h.name: h.default for h in concept.hyper})
    for case in (c for c in cases if c.outcome is not None):
        for d in (d for d in case.dtypes if d in dtypes):
            seen = observe(implementation, concept, case, FORMATS[d])
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


OTHERWISE = {
    ("optax.adan", "edge-007"): "its eps_root stands beside eps, under the root, and is 1e-8 where eps is 0",
    ("optax.contrib.simplified_ademamix", "edge-004"): "it writes v as g^2 + beta2*(v - g^2), and takes infinity off infinity where g^2 overflows",
    ("keras.optimizers.ScheduleFreeAdamW", "bfloat16"): "it rounds beta2 to the format, where 0.999 is 1, and divides by 1 - beta2^t",
    ("keras.optimizers.Nadam", "bfloat16"): "it rounds beta2 to the format, where 0.999 is 1, and divides by 1 - beta2^t",
}
"""Optimizers that give another class in truth: the name, a part of what is told of the case, and why."""


def _is_otherwise(name: str, case: str) -> bool:
    return any(name == known and words in case for known, words in OTHERWISE)


@pytest.mark.parametrize("package", ["numpy", "torch", "optax", "keras", "sklearn"])
def test_no_framework_gives_another_class(package: str) -> None:
    listed = [k for k in known() if k.package == package and k.rule in {r.name for r in rules(variants=True)} and "weight_decay" not in k.spelling]
    assert listed
    for k in listed:
        implementation = load(k.spelling)
        assert isinstance(implementation, Implementation)
        found, answered = _accused(implementation, k.rule, tuple(FORMATS))
        assert [x for x in found if not _is_otherwise(k.spelling, x)] == [], k.spelling
        assert all(any(words in x for x in found) for known, words in OTHERWISE if known == k.spelling), k.spelling
        assert answered, k.spelling
