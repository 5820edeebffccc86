"""Where a tree is zero is read off the signs of its parts."""

from __future__ import annotations

from refopt.language.expression import Expression, g, operation, scalar, theta, where
from refopt.lifting.ranges import Ranges
from refopt.lifting.zeros import All, Atom, One, follows, zeros

a, b = scalar("a", sign="nonnegative"), scalar("b", sign="nonnegative")


def _of(tree: Expression, *, wide: bool = True) -> object:
    return zeros(tree, Ranges({}), wide=wide)


def test_a_sum_of_what_is_not_negative_is_zero_where_both_are() -> None:
    assert _of(a + b) == All((Atom("a"), Atom("b")))
    assert not isinstance(_of(g + theta), All)


def test_a_product_is_zero_where_one_is() -> None:
    assert _of(a * g) == One((Atom("a"), Atom("g")))


def test_a_choice_is_zero_in_too_many_or_in_too_few_places_as_it_is_asked() -> None:
    tree = where(operation("gt", g, 0), a, b)
    assert _of(tree) == One((Atom("a"), Atom("b"))) and _of(tree, wide=False) == All((Atom("a"), Atom("b")))


def test_what_holds_wherever_another_does_follows_from_it() -> None:
    both, one = All((Atom("a"), Atom("b"))), One((Atom("a"), Atom("b")))
    assert follows(both, one) and not follows(one, both) and follows(False, both) and not follows(True, both)
