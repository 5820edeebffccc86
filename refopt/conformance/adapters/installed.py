"""What is installed here, and names looked up in it with errors that help."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from refopt.errors import RefoptError

DISTRIBUTIONS = {"sklearn": "scikit-learn"}
"""What is installed to get a package, where it is called something else."""


def is_installed(package: str) -> bool:
    """Whether a package could be imported; it is not. Never raises."""
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):  # a package inside a missing one; a module that was put into sys.modules by hand
        return False


def not_installed(package: str) -> RefoptError:
    """The error for a package that is not here."""
    return RefoptError(f"{package} is not installed here", help=f"pip install {DISTRIBUTIONS.get(package, package)}, or check what is here: refopt check")


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
    from refopt.conformance.in_process import quiet  # it needs NumPy, which the first screen does not

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

    names = [n for n in dir(found) if not n.startswith("_")]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    suggestion = f"did you mean {module}.{near[0]}?" if near else f"for example {', '.join(examples)}"
    return RefoptError(f"cannot import {path}: module {module} has no {name!r}", help=suggestion)
