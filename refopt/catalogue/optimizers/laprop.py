"""LaProp: the momentum is taken of what RMSProp makes of the gradient: v as in Adam;
m <- beta1*m + lr*(1 - beta1)*g/(sqrt(v_hat) + eps); theta <- theta - m/(1 - beta1^t). The moment holds the rate."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, why
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, v, v_hat
from refopt.language.expression import g, sqrt, t, theta
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Ziyin, Wang & Ueda 2020", "Algorithm 1", "arXiv:2002.04839"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
DEFAULTS = {Role.RATE: "0.0004", Role.EPSILON: "1e-15"}
HYPER_LAPROP = tuple(replace(h, default=DEFAULTS.get(h.role, h.default)) for h in why(HYPER, "laprop"))

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "momentum of the normalized gradient"), State(v, 0, "second raw moment"))

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(v, beta2 * v + (1 - beta2) * g**2),
    CORRECTIONS[1],
    Let(m, beta1 * m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)),
    Let(theta, theta - m / (1 - beta1**t)),
)

LAPROP = Rule("laprop", "momentum of the normalized gradient", SOURCE, HYPER_LAPROP, STATE, STEPS, used_by=("timm",))

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
