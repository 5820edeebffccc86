"""The counts in the README are those of the committed data."""

from __future__ import annotations

from tests.quality.counts import README, between, lines, manifest_hash


def test_the_counts_in_the_readme_are_those_of_this_run() -> None:
    text = README.read_text()
    assert between(text, "counts") == "\n".join(lines())
    assert between(text, "manifest") == f"`{manifest_hash()}`"
