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
    assert set(optimizer.state) == state.read


STARTS = {"adagrad": {"s": "s0"}, "yogi": {"v": "v0"}, "yogi/m0": {"m": "v0", "v": "v0"}, "ftrl": {"n": "s0"}, "rprop": {"update_value": "lr"},
          "cocob": {"scale": "eps"}}  # fmt: skip
"""By rule, else by family: the states that start from a hyperparameter."""


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_state_has_the_declared_names_and_starts_at_zero_or_where_the_rule_says(optimizer: Optimizer) -> None:
    state = optimizer.init(Decimal(3), usual(optimizer))
    hyper = usual(optimizer)
    of_hyper = STARTS.get(optimizer.name, STARTS.get(optimizer.name.partition("/")[0], {}))
    starts = {"mu_product": Decimal(1), "mu": Decimal(1), **{name: hyper[start] for name, start in of_hyper.items()}}
    starts |= {"theta_start": Decimal(3)} | ({"z": Decimal(3)} if optimizer.name.startswith("schedule_free") else {})
    assert {name: starts.get(name, Decimal(0)) for name in optimizer.state} == state
    _, after = optimizer.step(Decimal(3), Decimal(2), state, 1, usual(optimizer))
    assert set(optimizer.state) == set(after)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_a_step_leaves_its_arguments_alone(optimizer: Optimizer) -> None:
    hyper = usual(optimizer)
    state: State = {name: Decimal(5) for name in optimizer.state}
    before = dict(state), dict(hyper)
    if "centered" in optimizer.name:
        state["v"] = before[0]["v"] = Decimal(50)
    optimizer.step(Decimal(1), Decimal(2), state, 2, hyper)
    assert before == (state, hyper)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_sixty_digits_are_enough_for_forty(optimizer: Optimizer) -> None:
    wide = run(optimizer, Decimal("0.5"), USUAL_GRADIENTS, usual(optimizer))
    with digits(60):
        narrow = run(optimizer, Decimal("0.5"), USUAL_GRADIENTS, usual(optimizer))
    for (theta, state), (theta_60, state_60) in zip(wide, narrow, strict=True):
        assert agree(theta, theta_60)
        assert all_agree(list(state.values()), list(state_60.values()))


PULLED = {"weight_decay", "l2", "lambd"}
"""Hyperparameters of the rules whose step depends on where the parameter is."""


@pytest.mark.parametrize("name", sorted(name for name, o in OPTIMIZERS.items() if not PULLED & set(o.hyper)))
def test_without_weight_decay_the_increment_does_not_depend_on_theta(name: str) -> None:
    hyper = usual(OPTIMIZERS[name])
    from_zero = thetas(name, 0, USUAL_GRADIENTS, hyper)
    from_five = thetas(name, 5, USUAL_GRADIENTS, hyper)
    assert all_agree([theta + 5 for theta in from_zero], from_five, 60)
