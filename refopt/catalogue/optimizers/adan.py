"""Adan: averages of the gradient, of its change and of the square of the two, looked ahead; the decay divides.

d <- g - g_before (0 at t = 1); m <- beta1*m + (1 - beta1)*g; w <- beta2*w + (1 - beta2)*d; n <- beta3*n + (1 - beta3)*(g + beta2*d)^2;
theta <- (theta - lr*(m_hat + beta2*w_hat)/(sqrt(n_hat) + eps))/(1 + lr*weight_decay); g_before <- g. The paper's betas are 1 minus these.
"""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import WEIGHT_DECAY
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, beta3, eps, lr, m, weight_decay
from refopt.language.expression import g, sqrt, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Xie et al. 2022", "Algorithm 1 with bias corrections, its betas 1 minus these", "arXiv:2208.06677"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
WHY = "1 - {0}^t would be 0 and adan would divide by it"
HYPER = (
    LR_ADAPTIVE,
    Hyper(beta1, "0.98", (beta1 >= 0, beta1 < 1), Role.DECAY, "decay of the mean gradient", WHY.format("beta1")),
    Hyper(beta2, "0.92", (beta2 >= 0, beta2 < 1), Role.DECAY, "decay of the mean change of the gradient", WHY.format("beta2")),
    Hyper(beta3, "0.99", (beta3 >= 0, beta3 < 1), Role.DECAY, "decay of the mean square", WHY.format("beta3")),
    EPS,
    WEIGHT_DECAY,
)

# ---- state -------------------------------------------------------------------------------------------------------
w, n, d, before = tensor("w"), tensor("n", sign="nonnegative"), tensor("d"), tensor("g_before", "g_{t-1}")
STATE = (
    State(m, 0, "mean gradient"),
    State(w, 0, "mean change of the gradient"),
    State(n, 0, "mean square of the gradient looked ahead"),
    State(before, 0, "the gradient before"),
)

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(d, where(t > 1, g - before, 0 * g)),
    Let(m, beta1 * m + (1 - beta1) * g),
    Let(w, beta2 * w + (1 - beta2) * d),
    Let(n, beta3 * n + (1 - beta3) * (g + beta2 * d) ** 2),
    Let(theta, (theta - lr * (m / (1 - beta1**t) + beta2 * w / (1 - beta2**t)) / (sqrt(n / (1 - beta3**t)) + eps)) / (1 + lr * weight_decay)),
    Let(before, g),
)

ADAN = Rule("adan", "Adam with Nesterov momentum made of the gradient's change", SOURCE, HYPER, STATE, STEPS, used_by=("timm",))

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
