"""Reduce on plateau: the rate falls by a factor once a metric has not become better for longer than some patience.

The first metric is the first best. After a fall it waits out a cooldown, in which no metric counts as bad.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.schedules.step_decay import FACTOR
from refopt.catalogue.symbols import cooldown, eps, factor, lr, lr_min, metrics, patience, patience_from_one, threshold
from refopt.language.expression import Expression, Kind, both, either, k, maximum, scalar, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Source, State
from refopt.language.schedule import Schedule, metric

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("He et al. 2016", "section 3.4, divided by 10 when the error plateaus", "arXiv:1512.03385"),
    Source("Ansel et al. 2024", "torch.optim.lr_scheduler.ReduceLROnPlateau, for what a plateau is", "doi:10.1145/3620665.3640366"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
PATIENCE = Hyper(patience, "10", patience >= 0, Role.COUNT, "bad metrics one after the other that are borne", "there are no fewer than none",
                 Samples(schedules=("2", "3", "0", "1", "2", "1")))  # fmt: skip
THRESHOLD = Hyper(threshold, "0.0001", threshold >= 0, Role.THRESHOLD, "share of the best metric by which a better one is better",
                  "a metric that is worse would be better", Samples(schedules=("0.25", "0.0001", "0.125", "0", "0.5", "0.25")))  # fmt: skip
COOLDOWN = Hyper(cooldown, "0", cooldown >= 0, Role.COUNT, "metrics after a fall that are not counted", "there are no fewer than none",
                 Samples(schedules=("2", "0", "1", "3", "1", "2")))  # fmt: skip
LEAST = Hyper(lr_min, "0", lr_min >= 0, Role.RATE_END, "rate below which it does not fall", "a negative rate would climb",
              Samples(schedules=("0.03125", "0", "0.0005", "0", "2", "0.046875")))  # fmt: skip
EPS = Hyper(eps, "1e-8", eps >= 0, Role.EPSILON, "a fall that is not larger is left out", "the rate would rise to the least rate",
            Samples(schedules=("0.03125", "0", "1e-08", "1e-08", "0.125", "0.0625")))  # fmt: skip
_SAMPLES = (
    "[8,16,10,4,3,4,5,3,9,2.25,1,1,1,2,1,1.5,1,3,1,0.75,0.5,0.5,0.625,0.5,0.5,0.5,0.5,4,4,4,4,4,4,4,4]",
    "[2.3,1.9,1.7,1.71,1.6,1.62,1.61,1.64,1.65,1.59,1.58,1.6,1.6,1.6,1.6,1.6,1.61,1.6,1.6,1.6,1.55" + ",1.55" * 33 + "]",
    "[4,3.5,3.25,3.0625,3.5,2,2,1,0.875,0.5,0.75,0.25]",
    "[-1,-2,-2,-3,-3,-3,-3,-3,-4,-4,-4,-3,-3,-5,-5,-5,-5,-5,-5,-5,-5,-5,-5]",
    "[100,80,60,45,10,10,10,10,4,3,3,3,1,0.5,0.5,0.5,0.125,0.5,0.5,0.5,0.5,0.5,0.5]",
    "[1,0.75,0.5,0.49999,0.5,0.49998,0.49999,0.5,0.5,0.5,0.5,0.25,0.25,0.25,0.25,0.25]",
)
METRICS = Hyper(metrics, "[4,2,1,1,1,1,1,1,1,1,1,1,1,1]", (), Role.METRIC, "what was measured after each step, the first at step 0",
                "what is no number is neither better nor worse than one", Samples(schedules=_SAMPLES))  # fmt: skip
HYPER = (LR, FACTOR, PATIENCE, THRESHOLD, COOLDOWN, LEAST, EPS, METRICS)
AT_LEAST_ONE = replace(PATIENCE, symbol=patience_from_one, domain=patience_from_one >= 1, why="the rate would fall with every metric, the better ones too",
                       given=Samples(schedules=("2", "3", "1", "2", "3", "1")))  # fmt: skip
_RISING = (
    "[1,2,2.5,1.5,2.5,2,4,5,5,5.5,5,5,4,6,6.25,6.25,7,8,10,10.25,8,4,1,10,2,1,3,9,10,12.5,12,12,12]",
    "[0.1,0.32,0.45,0.44,0.45,0.47,0.46,0.4,0.41,0.42,0.5,0.49,0.5,0.5,0.5,0.5,0.48,0.5,0.5,0.5,0.55,0.5" + ",0.5" * 33 + "]",
    "[-1,1,1.25,1.125,1.265625,1.5,1,1.625,1.75,2,2.25,2.125,3]",
    "[2,3,3,4,4,4,4,3,5,5,5,4,4,6,6,6,6,6,6,6,6,6,6]",
    "[1,1.5,2,2.25,2.25,2.25,3,4,4.5,4.5,4.5,5,6.75,6,6.5,8,8,8,8,8,8,8]",
    "[1,1.25,1.5,1.5,1.50001,1.5,1.5,1.5,1.5,1.5,2,2,2,2,2]",
)
WITH_RISING = (*HYPER[:-1], replace(METRICS, default="[1,2,3,3,3,3,3,3,3,3,3,3,3,3]", given=Samples(schedules=_RISING)))
WITHOUT_EPS = (LR, FACTOR, AT_LEAST_ONE, THRESHOLD, COOLDOWN, LEAST, METRICS)

# ---- state -------------------------------------------------------------------------------------------------------
lr_now = scalar("lr_now", r"\eta'", sign="nonnegative")
best = scalar("best", "b")
bad = scalar("bad", "n", sign="nonnegative", kind=Kind.INTEGER)
pause = scalar("pause", "c", kind=Kind.INTEGER)
lower = scalar("lower", r"\eta^-", sign="nonnegative")
STATE = (
    State(lr_now, lr, "rate in force"),
    State(best, 0, "best metric so far"),
    State(bad, 0, "metrics since then that were not better"),
    State(pause, 0, "metrics of a cooldown that are left; none from 0 down"),
)


# ---- steps -------------------------------------------------------------------------------------------------------
OF_SHARE, OF_DIFFERENCE = metric < best * (1 - threshold), metric < best - threshold
"""The condition that a metric is better: by a share of the best one, and by a difference from it."""
FULL = bad >= patience_from_one
"""The condition that the patience is filled."""


def _counted(better: Expression) -> tuple[Let, ...]:
    """The count of bad metrics, of which a cooldown has none."""
    return (
        Let(bad, where(either(k <= 0, better), 0, bad + 1)),
        Let(best, where(bad <= 0, metric, best)),
        Let(bad, where(pause > 0, 0, bad)),
        Let(pause, pause - 1),
    )


def _fallen(due: Expression, fall: Expression) -> tuple[Let, ...]:
    """The fall of the rate, and the cooldown, which comes where a fall is due."""
    return (
        Let(lower, maximum(lr_now * factor, lr_min)),
        Let(lr_now, where(fall, lower, lr_now)),
        Let(pause, where(due, cooldown, pause)),
        Let(bad, where(due, 0, bad)),
    )


def _steps(better: Expression) -> tuple[Let, ...]:
    return (*_counted(better), *_fallen(bad > patience, both(bad > patience, lr_now - lower > eps)))


# ---- rate --------------------------------------------------------------------------------------------------------
REDUCE_ON_PLATEAU = Schedule(
    "reduce_on_plateau", "the rate falls by a factor when a metric gets no better",
    SOURCE, HYPER, rate=lr_now, state=STATE, steps=_steps(OF_SHARE),
    used_by=("torch ReduceLROnPlateau", "timm PlateauLRScheduler"),
    notes=("a share of a best metric below 0 asks for less than that: a metric that may be negative needs a difference, /abs",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
ABSOLUTE = replace(
    REDUCE_ON_PLATEAU, name="reduce_on_plateau/abs", steps=_steps(OF_DIFFERENCE), notes=(),
    differs="a metric is better by a difference, not by a share", used_by=("torch ReduceLROnPlateau(threshold_mode='abs')",),
)  # fmt: skip
LARGEST = replace(
    REDUCE_ON_PLATEAU, name="reduce_on_plateau/max", hyper=WITH_RISING, steps=_steps(metric > best * (1 + threshold)), notes=(),
    differs="the larger metric is the better one", used_by=("torch ReduceLROnPlateau(mode='max')",),
)  # fmt: skip
LARGEST_ABSOLUTE = replace(
    REDUCE_ON_PLATEAU, name="reduce_on_plateau/max_abs", hyper=WITH_RISING, steps=_steps(metric > best + threshold), notes=(),
    differs="the larger metric is the better one, by a difference", used_by=("torch ReduceLROnPlateau(mode='max', threshold_mode='abs')",),
)  # fmt: skip
AT_PATIENCE = replace(
    REDUCE_ON_PLATEAU, name="reduce_on_plateau/at_patience", hyper=WITHOUT_EPS, notes=(),
    steps=(*_counted(OF_SHARE), *_fallen(FULL, FULL)),
    differs="the rate falls with the bad metric that fills the patience", used_by=("optax reduce_on_plateau",),
)  # fmt: skip
LAST_COUNTS = replace(
    REDUCE_ON_PLATEAU, name="reduce_on_plateau/last_counts", hyper=WITHOUT_EPS, notes=(),
    steps=(
        Let(pause, pause - 1),
        Let(bad, where(either(k <= 0, OF_DIFFERENCE), 0, where(pause > 0, bad, bad + 1))),
        Let(best, where(either(k <= 0, OF_DIFFERENCE), metric, best)),
        *_fallen(FULL, FULL),
    ),
    differs="as /abs, at the filled patience; the end of a cooldown counts",
    used_by=("keras ReduceLROnPlateau",),
)  # fmt: skip
VARIANTS = (ABSOLUTE, LARGEST, LARGEST_ABSOLUTE, AT_PATIENCE, LAST_COUNTS)
