"""Every name that a screen may print is understood wherever a name is typed: show, diff, identify, --as, --rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt import catalogue, check
from refopt.catalogue.candidates import named, pairs
from refopt.cli import names
from refopt.conformance.diagnose.formulas import composed, reference_of, rule_named, rule_or_schedule
from refopt.conformance.verdict.question import judged_by
from refopt.errors import RefoptError
from refopt.golden.mutants import formula
from refopt.identify.candidates import levels
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.backends import BACKENDS
from tests.cli.running import refopt

CHECKED = {r.name: r for ref in catalogue.rules() for r in (*named(ref, frozenset(), True), *pairs(ref, True), ref)}
"""What a verdict of `check` may name."""
EVERY = levels()
IDENTIFIED = {r.name: r for r in (*EVERY.named, *EVERY.decaying, *EVERY.by_value, *EVERY.by_norm)}
"""What `identify` may name."""


def _narrowed() -> dict[str, Rule]:
    """What `identify --rule NAME` may name besides."""
    found: dict[str, Rule] = {}
    for name in ("adam/eps_hat+decay", "sgd+l2", "rmsprop/eps_in_sqrt+rmsprop/centered"):
        only = levels(rule_named(name))
        found |= {r.name: r for r in (*only.named, *only.decaying, *only.by_value, *only.by_norm)}
    return found


@pytest.mark.parametrize("printed", [CHECKED, IDENTIFIED, _narrowed()], ids=["check", "identify", "identify --rule"])
def test_a_name_that_is_printed_is_that_very_formula_wherever_it_is_typed(printed: dict[str, Rule]) -> None:
    assert len(printed) > 5
    for name, r in printed.items():
        for found in (names.concept(name), names.rule_or_schedule(name), rule_named(name), rule_or_schedule(name)):
            assert isinstance(found, Rule) and (found.name, formula(found)) == (name, formula(r)), name


def test_what_a_verdict_names_can_be_asked_for_as_a_rule_and_is_judged_by_a_reference_that_it_may_explain() -> None:
    for name, r in CHECKED.items():
        concept, meant = judged_by(name)
        if name in {x.name for x in catalogue.rules(variants=True)}:
            assert (concept.name, meant) == (name, None)
        else:
            assert meant == name and not concept.is_variant
            assert "weight_decay" not in r.hyper_names or "weight_decay" in concept.hyper_names or not _has_decaying_reference(name), (name, concept.name)
    assert judged_by("adam/eps_hat+decay")[0].name == "adamw"
    with pytest.raises(RefoptError, match=r"adam\+clip_norm has no golden cases"):
        reference_of(rule_named("adam+clip_norm"))


def _has_decaying_reference(name: str) -> bool:
    decaying = [ref for ref in catalogue.rules() if "weight_decay" in ref.hyper_names]
    return any(x.name == name for ref in decaying for x in (*named(ref, frozenset(), True), *pairs(ref, True)))


@pytest.mark.parametrize("s", catalogue.schedules(variants=True), ids=lambda s: s.name)
def test_a_schedule_is_known_by_its_name_and_identify_says_that_it_is_one(s: Schedule) -> None:
    assert names.concept(s.name) is rule_or_schedule(s.name) is judged_by(s.name)[0] is s
    with pytest.raises(RefoptError, match="is a schedule, not a rule"):
        rule_named(s.name)


@pytest.mark.parametrize("name", ["adam+nothing", "adamw+decay", "sgd+amsgrad", "+", "adam+", "nothing+decay"])
def test_what_nothing_prints_is_an_error_of_one_line(capsys: pytest.CaptureFixture[str], name: str) -> None:
    for command in (("show", name), ("diff", "adam", name), ("check", "numpy.adam", "--rule", name), ("check", "numpy.adam", "--as", name)):
        ran = refopt(capsys, *command)
        assert (ran.code, ran.out) == (2, "") and ran.err.startswith("error: ") and "Traceback" not in ran.err, command


class _DecayingEpsHat:
    """keras' AdamW: theta's decay, and eps before the correction."""

    def init(self, theta: np.ndarray) -> dict[str, np.ndarray]:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(
        self, theta: np.ndarray, grad: np.ndarray, state: dict[str, np.ndarray], t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999,
        eps: float = 1e-8, weight_decay: float = 0.01,
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:  # fmt: skip
        m = beta1 * state["m"] + (1 - beta1) * grad
        v = beta2 * state["v"] + (1 - beta2) * grad**2
        rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
        return theta - lr * weight_decay * theta - rate * m / (np.sqrt(v) + eps), {"m": m, "v": v}


def test_a_composed_name_can_be_the_rule_that_is_meant() -> None:
    few: dict[str, Any] = {"dtypes": ["float64"], "cases": ["adamw-open-basic-001", "adamw-open-low-001", "adamw-open-eps-001"], "search": 0}
    meant = check(_DecayingEpsHat, "adam/eps_hat+decay", **few)
    assert (meant.verdict, meant.footer["matches"], meant.exit) == ("variant", "adam/eps_hat+decay", 0)
    other = check(_DecayingEpsHat, "adam/eps_in_sqrt+decay", **few)
    assert (other.verdict, other.exit) == ("variant", 1)


def test_show_and_diff_and_code_are_made_of_a_composed_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert "clip_norm" in refopt(capsys, "show", "sgd+clip_norm").out
    assert "weight_decay" in refopt(capsys, "diff", "adam/eps_hat", "adam/eps_hat+decay").out
    for form in BACKENDS:
        ran = refopt(capsys, "show", "adam/eps_hat+decay", "--as", form)
        assert ran.code == 0 and "weight_decay" in ran.out, form


def test_identify_can_be_narrowed_to_a_composed_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(12)
    theta, g = np.zeros((7, 3)), rng.normal(size=(6, 3))
    theta[0] = rng.normal(size=3)
    for t in range(6):
        theta[t + 1] = theta[t] - 0.125 * (g[t] + 0.5 * theta[t])
    np.savez(tmp_path / "log.npz", theta=theta, g=g)
    ran = refopt(capsys, "identify", str(tmp_path / "log.npz"), "--rule", "sgd+l2")
    assert ran.code == 0 and "sgd" in ran.out, ran.out
    assert composed("sgd+l2") is not None
