"""API.md is what the docstrings say, and names everything that people import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import refopt

ROOT = Path(__file__).parents[2]


def test_the_page_of_the_api_is_current() -> None:
    made = subprocess.run([sys.executable, "-m", "tests.api_page"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "API.md").read_text(encoding="utf-8") == made, "write it anew: python -m tests.api_page > API.md"
    assert all(f"### `refopt.{name}`" in made for name in refopt.__all__)
    assert " at 0x" not in made
