"""ADOPT: Adam whose gradient is divided by the root of the second moment of the update before, and averaged after that.

u <- max(-c, min(c, g/max(sqrt(v), eps))), c = (t - 1)^(1/4); m <- beta1*m + (1 - beta1)*u; v <- beta2*v + (1 - beta2)*g^2;
theta <- theta - lr*m. The first update only sets v <- g^2.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import BETA1, BETA2
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, v
from refopt.language.expression import g, maximum, minimum, scalar, sqrt, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Taniguchi et al. 2024", "clipped ADOPT, c_t = t^(1/4), its first gradient as update 1", "arXiv:2411.02853"),)
UNCUT = (Source("Taniguchi et al. 2024", "ADOPT with m_0 = 0, its first gradient as update 1", "arXiv:2411.02853"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (
    LR_ADAPTIVE,
    replace(BETA1, why="at 1 no gradient would enter the average"),
    replace(BETA2, default="0.9999", why="at 1 the second moment would stay that of the first gradient"),
    replace(EPS, default="0.000001"),
)
exponent = scalar("clip_exponent", "q", sign="positive")
EXPONENT = Hyper(exponent, "0.333", exponent > 0, Role.EXPONENT, "how fast the limit grows", "the limit would not grow",
                 Samples("0.5", "0.75", None, "0"))  # fmt: skip

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "average of the normalized gradients"), State(v, 0, "second raw moment"))

# ---- steps -------------------------------------------------------------------------------------------------------
c, u = scalar("c", "c_t", sign="nonnegative"), tensor("u")
LIMIT = Let(c, sqrt(sqrt(t - 1)))
NORMALIZED = g / maximum(sqrt(v), eps)
CLIPPED = maximum(-c, minimum(c, NORMALIZED))
AVERAGE = Let(m, where(t > 1, beta1 * m + (1 - beta1) * CLIPPED, m), "v of the update before")
SQUARES = Let(v, where(t > 1, beta2 * v + (1 - beta2) * g**2, g**2), "all that the first update does")
STEPS = (LIMIT, AVERAGE, SQUARES, Let(theta, theta - lr * m))

ADOPT = Rule(
    "adopt", "Adam that normalizes by the second moment before it sees the gradient",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("optax.contrib", "pytorch_optimizer"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
UNCLIPPED = Rule(
    "adopt/unclipped", "ADOPT without clipping",
    UNCUT, HYPER, STATE,
    (
        Let(m, where(t > 1, beta1 * m + (1 - beta1) * NORMALIZED, m), "v of the update before"),
        SQUARES,
        Let(theta, theta - lr * m),
    ),
    differs="the normalized gradient is not clipped", used_by=("optax.contrib, use_clipping=False",),
)  # fmt: skip
ANY_EXPONENT = Rule(
    "adopt/clip_exponent", "ADOPT with any power of the step as its limit",
    SOURCE, (*HYPER, EXPONENT), STATE,
    (
        Let(c, (t - 1) ** exponent),
        *STEPS[1:],
    ),
    differs="the limit is a power of t - 1 that is given", used_by=("timm",),
)  # fmt: skip
AHEAD = Rule(
    "adopt/nesterov", "ADOPT that averages each normalized gradient twice for its step",
    SOURCE, HYPER, STATE,
    (
        LIMIT,
        Let(u, where(t > 1, CLIPPED, 0 * g), "v of the update before"),
        Let(m, beta1 * m + (1 - beta1) * u),
        SQUARES,
        Let(theta, theta - lr * (beta1 * m + (1 - beta1) * u)),
    ),
    differs="the step is one average further than the state", used_by=("optax.contrib, nesterov=True",),
)  # fmt: skip
VARIANTS = (UNCLIPPED, ANY_EXPONENT, AHEAD)
