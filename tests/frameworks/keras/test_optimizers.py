"""keras through its adapter: verdicts, state, counter, rates, absent gradients, names, on the backend that is here."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from refopt.frameworks import load
from refopt.frameworks.installed import is_installed
from refopt.frameworks.keras.backend import backend_here
from refopt.report.words import told_or_none
from tests.frameworks.looking import finding, optimizer, ran, request

pytestmark = pytest.mark.skipif(not (is_installed("keras") and backend_here()), reason="keras, or a backend of it, is not installed")
ONES = np.ones(3)
RATE = "hyperparameters pass through float32: lr, where {} is {}"
FORMED = "1 - beta2^t is formed in float32, where 0.999 is 0.99900001287"


@pytest.mark.parametrize(
    ("name", "dtype", "verdict", "matches", "cause"),
    [
        ("keras.optimizers.SGD", "float32", "conforms", "sgd", None),
        ("keras.optimizers.SGD(momentum=0.9)", "float32", "conforms", "momentum", None),
        ("keras.optimizers.SGD(momentum=0.9)", "float64", "conforms", "momentum", RATE.format(0.01, "0.0099999997765")),
        ("keras.optimizers.SGD(momentum=0.9, nesterov=True)", "float32", "variant", "nesterov/velocity", None),
        ("keras.optimizers.RMSprop", "float32", "variant", "rmsprop/eps_in_sqrt", None),
        ("keras.optimizers.RMSprop", "float64", "variant", "rmsprop/eps_in_sqrt", RATE.format(0.001, "0.0010000000475")),
        ("keras.optimizers.Adam", "float32", "variant", "adam/eps_hat", FORMED),
        ("keras.optimizers.Adam", "float64", "variant", "adam/eps_hat", RATE.format(0.001, "0.0010000000475")),
    ],
)
def test_each_configuration_is_what_its_source_says(name: str, dtype: str, verdict: str, matches: str, cause: str | None) -> None:
    found = finding(name, dtype)
    assert (found.verdict, found.diagnosis.matches, told_or_none(found.diagnosis.cause)) == (verdict, (matches,), cause)
    assert (found.approach.mode, found.approach.hidden, found.remarks.known_bugs) == ("stepwise", False, ())


def test_adam_in_bfloat16_stands_still_because_its_beta2_is_one_there() -> None:
    assert not ran(optimizer("keras.optimizers.Adam").run(request("adam", [[ONES]], "bfloat16"))).after[0].theta[0].any()


def test_a_parameter_without_a_gradient_is_left_alone() -> None:
    answer = ran(optimizer("keras.optimizers.Adam").run(request("adam", [[ONES, ONES], [ONES, None]])))
    assert (answer.after[0].theta[1] == answer.after[1].theta[1]).all()
    assert (answer.after[0].theta[0] != answer.after[1].theta[0]).all()


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("ExponentialDecay", "exponential"),
        ("ExponentialDecay(staircase=True)", "step_decay"),
        ("CosineDecay", "cosine_annealing"),
        ("CosineDecay(warmup_steps=10)", "warmup+cosine_annealing"),
        ("PolynomialDecay", "polynomial"),
        ("PolynomialDecay", "warmup"),
    ],
)
def test_schedules_conform(name: str, matches: str) -> None:
    found = finding(f"keras.optimizers.schedules.{name}", "float64", [f"schedule-{i:03}" for i in range(1, 9)], matches)
    assert (found.verdict, found.diagnosis.matches) == ("conforms", (matches,))


def test_nothing_of_the_process_stays_changed() -> None:
    before = (os.environ.get("KERAS_BACKEND"), load("keras.optimizers.Adam").version)
    load("keras.optimizers.schedules.CosineDecay").rates({"lr": 0.5}, [0, 1])  # type: ignore[union-attr]
    import keras

    assert (os.environ.get("KERAS_BACKEND"), keras.__version__) == before
    assert keras.config.floatx() == "float32"


@pytest.mark.skipif(not is_installed("torch"), reason="torch is not installed")
def test_the_backend_that_a_person_chose_is_kept() -> None:
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    command = [sys.executable, "-m", "refopt", "check", "keras.optimizers.Adam", "--dtype", "float32", "--json"]
    cases = ["--case", "adam-open-low-001", "--case", "adam-open-shapes-001"]
    done = subprocess.run([*command, *cases], env=environment, capture_output=True, text=True, check=False)
    footer = json.loads(done.stdout.splitlines()[-1])
    assert (footer["verdict"], footer["matches"], footer["hidden_state"]) == ("variant", "adam/eps_hat", False), done.stderr
