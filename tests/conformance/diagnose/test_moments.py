"""When updates fail, in words."""

from __future__ import annotations

import pytest

from refopt.conformance.diagnose.moments import Period, Span, moments, widened
from refopt.report.place_words import update
from refopt.report.words import told

SEEN = [*range(1, 1031), 2500, 2501, 4096, 65536]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (range(11, 201), "at t = 11 to 200"),
        ([t for t in SEEN if t >= 1000], "for t >= 1000"),
        ([t for t in SEEN if t > 2000], "for t >= 2500 (right up to t = 1030)"),
        ([1], "at t = 1"),
        ([7], "at t = 7"),
        ([t for t in SEEN if 600 < t < 2501], "at t = 601 to 2500"),
    ],
)
def test_a_span_says_what_was_seen(wrong: list[int], text: str) -> None:
    right = [t for t in SEEN if t not in set(wrong)]
    (found,) = moments(list(wrong), right)
    assert isinstance(found, Span) and told(widened(found, right, right)) == text


def test_regular_updates_are_a_period() -> None:
    wrong = [t for t in SEEN if t % 100 == 0]
    found = next(moments(wrong, [t for t in SEEN if t % 100]))
    assert found == Period(100) and told(found) == "at t = 100 k"


def test_a_span_is_told_as_open_where_nothing_speaks_against_it() -> None:
    assert told(widened(Span(1000, 4096), [5, 999], [*range(1, 1000), 65536])) == "for t >= 1000"


def test_powers_of_two_are_told_as_such() -> None:
    assert [update(t) for t in (256, 2**31, 2**31 - 1, 2**16 + 1)] == ["256", "2^31", "2^31 - 1", "2^16 + 1"]
