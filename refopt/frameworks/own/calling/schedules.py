"""Anybody's learning-rate schedule: a function of the step, one that a function or a class of hyperparameters makes, or a torch scheduler."""

from __future__ import annotations

import copy
import inspect
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from refopt.catalogue import schedule, schedules
from refopt.conformance.protocol.asked import backwards, behind
from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import NoAnswer, Rates, Sent, Skipped
from refopt.conformance.protocol.in_process import one_line, quiet
from refopt.conformance.protocol.reason import Reason, Why
from refopt.errors import RefoptError
from refopt.frameworks.argument_names import Place, matched, plain
from refopt.frameworks.own.calling.asking import inside, number, scope
from refopt.frameworks.own.calling.doors import of_scheduler, stepped
from refopt.frameworks.own.calling.fed import each_call, list_fed
from refopt.frameworks.own.calling.roles import COUNT, OF_A_MODEL, OF_PARAMETERS, parameters_of
from refopt.frameworks.own.calling.source import plain_function, source_of
from refopt.frameworks.own_arguments import measured_names, shown_as_found
from refopt.frameworks.subject import Subject

METHODS = ("__call__", "get_lr", "lr", "rate", "get_rate", "value", "learning_rate", "get_learning_rate", "call", "at")
"""Names of methods that give the rate of a step, the most usual first."""
TELLING = ("get_lr", "get_last_lr", "lr", "get_rate", "rate", "current_lr", "get_learning_rate", "learning_rate", "value")
"""Names of methods and properties that tell the rate at which an object that counts its steps has come, the most usual first."""
LOOKED_AT, CLOSE = (0, 1, 2, 5, 11, 50), 1e-12
"""Steps at which arguments are measured, and the relative distance within which rates are the same: rounding leaves less in binary64."""
FARTHEST = 1_000_000
"""The last step that a scheduler is driven to, one step at a time."""


@dataclass(frozen=True)
class CalledSchedule:
    """A schedule that is called with a step.

    make     what is called with hyperparameters, and `places`, where they stand; what it returns is asked for the rates. None: `ask` takes them itself
    ask      the function of the step; the name of a method of what `make` returns; or None: what it returns is called
    step     the argument that the step is
    drives   it is a torch scheduler, driven from step 0
    fixed    arguments that stand in the spelling
    told     what was left as it was found
    both     what `make` makes holds the scheduler's optimizer too; it is one object where its own step() sets the rate of the update that it makes
    counts   its object counts the calls of its own step(), and `ask` takes no step
    left     the values of arguments that stand for no hyperparameter
    fed      the list of which each call of step() gets one, where it gets any
    """

    read_by: ClassVar[str] = "refopt.frameworks.own.lift_schedules"
    constants_are_chosen: ClassVar[bool] = True
    name: str
    version: str
    rule: str | None
    make: Callable[..., Any] | None
    ask: Callable[..., Any] | str | None
    step: str
    places: Mapping[str, Place]
    settings: Mapping[str, float]
    drives: bool = False
    fixed: Mapping[str, Any] = field(default_factory=dict)
    spelled: str | None = None
    told: tuple[str, ...] = ()
    both: bool = False
    counts: bool = False
    left: Mapping[str, Any] = field(default_factory=dict)
    fed: str | None = None

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that it takes."""
        beside = (*(("lr",) if self.drives and not self.both else ()), *((self.fed,) if self.fed is not None else ()))
        return frozenset((*self.places, *beside))

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """Each step asked for by itself; a torch scheduler is driven to it."""
        if lacking := [n for n in hyper if n not in self.takes]:
            return Skipped(Reason(Why.TAKES_NO, tuple(lacking)))
        sent = self._sent(hyper)
        try:
            with quiet(), scope():
                if self.drives:
                    return self.driven(number(hyper.get("lr", 0.1)), sent, steps, each_call(hyper.get(self.fed or "")))
                if self.counts:
                    return self.counted(sent, steps, each_call(hyper.get(self.fed or "")))
                rate = self.function(sent)
                return Rates(tuple(number(rate(k)) for k in steps))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return NoAnswer(f"raised {one_line(error)}", raised=True)

    def _sent(self, hyper: Mapping[str, Sent]) -> dict[str, Any]:
        return {**self.fixed, **{self.places[n].argument: x for n, x in hyper.items() if n in self.places}}

    @property
    def doors(self) -> tuple[Door, ...]:
        """Those of torch's schedulers where it is one, and that of a function of the step."""
        if self.drives or self.counts:
            return of_scheduler(self.make, "lr" in self.places) if not self.both and self.fed is None else ()
        return (Door.BACKWARDS,)

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates behind one of them."""
        sent = self._sent(hyper)
        if door is Door.BACKWARDS:
            return (behind(lambda: self.function(sent), lambda rate, asked: [number(x) for x in backwards(rate, asked)], steps, scope),)
        return stepped(self.make, sent, number(hyper.get("lr", 0.1))).through(door, steps)

    def function(self, sent: Mapping[str, Any]) -> Callable[[int], Any]:
        """The rate as a function of the step."""
        if self.make is None:
            assert callable(self.ask)
            ask = self.ask
            return lambda k: ask(**{self.step: k}, **sent) if self.step else ask(k, **sent)
        made = self.make(**sent)
        found: Callable[[int], Any] = getattr(made, self.ask) if isinstance(self.ask, str) else made
        return found

    def counted(self, sent: Mapping[str, Any], steps: Sequence[int], fed: Iterator[tuple[float, ...]]) -> Rates | Skipped:
        """The object's rate after so many calls of its `step()`, each with what it is fed."""
        if max(steps) > FARTHEST:
            return Skipped(Reason(Why.STEP_TOO_FAR, (str(max(steps)),)))
        assert self.make is not None and isinstance(self.ask, str)
        made, wanted, seen = self.make(**sent), set(steps), {}
        for k in range(max(steps) + 1):
            if k in wanted:
                found = getattr(made, self.ask)
                seen[k] = number(found() if callable(found) else found)
            if k < max(steps):
                made.step(*next(fed))
        return Rates(tuple(seen[k] for k in steps))

    def driven(self, lr: float, sent: Mapping[str, Any], steps: Sequence[int], fed: Iterator[tuple[float, ...]]) -> Rates | Skipped:
        """The optimizer's rate after so many calls of `scheduler.step()`, each with what it is fed."""
        import torch

        from refopt.frameworks.torch.around import inner_of
        from refopt.frameworks.torch.making import both_of

        if max(steps) > FARTHEST:
            return Skipped(Reason(Why.STEP_TOO_FAR, (str(max(steps)),)))
        assert self.make is not None
        if self.both:
            optimizer, scheduler = both_of(self.make, sent)  # type: ignore[misc]
            if inner_of(scheduler) is not None:
                return inside(optimizer, scheduler, steps)
        else:
            optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
            scheduler = self.make(optimizer, **sent)
        wanted, seen = set(steps), {}
        optimizer.step()
        for k in range(max(steps) + 1):
            if k in wanted:
                seen[k] = float(optimizer.param_groups[0]["lr"])
            if k < max(steps):
                scheduler.step(*next(fed))
        return Rates(tuple(seen[k] for k in steps))


def adopt(subject: Subject) -> CalledSchedule | None:
    """The implementation, where the subject gives a rate for a step and a schedule is meant; None for anything else."""
    found = _adopted(subject)
    return None if found is None else _with_its_rate(found)


def _adopted(subject: Subject) -> CalledSchedule | None:
    rule, made = subject.meant, subject.made
    is_schedule = subject.means_a_schedule
    if (rule is None or is_schedule) and (counting := _that_counts(subject, rule)) is not None:
        return counting
    if not callable(made) or (rule is not None and not is_schedule):
        return None
    wanted = _wanted(rule)
    if _is_torch_scheduler(made, list_fed(rule) is not None):
        return _of_scheduler(subject, rule, wanted)
    if rule is not None and (both := _of_both(subject, rule, wanted)) is not None:
        return both
    if isinstance(made, type):
        return _of_class(subject, rule, wanted) if rule is not None else None
    inner = plain_function(made)
    if not (inspect.isfunction(inner) or inspect.isroutine(inner)):
        return _of_object(subject, rule) if rule is not None else None
    return _of_function(subject, rule, wanted)


def _of_both(subject: Subject, rule: str, wanted: Sequence[str]) -> CalledSchedule | None:
    """A function of parameters, or of a model, that makes a torch optimizer with its schedule: the rates of the optimizer while the schedule is driven."""
    if "torch" not in sys.modules or not inspect.isfunction(subject.made):
        return None
    from refopt.frameworks.torch.making import both_of

    first = next(iter(parameters_of(subject.made) or ()), None)
    if first is None or not _is_no_step(first.name) or both_of(subject.made, subject.arguments) is None:
        return None
    places, own, needed = _arguments(subject.made, wanted, subject, (first.name,))
    return None if needed else replace(_built(subject, rule, subject.made, None, "", places, own, drives=True), both=True)


def of_what_it_makes(subject: Subject, rate_in: Callable[[Any], Callable[[Any], Any] | None]) -> CalledSchedule | None:
    """The schedule inside what a function of hyperparameters makes, where `rate_in` finds it; None where there is none."""
    places, own, needed = _arguments(subject.made, _wanted(subject.meant), subject, ())

    def make(**sent: Any) -> Any:
        return rate_in(subject.made(**sent))

    return None if needed or not _makes_callable(make, places, own, subject.meant) else _built(subject, subject.meant, make, None, "", places, own)


def _wanted(rule: str | None) -> list[str]:
    """The hyperparameters of a schedule and its variants; of all schedules where none is meant."""
    every = schedules(variants=True)
    if rule is not None:
        meant = schedule(rule)
        every = (meant, *(s for s in every if s.family == meant.family))
    return list(dict.fromkeys(n for s in every for n in s.hyper_names))


def _is_torch_scheduler(made: Any, fed: bool = False) -> bool:
    if "torch" not in sys.modules:
        return False
    import torch

    first = next(iter(parameters_of(made) or ()), None)
    if isinstance(made, type):
        if issubclass(made, torch.optim.lr_scheduler.LRScheduler):
            return True
        if not callable(step := getattr(made, "step", None)) or len(_needed(step)) > fed:
            return False
    return first is not None and plain(first.name) in ("optimizer", "opt", "optim")


def _arguments(
    function: Callable[..., Any], wanted: Sequence[str], subject: Subject, without: Sequence[str]
) -> tuple[dict[str, Place], dict[str, Any], list[str]]:
    """Places of the hyperparameters among arguments, the defaults, and what is needed and stands for none."""
    parameters = [p for p in parameters_of(function) or () if p.name not in without]
    names = [p.name for p in parameters]
    said = {ours: Place(theirs) for theirs, ours in subject.maps.items() if theirs in names}
    places = {**matched([n for n in names if n not in subject.maps], [h for h in wanted if h not in said]), **said}
    own = {p.name: p.default for p in parameters if p.default is not p.empty} | {n: x for n, x in subject.arguments.items() if n in names}
    mine = {p.argument for p in places.values()}
    return places, own, [n for n in names if n not in own and n not in mine]


def _built(
    subject: Subject, rule: str | None, make: Any, ask: Any, step: str, places: Mapping[str, Place], own: Mapping[str, Any], drives: bool = False
) -> CalledSchedule:
    settings = {n: float(own[p.argument]) for n, p in places.items() if isinstance(own.get(p.argument), int | float) and own[p.argument] is not True}
    mine = {p.argument for p in places.values()}
    left = {n: x for n, x in own.items() if n not in mine}
    told = shown_as_found(left, {})
    fed = list_fed(rule) if list_fed(rule) not in places else None
    given = dict(subject.arguments)
    return CalledSchedule(subject.name, "", rule, make, ask, step, places, settings, drives, given, subject.spelled, told, left=left, fed=fed)


def _with_its_rate(found: CalledSchedule) -> CalledSchedule:
    """The same, where its rate goes by no name that is known: an argument is the rate where all rates double with it, if no other one is like it."""
    usual = {n: x for n, x in _usual(found.rule).items() if n in found.places and n not in found.settings}
    free = {n: x for n, x in found.left.items() if n not in found.fixed and isinstance(x, int | float) and not isinstance(x, bool)}
    if "lr" in found.takes or not free:
        return found
    once = found.rates(usual, LOOKED_AT)

    def doubles(name: str) -> bool:
        twice = replace(found, fixed={**found.fixed, name: 2 * found.left[name]}).rates(usual, LOOKED_AT)
        if not isinstance(once, Rates) or not isinstance(twice, Rates) or not any(once.values):
            return False
        return all(math.isclose(2 * x, y, rel_tol=CLOSE) for x, y in zip(once.values, twice.values, strict=True))

    fitting = [n for n in free if doubles(n)]
    if len(fitting) != 1:
        return found
    (rate,) = fitting
    told = (*measured_names([f"{rate} is lr"]), *shown_as_found(found.left, {"lr": Place(rate)}))
    return replace(found, places={"lr": Place(rate), **found.places}, settings={"lr": float(found.left[rate]), **found.settings}, told=told)


def _of_function(subject: Subject, rule: str | None, wanted: Sequence[str]) -> CalledSchedule | None:
    """A function of the step; or one of hyperparameters that returns such a function."""
    made = subject.made
    parameters = parameters_of(made) or ()
    counted = [p.name for p in parameters if plain(p.name) in COUNT and p.default is p.empty]
    places, own, needed = _arguments(made, wanted, subject, counted[:1])
    if counted and not needed:
        return _built(subject, rule, None, made, counted[0], places, own)
    if rule is None:
        return None
    if not counted and len(needed) == 1 and not _is_no_step(needed[0]):
        return _built(subject, rule, None, made, needed[0], places, own)
    if not counted and not needed and parameters:
        return _built(subject, rule, made, None, "", places, own) if _makes_callable(made, places, own, rule) else None
    if needed and not all(_is_no_step(n) for n in needed):
        raise RefoptError(f"{subject.name}: what its {', '.join(needed)} means is not clear", help=f"say it: --map {needed[0]}={wanted[0]}")
    return None


def _is_no_step(name: str) -> bool:
    """True where an argument is the parameters, or the model that has them."""
    return any(x in name.lower() for x in (*OF_A_MODEL, *OF_PARAMETERS))


def _usual(rule: str | None) -> dict[str, float | tuple[float, ...]]:
    """Values of the hyperparameters of all schedules, those of the one that is meant last."""
    every = (*schedules(variants=True), *((schedule(rule),) if rule is not None else ()))
    return {h.name: h.usual for s in every for h in s.hyper}


def _makes_callable(make: Callable[..., Any], places: Mapping[str, Place], own: Mapping[str, Any], rule: str | None = None) -> bool:
    usual = _usual(rule)
    try:
        with quiet(), scope():
            return callable(make(**{p.argument: usual[n] for n, p in places.items() if p.argument not in own}))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return False


def _of_class(subject: Subject, rule: str | None, wanted: Sequence[str]) -> CalledSchedule | None:
    """A class of hyperparameters whose objects give the rate of a step."""
    method = next((m for m in METHODS if callable(getattr(subject.made, m, None)) and _asks_for_a_step(getattr(subject.made, m))), None)
    if method is None:
        return None
    places, own, needed = _arguments(subject.made, wanted, subject, ())
    if needed:
        raise RefoptError(f"{subject.name}: what its argument {needed[0]} means is not clear", help=f"say it: --map {needed[0]}={wanted[0]}")
    return _built(subject, rule, subject.made, method, "", places, own)


def _that_counts(subject: Subject, rule: str | None) -> CalledSchedule | None:
    """A class, or an object, that counts the calls of its own step() and tells its rate; None for anything else.

    Raises RefoptError where its step() alone tells the rate: of which update that is, is not clear.
    """
    made = subject.made if isinstance(subject.made, type) else type(subject.made)
    step = inspect.getattr_static(made, "step", None)
    fed = list_fed(rule)
    if not inspect.isfunction(step) or len(_needed(step)) != (fed is not None) or _is_torch_scheduler(made, fed is not None):
        return None
    ask = next((n for n in TELLING if _tells(inspect.getattr_static(made, n, None))), None)
    if ask is None and fed is not None:  # a metric is measured after an update: what it leaves in the object is the rate of the next one
        ask = next((n for n in TELLING if n in source_of([step]).attributes), None)
    if ask is None:
        if rule is None or not _returns(step):
            return None
        raise RefoptError(
            f"{subject.name}: which update the rate that its first step() returns belongs to is not clear",
            help="a get_lr(), or a function of the step, says it",
        )
    if not isinstance(subject.made, type):
        return CalledSchedule(subject.name, "", rule, lambda **_: copy.deepcopy(subject.made), ask, "", {}, {}, spelled=subject.spelled, counts=True, fed=fed)
    places, own, needed = _arguments(made, [n for n in _wanted(rule) if n != fed], subject, ())
    if needed:
        raise RefoptError(f"{subject.name}: what its argument {needed[0]} means is not clear", help=f"say it: --map {needed[0]}={_wanted(rule)[0]}")
    return replace(_built(subject, rule, made, ask, "", places, own), counts=True)


def _needed(method: Any) -> list[str]:
    return [p.name for p in parameters_of(method) or () if p.name != "self" and p.default is p.empty]


def _tells(found: Any) -> bool:
    """True for a method that needs nothing, or a property."""
    return isinstance(found, property) or (inspect.isfunction(found) and not [p for p in parameters_of(found) or () if p.name != "self"])


def _returns(method: Any) -> bool:
    return any(names for names in source_of([method]).returns)


def _asks_for_a_step(method: Any) -> bool:
    parameters = [p for p in parameters_of(method) or () if p.name != "self"]
    needed = [p for p in parameters if p.default is p.empty]
    return len(needed) == 1 or (not needed and len(parameters) == 1)


def _of_object(subject: Subject, rule: str | None) -> CalledSchedule:
    """An object that is called with a step: its hyperparameters are what they are."""
    return CalledSchedule(subject.name, "", rule, None, subject.made, "", {}, {}, spelled=subject.spelled)


def _of_scheduler(subject: Subject, rule: str | None, wanted: Sequence[str]) -> CalledSchedule:
    """A subclass of torch's LRScheduler, or a function of an optimizer that makes one; `last_epoch` and `verbose` are torch's own."""
    first = next(iter(parameters_of(subject.made) or ())).name
    places, own, needed = _arguments(subject.made, [n for n in wanted if n not in ("lr", list_fed(rule))], subject, (first, "last_epoch", "verbose"))
    if needed:
        raise RefoptError(f"{subject.name}: what its argument {needed[0]} means is not clear", help=f"say it: --map {needed[0]}={wanted[-1]}")
    return _built(subject, rule, subject.made, None, "", places, own, drives=True)
