"""The counts on the page of quality and in the README are those of the committed data."""

from __future__ import annotations

import shutil

import pytest

from tests.quality.counts import figures, lines, manifest_hash
from tests.quality.pages import QUALITY, README, kept


def test_the_kept_counts_are_those_of_this_run() -> None:
    assert kept(QUALITY, "counts") == "\n".join(lines())
    assert kept(README, "manifest") == f"`{manifest_hash()}`"


@pytest.mark.skipif(shutil.which("node") is None or shutil.which("gcc") is None, reason="programs in JavaScript and C need node and gcc")
def test_the_line_of_figures_is_that_of_this_run() -> None:
    assert kept(README, "figures") == "\n".join(figures())
