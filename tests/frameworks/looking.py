"""What the tests of the adapters share: a finding on a few cases, and runs of an adapter by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from refopt.catalogue import rule
from refopt.conformance.protocol.implementation import Answer, Array, Implementation, Ran, Request
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.judgement import judge
from refopt.frameworks import known, load
from refopt.golden import store
from refopt.rounding.formats import number_format

USUAL = ("open-basic-001", "open-eps-001", "open-rate-001", "open-shapes-001", "resume-001", "defaults-001")
"""Cases of every optimizer with state: enough to name its variants and its causes of reduced precision."""


def finding(name: str, dtype: str, cases: Sequence[str] = USUAL, judged_by: str | None = None) -> Finding:
    """The finding on some cases of an implementation's rule, named by the ends of their ids; those that the rule lacks are left out."""
    implementation = load(name, judged_by)
    there = {c.id for c in store.packed_cases(str(implementation.rule))}
    prefix = str(implementation.rule).replace("/", ".")
    chosen = [f"{prefix}-{end}" for end in cases if f"{prefix}-{end}" in there]
    assert chosen, cases
    return judge(implementation, dtypes=[dtype], cases=chosen).findings[0]


def optimizer(name: str) -> Implementation:
    """The implementation of that name, which is an optimizer."""
    made = load(name)
    assert isinstance(made, Implementation)
    return made


def request(name: str, grads: Sequence[Sequence[Array | None]], dtype: str = "float32", lr: tuple[float, ...] | None = None, t0: int = 1) -> Request:
    """A run of parameters that start at zero, shaped like their first gradients."""
    f, r = number_format(dtype), rule(name)
    columns = list(zip(*grads, strict=True))
    shapes = [next((g.shape for g in column if g is not None), (2,)) for column in columns]
    rows = tuple(tuple(None if g is None else g.astype(f.dtype) for g in row) for row in grads)
    return Request(r.name, r.state_names, f, {}, lr, tuple(np.zeros(s).astype(f.dtype) for s in shapes), None, t0, rows)


def ran(answer: Answer) -> Ran:
    """The answer, which is a run."""
    assert isinstance(answer, Ran), answer
    return answer


def rules_of_the_survey(package: str) -> list[tuple[str, str, str | None]]:
    """The configurations of a survey: the rule in the table, and the one that the loaded implementation is judged by."""
    return [(line.spelling, line.rule, load(line.spelling).rule) for line in known() if line.package == package]
