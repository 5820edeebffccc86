"""One update of two rules, as SymPy expressions in the values before it: alike, or alike up to a multiple of the state.

That one update is alike, whatever the values before it, proves by induction that whole runs are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from refopt.language.expression import Kind, literal, t
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.lifting.identity import Answer, identical, is_refuted, with_plain_conditions, without_powers
from refopt.lifting.ranges import of_hypers
from refopt.proof.cases import Fact, facts_of, same_in_cases
from refopt.proof.related import Agreement, Multiple, Same

Form = Mapping[str, Any]
"""theta and each state after an update, by name."""


@dataclass(frozen=True)
class Regime:
    """One update of both rules: at any t, at t = 1 from the start, or at any later t."""

    first: Form
    second: Form

    def with_values(self, values: Mapping[Any, Any], of_second: Mapping[Any, Any] | None = None) -> Regime:
        """The same with some symbols replaced; `of_second`: by what in the second rule, where that is something else."""
        pairs = ((self.first, values), (self.second, values if of_second is None else of_second))
        return Regime(*({n: x.subs(v) for n, x in form.items()} for form, v in pairs))


def _is_share(hyper: Hyper) -> bool:
    """True of a number from 0 to 1, without 1: every power of it is one again."""
    domain = of_hypers((hyper,))[hyper.symbol]
    return domain.is_nonnegative and domain.high.value == 1 and domain.high.open


def _with_constants(rule: Rule) -> Form:
    """theta and each state after an update, also those that no update assigns: they stay what they are."""
    return {**rule.closed_form(), **{s.name: s.symbol.sym for s in rule.state if s.constant}}


def proved_same(one: Any, other: Any, facts: Sequence[Fact] = ()) -> bool:
    """True where two expressions are proved the same, at once, or where they choose case by case: `facts` are known beside the signs of symbols."""
    if (one - other).has(sp.Piecewise):  # simplification of choices as a whole takes minutes where their cases take a second
        one, other = with_plain_conditions(one), with_plain_conditions(other)
        difference = one - other
        if difference == 0 or (not is_refuted(difference.xreplace(_above(facts))) and same_in_cases(one, other, facts)):
            return True
    found = identical(one, other)
    if found is Answer.OPEN and (one - other).has(sp.Min, sp.Max, sp.Abs):
        return same_in_cases(one, other, facts)
    return found is Answer.PROVED


def _above(facts: Sequence[Fact]) -> dict[Any, Any]:
    """By symbol that is above a positive number, the sum of both: points are drawn from 0 on."""
    above = {}
    for fact in facts:
        constant, symbol = fact.value.as_coeff_Add()
        if constant < 0 and symbol.is_Symbol and not symbol.is_integer:
            above[symbol] = symbol - constant
    return above


def kept_for_output(first: Rule, second: Rule) -> tuple[str, ...]:
    """The states of both from which one of them takes what is used after the last update."""
    used = {str(s.name) for r in (first, second) if r.output is not None for s in r.output.symbols()}
    return tuple(n for n in first.state_names if n in used and n in second.state_names)


class OneUpdate:
    """Comparison of two rules by one update."""

    def __init__(self, first: Rule, second: Rule) -> None:
        self.rules = (first, second)
        self.hyper: dict[str, Hyper] = {h.name: h for h in (*first.hyper, *second.hyper)}
        self.corrections = {h.symbol.sym: sp.Symbol(f"_correction_{h.name}", positive=True) for h in self.hyper.values() if _is_share(h)}
        self.facts = facts_of([c for h in self.hyper.values() for c in h.conditions])
        self.outputs = kept_for_output(first, second)
        self.regimes = self._regimes()
        starts = {s.name: s.initial.sym for s in second.state}
        from_the_start = len(self.regimes) > 1  # then it is the states after the first update that have to be alike
        self.shared = [s.name for s in first.state if s.name in starts and (from_the_start or starts[s.name] == s.initial.sym)]
        self._names = {s.symbol.sym: s.name for rule in self.rules for s in rule.state}

    def _regimes(self) -> tuple[Regime, ...]:
        """One for all t, or two where a formula chooses by t: the first update, from the start, and all later ones."""
        whole = self._renamed(Regime(*(_with_constants(rule) for rule in self.rules)))
        if not any(n.op == "where" and any(s == t for s in n.args[0].symbols()) for r in self.rules for let in r.steps for n in let.value.walk()):
            return (whole,)
        starts = [{s.symbol.sym: s.initial.sym for s in rule.state} for rule in self.rules]
        later = sp.Symbol("_later", integer=True, positive=True)
        ones = {h: 1 - correction for h, correction in self.corrections.items()}  # 1 - beta^1, of which SymPy has to see that it is positive
        return whole.with_values({t.sym: sp.Integer(1)}).with_values(*starts).with_values(ones), whole.with_values({t.sym: later + 1})

    def _renamed(self, regime: Regime) -> Regime:
        return Regime(*({n: without_powers(x, self.corrections) for n, x in form.items()} for form in (regime.first, regime.second)))

    def alike(self, values: Mapping[Any, Any] | None = None) -> bool:
        """True where theta, and what both keep for the output, are proved to come out alike in every run, with these values of some hyperparameters."""
        return self._alike([regime.with_values(self._with_corrections(values or {})) for regime in self.regimes])

    def _with_corrections(self, values: Mapping[Any, Any]) -> dict[Any, Any]:
        """The values, and 1 - 0^t = 1 where a base is fixed at 0."""
        return {**values, **{self.corrections[s]: sp.Integer(1) for s, x in values.items() if x == 0 and s in self.corrections}}

    def _alike(self, regimes: Sequence[Regime]) -> bool:
        """theta, and what both keep for the output, alike in all of them; so every state that these depend on in any, directly or through others."""
        pending = ["theta", *self.outputs]
        seen = set(pending)
        while pending:
            name = pending.pop()
            if name != "theta" and name not in self.shared:
                return False
            pairs = [(regime.first[name], regime.second[name]) for regime in regimes]
            if not all(proved_same(*pair, self.facts) for pair in pairs):
                return False
            used = {self._names[x] for pair in pairs for tree in pair for x in tree.free_symbols if x in self._names}
            pending += sorted(used - seen)
            seen |= used
        return True

    def multiple(self, values: Mapping[Any, Any] | None = None) -> Multiple | None:
        """The multiple of one of the second rule's states that the first's is proved to be, theta and the other states alike; at a constant rate."""
        if any(len(rule.state) != len(self.shared) for rule in self.rules):
            return None
        rate = next((r.learning_rate.symbol.sym for r in self.rules if r.learning_rate is not None), sp.Integer(1))
        regimes = [regime.with_values(self._with_corrections(values or {})) for regime in self.regimes]
        for state in (s for s in self.rules[0].state if s.initial.sym == 0 and s.name not in self.outputs):
            for factor in (sp.Integer(-1), rate, 1 / rate, -rate, -1 / rate):
                if all(_multiplied(regime, state.name, state.symbol.sym, factor) for regime in regimes):
                    return Multiple(state.name, str(factor), factor.has(rate))
        return None

    def same(self) -> tuple[Same | None, Multiple | None]:
        """`everywhere` or `at_constant_rate`, where that is proved, else None, and the multiple that a state is of the other's."""
        if self.alike():
            return Same.EVERYWHERE, None
        multiple = self.multiple()
        if multiple is None:
            return None, None
        return Same.AT_CONSTANT_RATE if multiple.by_the_rate else Same.EVERYWHERE, multiple

    def agree_when(self) -> tuple[Agreement, ...]:
        """Hyperparameters that are proved to make the rules the same when they are 0, at any rate or at a constant one."""
        found = []
        for name, hyper in self.hyper.items():
            if any(name in r.at_rate(None) for r in self.rules) or hyper.symbol.kind is not Kind.REAL:
                continue
            zero = {hyper.symbol.sym: sp.Integer(0)}
            if self.alike(zero):
                found.append(Agreement(name, literal(0)))
            elif (multiple := self.multiple(zero)) is not None:
                found.append(Agreement(name, literal(0), at_constant_rate=multiple.by_the_rate))
        return tuple(found)

    def thetas_after_states(self) -> Sequence[Any] | None:
        """theta of both in terms of the states after the update, where these are alike in both; else None."""
        names = [rule.state_names for rule in self.rules]
        if set(names[0]) != set(names[1]) or not all(self._alike_states(regime, names[0]) for regime in self.regimes):
            return None
        thetas = []
        for rule in self.rules:
            values: dict[Any, Any] = {}
            for let in rule.steps:
                if let.name not in rule.state_names:
                    values[let.symbol.sym] = let.value.sym.xreplace(values)
            thetas.append(without_powers(values[rule.steps[-1].symbol.sym], self.corrections))
        return thetas

    def _alike_states(self, regime: Regime, names: Sequence[str]) -> bool:
        return all(identical(regime.first[n], regime.second[n]) is Answer.PROVED for n in names)


def _multiplied(regime: Regime, name: str, state: Any, factor: Any) -> bool:
    """True where theta and the other states come out alike, and the first state again that multiple of the second, if it was before."""
    scaled = {n: x.xreplace({state: factor * state}) for n, x in regime.first.items()}
    pairs = ((scaled[n], factor * x if n == name else x) for n, x in regime.second.items() if n in scaled)
    return all(identical(*pair) is Answer.PROVED for pair in pairs)
