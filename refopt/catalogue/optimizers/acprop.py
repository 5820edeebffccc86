"""ACProp: the gradient over the root of the second moment before this gradient, which is of its distance from its own mean.

theta <- theta - lr*g/(sqrt(s/(1 - beta2^(t-1))) + eps), s_hat = 1 at t = 1; m <- beta1*m + (1 - beta1)*g;
s <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root. What divides knows nothing of the gradient that it divides.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adabelief import EPS_ROOT
from refopt.catalogue.optimizers.adabelief import STATE as BELIEF
from refopt.catalogue.optimizers.adam import BETA1, BETA2
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, eps_root, lr, m, s
from refopt.language.expression import g, sqrt, t, theta, where
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
PLACE = "ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons"
SOURCE = (Source("Zhuang et al. 2021", PLACE, "arXiv:2110.05454"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (
    LR_ADAPTIVE,
    replace(BETA1, why="at 1 no gradient would enter the first moment"),
    replace(BETA2, why="1 - beta2^(t-1) would be 0 and acprop would divide by it"),
    replace(EPS, default="1e-16"),
    EPS_ROOT,
)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = BELIEF

# ---- steps -------------------------------------------------------------------------------------------------------
STEP = Let(
    theta, theta - lr * where(t > 1, g / (sqrt(s / (1 - beta2 ** (t - 1))) + eps), g / (1 + eps)), "nothing is known before the first gradient"
)  # fmt: skip
FIRST_MOMENT, CENTRED = Let(m, beta1 * m + (1 - beta1) * g), Let(s, beta2 * s + (1 - beta2) * (g - m) ** 2 + eps_root)
STEPS = (STEP, FIRST_MOMENT, CENTRED)

ACPROP = Rule(
    "acprop", "the gradient over its deviation up to the update before",
    SOURCE, HYPER, STATE, STEPS,
    notes=("optax' page has this formula, its code acprop/mean_before",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
MEAN_BEFORE = Rule(
    "acprop/mean_before", "ACProp whose distance is from the mean before this gradient",
    SOURCE, HYPER, STATE,
    (STEP, CENTRED, FIRST_MOMENT),
    differs="the distance is from the mean before this gradient", used_by=("optax.contrib",),
)  # fmt: skip
VARIANTS = (MEAN_BEFORE,)
