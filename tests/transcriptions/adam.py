"""Adam.

Kingma & Ba 2015, "Adam: a method for stochastic optimization", arXiv:1412.6980, Algorithm 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Algorithm 1: m_0 <- 0, v_0 <- 0."""
    return {"m": Decimal(0), "v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The body of Algorithm 1's loop, line by line."""
    alpha, beta1, beta2, epsilon = hyper["lr"], hyper["beta1"], hyper["beta2"], hyper["eps"]
    m = beta1 * state["m"] + (1 - beta1) * g
    v = beta2 * state["v"] + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = theta - alpha * m_hat / (v_hat.sqrt() + epsilon)
    return theta, {"m": m, "v": v}


def step_eps_hat(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`keras.optimizers.Adam.update_step`: the formula just before section 2.1 of the paper, whose epsilon is another.

    sklearn `AdamOptimizer._get_updates` is the same formula.
    """
    lr, beta_1, beta_2, epsilon = hyper["lr"], hyper["beta1"], hyper["beta2"], hyper["eps"]
    m, v = state["m"], state["v"]
    alpha = lr * (1 - beta_2**t).sqrt() / (1 - beta_1**t)
    m = m + (g - m) * (1 - beta_1)
    v = v + (g * g - v) * (1 - beta_2)
    variable = theta - m * alpha / (v.sqrt() + epsilon)
    return variable, {"m": m, "v": v}


def step_eps_in_sqrt(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `scale_by_adam` with eps = 0 and `eps_root` for epsilon: inside the root of the corrected moment."""
    b1, b2, eps_root = hyper["beta1"], hyper["beta2"], hyper["eps"]
    mu = (1 - b1) * g + b1 * state["m"]
    nu = (1 - b2) * (g * g) + b2 * state["v"]
    mu_hat = mu / (1 - b1**t)
    nu_hat = nu / (1 - b2**t)
    update = mu_hat / (nu_hat + eps_root).sqrt()
    return theta + -hyper["lr"] * update, {"m": mu, "v": nu}


def step_uncorrected(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`AdamWeightDecayOptimizer.apply_gradients` of google-research/bert, without its weight decay."""
    next_m = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    next_v = hyper["beta2"] * state["v"] + (1 - hyper["beta2"]) * (g * g)
    update = next_m / (next_v.sqrt() + hyper["eps"])
    update_with_lr = hyper["lr"] * update
    return theta - update_with_lr, {"m": next_m, "v": next_v}


def step_l2(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.adam._single_tensor_adam` with weight_decay: the penalty's gradient goes through both moments."""
    beta1, beta2 = hyper["beta1"], hyper["beta2"]
    exp_avg, exp_avg_sq = state["m"], state["v"]
    grad = g + theta * hyper["weight_decay"]
    exp_avg = exp_avg + (1 - beta1) * (grad - exp_avg)
    exp_avg_sq = exp_avg_sq * beta2 + (1 - beta2) * grad * grad
    bias_correction1 = 1 - beta1**t
    bias_correction2 = 1 - beta2**t
    step_size = hyper["lr"] / bias_correction1
    denom = exp_avg_sq.sqrt() / bias_correction2.sqrt() + hyper["eps"]
    param = theta + -step_size * exp_avg / denom
    return param, {"m": exp_avg, "v": exp_avg_sq}


ADAM = Optimizer("adam", "Kingma & Ba 2015, Algorithm 1", ("lr", "beta1", "beta2", "eps"), ("m", "v"), init, step)
EPS_HAT = Optimizer("adam/eps_hat", "keras.optimizers.Adam", ("lr", "beta1", "beta2", "eps"), ("m", "v"), init, step_eps_hat)
EPS_IN_SQRT = Optimizer(
    "adam/eps_in_sqrt",
    "optax.scale_by_adam(eps=0, eps_root=eps)",
    ("lr", "beta1", "beta2", "eps"),
    ("m", "v"),
    init,
    step_eps_in_sqrt,
)
UNCORRECTED = Optimizer(
    "adam/uncorrected",
    "google-research/bert, optimization.AdamWeightDecayOptimizer",
    ("lr", "beta1", "beta2", "eps"),
    ("m", "v"),
    init,
    step_uncorrected,
)
L2 = Optimizer(
    "adam/l2",
    "torch.optim.adam._single_tensor_adam",
    ("lr", "beta1", "beta2", "eps", "weight_decay"),
    ("m", "v"),
    init,
    step_l2,
)
