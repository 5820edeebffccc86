"""FTRL-Proximal: z <- z + g - (sqrt(n + g^2) - sqrt(n))/lr*theta; n <- n + g^2;
theta <- -(z - max(-l1, min(l1, z)))/((beta + sqrt(n))/lr + l2), which is 0 where |z| <= l1. What theta was only enters through z."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adagrad import S0
from refopt.catalogue.optimizers.rmsprop import LR_ADAPTIVE
from refopt.catalogue.symbols import lr_positive as lr
from refopt.catalogue.symbols import s0
from refopt.language.expression import g, maximum, minimum, scalar, sqrt, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("McMahan et al. 2013", "Algorithm 1, alpha is lr, n starts from s0", "doi:10.1145/2487575.2488200"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
l1, l2 = scalar("l1", r"\lambda_1", sign="nonnegative"), scalar("l2", r"\lambda_2", sign="nonnegative")
l2_shrinkage = scalar("l2_shrinkage", r"\lambda_s", sign="nonnegative")
beta = scalar("beta", r"\beta", sign="nonnegative")
REWARD = "a penalty would be a reward"
L1 = Hyper(l1, "0", l1 >= 0, Role.THRESHOLD, "strength of the penalty on the size", REWARD, Samples("0.0625", "0.25", None, "-1"))
L2 = Hyper(l2, "0", l2 >= 0, Role.FACTOR, "strength of the penalty on the square", REWARD, Samples("0.125", "0.5", None, "-1"))
L2_SHRINKAGE = Hyper(l2_shrinkage, "0", l2_shrinkage >= 0, Role.FACTOR, "strength of a penalty on the square in the loss", REWARD,
                     Samples("0.125", "0.5", None, "-1"))  # fmt: skip
BETA = Hyper(beta, "1", beta >= 0, Role.FACTOR, "what the rate is smoothed by", "the divisor could be zero or negative", Samples("0.5", "2", None, "-1"))
LR_POSITIVE = replace(LR_ADAPTIVE, symbol=lr, domain=lr > 0, why="ftrl divides by the rate")
HYPER = (LR_POSITIVE, L1, L2, BETA, S0)

# ---- state -------------------------------------------------------------------------------------------------------
z, n = tensor("z"), tensor("n", sign="nonnegative")
STATE = (State(z, 0, "sum of the gradients, what the parameter stood for taken off"), State(n, s0, "sum of the squared gradients"))

# ---- steps -------------------------------------------------------------------------------------------------------
n_before = tensor("n_before", "n_{t-1}", sign="nonnegative")
SUM = (Let(n_before, n), Let(n, n + g**2))
SHRUNK = z - maximum(-l1, minimum(l1, z))
STEPS = (
    *SUM,
    Let(z, z + g - (sqrt(n) - sqrt(n_before)) / lr * theta),
    Let(theta, -(SHRUNK / ((beta + sqrt(n)) / lr + l2))),
)

FTRL = Rule(
    "ftrl", "the leader of all gradients so far, regularized: exact zeros where they say little",
    SOURCE, HYPER, STATE, STEPS,
    notes=("without a gradient z is 0 and the first update sets theta to 0: what it started from is forgotten",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
DOUBLED = Let(theta, -(SHRUNK / ((beta + sqrt(n)) / lr + 2 * l2)))
L2_DOUBLED = Rule(
    "ftrl/l2_doubled", "FTRL whose penalty on the square counts twice",
    SOURCE, HYPER, STATE,
    (*STEPS[:-1], DOUBLED),
    differs="l2 counts twice", used_by=("keras",),
    notes=("keras' documentation divides by (beta + sqrt(n))/alpha + lambda_2, its code by sqrt(n)/lr + beta/lr + 2*l2",),
)  # fmt: skip
SHRINKAGE = Rule(
    "ftrl/shrinkage", "FTRL on the gradients of a penalized loss, whose squares are summed without the penalty",
    SOURCE, (*HYPER, L2_SHRINKAGE), STATE,
    (*SUM, Let(z, z + (g + 2 * l2_shrinkage * theta) - (sqrt(n) - sqrt(n_before)) / lr * theta), DOUBLED),
    differs="2*l2_shrinkage*theta is added to what z sums; l2 counts twice", used_by=("keras, l2_shrinkage_regularization_strength=",),
)  # fmt: skip
VARIANTS = (L2_DOUBLED, SHRINKAGE)
