"""An objective: a loss J(theta; x, y), its data, and how samples are drawn.

The loss of one sample is written once as a tree in the parameters and the sample's numbers; gradient and Hessian
are found by SymPy's differentiation of its twin. The loss of a batch is the mean of the losses of its samples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from refopt.errors import RefoptError, UndefinedName, unknown_name
from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.language.latex import latex
from refopt.language.rule import Source
from refopt.language.text import canonical, infix

SAMPLINGS = ("full_batch", "single", "mini_batch")
"""Batch gradient descent, stochastic gradient descent, and what lies between."""


@dataclass(frozen=True)
class Objective:
    """A loss with its data and its order of samples.

    parameters  symbols of the parameters, in order
    start       where a run starts, decimal strings, exact in bfloat16
    hyper       constants of the loss (a condition number, say)
    inputs      symbols of a sample's numbers (x1, x2, y); empty for a loss without data
    loss        of one sample
    data        rows of decimal strings, one a sample, in the order of `inputs`
    sampling    how many samples a step sees: `full_batch`, `single` or `mini_batch`
    batch_size  for `mini_batch`
    order       the written order of the sample numbers of one or more epochs; after the last epoch it starts again
    """

    name: str
    title: str
    source: tuple[Source, ...]
    parameters: tuple[Expression, ...]
    start: tuple[str, ...]
    loss: Expression
    hyper: tuple[Hyper, ...] = ()
    inputs: tuple[Expression, ...] = ()
    data: tuple[tuple[str, ...], ...] = ((),)
    sampling: str = "full_batch"
    batch_size: int = 1
    order: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = {str(s.name) for s in (*self.parameters, *self.inputs)} | {h.name for h in self.hyper}
        missing = sorted({str(s.name) for s in self.loss.symbols()} - known)
        if missing:
            raise UndefinedName(
                f"{self.name}: {', '.join(missing)} is used in the loss but is no parameter, input or constant",
                help="declare it in parameters, inputs or hyper",
            )
        if len(self.start) != len(self.parameters):
            raise RefoptError(
                f"{self.name}: {len(self.parameters)} parameters but {len(self.start)} starting values",
                help="give one starting value a parameter",
            )
        if any(len(row) != len(self.inputs) for row in self.data):
            raise RefoptError(
                f"{self.name}: every row of data needs {len(self.inputs)} numbers",
                help=f"one for each of {', '.join(str(s.name) for s in self.inputs)}",
            )
        if self.sampling not in SAMPLINGS:
            raise unknown_name("sampling", self.sampling, SAMPLINGS)
        if self.sampling != "full_batch":
            for epoch in self.order:
                if sorted(epoch) != list(range(len(self.data))):
                    raise RefoptError(
                        f"{self.name}: an epoch must name each of the {len(self.data)} samples once",
                        help=f"an order of the numbers 0 to {len(self.data) - 1}",
                    )
            if not self.order:
                raise RefoptError(
                    f"{self.name}: sampling {self.sampling} needs a written order of the samples",
                    help="order=((0, 1, 2, ...), ...), a tuple an epoch",
                )

    def batch(self, step: int) -> tuple[int, ...]:
        """The numbers of the samples that step `step` (from 0) sees. A last batch of an epoch may be smaller."""
        if self.sampling == "full_batch":
            return tuple(range(len(self.data)))
        size = 1 if self.sampling == "single" else self.batch_size
        per_epoch = -(-len(self.data) // size)
        epoch, position = divmod(step, per_epoch)
        return self.order[epoch % len(self.order)][position * size : (position + 1) * size]

    @property
    def steps_per_epoch(self) -> int:
        """Number of updates in one epoch."""
        if self.sampling == "full_batch":
            return 1
        return -(-len(self.data) // (1 if self.sampling == "single" else self.batch_size))

    @cached_property
    def gradient(self) -> tuple[Expression, ...]:
        """The derivative of one sample's loss by each parameter, as trees."""
        from refopt.language.symbolic import from_sympy

        return tuple(from_sympy(self.loss.sym.diff(p.sym), self._symbols) for p in self.parameters)

    @cached_property
    def hessian(self) -> tuple[tuple[Expression, ...], ...]:
        """The second derivatives of one sample's loss, as trees; symmetric."""
        from refopt.language.symbolic import from_sympy

        first = [self.loss.sym.diff(p.sym) for p in self.parameters]
        rows: list[list[Expression]] = []
        for i, derivative in enumerate(first):
            row = [rows[j][i] for j in range(i)]
            row += [from_sympy(derivative.diff(q.sym), self._symbols) for q in self.parameters[i:]]
            rows.append(row)
        return tuple(tuple(row) for row in rows)

    @property
    def _symbols(self) -> dict[Any, Expression]:
        return {s.sym: s for s in (*self.parameters, *self.inputs, *(h.symbol for h in self.hyper))}

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """Names of the constants of the loss."""
        return tuple(h.name for h in self.hyper)

    def values(self, written: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Exact values of the constants of the loss. Raises as Rule.values does."""
        given = dict(written or {})
        for name in given:
            if name not in self.hyper_names:
                raise unknown_name(f"constant of {self.name}", name, self.hyper_names)
        return {h.name: h.value(given.get(h.name, h.default)) for h in self.hyper}

    def __repr__(self) -> str:
        return f"<objective {self.name}: {self.title}>"

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def text(self) -> str:
        """The loss of one sample in plain text."""
        return f"J = {infix(self.loss)}"

    def latex(self) -> str:
        """The loss of one sample in LaTeX."""
        return rf"J = {latex(self.loss)}"

    def canonical(self) -> str:
        """The canonical text: loss, data and order of samples."""
        lines = [f"objective {self.name}", f"parameters {' '.join(str(p.name) for p in self.parameters)}", f"start {' '.join(self.start)}"]
        lines += [f"hyper {h.name} {h.default}" for h in self.hyper]
        lines.append(f"loss {canonical(self.loss)}")
        lines += [f"row {' '.join(row)}" for row in self.data]
        lines.append(f"sampling {self.sampling} {self.batch_size}")
        lines += [f"epoch {' '.join(map(str, epoch))}" for epoch in self.order]
        return "\n".join(lines) + "\n"

    @property
    def fingerprint(self) -> str:
        """sha256 of the canonical text."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()
