"""Every rule, variant and schedule once more, straight from its source, in the standard library's `decimal`.

Nothing of refopt is imported here, nor NumPy, mpmath or SymPy: an error in a rule and an error here are independent.
A transcription derived from a framework follows that framework's order of operations, one from a paper the paper's.
The precision is that of the caller's decimal context; give it 80 digits:

    from tests.transcriptions import OPTIMIZERS, digits

    adam = OPTIMIZERS["adam"]
    hyper = {"lr": Decimal(0.001), "beta1": Decimal(0.9), "beta2": Decimal(0.999), "eps": Decimal(1e-8)}
    with digits(80):
        theta, state = adam.step(theta, g, adam.init(theta, hyper), 1, hyper)
"""

from __future__ import annotations

from . import (
    adam,
    adamw,
    amsgrad,
    constant,
    cosine_annealing,
    exponential,
    momentum,
    nesterov,
    rmsprop,
    sgd,
    step_decay,
    warmup,
    warmup_cosine,
)
from .model import Hyper, Optimizer, Schedule, State, digits, run

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": sgd.SGD,
    "momentum": momentum.MOMENTUM,
    "momentum/lr_outside": momentum.LR_OUTSIDE,
    "momentum/dampened": momentum.DAMPENED,
    "momentum/raw_start": momentum.RAW_START,
    "nesterov": nesterov.NESTEROV,
    "nesterov/lr_outside": nesterov.LR_OUTSIDE,
    "nesterov/velocity": nesterov.VELOCITY,
    "rmsprop": rmsprop.RMSPROP,
    "rmsprop/eps_in_sqrt": rmsprop.EPS_IN_SQRT,
    "rmsprop/centered": rmsprop.CENTERED,
    "adam": adam.ADAM,
    "adam/eps_hat": adam.EPS_HAT,
    "adam/eps_in_sqrt": adam.EPS_IN_SQRT,
    "adam/uncorrected": adam.UNCORRECTED,
    "adam/l2": adam.L2,
    "adamw": adamw.ADAMW,
    "amsgrad": amsgrad.AMSGRAD,
    "amsgrad/max_hat": amsgrad.MAX_HAT,
}

SCHEDULES: dict[str, Schedule] = {
    "constant": constant.CONSTANT,
    "step_decay": step_decay.STEP_DECAY,
    "exponential": exponential.EXPONENTIAL,
    "cosine_annealing": cosine_annealing.COSINE_ANNEALING,
    "cosine_annealing/periodic": cosine_annealing.PERIODIC,
    "warmup": warmup.WARMUP,
    "warmup_cosine": warmup_cosine.WARMUP_COSINE,
    "warmup_cosine/periodic": warmup_cosine.WARMUP_COSINE_PERIODIC,
}

TRANSCRIPTIONS: dict[str, Optimizer | Schedule] = {**OPTIMIZERS, **SCHEDULES}

__all__ = ["OPTIMIZERS", "SCHEDULES", "TRANSCRIPTIONS", "Hyper", "Optimizer", "Schedule", "State", "digits", "run"]
