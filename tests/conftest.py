"""What holds for every test: the tests themselves run side by side, so that no `check` starts a second process unless it is asked to; JAX, which
compiles each operation anew for each shape in each process, keeps what it has compiled for the processes that follow. Tests of whole commands
come first, since the longest are among them: no process is left with one when the others are done. A test that does not end ends its process, so
that it fails by its name and the others go on. Modules and tests stay for good, so that
Python need not look through them for what can be freed."""

from __future__ import annotations

import atexit
import faulthandler
import gc
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

os.environ.setdefault("REFOPT_PROCESSES", "1")
os.environ.setdefault("REFOPT_ISOLATED", "0")  # a process each would cost a second in each of many tests; tests/frameworks/isolated turns it on

if "PYTEST_XDIST_WORKER" not in os.environ or "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    compiled = tempfile.mkdtemp(prefix="refopt-compiled-")
    atexit.register(shutil.rmtree, compiled, ignore_errors=True)
    os.environ["JAX_COMPILATION_CACHE_DIR"] = compiled
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"
else:  # JAX does not lock what it writes: each worker has a folder of its own
    os.environ["JAX_COMPILATION_CACHE_DIR"] = os.path.join(os.environ["JAX_COMPILATION_CACHE_DIR"], os.environ["PYTEST_XDIST_WORKER"])

gc.set_threshold(50_000, 20, 50)

LONGEST = 900
"""Seconds after which a test is taken to have no end: ten times what the longest takes."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """End the process of a test that does not end."""
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of this folder itself first."""
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent)


def pytest_collection_finish() -> None:
    """What is there before the first test is no garbage later."""
    gc.freeze()
