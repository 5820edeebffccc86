"""Yogi: m <- beta1*m + (1 - beta1)*g; v <- v - (1 - beta2)*sign(v - g^2)*g^2; theta <- theta - lr*m/(sqrt(v) + eps).

The second moment rises and falls by the size of g^2, never by that of itself. It starts from v0. Nothing is corrected for the start.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import BETA1, BETA2, CORRECTIONS
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, m_hat, v, v_hat
from refopt.language.expression import g, scalar, sign, sqrt, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
YOGI_PAPER = "papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3"
SOURCE = (Source("Zaheer et al. 2018", "Algorithm 2", YOGI_PAPER),)
AS_ADAM = (Source("Zaheer et al. 2018", "Algorithm 2 with the bias corrections of Adam", YOGI_PAPER),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
v0 = scalar("v0", "v_0", sign="nonnegative")
V0 = Hyper(v0, "0.000001", v0 >= 0, Role.SHARE, "what the second moment starts from", "the root of a negative number would be taken",
           Samples("0.125", "0.5", None, "-1", ("0", "0.1")))  # fmt: skip
WHY = {"beta1": "at 1 no gradient would enter the first moment", "beta2": "at 1 no gradient would enter the second moment"}
PLAIN = (replace(LR_ADAPTIVE, default="0.01"), *(replace(h, why=WHY[h.name]) for h in (BETA1, BETA2)), replace(EPS, default="0.001"))
HYPER = (*PLAIN, V0)
HYPER_CORRECTED = (*(replace(h, why=f"1 - {h.name}^t would be 0 and yogi would divide by it") if h.name in WHY else h for h in PLAIN), V0)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "first moment"), State(v, v0, "second moment, changed by g^2 at most"))

# ---- steps -------------------------------------------------------------------------------------------------------
MOMENTS = (
    Let(m, beta1 * m + (1 - beta1) * g),
    Let(v, v - (1 - beta2) * sign(v - g**2) * g**2),
)
STEPS = (*MOMENTS, Let(theta, theta - lr * m / (sqrt(v) + eps)))

YOGI = Rule(
    "yogi", "Adam whose second moment changes by the size of the squared gradient only",
    SOURCE, HYPER, STATE, STEPS,
    notes=("the paper corrects nothing for the start, optax and the authors' code do",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
M0 = Rule(
    "yogi/m0", "Yogi with the bias corrections of Adam, both moments starting from v0",
    AS_ADAM, HYPER_CORRECTED, (State(m, v0, "first moment"), STATE[1]),
    (*MOMENTS, *CORRECTIONS, Let(theta, theta - lr * m_hat / (sqrt(v_hat) + eps))),
    differs="both moments are corrected; the first one starts from v0 too", used_by=("optax",),
)  # fmt: skip
VARIANTS = (M0,)
