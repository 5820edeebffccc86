"""Schedule-free SGD: three sequences, of which z is stepped, x averages z, and the gradient is taken at theta between the two.

c <- lr^2/(sum of lr^2 so far); x_before <- (theta - (1 - beta1)*z)/beta1; z <- z - lr*g; x <- (1 - c)*x_before + c*z;
theta <- (1 - beta1)*z + beta1*x.
What a person uses after the run is x, which is not kept: it follows from theta and z. Code that keeps x and z is the same at one beta1; where beta1
changes from update to update the two part, and the paper, which has one beta, does not say which is meant.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.language.expression import g, maximum, scalar, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
DEFAZIO = "arXiv:2405.15682"
SOURCE = (Source("Defazio et al. 2024", "equations (2) to (4), weighted by the squared rate as in Algorithm 1", DEFAZIO),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
beta1 = scalar("beta1", r"\beta_1", sign="positive")
INTERPOLATION = Hyper(beta1, "0.9", (beta1 > 0, beta1 <= 1), Role.SHARE, "share of x where g is taken",
                      "x could not be found from theta and z", Samples("0.875", "0.5", None, "0", ("0.8", "0.95", "0.98")))  # fmt: skip
HYPER = (replace(LR, default="1"), INTERPOLATION)

# ---- state -------------------------------------------------------------------------------------------------------
z, total = tensor("z"), scalar("weight_sum", "w", sign="nonnegative")
STATE = (State(z, theta, "the sequence that is stepped"), State(total, 0, "sum of the weights"))

# ---- steps -------------------------------------------------------------------------------------------------------
weight, c, x = scalar("weight", "w_t", sign="nonnegative"), scalar("c", "c_t", sign="nonnegative"), tensor("x")
x_before = tensor("x_before", "x_{t-1}")
SHARE = Let(c, where(total > 0, weight / total, 0), "nothing is averaged while the rate is 0")
WEIGHTS = (Let(weight, lr**2), Let(total, total + weight), SHARE)
OUTPUT = (theta - (1 - beta1) * z) / beta1
BEFORE, AVERAGED = Let(x_before, OUTPUT), (Let(x, (1 - c) * x_before + c * z), Let(theta, (1 - beta1) * z + beta1 * x))
DESCENT = (BEFORE, Let(z, z - lr * g), *AVERAGED)

SCHEDULE_FREE_SGD = Rule(
    "schedule_free_sgd", "gradient descent from between its last point and the average of its points",
    SOURCE, HYPER, STATE, (*WEIGHTS, *DESCENT),
    notes=("equation (4) has weights that are all alike; the authors' code, and optax, weigh by a power of the largest rate so far",),
    output=OUTPUT,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
CODE = Source("Defazio et al. 2024", "the authors' code, weight_lr_power = 2 and r = 0", "https://github.com/facebookresearch/schedule_free")
lr_max = scalar("lr_max", r"\eta^{\max}", sign="nonnegative")
LARGEST = State(lr_max, 0, "largest rate so far")
WEIGHTS_OF_LARGEST = (Let(lr_max, maximum(lr_max, lr)), Let(weight, lr_max**2), Let(total, total + weight), SHARE)

MAX_RATE = replace(
    SCHEDULE_FREE_SGD, name="schedule_free_sgd/max_rate", title="schedule-free SGD whose average weighs by the largest rate so far",
    source=(CODE,), state=(*STATE, LARGEST), steps=(*WEIGHTS_OF_LARGEST, *DESCENT),
    differs="the largest rate so far weighs: a rate that falls weighs no less", used_by=("optax",),
    notes=("optax makes the weight of a scheduled rate from that of the next update | others met it: google-deepmind/optax#1744",),
)  # fmt: skip
VARIANTS = (MAX_RATE,)
