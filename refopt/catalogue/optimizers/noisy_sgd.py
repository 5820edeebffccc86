"""Gradient descent with noise: theta <- theta - lr*(g + sqrt(noise_variance/t^noise_decay)*noise). The noise is an input."""

from __future__ import annotations

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.language.expression import g, scalar, sqrt, t, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.input import Input, InputRole
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Neelakantan et al. 2015", "section 2, the variance eta/(1 + t)^gamma, t from 0", "arXiv:1511.06807"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
noise_variance, noise_decay = scalar("noise_variance", r"\eta_0", sign="nonnegative"), scalar("noise_decay", r"\gamma", sign="nonnegative")
HYPER = (
    LR,
    Hyper(noise_variance, "0.01", noise_variance >= 0, Role.FACTOR, "variance of the first noise", "a variance is not negative",
          Samples("0.25", "4", None, "-1")),
    Hyper(noise_decay, "0.55", noise_decay >= 0, Role.EXPONENT, "how fast the variance falls", "the noise would grow",
          Samples("0.5", "0.5", None, "-0.5")),
)  # fmt: skip

# ---- inputs ------------------------------------------------------------------------------------------------------
noise = tensor("noise", r"\xi")
INPUTS = (Input(noise, InputRole.NOISE, "drawn anew at each update, of variance 1"),)

# ---- state -------------------------------------------------------------------------------------------------------
STATE: tuple[State, ...] = ()

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (Let(theta, theta - lr * (g + sqrt(noise_variance / t**noise_decay) * noise)),)

NOISY_SGD = Rule("noisy_sgd", "a step against the gradient with noise that fades", SOURCE, HYPER, STATE, STEPS, used_by=("optax",), inputs=INPUTS)

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
