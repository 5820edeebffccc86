"""Bits across languages: C, JavaScript and Rust compute what NumPy computes, and what the page of quality says of the rest has a cause that is measured."""

from __future__ import annotations

import numpy as np
import pytest

from refopt.frameworks import load
from refopt.language.expression import Kind
from refopt.language.operations import SMOOTH
from refopt.lowering.printer import is_integer_power
from tests.generated.programs import RULES, SCHEDULES
from tests.quality.bits import DTYPES, ROOTS, ROWS, Difference, difference, of_rule, of_schedule, plain
from tests.quality.pages import QUALITY, kept

WEIGHED = ("schedule_free_adamw", "schedule_free_adamw/max_rate", "schedule_free_adamw/decay_of_theta")
OTHER: dict[str, set[tuple[str, str]]] = {
    "C": {(name, "float32") for name in ("schedule_free_sgd", "schedule_free_sgd/max_rate", "asgd/rate_before", *WEIGHED)},
    "JavaScript": {("asgd", "float64"), ("asgd/rate_before", "float64"), ("asgd/rate_before", "float32"), ("adopt/clip_exponent", "float64"),
                   ("noisy_sgd", "float64")},
    "Rust": set(),
}  # fmt: skip
"""Rules and formats with other bits: a real power is as each language's library has it, and the flat wire rounds a state of one value to its format."""
POWERS = frozenset(r.name for r in RULES if any(n.op == "pow" and not is_integer_power(n) for let in r.steps for n in let.value.walk()))
"""Rules that raise to a real power."""
CUBED = frozenset(r.name for r in RULES if any(n.op == "cbrt" for let in r.steps for n in let.value.walk()))
"""Rules with a cube root of elements, whose last bit is as each library has it, and NumPy's as its processor has: nothing is said of their bits."""


@pytest.mark.parametrize("language", ["C", "JavaScript", "Rust"])
def test_every_rule_has_the_bits_of_the_numpy_code_but_where_powers_or_the_wire_differ(language: str) -> None:
    with ROWS[language].runner() as (run, _):
        assert {(r.name, d) for r in RULES for d in DTYPES if r.name not in CUBED and of_rule(run, r, d) != Difference()} == OTHER[language]
    rounded = {r.name for r in RULES if any(s.kind is Kind.REAL for s in r.scalar_state)}
    assert {name for name, _ in OTHER[language]} <= POWERS | rounded


@pytest.mark.parametrize("language", ["C", "JavaScript", "Rust"])
def test_every_rate_made_of_sums_products_and_quotients_has_the_bits_of_the_numpy_code(language: str) -> None:
    rates = ROWS[language].rates
    assert rates is not None
    plain_ones = [s for s in SCHEDULES if not any(n.op in SMOOTH or (n.op == "pow" and not is_integer_power(n)) for n in s.rate.walk())]
    assert {"constant", "step_decay", "multi_step", "exponential", "warmup", "linear", "constant_factor"} <= {s.name for s in plain_ones}
    assert {s.name: of_schedule(rates, s) for s in plain_ones} == {s.name: Difference() for s in plain_ones}


@pytest.mark.parametrize("dtype", DTYPES)
def test_torch_has_other_bits_only_where_a_root_is_taken(dtype: str) -> None:
    pytest.importorskip("torch", reason="torch is measured where it is installed")
    with ROWS["PyTorch"].runner() as (run, _):
        assert {r.name for r in RULES if of_rule(run, r, dtype).numbers} <= ROOTS | CUBED


@pytest.mark.parametrize("dtype", DTYPES)
def test_jax_has_other_bits_only_where_it_divides_by_a_scalar_or_adds_a_product_at_once(dtype: str) -> None:
    pytest.importorskip("jax", reason="jax is measured where it is installed")
    divides = {r.name for r in RULES for let in r.steps for n in let.value.walk() if n.op == "div" and not n.args[0].is_scalar and n.args[1].is_scalar}
    with ROWS["JAX"].runner() as (run, _):
        other = {r.name for r in RULES if of_rule(run, r, dtype).numbers}
        assert other <= divides | POWERS | CUBED | {"adamw", "adamaxw", "sgdw", "sgdw/lr_inside", "nesterov/velocity", "cocob", "cocob/bet"}


def test_a_difference_is_seen_and_counted_in_units_of_the_largest_value() -> None:
    a = np.array([[1.0, 2.0], [0.0, 3.0]])
    b = a.copy()
    b[1, 0] = np.spacing(1.0) * 3
    assert difference(a, b) == Difference(1, 3.0)
    assert difference(a, a) == Difference() and difference(np.array([[np.nan]]), np.array([[np.nan]])) == Difference()


def test_the_code_of_another_formula_has_other_bits() -> None:
    wrong, right = (next(r for r in RULES if r.name == name) for name in ("adam/eps_hat", "adam/uncorrected"))
    code = load("refopt.generated.numpy.adam_eps_hat", wrong.name)
    with plain(lambda rule, asked: code.run(asked)) as (run, _):  # type: ignore[union-attr]
        assert of_rule(run, right, "float64").numbers > 0


def test_the_readme_has_a_row_for_each_backend_that_was_measured() -> None:
    rows = [line.split("|")[1].strip() for line in kept(QUALITY, "bits").splitlines() if line.startswith("| ")][1:]
    assert [row for row in rows if row != "---"] == list(ROWS)
