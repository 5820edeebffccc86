"""A form's local bound as a goal for Gappa, a prover of rounding errors that shares nothing with this project.

    |computed - exact| <= bound   for all inputs of the box and all scalars within their errors

Lower case is what a program computes, each operation rounded; upper case is the same formula without rounding. That the
unrounded formula is the rule's is another claim (rounding/prove_forms.py proves it). The maximum of two values rounds
nothing. Where one of them is the larger all over the box, it stands for the maximum, and that it is the larger is a part
of the goal. Else, being 1-Lipschitz, a maximum that is the whole form is within the bound where each of the two is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from refopt.errors import NotImplementedYet, RefoptError
from refopt.rounding.formats import Format
from refopt.rounding.part_ranges import CHOOSING, Ranges
from refopt.rounding.worst_form import Coefficient, Input, OneForm, Operation, Part

PROVED, UNDECIDED, TIMED_OUT, EXACT = "proved", "undecided", "timed out", "exact"
"""Outcomes: Gappa proves the goal; it does not; it takes too long; the form rounds nothing, so that there is no goal."""
TIME_LIMIT = 10.0
"""Seconds for one goal; most take some hundredths."""
KNOWN_TO = Fraction(1, 2**180)
"""Relative error of a scalar's exact value, which is computed to 60 digits."""
INSTALL = "install it with: apt-get install gappa"


@cache
def program() -> str:
    """The path of Gappa. Raises RefoptError, with what to do, where it is not installed."""
    found = shutil.which("gappa")
    if found is None:
        raise RefoptError("Gappa is not installed", help=INSTALL)
    return found


def goal(form: OneForm, *, bound: Fraction | None = None) -> str:
    """The goal as Gappa reads it; empty where the form rounds nothing. `bound` replaces the form's own.

    Raises NotImplementedYet where a maximum inside the form is now one of its arguments, now the other.
    """
    writer = _Writer(form)
    return writer.text(form.bound if bound is None else bound)


def decide(text: str, *, precision: int, time_limit: float = TIME_LIMIT) -> str:
    """Gappa's answer to a goal. Raises RefoptError where it cannot read it."""
    if not text:
        return EXACT
    try:
        done = subprocess.run([program(), f"-Eprecision={precision}"], input=text, capture_output=True, text=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        return TIMED_OUT
    if done.returncode == 0:
        return PROVED
    if any(said in done.stderr for said in ("not satisfied", "no contradiction was found")):
        return UNDECIDED
    said = (done.stderr.strip() or f"it ended with exit code {done.returncode}").splitlines()[0]
    raise RefoptError(f"Gappa cannot read the goal: {said}")


def precision_for(f: Format) -> int:
    """The bits that Gappa computes with: more than twice the format's."""
    return max(80, 2 * f.precision + 40)


def number(x: Fraction) -> str:
    """A dyadic number, exactly, as Gappa reads it: 3b-24 is 3 * 2^-24."""
    exponent = 1 - x.denominator.bit_length()
    if x.denominator != 2**-exponent:
        raise RefoptError(f"{x} is no binary number")
    numerator = x.numerator
    while numerator and numerator % 2 == 0:
        numerator, exponent = numerator // 2, exponent + 1
    return f"{numerator}b{exponent}" if exponent else str(numerator)


@dataclass
class _Names:
    computed: str
    exact: str


class _Writer:
    def __init__(self, form: OneForm) -> None:
        self.form = form
        self.names: dict[Part, _Names] = {}
        self.comments: list[str] = []
        self.computed: list[str] = []
        self.exact: list[str] = []
        self.given: list[str] = []
        self.hints: list[str] = []
        self.order: list[tuple[Part, Part]] = []
        self.ranges = Ranges(form.format)
        self.wanted = list(self._roundings(form.value))

    def _roundings(self, part: Part) -> list[Part]:
        if isinstance(part, Operation) and part.op in CHOOSING:
            chosen = self.ranges.chosen(part)
            return [p for a in part.args for p in self._roundings(a)] if chosen is None else self._roundings(self._stands_for(part, chosen))
        return [part] if isinstance(part, Operation) else []

    def _stands_for(self, part: Operation, chosen: int) -> Part:
        """The argument that a maximum or minimum is all over the box. That it is becomes a part of the goal."""
        large, small = part.args[chosen], part.args[1 - chosen]
        if part.op == "min":
            large, small = small, large
        self.order.append((large, small))
        return part.args[chosen]

    def text(self, bound: Fraction) -> str:
        """The whole goal, or nothing."""
        goals = [f"|{n.computed} - {n.exact}| <= {number(bound)}" for n in (self.name(p) for p in self.wanted)]
        for larger, smaller in ((self.name(a), self.name(b)) for a, b in self.order):  # the list grows while names are written down
            goals += [f"{larger.computed} - {smaller.computed} >= 0", f"{larger.exact} - {smaller.exact} >= 0"]
        if not goals:
            return ""
        f = self.form.format
        rounding = f"float<{f.precision},{f.emin - f.precision + 1},ne>"
        head = f"# {self.form.rule}, t = {self.form.t}: {self.form.variable}, {self.form.which} form in {f.name}"
        lines = [head, *self.comments, f"@rnd = {rounding};", "# what a program computes", *self.computed, "# the same without rounding", *self.exact]
        lines += ["{ " + "\n  /\\ ".join(self.given), "  -> " + "\n  /\\ ".join(goals) + " }", *self.hints]
        return "\n".join(lines) + "\n"

    def name(self, part: Part) -> _Names:
        """The names of a part, written down at its first use."""
        if part not in self.names:
            self.names[part] = self._input(part) if isinstance(part, Input) else self._scalar(part) if isinstance(part, Coefficient) else self._step(part)
        return self.names[part]

    def _input(self, part: Input) -> _Names:
        name = part.name.replace("'", "_new") + "_"
        self.given.append(f"{name} in [{number(part.low)}, {number(part.high)}]")
        return _Names(name, name)

    def _scalar(self, part: Coefficient) -> _Names:
        if part.e == 0 and re.fullmatch(r"\d+", part.name):
            return _Names(part.name, part.name)
        order = 1 + sum(isinstance(p, Coefficient) for p in self.names)
        low, high = sorted((part.x * (1 - KNOWN_TO), part.x * (1 + KNOWN_TO)))
        exact = f"C{order}"
        self.comments.append(f"# C{order} = {part.name}")
        self.given.append(f"{exact} in [{number(low)}, {number(high)}]")
        if part.e == 0:
            return _Names(exact, exact)
        computed = f"c{order}"
        self.given.append(f"|{computed} - {exact}| <= {number(part.e)}")
        self.given.append(f"{computed} in [{number(low - part.e)}, {number(high + part.e)}]")
        return _Names(computed, exact)

    def _step(self, part: Operation) -> _Names:
        if part.op in CHOOSING:
            chosen = self.ranges.chosen(part)
            if chosen is None:
                raise NotImplementedYet(f"which of the two the {part.op} is changes inside the box")
            return self.name(self._stands_for(part, chosen))
        args = [self.name(a) for a in part.args]
        order = 1 + sum(isinstance(p, Operation) for p in self.names)
        names = _Names(f"x{order}", f"X{order}")
        computed, exact = (_formula(part, [getattr(a, side) for a in args]) for side in ("computed", "exact"))
        exactly = part.op in ("neg", "abs") or (part.op == "mul" and any(isinstance(a, Coefficient) and a.e == 0 and a.x in (0, 1) for a in part.args))
        self.computed.append(f"{names.computed} = {computed if exactly else f'rnd({computed})'};")
        self.exact.append(f"{names.exact} = {exact};")
        if part.op == "div" and computed != exact:
            a, b = args
            error = f"(({a.computed} - {a.exact}) - {exact} * ({b.computed} - {b.exact})) / {b.computed}"
            self.hints.append(f"{computed} - {exact} -> {error} {{ {b.computed} <> 0, {b.exact} <> 0 }};")
        return names


def _formula(part: Operation, args: list[str]) -> str:
    if part.op == "add":
        first = args[0] if part.signs[0] > 0 else f"-{args[0]}"
        return f"{first} {'+' if part.signs[1] > 0 else '-'} {args[1]}"
    if part.op in ("mul", "div"):
        return f"{args[0]} {'*' if part.op == 'mul' else '/'} {args[1]}"
    if part.op == "neg":
        return f"-{args[0]}"
    if part.op == "abs":
        return f"|{args[0]}|"
    if part.op == "sqrt":
        return f"sqrt({args[0]})"
    raise RefoptError(f"{part.op} inside a formula cannot be given to Gappa")
