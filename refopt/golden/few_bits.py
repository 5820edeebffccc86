"""Edits that no case sees in the formats of few bits: how far the cases and the draws that were tried come, in bounds.

bfloat16 has 8 bits and float16 has 11. The step of these rules is a quotient of sums of products, and a correct program may be off by
some 5 % of it in bfloat16 and by 0.6 % in float16, however the inputs are chosen; an edit that moves the step by less than four times
that cannot be told from rounding. In float32 and float64 all of them are seen.
"""

from __future__ import annotations

AT_BEST: dict[str, dict[str, str]] = {
    "nadam": {
        "mu_next: beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay)) -> beta1": "1.93 in bfloat16",
        "mu_next: 1 - 0.5*0.96^((t + 1)*momentum_decay) -> 1": "1.93 in bfloat16",
        "mu_next: 0.5*0.96^((t + 1)*momentum_decay) -> 0.5": "1.79 in bfloat16",
        "mu_next: 0.5*0.96^((t + 1)*momentum_decay) -> 0.96^((t + 1)*momentum_decay)": "1.81 in bfloat16",
        "mu_next: 0.5 -> 1.5": "3.54 in bfloat16",
        "mu_next: 0.96^((t + 1)*momentum_decay) -> 0.96": "1.71 in bfloat16",
        "mu_next: (t + 1)*momentum_decay -> (t + 1) / momentum_decay": "1.93 in bfloat16",
        "mu_next: (t + 1)*momentum_decay -> t + 1": "1.37 in bfloat16",
        "mu_next: (t + 1)*momentum_decay -> momentum_decay": "1.23 in bfloat16",
        "mu_next: t + 1 -> t - 1": "0.954 in bfloat16",
        "mu_next: t + 1 -> t": "0.422 in bfloat16, 3.55 in float16",
        "mu_next: t + 1 -> 1": "1.23 in bfloat16",
        "mu_next: t -> t + 1": "0.331 in bfloat16, 2.76 in float16",
        "mu_next: t -> t - 1": "0.422 in bfloat16, 3.55 in float16",
        "mu_next: 1 -> 2": "0.331 in bfloat16, 2.76 in float16",
        "mu_next: momentum_decay -> lr": "1.64 in bfloat16",
        "mu_next: momentum_decay -> beta1": "1.45 in bfloat16",
        "mu_next: momentum_decay -> beta2": "1.41 in bfloat16",
        "mu_next: momentum_decay -> eps": "1.79 in bfloat16",
        "theta: (1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m -> (1 - mu) / (1 - mu_product) * g": "3.89 in bfloat16",
        "theta: mu_next / (1 - mu_product*mu_next) -> mu_next*(1 - mu_product*mu_next)": "1.13 in bfloat16",
        "theta: mu_next / (1 - mu_product*mu_next) -> mu_next": "0.638 in bfloat16",
        "theta: 1 - mu_product*mu_next -> 1 + mu_product*mu_next": "1.05 in bfloat16",
        "theta: 1 - mu_product*mu_next -> 1": "0.638 in bfloat16",
        "theta: 1 -> 2": "2.1 in bfloat16",
        "theta: mu_product*mu_next -> mu_product": "0.982 in bfloat16",
        "theta: m -> previous m": "2.76 in bfloat16",
        "theta: mu_product -> previous mu_product": "1.55 in bfloat16",
    },
    "nadam/constant_momentum": {
        "theta: beta1^(t + 1) -> beta1^(t + 1 + 1)": "1.65 in bfloat16",
        "theta: 1 -> 2": "1.65 in bfloat16",
    },
    "radam": {
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 4": "3.86 in bfloat16",
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 2": "3.28 in bfloat16",
        "r: 4 -> 5": "3.33 in bfloat16",
        "r: rho_t - 2 -> rho_t + 2": "3.03 in bfloat16",
        "r: rho_t - 2 -> rho_t": "1.66 in bfloat16",
        "r: 2 -> 3": "1.02 in bfloat16",
        "r: rho_inf - 4 -> rho_inf + 4": "2.97 in bfloat16",
        "r: rho_inf - 4 -> rho_inf": "2.14 in bfloat16",
        "r: rho_inf - 2 -> rho_inf + 2": "1.58 in bfloat16",
        "r: rho_inf - 2 -> rho_inf": "0.962 in bfloat16",
        "theta: beta2^t -> beta2^(t + 1)": "0.371 in bfloat16, 1.75 in float16",
        "theta: beta2^t -> beta2^(t - 1)": "0.396 in bfloat16, 2.07 in float16",
    },
    "radam/eps_on_v_hat": {
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 2": "3.34 in bfloat16",
        "r: 4 -> 5": "3.1 in bfloat16",
        "r: rho_t - 2 -> rho_t + 2": "2.68 in bfloat16",
        "r: rho_t - 2 -> rho_t": "1.47 in bfloat16",
        "r: 2 -> 3": "0.915 in bfloat16",
        "r: rho_inf - 4 -> rho_inf + 4": "2.57 in bfloat16",
        "r: rho_inf - 4 -> rho_inf": "1.86 in bfloat16",
        "r: rho_inf - 2 -> rho_inf + 2": "1.37 in bfloat16",
        "r: rho_inf - 2 -> rho_inf": "0.835 in bfloat16",
        "v_hat: beta2^t -> beta2^(t + 1)": "0.271 in bfloat16, 1.64 in float16",
    },
    "radam/threshold_4": {
        "r: (rho_t - 4)*(rho_t - 2) -> rho_t - 2": "3.27 in bfloat16",
        "r: rho_t - 2 -> rho_t + 2": "3.58 in bfloat16",
        "r: rho_t - 2 -> rho_t": "1.94 in bfloat16",
        "r: 2 -> 3": "1.15 in bfloat16",
        "r: rho_inf - 4 -> rho_inf + 4": "2.34 in bfloat16",
        "r: rho_inf - 4 -> rho_inf": "1.69 in bfloat16",
        "r: 4 -> 5": "1.1 in bfloat16",
        "r: rho_inf - 2 -> rho_inf + 2": "1.25 in bfloat16",
        "r: rho_inf - 2 -> rho_inf": "0.761 in bfloat16",
        "v_hat: beta2^t -> beta2^(t + 1)": "0.305 in bfloat16, 1.76 in float16",
    },
    "adan": {
        "theta: m / (1 - beta1^t) + beta2 * w / (1 - beta2^t) -> m / (1 - beta1^t)": "3.56 in bfloat16",
        "theta: beta2 * w / (1 - beta2^t) -> beta2*w*(1 - beta2^t)": "3.47 in bfloat16",
        "theta: beta2 * w / (1 - beta2^t) -> beta2*w": "3.01 in bfloat16",
        "theta: beta2 -> lr": "3.55 in bfloat16",
        "theta: beta2 -> beta3": "2.56 in bfloat16",
        "theta: beta2 -> weight_decay": "3.52 in bfloat16",
        "theta: 1 - beta2^t -> 1 + beta2^t": "3.26 in bfloat16",
        "theta: 1 - beta2^t -> 1": "3.01 in bfloat16",
        "theta: 1 -> 2": "3.08 in bfloat16",
        "theta: beta2^t -> beta2^(t + 1)": "1.08 in bfloat16",
        "theta: beta3^t -> beta3": "2.72 in bfloat16",
        "theta: w -> previous w": "3.56 in bfloat16",
    },
    "adabelief": {
        "s_hat: beta2^t -> beta2": "3.7 in bfloat16",
    },
    "ademamix": {
        "v_hat: beta2^t -> beta2": "3.44 in bfloat16",
    },
    "yogi/m0": {
        "theta: sqrt(v_hat) + eps -> sqrt(v_hat) - eps": "1.99 in bfloat16",
        "theta: sqrt(v_hat) + eps -> sqrt(v_hat)": "0.873 in bfloat16",
        "theta: eps -> v0": "2.4 in bfloat16",
    },
    "nadamw": {
        "v_hat: beta2^t -> beta2": "3.68 in bfloat16",
        "theta: beta1^(t + 1) -> beta1^(t + 1 + 1)": "1.38 in bfloat16",
        "theta: 1 -> 2": "1.38 in bfloat16",
    },
}
"""By rule and edit: the largest difference in bounds, in the formats in which it is not seen."""
