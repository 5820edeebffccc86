"""Compiling on first use: whatever happens to the compiler or to the cache, the bits are right, and one line says which engine runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refopt.optim import compiler
from refopt.optim.c_engine import source
from refopt.optim.plans import plan

STEP = """
import sys, threading
import numpy as np
from refopt.optim import Adam
x = np.linspace(-1, 1, 1001)
made = Adam([x], lr=0.125)
made.step([x * 3])
again = Adam([np.ones(2)])
made.step([x * 5])
import hashlib
print(made.engine, hashlib.sha256(x.tobytes()).hexdigest())
"""
"""Two optimizers, two updates: the engine that ran, and the bits that came out."""


def start(folder: Path, code: str = STEP, **environment: str) -> subprocess.Popen[str]:
    """A process of its own, with this cache folder."""
    words = {**os.environ, "REFOPT_CACHE": str(folder / "cache"), **environment}
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=words)


def finished(process: subprocess.Popen[str]) -> tuple[str, str, str]:
    """Engine, bits, and what was said on stderr."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    engine, digest = out.split()
    return engine, digest, err


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bits, by the NumPy engine."""
    code = STEP.replace("lr=0.125", "lr=0.125, engine='numpy'").replace("np.ones(2)]", "np.ones(2)], engine='numpy'")
    return finished(start(tmp_path_factory.mktemp("numpy"), code))[1]


def stand_in(folder: Path, script: str) -> str:
    """A program in the place of the compiler."""
    path = folder / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def falls_back(process: subprocess.Popen[str], right: str, reason: str) -> None:
    """The NumPy engine ran, with the right bits, and one line, once, says why."""
    engine, digest, err = finished(process)
    assert (engine, digest) == ("numpy", right)
    assert len(err.splitlines()) == 1 and reason in err, err
    assert err.startswith("refopt.optim: ") and err.endswith("; the NumPy engine runs instead, with the same bits\n")


def libraries(folder: Path) -> list[Path]:
    """What the cache holds."""
    return sorted((folder / "cache").iterdir())


def test_it_is_compiled_once_and_found_again(tmp_path: Path, right: str) -> None:
    assert finished(start(tmp_path)) == ("c", right, "")
    made = libraries(tmp_path)
    assert len(made) == 1 and made[0].suffix == ".so"
    written = made[0].stat().st_mtime_ns
    assert finished(start(tmp_path)) == ("c", right, "")
    assert libraries(tmp_path) == made and made[0].stat().st_mtime_ns == written


def test_another_compiler_or_another_flag_is_another_library(tmp_path: Path, right: str) -> None:
    real = compiler.compiler()[0]
    for command in (real, f"{real} -g", stand_in(tmp_path, f'exec {real} "$@"')):
        assert finished(start(tmp_path, CC=command)) == ("c", right, "")
    assert len(libraries(tmp_path)) == 3


def test_without_a_compiler_numpy_runs(tmp_path: Path, right: str) -> None:
    falls_back(start(tmp_path, PATH=str(tmp_path), CC=""), right, "no C compiler: cc, gcc, clang are not on the path")
    falls_back(start(tmp_path, CC="no-such-compiler"), right, "no C compiler: CC=no-such-compiler is not here")
    falls_back(start(tmp_path, CC="cc 'g"), right, "no C compiler: CC=cc 'g cannot be read: No closing quotation")


def test_a_compiler_that_fails_is_named_and_leaves_nothing(tmp_path: Path, right: str) -> None:
    count = tmp_path / "count"
    command = stand_in(tmp_path, f'echo x >> {count}; echo "code.c:1: error: out of luck" >&2; exit 3')
    falls_back(start(tmp_path, CC=command), right, "stand-in failed, exit 3: code.c:1: error: out of luck")
    assert not libraries(tmp_path)
    assert len(count.read_text().split()) <= 2  # with and without the processor's flag; not again for the second optimizer


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -9 $$", "stand-in was killed by signal 9"),
        ("exit 0", "stand-in wrote nothing"),
        ('while [ "$1" != -o ]; do shift; done; : > "$2"', "stand-in wrote nothing"),
        ('while [ "$1" != -o ]; do shift; done; echo no library > "$2"', "the compiled library cannot be loaded"),
    ],
)
def test_a_compiler_that_is_killed_or_writes_no_library(script: str, reason: str, tmp_path: Path, right: str) -> None:
    falls_back(start(tmp_path, CC=stand_in(tmp_path, script)), right, reason)


def test_a_compiler_that_never_ends_is_stopped(tmp_path: Path, right: str) -> None:
    code = "import refopt.optim.compiler as c; c.TIMEOUT = 0.5\n" + STEP
    falls_back(start(tmp_path, code, CC=stand_in(tmp_path, "exec sleep 30")), right, "stand-in took more than 0.5 s")


def test_a_compiler_that_never_ends_is_stopped_with_the_programs_that_it_started(tmp_path: Path, right: str) -> None:
    code = "import refopt.optim.compiler as c; c.TIMEOUT = 0.5\n" + STEP
    number = tmp_path / "number"
    falls_back(start(tmp_path, code, CC=stand_in(tmp_path, f"sleep 30 & echo $! > {number}; wait")), right, "stand-in took more than 0.5 s")
    state = Path("/proc") / number.read_text().strip() / "stat"
    deadline = time.monotonic() + 10
    while (there := state.exists() and state.read_text().split()[2] != "Z") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not there


@pytest.mark.parametrize("flags", ["-ffast-math", "-Ofast", "-funsafe-math-optimizations"])
def test_flags_in_cc_that_change_values_are_taken_back(flags: str, tmp_path: Path, right: str) -> None:
    """A library linked with them would flush the small numbers of the whole process to zero, whether it is used or not."""
    code = STEP + "assert np.float32(2.0**-140) * np.float32(0.5) > 0 and np.array([2.0**-1060])[0] * 0.5 > 0\n"
    assert finished(start(tmp_path, code, CC=f"{compiler.compiler()[0]} {flags}")) == ("c", right, "")


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ("-ffast-math", 'stand-in failed, exit 1: code.c:31:2: error: #error "compile without -ffast-math'),
        ("-Dsqrtf=fabsf", "the compiler changes the bits of adam in float32"),
        ("-Dsqrt=fabs", "the compiler changes the bits of adam in float64"),
    ],
)
def test_a_compiler_that_changes_the_bits_is_not_used(flags: str, reason: str, tmp_path: Path, right: str) -> None:
    falls_back(start(tmp_path, CC=stand_in(tmp_path, f'exec {compiler.compiler()[0]} "$@" {flags}')), right, reason)
    assert not libraries(tmp_path)


def test_a_compiler_that_contracts_on_its_own_is_used_only_where_that_changes_no_bit(tmp_path: Path, right: str) -> None:
    """Where the processor has fused multiply-add the bits change; either engine gives the right ones."""
    command = stand_in(tmp_path, f'exec {compiler.compiler()[0]} "$@" -ffp-contract=fast')
    assert finished(start(tmp_path, CC=command))[1] == right


def test_a_library_that_was_damaged_is_made_again(tmp_path: Path, right: str) -> None:
    finished(start(tmp_path))
    (path,) = libraries(tmp_path)
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b""):
        path.write_bytes(damaged)
        assert finished(start(tmp_path)) == ("c", right, "")
        (path,) = libraries(tmp_path)
        assert path.read_bytes() == whole


def test_processes_that_compile_at_once_all_find_a_whole_library(tmp_path: Path, right: str) -> None:
    slow = stand_in(tmp_path, f'{compiler.compiler()[0]} "$@"; code=$?; sleep 0.3; exit $code')
    together = [start(tmp_path, CC=slow) for _ in range(4)]
    assert {finished(p) for p in together} == {("c", right, "")}
    assert len([p for p in libraries(tmp_path) if p.suffix == ".so"]) == 1 and not [p for p in libraries(tmp_path) if p.is_dir()]


def test_a_process_killed_while_it_compiles_leaves_nothing_that_is_loaded(tmp_path: Path, right: str) -> None:
    started = tmp_path / "started"
    real = compiler.compiler()[0]
    slow = stand_in(tmp_path, f'{real} "$@"; : > {started}; [ -e {tmp_path / "quick"} ] || exec sleep 20')
    process = start(tmp_path, CC=slow)
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not [p for p in libraries(tmp_path) if p.suffix == ".so"]
    (tmp_path / "quick").touch()
    assert finished(start(tmp_path, CC=slow)) == ("c", right, "")


def test_what_a_killed_process_left_long_ago_is_removed(tmp_path: Path, right: str) -> None:
    old, new = tmp_path / "cache" / ".compiling-old", tmp_path / "cache" / ".compiling-new"
    for folder in (old, new):
        folder.mkdir(mode=0o700, parents=True)
        (folder / "code.c").touch()
    (tmp_path / "cache").chmod(0o700)
    os.utime(old, (0, 0))
    assert finished(start(tmp_path))[1] == right
    assert not old.exists() and (new / "code.c").exists()


def test_a_full_disk_at_the_cache(tmp_path: Path, right: str) -> None:
    """No file may grow: writing fails, in our process or in the compiler's, as it does on a full disk."""
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"
    falls_back(start(tmp_path, limit.format(100) + STEP), right, "File too large")
    room_for_the_text_only = len(source(plan("adam"))) + 100
    falls_back(start(tmp_path, limit.format(room_for_the_text_only) + STEP, CC="cc"), right, "cc failed, exit")
    assert not [p for p in libraries(tmp_path) if p.suffix == ".so"]


def test_a_cache_that_cannot_be_made_or_belongs_to_everybody(tmp_path: Path, right: str) -> None:
    (tmp_path / "file").touch()
    falls_back(start(tmp_path, REFOPT_CACHE=str(tmp_path / "file" / "cache")), right, "Not a directory")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    falls_back(start(tmp_path, REFOPT_CACHE=str(tmp_path / "open")), right, "can be written by others")


def test_without_cffi_numpy_runs(tmp_path: Path, right: str) -> None:
    falls_back(start(tmp_path, "import sys; sys.modules['cffi'] = None\n" + STEP), right, "cffi is not installed: pip install cffi")


def test_an_engine_that_is_asked_for_by_name_is_refused_in_one_line(tmp_path: Path) -> None:
    code = """
import numpy as np
from refopt.errors import RefoptError
from refopt.optim import Adam
for x in (np.ones(2), np.ones(2, np.float16)):
    try:
        Adam([x], engine="c")
    except RefoptError as error:
        print(error.message)
"""
    out, err = start(tmp_path, code, CC="no-such-compiler").communicate(timeout=60)
    assert err == ""
    assert out.splitlines() == [
        "engine c: no C compiler: CC=no-such-compiler is not here",
        "engine c: parameter 0 has dtype float16; there is C for float32 and float64",
    ]


def test_an_update_after_a_fork_has_the_same_bits(tmp_path: Path) -> None:
    """Threads do not survive a fork: the child makes its own."""
    code = """
import os, sys
import numpy as np
from refopt.optim import Adam, threads
threads.WORTH = 64
for engine in ("c", "numpy"):
    x = np.linspace(-1, 1, 1000); g = x * 3
    made = Adam([x], engine=engine, threads=2)
    made.step([g])
    read, write = os.pipe()
    child = os.fork()
    made.step([g])
    if child == 0:
        os.write(write, x.tobytes()[:4096]); os._exit(0)
    assert os.read(read, 4096) == x.tobytes()[:4096], engine
    os.waitpid(child, 0)
print("same")
"""
    out, err = start(tmp_path, code, PYTHONWARNINGS="ignore").communicate(timeout=60)
    assert (out, err) == ("same\n", "")
