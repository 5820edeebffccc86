"""Averaged stochastic gradient descent: eta <- lr/(1 + lambd*lr*(t - 1))^alpha; theta <- (1 - lambd*eta)*theta - eta*g;
ax <- ax + mu*(theta - ax), mu = 1/max(1, t - 1 - averaged_after). The average ax is what a person uses after the run; the gradient is taken at theta."""

from __future__ import annotations

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.language.compose import put_in
from refopt.language.expression import equal, g, maximum, scalar, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Polyak & Juditsky 1992", "the average of the iterates", "doi:10.1137/0330046"),
    Source("Xu 2011", "the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on", "arXiv:1107.2490"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
lambd, alpha = scalar("lambd", r"\lambda", sign="nonnegative"), scalar("alpha", r"\alpha", sign="nonnegative")
averaged_after = scalar("averaged_after", "t_0", sign="nonnegative")
HYPER = (
    LR,
    Hyper(lambd, "0.0001", lambd >= 0, Role.WEIGHT_DECAY, "decay of the weights, and of the rate", "the weights would grow"),
    Hyper(alpha, "0.75", alpha >= 0, Role.EXPONENT, "exponent of the fall of the rate", "the rate would grow", Samples("0.5", "2", None, "-1", ("1",))),
    Hyper(averaged_after, "1000000", averaged_after >= 0, Role.COUNT, "the update after which the average begins",
          "an average cannot begin before the first update", Samples("2", "3", None, "-1", ("0",))),
)  # fmt: skip

# ---- state -------------------------------------------------------------------------------------------------------
ax = tensor("ax", r"\bar\theta")
STATE = (State(ax, 0, "average of the parameter: the output"),)

# ---- steps -------------------------------------------------------------------------------------------------------
eta, mu = scalar("eta", r"\eta_t", sign="nonnegative"), scalar("mu", r"\mu_t", sign="nonnegative")
rate = scalar("rate", r"\eta_t", sign="nonnegative")
SHARE = Let(mu, 1 / maximum(1, t - 1 - averaged_after))
MOVED = (Let(theta, theta * (1 - lambd * eta) - eta * g), Let(ax, ax + mu * (theta - ax)))
STEPS = (Let(eta, lr / (1 + lambd * lr * (t - 1)) ** alpha), SHARE, *MOVED)

ASGD = Rule(
    "asgd", "gradient descent with a falling rate, and the average of its parameters",
    SOURCE, HYPER, STATE, STEPS,
    notes=("what is used after the run is ax, not theta | others met it: salesforce/awd-lstm-lm#54",),
    output=ax,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
KEPT_RATE = Rule(
    "asgd/rate_before", "ASGD whose rate was made at the update before",
    SOURCE, HYPER,
    (*STATE, State(eta, 0, "rate of the next update"), State(mu, 1, "share of the next parameter in the average")),
    (
        Let(rate, where(equal(t, 1), lr, eta)),
        *put_in(MOVED, {"eta": rate}),
        Let(eta, lr / (1 + lambd * lr * t) ** alpha, "for the next update"),
        Let(mu, 1 / maximum(1, t - averaged_after)),
    ),
    differs="a changed rate acts one update late", used_by=("torch",),
    notes=("torch keeps the rate and the share in float32, and loads them in the parameter's format", "others met it: pytorch/pytorch#74884"),
    output=ax,
)  # fmt: skip
VARIANTS = (KEPT_RATE,)
