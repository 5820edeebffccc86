"""Lion with its interpolation called `c`, as the paper has it."""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import BETA1, BETA2, WEIGHT_DECAY
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import beta1, beta2, lr, m, weight_decay
from refopt.language.expression import g, sign, tensor, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Chen et al. 2023", "Algorithm 2", "arXiv:2302.06675"),)

# ---- steps -------------------------------------------------------------------------------------------------------
c = tensor("c")
LION = Rule(
    "lion", "the sign of an interpolated momentum",
    SOURCE, (LR, BETA1, BETA2, WEIGHT_DECAY), (State(m, 0, "momentum"),),
    (
        Let(c, beta1 * m + (1 - beta1) * g),
        Let(theta, theta - lr * (sign(c) + weight_decay * theta)),
        Let(m, beta2 * m + (1 - beta2) * g),
    ),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
