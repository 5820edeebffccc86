"""Variants that carry over from the rule that another is made from, and the causes that such implementations meet."""

from __future__ import annotations

from fractions import Fraction

import pytest

import refopt
from refopt.catalogue import rule
from refopt.catalogue.candidates import tied
from refopt.catalogue.derived_variants import MADE_FROM, carried_over
from refopt.conformance.diagnose.formulas import composed
from refopt.conformance.diagnose.precision_causes import causes, coefficients, formed
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.verdict.judgement import judge
from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.proof.same_formula import same_formula
from refopt.report.words import told_or_none
from refopt.rounding.formats import BFLOAT16, FLOAT64
from tests.catalogue.own.own_nadam import OWN_NADAM as NADAM
from tests.implementations.arithmetic import mean, rounded
from tests.implementations.program import Array, Result, State, program


@pytest.mark.parametrize("name", list(MADE_FROM))
def test_what_is_made_from_the_base_is_the_reference_itself(name: str) -> None:
    base, make = MADE_FROM[name]
    made, reference = make(rule(base)), rule(name)
    assert same_formula(made, reference, [in_force(made, {}, {})], [in_force(reference, {}, {})])


@pytest.mark.parametrize(("name", "suffix"), [("adamw", "decay"), ("amsgrad", "amsgrad")])
def test_every_variant_without_decay_of_its_own_carries_over_and_is_another_formula(name: str, suffix: str) -> None:
    found = carried_over(rule(name))
    assert [r.name for r in found] == [f"adam/{v}+{suffix}" for v in ("eps_hat", "eps_in_sqrt", "uncorrected")]
    for other in found:
        assert not same_formula(other, rule(name), [in_force(other, {}, {})], [in_force(rule(name), {}, {})])


@pytest.mark.parametrize(("name", "wished"), [("amsgrad", "adam/eps_hat+amsgrad"), ("adam", "adam/eps_hat+adam/l2")])
def test_a_formula_made_of_two_can_be_wished_for_by_the_name_that_a_verdict_gives_it(name: str, wished: str) -> None:
    verdict = judge(load(f"refopt.generated.numpy.{name}"), dtypes=["float32"], cases=[f"{name}-open-low-001"], expected=wished)
    assert (verdict.expected, verdict.worst.verdict, verdict.exit) == (wished, "conforms", 1)
    with pytest.raises(RefoptError, match="eps_hut"):
        judge(load(f"refopt.generated.numpy.{name}"), expected="adam/eps_hut+amsgrad")


def test_nothing_carries_over_to_a_rule_that_stands_by_itself() -> None:
    assert carried_over(rule("adam")) == carried_over(rule("momentum")) == ()


def test_a_power_of_one_is_exact_however_it_is_formed() -> None:
    correction = next(c for c in coefficients(rule("adam")) if "beta2" in str(c) and c.args[1].op == "pow")
    assert formed(correction, {"beta2": Fraction(0.999)}, 5, BFLOAT16) == (0, 0)
    value, slack = formed(correction, {"beta2": Fraction(0.9)}, 5, BFLOAT16)
    assert 0 < slack < value


def test_one_hyperparameter_alone_may_pass_through_a_narrower_format() -> None:
    texts = [told_or_none(c.of) or "" for c in causes(Model("adam", rule("adam")), in_force(rule("adam"), {}, {}), FLOAT64)]
    assert "hyperparameters pass through float32: lr, where 0.001 is 0.0010000000475" in texts
    lr_alone = texts.index("hyperparameters pass through float32: lr, where 0.001 is 0.0010000000475")
    assert lr_alone < texts.index("hyperparameters pass through float32, where 0.999 is 0.99900001287")


def test_a_hyperparameter_that_is_not_sent_may_always_be_that_of_another() -> None:
    (dampened, raw) = tied(rule("momentum"))
    assert [r.name for r in (dampened, raw)] == ["momentum/dampened at dampening = momentum", "momentum/raw_start at dampening = momentum"]
    assert dampened.hyper_names == rule("momentum").hyper_names and composed(dampened.name) == dampened
    assert tied(rule("momentum"), frozenset({"dampening"})) == tied(rule("sgd")) == ()
    assert [r.name for r in tied(rule("adabelief"))] == ["adabelief at eps_root = eps"]
    assert tied(rule("adam")) == ()  # its variant has a weight decay, which nobody takes for a rate


@program("v")
def mean_of_gradients(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Momentum as a weighted mean, the first one the first gradient itself."""
    (rate,) = rounded(theta, lr)
    v = grad if t == 1 else mean(state["v"], grad, momentum)
    return theta - rate * v, {"v": v}


def test_a_mean_of_gradients_is_a_known_variant_of_momentum() -> None:
    cases = [f"momentum-open-{kind}-001" for kind in ("basic", "low", "rate", "shapes")]
    report = refopt.check(mean_of_gradients, "momentum", dtypes=["float64"], cases=cases)
    assert (report.footer["verdict"], report.footer["matches"]) == ("variant", "momentum/raw_start at dampening = momentum")


def test_a_coefficient_is_of_a_hyperparameter_and_not_of_a_number_that_the_rule_computes() -> None:
    """NAdam takes its momentum, and the product of all of them, off 1."""
    found = [str(c) for c in coefficients(NADAM)]
    assert found and not any("mu" in c for c in found), found
