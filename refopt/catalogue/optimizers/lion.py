"""Lion: c <- beta1*m + (1 - beta1)*g; theta <- theta - lr*(sign(c) + weight_decay*theta); m <- beta2*m + (1 - beta2)*g. sign(0) is 0."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import WEIGHT_DECAY
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import beta1, beta2, lr, m, weight_decay
from refopt.language.expression import g, sign, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Chen et al. 2023", "Algorithm 2", "arXiv:2302.06675"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (
    replace(LR, default="0.0001"),
    Hyper(beta1, "0.9", (beta1 >= 0, beta1 < 1), Role.DECAY, "share of the momentum in the step", "at 1 the gradient would not be seen"),
    Hyper(beta2, "0.99", (beta2 >= 0, beta2 < 1), Role.DECAY, "decay of the momentum", "at 1 no gradient would enter the momentum"),
    replace(WEIGHT_DECAY, default="0"),
)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "momentum"),)

# ---- steps -------------------------------------------------------------------------------------------------------
c = tensor("c")
INTERPOLATION, MOMENTUM = Let(c, beta1 * m + (1 - beta1) * g), Let(m, beta2 * m + (1 - beta2) * g)
STEPS = (INTERPOLATION, Let(theta, theta - lr * (sign(c) + weight_decay * theta)), MOMENTUM)

LION = Rule("lion", "the sign of an interpolated momentum", SOURCE, HYPER, STATE, STEPS, used_by=("optax", "keras", "timm"))

# ---- variants ----------------------------------------------------------------------------------------------------
NO_ZERO = Rule(
    "lion/no_zero", "Lion whose sign is 1 at zero",
    SOURCE, HYPER, STATE,
    (
        INTERPOLATION,
        Let(theta, theta - lr * (where(c >= 0, 1, -1) + weight_decay * theta)),
        MOMENTUM,
    ),
    differs="the sign of 0 is 1: what has no gradient moves by the rate",
)  # fmt: skip
VARIANTS = (NO_ZERO,)
