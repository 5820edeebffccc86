"""One update of a shipped rule in a derivation's letters: a changed rule changes every step that uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from refopt.errors import unknown_name
from refopt.language.rule import Rule


class Update:
    """Called with values of theta, the states, g and t, returns theta and the states after the update, by name.

    What is not given stays the rule's own symbol. `letters` gives each hyperparameter a value for good.
    """

    def __init__(self, rule: Rule, letters: Mapping[str, Any]) -> None:
        for name in letters:
            if name not in rule.hyper_names:
                raise unknown_name(f"hyperparameter of {rule.name}", name, rule.hyper_names)
        self.rule = rule
        self.symbols = {str(s.name): s.sym for let in rule.steps for s in let.value.symbols()} | {s.name: s.symbol.sym for s in rule.state}
        put = {self.symbols[name]: sp.sympify(x) for name, x in letters.items() if name in self.symbols}
        self.after = {name: value.xreplace(put) for name, value in rule.closed_form().items()}

    def __call__(self, **before: Any) -> dict[str, Any]:
        known = ("theta", "g", "t", *self.rule.state_names)
        for name in before:
            if name not in known:
                raise unknown_name(f"variable of {self.rule.name}", name, known)
        put = {self.symbols[name]: sp.sympify(x) for name, x in before.items() if name in self.symbols}
        return {name: value.xreplace(put) for name, value in self.after.items()}

    def start(self) -> dict[str, Any]:
        """Every state before the first update."""
        return {s.name: s.initial.sym for s in self.rule.state}
