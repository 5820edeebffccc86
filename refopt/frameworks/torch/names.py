"""Names in torch.optim: constructor arguments, buffers, and the rule that each configuration is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refopt.conformance.protocol.implementation import View
from refopt.frameworks.argument_names import Place

ARGUMENTS = {"SGD": ("lr", "momentum", "dampening", "weight_decay"), "RMSprop": ("lr", "alpha", "eps", "weight_decay", "momentum"),
             "Adam": ("lr", "beta1", "beta2", "eps", "weight_decay"), "AdamW": ("lr", "beta1", "beta2", "eps", "weight_decay"),
             "Adamax": ("lr", "beta1", "beta2", "eps", "weight_decay"), "Adadelta": ("lr", "rho", "eps", "weight_decay"),
             "Adagrad": ("lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps"),
             "NAdam": ("lr", "beta1", "beta2", "eps", "weight_decay", "momentum_decay"), "RAdam": ("lr", "beta1", "beta2", "eps", "weight_decay"),
             "ASGD": ("lr", "lambd", "alpha", "t0", "weight_decay"),
             "Rprop": ("lr", "eta_minus", "eta_plus", "step_min", "step_max")}  # fmt: skip
"""The hyperparameters that each class takes; `betas`, `etas` and `step_sizes` stand as two each, `alpha` is the rules' rho but in `OF_CLASS`."""
GLOSSARY = {"alpha": "rho", "initial_accumulator_value": "s0"}
"""torch's names that differ from the glossary's."""
OF_CLASS = {"ASGD": {"t0": "averaged_after"}}
"""By class, the names that are its own."""
PLACES = {"beta1": Place("betas", 0), "beta2": Place("betas", 1), "eta_minus": Place("etas", 0), "eta_plus": Place("etas", 1),
          "step_min": Place("step_sizes", 0), "step_max": Place("step_sizes", 1)}
"""Hyperparameters that stand in a tuple."""
MOMENTS = {"m": View("exp_avg"), "v": View("exp_avg_sq"), "v_max": View("max_exp_avg_sq")}
SCALED, PLAIN, NEGATIVE = View("momentum_buffer", times_lr=True), View("momentum_buffer"), View("momentum_buffer", sign=-1, times_lr=True)
VIEWS: dict[str, dict[str, View]] = {
    "rmsprop": {"v": View("square_avg"), "m": View("grad_avg"), "b": PLAIN}, "rmsprop/momentum_lr_inside": {"v": View("square_avg"), "b": SCALED},
    "nadam": {**MOMENTS, "mu_product": View("mu_product")}, "radam": MOMENTS,
    "adam": MOMENTS, "adamw": MOMENTS, "amsgrad": MOMENTS,
    "momentum": {"v": SCALED}, "nesterov": {"v": SCALED}, "nesterov/velocity": {"v": NEGATIVE},
    "momentum/lr_outside": {"v": PLAIN}, "momentum/dampened": {"v": PLAIN}, "momentum/raw_start": {"v": PLAIN},
    "nesterov/lr_outside": {"v": PLAIN},
    "adamax": {"m": View("exp_avg"), "u": View("exp_inf")}, "adagrad": {"s": View("sum")},
    "adadelta": {"s": View("square_avg"), "u": View("acc_delta")}, "asgd": {"ax": View("ax"), "eta": View("eta"), "mu": View("mu")},
    "rprop": {"update_value": View("step_size"), "g_before": View("prev")},
}  # fmt: skip
"""By rule, else by its family: which buffer shows which state variable. The rules `momentum` and `nesterov` keep the learning
rate in the velocity, torch does not."""
KNOWN = (("SGD()", "sgd"), ("SGD(momentum=0.9)", "momentum"), ("SGD(momentum=0.9, nesterov=True)", "nesterov"), ("RMSprop()", "rmsprop"),
         ("Adam()", "adam"), ("AdamW()", "adamw"), ("Adam(amsgrad=True)", "amsgrad"), ("Adam(weight_decay=0.01)", "adam"), ("Adamax()", "adamax"),
         ("Adagrad()", "adagrad"), ("Adagrad(lr_decay=0.01)", "adagrad/lr_decay"), ("Adadelta()", "adadelta"), ("NAdam()", "nadam"), ("RAdam()", "radam"),
         ("RMSprop(momentum=0.9)", "rmsprop/momentum"), ("RMSprop(momentum=0.9, centered=True)", "rmsprop/centered_momentum"),
         ("ASGD()", "asgd"), ("Rprop()", "rprop"))  # fmt: skip
KEPT = {"Adagrad": ("sum",), "Adadelta": ("square_avg", "acc_delta"), "Adamax": ("exp_avg", "exp_inf"),
        "NAdam": ("exp_avg", "exp_avg_sq", "mu_product"), "RAdam": ("exp_avg", "exp_avg_sq"),
        "ASGD": ("ax", "eta", "mu"), "Rprop": ("prev", "step_size")}
"""The buffers of the classes that keep the same ones whatever their arguments are."""


def ours(kind: str, argument: str) -> str:
    """The rules' name of an argument of a class."""
    return OF_CLASS.get(kind, GLOSSARY).get(argument, argument)


def judged_by(name: str, arguments: Mapping[str, Any]) -> str:
    """The rule that an optimizer with these arguments is judged by: the one that its arguments ask for."""
    if name == "SGD":
        return "nesterov" if arguments.get("nesterov") else "momentum" if arguments.get("momentum") else "sgd"
    if name == "Adagrad":
        return "adagrad/lr_decay" if arguments.get("lr_decay") else "adagrad"
    if name == "RMSprop" and arguments.get("momentum"):
        return "rmsprop/centered_momentum" if arguments.get("centered") else "rmsprop/momentum"
    if name in ("RMSprop", "Adamax", "Adadelta", "NAdam", "RAdam", "ASGD", "Rprop"):
        return name.lower()
    return "amsgrad" if arguments.get("amsgrad") else "adamw" if name == "AdamW" or arguments.get("decoupled_weight_decay") else "adam"


def kept(name: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The buffers that an optimizer with these arguments keeps for a parameter."""
    on = arguments.get
    if name in KEPT:
        return KEPT[name]
    if name == "SGD":
        return ("momentum_buffer",) if on("momentum") else ()
    if name == "RMSprop":
        return ("square_avg", *(["grad_avg"] if on("centered") else []), *(["momentum_buffer"] if on("momentum") else []))
    return ("exp_avg", "exp_avg_sq", *(["max_exp_avg_sq"] if on("amsgrad") else []))
