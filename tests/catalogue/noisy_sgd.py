"""Gradient descent with noise: theta <- theta - lr*(g + sqrt(eta/t^gamma)*noise). The noise is an input."""

from __future__ import annotations

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.language.expression import g, scalar, sqrt, t, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.input import Input, InputRole
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Neelakantan et al. 2015", "section 2, the variance eta/(1 + t)^gamma, t from 0", "arXiv:1511.06807"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
eta, gamma = scalar("eta", r"\eta_0", sign="nonnegative"), scalar("gamma", r"\gamma", sign="nonnegative")
HYPER = (
    LR,
    Hyper(eta, "0.01", eta >= 0, Role.FACTOR, "variance of the first noise", "a variance is not negative"),
    Hyper(gamma, "0.55", gamma >= 0, Role.EXPONENT, "how fast the variance falls", "the noise would grow"),
)

# ---- inputs ------------------------------------------------------------------------------------------------------
noise = tensor("noise", r"\xi")
INPUTS = (Input(noise, InputRole.NOISE, "drawn anew at each update, of variance 1"),)

# ---- state -------------------------------------------------------------------------------------------------------
STATE: tuple[State, ...] = ()

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (Let(theta, theta - lr * (g + sqrt(eta / t**gamma) * noise)),)

NOISY_SGD = Rule("noisy_sgd", "a step against the gradient with noise that fades", SOURCE, HYPER, STATE, STEPS, used_by=("optax",), inputs=INPUTS)

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()
