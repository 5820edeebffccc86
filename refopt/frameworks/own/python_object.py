"""Anybody's object: `python:module:factory`, called without arguments.

The object has `init(theta) -> state` and `step(theta, grad, state, t, **hyper) -> (theta, state)`; the state is a dict
of arrays. Keys named like the rule's state are visible and are loaded, others are private; where they are only a view, the
object says `resumes = False`. `propose(theta, state, t, **hyper)`, where there is one, says where the next gradient is to be taken.
A schedule has `rate(k, **hyper)`.
"""

from __future__ import annotations

import difflib
import importlib
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Implementation, Known, Request, ScheduleImplementation, Skipped, View
from refopt.conformance.protocol.in_process import drive, one_line, quiet
from refopt.conformance.protocol.live_object import STANDING, LiveObject, keywords, takes
from refopt.errors import RefoptError
from refopt.frameworks.in_folder import rule_in
from refopt.frameworks.misnamed import Misnamed, Say, wrong_factory
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.language.rule import Rule

NEEDS = "it needs init(theta) -> state and step(theta, grad, state, t, **hyper) -> (theta, state)"


def known() -> list[Known]:
    """None: these are other people's."""
    return []


def load(text: str, rule: str | None = None) -> Implementation | ScheduleImplementation:
    """The implementation that `python:module:factory` names. Raises RefoptError where it cannot be made."""
    parts = text.split(":")
    if len(parts) != 3 or not all(parts[1:]):
        raise wrong_factory(text, rule)
    factory = _factory(parts[1], parts[2], rule)
    made = from_factory(factory, f"{parts[1]}:{parts[2]}", rule, text)
    return replace(made, spelled=text) if isinstance(made, PythonObject) else made


def from_factory(factory: Callable[..., Any], name: str, rule: str | None, spelled: str | None = None) -> Implementation | ScheduleImplementation:
    """The implementation whose objects `factory` makes, or that a framework makes of it where it is a class of theirs.

    Raises RefoptError where it raises or makes something else.
    """
    from refopt.frameworks import adopted

    if (taken := adopted(factory, name, rule, spelled)) is not None:
        return taken
    try:
        with quiet():
            made = factory()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise RefoptError(f"{name} raised {one_line(error)}", help="the factory is called without arguments") from None
    if callable(getattr(made, "rate", None)):
        return ScheduleObject(name, "", rule, made)
    lacking = [m for m in ("init", "step") if not callable(getattr(made, m, None))]
    if lacking:
        raise RefoptError(f"{name} returned a {type(made).__name__} without {' and '.join(m + '()' for m in lacking)}", help=NEEDS)
    asks = callable(getattr(made, "propose", None))
    return PythonObject(name, "", rule, factory, resumes=not asks and getattr(made, "resumes", True) is not False, asks=asks)


def _factory(module: str, name: str, rule: str | None) -> Callable[[], Any]:
    if module.endswith(".py") or "/" in module:
        raise wrong_factory(f"python:{module}:{name}", rule)
    here = str(Path.cwd())
    if sys.path[:1] != [here]:
        sys.path.insert(0, here)
    try:
        with quiet():
            found = importlib.import_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise RefoptError(f"cannot import {module}: {one_line(error)}", help=f"looked in {here} first, then on sys.path") from None
    if not callable(getattr(found, name, None)):
        own = [n for n, x in vars(found).items() if callable(x) and not n.startswith("_") and getattr(x, "__module__", module) == module]
        near = [n for n in own if n.lower() == name.lower()] or difflib.get_close_matches(name, own, n=1) or own
        told = f"it has {', '.join(own)}:" if own else "it has none; an example:"
        names = [Say(f"python:{module}:{n}", rule or rule_in(n)) for n in near]
        raise Misnamed(f"module {module} has no function {name!r}", names, does=() if own else ("refopt show adapter",), lead=told)
    factory: Callable[[], Any] = getattr(found, name)
    return factory


@dataclass(frozen=True)
class PythonObject:
    """Objects with `init` and `step`; every run gets a fresh one.

    resumes  False where the object says so: what it shows is a view, and nothing can be loaded
    spelled  how another process makes it again; None where none can
    asks     it has propose(theta, state, t, **hyper), the point at which it takes its next gradient: it is judged at those points
    """

    read_by: ClassVar[str] = "refopt.frameworks.own.lift_objects"
    name: str
    version: str
    rule: str | None
    make: Callable[[], Any]
    resumes: bool = True
    spelled: str | None = None
    asks: bool = False

    @property
    def settings(self) -> Mapping[str, float]:
        """The defaults in the signature of `step`; an infinite one is no value of a hyperparameter."""
        return {n: float(p.default) for n, p in keywords(self.make()).items() if isinstance(p.default, int | float) and math.isfinite(p.default)}

    @property
    def takes(self) -> frozenset[str] | None:
        """The hyperparameters in the signature of `step`; None where it takes any."""
        return takes(self.make().step, STANDING)

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Each state variable stands under its own name, where it stands at all."""
        return {name: View(name) for name in rule.state_names}

    def run(self, request: Request) -> Answer:
        """Carry out a run with a fresh object."""
        if not self.resumes and (request.state0 is not None or request.t0 > 1):
            told = "it says where it takes its gradients" if self.asks else "it says resumes = False"
            return Skipped(f"{told}, and this starts from a given state")
        return drive(lambda r: LiveObject(self.make(), r), request)
