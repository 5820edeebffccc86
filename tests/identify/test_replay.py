"""A replay gives the exact rule's numbers, and its bound holds what float32 programs make of a printed log."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule, rules
from refopt.catalogue.symbols import lr
from refopt.catalogue.transformations.clipping import clipped
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.identify.arrays import ARRAYS
from refopt.identify.bounded import bounded
from refopt.identify.formula import Formula, balls_of, formula_of
from refopt.identify.log import Log, Measured
from refopt.identify.replay import replay
from refopt.language.expression import g, tensor, theta
from refopt.language.rule import Let, Rule, State
from refopt.rounding.formats import FLOAT32
from tests.data.make_logs import quadratic

STEPS, ELEMENTS = 25, 6
RULES: tuple[Rule, ...] = (*rules(variants=True), with_weight_decay(rule("rmsprop")), clipped(rule("momentum")))


def _exact_log(r: Rule, dtype: Any) -> Log:
    """A run of the generated code from the log's own theta, which is printed nowhere; the rate halves."""
    module = import_module(f"refopt.generated.numpy.{r.name.replace('/', '_')}")
    theta, gradient = quadratic(ELEMENTS, 3)
    theta = theta.astype(dtype)
    state, thetas, grads, rates = module.init(theta), [theta], [], np.array([0.01 * (1 - 0.5 * s / STEPS) for s in range(STEPS)])
    for t in range(STEPS):
        grads.append(gradient(thetas[-1].astype(np.float32)).astype(dtype))
        theta, state = module.step(theta, grads[-1], state, t + 1, **r.at_rate(rates[t]))
        thetas.append(theta)
    values = [np.asarray(x, np.float64) for x in (thetas, grads, rates)]
    return Log(*(Measured(x, np.zeros_like(x)) for x in values), FLOAT32)  # type: ignore[arg-type]


@pytest.mark.parametrize("r", [r for r in rules(variants=True) if not r.inputs], ids=lambda r: r.name)
def test_a_replay_is_the_generated_code_in_binary64(r: Rule) -> None:
    log = _exact_log(r, np.float64)
    hyper = {n: np.array([float(x), float(x)]) for n, x in r.values().items() if n != "lr"}
    theta = replay(formula_of(r), log, hyper, np.ones((STEPS, ELEMENTS))).theta
    for setting in theta:
        assert np.all(np.abs(setting - log.theta.value[1:]) <= 2.0**-48 * (1 + np.abs(log.theta.value[1:])))


@pytest.mark.parametrize("digits", [7, 9])
@pytest.mark.parametrize("r", [r for r in rules(variants=True) if not r.inputs], ids=lambda r: r.name)
def test_a_float32_run_printed_with_few_digits_is_within_the_bound(r: Rule, digits: int) -> None:
    log = _exact_log(r, np.float32)
    printed = [Measured(np.array([[float(f"{x:.{digits}g}") for x in row] for row in m.value]), _half_unit(m.value, digits)) for m in (log.theta, log.grad)]
    shown = Log(printed[0], printed[1], log.lr, FLOAT32)
    found = bounded(balls_of(r, shown), shown, {n: float(x) for n, x in r.values().items() if n != "lr"}, np.ones((STEPS, ELEMENTS)))
    assert np.all(np.abs(found.theta - shown.theta.value[1:]) <= found.error)


def _half_unit(x: Any, digits: int) -> Any:
    return 0.5 * 10.0 ** (np.floor(np.log10(np.maximum(np.abs(x), 1e-300))) - digits + 1)


@pytest.mark.parametrize("name", ["sgd", "momentum", "momentum/lr_outside", "adam", "adam/l2"])
def test_a_free_rate_is_found_step_by_step(name: str) -> None:
    r = rule(name)
    log = _exact_log(r, np.float64)
    free = Log(log.theta, log.grad, None, FLOAT32)
    hyper = {n: np.array([float(x)]) for n, x in r.values().items() if n != "lr"}
    found = replay(Formula(r, ARRAYS), free, hyper, np.ones((STEPS, ELEMENTS)))
    assert log.lr is not None
    assert np.all(np.abs(found.rates[0] - log.lr.value) <= 2.0**-30 * log.lr.value)


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_only_a_velocity_that_holds_the_rate_remembers_it(r: Rule) -> None:
    velocities = ("momentum", "nesterov", "nesterov/velocity", "sgdw/lr_inside", "laprop", "rmsprop/momentum_lr_inside")
    holding = (*velocities, "ftrl", "ftrl/l2_doubled", "ftrl/shrinkage")  # its z is divided by the rates of all updates
    holding += ("asgd", "asgd/rate_before")  # its ax is an average of parameters, which the rate has moved
    holding += ("schedule_free_sgd", "schedule_free_sgd/max_rate")  # z, and the sum of the weights
    holding += tuple(f"schedule_free_adamw{x}" for x in ("", "/max_rate", "/equal_weights", "/decay_of_theta"))
    holding += tuple(f"rprop{x}" for x in ("", "/clamped", "/late", "/minus", "/plus"))  # its steps start from the rate
    holding += ("cocob/scaled",)  # its sums are of gradients that the rate has multiplied
    holding += ("madgrad", "madgrad/eps_in_lr", "madgrad/decoupled")  # its sums are weighted by the rates
    holds = r.name.partition("+")[0] in holding
    assert Formula(r, ARRAYS).rate_is_kept is holds


def _anchored() -> Rule:
    """Descent that takes the sum of the gradients off what the parameter was at first, which it keeps."""
    anchor, total = tensor("theta_start"), tensor("total")
    state = (State(anchor, theta, constant=True), State(total, 0))
    return replace(rule("sgd"), name="anchored", state=state, steps=(Let(total, total + g), Let(theta, anchor - lr * total)))


def test_a_state_that_no_update_assigns_stays_what_it_is_along_a_log() -> None:
    start, gradient = quadratic(ELEMENTS, 3)
    thetas, grads, total = [start.astype(np.float32)], [], np.zeros(ELEMENTS, np.float32)
    for _ in range(STEPS):
        grads.append(gradient(thetas[-1]).astype(np.float32))
        total = total + grads[-1]
        thetas.append(thetas[0] - np.float32(0.01) * total)
    values = [np.asarray(x, np.float64) for x in (thetas, grads, [0.01] * STEPS)]
    shown, given, rates = (Measured(x, np.zeros_like(x)) for x in values)
    log = Log(shown, given, rates, FLOAT32)
    found = bounded(balls_of(_anchored(), log), log, {}, np.ones((STEPS, ELEMENTS)))
    assert np.all(np.abs(found.theta - log.theta.value[1:]) <= found.error) and np.all(found.error < 1e-4)
    again = replay(formula_of(_anchored()), log, {}, np.ones((STEPS, ELEMENTS))).theta
    assert np.all(np.abs(again - log.theta.value[1:]) < 1e-4)
