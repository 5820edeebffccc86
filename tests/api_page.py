"""The page of the Python API, made from docstrings: `python -m tests.api_page > API.md`."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

MODULES = ("refopt", "refopt.testing", "refopt.optim")
"""Modules that people import."""
HEAD = """\
# The Python API

Everything that people import, from its docstrings. Made by `python -m tests.api_page > API.md`; a test compares.
"""


def page() -> str:
    """The page as Markdown."""
    lines = [HEAD]
    for name in MODULES:
        module = importlib.import_module(name)
        lines += [f"## `{name}`", "", _fenced(inspect.getdoc(module) or ""), ""]
        for member in sorted(_names(module), key=lambda n: (n[0].isupper(), n.lower())):
            lines += _entry(name, member, getattr(module, member))
    return "\n".join(lines).rstrip() + "\n"


def _names(module: Any) -> list[str]:
    names: list[str] = list(getattr(module, "__all__", ()))
    if names:
        return names
    return [n for n, x in vars(module).items() if not n.startswith("_") and getattr(x, "__module__", "") == module.__name__ and callable(x)]


def _entry(module: str, name: str, value: Any) -> list[str]:
    """A heading with the signature, and the docstring; of a class its public methods and properties too."""
    lines = [f"### `{module}.{name}`", ""]
    if callable(value) and not _is_error(value):
        lines += [_fenced(f"{name}{_signature(value)}", "python"), ""]
    lines += [_fenced(inspect.getdoc(value) or ""), ""]
    if inspect.isclass(value) and not _is_error(value):
        for method, found in _public(value):
            told = (inspect.getdoc(found) or "").partition("\n")[0]
            signature = "" if isinstance(found, property) or not callable(found) else _signature(found)
            lines.append(f"* `{method}{signature}`: {told}")
        lines += [""] if lines[-1].startswith("*") else []
    return lines


def _public(value: type) -> list[tuple[str, Any]]:
    return [(n, x) for n, x in inspect.getmembers(value) if not n.startswith("_") and (inspect.isfunction(x) or isinstance(x, property))]


def _is_error(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, Exception)


def _signature(value: Any) -> str:
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return "(...)"
    kept = [p.replace(annotation=p.empty) for n, p in found.parameters.items() if n != "self"]
    shown = [p.replace(default=_Shown(p.default)) if p.default is not p.empty else p for p in kept]
    return str(found.replace(parameters=shown, return_annotation=found.empty))


class _Shown:
    """A default as it is written: one that is a function by its name alone, which no address makes different."""

    def __init__(self, value: Any) -> None:
        self.text = "..." if callable(value) and not inspect.isclass(value) else repr(value)

    def __repr__(self) -> str:
        return self.text


def _fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text}\n```"


if __name__ == "__main__":
    print(page(), end="")
