"""Python files of the current folder: the module that each of them is, and what it defines that could be judged; nothing is imported."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

from refopt.frameworks.intent import rule_in

LARGEST = 1 << 20
"""Bytes of a file that is read."""


@dataclass(frozen=True)
class Defined:
    """A class or function of a module.

    fits  it has init() and step(), or rate(), or is a framework's Optimizer, or is a function that is called without arguments
    rule  the rule or schedule that its name says, None where it says none
    """

    name: str
    fits: bool
    rule: str | None


def module_name(file: Path) -> str | None:
    """The dotted name by which a file is imported from the current folder; None where it is not below it, or is no identifier."""
    try:
        parts = file.resolve().relative_to(Path.cwd().resolve()).with_suffix("").parts
    except ValueError:
        return None
    parts = parts[:-1] if parts[-1:] == ("__init__",) else parts
    return ".".join(parts) if parts and all(p.isidentifier() for p in parts) else None


def module_file(dotted: str) -> Path | None:
    """The file in the current folder that is imported by this name."""
    if not dotted or not all(p.isidentifier() for p in dotted.split(".")):
        return None
    stem = Path(*dotted.split("."))
    return next((f for f in (stem.with_suffix(".py"), stem / "__init__.py") if f.is_file()), None)


def in_python(text: str) -> str:
    """A file of the current folder and a name in it, `./mine.py:Adam(lr=0.1)`, as `python:mine:Adam(lr=0.1)`; any other text as it is."""
    named, bracket, arguments = text.partition("(")
    path, colon, name = named.rpartition(":")
    if not (colon and path.endswith(".py") and name.isidentifier() and Path(path).is_file()):
        return text
    module = module_name(Path(path))
    return text if module is None else f"python:{module}:{name}{bracket}{arguments}"


def dotted_in_python(text: str) -> str:
    """A name in a module of the current folder, `mine.Adam(lr=0.1)`, as `python:mine:Adam(lr=0.1)`; any other text as it is."""
    named, bracket, arguments = text.partition("(")
    module, _, name = named.rpartition(".")
    file = module_file(module) if name.isidentifier() else None
    return text if file is None or name not in _bound(file) else f"python:{module}:{name}{bracket}{arguments}"


def line_of(file: Path, name: str) -> int:
    """The line where a class or function of a file begins; 1 where it is not found."""
    tree = _tree(file)
    named = (n for n in (tree.body if tree is not None else ()) if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == name)
    return next((n.lineno for n in named), 1)


def _bound(file: Path) -> set[str]:
    """The names that a module gives to something of its own: classes, functions and what is assigned at its top."""
    tree = _tree(file)
    found: set[str] = set()
    for node in tree.body if tree is not None else ():
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        found |= {t.id for t in targets if isinstance(t, ast.Name)}
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
    return found


def _tree(file: Path) -> ast.Module | None:
    """The syntax of a file; None where it cannot be read as Python."""
    try:
        with file.open("rb") as f:
            return ast.parse(f.read(LARGEST))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def defined(file: Path) -> tuple[Defined, ...] | None:
    """The public classes and functions of a file, those that could be judged first; None where it cannot be read as Python."""
    if (tree := _tree(file)) is None:
        return None
    classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    public = {name: node for name, node in classes.items() if not name.startswith("_")}
    found = [Defined(name, _answers(_methods(node, classes)) or _is_optimizer(node), rule_in(name)) for name, node in public.items()]
    calls = [Defined(n.name, _takes_nothing(n), rule_in(n.name)) for n in functions if not n.name.startswith("_")]
    if any(d.fits for d in found):
        calls = [replace(d, fits=False) for d in calls]
    return tuple(sorted((*found, *calls), key=lambda d: not d.fits))


def _methods(node: ast.ClassDef, classes: dict[str, ast.ClassDef], seen: frozenset[str] = frozenset()) -> set[str]:
    own = {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
    bases = [b.id for b in node.bases if isinstance(b, ast.Name) and b.id in classes and b.id not in seen]
    return own.union(*(_methods(classes[b], classes, seen | {node.name}) for b in bases))


def _is_optimizer(node: ast.ClassDef) -> bool:
    """True where a class is derived from something called Optimizer: torch's."""
    return any((b.attr if isinstance(b, ast.Attribute) else b.id if isinstance(b, ast.Name) else "") == "Optimizer" for b in node.bases)


def _answers(methods: set[str]) -> bool:
    return {"init", "step"} <= methods or "rate" in methods


def _takes_nothing(node: ast.FunctionDef) -> bool:
    positional = [*node.args.posonlyargs, *node.args.args]
    return len(positional) == len(node.args.defaults) and all(d is not None for d in node.args.kw_defaults)
