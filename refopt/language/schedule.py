"""A schedule: the learning rate as an exact function of the step counter k = 0, 1, 2, ...

`rate` is the closed form. `recursion`, where one exists, gives the rate of step k from the rate of step k - 1
(the symbol `lr_prev`); both are the same function, and a correct program may use either.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from refopt.errors import RefoptError, UndefinedName
from refopt.language.expression import Expression, scalar
from refopt.language.hyper import Hyper, WithHyper
from refopt.language.latex import latex
from refopt.language.rule import Source
from refopt.language.text import canonical, infix

lr_prev = scalar("lr_prev", r"\eta_{k-1}")
"""In a recursion: the rate of the step before."""


@dataclass(frozen=True)
class Schedule(WithHyper):
    """A learning-rate schedule.

    name       `cosine_annealing`; of a variant `cosine_annealing/periodic`
    rate       the rate of step k, an expression in k and the hyperparameters
    recursion  the rate of step k >= 1 from `lr_prev`, or None
    turns      steps at which it changes, beside the multiples of its lengths, as expressions in the hyperparameters: golden cases look there
    last       the last step that it is meant for, where it has one: nothing is said of the rates after it
    defaults of hyperparameters are examples, not recommendations: every real schedule has its own lengths.

    Raises UndefinedName when an expression uses a symbol that is neither k nor a hyperparameter.
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

    def __post_init__(self) -> None:
        known = {"k", *self.hyper_names}
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

    def __repr__(self) -> str:
        return f"<schedule {self.name}: {self.title}>"

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def text(self) -> str:
        """The closed form, and the recursion where there is one, in plain text."""
        lines = [f"lr_k <- {infix(self.rate)}"]
        if self.recursion is not None:
            lines.append(f"lr_k <- {infix(self.recursion)}   (the same, from the step before)")
        return "\n".join(lines)

    def latex(self) -> str:
        """The closed form in LaTeX."""
        return rf"\eta_k = {latex(self.rate)}"

    def sympy(self) -> object:
        """The closed form in SymPy."""
        return self.rate.sym

    def canonical(self) -> str:
        """The canonical text: everything that the schedule computes."""
        lines = [f"schedule {self.name}"]
        lines += [f"hyper {h.name} {h.default} {' '.join(map(canonical, h.conditions))}" for h in self.hyper]
        lines.append(f"rate {canonical(self.rate)}")
        lines.append(f"recursion {canonical(self.recursion) if self.recursion is not None else 'none'}")
        return "\n".join(lines) + "\n"

    @property
    def fingerprint(self) -> str:
        """sha256 of the canonical text."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()
