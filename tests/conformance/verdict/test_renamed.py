"""A verdict goes by the roles of hyperparameters: a wrong program of a rule in other letters gets the same name, in those letters."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from refopt.catalogue import rule
from refopt.conformance.diagnose.budget import SECONDS
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.evaluate_format import Asked, evaluate_format
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.look import look
from refopt.frameworks.own.python_object import from_factory
from refopt.golden import store
from refopt.golden.model import Case, CaseKind, Expected, ExpectedParameter, Result
from refopt.golden.mutants import mutants
from refopt.language.compose import renamed
from refopt.language.rule import Rule
from refopt.lowering.backends import BACKENDS
from refopt.report.words import told_or_none
from refopt.rounding.formats import FLOAT32
from tests.catalogue.renamed import in_old_names, new_names

T = TypeVar("T")
SEED = 20261129
CASES = 8


def _keys(values: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    return {names.get(n, n): x for n, x in values.items()}


def _expected(e: Expected, names: Mapping[str, str]) -> Expected:
    params = (ExpectedParameter(p.theta, _keys(p.state, names), {f: _keys(b, names) for f, b in p.bound.items()}) for p in e.params)
    return replace(e, params=tuple(params))


def in_new_names(case: Case, names: Mapping[str, str]) -> Case:
    """A golden case of the rule, told of the renamed one."""
    params = tuple(p if p.state0 is None else replace(p, state0=_keys(p.state0, names)) for p in case.params)
    return replace(
        case,
        hyper=_keys(case.hyper, names),
        hyper_expected=None if case.hyper_expected is None else _keys(case.hyper_expected, names),
        params=params,
        expect=tuple(_expected(e, names) for e in case.expect),
        expect_own=tuple(_expected(e, names) for e in case.expect_own),
    )  # fmt: skip


def cases_of(name: str) -> list[Case]:
    """Some cases of every sort that need little time."""
    small = [c for c in store.packed_cases(name) if c.kind != CaseKind.CLOSED_LOOP and c.result == Result.MUST and len(c.grads) <= 10]
    small = [c for c in small if FLOAT32.name in c.dtypes and all(max(p.tile, 1) <= 11 for p in c.params)]
    changing, others = [c for c in small if c.lr is not None], [c for c in small if c.lr is None]
    return [*changing[:2], *[c for c in others if c.kind == CaseKind.DEFAULTS][:1], *[c for c in others if c.kind != CaseKind.DEFAULTS][:CASES]]


def found(judged: Rule, program: Rule, cases: list[Case]) -> Finding:
    """The verdict on the generated NumPy code of a program, by a rule."""
    space: dict[str, Any] = {}
    exec(BACKENDS["numpy"].module(program), space)
    implementation: Any = from_factory(lambda: SimpleNamespace(init=space["init"], step=space["step"]), "generated", judged.name)
    seen = look(implementation, judged, cases, FLOAT32, None, lambda _: None)
    return evaluate_format(seen, Asked(None, lambda _: None, (), SECONDS, lambda _: None))


@pytest.mark.parametrize("name", ["momentum", "nesterov", "rmsprop", "adam", "adamw"])
def test_a_wrong_program_in_other_letters_gets_the_same_name_in_those_letters(name: str) -> None:
    reference = rule(name)
    names, cases = new_names(reference), cases_of(name)
    other, there = renamed(reference, names), [in_new_names(c, names) for c in cases]
    assert found(other, other, there).verdict == found(reference, reference, cases).verdict == Conformance.CONFORMS
    mutant = random.Random(f"{SEED} {name}").choice(list(mutants(reference)))
    first, second = found(reference, mutant.rule, cases), found(other, renamed(mutant.rule, names), there)
    assert first.verdict == second.verdict, (SEED, mutant.edit, first.verdict, second.verdict)
    lines = [told_or_none(e) for e in (first.diagnosis.edit, *first.diagnosis.equal_edits)]
    there_told = in_old_names(told_or_none(second.diagnosis.edit) or "", reference)
    assert there_told in [line or "" for line in lines], (SEED, mutant.edit, first.diagnosis.edit, second.diagnosis.edit)
