"""A room imports only from rooms below it, by whatever way of importing; no room is too big; generated code imports its own target only."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1] / "refopt"
FLOORS = (
    "errors", "language", "generated", "optim", "examples", "catalogue", "rounding", "exact", "lowering", "derivation", "identify", "golden", "lifting",
    "proof", "conformance.protocol", "conformance.judge", "frameworks", "conformance.diagnose", "conformance.verdict", "proving", "conformance.programs",
    "report", "pytest_plugin", "testing", "bench", "cli",
)  # fmt: skip
"""The rooms from the ground up: each may import from those before it, and from nothing behind it, so that there is no circle."""
NEVER = {
    "generated": (), "optim": ("errors", "generated"), "examples": (), "lifting": ("errors", "language", "generated", "optim", "catalogue"),
    "identify": ("errors", "language", "catalogue", "rounding"),
    "proof": ("errors", "language", "catalogue", "exact", "derivation", "golden", "lifting"),
    "conformance.diagnose": tuple(x for x in FLOORS[: FLOORS.index("conformance.diagnose")] if x != "frameworks"),
}  # fmt: skip
"""Rooms that know less than their floor would let them, and all that they know."""
SHARE = 0.15
"""The largest part of all lines written by hand that one room may hold."""
LINES = 400
"""The most lines that one file may have."""
ANYWHERE = frozenset({"refopt", "refopt.__main__"})
"""The faces: they hand out what lies in the rooms, and nothing is built on them but `__version__`."""


@cache
def _modules() -> dict[str, Path]:
    found = {}
    for path in ROOT.rglob("*.py"):
        name = ".".join(("refopt", *path.relative_to(ROOT).with_suffix("").parts))
        found[name.removesuffix(".__init__")] = path
    return found


def _room(module: str) -> str | None:
    """The room of a module; None for the faces and for a package that only holds rooms."""
    name = module.removeprefix("refopt.")
    return next((r for r in FLOORS if name == r or name.startswith(f"{r}.")), None)


def _module_in(name: str) -> str | None:
    """The longest part of a dotted name that is a module of ours."""
    parts = name.split(".")
    return next((m for k in range(len(parts), 1, -1) if (m := ".".join(parts[:k])) in _modules()), None)


def _texts(node: ast.AST) -> Iterator[str]:
    """A text, and one with values put in, of which what comes before the first value counts: f"refopt.cli.{name}" is in refopt.cli."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = []
        for x in node.values:
            if not (isinstance(x, ast.Constant) and isinstance(x.value, str)):
                break
            parts.append(x.value)
        yield "".join(parts).rstrip(".")


def _docstrings(tree: ast.AST) -> set[int]:
    """The texts that stand alone: they explain, and import nothing."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}


def imports(module: str, text: str, *, is_package: bool = False) -> Iterator[str]:
    """The modules of ours that code imports: by statements, relative ones too, and by names in texts, as importlib, entry points and `python -c` take them."""
    tree = ast.parse(text)
    explained = _docstrings(tree)
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            base = ".".join(x for x in (above, node.module) if x)
            names = [f"{base}.{a.name}" for a in node.names]
        elif id(node) in explained:
            continue
        else:
            names = [n for text_ in _texts(node) for n in re.findall(r"(?<![\w./'])refopt(?:\.\w+)+", text_)]
        for name in names:
            found = _module_in(name) if name.partition(".")[0] == "refopt" else None
            if found is not None:
                yield found


def upward(module: str, text: str, *, is_package: bool = False) -> list[str]:
    """What code of a module imports from above, or from rooms that its own room does not know."""
    room = _room(module)
    if room is None:
        return []
    allowed = NEVER.get(room, FLOORS[: FLOORS.index(room)])
    return [x for x in imports(module, text, is_package=is_package) if (other := _room(x)) is not None and other != room and other not in allowed]


def _every() -> Iterator[tuple[str, str, bool]]:
    for module, path in _modules().items():
        if not module.startswith("refopt.generated"):
            yield module, path.read_text(), path.name == "__init__.py"


def test_every_module_is_in_a_room() -> None:
    for module, text, _ in _every():
        assert _room(module) or module in ANYWHERE or all(isinstance(n, ast.Expr) for n in ast.parse(text).body), module
    assert not [r for r in FLOORS if not any(_room(m) == r for m in _modules())]


def test_a_room_imports_only_from_rooms_below() -> None:
    wrong = [f"{module} imports {x}" for module, text, is_package in _every() for x in upward(module, text, is_package=is_package)]
    assert not wrong, wrong


def test_nothing_is_built_on_the_face_of_the_package_but_its_version_and_its_place() -> None:
    for module, text, _ in _every():
        for node in ast.walk(ast.parse(text)) if module not in ANYWHERE else ():
            if isinstance(node, ast.ImportFrom) and node.module == "refopt":
                assert all(a.name == "__version__" or f"refopt.{a.name}" in _modules() for a in node.names), (module, ast.unparse(node))


def test_an_entry_point_of_a_room_is_in_that_room() -> None:
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]
    groups = {"scripts": project["scripts"], **project["entry-points"]}
    homes = {"scripts": "cli", "pytest11": "pytest_plugin", "refopt.frameworks": "frameworks"}
    for group, points in groups.items():
        for target in points.values():
            module = target.partition(":")[0]
            assert module in _modules() and _room(module) == homes[group], (group, target)


def test_no_room_holds_too_much_of_the_house() -> None:
    lines: dict[str, int] = {}
    for module, text, _ in _every():
        lines[_room(module) or module] = lines.get(_room(module) or module, 0) + text.count("\n")
    assert not {room: n for room, n in lines.items() if n > SHARE * sum(lines.values())}


def test_no_file_is_too_long() -> None:
    long = {module: text.count("\n") for module, text, _ in _every() if text.count("\n") > LINES}
    assert not long, long


def test_an_import_upward_is_found_in_every_spelling() -> None:
    spellings = (
        "import refopt.cli.main as main",
        "from refopt.cli import main",
        "def f():\n    from refopt.cli.main import main",
        "from ..cli.main import main",
        "from .. import cli",
        "import importlib\nimportlib.import_module('refopt.cli.main')",
        "import importlib\ndef f(name):\n    importlib.import_module(f'refopt.cli.{name}')",
        "TABLE = {'x': 'refopt.cli.main:main'}",
        "COMMAND = ['-c', 'from refopt.cli.main import main; main()']",
    )
    for text in spellings:
        assert upward("refopt.golden.store", text), text
    for text in ("import refopt", "from refopt.language import rule", "def f():\n    '''As refopt.cli.main does.'''", "SHOWN = 'refopt check numpy'"):
        assert not upward("refopt.golden.store", text), text


FRAMEWORKS = re.compile(r"(?<![a-z])(torch|optax|keras|jax|sklearn)(?![a-z])", re.IGNORECASE)
HOMES = ("frameworks", "generated", "optim", "lowering")
"""The rooms that framework names belong to: their folders, code made for them, and what prints it."""
COMMAND = re.compile(r"refopt (check|prove|translate|generate|bench)\b")
"""A text for people that shows a command to type may show it with a framework that they know."""
NAMED_ELSEWHERE = {
    "refopt.catalogue": "a variant says who means it, and cites the threads where others met it",
    "refopt.golden.probes": "a probe cites the issues that it is there to see again",
    "refopt.lifting.jaxpr": "JAX's record of what a function does is a language of its own, which generated code, optax and keras share",
    "refopt.lifting.traced": "the numbers that such a record is made with",
    "refopt.bench.gpu": "code made for Triton holds its tensors in torch",
    "refopt.cli": "examples in the help: names that people know",
    "refopt.conformance.protocol.spelling": "an example of how implementations are spelled",
}
"""Modules outside that name a framework, and why."""


def _names_a_framework(text: str) -> list[str]:
    """What of a module's code names a framework: names, attributes, keywords, imports, and texts but for docstrings and commands to type."""
    tree = ast.parse(text)
    explained = _docstrings(tree)
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained and not COMMAND.search(node.value):
            found.append(node.value)
        elif isinstance(node, ast.Name | ast.Attribute | ast.FunctionDef | ast.ClassDef | ast.arg | ast.keyword | ast.alias):
            found += [x for x in (getattr(node, n, None) for n in ("id", "attr", "name", "arg", "asname")) if isinstance(x, str)]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return [x for x in found if FRAMEWORKS.search(x)]


def _excepted(module: str) -> str | None:
    return next((m for m in NAMED_ELSEWHERE if module == m or module.startswith(f"{m}.")), None)


@cache
def _naming_a_framework() -> dict[str, list[str]]:
    """By module outside the rooms that may, what in it names a framework."""
    outside = ((module, text) for module, text, _ in _every() if (_room(module) or "") not in HOMES and FRAMEWORKS.search(text))
    return {module: names for module, text in outside if (names := _names_a_framework(text))}


def test_a_framework_is_named_in_its_folder_and_nowhere_else() -> None:
    wrong = {module: names for module, names in _naming_a_framework().items() if not _excepted(module)}
    assert not wrong, wrong


def test_every_module_that_may_name_a_framework_does() -> None:
    assert not set(NAMED_ELSEWHERE) - {_excepted(module) for module in _naming_a_framework()}


def test_a_framework_is_found_in_every_spelling() -> None:
    spellings = ("import torch", "from optax import adam", "x.jax", "def torch_adam(): ...", "TABLE = {'a': 'keras.x'}", "f(sklearn=1)", "FIRST = ('torch.',)")
    for text in spellings:
        assert _names_a_framework(text), text
    for text in ("'''As torch does.'''", "HELP = 'refopt check torch.optim.Adam'", "torchlight = 1", "import numpy"):
        assert not _names_a_framework(text), text


TARGETS = {"numpy": "numpy", "inplace": "numpy", "torch": "torch", "jax": "jax", "triton": "triton"}
"""What the code in each folder is for; Triton's launch code holds its tensors in torch."""
SHARED = {"inplace": "refopt.generated.numpy._arguments"}
"""What the code of a folder shares with the code of another."""


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_generated_code_imports_its_own_target_and_the_standard_library_only() -> None:
    for path in (ROOT / "generated").rglob("*.py"):
        folder = path.parent.name
        allowed = {*sys.stdlib_module_names, TARGETS.get(folder, ""), *(["torch"] if folder == "triton" else [])}
        for module in _imported(path):
            assert module.split(".")[0] in allowed or module.startswith(f"refopt.generated.{folder}") or module == SHARED.get(folder), (path.name, module)
