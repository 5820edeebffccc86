"""Arguments of classes and factories of every framework are measured: theta must move with each as the rule's own code says."""

from __future__ import annotations

import pytest

from refopt.frameworks import handed
from tests.frameworks.own.test_every_kind import of_module

DECOUPLING = ("confirmed by measurement: betas[0] is beta1, betas[1] is beta2", "with weight_decay above 0 it has the values of adam/l2")
OTHERS = ("maximize=True: no ascent", "changes theta, not judged: centered=True")
TOLD = {
    ("of_torch", "DecouplingAdam"): (*DECOUPLING, "with decoupled=True it has not the values of adamw", *OTHERS),
    ("of_torch", "RightlyDecouplingAdam"): (*DECOUPLING, "with decoupled=True it has the values of adamw", *OTHERS),
    ("of_torch", "SwitchingAdam"): (
        "confirmed by measurement: alpha is lr, b1 is beta1, b2 is beta2, epsilon is eps",
        "with wd above 0 it has not the values of adam/l2, adamw, nadamw",
        "with amsgrad=True it has not the values of amsgrad, amsgrad/max_hat",
    ),
    ("of_jax", "deaf_adam"): (
        "confirmed by measurement: step_size is lr, b1 is beta1, b2 is beta2", "theta does not move with epsilon (eps)",
        "with amsgrad=True it has the values of amsgrad/max_hat",
    ),
    ("of_keras", "DeafAdam"): (
        "confirmed by measurement: rate is lr, b1 is beta1, b2 is beta2", "theta does not move with small_number (eps)",
        "with amsgrad=True it has not the values of amsgrad, amsgrad/max_hat",
    ),
    ("numpy_classes", "SwitchedRmsProp"): (
        "confirmed by measurement: eta is lr, gamma is rho", "theta does not move with epsilon (eps)",
        "with momentum above 0 it has the values of rmsprop/momentum", "changes theta, not judged: centered=True, rescaled=False, nesterov=True",
    ),
    ("numpy_functions", "rmsprop_of_config"): (),
    ("numpy_functions", "make_rmsprop"): (),
    ("loops", "gradient_descent"): ("confirmed by measurement: step_size is lr",),
    ("of_keras", "MyAdam"): ("confirmed by measurement: learning_rate is lr, beta_1 is beta1, beta_2 is beta2, epsilon is eps",),
}  # fmt: skip
"""By module and name, the remarks on the arguments."""


@pytest.mark.parametrize(("module", "name"), TOLD)
def test_what_was_measured_of_the_arguments_is_told(module: str, name: str) -> None:
    implementation = handed(of_module(module, name), "rmsprop" if "rms" in name.lower() else "sgd" if "descent" in name else "adam")
    assert implementation.looked == TOLD[module, name]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("module", "name", "judged"),
    [
        ("of_torch", "SwitchingAdam", (("amsgrad", "amsgrad"),)), ("of_torch", "DecouplingAdam", (("decoupled", "adamw"),)),
        ("of_torch", "RightlySwitchingAdam", ()), ("of_torch", "RightlyDecouplingAdam", ()), ("of_jax", "my_rmsprop", ()), ("of_keras", "MyAdam", ()),
    ],
)  # fmt: skip
def test_a_switch_is_to_be_judged_where_it_does_not_make_the_rule_that_it_names(module: str, name: str, judged: tuple[tuple[str, str], ...]) -> None:
    assert handed(of_module(module, name), "rmsprop" if "rms" in name else "adam").switches == judged  # type: ignore[union-attr]
