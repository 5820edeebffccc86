"""The configurations of a target that a translation tries: the settings and switches that the source's features ask for."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt import catalogue
from refopt.catalogue.letters import letters
from refopt.conformance.protocol.implementation import argument_names as implementation_argument_names
from refopt.conformance.protocol.spelling import parse
from refopt.errors import RefoptError
from refopt.frameworks import home, known, load
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.report.call import Call

OPTIONAL = letters(Role.WEIGHT_DECAY, Role.MOMENTUM, Role.SHARE)
"""Hyperparameters that at 0 leave a smaller rule."""


@dataclass(frozen=True)
class Made:
    """A configuration of the target; `turned` where one of its switches is not as it was spelled."""

    implementation: Any
    turned: bool = False


def argument_names(implementation: Any) -> dict[str, str]:
    """By the glossary's name of a hyperparameter, the implementation's own; the same where it does not say."""
    said = implementation_argument_names(implementation)
    return dict(said) if said is not None else {name: name for name in implementation.settings}


def configurations(target: Any, source: Rule, settings: Mapping[str, float]) -> Iterator[Made]:
    """The target with what the source has and it lacks, each switch of it turned once; then as it was spelled, with its switches.

    settings  the source's values in force
    """
    if not hasattr(target, "factory") or not isinstance(target.name, str):
        yield Made(target)
        return
    spelling = parse(target.name)
    names = argument_names(target)
    lacking = {names[h.name]: Fraction(repr(settings[h.name])) for h in source.hyper
               if h.name in names and settings.get(h.name) and not target.settings.get(h.name) and names[h.name] not in spelling.arguments}  # fmt: skip
    unneeded = {theirs: 0.0 for ours, theirs in names.items() if ours in OPTIONAL and target.settings.get(ours)
                and not settings.get(ours) and theirs not in spelling.arguments}  # fmt: skip
    seen: set[str] = set()
    starts = [{**spelling.arguments, **unneeded, **lacking}, dict(spelling.arguments)]
    for arguments in starts:
        for i, turned in enumerate((arguments, *_turned(target, arguments))):
            text = Call(spelling.path, turned).spelling.replace("()", "")
            if text in seen:
                continue
            seen.add(text)
            try:
                yield Made(load(text), turned=i > 0)
            except RefoptError:
                continue


def _turned(target: Any, arguments: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    at = home(target.name)
    fixed = at.framework.switches if at is not None else frozenset()
    for name, parameter in inspect.signature(target.factory).parameters.items():
        value = arguments.get(name, parameter.default)
        if isinstance(value, bool) and name not in fixed:
            yield {**arguments, name: not value}


def other_classes(target: Any) -> list[str]:
    """The other classes of the target's framework."""
    if not isinstance(target.name, str):
        return []
    own = target.name.partition("(")[0]
    package = own.partition(".")[0]
    rules = {r.name for r in catalogue.rules(variants=True)}
    paths = dict.fromkeys(line.spelling.partition("(")[0] for line in known() if line.rule in rules and line.spelling.startswith(f"{package}."))
    return [p for p in paths if p.rpartition(".")[2] != own.rpartition(".")[2]]
