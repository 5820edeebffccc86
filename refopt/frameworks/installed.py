"""Packages that are installed here, and names looked up in them with errors that help."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from refopt.errors import RefoptError

DISTRIBUTIONS = {"sklearn": "scikit-learn"}
"""Distributions to install for a package, where it is called something else."""


def is_installed(package: str) -> bool:
    """True where a package could be imported; it is not. Never raises."""
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):  # a package inside a missing one; a module that was put into sys.modules by hand
        return False


def not_installed(package: str) -> RefoptError:
    """The error for a package that is not here."""
    return RefoptError(f"{package} is not installed here", help=f"pip install {needed(package)}", note="what is here is checked by: refopt check")


def needed(package: str) -> str:
    """The requirement that pip installs to get a package, in the version that refopt is tested with where its own metadata says one."""
    from importlib.metadata import PackageNotFoundError, requires

    name = DISTRIBUTIONS.get(package, package)
    try:
        wanted = [line.partition(";")[0].strip() for line in requires("refopt") or ()]
    except PackageNotFoundError:
        wanted = []
    return next((w for w in wanted if w.partition("==")[0] == name), name)


def package_version(package: str) -> str:
    """The installed version without importing the package; "" where it is unknown."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTIONS.get(package, package)).partition("+")[0]
    except PackageNotFoundError:
        return ""


def member(path: str, examples: tuple[str, ...]) -> Any:
    """The object that a dotted name means. What a package says or warns of when it is imported is not shown.

    Raises RefoptError where the package is not installed, or a name is not in its module; then the nearest is suggested.
    """
    parts = path.split(".")
    if not is_installed(parts[0]):
        raise not_installed(parts[0])
    from refopt.conformance.protocol.in_process import quiet  # it needs NumPy, which the first screen does not

    with quiet():
        found: Any = importlib.import_module(parts[0])
        for i, name in enumerate(parts[1:], start=1):
            here = ".".join(parts[:i])
            if not hasattr(found, name):
                try:
                    found = importlib.import_module(f"{here}.{name}")
                    continue
                except ImportError:
                    raise _no_member(path, here, name, found, examples) from None
            found = getattr(found, name)
    return found


def _no_member(path: str, module: str, name: str, found: Any, examples: tuple[str, ...]) -> RefoptError:
    import difflib

    from refopt.frameworks.misnamed import Misnamed, Say, likely

    names = [n for n in dir(found) if not n.startswith("_")]
    near = likely(path, examples) or [Say(f"{module}.{n}") for n in difflib.get_close_matches(name, names, n=1, cutoff=0.5)]
    lead = f"did you mean {near[0].name}?" if near else "for example"
    return Misnamed(f"cannot import {path}: module {module} has no {name!r}", near[:1] or [Say(examples[0])], lead=lead)
