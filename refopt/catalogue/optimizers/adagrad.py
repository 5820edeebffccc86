"""Adagrad: s <- s + g^2; theta <- theta - lr*g/(sqrt(s) + eps). Every element has a rate of its own, which only falls."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.rmsprop import EPS
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import eps, lr, lr_decay, s, s0
from refopt.language.expression import g, sqrt, t, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Duchi, Hazan & Singer 2011", "Figure 1 with diagonal matrices; delta is eps", "JMLR 12:2121-2159"),)
RATE_FALLS = (Source("Duchi, Hazan & Singer 2011", "Figure 1 with diagonal matrices, its rate divided by 1 + (t - 1)*lr_decay", "JMLR 12:2121-2159"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
EPS_ADAGRAD = replace(EPS, default="1e-10")
S0 = Hyper(s0, "0", s0 >= 0, Role.SHARE, "what the sum of squares starts from", "the root of a negative number would be taken",
           Samples("0.125", "0.5", None, "-1", ("0.1",)))  # fmt: skip
LR_DECAY = Hyper(lr_decay, "0.01", lr_decay >= 0, Role.FACTOR, "how fast the rate itself falls", "the divisor of the rate would reach zero",
                 Samples("0.125", "0.5", None, "-0.5"))  # fmt: skip
HYPER = (LR, EPS_ADAGRAD, S0)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(s, s0, "sum of the squared gradients"),)

# ---- steps -------------------------------------------------------------------------------------------------------
SUM = Let(s, s + g**2)
STEPS = (SUM, Let(theta, theta - lr * g / (sqrt(s) + eps)))

ADAGRAD = Rule(
    "adagrad", "a rate for each element, falling with the sum of its squared gradients",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("torch",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
EPS_IN_SQRT = Rule(
    "adagrad/eps_in_sqrt", "Adagrad with epsilon under the root",
    SOURCE, HYPER, STATE,
    (SUM, Let(theta, theta - lr * g / sqrt(s + eps))),
    differs="eps under the root", used_by=("optax", "keras"),
)  # fmt: skip
WITH_LR_DECAY = Rule(
    "adagrad/lr_decay", "Adagrad whose rate falls with the number of updates too",
    RATE_FALLS, (*HYPER, LR_DECAY), STATE,
    (SUM, Let(theta, theta - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + eps))),
    differs="the rate is divided by 1 + (t - 1)*lr_decay", used_by=("torch, lr_decay=",),
)  # fmt: skip
VARIANTS = (EPS_IN_SQRT, WITH_LR_DECAY)
