"""A room imports only from rooms below it; generated code imports its own target only."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "refopt"
FLOORS = {
    "language": 0, "optim": 0, "catalogue": 1, "derivation": 1, "lowering": 2, "rounding": 3, "exact": 3, "golden": 4, "conformance": 5, "proof": 6,
    "report": 7, "testing": 8, "pytest_plugin": 8, "bench": 8, "cli": 9,
}  # fmt: skip
SIDE_BY_SIDE = {"testing": ("refopt.pytest_plugin",), "pytest_plugin": ("refopt.testing",)}
"""The plugin and what it is for: each names the other, the plugin only once a test has used it."""


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_a_room_imports_only_from_rooms_below() -> None:
    wrong = []
    for room, floor in FLOORS.items():
        paths = [*(ROOT / room).rglob("*.py"), *ROOT.glob(f"{room}.py")]
        assert paths, room
        for path in paths:
            for module in _imports(path):
                parts = module.split(".")
                if module in SIDE_BY_SIDE.get(room, ()):
                    continue
                if parts[0] == "refopt" and len(parts) > 1 and parts[1] in FLOORS and parts[1] != room and FLOORS[parts[1]] >= floor:
                    wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert not wrong, wrong


TARGETS = {"numpy": "numpy", "inplace": "numpy", "torch": "torch", "jax": "jax", "triton": "triton"}
"""What the code in each folder is for; Triton's launch code holds its tensors in torch."""
SHARED = {"inplace": "refopt.generated.numpy._arguments"}
"""What the code of a folder shares with the code of another."""


def test_generated_code_imports_its_own_target_and_the_standard_library_only() -> None:
    for path in (ROOT / "generated").rglob("*.py"):
        folder = path.parent.name
        allowed = {*sys.stdlib_module_names, TARGETS.get(folder, ""), *(["torch"] if folder == "triton" else [])}
        for module in _imports(path):
            assert module.split(".")[0] in allowed or module.startswith(f"refopt.generated.{folder}") or module == SHARED.get(folder), (path.name, module)
