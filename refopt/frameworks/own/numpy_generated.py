"""The NumPy code that refopt generates: `numpy` with --rule, or a module: `numpy.adam`, in full `refopt.generated.numpy.adam`."""

from __future__ import annotations

import importlib

from refopt.conformance.protocol.implementation import Known
from refopt.frameworks.installed import package_version
from refopt.frameworks.misnamed import not_generated
from refopt.frameworks.own.python_object import PythonObject
from refopt.frameworks.own.schedule_object import ScheduleObject

PACKAGE = "refopt.generated.numpy"


def names() -> dict[str, str]:
    """Every rule and schedule, by the name of its module."""
    from refopt.catalogue import rules, schedules

    every = [*(r.name for r in rules(variants=True)), *(s.name for s in schedules(variants=True))]
    return {name.replace("/", "_").replace("+", "_"): name for name in every}


def known() -> list[Known]:
    """The reference of every rule and schedule."""
    version = package_version("numpy")
    return [Known(f"{PACKAGE}.{module}", rule, "numpy", version) for module, rule in names().items() if "/" not in rule]


def load(text: str, rule: str | None = None) -> PythonObject | ScheduleObject:
    """The generated module that `text` names; `numpy` alone means the one of `rule`. Raises UnknownName."""
    known_names = names()
    wanted = text.removeprefix(f"{PACKAGE}.").removeprefix("numpy.")
    if text == "numpy":
        if rule is None:
            from refopt.frameworks import unclear

            raise unclear(text)
        wanted = rule.replace("/", "_").replace("+", "_")
    if wanted not in known_names:
        raise not_generated(text, "NumPy", PACKAGE if text.startswith(PACKAGE) else "numpy", tuple(known_names))
    module = importlib.import_module(f"{PACKAGE}.{wanted}")
    family = known_names[wanted].partition("/")[0]
    version = package_version("numpy")
    if hasattr(module, "rate"):
        return ScheduleObject(text, version, rule or family, module)
    return PythonObject(text, version, rule or family, lambda: module, spelled=text)
