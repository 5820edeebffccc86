"""A framework's schedule that is a function of the step, as an implementation: what the adapters of optax and keras share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from refopt.catalogue import schedule
from refopt.conformance.protocol.asked import Asking, backwards, behind
from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import Known, NoAnswer, Rates, Skipped
from refopt.conformance.protocol.in_process import one_line, quiet
from refopt.conformance.protocol.lengths_written import refused
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.spelling import parse, written
from refopt.errors import RefoptError
from refopt.frameworks.installed import member, package_version
from refopt.frameworks.misnamed import NoRuleYet
from refopt.frameworks.reasons_not_judged import NotJudged

Hyper = Mapping[str, Any]
"""Hyperparameters by the catalogue's names: numbers, and tuples of numbers."""
METRICS = "metrics"
"""The list of which a form is fed, where it waits for metrics."""


@dataclass(frozen=True)
class Form:
    """Call of a framework's function that makes it a schedule of the catalogue.

    rule       the schedule
    hyper      its hyperparameters
    arguments  from them (`lr` is always there), the function's arguments
    asked      the arguments that a person writes for this form to be meant: a flag as it stands here, a number whatever it is
    only       the values of arguments for which it is that form and no other
    listed     the argument that is a list, as long as cases ask for: of the steps after it nothing is said
    held       hyperparameters that the function has not, and the value at which it computes
    asks       from what the function returns, and the hyperparameters: what is called with a step and gives the rate
    bug        from hyperparameters and the rates that came: what the framework is known to answer wrongly, in words; None where it did not
    """

    rule: str
    hyper: tuple[str, ...]
    arguments: Callable[[Hyper], dict[str, Any]]
    asked: Mapping[str, Any] | None = None
    bug: Callable[[Hyper, Sequence[float]], str | None] = lambda hyper, rates: None
    held: Mapping[str, float] = field(default_factory=dict)
    asks: Callable[[Any, Hyper], Callable[[int], Any]] = lambda made, hyper: made
    only: Mapping[str, Any] = field(default_factory=dict)
    listed: str | None = None

    @property
    def usual(self) -> dict[str, Any]:
        """The function's arguments at the schedule's defaults."""
        return self.arguments({h.name: h.usual for h in schedule(self.rule).hyper})

    def is_meant(self, written: Mapping[str, Any]) -> bool:
        """True where a person wrote the arguments for this form to be meant."""
        asked = all(n in written and (not isinstance(x, bool) or written[n] == x) for n, x in (self.asked or {}).items())
        return asked and all(written.get(n) == x for n, x in self.only.items())


@dataclass(frozen=True)
class ScheduleFramework:
    """A framework's schedules: their module and their forms.

    not_judged  by whole name, why there is no schedule for it
    doors  from what is called with a step, and steps: the rates behind a door that the framework has
    scope  what a schedule is made and asked in, so that it computes in binary64
    """

    package: str
    home: str
    forms: Mapping[str, tuple[Form, ...]]
    scope: Callable[[], AbstractContextManager[None]]
    not_judged: Mapping[str, NotJudged] = field(default_factory=dict)
    doors: Mapping[Door, Asking] = field(default_factory=dict)

    def load(self, text: str, rule: str | None) -> FunctionSchedule:
        """The schedule spelled `text`; what cases send need not be given. Raises RefoptError for what is not there."""
        spelling = parse(text)
        kind = spelling.path.rpartition(".")[2]
        factory = member(spelling.path, tuple(f"{self.home}.{name}" for name in self.forms))
        if kind not in self.forms:
            raise NoRuleYet(spelling.path, "schedule", tuple(self.forms), self.home, self.not_judged.get(spelling.path))
        takes = inspect.signature(factory).parameters
        if wrong := [a for a in spelling.arguments if a not in takes]:
            raise RefoptError(f"{spelling.path} has no argument {', '.join(wrong)}", help=f"it has {', '.join(takes)}")
        forms = [f for f in self.forms[kind] if rule in (None, f.rule) and f.is_meant(spelling.arguments)]
        form = max(forms or self.forms[kind], key=lambda f: len(f.asked or {}) + len(f.only))
        if (wrong_value := refused(schedule(form.rule), form.arguments, spelling.arguments)) is not None:
            name, error = wrong_value
            other = next((f for f in self.forms[kind] if not f.asked and not f.only and name not in f.usual), None)
            if other is None or spelling.arguments[name] != 0 or rule is not None:
                raise error
            form = other  # a warm-up of no steps is none
        return FunctionSchedule(text, self, form, factory, dict(spelling.arguments), rule or form.rule)

    def listed(self) -> list[Known]:
        """One line for each way of writing a function: where it can be several schedules, the first."""
        first: dict[str, str] = {}
        for name, forms in self.forms.items():
            for form in forms:
                first.setdefault(f"{self.home}.{name}{written({**(form.asked or {}), **form.only})}", form.rule)
        version = package_version(self.package)
        return [Known(spelling, rule, self.package, version) for spelling, rule in first.items()]


@dataclass(frozen=True)
class FunctionSchedule:
    """A function of a framework with keyword arguments that makes a schedule."""

    read_by: ClassVar[str] = "refopt.frameworks.lift_function_schedules"
    name: str
    framework: ScheduleFramework
    form: Form
    factory: Any
    arguments: Mapping[str, Any]
    rule: str | None

    @property
    def version(self) -> str:
        """Of the framework."""
        return package_version(self.framework.package)

    @property
    def settings(self) -> Mapping[str, float]:
        """None: every case sends what a schedule needs."""
        return {}

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """The hyperparameters of the form."""
        return self.form.hyper

    def scope(self) -> AbstractContextManager[None]:
        """Context in which a schedule is made and asked."""
        return self.framework.scope()

    def rates(self, hyper: Hyper, steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """Each step asked for by itself, as a training loop asks."""
        if (lacking := self.lacking(hyper)) is not None:
            return lacking
        k: int | None = None
        try:
            with quiet(), self.framework.scope():
                found: list[float] = []
                schedule = self.form.asks(self.made(hyper), hyper)
                for k in steps:
                    found.append(float(schedule(k)))
        except Exception as error:
            return NoAnswer(f"raised {one_line(error)}", k, refuses=isinstance(error, ValueError), raised=True)
        bug = self.form.bug(hyper, found)
        return Rates(tuple(found)) if bug is None else Skipped(bug, bug=True)

    def lacking(self, hyper: Hyper) -> Skipped | None:
        """The reason why it has not all hyperparameters; None where it has."""
        lacking = [h for h, x in hyper.items() if h not in self.form.hyper and self.form.held.get(h) != x]
        return Skipped(Reason(Why.HAS_NO, tuple(lacking), self.name)) if lacking else None

    @property
    def doors(self) -> tuple[Door, ...]:
        """Those of the framework, and that of a function; none where a metric is waited for."""
        return () if METRICS in self.form.hyper else (Door.BACKWARDS, *self.framework.doors)

    def through(self, door: Door, hyper: Hyper, steps: Sequence[int]) -> Answers:
        """The rates behind one of them."""
        return (behind(lambda: self.made(hyper), self.framework.doors.get(door, backwards), steps, self.framework.scope),)

    def made(self, hyper: Hyper) -> Any:
        """The framework's own schedule with these hyperparameters."""
        return self.factory(**{**self.arguments, **self.form.arguments({"lr": 0.1, **hyper})})
