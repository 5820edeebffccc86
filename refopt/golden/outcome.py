"""The outcome of a case that has no exact values: what the written formula gives in each format's own arithmetic, by class.

A class is definite only where it depends neither on the format nor on how wide the intermediates are: the formula is
evaluated with every operation rounded to the format, and again in binary64 with only theta and the state rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from refopt.golden.loops import exact_hyper
from refopt.golden.model import Case, Row
from refopt.language.evaluate import Arithmetic, Evaluation
from refopt.language.expression import Kind
from refopt.language.program import program
from refopt.language.rule import Rule
from refopt.rounding.formats import FORMATS

OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "square": lambda x: x * x, "pow": lambda x, y: x**y, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign,
    "max": np.maximum, "min": np.minimum, "floor": np.floor, "exp": np.exp, "log": np.log, "cos": np.cos, "sin": np.sin,
    "tanh": np.tanh, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y, "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y,
    "eq": lambda x, y: x == y, "and": lambda x, y: x and y, "where": lambda c, x, y: x if c else y, "cast": lambda x: x,
}  # fmt: skip
BINARY = Arithmetic("binary", lambda x: np.float64(float(x)), lambda: np.float64(np.pi), OPERATIONS)
"""NumPy's numbers: an operation on two numbers of a format gives a number of that format."""


def classes(values: Sequence[Any]) -> Row:
    """finite, inf, -inf or nan, one a value."""
    return tuple("nan" if x != x else "inf" if x == np.inf else "-inf" if x == -np.inf else "finite" for x in map(float, values))


def outcome(case: Case, rule: Rule) -> Row | None:
    """The class of theta after the last step, one a distinct element of the first tensor; None where none is definite."""
    found = {classes(_last_theta(case, rule, dtype, wide)) for dtype in case.dtypes for wide in (False, True)}
    return found.pop() if len(found) == 1 else None


def _last_theta(case: Case, rule: Rule, dtype: str, wide: bool) -> list[Any]:
    """theta after the last step of an open loop. `wide`: only what is stored is rounded to the format."""
    stored = FORMATS[dtype].dtype.type
    worked = np.float64 if wide else stored
    integers = {h.name for h in rule.hyper if h.symbol.kind is Kind.INTEGER}
    hyper = {n: int(x) if n in integers else np.float64(float(x)) for n, x in exact_hyper(case, rule).items()}
    made = program([(let.name, let.value) for let in rule.steps], BINARY)
    position = {let.name: i for i, let in enumerate(rule.steps)}
    parameter = case.params[0]
    with np.errstate(all="ignore"):
        values: dict[str, list[Any]] = {"theta": [stored(float(x)) for x in parameter.theta0]}
        for s in rule.state:
            start = [Evaluation({**hyper, "theta": x}, BINARY).value(s.initial) for x in values["theta"]]
            values[s.name] = [stored(x) for x in (map(float, parameter.state0[s.name]) if parameter.state0 else start)]
        for step, row in enumerate(case.grads):
            rate = {} if case.lr is None else {"lr": np.float64(float(case.lr[step]))}
            scalars = [x if isinstance(x, bool | np.bool_) else worked(x) for x in made.prelude({**hyper, **rate, "t": case.t0 + step})]
            gradient = row[0] or ("0",) * len(parameter.theta0)
            for i, g in enumerate(gradient):
                given = {"g": worked(stored(float(g))), **{n: worked(v[i]) for n, v in values.items()}}
                after = made.body(given, scalars)
                for n in values:
                    if n in position:
                        values[n][i] = stored(after[position[n]])
    return values["theta"]
