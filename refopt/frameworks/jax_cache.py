"""Code that JAX has compiled, kept: the processes of a check compile the same programs, and so does the next check.

JAX compiles each operation anew for each shape and format, some 80 programs a format, which is most of the time of a check. It has a cache for
them, keyed by the program, its own version and its flags, and what it holds is machine code: values are the same to the bit. The key
does not say for which processor, so the folder's name does.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from refopt.frameworks import built_in
from refopt.frameworks.installed import is_installed

FOLDER = "JAX_COMPILATION_CACHE_DIR"
EVERYTHING = {"JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0", "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"}
"""JAX's own variables: programs that are small and soon compiled are kept, too."""
MOST = 64 * 2**20
"""Bytes from which on the older half of what is kept is removed; what one optimizer needs in one format takes half a megabyte."""
USERS = frozenset({"jax", "optax", "keras"})


def may_use_jax(name: str) -> bool:
    """False for a name of a framework that comes with refopt and computes without JAX; a person's own object may use it."""
    adapter = next((a for f in built_in() if (a := f.adapter(f.spelled(name))) is not None), None)
    return adapter is None or adapter.maps or adapter.package in USERS


@contextmanager
def kept_compilations() -> Iterator[None]:
    """Context in which JAX keeps what it compiles, in this process where it is imported in that time, and in all that are started. Where
    a person has named a folder, or there can be none, all stays as it is."""
    folder = None if os.environ.get(FOLDER) is not None or not is_installed("jax") else _folder()
    if folder is None:
        yield
        return
    with _environment({FOLDER: str(folder), **EVERYTHING, **{name: os.environ[name] for name in EVERYTHING if name in os.environ}}):
        yield


def _folder() -> Path | None:
    """The folder for this processor, below refopt's own; None where there can be none."""
    from refopt.optim.compiler import NotCompiled, cache_folder, for_this_processor

    if not (told := for_this_processor()):
        return None
    try:
        folder = cache_folder() / f"jax-{hashlib.sha256(chr(0).join(told).encode()).hexdigest()[:16]}"
        folder.mkdir(mode=0o700, exist_ok=True)
    except (OSError, NotCompiled):
        return None
    with suppress(OSError):  # another check may remove the same files
        make_room(folder)
    return folder


def make_room(folder: Path, most: int = MOST) -> None:
    """Remove the older half of the files where all are larger than so many bytes. Raises OSError where they cannot be read."""
    seen = sorted((x.stat().st_mtime, x.stat().st_size, x.name) for x in os.scandir(folder))
    if sum(size for _, size, _ in seen) > most:
        for _, _, name in seen[: (len(seen) + 1) // 2]:
            (folder / name).unlink(missing_ok=True)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
