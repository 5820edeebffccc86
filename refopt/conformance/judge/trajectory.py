"""An exact run of a model over the inputs of a golden case, one parameter at a time, with its bound if one is wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from refopt.conformance.judge.exact_update import exact_update, fraction, with_reduced
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.stepwise import initial_values
from refopt.golden.changing import in_update
from refopt.golden.model import Case, Counting, followed, numbers
from refopt.rounding.bound import Block
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import Format
from refopt.rounding.start_errors import start_errors


@dataclass
class Trajectory:
    """Exact state of a run, with error bounds.

    values  theta and every state variable, exactly, one entry a distinct element
    radii   how far a correct implementation may be off by now; None before the first update, where no bound is wanted, and where all is exact
    moved   True after the first update
    counting  how its updates are numbered where a gradient is absent in some
    dead    elements without an exact value any more (0/0, a gradient that is not finite)
    """

    model: Model
    case: Case
    p: int
    hyper: Hyper
    values: dict[str, list[Any]]
    counting: Counting = Counting.RUN
    radii: Mapping[str, ErrorBounds] | None = None
    dead: set[int] = field(default_factory=set)
    moved: bool = False

    @classmethod
    def start(cls, model: Model, case: Case, p: int, hyper: Hyper, counting: Counting = Counting.RUN, f: Format | None = None) -> Trajectory:
        """At the case's own start; state variables that it does not give are at the rule's initial values, by the model's scalars in the format `f`."""
        parameter = case.params[p]
        given = parameter.state0 or {}
        values: dict[str, list[Any]] = {"theta": [Fraction(x) for x in parameter.theta0]}
        at_start = hyper if f is None else model.scalars(hyper, case.t0, f).hyper
        for name in model.rule.state_names:
            values[name] = [Fraction(x) for x in given[name]] if name in given else initial_values(model.rule, name, at_start, values["theta"])
        return cls(model, case, p, hyper, values, counting)

    def moves(self, step: int) -> bool:
        """True where the parameter has a gradient in this step, and the run is followed so far."""
        return step < followed(self.case) and self.case.grads[step][self.p] is not None

    def block(self, step: int, f: Format) -> Block:
        """The update of this step, ready to be made or bounded."""
        gradient = self.case.grads[step][self.p]
        assert gradient is not None
        hyper = {**self.hyper, **in_update(self.case, self.model.rule, step)}
        g = [float(x) for x in gradient]
        self.dead |= {i for i, x in enumerate(g) if not math.isfinite(x)}
        given = {n: [float(x) for x in rows[step][self.p] or ()] for n, rows in self.case.inputs.items()}
        self.dead |= {i for row in given.values() for i, x in enumerate(row) if not math.isfinite(x)}
        g = [0.0 if i in self.dead else x for i, x in enumerate(g)]
        given = {n: [0.0 if i in self.dead else x for i, x in enumerate(row)] for n, row in given.items()}
        t = numbers(self.case, self.p, self.counting)[step]
        scalars = self.model.scalars(hyper, t, f)
        repeats = self.case.params[self.p].repeats
        block = Block(self.model.bound_in or f, scalars.hyper, t, self.values, g, self.errors(f), scalars.slack, repeats=repeats, inputs=given)
        return with_reduced(self.model.rule, block, broken=bool(self.dead))

    def errors(self, f: Format) -> Mapping[str, ErrorBounds] | None:
        """Errors that a correct implementation may have by now, and at the start; None where all is exact, and where no bound is wanted."""
        if self.moved or self.radii is not None:
            return self.radii
        scalars = self.model.scalars(self.hyper, self.case.t0, f)
        given = self.case.params[self.p].state0 or {}
        return start_errors(self.model.rule, scalars.hyper, self.values["theta"], self.model.bound_in or f, given=given, slack=scalars.slack)

    def advance(self, block: Block, bound: Mapping[str, ErrorBounds] | None = None) -> None:
        """Make the update."""
        after = exact_update(self.model.rule, block)
        for values in after.values():
            self.dead |= {i for i, x in enumerate(values) if x is None}
        self.values = {n: [Fraction(0) if x is None else fraction(x) for x in v] for n, v in after.items()}
        self.radii, self.moved = bound, True

    def alive(self) -> dict[str, Sequence[Any]]:
        """The values now; None for elements that have none."""
        return {n: [None if i in self.dead else x for i, x in enumerate(v)] for n, v in self.values.items()}
