"""SGDW: v <- momentum*v + g; theta <- theta - lr*weight_decay*theta - lr*v. The decay does not pass through the velocity."""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import WEIGHT_DECAY
from refopt.catalogue.optimizers.momentum import MOMENTUM_DECAY
from refopt.catalogue.optimizers.momentum import STATE as VELOCITY
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr, momentum, velocity, weight_decay
from refopt.language.expression import g, theta
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2019", "Algorithm 1, decay times the scheduled rate, the rate outside the velocity", "arXiv:1711.05101"),)
PAPER = (Source("Loshchilov & Hutter 2019", "Algorithm 1, decay times the scheduled rate", "arXiv:1711.05101"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (LR, MOMENTUM_DECAY, WEIGHT_DECAY)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = VELOCITY

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(velocity, momentum * velocity + g),
    Let(theta, theta - lr * weight_decay * theta - lr * velocity),
)

SGDW = Rule("sgdw", "momentum with decoupled weight decay", SOURCE, HYPER, STATE, STEPS)

# ---- variants ----------------------------------------------------------------------------------------------------
LR_INSIDE = Rule(
    "sgdw/lr_inside", "momentum with decoupled weight decay, the rate inside the velocity",
    PAPER, HYPER, STATE,
    (
        Let(velocity, momentum * velocity + lr * g),
        Let(theta, theta - lr * weight_decay * theta - velocity),
    ),
    differs="the velocity holds the rate", used_by=("keras, weight_decay=",),
)  # fmt: skip
VARIANTS = (LR_INSIDE,)
