"""The constant schedule: lr_k = lr."""

from __future__ import annotations

from refopt.catalogue.symbols import lr
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Robbins & Monro 1951", "the fixed rate that their conditions exclude", "doi:10.1214/aoms/1177729586"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LR = Hyper(lr, "0.1", lr >= 0, Role.RATE, "learning rate at the start", "a negative rate would climb")

# ---- rate --------------------------------------------------------------------------------------------------------
CONSTANT = Schedule("constant", "the same rate at every step", SOURCE, (LR,), lr, recursion=lr_prev)

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
