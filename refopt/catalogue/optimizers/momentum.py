"""Momentum: v <- momentum*v + lr*g; theta <- theta - v.

The velocity holds the learning rate. Variants that hold it outside are the same only while the rate is constant.
"""

from __future__ import annotations

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import dampening, lr, momentum, velocity
from refopt.language.expression import equal, g, t, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Polyak 1964", "equation (9)", "doi:10.1016/0041-5553(64)90137-5"),
    Source("Qian 1999", "section 1, the momentum term", "doi:10.1016/S0893-6080(98)00116-6"),
)
LIU = (Source("Liu, Gao & Yin 2020", "SGDM, section 1", "arXiv:2007.07989"),)
SUTSKEVER = (Source("Sutskever et al. 2013", "section 2", "proceedings.mlr.press/v28/sutskever13"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
MOMENTUM_DECAY = Hyper(
    momentum, "0.9", (momentum >= 0, momentum < 1), Role.MOMENTUM, "share of the velocity that is kept", "at 1 the velocity never fades",
)  # fmt: skip
DAMPENING = Hyper(
    dampening, "0", (dampening >= 0, dampening < 1), Role.SHARE, "share of the gradient that is held back", "at 1 no gradient enters",
)  # fmt: skip

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(velocity, 0, "velocity"),)

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(velocity, momentum * velocity + lr * g),
    Let(theta, theta - velocity),
)

MOMENTUM = Rule(
    "momentum", "momentum, learning rate inside the velocity",
    SOURCE, (LR, MOMENTUM_DECAY), STATE, STEPS,
    used_by=("keras", "sklearn"),
    notes=("a low-pass filter: along a valley a step counts (1 + momentum)/(1 - momentum) times one across it"
           " | refopt derive momentum_is_a_low_pass_filter",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
LR_OUTSIDE = Rule(
    "momentum/lr_outside", "momentum, learning rate outside the velocity",
    SUTSKEVER, (LR, MOMENTUM_DECAY), STATE,
    (
        Let(velocity, momentum * velocity + g),
        Let(theta, theta - lr * velocity),
    ),
    differs="a changed rate acts on the whole velocity at once", used_by=("torch", "optax"),
    notes=("others met it: pytorch/pytorch#1099",),
)  # fmt: skip
DAMPENED = Rule(
    "momentum/dampened", "momentum with a dampened gradient, learning rate outside",
    SUTSKEVER, (LR, MOMENTUM_DECAY, DAMPENING), STATE,
    (
        Let(velocity, momentum * velocity + (1 - dampening) * g),
        Let(theta, theta - lr * velocity),
    ),
    differs="the gradient enters (1 - dampening) times, from the first step on",
)  # fmt: skip
RAW_START = Rule(
    "momentum/raw_start", "momentum with a dampened gradient, the first one undamped",
    SUTSKEVER, (LR, MOMENTUM_DECAY, DAMPENING), STATE,
    (
        Let(velocity, where(equal(t, 1), g, momentum * velocity + (1 - dampening) * g)),
        Let(theta, theta - lr * velocity),
    ),
    differs="the first velocity is the undamped gradient", used_by=("torch",),
    notes=("others met it: pytorch/pytorch#152833", "others met it: ml-explore/mlx#473"),
)  # fmt: skip
EMA = Rule(
    "momentum/ema", "momentum as an average of the gradients",
    LIU, (LR, MOMENTUM_DECAY), STATE,
    (
        Let(velocity, momentum * velocity + (1 - momentum) * g),
        Let(theta, theta - lr * velocity),
    ),
    differs="the gradient enters (1 - momentum) times",
)  # fmt: skip
VARIANTS = (LR_OUTSIDE, DAMPENED, RAW_START, EMA)
