"""Logs of torch, optax and keras are traced to their formula, hyperparameters to 1 %; others to none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule, rules
from refopt.identify.log import Log, Measured
from refopt.identify.verdict import Identification, identify
from refopt.rounding.formats import FLOAT32
from tests.data.make_logs import quadratic
from tests.identify.framework_logs import Run, keras_start, optax_start, readings, text, torch_start

Start = Callable[[], Any]
BETAS = {"beta1": 0.8, "beta2": 0.99}


def torch_optim(name: str, **settings: Any) -> Start:
    def start() -> Any:
        import torch

        return torch_start(lambda p: getattr(torch.optim, name)(p, lr=0.01, **settings))

    return start


def optax_rule(name: str, **settings: Any) -> Start:
    def start() -> Any:
        import optax

        return optax_start(lambda rate: getattr(optax, name)(rate, **settings))

    return start


def optax_contrib(name: str, **settings: Any) -> Start:
    def start() -> Any:
        import optax

        return optax_start(lambda rate: getattr(optax.contrib, name)(rate, **settings))

    return start


def keras_rule(name: str, **settings: Any) -> Start:
    return lambda: keras_start(lambda optimizers, rate: getattr(optimizers, name)(learning_rate=rate, **settings))


SIGNS = Run(0.03, steps=100, elements=8, logged=True)
"""Signs tell something where they change: theta goes past the least loss and back."""

KNOWN: dict[str, tuple[str, Start, Run, Mapping[str, float]]] = {
    "torch SGD, rate unknown": ("sgd", torch_optim("SGD"), Run(0.05), {"lr": 0.05}),
    "torch momentum, rate changing": ("momentum/lr_outside", torch_optim("SGD", momentum=0.9), Run(0.05, changing=True, logged=True), {"momentum": 0.9}),
    "torch momentum, rate changing and unknown": ("momentum/lr_outside", torch_optim("SGD", momentum=0.9), Run(0.05, changing=True), {"momentum": 0.9}),
    "torch dampened momentum": (
        "momentum/raw_start", torch_optim("SGD", momentum=0.9, dampening=0.3), Run(0.05), {"lr": 0.05, "momentum": 0.9, "dampening": 0.3},
    ),
    "torch momentum with decay": ("momentum+l2", torch_optim("SGD", momentum=0.9, weight_decay=0.1), Run(0.05), {"lr": 0.05, "weight_decay": 0.1}),
    "torch Nesterov": ("nesterov/lr_outside", torch_optim("SGD", momentum=0.8, nesterov=True), Run(0.05, changing=True, logged=True), {"momentum": 0.8}),
    "torch RMSprop": ("rmsprop", torch_optim("RMSprop", alpha=0.95, eps=1e-3), Run(0.01), {"lr": 0.01, "rho": 0.95, "eps": 1e-3}),
    "torch centered RMSprop": ("rmsprop/centered", torch_optim("RMSprop", alpha=0.95, centered=True), Run(0.01), {"lr": 0.01, "rho": 0.95}),
    "torch Adam": ("adam", torch_optim("Adam", betas=(0.8, 0.99), eps=1e-2), Run(0.01), {"lr": 0.01, **BETAS, "eps": 1e-2}),
    "torch Adam with L2": (
        "adam/l2", torch_optim("Adam", weight_decay=0.1), Run(0.01, changing=True, logged=True), {"beta1": 0.9, "beta2": 0.999, "weight_decay": 0.1},
    ),
    "torch AdamW": ("adamw", torch_optim("AdamW", weight_decay=0.1), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "weight_decay": 0.1}),
    "torch AMSGrad": ("amsgrad", torch_optim("Adam", betas=(0.9, 0.9), amsgrad=True), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.9}),
    "optax SGD, 20 steps": ("sgd", optax_rule("sgd"), Run(0.05, steps=20, changing=True, logged=True), {}),
    "optax RMSProp": ("rmsprop/eps_in_sqrt", optax_rule("rmsprop", decay=0.9, eps=1e-3), Run(0.01), {"lr": 0.01, "rho": 0.9, "eps": 1e-3}),
    "optax Adam, rate changing and unknown": ("adam", optax_rule("adam", eps=1e-2), Run(0.01, changing=True), {"beta1": 0.9, "beta2": 0.999, "eps": 1e-2}),
    "optax AMSGrad": ("amsgrad/max_hat", optax_rule("amsgrad", b1=0.9, b2=0.9), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.9}),
    "keras momentum": ("momentum", keras_rule("SGD", momentum=0.9), Run(0.05, changing=True, logged=True), {"momentum": 0.9}),
    "keras momentum, rate changing and unknown": ("momentum", keras_rule("SGD", momentum=0.9), Run(0.05, steps=60, changing=True), {"momentum": 0.9}),
    "keras Nesterov": ("nesterov", keras_rule("SGD", momentum=0.9, nesterov=True), Run(0.05, changing=True, logged=True), {"momentum": 0.9}),
    "keras RMSprop": ("rmsprop/eps_in_sqrt", keras_rule("RMSprop", rho=0.9, epsilon=1e-3), Run(0.01), {"lr": 0.01, "rho": 0.9, "eps": 1e-3}),
    "keras Adam": ("adam/eps_hat", keras_rule("Adam", beta_2=0.95, epsilon=1e-2), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.95, "eps": 1e-2}),
    "torch Adadelta": ("adadelta", torch_optim("Adadelta", rho=0.9, eps=1e-3), Run(1.0, logged=True), {"rho": 0.9, "eps": 1e-3}),
    "torch Adamax": ("adamax", torch_optim("Adamax"), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.999}),
    "torch RMSprop with momentum": ("rmsprop/momentum", torch_optim("RMSprop", momentum=0.9), Run(0.01, logged=True), {"rho": 0.99, "momentum": 0.9}),
    "torch Adagrad": ("adagrad", torch_optim("Adagrad"), Run(0.05, steps=20), {"lr": 0.05}),
    "torch Adagrad, rate divided": ("adagrad/lr_decay", torch_optim("Adagrad", lr_decay=0.1), Run(0.05), {"lr": 0.05, "lr_decay": 0.1}),
    "torch NAdam": ("nadam", torch_optim("NAdam", momentum_decay=0.1), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "momentum_decay": 0.1}),
    "torch NAdam with decay": (
        "nadam+decay", torch_optim("NAdam", weight_decay=0.1, decoupled_weight_decay=True), Run(0.01, logged=True), {"beta1": 0.9, "weight_decay": 0.1},
    ),
    "torch RAdam": ("radam", torch_optim("RAdam", betas=(0.8, 0.99)), Run(0.01, logged=True), BETAS),
    "torch RAdam with decay": (
        "radam+decay", torch_optim("RAdam", weight_decay=0.1, decoupled_weight_decay=True), Run(0.01), {"lr": 0.01, "beta1": 0.9, "weight_decay": 0.1},
    ),
    "optax Adagrad": ("adagrad", optax_rule("adagrad"), Run(0.05, steps=20, logged=True), {"s0": 0.1}),
    "optax Adamax with decay": ("adamaxw", optax_rule("adamaxw", weight_decay=0.1), Run(0.01), {"lr": 0.01, "weight_decay": 0.1}),
    "optax NAdam": ("nadam/constant_momentum", optax_rule("nadam"), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.999}),
    "optax AdEMAMix": (
        "ademamix", optax_contrib("ademamix", b3=0.99, alpha=3.0), Run(0.01, steps=100, logged=True), {"beta1": 0.9, "beta3": 0.99, "alpha": 3.0},
    ),
    "optax simplified AdEMAMix": (
        "simplified_ademamix", optax_contrib("simplified_ademamix", alpha=2.0, b1=0.9), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.95, "alpha": 2.0},
    ),
    "optax Lion": ("lion", optax_rule("lion", weight_decay=0.1), SIGNS, {"weight_decay": 0.1}),
    "optax Lion, rate unknown": ("lion", optax_rule("lion"), replace(SIGNS, logged=False), {"lr": 0.03}),
    "optax Signum": ("signum", optax_rule("signum"), SIGNS, {}),
    "optax SignSGD": ("sign_sgd", optax_rule("sign_sgd"), Run(0.001), {"lr": 0.001}),
    "keras Nadam": ("nadam", keras_rule("Nadam"), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "momentum_decay": 1.0}),
    "keras Adamax": ("adamax", keras_rule("Adamax"), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.999}),
    "keras Lion": ("lion", keras_rule("Lion"), SIGNS, {}),
    "keras Adagrad": ("adagrad", keras_rule("Adagrad"), Run(0.05, logged=True), {"s0": 0.1}),
    "keras RMSprop with momentum": ("rmsprop/momentum_lr_inside", keras_rule("RMSprop", momentum=0.9), Run(0.01), {"lr": 0.01, "momentum": 0.9}),
    "keras Ftrl": ("ftrl", keras_rule("Ftrl"), Run(0.05, logged=True), {"s0": 0.1}),
    "optax AdaBelief": ("adabelief", optax_rule("adabelief"), Run(0.01), {"lr": 0.01, "beta1": 0.9, "beta2": 0.999}),
    "keras AdamW, 100 steps": ("adamw", keras_rule("AdamW", weight_decay=0.05), Run(0.01, steps=100, logged=True), {"weight_decay": 0.05}),
}  # fmt: skip

OPEN = {"optax AMSGrad": {"beta2"}}
"""What a log cannot tell: with gradients that fall, v_hat is largest at the first step, where it is g^2 whatever beta2 is."""

UNKNOWN: dict[str, tuple[Start, Run]] = {
    "torch Adafactor": (torch_optim("Adafactor"), Run(0.01, logged=True)),
    "optax LAMB": (optax_rule("lamb"), Run(0.001, logged=True)),
    "optax Adan, whose shares of the change are 1 - b2": (optax_rule("adan"), Run(0.01, logged=True)),
}


def _close(found: Identification, wanted: Mapping[str, float], left_open: Collection[str] = ()) -> None:
    """What is said is true: every interval holds the truth, and what counts as recovered is within 1 % of it."""
    assert found.answer is not None
    hyper = {o.name: o for o in found.answer.hyper}
    assert {n for n in wanted if not hyper[n].recovered} == set(left_open)
    for name, value in wanted.items():
        assert hyper[name].low <= value <= hyper[name].high, (name, hyper[name])
        assert name in left_open or abs(hyper[name].value - value) <= 0.01 * value, (name, hyper[name])


@pytest.mark.parametrize("name", list(KNOWN))
def test_a_log_is_traced_to_its_rule_and_hyperparameters(tmp_path: Path, name: str) -> None:
    wanted, start, run, hyper = KNOWN[name]
    found = identify(readings(text(run, start()), tmp_path))
    assert found.answer is not None, found.runner_up
    assert found.answer.name == wanted, [(f.name, f.fit.worst) for f in (found.answer, *found.also)]
    assert found.answer.fit.worst <= 1
    assert found.runner_up is None or found.runner_up.worst > 1
    _close(found, hyper, OPEN.get(name, ()))
    if run.changing and not run.logged:
        assert found.rates is not None
        for rate, true in ((found.rates.first, run.rate(0)), (found.rates.last, run.rate(run.steps - 1))):
            assert abs(rate - true) <= 0.01 * true


@pytest.mark.parametrize("name", list(UNKNOWN))
def test_a_rule_outside_the_catalogue_is_none(tmp_path: Path, name: str) -> None:
    start, run = UNKNOWN[name]
    found = identify(readings(text(run, start()), tmp_path))
    assert found.answer is None, (found.answer and found.answer.name, found.answer and found.answer.hyper)
    assert found.runner_up is not None
    assert found.runner_up.worst > 1


def test_adagrad_without_a_rate_is_known_as_a_limit_of_rmsprop(tmp_path: Path) -> None:
    found = identify(readings(text(Run(0.05), torch_optim("Adagrad")()), tmp_path), rule("rmsprop"))
    assert found.answer is None
    assert "rmsprop" in found.limits


def test_what_a_constant_rate_cannot_tell_apart_is_listed(tmp_path: Path) -> None:
    found = identify(readings(text(Run(0.05), torch_optim("SGD", momentum=0.9)()), tmp_path))
    assert found.answer is not None
    assert found.answer.name == "momentum"
    assert {f.name for f in found.also if f.same} >= {"momentum/lr_outside"}


def test_an_eps_too_small_to_be_seen_is_said_to_be_open_and_its_places_are_not_told_apart(tmp_path: Path) -> None:
    found = identify(readings(text(Run(0.01), torch_optim("Adam")()), tmp_path))
    assert found.answer is not None
    assert found.answer.name == "adam"
    eps = next(o for o in found.answer.hyper if o.name == "eps")
    assert not eps.recovered
    assert eps.low <= 1e-8 <= eps.high
    assert {"adam/eps_hat", "adam/eps_in_sqrt"} <= {f.name for f in found.also}


def test_a_log_whose_gradient_led_to_the_theta_of_its_row_is_read_so(tmp_path: Path) -> None:
    lines = [line.split(",") for line in text(Run(0.01, logged=True), torch_optim("Adam", weight_decay=0.1)()).splitlines()]
    later = [[*after[:5], *before[5:]] for before, after in pairwise(lines[1:])]
    found = identify(readings("\n".join(",".join(row) for row in [lines[0], *later]), tmp_path))
    assert found.answer is not None
    assert (found.answer.name, found.log.reading) == ("adam/l2", "to")
    _close(found, {"beta1": 0.9, "weight_decay": 0.1})


def test_gradients_clipped_by_value_are_seen(tmp_path: Path) -> None:
    import torch

    class Clipped(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            torch.nn.utils.clip_grad_value_(self.param_groups[0]["params"], 0.2)
            return super().step(closure)

    found = identify(readings(text(Run(0.05, logged=True), torch_start(lambda p: Clipped(p, lr=0.05, momentum=0.9))), tmp_path), rule("momentum"))
    assert found.answer is not None
    assert found.answer.name == "momentum+clip"
    _close(found, {"clip": 0.2, "momentum": 0.9})


def _own_log(name: str, run: Run) -> Log:
    """A log of the rule's own formula in float32, not printed: exact float32 numbers."""
    from importlib import import_module

    module = import_module(f"refopt.generated.numpy.{name.replace('/', '_')}")
    theta, gradient = quadratic(run.elements, run.seed)
    state, thetas, grads = module.init(theta), [theta], []
    for t in range(run.steps):
        grads.append(gradient(thetas[-1]))
        theta, state = module.step(theta, grads[-1], state, t + 1, **rule(name).at_rate(run.rate(t)))
        thetas.append(theta)
    spacing = [Measured(np.asarray(x, np.float64), np.abs(np.asarray(x, np.float64)) * 2.0**-24) for x in (thetas, grads)]
    rates = np.array([run.rate(s) for s in range(run.steps)])
    return Log(spacing[0], spacing[1], Measured(rates, rates * 2.0**-24), FLOAT32)


@pytest.mark.parametrize("r", [r for r in rules(variants=True) if not r.inputs], ids=lambda r: r.name)
def test_every_rule_of_the_catalogue_explains_its_own_log(r: Any) -> None:
    run = Run(0.01, steps=30, changing=True)
    found = identify([_own_log(r.name, run)], r)
    assert found.answer is not None
    assert found.answer.name == r.name
    for o in found.answer.hyper:
        assert o.low <= float(r.values()[o.name]) <= o.high, o


def test_a_single_element_with_a_free_rate_explains_anything_and_is_not_tried(tmp_path: Path) -> None:
    import torch

    content = text(replace(Run(0.01, changing=True), elements=1), torch_start(lambda p: torch.optim.Adam(p, lr=0.01)))
    found = identify(readings(content, tmp_path), rule("sgd"))
    assert found.answer is None
