"""Frameworks: one folder each, and a line here; others come in packages of their own, by the entry point group `refopt.frameworks`.

    [project.entry-points."refopt.frameworks"]
    toyopt = "toyopt_refopt:FRAMEWORK"

A name is asked of the frameworks that come with refopt first, so that nothing that is installed beside it can answer in their place.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from refopt.errors import RefoptError
from refopt.frameworks.framework import Adapter, Framework
from refopt.frameworks.in_folder import dotted_in_python, in_python
from refopt.frameworks.installed import is_installed, not_installed
from refopt.frameworks.misnamed import misnamed
from refopt.lifting.library import always

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refopt.conformance.protocol.implementation import Implementation, Known, ScheduleImplementation
    from refopt.frameworks.measured import Measured
    from refopt.frameworks.reasons_not_judged import NotJudged
    from refopt.frameworks.subject import Subject

BUILT_IN = ("own", "torch", "optax", "keras", "sklearn")
"""The folders here; each holds a FRAMEWORK."""
GROUP = "refopt.frameworks"
"""The entry point group: each entry names a Framework in another package."""


@cache
def built_in() -> tuple[Framework, ...]:
    """The frameworks that come with refopt; none of their packages is imported."""
    found: tuple[Framework, ...] = tuple(importlib.import_module(f"refopt.frameworks.{name}").FRAMEWORK for name in BUILT_IN)
    return found


@cache
def installed_beside() -> tuple[Framework, ...]:
    """The frameworks of other packages, by the name of their entry point.

    Raises RefoptError where one of them cannot be imported, is no Framework, or goes by a name that is taken.
    """
    from importlib.metadata import entry_points

    found: list[Framework] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda e: (e.name, e.value)):
        wrong = f"the framework {entry.name} ({entry.value})"
        mend = f"repair it, or: pip uninstall {entry.dist.name if entry.dist is not None else entry.module}"
        try:
            framework = entry.load()
        except Exception as error:
            raise RefoptError(f"{wrong} cannot be loaded: {type(error).__name__}: {error}", help=mend) from None
        if not isinstance(framework, Framework):
            raise RefoptError(f"{wrong} is {_kind(framework)}, not a Framework", help=mend)
        for prefix, other in ((a.prefix, other) for a in framework.adapters for other in (*built_in(), *found)):
            if other.adapter(other.spelled(prefix)) is not None:
                raise RefoptError(f"{wrong} wants names that begin with {prefix}, which are those of {other.name}", help=mend)
        found.append(framework)
    return tuple(found)


def _kind(x: object) -> str:
    name = type(x).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def adapters() -> tuple[Adapter, ...]:
    """The adapters of all frameworks, those that come with refopt first."""
    return tuple(a for framework in (*built_in(), *installed_beside()) for a in framework.adapters)


@dataclass(frozen=True)
class Home:
    """The framework that a name belongs to, the adapter that makes it, and the name as that knows it."""

    framework: Framework
    adapter: Adapter
    spelled: str


def home(text: str) -> Home | None:
    """The home of a name; None where it has none. Other packages are asked only for what is not refopt's own to answer."""
    name = in_python(text.strip())
    for frameworks in (built_in, installed_beside):
        for framework in frameworks():
            spelled = framework.spelled(name)
            if (adapter := framework.adapter(spelled)) is not None:
                return Home(framework, adapter, spelled)
    spelled = dotted_in_python(name)
    return next((Home(f, adapter, spelled) for f in built_in() if (adapter := f.adapter(spelled)) is not None), None)


def load(
    text: str, rule: str | None = None, maps: Mapping[str, str] | None = None, per_tensor: bool = False
) -> Implementation | ScheduleImplementation:
    """The implementation that a person spelled, judged by `rule` where it is given; `maps` says what names of its own mean, `per_tensor` that
    each tensor gets an object of its own.

    Raises RefoptError where nothing of that name can be had, or the rule is not clear from its name.
    """
    found = named(text, rule, maps, per_tensor)
    if found.rule is None:
        raise unclear(found.name, schedule=hasattr(found, "rates"))
    return found


def named(
    text: str, rule: str | None = None, maps: Mapping[str, str] | None = None, per_tensor: bool = False
) -> Implementation | ScheduleImplementation:
    """The same, whose rule may be None: its name does not say it."""
    _refuse_unknown(rule)
    at = home(text)
    if at is None:
        packages = tuple(dict.fromkeys(a.package for a in adapters() if a.package != "numpy"))
        raise misnamed(dotted_in_python(in_python(text.strip())), rule, packages, lambda: [line.spelling for line in known()])
    if not is_installed(at.adapter.package):
        raise not_installed(at.adapter.package)
    if (maps or per_tensor) and not at.adapter.maps:
        told, option = (f"what the names of {at.spelled} mean is known", "--map") if maps else (f"{at.spelled} keeps its state by tensor", "--per-tensor")
        raise RefoptError(told, help=f"{option} is for an object of your own: python:MODULE:NAME")
    return at.adapter.load(at.spelled, rule, maps, per_tensor)


def _refuse_unknown(rule: str | None) -> None:
    if rule is not None:
        from refopt.catalogue import refuse_unknown

        refuse_unknown(rule)


def spelled_in_python(text: str) -> str | None:
    """The spelling of a person's own object, `python:mine:Adam`; None for anything of a framework, and for no name at all."""
    at = home(text)
    return at.spelled if at is not None and at.adapter.maps else None


def handed(
    implementation: Any,
    rule: str | None = None,
    maps: Mapping[str, str] | None = None,
    per_tensor: bool = False,
    arguments: Mapping[str, Any] | None = None,
) -> Implementation | ScheduleImplementation:
    """The implementation that a person handed over: its name as on the command line, a class, an instance, a function or a factory.

    Its rule may be None. Raises RefoptError where it cannot be made.
    """
    if isinstance(implementation, str):
        return named(implementation, rule, maps, per_tensor)
    _refuse_unknown(rule)
    from refopt.frameworks.own.python_object import from_subject
    from refopt.frameworks.subject import Subject, name_of

    given = dict(arguments or {})
    name = name_of(implementation) + (f"({', '.join(f'{n}={x!r}' for n, x in given.items())})" if given else "")
    return from_subject(Subject(implementation, name, rule, given, maps=maps or {}, per_tensor=per_tensor))


def adopted(subject: Subject) -> Implementation | ScheduleImplementation | None:
    """A person's own class, instance or function of a framework, as an implementation; None for anything else.

    Other packages are asked only for what is not judged as it is: an object of a person's own does not depend on what is installed.
    """
    as_it_is = all(hasattr(subject.made, method) for method in ("init", "step")) or hasattr(subject.made, "rate")
    asked = (built_in,) if as_it_is else (built_in, installed_beside)
    return next((x for frameworks in asked for f in frameworks() if (x := f.adopted(subject)) is not None), None)


def is_known(text: str) -> bool:
    """True for a name that begins as those of some adapter do."""
    return home(text) is not None


def known() -> list[Known]:
    """Every configuration that a survey would run here: the table `refopt list implementations`."""
    modules: dict[str, Adapter] = {}
    for adapter in adapters():
        if is_installed(adapter.package):
            modules.setdefault(adapter.module, adapter)
    return [line for adapter in modules.values() for line in adapter.known()]


def not_judged() -> Mapping[str, NotJudged]:
    """By whole name, what is found here and judged by nothing, with the reason: the table `refopt list not_judged`."""
    every = (f for f in (*built_in(), *installed_beside()) if any(is_installed(a.package) for a in f.adapters))
    return {name: reason for f in every for name, reason in f.not_judged.items()}


def measurements() -> tuple[Measured, ...]:
    """The contenders of `refopt bench` in each framework that has anything to measure."""
    named = [f.measured for f in (*built_in(), *installed_beside()) if f.measured is not None]
    found: tuple[Measured, ...] = tuple(importlib.import_module(module).MEASURED for module in named)
    return found


def unclear(name: str, *, schedule: bool = False) -> RefoptError:
    """The error for an implementation whose name does not say which rule, or which schedule, it is."""
    what, example, every = ("schedule", "cosine_annealing", "schedules") if schedule else ("rule", "adam", "rules")
    return RefoptError(f"which {what} is {name}? its name does not say", help=f"add --rule {example}   refopt list {every}")


for _framework in built_in():
    if _framework.library is not None:
        always(_framework.library)
