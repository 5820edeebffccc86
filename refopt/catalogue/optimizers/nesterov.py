"""Nesterov momentum: v <- momentum*v + lr*g; theta <- theta - (momentum*v + lr*g), with the new v.

theta is the look-ahead point, at which the gradient is taken.
"""

from __future__ import annotations

from refopt.catalogue.optimizers.momentum import MOMENTUM_DECAY
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr, momentum, velocity
from refopt.language.expression import g, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Nesterov 1983", "method (7)", "Doklady 269:543-547"),
    Source("Sutskever et al. 2013", "equations (3) and (4), at the look-ahead point", "proceedings.mlr.press/v28/sutskever13"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (LR, MOMENTUM_DECAY)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(velocity, 0, "velocity"),)

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(velocity, momentum * velocity + lr * g),
    Let(theta, theta - (momentum * velocity + lr * g)),
)

NESTEROV = Rule(
    "nesterov", "Nesterov momentum at the look-ahead point, learning rate inside the velocity",
    SOURCE, HYPER, STATE, STEPS,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
LR_OUTSIDE = Rule(
    "nesterov/lr_outside", "Nesterov momentum, learning rate outside the velocity",
    SOURCE, HYPER, STATE,
    (
        Let(velocity, momentum * velocity + g),
        Let(theta, theta - lr * (g + momentum * velocity)),
    ),
    differs="a changed rate acts on the whole velocity at once", used_by=("torch", "optax"),
    notes=("others met it: pytorch/pytorch#1099",),
)  # fmt: skip
VELOCITY = Rule(
    "nesterov/velocity", "Nesterov momentum in velocity form, the velocity pointing downhill",
    SOURCE, HYPER, STATE,
    (
        Let(velocity, momentum * velocity - lr * g),
        Let(theta, theta + momentum * velocity - lr * g),
    ),
    differs="the velocity has the other sign; theta is the same", used_by=("keras", "sklearn"),
    notes=("others met it: keras-team/keras#14115",),
)  # fmt: skip
VARIANTS = (LR_OUTSIDE, VELOCITY)
