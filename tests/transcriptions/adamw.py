"""AdamW: Adam with decoupled weight decay.

Loshchilov & Hutter 2019, "Decoupled weight decay regularization", arXiv:1711.05101, Algorithm 2, line 12:
theta_t <- theta_{t-1} - eta_t (alpha m_hat/(sqrt v_hat + epsilon) + lambda theta_{t-1}).
There lambda is multiplied by the schedule eta_t alone. The frameworks multiply it by the whole learning rate:
`torch.optim.adam._single_tensor_adam` with decoupled_weight_decay=True, transcribed here.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Both running averages are zero."""
    return {"m": Decimal(0), "v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """torch's order: the parameter shrinks first, then Adam's step is taken with the gradient as it came."""
    lr, beta1, beta2 = hyper["lr"], hyper["beta1"], hyper["beta2"]
    exp_avg, exp_avg_sq = state["m"], state["v"]
    param = theta * (1 - lr * hyper["weight_decay"])
    exp_avg = exp_avg + (1 - beta1) * (g - exp_avg)
    exp_avg_sq = exp_avg_sq * beta2 + (1 - beta2) * g * g
    bias_correction1 = 1 - beta1**t
    bias_correction2 = 1 - beta2**t
    step_size = lr / bias_correction1
    denom = exp_avg_sq.sqrt() / bias_correction2.sqrt() + hyper["eps"]
    param = param + -step_size * exp_avg / denom
    return param, {"m": exp_avg, "v": exp_avg_sq}


def step_adamc(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Defazio 2025, "Why Gradients Rapidly Increase Near the End of Training", arXiv:2506.02285: the decay times gamma_t^2/gamma_max."""
    gamma, share = hyper["lr"], hyper["lr"] / hyper["lr_max"]
    m = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    v = hyper["beta2"] * state["v"] + (1 - hyper["beta2"]) * g * g
    direction = m / (1 - hyper["beta1"] ** t) / ((v / (1 - hyper["beta2"] ** t)).sqrt() + hyper["eps"])
    return theta - gamma * (direction + share * hyper["weight_decay"] * theta), {"m": m, "v": v}


ADAMW = Optimizer(
    "adamw",
    "torch.optim.adam._single_tensor_adam, decoupled_weight_decay=True",
    ("lr", "beta1", "beta2", "eps", "weight_decay"),
    ("m", "v"),
    init,
    step,
)
ADAMC = Optimizer("adamw/adamc", "Defazio 2025, AdamC", ("lr", "beta1", "beta2", "eps", "weight_decay", "lr_max"), ("m", "v"), init, step_adamc)
