"""A hyperparameter, and what everything has that has hyperparameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from refopt.errors import OutsideDomain, RefoptError, unknown_name
from refopt.language.evaluate import binary64, rational
from refopt.language.expression import Expression, Kind
from refopt.language.extent import LIST
from refopt.language.lists import base, entries, place, read, spread
from refopt.language.role import BY_ROLE, Role, Samples, samples_of

Written = str | int | float | Fraction | Sequence[str | int | float | Fraction]
"""A hyperparameter's value as people write it: the binary64 number that it denotes is meant; of a list, `[30,80]` or a sequence."""
T = TypeVar("T")


@dataclass(frozen=True)
class Hyper:
    """A hyperparameter.

    symbol   its symbol, which names it in the API
    default  the default as a decimal string; of a list `[30,80]`
    domain   one condition or several that must all hold
    role     the part that it plays; inputs, mutants and diagnoses go by it
    meaning  a few words
    why      what breaks outside the domain
    given    values for tests where those of its role do not fit
    """

    symbol: Expression
    default: str
    domain: Expression | tuple[Expression, ...]
    role: Role
    meaning: str
    why: str = ""
    given: Samples = BY_ROLE

    @property
    def samples(self) -> Samples:
        """Values for golden inputs and searches."""
        return samples_of(self.role, self.default, self.given)

    @property
    def name(self) -> str:
        """The name in the API."""
        return str(self.symbol.name)

    @property
    def is_list(self) -> bool:
        """True where its value is a list."""
        return self.symbol.extent is LIST

    @property
    def usual(self) -> float | tuple[float, ...]:
        """The default as a program is handed it: a number, or the numbers of a list."""
        exact = self.values(self.default).values()
        to = int if self.symbol.kind is Kind.INTEGER else float
        return tuple(map(to, exact)) if self.is_list else to(*exact)

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """The domain as a tuple of conditions that must all hold."""
        return self.domain if isinstance(self.domain, tuple) else (self.domain,)

    @property
    def domain_text(self) -> str:
        """The domain as people write it: `0 <= beta1 < 1`, `0 < lr`."""
        low, high, other = "", "", []
        for condition in self.conditions:
            left, right = condition.args
            if condition.op in ("gt", "ge") and left == self.symbol:
                low = f"{right} {'<' if condition.op == 'gt' else '<='} "
            elif condition.op in ("lt", "le") and left == self.symbol:
                high = f" {'<' if condition.op == 'lt' else '<='} {right}"
            else:
                other.append(str(condition))
        return " and ".join(([f"{low}{self.name}{high}"] if low or high else []) + other) or f"any {self.name}"

    def value(self, written: Written) -> Fraction:
        """The exact number that `written` denotes: an integer for an integer hyperparameter, else a binary64 number.

        Raises OutsideDomain for NaN, infinity, something that is no number, and values outside the domain.
        """
        try:
            as_float = float(written)  # type: ignore[arg-type]  # what is no number is told below
        except (TypeError, ValueError, OverflowError):
            raise OutsideDomain(f"{self.name} = {written!r} is not a number", help=f"its domain is {self.domain_text}") from None
        if not math.isfinite(as_float):
            raise OutsideDomain(f"{self.name} = {as_float} is not finite", help=f"its domain is {self.domain_text}")
        exact = binary64(as_float)
        if self.symbol.kind is Kind.INTEGER and exact.denominator != 1:
            raise OutsideDomain(f"{self.name} = {written} is not an integer", help=f"its domain is {self.domain_text}")
        if not self.holds(exact):
            raise OutsideDomain(f"{self.name} = {written} is outside {self.domain_text}", note=self.why or None)
        return exact

    def holds(self, exact: Fraction) -> bool:
        """True of a number that meets every condition of the domain."""
        return all(rational(condition, {self.name: exact}) for condition in self.conditions)

    def values(self, written: Written) -> dict[str, Fraction]:
        """The exact numbers by name: the one value, or each entry of a list under its place. Raises OutsideDomain as `value` does."""
        if not self.is_list:
            return {self.name: self.value(written)}
        given = read(written)
        if not given:
            sort = "whole numbers" if self.symbol.kind is Kind.INTEGER else "numbers"
            raise OutsideDomain(f"{self.name} = {written!r} is not a list of {sort}", help=f"write {self.name}={self.default}")
        return spread(self.name, (self.value(x) for x in given))

    def allows(self, written: Written) -> bool:
        """True where a value belongs to the domain."""
        try:
            self.values(written)
        except RefoptError:
            return False
        return True


class WithHyper:
    """A formula with a name and hyperparameters: a rule or a schedule."""

    name: str
    hyper: tuple[Hyper, ...]

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """Names of the hyperparameters, in order."""
        return tuple(h.name for h in self.hyper)

    def of_role(self, role: Role) -> tuple[Hyper, ...]:
        """The hyperparameters of a role, in order."""
        return tuple(h for h in self.hyper if h.role is role)

    @cached_property
    def learning_rate(self) -> Hyper | None:
        """The learning rate, which may change at each update; None in a formula without one."""
        return next(iter(self.of_role(Role.RATE)), None)

    def at_rate(self, value: T) -> dict[str, T]:
        """A value under the name of the learning rate; nothing in a formula without one."""
        return {} if self.learning_rate is None else {self.learning_rate.name: value}

    def rate_in(self, values: Mapping[str, T], otherwise: T) -> T:
        """The learning rate among values by name; `otherwise` where there is none."""
        return next((values[name] for name in self.at_rate(None) if name in values), otherwise)

    @property
    def family(self) -> str:
        """The reference that this is or is a variant of: `adam` for `adam/eps_hat`."""
        return self.name if self.name.endswith(")") else self.name.partition("/")[0]

    @property
    def is_variant(self) -> bool:
        """True where this is a named variant of a reference."""
        return self.family != self.name

    @property
    def defaults(self) -> dict[str, str]:
        """The default of each hyperparameter, as written."""
        return {h.name: h.default for h in self.hyper}

    def values(self, written: Mapping[str, Written] | None = None) -> dict[str, Fraction]:
        """Exact values of all hyperparameters: the ones given, defaults for the rest.

        Raises OutsideDomain, or UnknownName for a hyperparameter that there is not.
        """
        given: dict[str, Written] = {}
        lists = {h.name for h in self.hyper if h.is_list}
        for name, value in (written or {}).items():
            if name not in self.hyper_names and base(name) not in lists:
                raise unknown_name(f"hyperparameter of {self.name}", name, self.hyper_names)
            given[name] = value
        for name in lists:  # entries that stand by themselves, as in a golden file
            by_place = {n: x for n, x in given.items() if base(n) == name and n != name}
            found = entries(name, by_place)
            if len(found) != len(by_place):
                raise OutsideDomain(f"{self.name}: {name} has {', '.join(by_place)}, not every entry from the first", help=f"send {place(name, 0)} too")
            if found:
                given[name] = found  # type: ignore[assignment]
        return {n: x for h in self.hyper for n, x in h.values(given.get(h.name, h.default)).items()}

    def own(self, values: Mapping[str, T]) -> dict[str, T]:
        """Those of the values that are of its own hyperparameters, entries of lists among them."""
        return {n: x for n, x in values.items() if base(n) in self.hyper_names}

    def kind_of(self, name: str) -> Kind | None:
        """The kind of a hyperparameter, or of an entry of one; None where there is none of that name."""
        return next((h.symbol.kind for h in self.hyper if h.name in (name, base(name))), None)
