"""scikit-learn through its adapter: verdicts, state, counter, rates, absent gradients, names."""

from __future__ import annotations

import numpy as np
import pytest

from refopt.conformance.judge.counters import far_counter
from refopt.conformance.protocol.implementation import Skipped
from refopt.conformance.protocol.reason import Reason, Why
from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.frameworks.installed import is_installed
from refopt.report.words import told_or_none
from tests.frameworks.looking import finding, optimizer, ran, request, rules_of_the_survey

pytestmark = pytest.mark.skipif(not is_installed("sklearn"), reason="scikit-learn is not installed")
ONES = np.ones(3)
WHOLE = "sklearn.neural_network._stochastic_optimizers"


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("name", "verdict", "matches"),
    [
        ("sklearn.SGDOptimizer(momentum=0.0)", "conforms", "sgd"),
        ("sklearn.SGDOptimizer(nesterov=False)", "conforms", "momentum"),
        ("sklearn.SGDOptimizer", "variant", "nesterov/velocity"),
        (f"{WHOLE}.AdamOptimizer", "variant", "adam/eps_hat"),
    ],
)
def test_each_configuration_is_what_its_source_says(name: str, dtype: str, verdict: str, matches: str) -> None:
    found = finding(name, dtype)
    assert (found.verdict, found.diagnosis.matches, told_or_none(found.diagnosis.cause)) == (verdict, (matches,), None)
    assert (found.approach.mode, found.approach.hidden, found.remarks.known_bugs) == ("stepwise", False, ())


def test_the_short_name_means_the_same_class() -> None:
    assert load("sklearn.AdamOptimizer").factory is load(f"{WHOLE}.AdamOptimizer").factory  # type: ignore[union-attr]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_formats_that_its_estimators_refuse_are_skipped_with_that_reason(dtype: str) -> None:
    assert optimizer("sklearn.AdamOptimizer").run(request("adam", [[ONES]], dtype)) == Skipped(Reason(Why.TRAINS_IN, ("float64", "float32"), "scikit-learn"))


@pytest.mark.parametrize(("name", "rule"), [("sklearn.SGDOptimizer(momentum=0.0)", "sgd"), ("sklearn.AdamOptimizer", "adam")])
def test_a_changed_rate_acts_from_its_own_step_on(name: str, rule: str) -> None:
    answer = ran(optimizer(name).run(request(rule, [[ONES]] * 2, "float64", lr=(0.5, 0.0))))
    assert answer.after[0].theta[0].all() and (answer.after[0].theta[0] == answer.after[1].theta[0]).all()


def test_a_parameter_without_a_gradient_is_left_alone_and_one_that_has_it_at_times_is_refused() -> None:
    never = ran(optimizer("sklearn.AdamOptimizer").run(request("adam", [[ONES, None], [ONES, None]])))
    assert not never.after[-1].theta[1].any() and never.after[-1].theta[0].all()
    at_times = optimizer("sklearn.AdamOptimizer").run(request("adam", [[ONES, ONES], [ONES, None]]))
    assert at_times == Skipped(Reason(Why.SUBJECT_NEEDS_EVERY_GRADIENT, of="scikit-learn"))


def test_a_scalar_and_an_empty_parameter_keep_their_shapes() -> None:
    seen = ran(optimizer("sklearn.SGDOptimizer").run(request("nesterov", [[np.ones(()), np.ones(0)]] * 2))).after[-1]
    assert [x.shape for x in seen.theta] == [s["velocities"].shape for s in seen.state] == [(), (0,)]


def test_the_counter_is_shown_and_goes_on_past_what_float32_can_count() -> None:
    asked = request("adam", [[ONES], [ONES]], t0=41)
    assert [s.counters for s in ran(optimizer("sklearn.AdamOptimizer").run(asked)).after] == [(41,), (42,)]
    assert far_counter(optimizer("sklearn.AdamOptimizer"), asked) == ()


def test_the_survey_names_the_rules_that_the_optimizers_are_judged_by() -> None:
    lines = rules_of_the_survey("sklearn")
    assert len(lines) == 4
    assert [(name, rule) for name, rule, _ in lines] == [(name, loaded) for name, _, loaded in lines]


@pytest.mark.parametrize(
    ("name", "message", "help"),
    [
        ("sklearn.AdamOptimiser", "has no 'AdamOptimiser'", ""),
        (f"{WHOLE}.AdamOptimiser", f"module {WHOLE} has no 'AdamOptimiser'", f"did you mean {WHOLE}.AdamOptimizer"),
        ("sklearn.AdamOptimizer(beta1=0.5)", "sklearn.AdamOptimizer(beta1=0.5) cannot be made", ""),
    ],
)
def test_wrong_names_cost_one_line(name: str, message: str, help: str) -> None:
    with pytest.raises(RefoptError) as caught:
        load(name)
    assert message in caught.value.message and help in (caught.value.help or "")
