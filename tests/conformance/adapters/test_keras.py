"""keras through its adapter: verdicts, state, counter, rates, absent gradients, names, on the backend that is here."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from refopt.conformance.adapters import load
from refopt.conformance.adapters.installed import is_installed
from refopt.conformance.adapters.keras_backend import backend_here
from refopt.conformance.counters import far_counter
from refopt.errors import RefoptError
from tests.conformance.adapters.looking import finding, optimizer, ran, request, rules_of_the_survey

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
    assert (found.verdict, found.matches, found.cause) == (verdict, (matches,), cause)
    assert (found.mode, found.hidden, found.known_bugs) == ("stepwise", False, ())


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_runs_in_its_own_format(dtype: str) -> None:
    snapshot = ran(optimizer("keras.optimizers.Adam").run(request("adam", [[ONES]], dtype))).after[0]
    assert snapshot.theta[0].dtype.name == snapshot.state[0]["momentum"].dtype.name == dtype


def test_adam_in_bfloat16_stands_still_because_its_beta2_is_one_there() -> None:
    assert not ran(optimizer("keras.optimizers.Adam").run(request("adam", [[ONES]], "bfloat16"))).after[0].theta[0].any()


def test_a_changed_rate_is_the_rate_of_its_own_step() -> None:
    answer = ran(optimizer("keras.optimizers.SGD").run(request("sgd", [[ONES]] * 3, lr=(0.5, 0.25, 2.0), t0=7)))
    assert [s.theta[0][0] for s in answer.after] == [-0.5, -0.75, -2.75]


def test_a_parameter_without_a_gradient_is_left_alone() -> None:
    answer = ran(optimizer("keras.optimizers.Adam").run(request("adam", [[ONES, ONES], [ONES, None]])))
    assert (answer.after[0].theta[1] == answer.after[1].theta[1]).all()
    assert (answer.after[0].theta[0] != answer.after[1].theta[0]).all()


def test_the_counter_is_shown_and_goes_on_past_what_float32_can_count() -> None:
    asked = request("adam", [[ONES], [ONES]], t0=41)
    assert [s.counters for s in ran(optimizer("keras.optimizers.Adam").run(asked)).after] == [(41,), (42,)]
    assert far_counter(optimizer("keras.optimizers.Adam"), asked) == ()


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("ExponentialDecay", "exponential"),
        ("ExponentialDecay(staircase=True)", "step_decay"),
        ("CosineDecay", "cosine_annealing"),
        ("CosineDecay(warmup_steps=10)", "warmup+cosine_annealing"),
        ("PolynomialDecay", "warmup"),
    ],
)
def test_schedules_conform(name: str, matches: str) -> None:
    found = finding(f"keras.optimizers.schedules.{name}", "float64", [f"schedule-{i:03}" for i in range(1, 9)])
    assert (found.verdict, found.matches) == ("conforms", (matches,))


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


def test_the_survey_names_the_rules_that_the_optimizers_are_judged_by() -> None:
    lines = rules_of_the_survey("keras")
    assert len(lines) >= 12
    assert [(name, rule) for name, rule, _ in lines] == [(name, loaded) for name, _, loaded in lines]


@pytest.mark.parametrize(
    ("name", "message", "help"),
    [
        ("keras.optimizers.Adma", "module keras.optimizers has no 'Adma'", "did you mean keras.optimizers.Adam"),
        ("keras.optimizers.Lion", "no rule for keras.optimizers.Lion yet", "keras.optimizers.SGD, RMSprop"),
        ("keras.optimizers.Adam(beta1=0.5)", "keras.optimizers.Adam(beta1=0.5) cannot be made", ""),
        ("keras.optimizers.schedules.PiecewiseConstantDecay", "no schedule for", "CosineDecay"),
    ],
)
def test_wrong_names_cost_one_line(name: str, message: str, help: str) -> None:
    with pytest.raises(RefoptError) as caught:
        load(name)
    assert message in caught.value.message and help in (caught.value.help or "")
