"""RMSProp: v <- rho*v + (1 - rho)*g^2; theta <- theta - lr*g/(sqrt(v) + eps)."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import b, eps, lr, m, momentum, rho, v, v_hat
from refopt.language.expression import g, sqrt, t, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Tieleman & Hinton 2012", "lecture 6e, slide 29", "COURSERA: Neural Networks for Machine Learning"),)
GRAVES = (Source("Graves 2013", "equations (38) to (41)", "arXiv:1308.0850"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LR_ADAPTIVE = replace(LR, default="0.001")
RHO = Hyper(rho, "0.9", (rho >= 0, rho < 1), Role.DECAY, "decay of the mean square", "at 1 no gradient would enter the mean square",
            Samples(low="0.875", slow="0.9999", fixed=("0.8", "0.95", "0.99", "0.999")))  # fmt: skip
EPS = Hyper(eps, "1e-8", eps >= 0, Role.EPSILON, "keeps the division finite", "the divisor could be zero or negative")
MOMENTUM = Hyper(momentum, "0.9", (momentum >= 0, momentum < 1), Role.MOMENTUM, "share of the velocity that is kept", "at 1 the velocity never fades")
HYPER = (LR_ADAPTIVE, RHO, EPS)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(v, 0, "mean square of the gradient"),)

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(v, rho * v + (1 - rho) * g**2),
    Let(theta, theta - lr * g / (sqrt(v) + eps)),
)

RMSPROP = Rule(
    "rmsprop", "RMSProp, epsilon outside the root",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("torch",),
    notes=("scaling all gradients changes nothing (eps = 0) | refopt derive rescaling",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
EPS_IN_SQRT = Rule(
    "rmsprop/eps_in_sqrt", "RMSProp, epsilon under the root",
    SOURCE, HYPER, STATE,
    (
        Let(v, rho * v + (1 - rho) * g**2),
        Let(theta, theta - lr * g / sqrt(v + eps)),
    ),
    differs="eps under the root", used_by=("optax", "keras"),
    notes=("others met it: keras-team/keras#435", "others met it: chainer/chainer#4754"),
)  # fmt: skip
CENTERED = Rule(
    "rmsprop/centered", "RMSProp with the gradient's variance in place of its mean square",
    GRAVES, HYPER, (*STATE, State(m, 0, "mean of the gradient")),
    (
        Let(v, rho * v + (1 - rho) * g**2),
        Let(m, rho * m + (1 - rho) * g),
        Let(theta, theta - lr * g / (sqrt(v - m**2) + eps)),
    ),
    differs="the squared mean of the gradient is taken off v", used_by=("torch, centered=True",),
    notes=("others met it: google-deepmind/optax#1785 (v - m^2 came out below zero)",),
)  # fmt: skip
VELOCITY = State(b, 0, "velocity")
WITH_MOMENTUM = Rule(
    "rmsprop/momentum", "RMSProp with momentum, the rate outside the velocity",
    SOURCE, (*HYPER, MOMENTUM), (*STATE, VELOCITY),
    (
        Let(v, rho * v + (1 - rho) * g**2),
        Let(b, momentum * b + g / (sqrt(v) + eps)),
        Let(theta, theta - lr * b),
    ),
    differs="a velocity of the normalized gradients", used_by=("torch, momentum=",),
)  # fmt: skip
LR_INSIDE = Rule(
    "rmsprop/momentum_lr_inside", "RMSProp with momentum, the rate inside the velocity, epsilon under the root",
    SOURCE, (*HYPER, MOMENTUM), (*STATE, VELOCITY),
    (
        Let(v, rho * v + (1 - rho) * g**2),
        Let(b, momentum * b + lr * g / sqrt(v + eps)),
        Let(theta, theta - b),
    ),
    differs="a velocity of the steps; eps under the root", used_by=("optax, momentum=", "keras, momentum="),
)  # fmt: skip
CENTERED_MOMENTUM = Rule(
    "rmsprop/centered_momentum", "RMSProp with the gradient's variance, and momentum",
    GRAVES, (*HYPER, MOMENTUM), (*STATE, State(m, 0, "mean of the gradient"), VELOCITY),
    (
        Let(v, rho * v + (1 - rho) * g**2),
        Let(m, rho * m + (1 - rho) * g),
        Let(b, momentum * b + g / (sqrt(v - m**2) + eps)),
        Let(theta, theta - lr * b),
    ),
    differs="the squared mean of the gradient is taken off v; a velocity", used_by=("torch, centered=True, momentum=",),
)  # fmt: skip
CORRECTED = Rule(
    "rmsprop/corrected", "RMSProp with bias correction",
    SOURCE, (LR_ADAPTIVE, replace(RHO, why="1 - rho^t would be 0 and rmsprop would divide by it"), EPS), STATE,
    (
        Let(v, rho * v + (1 - rho) * g**2),
        Let(v_hat, v / (1 - rho**t)),
        Let(theta, theta - lr * g / (sqrt(v_hat) + eps)),
    ),
    differs="the mean square is corrected for its start at 0", used_by=("optax, bias_correction=True",),
)  # fmt: skip
VARIANTS = (EPS_IN_SQRT, CENTERED, WITH_MOMENTUM, LR_INSIDE, CENTERED_MOMENTUM, CORRECTED)
