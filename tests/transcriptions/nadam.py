"""NAdam.

Dozat 2016, "Incorporating Nesterov momentum into Adam", ICLR 2016 workshop, Algorithm 2, and its schedule of momenta
mu_t = beta1*(1 - 0.5*0.96^(t*psi)).
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "beta1", "beta2", "eps")


def init(theta: Decimal, hyper: Hyper) -> State:
    """Both moments are zero."""
    return {"m": Decimal(0), "v": Decimal(0)}


def init_product(theta: Decimal, hyper: Hyper) -> State:
    """Both moments are zero, an empty product is one."""
    return {**init(theta, hyper), "mu_product": Decimal(1)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.nadam._single_tensor_nadam`."""
    beta1, beta2 = hyper["beta1"], hyper["beta2"]
    mu = beta1 * (1 - Decimal("0.5") * (Decimal("0.96") ** (t * hyper["momentum_decay"])))
    mu_next = beta1 * (1 - Decimal("0.5") * (Decimal("0.96") ** ((t + 1) * hyper["momentum_decay"])))
    mu_product = state["mu_product"] * mu
    exp_avg = state["m"] + (1 - beta1) * (g - state["m"])
    exp_avg_sq = state["v"] * beta2 + (1 - beta2) * g * g
    denom = (exp_avg_sq / (1 - beta2**t)).sqrt() + hyper["eps"]
    theta = theta + g / denom * (-hyper["lr"] * (1 - mu) / (1 - mu_product))
    theta = theta + exp_avg / denom * (-hyper["lr"] * mu_next / (1 - mu_product * mu_next))
    return theta, {"m": exp_avg, "v": exp_avg_sq, "mu_product": mu_product}


def step_constant_momentum(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `scale_by_adam(nesterov=True)`: the momentum that is looked ahead is corrected for t + 1, the gradient for t."""
    b1, b2 = hyper["beta1"], hyper["beta2"]
    mu = (1 - b1) * g + b1 * state["m"]
    nu = (1 - b2) * (g * g) + b2 * state["v"]
    mu_hat = b1 * (mu / (1 - b1 ** (t + 1))) + (1 - b1) * (g / (1 - b1**t))
    return theta + -hyper["lr"] * (mu_hat / ((nu / (1 - b2**t)).sqrt() + hyper["eps"])), {"m": mu, "v": nu}


def step_one_correction(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """timm `NAdamW`: the average and the gradient are interpolated, then corrected."""
    beta1, beta2 = hyper["beta1"], hyper["beta2"]
    exp_avg = state["m"] + (g - state["m"]) * (1 - beta1)
    exp_avg_sq = state["v"] * beta2 + g * g * (1 - beta2)
    looked_ahead = exp_avg + (g - exp_avg) * (1 - beta1)
    step_size = hyper["lr"] / (1 - beta1**t)
    denom = exp_avg_sq.sqrt() / (1 - beta2**t).sqrt() + hyper["eps"]
    return theta - looked_ahead / denom * step_size, {"m": exp_avg, "v": exp_avg_sq}


NADAM = Optimizer("nadam", "torch.optim.nadam._single_tensor_nadam", (*HYPER, "momentum_decay"), ("m", "v", "mu_product"), init_product, step)
CONSTANT_MOMENTUM = Optimizer("nadam/constant_momentum", "optax.nadam", HYPER, ("m", "v"), init, step_constant_momentum)
ONE_CORRECTION = Optimizer("nadam/one_correction", "timm.optim.NAdamW", HYPER, ("m", "v"), init, step_one_correction)
