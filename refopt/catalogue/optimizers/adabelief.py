"""AdaBelief: Adam whose second moment is of the gradient's distance from its own mean.

m <- beta1*m + (1 - beta1)*g; s <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root; theta <- theta - lr*m_hat/(sqrt(s_hat) + eps).
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, why
from refopt.catalogue.optimizers.rmsprop import EPS
from refopt.catalogue.symbols import beta1, beta2, eps, eps_root, lr, m, m_hat, s, s_hat
from refopt.language.expression import g, sqrt, t, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Zhuang et al. 2020", "Algorithm 2; the epsilon that is added to s has a name of its own", "arXiv:2010.07468"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
EPS_ROOT = Hyper(eps_root, "1e-16", eps_root >= 0, Role.EPSILON, "added to s at every update", "the root of a negative number could be taken")
HYPER_ADABELIEF = (*(h for h in why(HYPER, "adabelief") if h.role is not Role.EPSILON), replace(EPS, default="1e-16"), EPS_ROOT)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "first moment"), State(s, 0, "mean square of the gradient's distance from the first moment"))

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(m, beta1 * m + (1 - beta1) * g),
    Let(s, beta2 * s + (1 - beta2) * (g - m) ** 2 + eps_root),
    CORRECTIONS[0],
    Let(s_hat, s / (1 - beta2**t)),
    Let(theta, theta - lr * m_hat / (sqrt(s_hat) + eps)),
)

ADABELIEF = Rule(
    "adabelief", "Adam that divides by how far the gradient is from what was expected",
    SOURCE, HYPER_ADABELIEF, STATE, STEPS,
    used_by=("optax", "timm"),
    notes=("what enters is 1 - beta1 times the distance from the mean before: at t = 1 it is beta1*g",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
