"""Edits that no case sees in the formats of few bits, by rule, in the notation of golden files.

bfloat16 has 8 bits and float16 has 11. The step of these rules is a quotient of sums of products: rounding takes a larger share of it there than
these edits do, with all the draws of inputs that were tried. How many bounds each comes to stands beside it in KILLS.json. In float32 and float64
all of them are seen.
"""

from __future__ import annotations

DTYPES = frozenset({"bfloat16", "float16"})
"""The formats of few bits."""
FEW_BITS: dict[str, tuple[str, ...]] = {
    "cocob/scaled": (
        "change: scale + reward -> scale",
        "change: reward -> previous reward",
    ),
    "nadam": (
        "mu_next: beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay)) -> beta1",
        "mu_next: 1 - 0.5*0.96^((t + 1)*momentum_decay) -> 1",
        "mu_next: 0.5*0.96^((t + 1)*momentum_decay) -> 0.5",
        "mu_next: 0.5*0.96^((t + 1)*momentum_decay) -> 0.96^((t + 1)*momentum_decay)",
        "mu_next: 0.5 -> 1.5",
        "mu_next: 0.96^((t + 1)*momentum_decay) -> 0.96",
        "mu_next: (t + 1)*momentum_decay -> (t + 1) / momentum_decay",
        "mu_next: (t + 1)*momentum_decay -> t + 1",
        "mu_next: (t + 1)*momentum_decay -> momentum_decay",
        "mu_next: t + 1 -> t - 1",
        "mu_next: t + 1 -> t",
        "mu_next: t + 1 -> 1",
        "mu_next: t -> t + 1",
        "mu_next: t -> t - 1",
        "mu_next: 1 -> 2",
        "mu_next: momentum_decay -> lr",
        "mu_next: momentum_decay -> beta1",
        "mu_next: momentum_decay -> beta2",
        "mu_next: momentum_decay -> eps",
        "theta: (1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m -> (1 - mu) / (1 - mu_product) * g",
        "theta: mu_next / (1 - mu_product*mu_next) -> mu_next*(1 - mu_product*mu_next)",
        "theta: mu_next / (1 - mu_product*mu_next) -> mu_next",
        "theta: 1 - mu_product*mu_next -> 1 + mu_product*mu_next",
        "theta: 1 - mu_product*mu_next -> 1",
        "theta: 1 -> 2",
        "theta: mu_product*mu_next -> mu_product",
        "theta: m -> previous m",
        "theta: mu_product -> previous mu_product",
    ),
    "nadam/constant_momentum": (
        "theta: beta1^(t + 1) -> beta1^(t + 1 + 1)",
        "theta: 1 -> 2",
    ),
    "radam": (
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 4",
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 2",
        "r: 4 -> 5",
        "r: rho_t - 2 -> rho_t + 2",
        "r: rho_t - 2 -> rho_t",
        "r: 2 -> 3",
        "r: rho_inf - 4 -> rho_inf + 4",
        "r: rho_inf - 4 -> rho_inf",
        "r: rho_inf - 2 -> rho_inf + 2",
        "r: rho_inf - 2 -> rho_inf",
        "theta: beta2^t -> beta2^(t + 1)",
        "theta: beta2^t -> beta2^(t - 1)",
    ),
    "radam/eps_on_v_hat": (
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 2",
        "r: 4 -> 5",
        "r: rho_t - 2 -> rho_t + 2",
        "r: rho_t - 2 -> rho_t",
        "r: 2 -> 3",
        "r: rho_inf - 4 -> rho_inf + 4",
        "r: rho_inf - 4 -> rho_inf",
        "r: rho_inf - 2 -> rho_inf + 2",
        "r: rho_inf - 2 -> rho_inf",
        "v_hat: beta2^t -> beta2^(t + 1)",
    ),
    "radam/threshold_4": (
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 2",
        "r: rho_t - 2 -> rho_t + 2",
        "r: rho_t - 2 -> rho_t",
        "r: 2 -> 3",
        "r: rho_inf - 4 -> rho_inf + 4",
        "r: rho_inf - 4 -> rho_inf",
        "r: 4 -> 5",
        "r: rho_inf - 2 -> rho_inf + 2",
        "r: rho_inf - 2 -> rho_inf",
        "v_hat: beta2^t -> beta2^(t + 1)",
    ),
    "adan": (
        "theta: m / (1 - beta1^t) + beta2 * w / (1 - beta2^t) -> m / (1 - beta1^t)",
        "theta: beta2 * w / (1 - beta2^t) -> beta2*w*(1 - beta2^t)",
        "theta: beta2 * w / (1 - beta2^t) -> beta2*w",
        "theta: beta2 -> lr",
        "theta: beta2 -> beta3",
        "theta: beta2 -> weight_decay",
        "theta: 1 - beta2^t -> 1 + beta2^t",
        "theta: 1 - beta2^t -> 1",
        "theta: 1 -> 2",
        "theta: beta2^t -> beta2^(t + 1)",
        "theta: beta3^t -> beta3",
        "theta: w -> previous w",
    ),
    "adabelief": (
        "s_hat: beta2^t -> beta2",
    ),
    "ademamix": (
        "v_hat: beta2^t -> beta2",
    ),
    "yogi/m0": (
        "theta: sqrt(v_hat) + eps -> sqrt(v_hat) - eps",
        "theta: sqrt(v_hat) + eps -> sqrt(v_hat)",
        "theta: eps -> v0",
    ),
    "nadamw": (
        "v_hat: beta2^t -> beta2",
        "theta: beta1^(t + 1) -> beta1^(t + 1 + 1)",
        "theta: 1 -> 2",
    ),
    "schedule_free_sgd": (
        "x_before: (theta - (1 - beta1)*z) / beta1 -> (theta - (1 - beta1)*z)*beta1",
        "x_before: (theta - (1 - beta1)*z) / beta1 -> theta - (1 - beta1)*z",
    ),
    "schedule_free_sgd/max_rate": (
        "x_before: (theta - (1 - beta1)*z) / beta1 -> (theta - (1 - beta1)*z)*beta1",
        "x_before: (theta - (1 - beta1)*z) / beta1 -> theta - (1 - beta1)*z",
        "x_before: theta - (1 - beta1)*z -> theta",
        "x: (1 - c)*x_before + c*z -> c*z",
    ),
    "schedule_free_adamw": (
        "x_before: (theta - (1 - beta1)*z) / beta1 -> theta - (1 - beta1)*z",
        "x_before: beta1 -> beta2",
    ),
    "schedule_free_adamw/max_rate": (
        "x_before: (theta - (1 - beta1)*z) / beta1 -> (theta - (1 - beta1)*z)*beta1",
        "x_before: (theta - (1 - beta1)*z) / beta1 -> theta - (1 - beta1)*z",
        "x_before: beta1 -> beta2",
        "theta: z -> previous z",
    ),
    "schedule_free_adamw/equal_weights": (
        "x_before: (theta - (1 - beta1)*z) / beta1 -> theta - (1 - beta1)*z",
        "x_before: theta - (1 - beta1)*z -> theta",
        "x_before: beta1 -> beta2",
    ),
    "schedule_free_adamw/decay_of_theta": (
        "theta_decayed: theta - lr*weight_decay*theta -> theta + lr*weight_decay*theta",
        "theta_decayed: theta - lr*weight_decay*theta -> theta",
        "theta_decayed: lr*weight_decay -> weight_decay",
        "theta_decayed: lr -> beta1",
        "theta_decayed: lr -> beta2",
        "theta_decayed: lr -> eps",
        "theta_decayed: lr -> weight_decay",
        "theta_decayed: weight_decay -> beta1",
        "theta_decayed: weight_decay -> eps",
        "x_before: (theta_decayed - (1 - beta1)*z) / beta1 -> (theta_decayed - (1 - beta1)*z)*beta1",
        "x_before: (theta_decayed - (1 - beta1)*z) / beta1 -> theta_decayed - (1 - beta1)*z",
    ),
}
"""Edits by rule."""
