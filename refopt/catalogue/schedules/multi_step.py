"""Multi-step decay: the rate is multiplied once at each milestone, lr_k = lr*factor^(number of milestones <= k)."""

from __future__ import annotations

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.step_decay import FACTOR
from refopt.catalogue.symbols import factor, lr, milestones
from refopt.language.expression import k
from refopt.language.hyper import Hyper
from refopt.language.lists import count
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("He et al. 2016", "section 4.2, divided by 10 at 32k and 48k iterations", "arXiv:1512.03385"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
MILESTONES = Hyper(milestones, "[30,80]", milestones >= 0, Role.COUNT, "steps at which the rate falls; one that stands twice counts twice",
                   "there is no step before 0",
                   given=Samples(schedules=("[3,5]", "[30,80]", "[7]", "[4,4,9]", "[0,2]", "[6,3,12]")))  # fmt: skip

# ---- rate --------------------------------------------------------------------------------------------------------
MULTI_STEP = Schedule(
    "multi_step", "the rate falls by a factor at each milestone",
    SOURCE, (LR, FACTOR, MILESTONES),
    rate=lr * factor ** count(k >= milestones),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
AFTER = Schedule(
    "multi_step/after", "the rate falls by a factor one step after each milestone",
    SOURCE, (LR, FACTOR, MILESTONES),
    rate=lr * factor ** count(k > milestones),
    differs="the rate of a milestone itself is still the one before it", used_by=("keras PiecewiseConstantDecay",),
)  # fmt: skip
BEFORE = Schedule(
    "multi_step/before", "the rate falls by a factor one step before each milestone",
    SOURCE, (LR, FACTOR, MILESTONES),
    rate=lr * factor ** count(k + 1 >= milestones),
    differs="the step before a milestone has fallen already", used_by=("timm MultiStepLRScheduler",),
)  # fmt: skip
VARIANTS = (AFTER, BEFORE)
