"""The optimizers. One concept a file; a new one is a file and a line here."""

from __future__ import annotations

from refopt.catalogue.optimizers import adam, adamw, amsgrad, momentum, nesterov, rmsprop, sgd
from refopt.language.rule import Rule

FAMILIES: tuple[tuple[Rule, tuple[Rule, ...]], ...] = (
    (sgd.SGD, sgd.VARIANTS),
    (momentum.MOMENTUM, momentum.VARIANTS),
    (nesterov.NESTEROV, nesterov.VARIANTS),
    (rmsprop.RMSPROP, rmsprop.VARIANTS),
    (adam.ADAM, adam.VARIANTS),
    (adamw.ADAMW, adamw.VARIANTS),
    (amsgrad.AMSGRAD, amsgrad.VARIANTS),
)
"""Each reference with its variants, in the order in which they are listed."""
