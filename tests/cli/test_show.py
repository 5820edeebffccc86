"""`refopt show`: the pages, and the other forms of a formula."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sympy as sp

from refopt import catalogue
from refopt.catalogue.candidates import named, pairs
from refopt.cli import names
from refopt.cli.adapter_example import EXAMPLE
from refopt.cli.generate import TARGETS
from refopt.cli.names import Concept
from refopt.lowering.backends import BACKENDS
from tests.cli.running import refopt

EVERYTHING: list[Concept] = [*catalogue.rules(variants=True), *catalogue.schedules(variants=True), *catalogue.objectives()]


@pytest.mark.parametrize("concept", EVERYTHING, ids=lambda c: c.name)
def test_every_page_fits_the_screen_and_names_the_source(capsys: pytest.CaptureFixture[str], concept: Concept) -> None:
    ran = refopt(capsys, "show", concept.name)
    assert ran.code == 0
    assert ran.out.startswith(f"{concept.name} - ")
    assert concept.source[0].work in ran.out
    assert ran.out.isascii()
    assert max(map(len, ran.out.splitlines())) <= 80
    assert all(f"  {h.name} " in ran.out for h in concept.hyper)


def test_the_page_of_adam_has_its_formula_defaults_and_variants(capsys: pytest.CaptureFixture[str]) -> None:
    out = refopt(capsys, "show", "adam").out
    assert "  m      <- beta1*m + (1 - beta1)*g     first moment, starts at 0\n" in out
    assert "  theta  <- theta - lr * m_hat / (sqrt(v_hat) + eps)\n" in out
    assert "  beta2   0.999   0 <= beta2 < 1   decay of the second moment\n" in out
    assert "  eps_hat       eps before the bias correction      keras, sklearn\n" in out


def test_the_page_of_a_variant_says_what_differs_and_how_to_see_it(capsys: pytest.CaptureFixture[str]) -> None:
    out = refopt(capsys, "show", "adam/eps_hat").out
    assert "Differs from adam: eps before the bias correction\n" in out
    assert "refopt diff adam adam/eps_hat\n" in out
    assert "Others met it: keras-team/keras#17391" in out


@pytest.mark.parametrize("rule", catalogue.rules(variants=True), ids=lambda r: r.name)
def test_the_sympy_source_of_a_rule_rebuilds_its_closed_form(capsys: pytest.CaptureFixture[str], rule: catalogue.Rule) -> None:
    names: dict[str, object] = {}
    exec(refopt(capsys, "show", rule.name, "--as", "sympy").out, names)
    for name, value in rule.closed_form().items():
        assert sp.simplify(names[name] - value) == 0


@pytest.mark.parametrize("schedule", catalogue.schedules(variants=True), ids=lambda s: s.name)
def test_the_sympy_source_of_a_schedule_rebuilds_its_rate(capsys: pytest.CaptureFixture[str], schedule: catalogue.Schedule) -> None:
    names: dict[str, object] = {}
    exec(refopt(capsys, "show", schedule.name, "--as", "sympy").out, names)
    if schedule.waits:  # SymPy simplifies what is put into what
        assert {str(x) for x in names["lr_k"].free_symbols} <= {"k", "metric", *schedule.hyper_names, *schedule.state_names}  # type: ignore[attr-defined]
    else:
        assert names["lr_k"] == schedule.rate.sym


@pytest.mark.parametrize("objective", catalogue.objectives(), ids=lambda o: o.name)
def test_the_sympy_source_of_an_objective_holds_its_gradient(capsys: pytest.CaptureFixture[str], objective: catalogue.Objective) -> None:
    names: dict[str, object] = {}
    exec(refopt(capsys, "show", objective.name, "--as", "sympy").out, names)
    for parameter, derivative in zip(objective.parameters, objective.gradient, strict=True):
        assert sp.simplify(names[f"J_{parameter.name}"] - derivative.sym) == 0


def test_the_numpy_form_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(refopt(capsys, "show", "adam", "--as", "numpy").out, names)
    theta = np.ones(3)
    state = names["init"](theta)  # type: ignore[operator]
    theta, state = names["step"](theta, theta, state, 1, lr=0.5)  # type: ignore[operator]
    assert theta.shape == (3,)
    assert set(state) == {"m", "v"}


def test_the_latex_form_is_the_rule_s_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert refopt(capsys, "show", "rmsprop", "--as", "latex").out == catalogue.rule("rmsprop").latex() + "\n"


@pytest.mark.parametrize("concept", EVERYTHING, ids=lambda c: c.name)
def test_the_json_page_is_one_line_with_the_fingerprint(capsys: pytest.CaptureFixture[str], concept: Concept) -> None:
    out = refopt(capsys, "show", concept.name, "--json").out
    assert out.count("\n") == 1
    assert json.loads(out)["fingerprint"] == concept.fingerprint


def test_json_and_a_form_give_the_code_in_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(refopt(capsys, "show", "sgd", "--as", "latex", "--json").out)
    assert line["code"] == catalogue.rule("sgd").latex()


def test_an_objective_has_no_numpy_form_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "show", "rosenbrock", "--as", "numpy")
    assert ran.code == 2
    assert ran.err.startswith("error: rosenbrock is an objective")


def test_the_adapter_example_is_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert refopt(capsys, "show", "adapter").out == EXAMPLE
    assert max(map(len, EXAMPLE.splitlines())) <= 80


def test_the_adapter_example_computes_adam() -> None:
    names: dict[str, object] = {}
    exec(EXAMPLE, names)
    adam = names["MyAdam"]()  # type: ignore[operator]
    theta = np.array([1.0, -2.0])
    theta, _ = adam.step(theta, np.array([3.0, 4.0]), adam.init(theta), 1, lr=0.5, eps=0.0)
    assert theta.tolist() == [0.5, -2.5]  # the first step is lr in the gradient's direction


def test_a_page_says_what_is_used_after_the_last_update_where_that_is_not_theta(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Used after the last update: (theta - (1 - beta1)*z) / beta1" in refopt(capsys, "show", "schedule_free_sgd").out
    assert json.loads(refopt(capsys, "show", "schedule_free_sgd", "--json").out)["output"] == "(theta - (1 - beta1)*z) / beta1"
    assert "Used after" not in refopt(capsys, "show", "adam").out and "output" not in json.loads(refopt(capsys, "show", "adam", "--json").out)


def test_every_backend_is_named_where_one_is_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(TARGETS.split(", ")) == sorted(BACKENDS)
    for name in BACKENDS:
        shown, made = refopt(capsys, "show", "adam", "--as", name), refopt(capsys, "generate", "adam", "--to", name)
        assert shown.code == made.code == 0 and shown.out == made.out and f"refopt generate adam --to {name}" in made.out.replace('"', " ")


def test_what_a_backend_cannot_write_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "generate", "constant", "--to", "triton")
    assert (ran.code, ran.out) == (2, "") and ran.err.startswith("error: constant cannot be written in triton: a rate is one number a step, not a kernel\n")


def test_every_name_that_a_verdict_may_tell_is_known_to_show(capsys: pytest.CaptureFixture[str]) -> None:
    told = {r.name for reference in catalogue.rules() for r in (*named(reference, frozenset(), True), *pairs(reference, True))}
    unknown = [name for name in sorted(told) if names.concept(name).name != name]
    assert not unknown
    assert "theta" in refopt(capsys, "show", "adam/eps_hat+decay").out
    assert "adam/eps_hat+decay" in refopt(capsys, "diff", "adam", "adam/eps_hat+decay").out


@pytest.mark.parametrize("name", ["one_cycle", "one_cycle/two_lines", "one_cycle/whole"])
def test_no_rate_is_shown_after_the_last_step_that_a_schedule_is_meant_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = refopt(capsys, "show", name).out.splitlines()
    line = lines[next(i for i, x in enumerate(lines) if x.split()[:2] == ["k", "0"]) + 1]
    assert all(float(x) > 0 for x in line.split()[1:]), line
