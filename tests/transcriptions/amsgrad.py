"""AMSGrad.

Reddi, Kale & Kumar 2018, "On the convergence of Adam and beyond", Algorithm 2: v_hat_t = max(v_hat_{t-1}, v_t).
The paper corrects no bias. The frameworks do, torch after the maximum and optax before it.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Algorithm 2: m_0 = 0, v_0 = 0, v_hat_0 = 0."""
    return {"m": Decimal(0), "v": Decimal(0), "v_max": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.adam._single_tensor_adam` with amsgrad=True: the maximum of the raw moment, then corrected."""
    beta1, beta2 = hyper["beta1"], hyper["beta2"]
    exp_avg, exp_avg_sq, max_exp_avg_sq = state["m"], state["v"], state["v_max"]
    exp_avg = exp_avg + (1 - beta1) * (g - exp_avg)
    exp_avg_sq = exp_avg_sq * beta2 + (1 - beta2) * g * g
    bias_correction1 = 1 - beta1**t
    bias_correction2 = 1 - beta2**t
    step_size = hyper["lr"] / bias_correction1
    max_exp_avg_sq = max(max_exp_avg_sq, exp_avg_sq)
    denom = max_exp_avg_sq.sqrt() / bias_correction2.sqrt() + hyper["eps"]
    param = theta + -step_size * exp_avg / denom
    return param, {"m": exp_avg, "v": exp_avg_sq, "v_max": max_exp_avg_sq}


def step_max_hat(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `scale_by_amsgrad`: the maximum of the corrected moment."""
    b1, b2 = hyper["beta1"], hyper["beta2"]
    mu = (1 - b1) * g + b1 * state["m"]
    nu = (1 - b2) * (g * g) + b2 * state["v"]
    mu_hat = mu / (1 - b1**t)
    nu_eff = nu / (1 - b2**t)
    nu_max = max(state["v_max"], nu_eff)
    update = mu_hat / (nu_max.sqrt() + hyper["eps"])
    return theta + -hyper["lr"] * update, {"m": mu, "v": nu, "v_max": nu_max}


AMSGRAD = Optimizer(
    "amsgrad",
    "torch.optim.adam._single_tensor_adam, amsgrad=True",
    ("lr", "beta1", "beta2", "eps"),
    ("m", "v", "v_max"),
    init,
    step,
)
MAX_HAT = Optimizer(
    "amsgrad/max_hat",
    "optax.scale_by_amsgrad",
    ("lr", "beta1", "beta2", "eps"),
    ("m", "v", "v_max"),
    init,
    step_max_hat,
)
