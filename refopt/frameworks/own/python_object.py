"""Anybody's object: `python:module:name`, a class or factory called without arguments or with those in brackets, or an instance.

The object has `init(theta) -> state` and `step(theta, grad, state, t, **hyper) -> (theta, state)`; the state is a dict
of arrays. Keys named like the rule's state are visible and are loaded, others are private; where they are only a view, the
object says `resumes = False`. `propose(theta, state, t, **hyper)`, where there is one, says where the next gradient is to be taken.
A schedule has `rate(k, **hyper)`.
"""

from __future__ import annotations

import copy
import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Implementation, Known, Request, ScheduleImplementation, Skipped, View
from refopt.conformance.protocol.in_process import drive, quiet
from refopt.conformance.protocol.live_object import STANDING, LiveObject, keywords, takes
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.spelling import of_own
from refopt.conformance.protocol.uphill import MayClimb
from refopt.errors import RefoptError
from refopt.frameworks.intent import intent, rule_in
from refopt.frameworks.misnamed import Misnamed, Say, wrong_factory
from refopt.frameworks.own.calling.shared_libraries import of_formats
from refopt.frameworks.own.imported import imported
from refopt.frameworks.own.schedule_object import ScheduleObject
from refopt.frameworks.own.sharing import APART, SHARED, shares
from refopt.frameworks.own_arguments import usual_values
from refopt.frameworks.subject import Subject
from refopt.language.rule import Rule

NEEDS = "it needs init(theta) -> state and step(theta, grad, state, t, **hyper) -> (theta, state)"


def known() -> list[Known]:
    """None: these are other people's."""
    return []


def load(
    text: str, rule: str | None = None, maps: Mapping[str, str] | None = None, per_tensor: bool = False
) -> Implementation | ScheduleImplementation:
    """The implementation that `python:module:name` names, with arguments in brackets or none. Raises RefoptError where it cannot be made."""
    spelling = of_own(text)
    parts = spelling.path.split(":")
    if len(parts) != 3 or not all(parts[1:]):
        raise wrong_factory(text, rule)
    made = _member(parts[1], parts[2], rule)
    return from_subject(Subject(made, text.removeprefix("python:"), rule, spelling.arguments, text, maps or {}, per_tensor))


def from_factory(factory: Callable[..., Any], name: str, rule: str | None, spelled: str | None = None) -> Implementation | ScheduleImplementation:
    """The implementation whose objects `factory` makes, or that a framework makes of it where it is a class of theirs.

    Raises RefoptError where it raises or makes something else.
    """
    return from_subject(Subject(factory, name, rule, spelled=spelled))


def from_subject(subject: Subject) -> Implementation | ScheduleImplementation:
    """A person's class, instance or function as an implementation: a framework's where one takes it, else an object with `init` and `step`.

    What is called without arguments, or with those of the spelling, and returns something that a framework takes, is that framework's too.
    Raises RefoptError where it cannot be made, or is nothing that could be judged.
    """
    from refopt.frameworks import adopted
    from refopt.frameworks.own.calling import schedules
    from refopt.frameworks.own.calling.recognize import METHODS, adopt, formats_of
    from refopt.frameworks.own.calling.unclear import of_a_library, unknown_arguments, unknown_method
    from refopt.frameworks.own.loops import recognize as loops

    def taken_as(one: Subject, make: Callable[[], Any] | None = None) -> Implementation | ScheduleImplementation | None:
        found = adopted(one) or (None if _as_it_is(one.made) else loops.adopt(one) or adopt(one, make) or schedules.adopt(one))
        if found is not None and one.per_tensor and not getattr(found, "per_tensor", False):
            raise _not_per_tensor(subject)
        return found

    if (library := of_a_library(subject)) is not None:
        raise library
    if (taken := taken_as(subject)) is not None:
        return taken
    make = _maker(subject)
    try:
        with quiet():
            made = make()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if isinstance(error, TypeError) and not isinstance(subject.made, type) and (unclear := unknown_arguments(subject)) is not None:
            raise unclear from None
        raise RefoptError(
            f"{subject.name} raised {subject.raised(error)}", help="the factory is called without arguments, or with those in its brackets"
        ) from None
    rule = subject.meant or intent(made)
    if made is not subject.made:
        again = replace(subject, made=made, rule=rule, arguments={})
        if (taken := taken_as(again, make)) is not None:
            return taken
    if callable(getattr(made, "rate", None)):
        if subject.per_tensor:
            raise _not_per_tensor(subject)
        return ScheduleObject(subject.name, "", rule, made)
    if subject.means_a_schedule:
        way = "def f(step, lr=0.1): ... or rate(k, **hyper)"
        raise RefoptError(f"{subject.name} returned a {type(made).__name__} without rate()", help=f"a schedule is a function of the step from 0 on: {way}")
    lacking = [m for m in ("init", "step") if not callable(getattr(made, m, None))]
    if lacking and (unclear := unknown_method(subject, made, METHODS)) is not None:
        raise unclear
    if lacking:
        raise RefoptError(f"{subject.name} returned a {type(made).__name__} without {' and '.join(m + '()' for m in lacking)}", help=NEEDS)
    asks = callable(getattr(made, "propose", None))
    resumes = not asks and getattr(made, "resumes", True) is not False
    per_tensor = subject.per_tensor or getattr(made, "per_tensor", False) is True
    formats = formats_of(made, subject.name)
    return PythonObject(
        subject.name, "", rule, make, resumes=resumes, spelled=subject.spelled, asks=asks, per_tensor=per_tensor, formats=formats, arguments=subject.arguments
    )


def _not_per_tensor(subject: Subject) -> RefoptError:
    return RefoptError(f"{subject.name} is judged as it is with several tensors: --per-tensor says nothing of it", help="leave --per-tensor out")


def _as_it_is(made: Any) -> bool:
    """True where something has the methods of a rule or of a schedule by the names that refopt gives them."""
    return all(callable(getattr(made, m, None)) for m in ("init", "step")) or callable(getattr(made, "rate", None))


def _maker(subject: Subject) -> Callable[[], Any]:
    """The function of no arguments that makes what is judged; of an instance a copy every time, where it can be copied."""
    made = subject.made
    if isinstance(made, type) or (callable(made) and not callable(getattr(made, "step", None))):
        return partial(made, **subject.arguments) if subject.arguments else made
    if subject.arguments:
        raise RefoptError(f"{subject.name} is an instance, which takes no arguments", help="name its class or a function that makes it")
    return lambda: _copied(made)


def _copied(made: Any) -> Any:
    if isinstance(made, ModuleType):
        return made
    try:
        return copy.deepcopy(made)
    except Exception:  # what holds a lock, a file or a module is used as it is
        return made


def _member(module: str, name: str, rule: str | None) -> Any:
    """The object that a module of the current folder, or of sys.path, has by this name."""
    if module.endswith(".py") or "/" in module:
        raise wrong_factory(f"python:{module}:{name}", rule)
    found = imported(module)
    if not hasattr(found, name):
        own = [n for n, x in vars(found).items() if callable(x) and not n.startswith("_") and getattr(x, "__module__", module) == module]
        near = [n for n in own if n.lower() == name.lower()] or difflib.get_close_matches(name, own, n=1) or own
        told = f"it has {', '.join(own)}:" if own else "it has none; an example:"
        names = [Say(f"python:{module}:{n}", rule or rule_in(n)) for n in near]
        raise Misnamed(f"module {module} has no function {name!r}", names, does=() if own else ("refopt show adapter",), lead=told)
    return getattr(found, name)


@dataclass(frozen=True)
class PythonObject(MayClimb):
    """Objects with `init` and `step`; every run gets a fresh one.

    resumes  False where the object says so: what it shows is a view, and nothing can be loaded
    spelled  how another process makes it again; None where none can
    per_tensor  it says per_tensor = True: it holds one tensor only, and each tensor gets a fresh one
    formats  those of the arrays that it may be given; none where any may be
    arguments  those of its spelling
    asks     it has propose(theta, state, t, **hyper), the point at which it takes its next gradient: it is judged at those points
    """

    read_by: ClassVar[str] = "refopt.frameworks.own.lift_objects"
    follows_courses: ClassVar[bool] = True
    name: str
    version: str
    rule: str | None
    make: Callable[[], Any]
    resumes: bool = True
    spelled: str | None = None
    asks: bool = False
    per_tensor: bool = False
    formats: frozenset[str] = frozenset()
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """Those of its spelling, and the defaults of its `step`."""
        return {**{n: p.default for n, p in keywords(self.make()).items()}, **self.arguments}

    @property
    def told(self) -> tuple[str, ...]:
        """The way it is called, in words."""
        if self.per_tensor:
            return (*self.told_of_climbing, APART)
        needed = {n: p for n, p in keywords(self.make()).items() if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
        usual = {n: x for n, x in usual_values().items() if n in needed}
        return (*self.told_of_climbing, *((SHARED,) if shares(self.run, usual) else ()))

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
            return Skipped(Reason(Why.POINTS_AND_STARTS if self.asks else Why.NOT_RESUMING_AND_STARTS))
        if self.formats and request.format.name not in self.formats:
            return Skipped(of_formats(self.formats))
        return drive(lambda r: LiveObject(self.make(), r, self.make if self.per_tensor else None), self.faced(request))
