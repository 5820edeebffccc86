"""optax through its adapter: verdicts, state, counter, rates, absent gradients, names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from refopt.conformance.protocol.implementation import Skipped
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.installed import is_installed
from refopt.report.words import told_or_none
from tests.frameworks.looking import finding, optimizer, ran, request

pytestmark = pytest.mark.skipif(not is_installed("optax"), reason="optax is not installed")
ONES = np.ones(3)


@pytest.mark.parametrize(
    ("name", "dtype", "verdict", "matches", "cause"),
    [
        ("optax.sgd", "float32", "conforms", "sgd", None),
        ("optax.sgd(momentum=0.9)", "float64", "variant", "momentum/lr_outside", None),
        ("optax.sgd(momentum=0.9, nesterov=True)", "float32", "variant", "nesterov/lr_outside", None),
        ("optax.rmsprop", "float32", "variant", "rmsprop/eps_in_sqrt", None),
        ("optax.rmsprop(eps_in_sqrt=False)", "float64", "conforms", "rmsprop", None),
        ("optax.adam", "float64", "conforms", "adam", None),
        ("optax.adam", "float32", "conforms", "adam", "1 - beta2^t is formed in float32, where 0.999 is 0.99900001287"),
        ("optax.adamw", "float64", "conforms", "adamw", None),
        ("optax.amsgrad", "float64", "variant", "amsgrad/max_hat", None),
    ],
)
def test_each_configuration_is_what_its_source_says(name: str, dtype: str, verdict: str, matches: str, cause: str | None) -> None:
    found = finding(name, dtype)
    assert (found.verdict, found.diagnosis.matches, told_or_none(found.diagnosis.cause)) == (verdict, (matches,), cause)
    assert (found.approach.mode, found.approach.hidden, found.remarks.known_bugs) == ("stepwise", False, ())


def test_float64_needs_no_setting_and_leaves_none_behind() -> None:
    import jax

    before = jax.config.jax_enable_x64
    assert ran(optimizer("optax.adam").run(request("adam", [[ONES]], "float64"))).after[0].theta[0].dtype == np.float64
    assert jax.config.jax_enable_x64 == before


def test_a_parameter_without_a_gradient_is_left_alone_and_one_that_has_it_at_times_is_refused() -> None:
    never = ran(optimizer("optax.adam").run(request("adam", [[ONES, None], [ONES, None]])))
    assert not never.after[-1].theta[1].any() and never.after[-1].theta[0].all()
    assert never.after[-1].counters == (2, None)
    at_times = optimizer("optax.adam").run(request("adam", [[ONES, ONES], [ONES, None]]))
    assert at_times == Skipped(Reason(Why.SUBJECT_NEEDS_EVERY_GRADIENT, of="optax"))


def test_a_rate_that_can_be_no_schedule_is_declined_and_every_other_one_follows_it() -> None:
    changing = request("rprop", [[ONES], [ONES]], lr=(0.1, 0.2))
    assert optimizer("optax.rprop").run(changing) == Skipped(Reason(Why.RATE_IS_A_NUMBER))
    ran(optimizer("optax.rprop").run(replace(changing, lr=None)))
    # annotated alike, and yet it takes one: that decides
    ran(optimizer("optax.contrib.schedule_free_sgd").run(request("schedule_free_sgd/max_rate", [[ONES], [ONES]], lr=(0.1, 0.2))))


@pytest.mark.parametrize(
    ("name", "matches", "precision"),
    [
        ("optax.constant_schedule", "constant", "full"),
        ("optax.exponential_decay", "exponential", "full"),
        ("optax.exponential_decay(staircase=True)", "step_decay", "full"),
        ("optax.cosine_decay_schedule", "cosine_annealing", "full"),
        ("optax.linear_schedule", "linear", "reduced"),
        ("optax.linear_schedule", "warmup", "reduced"),
        ("optax.warmup_cosine_decay_schedule", "warmup+cosine_annealing", "reduced"),
    ],
)
def test_schedules_conform_and_a_rise_that_is_taken_off_its_end_is_less_precise(name: str, matches: str, precision: str) -> None:
    found = finding(name, "float64", [f"schedule-{i:03}" for i in range(1, 9)], matches)
    assert (found.verdict, found.diagnosis.matches, found.precision) == ("conforms", (matches,), precision)


def test_a_moment_that_is_kept_in_bfloat16_is_a_cause_and_no_fault() -> None:
    from refopt.report.report import check

    cases = ["adam-open-basic-001", "adam-open-low-001", "adam-resume-001"]
    report = check('optax.adam(mu_dtype="bfloat16")', dtypes=["float32"], cases=cases)
    assert report.footer["verdict"] == "conforms" and report.footer["cause"].startswith("m is kept in bfloat16"), report.footer
    assert report.footer["resume"]["runs"] == 3 and report.footer["resume"]["lost"] == []


def test_a_run_that_is_repeated_is_not_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    import jax

    of, asked = optimizer("optax.sgd"), request("sgd", [[np.arange(1001.0)]])
    compiled, jit = [], jax.jit

    def counted(function: Callable[..., Any]) -> Any:
        compiled.append(function)
        return jit(function)

    monkeypatch.setattr(jax, "jit", counted)
    runs = [ran(of.run(replace(asked, hyper={"lr": lr}))) for lr in (0.0123, 0.0123, 0.0124)]
    assert len(compiled) == 4
    values = [run.after[0].theta[0].tolist() for run in runs]
    assert values[0] == values[1] != values[2]
