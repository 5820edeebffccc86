"""The protocol of what is judged: one request, one answer. Adapters make implementations of this protocol.

A request is a whole run: parameters, gradients of every step, rates. An answer holds what could be seen after every
step, or says why there is none. Stepwise judging, resuming and closed loops are all made of such runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from refopt.conformance.protocol.saved import NotSaved, Saved
from refopt.golden.description import Name
from refopt.language.rule import Rule
from refopt.rounding.formats import Format

Array: TypeAlias = npt.NDArray[Any]
Buffers: TypeAlias = Mapping[str, Array]
"""An implementation's own state of one parameter, under its own names."""


@dataclass(frozen=True)
class View:
    """Relation of a buffer to a state variable of a rule: value = sign * buffer, times the learning rate where `times_lr`.

    torch's momentum buffer b shows the velocity of the rule `momentum` as lr*b, with the rate of the last update.
    """

    buffer: str
    sign: int = 1
    times_lr: bool = False

    def factor(self, lr: Fraction) -> Fraction:
        """Exact factor that the buffer is multiplied with."""
        return self.sign * (lr if self.times_lr else Fraction(1))

    def read(self, buffer: Array, lr: Fraction) -> list[Any]:
        """The state variable's exact values: floats where they are the buffer's own, fractions where they are scaled."""
        values = buffer.astype(np.float64).ravel().tolist()
        factor = self.factor(lr)
        if factor == 1:
            return values
        return [Fraction(x) * factor if np.isfinite(x) else x * float(self.sign) for x in values]


@dataclass(frozen=True)
class Request:
    """One run of one rule in one format.

    state_names  the rule's state, whether or not the implementation shows it
    hyper   what is sent; empty where the implementation's own defaults are wanted
    lr      one rate a step, or None where the hyperparameter holds throughout; `rate_name`, what the rule calls it
    state0  buffers to start from, one mapping a parameter, or None for the implementation's own start
    t0      the number of the first update
    grads   gradients by step and parameter; None where a parameter has none
    load    what the implementation itself saved, to go on from instead of its own start
    held    the first so many rates are not given: they are what they were when `load` was saved
    save    the number of updates after which it is to save, or None
    one_value  the buffers that hold one number for the whole tensor
    courses  by name: one value a step of any other hyperparameter, in place of the one in `hyper`
    inputs   by name: what an update is given beside the gradients, by step and parameter as they are
    """

    rule: str
    state_names: tuple[str, ...]
    format: Format
    hyper: Mapping[str, float]
    lr: tuple[float, ...] | None
    theta0: tuple[Array, ...]
    state0: tuple[Buffers, ...] | None
    t0: int
    grads: tuple[tuple[Array | None, ...], ...]
    load: Saved | None = None
    held: int = 0
    save: int | None = None
    one_value: tuple[str, ...] = ()
    rate_name: str = "lr"
    courses: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    inputs: Mapping[str, tuple[tuple[Array | None, ...], ...]] = field(default_factory=dict)

    def given(self, i: int) -> dict[str, tuple[Array | None, ...]]:
        """The further inputs of its update number i, from 0: what is given beside the gradients, one a parameter."""
        return {name: rows[i] for name, rows in self.inputs.items()}

    def some_updates(self, kept: Sequence[int]) -> Request:
        """The run of only some of its updates, by number from 0: gradients, what is given beside them, rates and courses."""
        lr = None if self.lr is None else tuple(self.lr[i] for i in kept)
        courses = {name: tuple(row[i] for i in kept) for name, row in self.courses.items()}
        inputs = {name: tuple(rows[i] for i in kept) for name, rows in self.inputs.items()}
        return replace(self, lr=lr, courses=courses, grads=tuple(self.grads[i] for i in kept), inputs=inputs)

    def each_row(self, change: Callable[[tuple[Array | None, ...]], tuple[Array | None, ...]]) -> Request:
        """The same with a change of the row of every update, one array a parameter: of the gradients, and of what is given beside them."""
        inputs = {name: tuple(map(change, rows)) for name, rows in self.inputs.items()}
        return replace(self, grads=tuple(map(change, self.grads)), inputs=inputs)

    def values(self, i: int) -> dict[str, float]:
        """The values of the hyperparameters that have a course, in its update number i, from 0."""
        return {name: row[i] for name, row in self.courses.items()}

    def rate(self, i: int) -> float | None:
        """The rate to be given in its update number i, from 0; None where the one in force holds."""
        return None if self.lr is None or i < self.held else self.lr[i]


@dataclass(frozen=True)
class Snapshot:
    """The visible state at one moment, one entry a parameter. `counters` are the implementation's own, where it shows any."""

    theta: tuple[Array, ...]
    state: tuple[Buffers, ...]
    counters: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Ran:
    """A whole run: what was seen before the first update and after each, and what it saved where it was asked to.

    constructed  the hyperparameters of which the constructor was given another value than what its parameters are to be updated with, and that value
    """

    before: Snapshot
    after: tuple[Snapshot, ...]
    saved: Saved | NotSaved | None = None
    constructed: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Skipped:
    """The implementation lacks something: a known reason, or its own words. `bug`: what it lacks is told among its known bugs."""

    reason: Name
    bug: bool = False


@dataclass(frozen=True)
class NoDefaults(Skipped):
    """It cannot be run without its hyperparameters: nothing was sent and nothing came, and with values sent it answers."""


@dataclass(frozen=True)
class NoAnswer:
    """It raised, returned something that is no answer, or broke: one line that says what, and in which update (None: at the start).

    broken   it is no refusal: nothing came, or something that cannot be read. That is wrong in every case
    refuses  it says that it does not take what was sent: a ValueError, or a rejection
    raised   it raised an exception
    """

    message: str
    t: int | None = None
    broken: bool = False
    refuses: bool = False
    raised: bool = False


Answer: TypeAlias = Ran | Skipped | NoAnswer


@runtime_checkable
class Implementation(Protocol):
    """An optimizer that can be judged.

    name      as a person spells it: `torch.optim.Adam(fused=True)`
    version   of the package it is from, or ""
    rule      the rule it is judged by, None where its name does not say
    settings  hyperparameters in force where a case sends none (its defaults and constructor arguments), by the API's names
    resumes   whether it can start from a given state
    """

    @property
    def name(self) -> str:
        """As a person spells it."""

    @property
    def version(self) -> str:
        """Of the package it is from."""

    @property
    def rule(self) -> str | None:
        """The rule it is judged by."""

    @property
    def settings(self) -> Mapping[str, float]:
        """Hyperparameters in force where a case sends none."""

    @property
    def resumes(self) -> bool:
        """True where it can start from a given state."""

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Views of the state variables of `rule`; those that are not listed are not visible."""

    def run(self, request: Request) -> Answer:
        """Carry out a run. Never raises for what the implementation does."""


Sent = float | tuple[float, ...]
"""A hyperparameter as a schedule is sent it: a number, or the numbers of a list."""


@dataclass(frozen=True)
class Rates:
    """The rates of a schedule at the steps asked for. `others`: the hyperparameters that have another value there than the one that was sent."""

    values: tuple[float, ...]
    others: Mapping[str, float] = field(default_factory=dict)


@runtime_checkable
class ScheduleImplementation(Protocol):
    """A learning-rate schedule that can be judged; the properties mean what they mean for an optimizer."""

    @property
    def name(self) -> str:
        """As a person spells it."""

    @property
    def version(self) -> str:
        """Of the package it is from."""

    @property
    def rule(self) -> str | None:
        """The schedule it is judged by."""

    @property
    def settings(self) -> Mapping[str, float]:
        """Hyperparameters in force where a case sends none."""

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The rates at these steps, driven from step 0. Never raises for what the implementation does."""


def taken(implementation: object) -> frozenset[str] | None:
    """The hyperparameters that an implementation says it takes; None where it does not say, or takes whatever is sent."""
    found: frozenset[str] | None = getattr(implementation, "takes", None)
    return found


def follows_courses(implementation: object) -> bool:
    """True where an implementation says that hyperparameters other than the rate may change from one update to the next of its runs."""
    return bool(getattr(implementation, "follows_courses", False))


def argument_names(implementation: object) -> Mapping[str, str] | None:
    """By the catalogue's name of a hyperparameter, the implementation's own argument, `betas[0]` for a place in a tuple; None where it does not say."""
    found: Mapping[str, str] | None = getattr(implementation, "argument_names", None)
    return found


def read_by(implementation: object) -> str | None:
    """The module that reads an implementation's code on symbols, by a function `lift`; None where nothing reads it."""
    found: str | None = getattr(implementation, "read_by", None)
    return found


@dataclass(frozen=True)
class Known:
    """A line of the table of implementations: how one is spelled and by which rule it is judged."""

    spelling: str
    rule: str
    package: str
    version: str = field(default="")
