"""Values that are taken as others than they are sent."""

from __future__ import annotations

import pytest

from refopt.conformance.diagnose.sent import Cut, Taken, taken_otherwise
from refopt.golden import store
from tests.conformance.diagnose.test_prefilter import seen
from tests.implementations.planted import Planted
from tests.quality.bugs import bugs


def test_a_cut_takes_the_values_beyond_it_as_its_own() -> None:
    cut = Taken("lr", Cut.BELOW, "0.01")
    assert [cut.of(x) for x in ("0.001", "0.01", "0.1")] == ["0.01", "0.01", "0.1"]
    assert [Taken("lr", Cut.ABOVE, "1").changes(x) for x in (0.5, 1.0, 2.0)] == [False, False, True]


def test_what_would_change_every_value_there_is_is_no_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = next(b for b in bugs() if b.name == "momentum:momentum_never_fades")  # like a momentum that is 1 always
    assert isinstance(bug, Planted)
    cases = [c.id for c in store.cases("momentum") if "open" in c.id][:6]
    evidence = seen(bug.make, "momentum", "float64", monkeypatch, cases)
    values = [h["momentum"] for h in evidence.hypers(evidence.reference)]
    cuts = [told for told, _ in taken_otherwise(evidence, evidence.by_reference) if isinstance(told, Taken) and told.hyper == "momentum"]
    assert max(values) < 1 and all(any(not cut.changes(x) for x in values) for cut in cuts)
