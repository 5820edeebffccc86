"""The ground of a verdict is what the answered cases hold, and what was declined is listed beside it."""

from __future__ import annotations

from refopt.catalogue import rule
from refopt.conformance.judge.looked_at import joined, looked_at, spans
from refopt.conformance.protocol.implementation import Implementation
from refopt.conformance.protocol.observe import observe
from refopt.frameworks import load
from refopt.golden import store
from refopt.rounding.formats import number_format


def test_whole_numbers_are_told_as_spans() -> None:
    assert spans([3, 1, 2, 7, 9, 8]) == ((1, 3), (7, 9))
    assert spans([]) == ()


def test_sizes_shapes_and_updates_are_those_of_the_answered_cases() -> None:
    implementation, f = load("refopt.generated.numpy.adam"), number_format("float32")
    assert isinstance(implementation, Implementation)
    cases = [c for c in store.packed_cases("adam") if c.id in ("adam-open-shapes-001", "adam-resume-001", "adam-reject-001", "adam-open-rate-001")]
    seen = looked_at([observe(implementation, rule("adam"), c, f) for c in cases], rule("adam"))
    assert seen.cases == 3, "what must be refused is no ground"
    assert (3, 5) in seen.shapes and 67 in seen.sizes and 5 in seen.tensors
    assert seen.updates[0] == (1, 10) and 250 in seen.resumed and seen.changing
    assert seen.at_zero == ("lr",), "the changing rate ends at 0"


def test_what_is_declined_is_listed_with_its_reason() -> None:
    implementation, f = load("torch.optim.SGD"), number_format("float32")
    assert isinstance(implementation, Implementation)
    cases = [c for c in store.packed_cases("adamw") if c.id == "adamw-open-decay-001"]
    seen = looked_at([observe(implementation, rule("adamw"), c, f) for c in cases], rule("adamw"))
    assert [case for case, _ in seen.declined] == ["adamw-open-decay-001"] and seen.declined[0][1]
    assert joined([seen, seen]).declined == seen.declined
