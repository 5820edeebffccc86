"""AdaMax: m <- beta1*m + (1 - beta1)*g; u <- max(beta2*u, |g| + eps); theta <- theta - lr/(1 - beta1^t)*m/u."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import BETA1, WHY_BETA
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, u
from refopt.language.expression import absolute, g, maximum, t, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Kingma & Ba 2015", "Algorithm 2, eps added to |g|", "arXiv:1412.6980"),)
OUTSIDE = (Source("Kingma & Ba 2015", "Algorithm 2, eps added to the divisor", "arXiv:1412.6980"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
BETA2 = Hyper(beta2, "0.999", (beta2 >= 0, beta2 < 1), Role.DECAY, "decay of the infinity norm", "at 1 the infinity norm would never fall")
HYPER = (replace(LR_ADAPTIVE, default="0.002"), replace(BETA1, why=WHY_BETA.replace("adam", "adamax").format("beta1")), BETA2, EPS)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "first moment"), State(u, 0, "exponentially weighted infinity norm"))

# ---- steps -------------------------------------------------------------------------------------------------------
MOMENT = Let(m, beta1 * m + (1 - beta1) * g)
STEPS = (
    MOMENT,
    Let(u, maximum(beta2 * u, absolute(g) + eps)),
    Let(theta, theta - lr / (1 - beta1**t) * m / u),
)

ADAMAX = Rule(
    "adamax", "Adam with the infinity norm of the gradients for its second moment",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("torch", "optax"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
EPS_OUTSIDE = Rule(
    "adamax/eps_outside", "AdaMax with epsilon beside the infinity norm",
    OUTSIDE, HYPER, STATE,
    (
        MOMENT,
        Let(u, maximum(beta2 * u, absolute(g))),
        Let(theta, theta - lr / (1 - beta1**t) * m / (u + eps)),
    ),
    differs="eps outside the maximum", used_by=("keras",),
)  # fmt: skip
VARIANTS = (EPS_OUTSIDE,)
