"""The class of an outcome that has no exact value: as written, in every format; none where correct programs differ."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from refopt.catalogue import rule, rules
from refopt.errors import RefoptError
from refopt.golden import store
from refopt.golden.document import dumps, hash_of, parse
from refopt.golden.further_inputs import with_inputs
from refopt.golden.inputs import edges
from refopt.golden.outcome import classes, outcome
from refopt.language.rule import Rule


def _edge(name: str, probe: str, comment: str = "") -> tuple[str, ...] | None:
    return next(outcome(with_inputs(c, rule(name)), rule(name)) for c in edges(rule(name)) if probe in c.probes and comment in c.comment)


def test_classes_have_four_names() -> None:
    assert classes([1.0, np.inf, -np.inf, np.nan]) == ("finite", "inf", "-inf", "nan")


CHOOSES = ("lion/no_zero", "rprop/late")
"""Rules that compare what an element is: of NaN every comparison is false, and the other branch is taken."""


HIDING = ("sign_sgd", "signum", "signum/decay", "lion", "rprop", "rprop/clamped", "rprop/minus", "rprop/plus")
"""Rules that step by a sign: that of NaN is 0 in some libraries (torch.sign), and then nothing moves."""


WAITING = ("adopt", "adopt/unclipped", "adopt/clip_exponent")
"""Rules whose first update takes no part of the gradient to theta: some programs take 0 times that part, which is NaN."""


@pytest.mark.parametrize("name", [*HIDING, *WAITING])
def test_where_the_sign_of_nan_or_0_times_it_decides_there_is_no_outcome(name: str) -> None:
    assert _edge(name, "NotFinite", "NaN") is None


@pytest.mark.parametrize("r", [r for r in rules(variants=True) if r.name not in (*CHOOSES, *HIDING, *WAITING)], ids=lambda r: r.name)
def test_a_nan_gradient_gives_nan_in_its_element_and_nowhere_else(r: Rule) -> None:
    assert _edge(r.name, "NotFinite", "NaN") == ("nan", "finite", "finite", "finite", "nan", "finite", "finite")


@pytest.mark.parametrize("name", CHOOSES)
def test_a_comparison_hides_a_nan_gradient(name: str) -> None:
    assert _edge(name, "NotFinite", "NaN") == ("finite",) * 7


def test_an_infinite_gradient_moves_sgd_to_infinity_and_adam_to_nan() -> None:
    assert _edge("sgd", "NotFinite", "infinite") == ("-inf", "inf", "finite", "finite", "finite", "-inf", "finite")
    assert _edge("adam", "NotFinite", "infinite") == ("nan", "nan", "finite", "finite", "finite", "nan", "finite")


def test_eps_zero_gives_nan_only_where_the_gradient_is_zero() -> None:
    assert _edge("adam", "EpsZero") == ("nan", "finite", "finite", "nan", "finite", "finite", "finite")


def test_where_the_width_of_intermediates_decides_there_is_no_outcome() -> None:
    assert _edge("rmsprop/centered", "Overflow") is None  # v - m^2 is inf - inf, or finite in a wider format
    assert _edge("adam", "Subnormal", "2^-20") is None  # eps underflows in float16


def test_the_committed_outcomes_are_those() -> None:
    for r in rules(variants=True):
        for case in store.cases(r.name):
            assert case.result == "may" or case.outcome is None
            assert case.result != "may" or case.outcome == outcome(case, r), case.id


def test_an_outcome_of_another_class_or_length_is_refused() -> None:
    (file,) = (f for f in store.files("sgd") if any(c.result == "may" for c in f.cases))
    for wrong in (("finite",), ("infinite",) * 7):
        edited = replace(file, cases=(replace(file.cases[-1], outcome=wrong),))
        document = json.loads(dumps(edited))
        document["hash"] = hash_of(document)
        with pytest.raises(RefoptError, match="an outcome is one of finite, inf, -inf, nan"):
            parse(document, "edited")
