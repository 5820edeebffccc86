"""What must hold of the adapters of optax and of keras alike: formats, rates, counter, survey, wrong names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from refopt.conformance.judge.counters import far_counter
from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.frameworks.installed import is_installed
from refopt.frameworks.keras.backend import backend_here
from tests.frameworks.looking import optimizer, ran, request, rules_of_the_survey

ONES = np.ones(3)


@dataclass(frozen=True)
class Framework:
    """Spellings of a framework; `moment`: Adam's first moment as it is called there."""

    package: str
    sgd: str
    adam: str
    moment: str
    configurations: int


OPTAX = pytest.param(
    Framework("optax", "optax.sgd", "optax.adam", "mu", 14), id="optax",
    marks=pytest.mark.skipif(not is_installed("optax"), reason="optax is not installed"),
)  # fmt: skip
KERAS = pytest.param(
    Framework("keras", "keras.optimizers.SGD", "keras.optimizers.Adam", "momentum", 12), id="keras",
    marks=pytest.mark.skipif(not (is_installed("keras") and backend_here()), reason="keras, or a backend of it, is not installed"),
)  # fmt: skip
BOTH = pytest.mark.parametrize("of", [OPTAX, KERAS])


@BOTH
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_runs_in_its_own_format(of: Framework, dtype: str) -> None:
    snapshot = ran(optimizer(of.adam).run(request("adam", [[ONES]], dtype))).after[0]
    assert snapshot.theta[0].dtype.name == snapshot.state[0][of.moment].dtype.name == dtype


@BOTH
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_changed_rate_is_the_rate_of_its_own_step(of: Framework, dtype: str) -> None:
    answer = ran(optimizer(of.sgd).run(request("sgd", [[ONES]] * 3, dtype, lr=(0.5, 0.25, 2.0), t0=7)))
    assert [s.theta[0][0] for s in answer.after] == [-0.5, -0.75, -2.75]


@BOTH
def test_the_counter_is_shown_and_goes_on_past_what_float32_can_count(of: Framework) -> None:
    asked = request("adam", [[ONES], [ONES]], t0=41)
    assert [s.counters for s in ran(optimizer(of.adam).run(asked)).after] == [(41,), (42,)]
    assert far_counter(optimizer(of.adam), asked) == ()


@BOTH
def test_the_survey_names_the_rules_that_the_optimizers_are_judged_by(of: Framework) -> None:
    lines = rules_of_the_survey(of.package)
    assert len(lines) >= of.configurations
    assert [(name, rule) for name, rule, _ in lines] == [(name, loaded) for name, _, loaded in lines]


@pytest.mark.parametrize(
    ("name", "message", "help"),
    [
        ("optax.adma", "module optax has no 'adma'", "did you mean optax.adam"),
        ("optax.lamb", "no rule for optax.lamb: tensor-wide sums", "refopt list implementations optax"),
        ("optax.adam(beta1=0.5)", "optax.adam(beta1=0.5) cannot be made", ""),
        ("optax.linear_schedule(start=1)", "optax.linear_schedule has no argument start", ""),
        ("keras.optimizers.Adma", "module keras.optimizers has no 'Adma'", "did you mean keras.optimizers.Adam"),
        ("keras.optimizers.schedules.CosineDecayRestarts(t_mul=1.5)", "period_mult = 1.5 is not an integer", "its domain is 2 <= period_mult"),
        ("keras.optimizers.Adam(beta1=0.5)", "keras.optimizers.Adam(beta1=0.5) cannot be made", ""),
        ("keras.optimizers.schedules.LearningRateSchedule", "no schedule for", "refopt list schedules"),
    ],
)
def test_wrong_names_cost_one_line(name: str, message: str, help: str) -> None:
    package = name.partition(".")[0]
    if not is_installed(package) or (package == "keras" and not backend_here()):
        pytest.skip(f"{package} is not installed")
    with pytest.raises(RefoptError) as caught:
        load(name)
    assert message in caught.value.message and help in (caught.value.help or "")
