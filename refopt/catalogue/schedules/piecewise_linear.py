"""Straight lines from the first rate through two others, each a multiple of the one before, then constant."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.symbols import length_1, length_2, lr, scale_1, scale_2
from refopt.language.expression import Expression, cos, k, maximum, minimum, pi
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("DeepMind et al. 2020", "optax.piecewise_interpolate_schedule with two boundaries", "github.com/google-deepmind/optax"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
NO_LINE = "the line would be of a division by zero"
LENGTH_1 = Hyper(length_1, "30", length_1 >= 1, Role.COUNT, "steps of the first line", NO_LINE, Samples(schedules=("4", "30", "7", "8", "3", "2")))
LENGTH_2 = Hyper(length_2, "50", length_2 >= 1, Role.COUNT, "steps of the second line", NO_LINE, Samples(schedules=("5", "50", "12", "4", "4", "3")))
SCALE_1 = Hyper(scale_1, "0.1", scale_1 >= 0, Role.FACTOR, "the rate after the first line over the first rate", "a negative rate would climb",
                Samples(schedules=("0.5", "0.1", "1.5", "2", "0.75", "0.5")))  # fmt: skip
SCALE_2 = Hyper(scale_2, "0.01", scale_2 >= 0, Role.FACTOR, "the last rate over the one after the first line", "a negative rate would climb",
                Samples(schedules=("0.25", "0.01", "0.3", "0.125", "1.5", "0.75")))  # fmt: skip
HYPER = (LR, LENGTH_1, SCALE_1, LENGTH_2, SCALE_2)

# ---- rate --------------------------------------------------------------------------------------------------------
FIRST, SECOND = minimum(k, length_1) / length_1, maximum(minimum(k - length_1, length_2), 0) / length_2


def _through(first: Expression, second: Expression) -> Expression:
    """The first rate times what each stretch has made of it, of which such shares are done."""
    return lr * (1 + (scale_1 - 1) * first) * (1 + (scale_2 - 1) * second)


PIECEWISE_LINEAR = Schedule(
    "piecewise_linear", "straight lines from the first rate to a multiple of it, and from there to a multiple of that, then constant",
    SOURCE, HYPER,
    rate=_through(FIRST, SECOND),
    used_by=("optax piecewise_interpolate_schedule('linear')",),
    turns=(length_1, length_1 + length_2),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
COSINE = replace(
    PIECEWISE_LINEAR, name="piecewise_linear/cosine", title="half cosines from the first rate to a multiple of it, and from there to a multiple of that",
    rate=_through((1 - cos(pi * FIRST)) / 2, (1 - cos(pi * SECOND)) / 2), differs="half cosines in place of straight lines",
    used_by=("optax piecewise_interpolate_schedule('cosine')",),
)  # fmt: skip
VARIANTS = (COSINE,)
