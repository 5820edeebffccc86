"""Simplified AdEMAMix: a sum in the place of Adam's first average, and the gradient itself beside it: m <- beta1*m + g;
theta <- theta - lr*(m + alpha*g)/(sqrt(v_hat) + eps)."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import BETA1, BETA2, CORRECTIONS, why
from refopt.catalogue.optimizers.ademamix import ALPHA
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, v, v_hat
from refopt.language.expression import g, scalar, sqrt, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Morwani et al. 2025", "Simplified AdEMAMix", "arXiv:2502.02431"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
alpha = scalar("alpha", r"\alpha", sign="nonnegative")
HYPER = (
    LR_ADAPTIVE,
    replace(BETA1, default="0.99", meaning="decay of the sum of the gradients", why="at 1 the sum would never fade"),
    *why((replace(BETA2, default="0.95"),), "simplified_ademamix"),
    replace(ALPHA, default="0", meaning="weight of the gradient itself", why="the gradient itself would push uphill"),
    EPS,
)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "fading sum of the gradients"), State(v, 0, "second raw moment"))

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(m, beta1 * m + g),
    Let(v, beta2 * v + (1 - beta2) * g**2),
    CORRECTIONS[1],
    Let(theta, theta - lr * (m + alpha * g) / (sqrt(v_hat) + eps)),
)

SIMPLIFIED_ADEMAMIX = Rule(
    "simplified_ademamix", "Adam with a fading sum of the gradients and the last one beside it",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("optax.contrib",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
