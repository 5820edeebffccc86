"""What a transcription is: plain functions on `Decimal`, in the precision of the caller's decimal context."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

State = dict[str, Decimal]
Hyper = dict[str, Decimal]

Init = Callable[[Decimal, Hyper], State]
Step = Callable[[Decimal, Decimal, State, int, Hyper], tuple[Decimal, State]]
Rate = Callable[[int, Hyper], Decimal]
Recursion = Callable[[int, Hyper], tuple[Decimal, ...]]


@dataclass(frozen=True)
class Optimizer:
    """`init(theta, hyper)` gives the state before update 1; `step(theta, g, state, t, hyper)` makes update t.

    inputs  what an update is given beside the gradient: its values stand among those of the hyperparameters
    """

    name: str
    source: str
    hyper: tuple[str, ...]
    state: tuple[str, ...]
    init: Init
    step: Step
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """`rate(k, hyper)` is the closed form, k from 0; `recursion(n, hyper)` gives n rates, each from the one before."""

    name: str
    source: str
    hyper: tuple[str, ...]
    rate: Rate
    recursion: Recursion


@contextmanager
def digits(precision: int) -> Iterator[None]:
    """Everything inside is computed to this many significant digits; 0/0 and roots of negatives raise."""
    with decimal.localcontext(decimal.Context(prec=precision, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)):
        yield


def whole(value: Decimal) -> int:
    """A count of steps, given as Decimal like every other hyperparameter."""
    if value != value.to_integral_value():
        raise ValueError(f"not a whole number of steps: {value}")
    return int(value)


def run(
    optimizer: Optimizer,
    theta: Decimal,
    gradients: Sequence[Decimal],
    hyper: Hyper,
    rates: Sequence[Decimal] | None = None,
) -> list[tuple[Decimal, State]]:
    """Theta and state after each update, the gradients given; `rates` replaces `lr` at each step."""
    state = optimizer.init(theta, hyper)
    trajectory = []
    for t, g in enumerate(gradients, start=1):
        in_force = hyper if rates is None else {**hyper, "lr": rates[t - 1]}
        theta, state = optimizer.step(theta, g, state, t, in_force)
        trajectory.append((theta, state))
    return trajectory
