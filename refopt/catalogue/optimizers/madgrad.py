"""MADGRAD: a dual average of the gradients, divided by the cube root of that of their squares, with momentum.

lam <- lr*sqrt(t); n <- n + lam*g^2; s <- s + lam*g; z <- theta_0 - s/(n^(1/3) + eps); theta <- momentum*theta + (1 - momentum)*z.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import WEIGHT_DECAY
from refopt.catalogue.optimizers.rmsprop import EPS, MOMENTUM
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import eps, lr, momentum, weight_decay
from refopt.language.expression import cbrt, g, scalar, sqrt, t, tensor, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Defazio & Jelassi 2021", "Algorithm 1, c = 1 - momentum", "arXiv:2101.11075"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (LR, replace(MOMENTUM, meaning="share of the parameter that is kept", why="at 1 the parameter never moves"), replace(EPS, default="0.000001"))

share = scalar("momentum", r"\gamma", sign="positive")
SHARE = replace(HYPER[1], symbol=share, domain=(share > 0, share < 1), why="at 1 the parameter never moves, at 0 nothing would decay")

# ---- state -------------------------------------------------------------------------------------------------------
sums, n, start = tensor("s"), tensor("n", r"\nu", sign="nonnegative"), tensor("theta_start", r"\theta_0")
STATE = (
    State(sums, 0, "weighted sum of the gradients"),
    State(n, 0, "weighted sum of the squared gradients"),
    State(start, theta, "the parameter before the first update", constant=True),
)

# ---- steps -------------------------------------------------------------------------------------------------------
lam, z = scalar("lam", r"\lambda_t", sign="nonnegative"), tensor("z")
AFTER_LAM = (
    Let(n, n + lam * g**2),
    Let(sums, sums + lam * g),
    Let(z, start - sums / (cbrt(n) + eps)),
    Let(theta, momentum * theta + (1 - momentum) * z),
)
STEPS = (Let(lam, lr * sqrt(t)), *AFTER_LAM)

MADGRAD = Rule(
    "madgrad", "dual averaging with a cube root and momentum",
    SOURCE, HYPER, STATE, STEPS,
    notes=(
        "the authors' code, and all that follow it, add eps to the rate: kozistr/pytorch_optimizer#526",
        "the authors' code keeps no theta_0 where momentum is 0, and finds it from theta and both sums",
    ),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
EPS_IN_LR = Rule(
    "madgrad/eps_in_lr", "MADGRAD with epsilon added to the rate too",
    SOURCE, HYPER, STATE,
    (Let(lam, (lr + eps) * sqrt(t)), *AFTER_LAM),
    differs="eps is added to the rate", used_by=("optax.contrib", "timm", "the authors' code"),
)  # fmt: skip
DECOUPLED = Rule(
    "madgrad/decoupled", "MADGRAD as code has it, with decoupled weight decay",
    (*SOURCE, Source("Loshchilov & Hutter 2019", "Algorithm 2, decay times the scheduled rate", "arXiv:1711.05101")),
    (*HYPER[:1], SHARE, HYPER[2], WEIGHT_DECAY), STATE,
    (
        Let(lam, (lr + eps) * sqrt(t)),
        *AFTER_LAM[:-1],
        Let(theta, share * (theta - lr * weight_decay * theta) + (1 - share) * z),
    ),
    differs="eps is added to the rate, and theta decays, theta_0 does not", used_by=("timm, decoupled_decay=True",),
    notes=("others met it: facebookresearch/madgrad#1", "the weights decay by momentum*lr*weight_decay, towards a theta_0 that does not decay",),
)  # fmt: skip
VARIANTS = (EPS_IN_LR, DECOUPLED)
