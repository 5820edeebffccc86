"""Generated files: what they hold, where they stand, writing them, comparing them with the formulas."""

from __future__ import annotations

import contextlib
from pathlib import Path

from refopt import catalogue, generated
from refopt.errors import NotImplementedYet, RefoptError
from refopt.language.expression import Expression
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.backends import Backend, backend
from refopt.lowering.names import module_name
from refopt.lowering.printer import text

Concept = Rule | Schedule


def module(concept: Concept, to: Backend | str = "numpy") -> str:
    """The source file of a rule or a schedule in a backend's language. Raises UnknownName, NotImplementedYet."""
    return _resolved(to).module(concept)


def expression(tree: Expression, to: Backend | str = "numpy") -> str:
    """One expression in a backend's language. Raises UnknownName, NotImplementedYet."""
    return text(tree, _resolved(to).dialect)


def path_of(concept: Concept, to: Backend | str = "numpy") -> Path:
    """Path of its generated file."""
    target = _resolved(to)
    return folder(target) / f"{module_name(concept)}{target.suffix}"


def folder(to: Backend | str = "numpy") -> Path:
    """The folder of a backend's generated files. Raises RefoptError for a backend whose files are not kept."""
    target = _resolved(to)
    if not target.committed:
        raise RefoptError(f"no files are kept for {target.name}", help=f"refopt generate NAME --to {target.name} prints one")
    return Path(str(generated.__file__)).parent / target.name


def concepts(to: Backend | str | None = None) -> tuple[Concept, ...]:
    """Everything that a file is generated for: every rule, variant and schedule; of one backend, what it has files of."""
    schedules = catalogue.schedules(variants=True) if to is None or _resolved(to).schedules else ()
    return (*catalogue.rules(variants=True), *schedules)


def write_all(to: Backend | str = "numpy") -> list[Path]:
    """Write every file that does not hold what its formula gives, drop files of formulas that are gone; the changed paths."""
    target = _resolved(to)
    changed, every = [], _wanted(target)  # everything is known to be writable before anything is written
    for path, wanted in every.items():
        if not path.exists() or path.read_text(encoding="utf-8") != wanted:
            path.write_text(wanted, encoding="utf-8", newline="\n")
            changed.append(path)
    for path in _left_over(target):
        path.unlink()
        changed.append(path)
    return changed


def check_all(to: Backend | str = "numpy") -> list[str]:
    """One line for each file that is missing, left over, or differs from what its formula gives."""
    target = _resolved(to)
    differences = []
    for path, wanted in _wanted(target).items():
        if not path.exists():
            differences.append(f"{path}: missing")
        elif path.read_bytes() != wanted.encode():
            differences.append(f"{path}: {_first_difference(path.read_text(encoding='utf-8'), wanted)}")
    return [*differences, *(f"{path}: no formula has this name" for path in _left_over(target))]


def _first_difference(found: str, wanted: str) -> str:
    pairs = zip([*found.splitlines(), ""], [*wanted.splitlines(), ""], strict=False)
    number = next((i for i, (a, b) in enumerate(pairs, 1) if a != b), 1)
    return f"line {number} differs from what the formula gives"


def left_out(to: Backend | str = "numpy") -> dict[str, str]:
    """Concepts that a backend cannot write, each with the reason in one line."""
    target = _resolved(to)
    found = {}
    for concept in concepts():
        try:
            target.module(concept)
        except NotImplementedYet as error:
            found[concept.name] = error.message
    return found


def _wanted(target: Backend) -> dict[Path, str]:
    wanted = {}
    for concept in concepts(target):
        with contextlib.suppress(NotImplementedYet):  # said by left_out
            wanted[path_of(concept, target)] = target.module(concept)
    return wanted


def _left_over(target: Backend) -> list[Path]:
    known = set(_wanted(target))
    files = sorted(folder(target).glob(f"*{target.suffix}"))
    return [path for path in files if path not in known and not path.name.startswith("_")]


def _resolved(to: Backend | str) -> Backend:
    return backend(to) if isinstance(to, str) else to
