"""What every program here looks like from outside, and the rows of the tables.

A factory takes no arguments and returns an object with `init(theta) -> state` and
`step(theta, grad, state, t, **hyper) -> (theta, state)`. Inputs are never changed.
Keys of the state named like the rule's state are visible; others are private.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

Array: TypeAlias = npt.NDArray[Any]
State: TypeAlias = dict[str, Array]
Result: TypeAlias = tuple[Array, State]
Factory: TypeAlias = Callable[[], Any]

ALL = ("float64", "float32", "bfloat16", "float16")
WIDE_RANGE = ("float64", "float32", "bfloat16")
"""Formats in which 1/eps is a number: float16 ends at 65504."""
NATIVE = ("float64", "float32", "float16")
"""Formats that are NumPy's own."""
NARROW = ("bfloat16", "float16")
BELOW_DOUBLE = ("float32", "bfloat16", "float16")


@dataclass(frozen=True)
class Program:
    """A step function with one number, zero as a rule, all over the first state; IEEE results without warnings."""

    advance: Callable[..., Result]
    names: tuple[str, ...]
    start: float = 0.0

    def __post_init__(self) -> None:
        defaults = [p.default for p in inspect.signature(self.advance).parameters.values()]
        if any(default is not inspect.Parameter.empty for default in defaults):  # then they can be seen from outside
            object.__setattr__(self, "step", functools.wraps(self.advance)(functools.partial(Program.step, self)))

    def init(self, theta: Array) -> State:
        """The first value of every state variable."""
        return {name: np.full_like(theta, self.start) for name in self.names}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
        """One update; arrays also where the parameters have no axis."""
        with np.errstate(all="ignore"):
            new_theta, new_state = self.advance(theta, grad, state, t, **hyper)
        return np.asarray(new_theta), {name: np.asarray(value) for name, value in new_state.items()}


def program(*names: str, start: float = 0.0, kind: type[Program] = Program) -> Callable[[Callable[..., Result]], Callable[[], Program]]:
    """Turn a step function into a factory of programs whose state has these names; `kind` has a way of its own to start it."""

    def factory_of(advance: Callable[..., Result]) -> Callable[[], Program]:
        def make() -> Program:
            return kind(advance, names, start)

        make.__name__ = make.__qualname__ = advance.__name__
        make.__module__ = advance.__module__
        make.__doc__ = advance.__doc__
        return make

    return factory_of


@dataclass(frozen=True)
class Rates:
    """A schedule: `rate(k, **hyper)`."""

    rate: Callable[..., float]


def schedule(rate: Callable[..., float]) -> Callable[[], Rates]:
    """Turn a function of the step and the hyperparameters into a factory of schedules."""

    def make() -> Rates:
        return Rates(rate)

    make.__name__ = make.__qualname__ = rate.__name__
    make.__module__ = rate.__module__
    make.__doc__ = rate.__doc__
    return make


@dataclass(frozen=True)
class Correct:
    """A program that computes `rule`, correct to rounding in each of `dtypes`."""

    name: str
    rule: str
    make: Factory
    dtypes: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Planted:
    """A program meant as `rule` with one thing wrong.

    `expected` is "variant:<name>" or "deviates"; in the table of reduced precision "reduced",
    in the table of bad behaviour a word of its own, in the table of other defaults "defaults".
    `formula` is what it computes, written by hand beside it and before anything was diagnosed; None where the
    bug is an edit of the run (elements left out, state forgotten) that no formula for one element says: then
    the note says what it does. Where the defaults are what is wrong, it is the rule with those defaults.
    `words` are what the name must hold of a bug that is there only in a part: in some elements, updates or values, or after loading.
    """

    name: str
    rule: str
    make: Factory
    note: str
    expected: str
    formula: Rule | Schedule | None = None
    words: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`formula`, `part` (it is there only in a part), `run` (an edit of the run and no formula), or `defaults`."""
        if self.words:
            return "part"
        if self.expected == "defaults":
            return "defaults"
        return "run" if self.formula is None else "formula"


def note_of(make: Factory) -> str:
    """The first line of a factory's docstring."""
    return (make.__doc__ or "").strip().splitlines()[0]


def correct(rule: str, make: Factory, dtypes: tuple[str, ...] = ALL) -> Correct:
    """A row of the table of correct programs, named `rule:function`."""
    return Correct(f"{rule}:{make.__name__}", rule, make, dtypes, note_of(make))


def planted(rule: str, make: Factory, expected: str = "deviates", *, formula: Rule | Schedule | None = None) -> Planted:
    """A row of a table of wrong programs, named `rule:function`."""
    return Planted(f"{rule}:{make.__name__}", rule, make, note_of(make), expected, formula)
