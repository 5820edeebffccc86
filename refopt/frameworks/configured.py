"""An optimizer of a framework with keyword arguments, as an implementation: what the adapters of optax, keras and scikit-learn share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refopt.conformance.protocol.implementation import Answer, Known, Request, View
from refopt.conformance.protocol.in_process import Lacking, Live, drive, one_line, quiet
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.spelling import parse
from refopt.errors import RefoptError
from refopt.frameworks.installed import member, package_version
from refopt.frameworks.misnamed import NoRuleYet
from refopt.frameworks.reasons_not_judged import NotJudged
from refopt.language.rule import Rule

Views = Mapping[str, Mapping[str, View]]
"""By rule, else by its family: which buffer shows which state variable."""


@dataclass(frozen=True)
class Vocabulary:
    """A framework's names for things, and how its optimizers are made and run.

    package    its name; `home` the module that its optimizers live in, and `kinds` their names with the arguments that are
               hyperparameters: the framework's name of each and the glossary's
    views      how its buffers show a rule's state
    judged_by  the rule that an optimizer is judged by, from its name and its arguments, defaults included
    make       the factory called with arguments and parameters of no size: whether they are accepted
    start      a run, from the optimizer and the request
    known      the configurations of a survey, and the rules they are judged by
    read_by    the module that reads the code of its optimizers on symbols; None where there is none
    not_judged by whole name, why there is no rule for it
    constants  by name, the hyperparameters of the rule that stand in an optimizer's code as numbers, and those
    """

    package: str
    home: str
    kinds: Mapping[str, Mapping[str, str]]
    views: Views
    judged_by: Callable[[str, Mapping[str, Any]], str]
    make: Callable[[Any, Mapping[str, Any]], Any]
    start: Callable[[Configured, Request], Live]
    known: tuple[tuple[str, str], ...]
    read_by: str | None = None
    constants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    not_judged: Mapping[str, NotJudged] = field(default_factory=dict)

    def load(self, text: str, rule: str | None) -> Configured:
        """The optimizer spelled `text`. Raises RefoptError where there is none of that name, or it refuses the arguments."""
        spelling = parse(text)
        kind = spelling.path.rpartition(".")[2]
        path = f"{self.home}.{kind}" if spelling.path == f"{self.package}.{kind}" else spelling.path
        factory = member(path, tuple(f"{self.short}.{name}" for name in self.kinds))
        if kind not in self.kinds:
            raise NoRuleYet(spelling.path, "rule", tuple(self.kinds), self.short, self.not_judged.get(spelling.path))
        try:
            with quiet():
                self.make(factory, spelling.arguments)
        except Exception as error:
            raise RefoptError(f"{text} cannot be made: {one_line(error)}") from None
        parameters = inspect.signature(factory).parameters
        arguments = {n: p.default for n, p in parameters.items() if p.default is not p.empty} | dict(spelling.arguments)
        known = {ours: arguments[theirs] for theirs, ours in self.kinds[kind].items() if theirs in arguments}
        settings = {n: float(x) for n, x in known.items() if isinstance(x, int | float)}
        return Configured(text, self, kind, factory, dict(spelling.arguments), rule or self.judged_by(kind, arguments), settings)

    @property
    def short(self) -> str:
        """Name under which a person finds its optimizers: the home, or the package where that is private."""
        return self.package if "._" in self.home else self.home

    def listed(self) -> list[Known]:
        """The configurations of a survey; nothing is imported for it."""
        version = package_version(self.package)
        return [Known(f"{self.short}.{text}", rule, self.package, version) for text, rule in self.known]


@dataclass(frozen=True)
class Configured:
    """An optimizer of a framework with keyword arguments; every run gets a fresh one."""

    name: str
    framework: Vocabulary
    kind: str
    factory: Any
    arguments: Mapping[str, Any]
    rule: str | None
    settings: Mapping[str, float]
    resumes: bool = True

    @property
    def spelled(self) -> str:
        """Spelling with which another process makes it again."""
        return self.name

    @property
    def follows_courses(self) -> bool:
        """True where hyperparameters other than the rate may change from one update to the next of its runs: what starts one says how."""
        return isinstance(self.framework.start, type) and hasattr(self.framework.start, "change")

    @property
    def version(self) -> str:
        """Of the framework."""
        return package_version(self.framework.package)

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """The glossary's names of what its factory takes."""
        return tuple(self.framework.kinds[self.kind].values())

    @property
    def takes(self) -> frozenset[str] | None:
        """The hyperparameters that it takes, where its rule has others: what is in their place is measured. None where it takes all."""
        return frozenset(self.hyper_names) if self.kind in self.framework.constants else None

    @property
    def constants(self) -> Mapping[str, str]:
        """The values of those that it does not take, as its code has them: the verdict is made with them."""
        return self.framework.constants.get(self.kind, {})

    @property
    def constants_are_chosen(self) -> bool:
        """True where the value of what it does not take keeps the rule."""
        return self.kind in self.framework.constants

    @property
    def argument_names(self) -> Mapping[str, str]:
        """The factory's name of each hyperparameter."""
        return {ours: theirs for theirs, ours in self.framework.kinds[self.kind].items()}

    @property
    def attributes(self) -> Mapping[str, str]:
        """By hyperparameter, the attribute of the same name as its argument."""
        return self.argument_names

    @property
    def read_by(self) -> str | None:
        """The module that reads its code on symbols."""
        return self.framework.read_by

    def views(self, rule: Rule) -> Mapping[str, View]:
        """The buffers that show the rule's state; which of them there are is seen in a run."""
        return views_of(self.framework.views, rule)

    def run(self, request: Request) -> Answer:
        """Carry out a run with fresh parameters."""
        return drive(lambda r: self.framework.start(self, r), request)

    def keywords(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """The factory's arguments: the person's own, with those of the case put over them."""
        names = self.argument_names
        if lacking := [h for h in hyper if h not in names]:
            raise Lacking(Reason(Why.HAS_NO, tuple(lacking), f"{self.framework.home}.{self.kind}"))
        return {**self.arguments, **{names[h]: x for h, x in hyper.items()}}


def views_of(views: Views, rule: Rule) -> Mapping[str, View]:
    """Views of a rule's state variables: those of the rule itself, else of its family."""
    name = rule.name.partition("+")[0]
    table = views.get(name, views.get(name.partition("/")[0], {}))
    return {s: table[s] for s in rule.state_names if s in table}


def velocity_outside(buffer: str) -> dict[str, dict[str, View]]:
    """Views of a velocity b <- momentum*b + g (torch, optax): the rules with the learning rate inside show lr*b."""
    plain, scaled, downhill = View(buffer), View(buffer, times_lr=True), View(buffer, sign=-1, times_lr=True)
    outside = ("momentum/lr_outside", "momentum/dampened", "momentum/raw_start", "nesterov/lr_outside")
    return {"momentum": {"v": scaled}, "nesterov": {"v": scaled}, "nesterov/velocity": {"v": downhill}, **{name: {"v": plain} for name in outside}}


def velocity_downhill(buffer: str) -> dict[str, dict[str, View]]:
    """Views of a velocity b <- momentum*b - lr*g (keras, scikit-learn): the reference momentum's with the other sign. Nesterov's
    is shown as it is: its variant `nesterov/velocity` is this form. What has the rate outside cannot be seen in it."""
    outside = ("momentum/lr_outside", "momentum/dampened", "momentum/raw_start", "nesterov/lr_outside")
    return {"momentum": {"v": View(buffer, sign=-1)}, "nesterov": {"v": View(buffer)}, **{name: {} for name in outside}}


def moments(m: str, v: str, largest: str) -> dict[str, dict[str, View]]:
    """Views of the buffers of Adam's family."""
    table = {"m": View(m), "v": View(v), "v_max": View(largest)}
    return dict.fromkeys(("adam", "adamw", "amsgrad"), table)


class Optimized:
    """Parameters that a framework without absent gradients is given: one that never gets a gradient is left out, as a person freezes it."""

    def __init__(self, request: Request, framework: str) -> None:
        rows = [[g is not None for g in column] for column in zip(*request.grads, strict=True)] or [[True] for _ in request.theta0]
        if any(any(row) and not all(row) for row in rows):
            raise Lacking(Reason(Why.SUBJECT_NEEDS_EVERY_GRADIENT, of=framework))
        self.places = [i for i, row in enumerate(rows) if any(row)]

    def of(self, values: Sequence[Any]) -> list[Any]:
        """The values of the optimized parameters."""
        return [values[i] for i in self.places]

    def put(self, values: list[Any], everywhere: list[Any]) -> list[Any]:
        """`everywhere` with those of the optimized parameters put in."""
        found = dict(zip(self.places, values, strict=True))
        return [found.get(i, x) for i, x in enumerate(everywhere)]
