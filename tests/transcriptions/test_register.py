"""The transcriptions by themselves: which there are, and the shape that each has. No refopt."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from . import FILES, OPTIMIZERS, SCHEDULES, TRANSCRIPTIONS, Optimizer, State, digits, run
from .by_hand import USUAL_GRADIENTS, Watched, agree, all_agree, thetas, usual

# The register


def test_every_file_holds_the_transcription_of_its_name() -> None:
    """That every rule of the catalogue has one is held by tests/catalogue/test_second_transcription.py: here is no refopt."""
    assert {name.partition("/")[0] for name in TRANSCRIPTIONS} == set(FILES)
    assert set(FILES) <= set(TRANSCRIPTIONS) and {"sgd", "adam", "warmup_cosine"} <= set(FILES)


@pytest.mark.parametrize("name", TRANSCRIPTIONS)
def test_a_transcription_knows_its_own_name_and_source(name: str) -> None:
    assert TRANSCRIPTIONS[name].name == name
    assert TRANSCRIPTIONS[name].source


def test_no_two_rules_are_the_same_function() -> None:
    assert len({optimizer.step for optimizer in OPTIMIZERS.values()}) == len(OPTIMIZERS)
    assert len({schedule.rate for schedule in SCHEDULES.values()}) == len(SCHEDULES)


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_nothing_is_imported_but_the_standard_library(path: Path) -> None:
    allowed = {"__future__", "collections", "contextlib", "dataclasses", "decimal", "fractions", "importlib", "itertools", "pkgutil"}
    if path.name.startswith(("test_", "conftest")):
        allowed |= {"ast", "pathlib", "pytest"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert node.level == 1 or (node.level == 0 and str(node.module).split(".")[0] in allowed)


# The shape of a transcription


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_a_step_reads_the_declared_hyperparameters_and_the_declared_state(optimizer: Optimizer) -> None:
    hyper = Watched(usual(optimizer))
    state = Watched(optimizer.init(Decimal(1), hyper))
    for t in (2, 20):  # a rule may take its first updates another way
        _, after = optimizer.step(Decimal(1), Decimal(2), state, t, hyper)
    for g in (2, -2):  # or go by whether a gradient has the sign of the one before
        later = Watched(after)
        optimizer.step(Decimal(1), Decimal(g), later, 21, hyper)
        state.read |= later.read
    assert {*optimizer.hyper, *optimizer.inputs} == hyper.read
