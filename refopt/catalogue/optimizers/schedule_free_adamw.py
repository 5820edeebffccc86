"""Schedule-free AdamW: Adam's second moment, and instead of a first one three sequences, of which z is stepped and decays, x averages z, and the
gradient is taken at theta between the two.

v <- beta2*v + (1 - beta2)*g^2; v_hat <- v/(1 - beta2^t); c <- lr^2/(sum of lr^2 so far); x_before <- (theta - (1 - beta1)*z)/beta1;
z <- z - lr*weight_decay*theta - lr*g/(sqrt(v_hat) + eps); x <- (1 - c)*x_before + c*z; theta <- (1 - beta1)*z + beta1*x.
What a person uses after the run is x, which is not kept: it follows from theta and z.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import BETA2, CORRECTIONS, MOMENTS, WEIGHT_DECAY
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.optimizers.schedule_free_sgd import (
    AVERAGED,
    BEFORE,
    CODE,
    DEFAZIO,
    INTERPOLATION,
    LARGEST,
    OUTPUT,
    WEIGHTS,
    WEIGHTS_OF_LARGEST,
    c,
    z,
)
from refopt.catalogue.optimizers.schedule_free_sgd import STATE as THREE_SEQUENCES
from refopt.catalogue.symbols import eps, lr, v, v_hat, weight_decay
from refopt.language.compose import put_in
from refopt.language.expression import g, sqrt, t, tensor, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Defazio et al. 2024", "Algorithm 1, its warm-up left to the rate", DEFAZIO),)
EQUAL = (Source("Defazio et al. 2024", "equation (4), and the rest as in Algorithm 1", DEFAZIO),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
WHY = "1 - beta2^t would be 0 and schedule_free_adamw would divide by it"
HYPER = (replace(LR_ADAPTIVE, default="0.0025"), INTERPOLATION, replace(BETA2, why=WHY), EPS, replace(WEIGHT_DECAY, default="0"))

# ---- state -------------------------------------------------------------------------------------------------------
MOMENT = State(v, 0, "second raw moment")
STATE = (THREE_SEQUENCES[0], MOMENT, THREE_SEQUENCES[1])

# ---- steps -------------------------------------------------------------------------------------------------------
SECOND = (MOMENTS[1], CORRECTIONS[1])
MOVED = Let(z, z - lr * weight_decay * theta - lr * g / (sqrt(v_hat) + eps))
STEPS = (*SECOND, *WEIGHTS, BEFORE, MOVED, *AVERAGED)

SCHEDULE_FREE_ADAMW = Rule(
    "schedule_free_adamw", "AdamW whose momentum is that its gradient is taken between its last point and the average of its points",
    SOURCE, HYPER, STATE, STEPS,
    notes=("the authors' code, and optax, weigh by a power of the largest rate so far",
           "where the bias correction belongs | others met it: facebookresearch/schedule_free#38",
           "weight_decay is times the rate | others met it: facebookresearch/schedule_free#47"),
    output=OUTPUT,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
MAX_RATE = replace(
    SCHEDULE_FREE_ADAMW, name="schedule_free_adamw/max_rate", title="schedule-free AdamW whose average weighs by the largest rate so far",
    source=(CODE,), state=(*STATE, LARGEST), steps=(*SECOND, *WEIGHTS_OF_LARGEST, BEFORE, MOVED, *AVERAGED),
    differs="the largest rate so far weighs: a rate that falls weighs no less", used_by=("optax",),
    notes=("optax makes the weight of a scheduled rate from that of the next update | others met it: google-deepmind/optax#1744",),
)  # fmt: skip
EQUAL_WEIGHTS = replace(
    SCHEDULE_FREE_ADAMW, name="schedule_free_adamw/equal_weights", title="schedule-free AdamW whose average weighs all updates alike",
    source=EQUAL, state=(THREE_SEQUENCES[0], MOMENT), steps=(*SECOND, Let(c, 1 / t), BEFORE, MOVED, *AVERAGED),
    differs="the average weighs all updates alike, whatever their rates", used_by=("keras",), notes=(),
)  # fmt: skip
theta_decayed = tensor("theta_decayed", r"\tilde\theta")
DECAY_OF_THETA = replace(
    SCHEDULE_FREE_ADAMW, name="schedule_free_adamw/decay_of_theta", title="schedule-free AdamW whose decay moves theta, and with it x, but not z",
    steps=(
        *SECOND, *WEIGHTS, Let(theta_decayed, theta - lr * weight_decay * theta), *put_in([BEFORE], {"theta": theta_decayed}),
        Let(z, z - lr * g / (sqrt(v_hat) + eps)), *AVERAGED,
    ),
    differs="the decay moves theta, and with it x, but not z", used_by=("keras, weight_decay=",), notes=(),
)  # fmt: skip
VARIANTS = (MAX_RATE, EQUAL_WEIGHTS, DECAY_OF_THETA)
