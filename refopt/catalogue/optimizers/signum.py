"""Signum: m <- beta1*m + (1 - beta1)*g; theta <- theta - lr*sign(m). Without momentum it is signSGD. sign(0) is 0."""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import WEIGHT_DECAY
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import beta1, lr, m, weight_decay
from refopt.language.expression import g, sign, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Bernstein et al. 2018", "Algorithm 2", "arXiv:1802.04434"),)
TIGER = (Source("Su 2023", "Tiger, the basic form", "spaces.ac.cn/archives/9512"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
BETA1 = Hyper(beta1, "0.9", (beta1 >= 0, beta1 < 1), Role.DECAY, "decay of the momentum", "at 1 no gradient would enter the momentum")
HYPER = (LR, BETA1)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "momentum"),)

# ---- steps -------------------------------------------------------------------------------------------------------
MOMENTUM = Let(m, beta1 * m + (1 - beta1) * g)
STEPS = (MOMENTUM, Let(theta, theta - lr * sign(m)))

SIGNUM = Rule("signum", "the sign of the momentum", SOURCE, HYPER, STATE, STEPS, used_by=("optax",))

# ---- variants ----------------------------------------------------------------------------------------------------
DECAYED = Rule(
    "signum/decay", "the sign of the momentum with decoupled weight decay (Tiger)",
    TIGER, (*HYPER, WEIGHT_DECAY), STATE,
    (MOMENTUM, Let(theta, theta - lr * (sign(m) + weight_decay * theta))),
    differs="weight_decay*theta beside the sign", notes=("Tiger, by its author: Lion with both betas alike, or Signum with weight decay",),
)  # fmt: skip
VARIANTS = (DECAYED,)
