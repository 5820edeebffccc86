"""A copy of the package in which these rules and schedules stand in the catalogue, one file each, as the recipes say."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
OPTIMIZERS, SCHEDULES = ("own_adagrad", "own_nadam", "own_radam"), ("power_of_rest",)


def home(at: Path, names: Sequence[str]) -> Path:
    """The copy, without golden files."""
    for folder in ("refopt", "tests/generated"):
        shutil.copytree(ROOT / folder, at / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests/__init__.py", at / "tests/__init__.py")
    (at / "golden").mkdir()
    for folder, known in (("optimizers", OPTIMIZERS), ("schedules", SCHEDULES)):
        table = at / "refopt/catalogue" / folder / "__init__.py"
        for name in (n for n in names if n in known):
            shutil.copy(HERE / f"{name}.py", table.with_name(f"{name}.py"))
            table.write_text(_registered(table.read_text(encoding="utf-8"), f"refopt.catalogue.{folder}", name), encoding="utf-8")
    return at


def _registered(source: str, package: str, name: str) -> str:
    """A table of the catalogue with one more line, and its import."""
    source = source.replace("from __future__ import annotations\n", f"from __future__ import annotations\nfrom {package} import {name}\n", 1)
    *_, end = re.finditer(r"^\)$", source, re.M)
    return f"{source[: end.start()]}    ({name}.{name.upper()}, {name}.VARIANTS),\n{source[end.start():]}"
