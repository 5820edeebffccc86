"""Names in keras: the arguments of its optimizers, their variables, and the rules that they are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refopt.conformance.protocol.implementation import View
from refopt.frameworks.configured import moments, velocity_downhill

RATE, DECAY = {"learning_rate": "lr"}, {"weight_decay": "weight_decay"}
ADAM = {**RATE, "beta_1": "beta1", "beta_2": "beta2", "epsilon": "eps", **DECAY}
KINDS: dict[str, dict[str, str]] = {
    "SGD": {**RATE, "momentum": "momentum", **DECAY},
    "RMSprop": {**RATE, "rho": "rho", "epsilon": "eps", **DECAY, "momentum": "momentum"},
    "Adam": ADAM,
    "AdamW": ADAM,
    "Adamax": ADAM,
    "Nadam": ADAM,
    "Adagrad": {**RATE, "initial_accumulator_value": "s0", "epsilon": "eps", **DECAY},
    "Adadelta": {**RATE, "rho": "rho", "epsilon": "eps", **DECAY},
    "Lion": {**RATE, "beta_1": "beta1", "beta_2": "beta2", **DECAY},
    "Ftrl": {**RATE, "l1_regularization_strength": "l1", "l2_regularization_strength": "l2", "beta": "beta", "initial_accumulator_value": "s0",
             "l2_shrinkage_regularization_strength": "l2_shrinkage", **DECAY},
    "ScheduleFreeAdamW": ADAM,
}
"""The hyperparameters that each takes: keras' name and the rules'."""
VIEWS: dict[str, dict[str, View]] = {
    **moments("momentum", "velocity", "velocity_hat"),
    **velocity_downhill("momentum"),
    "rmsprop": {"v": View("velocity"), "m": View("average_gradient"), "b": View("momentum")},
    "adamax": {"m": View("momentum"), "u": View("norm")},
    "nadam": {"m": View("momentum"), "v": View("velocity"), "mu_product": View("u_product")},
    "adagrad": {"s": View("accumulator")},
    "adadelta": {"s": View("accumulated_grad"), "u": View("accumulated_delta_var")},
    "lion": {"m": View("momentum")},
    "ftrl": {"z": View("linear"), "n": View("accumulator")},
    "schedule_free_adamw": {"z": View("momentum"), "v": View("velocity")},
}
"""By rule, else by its family: which variable shows which state variable."""
CONSTANTS = {"Nadam": {"momentum_decay": "1"}}
"""By class, the hyperparameters of its rule that stand in its code as numbers: 0.96**t where the rule has 0.96**(t*momentum_decay)."""
KNOWN = (("SGD", "sgd"), ("SGD(momentum=0.9)", "momentum"), ("SGD(momentum=0.9, nesterov=True)", "nesterov"), ("RMSprop", "rmsprop"),
         ("RMSprop(momentum=0.9)", "rmsprop/momentum_lr_inside"), ("Adam", "adam"), ("AdamW", "adamw"), ("Adam(amsgrad=True)", "amsgrad"),
         ("Adamax", "adamax"), ("Nadam", "nadam"), ("Adagrad", "adagrad"), ("Adadelta", "adadelta"), ("Lion", "lion"), ("Ftrl", "ftrl"),
         ("ScheduleFreeAdamW", "schedule_free_adamw"))  # fmt: skip
"""The configurations of a survey, and the rules they are judged by."""


def judged_by(kind: str, arguments: Mapping[str, Any]) -> str:
    """The rule that an optimizer with these arguments is judged by: the one that its arguments ask for."""
    if kind == "SGD":
        return "sgd" if not arguments["momentum"] else "nesterov" if arguments["nesterov"] else "momentum"
    if kind == "RMSprop" and arguments["momentum"]:
        return "rmsprop/momentum_lr_inside"
    if kind == "Ftrl" and arguments["l2_shrinkage_regularization_strength"]:
        return "ftrl/shrinkage"
    if arguments.get("amsgrad"):
        return "amsgrad"
    if kind == "ScheduleFreeAdamW":
        return "schedule_free_adamw"
    return "adamw" if kind == "Adam" and arguments["weight_decay"] else kind.lower()
