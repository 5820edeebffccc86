"""One cycle: up to the highest rate, down again, and on to a rate that is far lower, in a given number of steps."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.schedules.constant import LR
from refopt.catalogue.symbols import div_factor, final_div_factor, lr, pct_start, total_steps
from refopt.language.expression import Expression, cos, floor, k, pi, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Source
from refopt.language.schedule import Schedule

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Smith & Topin 2018", "section 3, the 1cycle policy", "arXiv:1708.07120"),
    Source("Smith 2018", "section 4.2, a cycle smaller than the run, then several orders of magnitude less", "arXiv:1803.09820"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
PEAK = replace(LR, meaning="highest learning rate")
TOTAL = Hyper(total_steps, "100", total_steps >= 2, Role.COUNT, "steps in all", "there would be no way up and down",
              Samples(schedules=("9", "101", "51", "16", "14", "10")))  # fmt: skip
PCT = Hyper(pct_start, "0.3", (pct_start > 0, pct_start < 1), Role.SHARE, "share of the steps that the way up takes", "there would be no way up or down",
            Samples(outside="2", schedules=("0.375", "0.305", "0.45", "0.25", "0.3", "0.375")))  # fmt: skip
DIV = Hyper(div_factor, "25", div_factor > 0, Role.FACTOR, "the highest rate over the first", "the first rate would be infinite",
            Samples(schedules=("4", "25", "10", "2", "8", "5")))  # fmt: skip
FINAL_DIV = Hyper(final_div_factor, "10000", final_div_factor > 0, Role.FACTOR, "the first rate over the last", "the last rate would be infinite",
                  Samples(schedules=("8", "10000", "100", "4", "16", "10")))  # fmt: skip
HYPER = (PEAK, TOTAL, PCT, DIV, FINAL_DIV)
HALF = replace(PCT, domain=(pct_start > 0, 2 * pct_start <= 1), why="the way down is as long as the way up")

# ---- rate --------------------------------------------------------------------------------------------------------
LOW, LEAST = lr / div_factor, lr / div_factor / final_div_factor
UP, DOWN, END = pct_start * total_steps - 1, 2 * pct_start * total_steps - 2, total_steps - 1


def _line(start: Expression, end: Expression, done: Expression) -> Expression:
    """A straight line."""
    return start + (end - start) * done


def _wave(start: Expression, end: Expression, done: Expression) -> Expression:
    """Half a cosine."""
    return end + (start - end) * (1 + cos(pi * done)) / 2


ONE_CYCLE = Schedule(
    "one_cycle", "a straight line up, as long a one down, and one on to far less",
    SOURCE, (PEAK, TOTAL, HALF, DIV, FINAL_DIV),
    rate=where(k < UP, _line(LOW, lr, k / UP), where(k < DOWN, _line(lr, LOW, (k - UP) / (DOWN - UP)), _line(LOW, LEAST, (k - DOWN) / (END - DOWN)))),
    used_by=("torch OneCycleLR(three_phase=True, anneal_strategy='linear')",),
    notes=("the papers do not say which step the peak falls on: here the way up has pct_start*total_steps steps, its two ends among them",),
    turns=(UP, DOWN), last=END,
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
COSINE = replace(
    ONE_CYCLE, name="one_cycle/cosine", title="half a cosine up, and half a cosine down to far less", hyper=HYPER,
    rate=where(k < UP, _wave(LOW, lr, k / UP), _wave(lr, LEAST, (k - UP) / (END - UP))),
    differs="half cosines; one way down in place of two", used_by=("torch OneCycleLR",), turns=(UP,), notes=(),
)  # fmt: skip
LINE = replace(
    ONE_CYCLE, name="one_cycle/two_lines", title="a straight line up, and one down to far less", hyper=HYPER,
    rate=where(k < UP, _line(LOW, lr, k / UP), _line(lr, LEAST, (k - UP) / (END - UP))),
    differs="one way down in place of two", used_by=("torch OneCycleLR(anneal_strategy='linear')",), turns=(UP,), notes=(),
)  # fmt: skip
THREE = replace(
    ONE_CYCLE, name="one_cycle/cosines", title="half a cosine up, as long a one down, and one on to far less",
    rate=where(k < DOWN, _wave(lr, LOW, (k - UP) / UP), _wave(LOW, LEAST, (k - DOWN) / (END - DOWN))),  # the wave up is the one down, from behind
    differs="half cosines in place of straight lines", used_by=("torch OneCycleLR(three_phase=True)",), notes=(),
)  # fmt: skip
AT = floor(pct_start * total_steps)
FROM_THE_PEAK = replace(PCT, given=replace(PCT.given, schedules=("0.0625", "0.305", "0.45", "0.25", "0.3", "0.375")))
"""A way up of less than a step is none: the peak comes first."""
WHOLE = replace(
    ONE_CYCLE, name="one_cycle/whole", title="half a cosine up to a whole step, half a cosine down to far less, then constant",
    hyper=(PEAK, TOTAL, FROM_THE_PEAK, DIV, FINAL_DIV),
    rate=where(k < AT, _wave(LOW, lr, k / AT), where(k < total_steps, _wave(lr, LEAST, (k - AT) / (total_steps - AT)), LEAST)),
    differs="half cosines that meet at whole steps; the end is one step later", used_by=("optax cosine_onecycle_schedule",),
    turns=(AT,), last=None, notes=(),
)  # fmt: skip
VARIANTS = (COSINE, LINE, THREE, WHOLE)
