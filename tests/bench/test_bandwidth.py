"""What the memory allows is measured by moving what an update moves: g read, theta and the state read and written, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt.bench import bandwidth
from refopt.bench.bandwidth import evictor, memory_only
from refopt.optim import threads


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(("written", "dtype", "workers"), [(1, "float32", 1), (2, "float64", 1), (3, "float32", 2), (4, "float64", 3)])
def test_every_element_is_added_once(compiled: bool, written: int, dtype: str, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[np.ndarray] = []
    ones = np.ones

    def kept(*arguments: object) -> np.ndarray:
        made.append(ones(*arguments))  # type: ignore[call-overload]
        return made[-1]

    monkeypatch.setattr(bandwidth.np, "ones", kept)
    monkeypatch.setattr(threads, "WORTH", 100)
    if not compiled:
        monkeypatch.setattr(bandwidth, "_compiled", lambda arrays, g: None)
    run = memory_only(written, 1003, dtype, workers)
    for _ in range(3):
        run()
    assert [x.dtype.name for x in made] == [dtype] * (written + 1)
    g, *others = made
    assert (g == 1).all() and len(others) == written
    for x in others:
        assert (x == 4).all()


def test_the_caches_are_swept_with_twice_what_the_largest_holds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bandwidth, "CACHE", 1000)
    monkeypatch.setattr(bandwidth, "CACHES", tmp_path)
    for text, size in ((None, 1000), ("48K", 48 << 10), ("2M", 2 << 20), ("unknown", 2 << 20), ("900M", bandwidth.LARGEST // 2)):
        if text is not None:
            file = tmp_path / f"index{text}" / "size"
            file.parent.mkdir()
            file.write_text(f"{text}\n", encoding="ascii")
        sweep: Any = evictor()
        (other, _), out = sweep.args, sweep.keywords["out"]
        assert other is out and other.nbytes == 2 * size
    sweep()
    assert (other == 2).all()
