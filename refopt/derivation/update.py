"""One update of a shipped rule, and the rate of a shipped schedule, in a derivation's letters: a changed rule changes every step that uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from refopt.errors import RefoptError, unknown_name
from refopt.language.compose import spelled_out
from refopt.language.expression import theta
from refopt.language.hyper import Hyper
from refopt.language.lists import base, entries, one_entry, place
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


class Update:
    """Called with values of theta, the states, g and t, returns theta and the states after the update, by name.

    `letters` gives hyperparameters a value for good; the others may be given at each call, say a rate that changes.
    What is not given stays the rule's own symbol.
    """

    def __init__(self, rule: Rule, letters: Mapping[str, Any]) -> None:
        for name in letters:
            if name not in rule.hyper_names:
                raise unknown_name(f"hyperparameter of {rule.name}", name, rule.hyper_names)
        self.rule = rule
        self.letters = letters
        self.symbols = {str(s.name): s.sym for let in rule.steps for s in let.value.symbols()} | {s.name: s.symbol.sym for s in rule.state}
        self.put = {h.symbol.sym: sp.sympify(letters[h.name]) for h in rule.hyper if h.name in letters}
        after = {**rule.closed_form(), **{s.name: s.symbol.sym for s in rule.state if s.constant}}
        self.after = {name: value.xreplace(self.put) for name, value in after.items()}

    def __call__(self, **before: Any) -> dict[str, Any]:
        known = ("theta", "g", "t", *self.rule.state_names, *(n for n in self.rule.hyper_names if n not in self.letters))
        for name in before:
            if name not in known:
                raise unknown_name(f"variable of {self.rule.name}", name, known)
        put = {self.symbols[name]: sp.sympify(x) for name, x in before.items() if name in self.symbols}
        return {name: value.xreplace(put) for name, value in self.after.items()}

    def start(self, at: Any = theta.sym) -> dict[str, Any]:
        """Every state before the first update, `at` the parameter that it starts at."""
        put = {**self.put, theta.sym: sp.sympify(at)}
        return {s.name: s.initial.sym.xreplace(put) for s in self.rule.state}


def _entries(schedule: Schedule, lengths: Mapping[str, int]) -> tuple[Hyper, ...]:
    """The hyperparameters, the entries of a list each by itself."""
    found: list[Hyper] = []
    for h in schedule.hyper:
        names = [place(h.name, i) for i in range(lengths.get(h.name, 0))]
        found += [replace(h, symbol=one_entry(n), default="0", domain=one_entry(n) >= 0) for n in names] if h.is_list else [h]
    return tuple(found)


class Rate:
    """Called with a step k, returns the schedule's rate there. `letters` gives each hyperparameter a value."""

    def __init__(self, schedule: Schedule, letters: Mapping[str, Any]) -> None:
        for name in letters:
            if base(name) not in schedule.hyper_names:
                raise unknown_name(f"hyperparameter of {schedule.name}", name, schedule.hyper_names)
        if schedule.waits:
            raise RefoptError(f"{schedule.name} waits for a metric: its rate is no expression in k", help="derive with a closed form: refopt list schedules")
        lengths = {h.name: len(entries(h.name, letters)) for h in schedule.hyper if h.is_list}
        if any(lengths.values()):
            schedule = replace(schedule, rate=spelled_out(schedule.rate, lengths), hyper=_entries(schedule, lengths))
        self.schedule = schedule
        trees = [x for x in (schedule.rate, schedule.recursion) if x is not None]
        self.symbols = {str(s.name): s.sym for tree in trees for s in tree.symbols()}
        self.put = {self.symbols[n]: sp.sympify(x) for n, x in letters.items() if n in self.symbols}

    def __call__(self, k: Any) -> Any:
        return self._at(self.schedule.rate.sym, k, None)

    def cases(self, k: Any, previous: Any) -> tuple[tuple[Any, Any], ...]:
        """The recursion's cases at step k as (rate, condition), from the rate of the step before."""
        assert self.schedule.recursion is not None
        tree = self.schedule.recursion.sym
        pairs = tree.args if isinstance(tree, sp.Piecewise) else ((tree, sp.true),)
        return tuple((self._at(x, k, previous), self._condition(c, k, previous)) for x, c in pairs)

    def _condition(self, condition: Any, k: Any, previous: Any) -> Any:
        """A condition left as it is written: SymPy must not decide it."""
        if not condition.args:
            return condition
        return condition.func(*(self._at(x, k, previous) for x in condition.args), evaluate=False)

    def _at(self, tree: Any, k: Any, previous: Any) -> Any:
        put = {**self.put, self.symbols.get("k"): sp.sympify(k), self.symbols.get("lr_prev"): previous}
        return tree.subs({s: x for s, x in put.items() if s is not None and x is not None}, simultaneous=True)
