"""Decisions on symbols: decided by what is known, else both ways are followed and joined."""

from __future__ import annotations

from fractions import Fraction

from refopt.language.evaluate import rational
from refopt.language.expression import Expression, maximum, scalar, t, tensor
from refopt.lifting.assumption import of_zero
from refopt.lifting.paths import Facts, counter_stops, decide, explore
from refopt.lifting.scalar import Scalar
from tests.lifting.refused import refused

a, b = tensor("a"), tensor("b")
eps = scalar("eps", sign="nonnegative")
A, B, EPS, T = Scalar(a), Scalar(b), Scalar(eps), Scalar(t)


def _read(choose: Scalar) -> dict[str, Expression]:
    return {"theta": choose.tree}


def test_a_decision_outside_code_that_is_read_is_refused() -> None:
    with refused("outside"):
        bool(A > B)


def test_python_maximum_is_the_maximum() -> None:
    assert explore(lambda: _read(max(A, B)), Facts()).values["theta"] in (maximum(a, b), maximum(b, a))


def test_what_both_paths_share_stands_outside_the_choice() -> None:
    found = explore(lambda: _read((A if A >= B else B) * EPS + 1), Facts()).values["theta"]
    assert found == maximum(a, b) * eps + 1


def test_every_path_of_nested_choices_is_followed() -> None:
    def code() -> dict[str, Expression]:
        if A > 0:
            return _read(A if B > 0 else -A)
        return _read(B if B < -3 else Scalar(a - b))

    tree = explore(code, Facts()).values["theta"]
    for x in (-2, 0, 2):
        for y in (-5, 0, 5):
            expected = (x if y > 0 else -x) if x > 0 else (y if y < -3 else x - y)
            assert rational(tree, {"a": Fraction(x), "b": Fraction(y)}) == expected


def test_what_is_known_decides() -> None:
    facts = Facts((eps < 1,), {"t": 2})
    found = explore(lambda: _read(A if EPS < 1 and T >= 2 and T != 1 and EPS >= 0 and not EPS > 1 else B), facts)
    assert found.values["theta"] == a


def test_the_path_of_a_zero_that_the_other_path_covers_leaves_no_choice() -> None:
    found = explore(lambda: _read(A + EPS * B if EPS != 0 else A), Facts(), {"eps": True})
    assert found.values["theta"] == a + eps * b and found.assumed == ()


def test_the_path_of_a_zero_that_is_something_else_is_noted() -> None:
    found = explore(lambda: _read(A + EPS * B if EPS != 0 else B), Facts(), {"eps": True}, fixed=True)
    assert found.values["theta"] == a + eps * b and found.assumed == (of_zero("eps", True),)


def test_the_path_of_a_zero_stays_a_choice_where_the_value_may_change() -> None:
    found = explore(lambda: _read(A + EPS * B if EPS != 0 else B), Facts(), {"eps": True})
    assert found.values["theta"].op == "where" and found.assumed == ()


def test_a_late_update_is_a_branch_like_any_other_in_python() -> None:
    found = explore(lambda: _read(T + 1 if T < 2**31 - 1 else T), Facts())
    assert found.values["theta"].op == "where" and found.assumed == ()


def test_only_the_last_number_of_a_counter_counts_as_one() -> None:
    assert counter_stops((T < 2**31 - 1).tree) == (True, 2**31 - 1)
    assert counter_stops((T < 2**31 - 2).tree) is None and counter_stops((T > 20_000_000).tree) is None


def test_different_states_on_two_paths_are_refused() -> None:
    with refused("other names"):
        explore(lambda: {"theta": a, "m": b} if A > B else {"theta": a}, Facts())


def test_the_same_question_has_the_same_answer_on_a_path() -> None:
    def code() -> dict[str, Expression]:
        assert decide(a > b) == decide(a > b)
        return _read(A)

    assert explore(code, Facts()).values["theta"] == a
