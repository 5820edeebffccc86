"""optax's schedules, as functions of the step in 64 bits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from refopt.conformance.protocol.door import Door
from refopt.conformance.protocol.implementation import Known
from refopt.conformance.protocol.spelling import parse
from refopt.frameworks.function_composition import FunctionComposition, joined
from refopt.frameworks.function_schedule import Form, FunctionSchedule, Hyper, ScheduleFramework
from refopt.frameworks.jax_mode import jax_mode
from refopt.frameworks.optax.not_judged import NOT_JUDGED
from refopt.rounding.formats import FLOAT64

RISE = ("lr", "warmup_start", "warmup_steps")


def _share(hyper: Hyper) -> float:
    """optax writes the lowest rate as a share of the first."""
    return hyper["lr_min"] / hyper["lr"] if hyper["lr"] else 0.0


def _constant(hyper: Hyper, rates: Sequence[float]) -> str | None:
    """optax makes a decay_rate of 0 a constant schedule, and documents that it must not be 0. Measured: that can be mended."""
    stays = hyper["factor"] == 0 and hyper.get("lr", 0.0) != 0 and len(rates) > 1 and rates[-1] == hyper["lr"]
    return "a factor of 0 leaves its rate as it is; optax documents that decay_rate must not be 0" if stays else None


def _scales(hyper: Hyper) -> dict[int, float]:
    """optax writes a factor beside each milestone; a milestone that stands twice is multiplied by twice."""
    milestones: Sequence[int] = hyper["milestones"]
    return {k: hyper["factor"] ** n for k, n in Counter(milestones).items()}


def _points(curve: str, hyper: Hyper) -> dict[str, Any]:
    """optax writes a factor beside each boundary, and boundaries as steps from the start."""
    first, second = int(hyper["length_1"]), int(hyper["length_2"])
    return {"interpolate_type": curve, "init_value": hyper["lr"], "boundaries_and_scales": {first: hyper["scale_1"], first + second: hyper["scale_2"]}}


CYCLES = 16
"""The length of a list of cosines: more of them than any case asks for."""


def _cosines(hyper: Hyper) -> dict[str, Any]:
    """optax writes each cosine by itself."""
    mult, factor, low = int(hyper.get("period_mult", 1)), hyper.get("factor", 1.0), hyper["lr_min"]
    highest = [low + (hyper["lr"] - low) * factor**i for i in range(CYCLES)]
    return {"cosine_kwargs": [{"init_value": x, "peak_value": x, "warmup_steps": 0, "decay_steps": int(hyper["period"]) * mult**i, "end_value": low}
                              for i, x in enumerate(highest)]}  # fmt: skip


RESTARTS = ("lr", "lr_min", "period")
ONE_CYCLE = ("lr", "total_steps", "pct_start", "div_factor", "final_div_factor")


def _one_cycle(hyper: Hyper) -> dict[str, Any]:
    same = {name: hyper[name] for name in ("pct_start", "div_factor", "final_div_factor")}
    return {"transition_steps": int(hyper["total_steps"]), "peak_value": hyper["lr"], **same}


FORMS = {
    "constant_schedule": (Form("constant", ("lr",), lambda h: {"value": h["lr"]}),),
    "exponential_decay": (
        Form("exponential", ("lr", "factor"), lambda h: {"init_value": h["lr"], "transition_steps": 1, "decay_rate": h["factor"]}, bug=_constant),
        Form("step_decay", ("lr", "factor", "every"),
             lambda h: {"init_value": h["lr"], "transition_steps": int(h["every"]), "decay_rate": h["factor"]}, {"staircase": True}, _constant),
        Form("exponential/floor", ("lr", "factor", "lr_min"),
             lambda h: {"init_value": h["lr"], "transition_steps": 1, "decay_rate": h["factor"], "end_value": h["lr_min"]}, {"end_value": 0.01}, _constant),
        Form("exponential/spread", ("lr", "factor", "every"),
             lambda h: {"init_value": h["lr"], "transition_steps": int(h["every"]), "decay_rate": h["factor"]}, {"transition_steps": 10}, _constant),
    ),
    "piecewise_constant_schedule": (
        Form("multi_step", ("lr", "factor", "milestones"), lambda h: {"init_value": h["lr"], "boundaries_and_scales": _scales(h)}),
    ),
    "cosine_decay_schedule": (
        Form("cosine_annealing", ("lr", "lr_min", "period"), lambda h: {"init_value": h["lr"], "decay_steps": int(h["period"]), "alpha": _share(h)}),
        Form("cosine_power", ("lr", "lr_min", "period", "degree"),
             lambda h: {"init_value": h["lr"], "decay_steps": int(h["period"]), "alpha": _share(h), "exponent": h["degree"]}, {"exponent": 2.0}),
    ),
    "piecewise_interpolate_schedule": tuple(
        Form(f"piecewise_linear{variant}", ("lr", "length_1", "scale_1", "length_2", "scale_2"), partial(_points, curve), only={"interpolate_type": curve})
        for variant, curve in (("", "linear"), ("/cosine", "cosine"))
    ),
    "linear_schedule": (
        Form("linear", ("lr", "start_factor", "end_factor", "span"),
             lambda h: {"init_value": h["lr"] * h["start_factor"], "end_value": h["lr"] * h["end_factor"], "transition_steps": int(h["span"])}),
        Form("warmup", RISE, lambda h: {"init_value": h["lr"] * h["warmup_start"], "end_value": h["lr"], "transition_steps": int(h["warmup_steps"])}),
    ),
    "polynomial_schedule": (
        Form("polynomial", ("lr", "lr_min", "span", "degree"),
             lambda h: {"init_value": h["lr"], "end_value": h["lr_min"], "power": h["degree"], "transition_steps": int(h["span"])}),
    ),
    "warmup_constant_schedule": (
        Form("warmup", RISE, lambda h: {"init_value": h["lr"] * h["warmup_start"], "peak_value": h["lr"], "warmup_steps": int(h["warmup_steps"])}),
    ),
    "cosine_onecycle_schedule": (Form("one_cycle", ONE_CYCLE, _one_cycle),),
    "linear_onecycle_schedule": (
        Form("linear_one_cycle", (*ONE_CYCLE, "pct_final"), lambda h: {**_one_cycle(h), "pct_final": h["pct_final"]}),
    ),
    "warmup_exponential_decay_schedule": (
        Form("warmup+exponential", (*RISE, "factor"),
             lambda h: {"init_value": h["lr"] * h["warmup_start"], "peak_value": h["lr"], "warmup_steps": int(h["warmup_steps"]), "transition_steps": 1,
                        "decay_rate": h["factor"]}, bug=_constant),
    ),
    "sgdr_schedule": (
        Form("cosine_warm_restarts", RESTARTS, _cosines, listed="cosine_kwargs"),
        Form("cosine_warm_restarts/growing", (*RESTARTS, "period_mult"), _cosines, listed="cosine_kwargs"),
        Form("cosine_warm_restarts/lowered", (*RESTARTS, "period_mult", "factor"), _cosines, listed="cosine_kwargs"),
    ),
    "warmup_cosine_decay_schedule": (
        Form("warmup+cosine_annealing", (*RISE, "lr_min", "period"),
             lambda h: {"init_value": h["lr"] * h["warmup_start"], "peak_value": h["lr"], "warmup_steps": int(h["warmup_steps"]),
                        "decay_steps": int(h["warmup_steps"] + h["period"]), "end_value": h["lr_min"]}),
    ),
}  # fmt: skip
"""By function: what it is in the catalogue."""


def _after_metrics(made: Any, hyper: Hyper) -> Callable[[int], float]:
    """optax scales each update as the metrics before it and its own ask: the scale after k of them, times the rate."""
    import jax.numpy as jnp

    one = jnp.asarray(1.0)
    state, rates = made.init(one), [hyper["lr"]]
    for x in hyper["metrics"]:
        scaled, state = made.update(one, state, value=x)
        rates.append(hyper["lr"] * float(scaled))
    return rates.__getitem__


def _plateau(hyper: Hyper) -> dict[str, Any]:
    same = {name: hyper[name] for name in ("factor", "patience", "cooldown")}
    return {**same, "rtol": hyper["threshold"], "min_scale": _share(hyper)}


CONTRIB = {
    "reduce_on_plateau": (
        Form("reduce_on_plateau/at_patience", ("lr", "factor", "patience", "threshold", "cooldown", "lr_min", "metrics"), _plateau, asks=_after_metrics),
    ),
}
FUNCTIONS = frozenset((*FORMS, *CONTRIB))


def _in_optimizer(rate: Any, steps: Sequence[int]) -> list[Any]:
    """The rate with which each update of a compiled optimizer is made, as its state tells it."""
    import jax
    import optax

    optimizer, theta = optax.inject_hyperparams(optax.sgd)(learning_rate=rate), jax.numpy.zeros(1)
    update, state, seen = jax.jit(optimizer.update), optimizer.init(theta), []
    for _ in range(max(steps) + 1):
        _, state = update(theta, state, theta)
        seen.append(state.hyperparams["learning_rate"])
    return [seen[k] for k in steps]


FRAMEWORK = ScheduleFramework("optax", "optax", FORMS, lambda: jax_mode(FLOAT64), NOT_JUDGED, {Door.IN_OPTIMIZER: _in_optimizer})
IN_CONTRIB = ScheduleFramework("optax", "optax.contrib", CONTRIB, lambda: jax_mode(FLOAT64), NOT_JUDGED)


JOIN = "optax.join_schedules"


def known() -> list[Known]:
    """The schedules of a survey."""
    return [*FRAMEWORK.listed(), *IN_CONTRIB.listed()]


def load(text: str, rule: str | None = None) -> FunctionSchedule | FunctionComposition:
    """The schedule spelled `text`."""
    if text.startswith(f"{JOIN}("):
        spelling = parse(text, nested=True)
        return joined(spelling, rule, spelling.arguments.get("schedules"), lambda x: FRAMEWORK.load(x if "." in x else f"optax.{x}", None),
                      lambda schedules, starts: {"schedules": schedules, "boundaries": starts})  # fmt: skip
    return (IN_CONTRIB if text.startswith(f"{IN_CONTRIB.home}.") else FRAMEWORK).load(text, rule)
