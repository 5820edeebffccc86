"""The figures of many small tensors are there; how large they are is measured on an idle machine, not here."""

from __future__ import annotations

from refopt.bench.tensors import FIGURES, made, update


def test_making_and_updating_few_tensors_gives_each_figure() -> None:
    assert list(FIGURES) == ["make", "update"]
    assert made(20).name == "make Adam of 20 tensors"
    own, share = update(20)
    assert own.value is not None
    assert own.value >= 0
    assert (share.value is None) == ("not installed" in share.note)
