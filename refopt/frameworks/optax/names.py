"""Names in optax: the arguments of its optimizers, the trees in their states, and the rules that they are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refopt.conformance.protocol.implementation import View
from refopt.frameworks.configured import moments, velocity_outside

RATE = {"learning_rate": "lr"}
ADAM = {**RATE, "b1": "beta1", "b2": "beta2", "eps": "eps"}
KINDS: dict[str, dict[str, str]] = {
    "sgd": {**RATE, "momentum": "momentum"},
    "rmsprop": {**RATE, "decay": "rho", "eps": "eps", "momentum": "momentum"},
    "adam": ADAM,
    "adamw": {**ADAM, "weight_decay": "weight_decay"},
    "amsgrad": ADAM,
    "adamax": ADAM,
    "nadam": ADAM,
    "radam": ADAM,
    "adabelief": {**ADAM, "eps_root": "eps_root"},
    "acprop": {**ADAM, "eps_root": "eps_root"},
    "adan": {**ADAM, "b3": "beta3", "weight_decay": "weight_decay"},
    "ademamix": {**ADAM, "b3": "beta3", "alpha": "alpha", "weight_decay": "weight_decay"},
    "simplified_ademamix": {**ADAM, "alpha": "alpha"},
    "adagrad": {**RATE, "initial_accumulator_value": "s0", "eps": "eps"},
    "adadelta": {**RATE, "rho": "rho", "eps": "eps"},
    "lion": {**RATE, "b1": "beta1", "b2": "beta2", "weight_decay": "weight_decay"},
    "signum": {**RATE, "beta": "beta1"},
    "sign_sgd": RATE,
    "yogi": ADAM,
    "madgrad": {**RATE, "momentum": "momentum", "eps": "eps"},
    "optimistic_gradient_descent": {**RATE, "alpha": "alpha", "beta": "beta"},
    "adamaxw": {**ADAM, "weight_decay": "weight_decay"},
    "nadamw": {**ADAM, "weight_decay": "weight_decay"},
    "adopt": ADAM,
    "rprop": {**RATE, "eta_minus": "eta_minus", "eta_plus": "eta_plus", "min_step_size": "step_min", "max_step_size": "step_max"},
    "schedule_free_sgd": {**RATE, "b1": "beta1"},
    "schedule_free_adamw": {**ADAM, "weight_decay": "weight_decay"},
    "cocob": {**RATE, "alpha": "alpha", "eps": "eps", "weight_decay": "weight_decay"},
    "noisy_sgd": {**RATE, "eta": "noise_variance", "gamma": "noise_decay"},
}
"""The hyperparameters that each takes: optax' name and the rules'."""
CONSTANTS = {"yogi": {"v0": "1e-6"}}
"""By alias, the hyperparameters of its rule that stand in its code as numbers."""
BOTH = {"m": View("mu"), "v": View("nu")}
SEQUENCES = {"z": View("z"), "weight_sum": View("weight_sum"), "lr_max": View("max_lr")}
VIEWS: dict[str, dict[str, View]] = {
    **moments("mu", "nu", "nu_max"),
    **velocity_outside("trace"),
    "rmsprop": {**BOTH, "b": View("trace")},
    "rmsprop/momentum_lr_inside": {"v": View("nu"), "b": View("trace", sign=-1)},
    "adamax": {"m": View("mu"), "u": View("nu")},
    "nadam": BOTH,
    "radam": BOTH,
    "adabelief": {"m": View("mu"), "s": View("nu")},
    "acprop": {"m": View("mu"), "s": View("nu")},
    "adan": {"m": View("m"), "w": View("v"), "n": View("n"), "g_before": View("g")},
    "ademamix": {"m": View("m1"), "m_slow": View("m2"), "v": View("nu")},
    "simplified_ademamix": {"m": View("m"), "v": View("n")},
    "adagrad": {"s": View("sum_of_squares")},
    "adadelta": {"s": View("e_g"), "u": View("e_x")},
    "lion": {"m": View("mu")},
    "signum": {"m": View("ema")},
    "yogi": BOTH,
    "madgrad": {"s": View("s"), "n": View("grad_sum_sq"), "theta_start": View("x0")},
    "optimistic_gd": {"g_before": View("previous_gradient")},
    "adamaxw": {"m": View("mu"), "u": View("nu")},
    "nadamw": BOTH,
    "adopt": BOTH,
    "rprop": {"update_value": View("step_sizes"), "pending": View("prev_updates")},
    "schedule_free_sgd": SEQUENCES,
    "schedule_free_adamw": {**SEQUENCES, "v": View("nu")},
    "cocob": {"scale": View("scale"), "abs_sum": View("subgradients"), "reward": View("reward"), "negative_sum": View("cumulative_gradients"),
              "theta_start": View("init_particles")},
}
"""By rule, else by its family: which tree shows which state variable."""
KNOWN = (("sgd", "sgd"), ("sgd(momentum=0.9)", "momentum"), ("sgd(momentum=0.9, nesterov=True)", "nesterov"), ("rmsprop", "rmsprop"),
         ("rmsprop(momentum=0.9)", "rmsprop/momentum_lr_inside"), ("adam", "adam"), ("adamw", "adamw"), ("amsgrad", "amsgrad"), ("adamax", "adamax"),
         ("nadam", "nadam/constant_momentum"), ("radam", "radam"), ("adabelief", "adabelief"), ("adan", "adan"), ("contrib.ademamix", "ademamix"),
         ("contrib.simplified_ademamix", "simplified_ademamix"), ("adagrad", "adagrad"), ("adadelta", "adadelta"), ("lion", "lion"),
         ("signum", "signum"), ("sign_sgd", "sign_sgd"), ("yogi", "yogi"), ("optimistic_gradient_descent", "optimistic_gd"),
         ("adamaxw", "adamaxw"), ("nadamw", "nadamw"), ("contrib.acprop", "acprop"), ("contrib.adopt", "adopt"),
         ("contrib.schedule_free_sgd", "schedule_free_sgd"), ("contrib.schedule_free_adamw", "schedule_free_adamw"),
         ("rprop", "rprop"), ("contrib.cocob", "cocob/scaled"), ("noisy_sgd", "noisy_sgd"),
         ("contrib.madgrad", "madgrad"))  # fmt: skip
"""The configurations of a survey, and the rules they are judged by."""


FIRST = ("is_initial_step",)
"""The fields of states that say whether no update was made yet."""


def judged_by(kind: str, arguments: Mapping[str, Any]) -> str:
    """The rule that an optimizer with these arguments is judged by: the one that its arguments ask for."""
    if kind == "sgd" and arguments["momentum"] is not None:
        return "nesterov" if arguments["nesterov"] else "momentum"
    if kind == "nadam":  # it has no momentum_decay
        return "nadam/constant_momentum"
    if kind == "adopt":
        return "adopt/nesterov" if arguments["nesterov"] else "adopt" if arguments["use_clipping"] else "adopt/unclipped"
    if kind == "cocob":
        return "cocob/scaled"
    if kind == "optimistic_gradient_descent":
        return "optimistic_gd"
    return "rmsprop/momentum_lr_inside" if kind == "rmsprop" and arguments["momentum"] is not None else kind
