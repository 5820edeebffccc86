"""Every planted bug that a diagnosis is asked about, in one table, and how each is run."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TypeAlias

from refopt.conformance.protocol.implementation import Implementation, ScheduleImplementation
from refopt.frameworks.own.python_object import from_factory
from refopt.language.schedule import Schedule
from tests.implementations.languages import LANGUAGES, Foreign, listed
from tests.implementations.planted import DEFAULTS, PARTS, PLANTED, SCHEDULES, Planted
from tests.quality.driver import Spoken

Bug: TypeAlias = Planted | Foreign

FAMILIES = (
    "sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "amsgrad", "adamax", "adagrad", "adadelta", "nadam", "radam", "adabelief", "acprop", "adan",
    "ademamix", "simplified_ademamix", "laprop", "sgdw", "sign_sgd", "signum", "lion", "yogi", "optimistic_gd", "adamaxw", "nadamw", "ftrl", "asgd",
    "schedule_free_sgd", "schedule_free_adamw", "adopt", "rprop", "cocob", "noisy_sgd", "madgrad", "constant", "step_decay", "multi_step", "exponential",
    "cosine_annealing", "constant_factor", "linear", "polynomial", "inverse_time", "inverse_sqrt", "noam", "cosine_warm_restarts", "hard_restarts",
    "tanh", "one_cycle", "linear_one_cycle", "piecewise_linear", "cosine_power", "cosine_k_decay", "cosine_waves", "cyclic", "swa", "wsd",
    "reduce_on_plateau", "warmup",
)  # fmt: skip
"""In the order in which they are shown; `warmup+cosine_annealing` counts as warmup."""
SURVIVORS = {
    "eps moved inside the root": ("adam:eps_inside_root", "rmsprop:rmsprop_eps_inside", "adamw:adamw_eps_inside", "amsgrad:amsgrad_eps_inside"),
    "wrong defaults": ("adam:adam_larger_eps", "adam:adam_faster_betas", "rmsprop:rmsprop_slow_mean", "adam:adam_eps_only_in_the_body"),
    "the sign of the update flipped": ("sgd:sgd_ascends", "momentum:momentum_ascends", "nesterov:nesterov_ascends", "rmsprop:rmsprop_ascends", "adam:ascends"),
    "no bias correction at all": ("adam:no_bias_correction", "adamw:adamw_uncorrected"),
    "Nesterov ignored": ("nesterov:nesterov_ignored", "javascript:nesterov:ignored"),
    "momentum never exercised": ("momentum:momentum_ignored", "momentum:momentum_never_used", "nesterov:nesterov_never_exercised"),
    "decay coupled": ("adamw:adamw_coupled", "c:adamw:coupled"),
    "decay omitted": ("adamw:adamw_decay_forgotten", "c:adamw:decay_omitted"),
    "decay unscaled by lr": ("adamw:adamw_decay_without_rate", "javascript:adamw:decay_without_rate"),
    "AMSGrad's maximum dropped": ("amsgrad:amsgrad_maximum_dropped", "amsgrad:amsgrad_without_old_maximum", "c:amsgrad:maximum_dropped"),
}
"""What the tests of real frameworks let pass, and the bugs here that are of that kind."""
TUNED = frozenset({
    "adadelta:adadelta_eps_outside", "nadam:nadam_precedence", "laprop:laprop_divided_last", "sign_sgd:sign_sgd_by_division",
    "constant_factor:share_taken_twice", "noam:noam_counts_from_zero", "cyclic:cyclic_saw", "cyclic:cyclic_counts_from_one",
    "wsd:wsd_falls_at_once", "wsd:wsd_jumps_up_in_the_end", "yogi:yogi_adams_mean", "yogi:yogi_by_the_distance",
    "optimistic_gd:optimistic_gd_change_turned", "madgrad:madgrad_square_root",
})  # fmt: skip
"""Bugs that were not named when they were first diagnosed, before edits of their kinds, or a proof of them, came to the search."""


def bugs() -> tuple[Bug, ...]:
    """Every planted bug, those in JavaScript and C last."""
    python = tuple(p for p in (*PLANTED, *SCHEDULES, *DEFAULTS, *PARTS) if p.expected != "conforms")
    return (*python, *(f for language in LANGUAGES for f in listed(language, "planted")))


def family(rule: str) -> str:
    """The rule or schedule under which a bug is counted."""
    return rule.partition("+")[0].partition("/")[0]


def language(bug: Bug) -> str:
    """The language it is written in."""
    return bug.language if isinstance(bug, Foreign) else "python"


def formats(bug: Bug) -> tuple[str, ...]:
    """The formats it is judged in: a schedule is computed in binary64."""
    return ("float64",) if isinstance(bug.formula, Schedule) else ("float64", "float32")


@contextlib.contextmanager
def running(bug: Bug) -> Iterator[Implementation | ScheduleImplementation]:
    """The bug as an implementation; a program in another language is stopped afterwards."""
    if isinstance(bug, Planted):
        yield from_factory(bug.make, bug.name, bug.rule)
        return
    with Spoken(bug) as spoken:
        yield spoken
