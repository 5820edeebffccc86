"""The optimizers. One concept a file; a new one is a file and a line here."""

from __future__ import annotations

from refopt.catalogue.optimizers import (
    adabelief,
    adadelta,
    adagrad,
    adam,
    adamax,
    adamw,
    adan,
    ademamix,
    amsgrad,
    laprop,
    lion,
    momentum,
    nadam,
    nesterov,
    radam,
    rmsprop,
    sgd,
    sgdw,
    sign_sgd,
    signum,
    simplified_ademamix,
)
from refopt.language.rule import Rule

FAMILIES: tuple[tuple[Rule, tuple[Rule, ...]], ...] = (
    (sgd.SGD, sgd.VARIANTS),
    (momentum.MOMENTUM, momentum.VARIANTS),
    (nesterov.NESTEROV, nesterov.VARIANTS),
    (rmsprop.RMSPROP, rmsprop.VARIANTS),
    (adam.ADAM, adam.VARIANTS),
    (adamw.ADAMW, adamw.VARIANTS),
    (amsgrad.AMSGRAD, amsgrad.VARIANTS),
    (adamax.ADAMAX, adamax.VARIANTS),
    (adagrad.ADAGRAD, adagrad.VARIANTS),
    (adadelta.ADADELTA, adadelta.VARIANTS),
    (nadam.NADAM, nadam.VARIANTS),
    (radam.RADAM, radam.VARIANTS),
    (adabelief.ADABELIEF, adabelief.VARIANTS),
    (adan.ADAN, adan.VARIANTS),
    (ademamix.ADEMAMIX, ademamix.VARIANTS),
    (simplified_ademamix.SIMPLIFIED_ADEMAMIX, simplified_ademamix.VARIANTS),
    (laprop.LAPROP, laprop.VARIANTS),
    (sgdw.SGDW, sgdw.VARIANTS),
    (sign_sgd.SIGN_SGD, sign_sgd.VARIANTS),
    (signum.SIGNUM, signum.VARIANTS),
    (lion.LION, lion.VARIANTS),
)
"""Each reference with its variants, in the order in which they are listed."""
