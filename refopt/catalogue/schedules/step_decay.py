"""Step decay: lr_k = lr*factor^floor(k/every): the rate falls by a factor every N epochs (k counts epochs)."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.symbols import every, factor, lr
from refopt.language.expression import equal, floor, k, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Ge et al. 2019", "Algorithm 1, the step decay schedule", "arXiv:1904.12838"),
    Source("Szegedy et al. 2015", "section 6, 4 percent less every 8 epochs", "arXiv:1409.4842"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
FACTOR = Hyper(factor, "0.1", factor >= 0, Role.FACTOR, "what the rate is multiplied by", "a negative factor would change the direction")
EVERY = Hyper(every, "30", every >= 1, Role.COUNT, "epochs between two falls", "the rate would fall infinitely often")

# ---- rate --------------------------------------------------------------------------------------------------------
STEP_DECAY = Schedule(
    "step_decay", "the rate falls by a factor every N epochs",
    SOURCE, (LR, FACTOR, EVERY),
    rate=lr * factor ** floor(k / every),
    recursion=where(equal(k, every * floor(k / every)), lr_prev * factor, lr_prev),
    used_by=("torch StepLR",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Schedule, ...] = ()
