"""Compilers of other languages; a test that needs one that is not installed says so."""

from __future__ import annotations

import shutil

import pytest


def tool(*names: str) -> str:
    """The first of these programs that is installed."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"{' or '.join(names)} is not installed")
    return found


@pytest.fixture
def compiler() -> str:
    """A C compiler."""
    return tool("gcc", "cc", "clang")
