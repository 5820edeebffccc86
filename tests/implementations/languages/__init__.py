"""Programs in JavaScript and C that speak `refopt-harness/1`: one file a language with many step functions, correct ones and planted bugs."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from refopt.catalogue.optimizers.adagrad import ADAGRAD
from refopt.catalogue.optimizers.adam import ADAM, CORRECTIONS, MOMENTS
from refopt.catalogue.optimizers.adamax import ADAMAX
from refopt.catalogue.optimizers.adamaxw import ADAMAXW
from refopt.catalogue.optimizers.adamw import ADAMW
from refopt.catalogue.optimizers.amsgrad import AMSGRAD
from refopt.catalogue.optimizers.lion import INTERPOLATION, LION, c
from refopt.catalogue.optimizers.lion import MOMENTUM as LION_MOMENTUM
from refopt.catalogue.optimizers.momentum import MOMENTUM
from refopt.catalogue.optimizers.nadamw import NADAMW
from refopt.catalogue.optimizers.nesterov import NESTEROV
from refopt.catalogue.optimizers.optimistic_gd import OPTIMISTIC_GD, alpha, beta
from refopt.catalogue.optimizers.optimistic_gd import before as g_before
from refopt.catalogue.optimizers.rmsprop import RMSPROP
from refopt.catalogue.optimizers.yogi import YOGI
from refopt.catalogue.schedules.cosine_annealing import COSINE_ANNEALING
from refopt.catalogue.symbols import (
    beta1,
    beta2,
    eps,
    g_l2,
    lr,
    lr_min,
    m,
    m_hat,
    momentum,
    period,
    rho,
    s,
    u,
    v,
    v_hat,
    v_max,
    velocity,
    weight_decay,
)  # fmt: skip
from refopt.language.expression import absolute, cos, g, k, maximum, minimum, sign, sqrt, t, theta, where
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule

from ..formula import of_steps, rewritten, v_before, with_rate

HERE = Path(__file__).parent
LANGUAGES = ("javascript", "c")
COMPILE = ("gcc", "-std=c11", "-O2", "-ffp-contract=off")


@dataclass(frozen=True)
class Foreign:
    """A program in another language: `note` is what its own source says about it; `formula` is what it computes where it is wrong."""

    name: str
    rule: str
    language: str
    table: str
    note: str
    formula: Rule | Schedule | None = None
    expected: str = "deviates"

    @property
    def program(self) -> str:
        """Its name in its own file."""
        return self.name.partition(":")[2]

    @property
    def kind(self) -> str:
        """`formula`, or `run` where no formula for one element says what it does."""
        return "run" if self.formula is None else "formula"

    @property
    def wire(self) -> str:
        """How it speaks: `json`, or `flat` where the language has no JSON."""
        return "json" if self.language == "javascript" else "flat"

    @property
    def command(self) -> tuple[str, ...]:
        """How it is started. C is compiled first."""
        return (*executable(self.language, self.table), self.program)


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """Where compiled programs are kept until Python ends."""
    return tempfile.TemporaryDirectory(prefix="refopt-programs-")


@cache
def executable(language: str, table: str) -> tuple[str, ...]:
    """The command that runs a table of programs; its argument is a program's name, or --list."""
    if language == "javascript":
        return ("node", str(HERE / f"{table}.mjs"))
    target = Path(_scratch().name) / table
    subprocess.run([*COMPILE, "-o", str(target), str(HERE / f"{table}.c"), "-lm"], check=True)
    return (str(target),)


@cache
def listed(language: str, table: str) -> tuple[Foreign, ...]:
    """Every program of a table, as the program itself lists them."""
    text = subprocess.run([*executable(language, table), "--list"], check=True, capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in text.splitlines()]
    formulas = FORMULAS[language] if table == "planted" else {}
    return tuple(Foreign(f"{language}:{name}", rule, language, table, note, formulas.get(name)) for name, rule, note in rows)


# What each wrong program computes, written beside it

STEP = lr * m_hat / (sqrt(v_hat) + eps)
FORMULAS: dict[str, dict[str, Rule | Schedule]] = {
    "javascript": {
        "momentum:rate_on_everything": rewritten(MOMENTUM, v=lr * (momentum * velocity + g)),
        "nesterov:ignored": rewritten(NESTEROV, theta=theta - velocity),
        "rmsprop:eps_inside_root": rewritten(RMSPROP, theta=theta - lr * g / sqrt(v + eps)),
        "adam:eps_inside_root": rewritten(ADAM, theta=theta - lr * m_hat / sqrt(v_hat + eps)),
        "adam:precedence": rewritten(ADAM, theta=theta - (lr * m_hat / sqrt(v_hat) + eps)),
        "adamw:decay_without_rate": rewritten(ADAMW, theta=theta - weight_decay * theta - STEP),
        "amsgrad:maximum_of_corrected": of_steps(
            AMSGRAD, *MOMENTS, *CORRECTIONS, Let(v_max, maximum(v_max, v_hat)), Let(theta, theta - lr * m_hat / (sqrt(v_max) + eps))
        ),
        "adagrad:eps_inside_root": rewritten(ADAGRAD, theta=theta - lr * g / sqrt(s + eps)),
        "lion:zero_is_positive": rewritten(LION, theta=theta - lr * (where(c >= 0, 1, -1) + weight_decay * theta)),
        "yogi:eps_inside_root": rewritten(YOGI, theta=theta - lr * m / sqrt(v + eps)),
        "adamaxw:correction_forgotten": rewritten(ADAMAXW, theta=theta - lr * weight_decay * theta - lr * m / u),
        "cosine_annealing:degrees": with_rate(COSINE_ANNEALING, lr_min + (lr - lr_min) * (1 + cos(180 * minimum(k, period) / period)) / 2),
    },
    "c": {
        "momentum:plus_for_minus": rewritten(MOMENTUM, v=momentum * velocity - lr * g),
        "nesterov:velocity_after_step": of_steps(
            NESTEROV, Let(v_before, velocity), Let(theta, theta - (momentum * v_before + lr * g)), Let(velocity, momentum * v_before + lr * g)
        ),
        "rmsprop:square_of_rate": rewritten(RMSPROP, v=rho**2 * v + (1 - rho) * g**2),
        "adam:counter_sticks": rewritten(ADAM, m_hat=m / (1 - beta1), v_hat=v / (1 - beta2)),
        "adamw:decay_omitted": rewritten(ADAMW, theta=theta - STEP),
        "adamw:coupled": of_steps(
            ADAMW,
            Let(g_l2, g + weight_decay * theta),
            Let(m, beta1 * m + (1 - beta1) * g_l2),
            Let(v, beta2 * v + (1 - beta2) * g_l2**2),
            *CORRECTIONS,
            Let(theta, theta - STEP),
        ),
        "amsgrad:maximum_dropped": rewritten(AMSGRAD, theta=theta - lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)),
        "adamax:norm_of_the_moment": rewritten(ADAMAX, u=maximum(beta2 * u, absolute(m) + eps)),
        "lion:momentum_first": of_steps(LION, LION_MOMENTUM, INTERPOLATION, Let(theta, theta - lr * (sign(c) + weight_decay * theta))),
        "optimistic_gd:previous_added": rewritten(OPTIMISTIC_GD, theta=theta - lr * ((alpha + beta) * g + beta * where(t > 1, g_before, g))),
        "nadamw:decay_omitted": rewritten(
            NADAMW, theta=theta - lr * (beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)) / (sqrt(v_hat) + eps)
        ),
    },
}
