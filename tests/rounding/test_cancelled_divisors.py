"""A divisor that cancels in a sum cancels in some programs and not in others: each rounds, underflows and overflows where it forms a product."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.rounding.bound import Block, radii
from refopt.rounding.compiled import compiled
from refopt.rounding.error_bounds import ratios
from refopt.rounding.formats import FORMATS, Format
from refopt.rounding.normal_form import Atom, Sum, cancelled, multiplied, one, plus

COCOB = rule("cocob")
ELEMENTS = 500
ORDERS: dict[str, Callable[..., Any]] = {
    "the fraction first": lambda c, d, m, w: c / (d * m) * (d + w),
    "the wealth first": lambda c, d, m, w: (d + w) * c / (d * m),
    "the wealth in units of the scale": lambda c, d, m, w: c / m * ((d + w) / d),
    "one and a ratio": lambda c, d, m, w: c / m * (1 + w / d),
    "two bets": lambda c, d, m, w: c / m + c * w / (d * m),
    "two divisions": lambda c, d, m, w: c * (d + w) / d / m,
}
"""Orders of COCOB's bet: the sum of negative gradients, the scale, the larger divisor, what was won."""


def _before(f: Format) -> tuple[Block, dict[str, Any]]:
    """Gradients of every size that the format has beside scales of any, their signs and digits drawn."""
    rng = np.random.default_rng(7)

    def drawn() -> Any:
        return (rng.uniform(1, 2, ELEMENTS) * 2.0 ** rng.integers(f.emin - f.precision + 1, f.emax // 2, ELEMENTS).astype(float)).astype(f.dtype)

    g = drawn() * rng.choice([-1, 1], ELEMENTS).astype(f.dtype)
    state = {"theta": np.zeros_like(g), "scale": drawn(), "abs_sum": drawn(), "reward": drawn(), "negative_sum": drawn(), "theta_start": np.zeros_like(g)}
    hyper = {"alpha": Fraction(1, 2), "eps": Fraction(0)}
    return Block(f, hyper, 2, {n: x.astype(float).tolist() for n, x in state.items()}, g.astype(float).tolist()), {**state, "g": g}


def _exact(x: dict[str, Any], i: int) -> Fraction:
    c, d, seen, w, g = (Fraction(float(x[n][i])) for n in ("negative_sum", "scale", "abs_sum", "reward", "g"))
    c, d, seen = c - g, max(d, abs(g)), seen + abs(g)
    return c / (d * max(seen + d, d / 2)) * (d + w)


@pytest.mark.parametrize("f", FORMATS.values(), ids=list(FORMATS))
def test_each_order_of_a_bet_is_within_the_bound_whatever_the_size_of_the_gradient(f: Format) -> None:
    block, x = _before(f)
    bound = radii(COCOB, [block])[0]["theta"]
    exact = [_exact(x, i) for i in range(len(x["g"]))]
    assert bound.claims().mean() > 0.2
    c, d, seen = x["negative_sum"] - x["g"], np.maximum(x["scale"], np.abs(x["g"])), x["abs_sum"] + np.abs(x["g"])
    m = np.maximum(seen + d, np.array(0.5).astype(f.dtype) * d)
    with np.errstate(all="ignore"):
        theirs = {name: order(c, d, m, x["reward"]).astype(float) for name, order in ORDERS.items()}
    for name, values in theirs.items():
        claimed = [i for i, there in enumerate(bound.claims()) if there]
        worst = ratios(values[claimed].tolist(), [exact[i] for i in claimed], bound[np.array(claimed)]).max()
        assert worst <= 1, (name, worst)


def test_a_sum_that_its_divisor_cancels_in_stays_a_factor_and_is_multiplied_out_beside() -> None:
    a, b, c = (one(Atom(x, False, True)) for x in "abc")
    above, below = plus(a, b), ((Fraction(1), ((a[0][1][0][0], Fraction(-1)),)),)
    kept = multiplied(multiplied(c, below), above)
    assert len(kept) == 1
    assert any(isinstance(base, Sum) for base, _ in kept[0][1])
    assert len(cancelled(kept)) == 2
    assert cancelled(cancelled(kept)) == cancelled(kept)
    assert len(multiplied(c, above)) == 2, "nothing cancels"


def test_the_graph_of_a_bet_holds_it_with_its_scale_and_without() -> None:
    made = compiled(COCOB, COCOB.values(), 1)
    assert made is not None
    assert not made.dropped
    theta = next(root for root in made.roots if root.name == "theta")
    ways = made.forms.nodes[theta.value]
    assert "scale'^-1*{" in theta.value.key
    assert any(node.op == "same" and "{" in node.args[0].key and "scale'^-1*{" not in node.args[0].key for node in ways)
