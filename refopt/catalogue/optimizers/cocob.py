"""COCOB, coin betting: each element bets a part of what it has won, and no rate is set.

scale <- max(scale, |g|); abs_sum <- abs_sum + |g|; reward <- max(reward - g*(theta - theta_start), 0); negative_sum <- negative_sum - g;
theta <- theta_start + negative_sum/(scale*max(abs_sum + scale, alpha*scale))*(scale + reward). The scale starts from eps.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import WEIGHT_DECAY
from refopt.catalogue.optimizers.rmsprop import EPS
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import eps, lr, weight_decay
from refopt.language.compose import put_in
from refopt.language.expression import absolute, g, maximum, scalar, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Orabona & Tommasi 2017", "Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper", "arXiv:1705.07795"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
alpha = scalar("alpha", r"\alpha", sign="nonnegative")
ALPHA = Hyper(alpha, "100", alpha >= 0, Role.FACTOR, "about how many updates the bets are held small", "the bets would not be bounded",
              Samples("64", "3", None, "-1", ("1", "10", "1000")))  # fmt: skip
HYPER = (ALPHA, EPS)

# ---- state -------------------------------------------------------------------------------------------------------
scale, abs_sum = tensor("scale", "L", sign="nonnegative"), tensor("abs_sum", "G", sign="nonnegative")
reward, negative_sum = tensor("reward", "W", sign="nonnegative"), tensor("negative_sum", "C")
theta_start = tensor("theta_start", r"\theta_0")
SUMS = (
    State(scale, eps, "the largest gradient so far, without its sign"),
    State(abs_sum, 0, "sum of the gradients without their signs"),
    State(reward, 0, "what was won"),
    State(negative_sum, 0, "sum of the negative gradients"),
)
STATE = (*SUMS, State(theta_start, theta, "the parameter before the first update", constant=True))

# ---- steps -------------------------------------------------------------------------------------------------------
SEEN = (Let(scale, maximum(scale, absolute(g))), Let(abs_sum, abs_sum + absolute(g)))
BET = negative_sum / (scale * maximum(abs_sum + scale, alpha * scale)) * (scale + reward)
STEPS = (
    *SEEN,
    Let(reward, maximum(reward - g * (theta - theta_start), 0)),
    Let(negative_sum, negative_sum - g),
    Let(theta, theta_start + BET),
)

COCOB = Rule(
    "cocob", "descent without a rate: each element bets on the sign of its next gradient",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("parameterfree",),
    notes=("theta is made from where it started, not from what it was",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
bet, unmoved = tensor("bet", r"\tilde w"), tensor("unmoved", r"\bar w")
g_scaled, change = tensor("g_scaled", r"\tilde g_t"), tensor("change", r"\Delta_t")
KEEPS_THE_BET = Rule(
    "cocob/bet", "COCOB that keeps its bet, and not where it started",
    SOURCE, HYPER, (*SUMS, State(bet, 0, "the bet of the update before")),
    (
        *SEEN,
        Let(reward, maximum(reward - g * bet, 0)),
        Let(negative_sum, negative_sum - g),
        Let(unmoved, theta - bet, "where theta started, as it was rounded since"),
        Let(bet, BET),
        Let(theta, unmoved + bet),
    ),
    differs="theta changes by the difference of two bets", used_by=("the authors' code for TensorFlow", "tensorflow_addons"),
    notes=("whether this is line 10 of Algorithm 2 | others met it: bremen79/cocob#5",),
)  # fmt: skip
SCALED = Rule(
    "cocob/scaled", "COCOB on gradients, decayed weights added, that a rate multiplies",
    SOURCE, (replace(LR, default="1"), *HYPER, replace(WEIGHT_DECAY, default="0")), STATE,
    (
        Let(g_scaled, lr * (g + weight_decay * theta)),
        *put_in(STEPS[:-1], {"g": g_scaled}),
        Let(change, theta_start + BET - theta, "rounded: an update is what is added"),
        Let(theta, theta + change),
    ),
    differs="g is lr*(g + weight_decay*theta)", used_by=("optax.contrib",),
    notes=(
        "at a constant rate, large beside eps, the rate changes nothing",
        "optax adds -theta + (theta_start + ...) to theta, which rounds as theta does | others met it: google-deepmind/optax#1227",
    ),
)  # fmt: skip
VARIANTS = (KEEPS_THE_BET, SCALED)
