"""The time of each proof."""

from __future__ import annotations

from refopt.bench.proof import FIGURES, PROOFS

LONGEST = 10.0
"""Seconds that no proof may take."""


def test_the_figure_says_what_was_proved_and_how_long_it_took() -> None:
    (found,) = FIGURES["numpy-adam"]()
    assert found.note == "refopt.generated.numpy.adam: equal adam"
    assert found.value is not None and 0 < found.value < LONGEST


def test_every_framework_has_a_figure() -> None:
    assert {text.partition(".")[0] for text, _ in PROOFS.values()} == {"torch", "optax", "keras", "sklearn", "refopt"}
