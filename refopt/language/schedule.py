"""A schedule: the learning rate as an exact function of the step counter k = 0, 1, 2, ...

`rate` is the closed form. `recursion`, where one exists, gives the rate of step k from the rate of step k - 1
(the symbol `lr_prev`); both are the same function, and a correct program may use either.

A schedule that waits for a metric has no closed form: it keeps states, which each metric moves by the assignments `steps`,
and `rate` is an expression in these states. Its rate of step k is the one after k metrics.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from refopt.errors import RefoptError, UndefinedName
from refopt.language.evaluate import rational
from refopt.language.expression import Expression, scalar
from refopt.language.hyper import Hyper, WithHyper
from refopt.language.latex import latex
from refopt.language.lists import entries
from refopt.language.role import Role
from refopt.language.rule import Let, Source, State
from refopt.language.text import canonical, infix

lr_prev = scalar("lr_prev", r"\eta_{k-1}")
"""In a recursion: the rate of the step before."""
lr_k = scalar("lr_k", r"\eta_k")
"""The rate of a step."""
metric = scalar("metric", "m_k")
"""In an assignment of a schedule that waits for a metric: the metric of step k, which is the entry k of the list of all metrics."""


@dataclass(frozen=True)
class Schedule(WithHyper):
    """A learning-rate schedule.

    name       `cosine_annealing`; of a variant `cosine_annealing/periodic`
    rate       the rate of step k, an expression in k and the hyperparameters
    recursion  the rate of step k >= 1 from `lr_prev`, or None
    turns      steps at which it changes, beside the multiples of its lengths, as expressions in the hyperparameters: golden cases look there
    last       the last step that it is meant for, where it has one: nothing is said of the rates after it
    state      of a schedule that waits for a metric: what it keeps from one metric to the next
    steps      of the same: what a metric does to the states, in order; `metric` is that metric, k its place from 0. Without a list of metrics:
               what each step does
    made_of    the schedules that it is made of, where it is a composition
    defaults of hyperparameters are examples, not recommendations: every real schedule has its own lengths.

    Raises UndefinedName when an expression uses a symbol that is neither k nor a hyperparameter, nor, with states, one of them.
    """

    name: str
    title: str
    source: tuple[Source, ...]
    hyper: tuple[Hyper, ...]
    rate: Expression
    recursion: Expression | None = None
    differs: str = ""
    used_by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    turns: tuple[Expression, ...] = ()
    last: Expression | None = None
    state: tuple[State, ...] = ()
    steps: tuple[Let, ...] = ()
    made_of: tuple[Schedule, ...] = ()

    def __post_init__(self) -> None:
        self._refuse_wrong_steps()
        known = {"k", *self.hyper_names} if not self.steps else {*self.hyper_names, *self.state_names}
        for what, tree, names in (("rate", self.rate, known), ("recursion", self.recursion, known | {"lr_prev"})):
            if tree is None:
                continue
            missing = sorted({str(s.name) for s in tree.symbols()} - names)
            if missing:
                raise UndefinedName(
                    f"{self.name}: {', '.join(missing)} is used in the {what} but is no hyperparameter",
                    help="declare it in hyper; the step is k",
                )
            if not tree.is_scalar:
                raise RefoptError(
                    f"{self.name}: the {what} is one number a step, '{tree}' is one an element",
                    help="make it of hyperparameters and k: + - * / and powers, cos, exp, floor, where ...",
                )
        for hyper in self.hyper:
            hyper.values(hyper.default)

    def _refuse_wrong_steps(self) -> None:
        """Raise where states, assignments and the list of metrics do not belong together."""
        metrics = self.of_role(Role.METRIC)
        if bool(self.state) != bool(self.steps) or len(metrics) > bool(self.steps):
            raise RefoptError(f"{self.name}: states and steps go together, and one list of metrics with them", help="a closed form of k needs none of them")
        assigned, known = {let.name for let in self.steps}, {"k", *(["metric"] if metrics else []), *self.hyper_names, *self.state_names}
        if others := sorted(set(self.state_names) - assigned):
            raise UndefinedName(f"{self.name}: state {', '.join(others)} is never assigned", help="assign it in a step")
        for let in self.steps:
            if missing := sorted({str(s.name) for s in let.value.symbols()} - known):
                raise UndefinedName(f"{self.name}: {', '.join(missing)} is used in '{let.name} <- {let.value}' but is not known", help="declare it")
            if not let.value.is_scalar:
                raise RefoptError(f"{self.name}: '{let.value}' is no number", help="a list is asked for its metric of this step alone: metric")
            known.add(let.name)

    @property
    def waits(self) -> bool:
        """True where the rate has no closed form: it goes from step to step, and mostly depends on metrics that come while it runs."""
        return bool(self.steps)

    @property
    def lets(self) -> tuple[Let, ...]:
        """Every assignment, that of the rate last."""
        return (*self.steps, Let(lr_k, self.rate))

    def steps_sym(self) -> tuple[tuple[str, object], ...]:
        """The start of each state and every assignment, as SymPy writes them: where two schedules have the same, their rates are the same."""
        return (*((s.name, s.initial.sym) for s in self.state), *((let.name, let.value.sym) for let in self.lets))

    def last_step(self, values: Mapping[str, Fraction]) -> int | None:
        """The last step that it is meant for, at these values; None where it has none."""
        return None if self.last is None else floor(rational(self.last, values))

    def last_known(self, values: Mapping[str, Fraction]) -> int | None:
        """The last step whose rate the metrics among values tell; None where no metric is waited for."""
        return next((len(entries(h.name, values)) for h in self.of_role(Role.METRIC)), None)

    @property
    def state_names(self) -> tuple[str, ...]:
        """Names of the states, in order; none where the rate has a closed form."""
        return tuple(s.name for s in self.state)

    def __repr__(self) -> str:
        return f"<schedule {self.name}: {self.title}>"

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def text(self) -> str:
        """The closed form, and the recursion where there is one, in plain text."""
        lines = [f"{let.name} <- {infix(let.value)}" for let in self.lets]
        if self.recursion is not None:
            lines.append(f"lr_k <- {infix(self.recursion)}   (the same, from the step before)")
        return "\n".join(lines)

    def latex(self) -> str:
        """The closed form in LaTeX; with states, what a metric does to them before it."""
        if not self.waits:
            return rf"\eta_k = {latex(self.rate)}"
        rows = [rf"{let.symbol.letter} &\leftarrow {latex(let.value)}" for let in self.lets]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def sympy(self) -> object:
        """The closed form in SymPy."""
        return self.rate.sym

    def canonical(self) -> str:
        """The canonical text: everything that the schedule computes."""
        lines = [f"schedule {self.name}"]
        lines += [f"hyper {h.name} {h.default} {' '.join(map(canonical, h.conditions))}" for h in self.hyper]
        lines += [f"state {s.name} {canonical(s.initial)} {s.extent} {s.kind.value} {s.constant}" for s in self.state]
        lines += [f"let {let.name} {canonical(let.value)}" for let in self.steps]
        lines.append(f"rate {canonical(self.rate)}")
        lines.append(f"recursion {canonical(self.recursion) if self.recursion is not None else 'none'}")
        return "\n".join(lines) + "\n"

    @property
    def fingerprint(self) -> str:
        """sha256 of the canonical text."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()
