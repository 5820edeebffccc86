"""Compiling C on first use and keeping what came of it.

The key is everything that the result depends on: the source text (with the formula's fingerprint), the compiler's file,
the flags, the processor. A library is written under another name and renamed, so that of two processes that compile at
once each finds a whole file; its name holds its own digest, so that a damaged one is seen before it is loaded.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

EXACT = ("fast-math", "unsafe-math-optimizations", "associative-math", "reciprocal-math", "finite-math-only")
"""Options that $CC may have switched on: they change values, and a library linked with them makes the process flush small numbers to zero."""
FLAGS = ("-std=c99", "-O3", *(f"-fno-{name}" for name in EXACT), "-fno-math-errno", "-ffp-contract=off", "-fPIC", "-shared")
"""Without contraction, and without anything that would change the order of operations."""
TIMEOUT = 120.0
"""Seconds after which a compiler is stopped."""
SCRATCH = ".compiling-"
"""Beginning of the name of a folder in which a compiler works."""
COMPILERS = ("cc", "gcc", "clang")


class NotCompiled(Exception):
    """There is no library; the text says why, in one line."""


def library(source: str) -> Path:
    """The shared library of a C source: from the cache, else compiled into it. Raises NotCompiled."""
    command = compiler()
    try:
        folder = cache_folder()
        key = _key(source, command)
        found = _kept(folder, key)
        return found if found is not None else _compile(source, command, folder, key)
    except OSError as error:
        raise NotCompiled(f"{error.filename or 'the cache'}: {error.strerror or error}") from None


def compiler() -> tuple[str, ...]:
    """The compiler's command: $CC, or the first of cc, gcc, clang on the path. Raises NotCompiled."""
    try:
        named = shlex.split(os.environ.get("CC", ""))
    except ValueError as error:
        raise NotCompiled(f"no C compiler: CC={os.environ['CC']} cannot be read: {error}") from None
    for words in [named] if named else [[name] for name in COMPILERS]:
        path = shutil.which(words[0])
        if path is not None:
            return (path, *words[1:])
    raise NotCompiled(f"no C compiler: {f'CC={named[0]} is not here' if named else ', '.join(COMPILERS) + ' are not on the path'}")


def cache_folder() -> Path:
    """Folder of the compiled libraries: $REFOPT_CACHE, else refopt below the user's cache folder. Made where it is missing.

    Raises NotCompiled where somebody else could put a library there, OSError where it cannot be made.
    """
    named = os.environ.get("REFOPT_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    folder = Path(named) if named else home / "refopt"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.stat()
    if hasattr(os, "getuid") and (seen.st_uid != os.getuid() or seen.st_mode & 0o022):
        raise NotCompiled(f"{folder} can be written by others: libraries are not loaded from there")
    return folder


def _key(source: str, command: tuple[str, ...]) -> str:
    file = Path(command[0]).resolve()
    seen = file.stat()
    parts = [source, *command, str(file), str(seen.st_size), str(seen.st_mtime_ns), *FLAGS, *for_this_processor()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@cache
def for_this_processor() -> tuple[str, ...]:
    """The flag for this very processor, and what it is; nothing where it cannot be told apart from another."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    told = sorted({line for line in lines if line.split(":")[0].strip() in ("flags", "Features", "model name", "CPU implementer", "CPU part")})
    return ("-march=native", platform.machine(), *told) if told else ()


def _kept(folder: Path, key: str) -> Path | None:
    for path in sorted(folder.glob(f"{key}-*.so")):
        if path.name == _name(key, path.read_bytes()):
            return path
        path.unlink(missing_ok=True)
    return None


def _name(key: str, content: bytes) -> str:
    return f"{key}-{hashlib.sha256(content).hexdigest()[:32]}.so"


def _compile(source: str, command: tuple[str, ...], folder: Path, key: str) -> Path:
    _remove_abandoned(folder)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
        text, made = Path(scratch) / "code.c", Path(scratch) / "code.so"
        text.write_text(source, encoding="utf-8")
        native = for_this_processor()[:1]
        problem = _run([*command, *FLAGS, *native, "-o", str(made), str(text), "-lm"], made)
        if problem and native:  # a compiler that does not know the flag
            made.unlink(missing_ok=True)
            problem = _run([*command, *FLAGS, "-o", str(made), str(text), "-lm"], made)
        if problem:
            raise NotCompiled(f"{Path(command[0]).name} {problem}")
        with made.open("rb+") as stream:
            content = stream.read()
            os.fsync(stream.fileno())
        target = folder / _name(key, content)
        os.replace(made, target)
        return target


def _remove_abandoned(folder: Path) -> None:
    """Remove the leftovers of processes that were killed while they compiled, some time ago."""
    for path in folder.glob(f"{SCRATCH}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > 10 * TIMEOUT:
                shutil.rmtree(path)


def _run(words: list[str], made: Path) -> str | None:
    """Run a compiler: its error in a few words; None where the library was made."""
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True
        )
    except OSError as error:
        return f"cannot be started: {error.strerror or error}"
    try:
        stderr = process.communicate(timeout=TIMEOUT)[1]
    except subprocess.TimeoutExpired:
        _stop(process)
        return f"took more than {TIMEOUT:g} s"
    except BaseException:
        _stop(process)
        raise
    if process.returncode < 0:
        return f"was killed by signal {-process.returncode}"
    if process.returncode:
        said = [line for line in stderr.splitlines() if "error" in line.lower()] or stderr.splitlines() or ["it said nothing"]
        return f"failed, exit {process.returncode}: {' '.join(said[0].replace(f'{made.parent}{os.sep}', '').split())[:120]}"
    return None if made.exists() and made.stat().st_size else "wrote nothing"


def _stop(process: subprocess.Popen[str]) -> None:
    """Stop a compiler and the programs that it started."""
    with process:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        if process.stderr is not None:
            process.stderr.close()
