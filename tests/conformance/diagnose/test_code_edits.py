"""Edits of code, of a run's gradients and of several assignments at once: new formulas, told in one line, that explain what they should."""

from __future__ import annotations

import re

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule, rules
from refopt.conformance.diagnose.code_edits import code_edits
from refopt.conformance.diagnose.compound_edits import rule_slips
from refopt.conformance.diagnose.edits import edits
from refopt.conformance.diagnose.gradient_edits import GRADIENT_EDITS
from refopt.golden.mutants import formula
from refopt.language.rule import Rule
from refopt.report.words import told
from tests.implementations.arithmetic import mean, rounded
from tests.implementations.planted import code
from tests.implementations.program import Array, Factory, Result, State, program


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_no_edit_is_made_twice_and_none_was_tried_before(r: Rule) -> None:
    texts = [formula(e.rule) for e in code_edits(r)]
    assert len(set(texts)) == len(texts) > 0
    assert not {formula(r), *(formula(e.rule) for e in (*edits(r), *rule_slips(r)))} & set(texts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("adam", "v_hat: 1 - beta2^t -> 1 - 0.999^t"),
        ("adam", "m: g -> abs(g)"),
        ("adam", "m: m and g exchanged"),
        ("adam", "everywhere: m and v are one buffer"),
        ("adam", "v: sqrt(v_hat) + eps is kept in its place"),
        ("adam", "theta: sqrt(v_hat) + eps -> max(sqrt(v_hat), eps)"),
        ("adam", "theta: sqrt(v_hat) + eps -> where(sqrt(v_hat) = 0, eps, sqrt(v_hat))"),
        ("adam", "theta: v_hat -> max(v_hat, eps)"),
        ("adam", "theta: sqrt(v_hat) + eps -> sqrt(where(v_hat = 0, eps, v_hat))"),
        ("adam", "v: beta2*v + (1 - beta2)*g^2 -> max(beta2*v + (1 - beta2)*g^2, eps)"),
        ("adam", "v: g^2 -> g*m"),
        ("adam", "v: g -> g - m"),
        ("adam", "everywhere: t -> max(t - 1, 1)"),
        ("adam", "everywhere: not corrected at t = 1"),
        ("adam", "m_hat: m -> beta1*m + (1 - beta1)*g"),
        ("adam", "m: beta1*m + (1 - beta1)*g -> m + (1 - beta1)*(g + m)"),
        ("sgd", "g: clipped to [-5, 5]"),
        ("sgd", "everywhere: lr -> lr / sqrt(t)"),
        ("sgd", "everywhere: g -> g + 0.0005*theta"),
        ("rmsprop", "theta: v -> v / (1 - rho^t)"),
        ("rmsprop", "theta: lr * g / (sqrt(v) + eps) -> lr*g*(1 / sqrt(v) + eps)"),
        ("rmsprop", "theta: sqrt(v) + eps -> sqrt(v), and v: rho*v + (1 - rho)*g^2 -> rho*v + (1 - rho)*g^2 + eps"),
        ("sign_sgd", "theta: sign(g) -> g / (abs(g) + 0.00000001)"),
        ("lion", "theta: sign(c) -> c / max(abs(c), 0.000001)"),
        ("yogi", "v: v - (1 - beta2)*sign(v - g^2)*g^2 -> beta2*v + (1 - beta2)*g^2"),
        ("yogi", "v: g^2 -> v - g^2"),
        ("optimistic_gd", "everywhere: beta -> -beta"),
        ("laprop", "m: lr * (1 - beta1) * g / (sqrt(v_hat) + eps) -> lr*(1 - beta1)*g, "
                   "and theta: theta - m / (1 - beta1^t) -> theta - m / (1 - beta1^t) / (sqrt(v_hat) + eps)"),
        ("adamw", "everywhere: g -> g + weight_decay*theta"),
        ("adamw", "theta: m_hat -> m_hat + weight_decay*theta"),
        ("adamw", "m: g -> g + weight_decay*theta, and the decay is left out"),
    ],
)
def test_what_people_write_is_among_them(name: str, text: str) -> None:
    lines = {told(e.change) for e in code_edits(rule(name))}
    assert text in lines, sorted(lines)


G = np.array([1.0, 0.0, 2.0])
ROWS = [(G, np.zeros(2)), (None, np.ones(2)), (3 * G, np.ones(2))]


@pytest.mark.parametrize(
    ("number", "first", "second"),
    [
        (0, [[0, 0, 0], None, [1, 0, 2]], [[0, 0], [0, 0], [1, 1]]),
        (1, [[1, 0, 2], None, [4, 0, 8]], [[0, 0], [1, 1], [2, 2]]),
        (2, [[1, 0, 2], None, [3, 0, 6]], [None, None, None]),
        (3, [[1, 0, 2], None, [3, 0, 6]], [None, [1, 1], [1, 1]]),
    ],
)
def test_gradients_as_an_implementation_takes_them(number: int, first: list[object], second: list[object]) -> None:
    told = GRADIENT_EDITS[number].changed(ROWS)
    assert [tuple(None if g is None else g.tolist() for g in row) for row in told] == list(zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("make", "rule_name", "edit"),
    [
        (code.sgd_gradients_add_up, "sgd", "run: gradients add up, they are never set back to zero"),
        (code.sgd_gradient_of_the_step_before, "sgd", "run: each gradient comes one update late"),
        (code.sgd_first_tensor_only, "sgd", "in every tensor but the first: theta is never updated"),
        (code.adam_one_count_for_all_tensors, "adam", "run: one count is shared by all tensors: it goes up with each of them, from 1 in a new run"),
        (code.sgd_fourth_lane, "sgd", "in every 4th element, from number 3 on: theta is never updated"),
        (code.momentum_corrected_average, "momentum", "theta: v -> v / (1 - momentum^t)"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_run_or_several_assignments_are_named(make: Factory, rule_name: str, edit: str) -> None:
    report = refopt.check(make, rule_name, dtypes=["float64"])
    assert report.footer["verdict"] == "deviates"
    assert str(report.footer["edit"]).endswith(edit), report.footer
    screen = str(report)
    if edit.startswith("run: "):
        assert re.search(r"One edit of the run explains all \d+ failing cases of ", screen), screen
        assert edit in " ".join(screen.split()) and "place" not in screen, screen
    elif "; " in edit:
        assert "2 edits of the formula of momentum/lr_outside explain all" in screen, screen


@program()
def tail_climbs(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """theta + lr g after the last full block of 8."""
    tail = (np.arange(theta.size) >= theta.size // 8 * 8).reshape(theta.shape)
    return np.where(tail, theta + theta.dtype.type(lr) * grad, theta - theta.dtype.type(lr) * grad), {}


@program()
def one_value_is_wrong(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """A step that is ten times too long where the gradient is positive: no place, but a condition."""
    return np.where(grad > 0, theta - theta.dtype.type(10 * lr) * grad, theta - theta.dtype.type(lr) * grad), {}


def test_the_formula_of_some_elements_is_named_with_their_place() -> None:
    report = refopt.check(tail_climbs, "sgd", dtypes=["float64"])
    assert report.footer["edit"] == "in elements after the last full block of 8: theta: theta - lr*g -> theta + lr*g"
    assert "\n  only in elements after the last full block of 8:\n" in str(report)


def test_elements_without_a_place_are_named_by_their_values() -> None:
    footer = refopt.check(one_value_is_wrong, "sgd", dtypes=["float64"]).footer
    assert (footer["verdict"], footer["edit"]) == ("deviates", "where g > 0: everywhere: lr -> 10*lr")


class _Counts:
    """Keeps its count in its state, beside what the rule has."""

    def init(self, theta: Array) -> State:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta), "t": np.array(0)}

    def step(self, theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
        count = int(state["t"]) + 1
        rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**count, 1 - beta2**count)
        m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
        with np.errstate(all="ignore"):
            new = np.asarray(theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon))
        return new, {"m": m, "v": v, "t": np.array(count)}


def test_a_count_in_the_state_is_no_bug() -> None:
    assert refopt.check(_Counts, "adam", dtypes=["float64"]).footer["verdict"] == "conforms"


@program("m", "v")
def narrow_v(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """v is stored in float16, where large squares are infinite."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2).astype(np.float16).astype(theta.dtype)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


def test_one_state_in_a_narrower_format_is_named_though_it_overflows() -> None:
    footer = refopt.check(narrow_v, "adam", dtypes=["float32"]).footer
    assert (footer["verdict"], footer["precision"], footer["cause"]) == ("conforms", "reduced", "v is kept in float16")
