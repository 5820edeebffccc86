"""Each kind of object that people have, a right and a wrong one, written as people write them: the right one conforms, the error is named."""

from __future__ import annotations

import importlib
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import refopt
import refopt.testing
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.frameworks.installed import is_installed
from refopt.frameworks.keras.backend import backend_here, keras_here
from refopt.report.words import told_or_none

PEOPLE = Path(__file__).parent / "people"
SECONDS = 15.0
"""CPU seconds that the answer on one object may take."""
SEARCH = 60.0
"""Seconds that the search for a name may take: more than it needs where other processes are run beside it."""
CASES = ("basic", "rate", "low")
NEEDS = {"of_torch": "torch", "around_torch": "torch", "torch_schedules": "torch", "compiled": "torch", "of_jax": "optax", "of_keras": "keras", "of_c": "cffi"}
"""By module, the package that it imports."""
COMPILER, COMPILED = "gcc", ("of_c", "compiled")
"""The modules that a compiler of C is needed for."""


@dataclass(frozen=True)
class Kind:
    """A right and a wrong object of a module of `people`, the rule or schedule that they are meant to be, and the edit, or the variant, that is named."""

    module: str
    right: str
    wrong: str
    rule: str
    named: str
    cases: tuple[str, ...] = CASES
    maps: Mapping[str, str] = field(default_factory=dict)
    dtype: str = "float64"

    def check(self, name: str) -> Finding:
        """The finding in its format, or on a schedule; it is measured."""
        began = time.process_time()
        made, cases = of_module(self.module, name), [f"{self.rule}-open-{case}-001" for case in self.cases]
        found = refopt.check(made, self.rule, maps=self.maps, dtypes=[self.dtype] if cases else (), cases=cases, search=SEARCH).found.worst
        took = time.process_time() - began
        assert took < SECONDS, f"{took:.1f} s"
        return found


def of_module(module: str, name: str) -> Any:
    """An object of a module of `people`, where what that imports is installed."""
    package = NEEDS.get(module)
    if package is not None and (not is_installed(package) or (package == "keras" and not backend_here())):
        pytest.skip(f"{package}, or a backend of it, is not installed")
    if module in COMPILED and shutil.which(COMPILER) is None:
        pytest.skip(f"{COMPILER} is not installed")
    if package == "keras":
        keras_here()
    return getattr(importlib.import_module(f"tests.frameworks.own.people.{module}"), name)


FIRST: tuple[str, ...] = ("basic",)
SCHEDULE: tuple[str, ...] = ()
UPHILL = "theta: theta - lr*g -> theta + lr*g"
UPHILL_VELOCITY = "v: momentum*v + lr*g -> momentum*v - lr*g"
KINDS = {
    "a torch class of lists of tensors, whose state is made when it is needed": Kind(
        "of_torch", "ForeachRMSprop", "ForeachRMSpropWrong", "rmsprop", "v: 1 - rho -> rho"
    ),
    "a torch class with its state in a tuple, which requires a closure": Kind(
        "of_torch", "TupleAdam", "TupleAdamWrong", "adam", "v_hat: 1 - beta2^t -> 1 - beta1^t", ("basic", "low")
    ),
    "a torch class with an argument that goes by a word of its own": Kind(
        "of_torch", "ShrinkingAdamW", "ShrinkingAdamWWrong", "adamw", "theta: lr*weight_decay -> weight_decay", ("basic", "low"), {"shrink": "weight_decay"}
    ),
    "a function that makes a torch optimizer of parameters, or of a model": Kind(
        "of_torch", "make_momentum", "make_momentum_wrong", "momentum", "for t >= 2: v: momentum*v + lr*g -> momentum*v - lr*g"
    ),
    "a class of torch's schedulers": Kind("torch_schedules", "Halving", "LateHalving", "step_decay", "rate: k -> k + 1", SCHEDULE),
    "a torch optimizer with its schedule": Kind(
        "torch_schedules", "sgd_with_halving", "sgd_with_late_halving", "step_decay", "rate: k -> k + 1", SCHEDULE
    ),
    "an object around a torch optimizer that sets its rate": Kind(
        "around_torch", "noam", "late_noam", "noam", "everywhere: k -> k + 1", SCHEDULE
    ),
    "a chain of optax": Kind("of_jax", "my_adamw", "decay_beside_the_rate", "adamw", "theta: lr*weight_decay -> weight_decay", ("basic", "low")),
    "a torch class whose step is compiled": Kind("compiled", "CompiledRMSprop", "CompiledRMSpropWrong", "rmsprop", "rmsprop/eps_in_sqrt", ("basic", "low")),
    "a function that torch compiles": Kind("compiled", "momentum_update", "momentum_update_wrong", "momentum", UPHILL_VELOCITY, FIRST),
    "a kernel of C in floats, called by a class": Kind("of_c", "CRMSprop", "CRMSpropWrong", "rmsprop", "rmsprop/eps_in_sqrt", dtype="float32"),
    "a kernel of C in doubles, called by a function": Kind("of_c", "momentum", "momentum_wrong", "momentum", UPHILL_VELOCITY),
    "a jitted step of optax": Kind(
        "of_jax", "sgd_train_step", "sgd_train_step_wrong", "sgd", "theta: the step is -10 times as long", ("basic", "dyadic", "zeros")
    ),
    "an optax optimizer with its schedule": Kind(
        "of_jax", "sgd_with_exponential", "uphill_with_late_schedule", "sgd", "theta: theta - lr*g -> theta + lr*g", ("basic", "rate")
    ),
    "a jitted step of JAX": Kind(
        "of_jax", "momentum_train_step", "damped_train_step", "momentum", "v: lr*g -> (1 - momentum)*(lr*g)"
    ),
    "a schedule of JAX": Kind(
        "of_jax", "exponential_of_jax", "late_exponential_of_jax", "exponential", "rate: factor^k -> factor^(k + 1)", SCHEDULE
    ),
    "a keras class": Kind("of_keras", "MyRMSprop", "SummingRMSprop", "rmsprop", "v: (1 - rho)*g^2 -> g^2", FIRST),
    "a schedule of keras": Kind("of_keras", "MyExponential", "LateExponential", "exponential", "rate: factor^k -> factor^(k + 1)", SCHEDULE),
    "a schedule of keras that is formed in float32": Kind(
        "of_keras", "NarrowCosine", "LateNarrowCosine", "cosine_annealing", "rate: k -> k + 1", SCHEDULE
    ),
    "a class with get_updates, or with parameters of its own": Kind("numpy_classes", "RMSProp", "RmsUpdates", "rmsprop", "v: (1 - rho)*g^2 -> g^2"),
    "a class that takes pairs of a gradient and a parameter": Kind("numpy_classes", "PairedMomentum", "PairedMomentumWrong", "momentum", UPHILL_VELOCITY),
    "a class that is given one layer, and keeps its state on it": Kind(
        "layers", "Optimizer_Adam", "Optimizer_AdamWrong", "adam", "v_hat: 1 - beta2^t -> 1 - beta1^t", ("basic", "low")
    ),
    "a class that is given a network of layers": Kind("layers", "NetworkRmsprop", "NetworkRmspropWrong", "rmsprop", "rmsprop/eps_in_sqrt"),
    "a class that is made with its layers": Kind("layers", "LayersMomentum", "LayersMomentumWrong", "momentum", UPHILL_VELOCITY),
    "a function of a list of layers": Kind("layers", "update", "climb", "sgd", UPHILL, ("basic", "dyadic")),
    "a function that another one makes, which keeps its state": Kind(
        "numpy_functions", "make_rmsprop", "make_rmsprop_wrong", "rmsprop", "rmsprop/eps_in_sqrt"
    ),
    "an object around an optimizer of torch": Kind("of_torch", "Trainer", "ClimbingTrainer", "sgd", UPHILL, ("basic", "low")),
    "a schedule whose arguments share words": Kind(
        "schedules", "StepDecay", "SmoothStepDecay", "step_decay", "rate: floor(k / every) -> k / every", SCHEDULE
    ),
    "a function of arrays, or of dicts with a state": Kind(
        "numpy_functions", "adam_step", "adam_update", "adam", "v_hat: 1 - beta2^t -> 1 - beta1^t"
    ),
    "an object with init and step whose state is its own": Kind(
        "init_and_step", "PrivateMomentum", "UphillMomentum", "momentum", "v: momentum*v + lr*g -> momentum*v - lr*g", ("basic", "low")
    ),
    "a whole loop": Kind("loops", "minimize", "minimize_uncorrected", "adam", "adam/uncorrected", ("basic", "low")),
    "a schedule as a function of the step": Kind("schedules", "cosine_annealing", "late_cosine_annealing", "cosine_annealing", "rate: k -> k + 1", SCHEDULE),
    "a schedule that counts its own steps": Kind("schedules", "CosineThatCounts", "LateCosineThatCounts", "cosine_annealing", "rate: k -> k + 1", SCHEDULE),
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frameworks are imported once."""
    monkeypatch.setenv("REFOPT_ISOLATED", "0")


@pytest.mark.filterwarnings("ignore:.torch.jit.script_method. is deprecated:DeprecationWarning")  # torch's compiler raises it of torch's own code
@pytest.mark.parametrize("name", KINDS)
def test_the_right_one_conforms_and_the_error_of_the_wrong_one_is_named(name: str) -> None:
    kind = KINDS[name]
    right = kind.check(kind.right)
    assert right.verdict == Conformance.CONFORMS, (right.verdict, told_or_none(right.reason), told_or_none(right.diagnosis.edit))
    wrong = kind.check(kind.wrong)
    assert wrong.verdict in (Conformance.DEVIATES, Conformance.VARIANT), (wrong.verdict, told_or_none(wrong.reason))
    assert kind.named in (told_or_none(wrong.diagnosis.edit), *wrong.diagnosis.matches), (told_or_none(wrong.diagnosis.edit), wrong.diagnosis.matches)


@dataclass(frozen=True)
class Spelled:
    """A small kind of a framework: the right one, the wrong one, its rule, how the error is named, and how that begins on the screen."""

    module: str
    right: str
    wrong: str
    rule: str
    named: str
    shown: str = "Steps go the wrong way"


FRAMEWORKS = {
    "torch": Spelled("of_torch", "EachGroupSGD", "ClimbingSGD", "sgd", UPHILL),
    "optax": Spelled("of_jax", "sgd_with_exponential", "uphill_with_late_schedule", "sgd", UPHILL),
    "keras": Spelled("of_keras", "MySGD", "ClimbingSGD", "sgd", UPHILL),
    "numpy": Spelled("init_and_step", "PrivateMomentum", "UphillMomentum", "momentum", "v: momentum*v + lr*g -> momentum*v - lr*g"),
}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_on_the_command_line_and_in_a_persons_tests_the_same_is_named(
    framework: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from refopt.cli.main import main

    of = FRAMEWORKS[framework]
    right, wrong = of_module(of.module, of.right), of_module(of.module, of.wrong)
    case = f"{of.rule}-open-basic-001"
    refopt.testing.assert_conforms(right, of.rule, dtypes=["float64"], cases=[case])
    with pytest.raises(refopt.NotAsExpected) as raised:
        refopt.testing.assert_conforms(wrong, of.rule, dtypes=["float64"], cases=[case], search=SEARCH)
    assert of.named in str(raised.value)
    monkeypatch.chdir(PEOPLE)
    assert main(["check", f"./{of.module}.py:{of.wrong}", "--rule", of.rule, "--dtype", "float64", "--case", case]) == 1
    shown = capsys.readouterr().out
    assert f"deviates from {of.rule}" in shown and of.shown in shown, shown
