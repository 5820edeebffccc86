"""AdEMAMix: Adam with a second, slow average of the gradients: m_slow <- beta3*m_slow + (1 - beta3)*g;
theta <- theta - lr*((m_hat + alpha*m_slow)/(sqrt(v_hat) + eps) + weight_decay*theta)."""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, MOMENTS, STATE, WEIGHT_DECAY, why
from refopt.catalogue.symbols import beta3, eps, lr, m_hat, v_hat, weight_decay
from refopt.language.expression import g, scalar, sqrt, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Pagliardini, Ablin & Grangier 2024", "Algorithm 1 with alpha and beta3 constant", "arXiv:2409.03137"),)
MORWANI = (Source("Morwani et al. 2025", "Simplified AdEMAMix, equation of the update", "arXiv:2502.02431"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
alpha = scalar("alpha", r"\alpha", sign="nonnegative")
OF_ALPHA = Samples("0.5", "2", None, "-1")
BETA3 = Hyper(beta3, "0.9999", (beta3 >= 0, beta3 < 1), Role.DECAY, "decay of the slow average", "at 1 no gradient would enter the slow average")
ALPHA = Hyper(alpha, "5", alpha >= 0, Role.FACTOR, "weight of the slow average", "the slow average would push uphill", OF_ALPHA)
HYPER_ADEMAMIX = (*why(HYPER, "ademamix"), BETA3, ALPHA, WEIGHT_DECAY)

# ---- state -------------------------------------------------------------------------------------------------------
m_slow = tensor("m_slow", r"m^{(2)}")
STATE_ADEMAMIX = (*STATE, State(m_slow, 0, "slow average of the gradient"))

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    *MOMENTS,
    Let(m_slow, beta3 * m_slow + (1 - beta3) * g, "never corrected"),
    *CORRECTIONS,
    Let(theta, theta - lr * ((m_hat + alpha * m_slow) / (sqrt(v_hat) + eps) + weight_decay * theta)),
)

ADEMAMIX = Rule(
    "ademamix", "Adam with a fast and a slow average of the gradients",
    SOURCE, HYPER_ADEMAMIX, STATE_ADEMAMIX, STEPS,
    used_by=("optax.contrib",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
