"""Progress of a golden build, kept beside the folder that it writes, so that a build that was killed goes on where it was.

It is kept under a key of everything that the bytes depend on: refopt's own code and the libraries that compute. Another key
finds nothing. A finished build removes it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import refopt
from refopt.golden.document import hash_of, write_whole

LIBRARIES = ("gmpy2", "ml_dtypes", "mpmath", "numpy", "python-flint", "sympy")
ROOMS = ("language", "catalogue", "lowering", "rounding", "exact", "golden", "generated/numpy")
"""The code that a build runs."""


@dataclass(frozen=True)
class Finished:
    """The results of the names that are done, one file a name."""

    folder: Path

    def get(self, name: str) -> dict[str, Any] | None:
        """The result kept for a name; None where there is none, or it is damaged."""
        try:
            document = json.loads(self._path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(document, dict) or document.get("hash") != hash_of(document):
            return None
        result: dict[str, Any] = document["result"]
        return result

    def put(self, name: str, result: Any) -> None:
        """Keep the result of a name, a dataclass. Raises RefoptError where it cannot be written."""
        document = {"result": json.loads(json.dumps(asdict(result)))}
        document["hash"] = hash_of(document)
        write_whole(self._path(name), json.dumps(document))

    def clear(self) -> None:
        """The build is finished: nothing is left."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name.replace('/', '.')}.json"


def finished(base: Path) -> Finished:
    """Finished parts of a build of that folder by this very code."""
    return Finished(base.resolve().parent / f".{base.resolve().name}-building" / _key())


def _key() -> str:
    home = Path(str(refopt.__file__)).parent
    parts = [refopt.__version__, *(f"{name} {_version(name)}" for name in LIBRARIES)]
    for room in ROOMS:
        for path in sorted((home / room).rglob("*.py")):
            parts.append(f"{path.relative_to(home).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
