"""How much longer the steps of one rule are."""

from __future__ import annotations

from refopt import catalogue
from refopt.proof.equality import compare_rules
from refopt.report.step_ratio import Ratios, rate_ratios, step_ratios


def _ratios(first: str, second: str) -> Ratios | None:
    a, b = catalogue.rule(first), catalogue.rule(second)
    return step_ratios(a, b, compare_rules(a, b))


def test_eps_before_the_correction_is_31_6_times_as_large_in_the_first_update() -> None:
    found = _ratios("adam", "adam/eps_hat")
    assert found is not None
    assert found.head == ("t", "eps times", "10000", "100", "1")
    assert found.rows[0] == ("1", "31.6", "1.003", "1.303", "16.31")  # 1/sqrt(1 - 0.999) = 31.6; (1 + 31.6)/(1 + 1) = 16.3
    assert [row[0] for row in found.rows] == ["1", "10", "100", "1000"]


def test_after_a_fall_of_the_rate_a_velocity_that_holds_it_lags_behind() -> None:
    found = _ratios("momentum", "momentum/lr_outside")
    assert found is not None
    assert found.columns == "gradient; after t = 10 the rate is a tenth"
    assert found.rows[0][1:] == ("1.000",) * 4
    assert all(cell != "1.000" for cell in found.rows[1][1:])


def test_a_difference_that_no_small_run_shows_has_no_table() -> None:
    assert _ratios("momentum", "momentum/dampened") is None  # its dampening is 0 by default


def test_rates_are_shown_at_the_ends_of_the_period() -> None:
    found = rate_ratios(catalogue.schedule("cosine_annealing"), catalogue.schedule("cosine_annealing/periodic"))
    rates = {row[0]: row[1:] for row in found.rows}
    assert rates["0"][0] == rates["0"][1]
    assert any(a != b for a, b in rates.values())
