"""keras.optimizers.schedules, asked in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from refopt.conformance.protocol.door import Door
from refopt.conformance.protocol.implementation import Known
from refopt.frameworks.function_schedule import Form, FunctionSchedule, Hyper, ScheduleFramework
from refopt.frameworks.keras.backend import backend_here, in_binary64, keras_here
from refopt.frameworks.keras.not_judged import NOT_JUDGED
from refopt.rounding.formats import FLOAT64

RISE = ("lr", "warmup_start", "warmup_steps")


def _share(hyper: Hyper) -> float:
    """keras writes the lowest rate as a share of the first."""
    return hyper["lr_min"] / hyper["lr"] if hyper["lr"] else 0.0


POLYNOMIAL = ("lr", "lr_min", "span", "degree")


def _polynomial(hyper: Hyper) -> dict[str, Any]:
    return {"initial_learning_rate": hyper["lr"], "decay_steps": int(hyper["span"]), "end_learning_rate": hyper["lr_min"], "power": hyper["degree"]}


def _inverse_time(hyper: Hyper) -> dict[str, Any]:
    return {"initial_learning_rate": hyper["lr"], "decay_steps": int(hyper["every"]), "decay_rate": hyper["slope"]}


def _restarts(hyper: Hyper) -> dict[str, Any]:
    return {"initial_learning_rate": hyper["lr"], "first_decay_steps": int(hyper["period"]), "t_mul": float(hyper.get("period_mult", 1)),
            "m_mul": hyper.get("factor", 1.0), "alpha": _share(hyper)}  # fmt: skip


RESTARTS = ("lr", "lr_min", "period")


def _pieces(hyper: Hyper) -> dict[str, Any]:
    """keras writes the boundaries in order, and the rate of each stretch between them."""
    boundaries = sorted(hyper["milestones"])
    return {"boundaries": boundaries, "values": [hyper["lr"] * hyper["factor"] ** n for n in range(len(boundaries) + 1)]}


FORMS = {
    "ExponentialDecay": (
        Form("exponential", ("lr", "factor"), lambda h: {"initial_learning_rate": h["lr"], "decay_steps": 1, "decay_rate": h["factor"]}),
        Form("step_decay", ("lr", "factor", "every"),
             lambda h: {"initial_learning_rate": h["lr"], "decay_steps": int(h["every"]), "decay_rate": h["factor"]}, {"staircase": True}),
        Form("exponential/spread", ("lr", "factor", "every"),
             lambda h: {"initial_learning_rate": h["lr"], "decay_steps": int(h["every"]), "decay_rate": h["factor"]}, {"decay_steps": 10}),
    ),
    "InverseTimeDecay": (
        Form("inverse_time", ("lr", "slope", "every"), _inverse_time),
        Form("inverse_time", ("lr", "slope", "every"), _inverse_time, {"staircase": True}),
    ),
    "PiecewiseConstantDecay": (Form("multi_step", ("lr", "factor", "milestones"), _pieces),),
    "CosineDecay": (
        Form("cosine_annealing", ("lr", "lr_min", "period"),
             lambda h: {"initial_learning_rate": h["lr"], "decay_steps": int(h["period"]), "alpha": _share(h)}),
        Form("warmup+cosine_annealing", (*RISE, "lr_min", "period"),
             lambda h: {"initial_learning_rate": h["lr"] * h["warmup_start"], "warmup_target": h["lr"], "warmup_steps": int(h["warmup_steps"]),
                        "decay_steps": int(h["period"]), "alpha": _share(h)}, {"warmup_steps": 10}),
    ),
    "CosineDecayRestarts": (
        Form("cosine_warm_restarts/growing", (*RESTARTS, "period_mult"), _restarts),
        Form("cosine_warm_restarts", RESTARTS, _restarts, only={"t_mul": 1}),
        Form("cosine_warm_restarts/lowered", (*RESTARTS, "period_mult", "factor"), _restarts, {"m_mul": 0.9}),
    ),
    "PolynomialDecay": (
        Form("polynomial", POLYNOMIAL, _polynomial),
        Form("polynomial", POLYNOMIAL, _polynomial, {"cycle": True}),
        Form("warmup", RISE, lambda h: {"initial_learning_rate": h["lr"] * h["warmup_start"], "end_learning_rate": h["lr"],
                                        "decay_steps": int(h["warmup_steps"])}),
    ),
}  # fmt: skip
"""By class: what it is in the catalogue."""


def _after_metrics(made: Any, hyper: Hyper) -> Callable[[int], float]:
    """keras sets the rate of its model's optimizer at the end of an epoch, from the metric in the epoch's logs."""
    keras = keras_here()
    model = keras.Sequential()
    model.optimizer = keras.optimizers.SGD(hyper["lr"])
    made.set_model(model)
    made.on_train_begin()
    rates = [hyper["lr"]]
    for epoch, x in enumerate(hyper["metrics"]):
        made.on_epoch_end(epoch, {made.monitor: x})
        rates.append(float(model.optimizer.learning_rate))
    return rates.__getitem__


def _plateau(hyper: Hyper) -> dict[str, Any]:
    same = {name: hyper[name] for name in ("factor", "patience", "cooldown")}
    return {**same, "min_delta": hyper["threshold"], "min_lr": hyper["lr_min"], "monitor": "val_loss"}


PLATEAU = ("lr", "factor", "patience", "threshold", "cooldown", "lr_min", "metrics")
CALLBACKS = ScheduleFramework(
    "keras", "keras.callbacks", {"ReduceLROnPlateau": (Form("reduce_on_plateau/last_counts", PLATEAU, _plateau, asks=_after_metrics),)},
    lambda: in_binary64(FLOAT64), NOT_JUDGED,
)  # fmt: skip
"""The callback that is a schedule."""


def _rebuilt(rate: Any, steps: Sequence[int]) -> list[Any]:
    """The schedule that its configuration makes, as a model that is loaded has it."""
    made = type(rate).from_config(rate.get_config())
    return [made(k) for k in steps]


def _in_optimizer(rate: Any, steps: Sequence[int]) -> list[Any]:
    """The rate of an optimizer that has made so many updates."""
    optimizer, seen = keras_here().optimizers.SGD(rate), []
    for k in steps:
        optimizer.iterations.assign(k)
        seen.append(optimizer.learning_rate)
    return seen


DOORS = {Door.REBUILT: _rebuilt, Door.IN_OPTIMIZER: _in_optimizer}
FRAMEWORK = ScheduleFramework("keras", "keras.optimizers.schedules", FORMS, lambda: in_binary64(FLOAT64), NOT_JUDGED, DOORS)


def known() -> list[Known]:
    """The schedules of a survey."""
    return [*FRAMEWORK.listed(), *CALLBACKS.listed()] if backend_here() else []


def load(text: str, rule: str | None = None) -> FunctionSchedule:
    """The schedule spelled `text`."""
    keras_here()
    return (CALLBACKS if text.startswith(f"{CALLBACKS.home}.") else FRAMEWORK).load(text, rule)
