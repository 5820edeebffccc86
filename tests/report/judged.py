"""Reports that the tests of this folder look at, each judged once: a few quick cases of quick programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import refopt
from refopt.report.report import Report

PLANTED = "python:tests.implementations.planted"
ROOT = Path(__file__).parents[2]


@cache
def conforming() -> Report:
    """Plain descent in two formats."""
    return refopt.check("refopt.generated.numpy.sgd", cases=["sgd-open-basic-001", "sgd-reject-001"], dtypes=["float64", "float16"])


@cache
def variant() -> Report:
    """Adam with eps under the root, which a case with gradients as small as eps shows most clearly."""
    name = "python:tests.implementations.adam_eps_in_sqrt:make"
    return refopt.check(name, "adam", cases=["adam-open-basic-001", "adam-open-eps-001"], dtypes=["float64"])


@cache
def meant() -> Report:
    """Momentum with the rate outside, asked for by name; its velocity differs at once, theta only where the rate changes."""
    return refopt.check(f"{PLANTED}.others:momentum_rate_outside", "momentum", cases=["momentum-open-basic-001"], dtypes=["float64"], expected="lr_outside")


@cache
def unexplained() -> Report:
    """Descent that reads the gradient from the wrong end: no formula of one element explains it, an edit of the run does."""
    return refopt.check(f"{PLANTED}.others:sgd_elements_reversed", "sgd", cases=["sgd-open-basic-001", "sgd-open-dyadic-001"], dtypes=["float64", "float32"])


@cache
def blocks() -> Report:
    """Descent that leaves whole blocks of elements as they are."""
    return refopt.check(f"{PLANTED}.others:sgd_blocks_untouched", "sgd", cases=["sgd-open-basic-001"], dtypes=["float64"])


@cache
def edited() -> Report:
    """Descent with the other sign: one edit of the formula."""
    return refopt.check(f"{PLANTED}.others:sgd_ascends", "sgd", cases=["sgd-open-basic-001"], dtypes=["float64"])


@cache
def broken() -> Report:
    """A program that raises in its third update."""
    return refopt.check(f"{PLANTED}.behaviour:raises_at_step_three", "momentum", cases=["momentum-open-basic-001"], dtypes=["float64"])


@cache
def imprecise(strict: bool = False) -> Report:
    """Momentum whose velocity is kept in float16."""
    name = f"{PLANTED}.precision:velocity_through_float16"
    return refopt.check(name, "momentum", cases=["momentum-open-basic-001"], dtypes=["float64"], strict=strict)


@cache
def skipped() -> Report:
    """A case that is not for the format asked for."""
    return refopt.check("refopt.generated.numpy.sgd", cases=["sgd-edge-002"], dtypes=["float64"])


@cache
def schedule() -> Report:
    """A learning-rate schedule."""
    return refopt.check("refopt.generated.numpy.cosine_annealing")


EVERY = (conforming, variant, meant, unexplained, edited, blocks, broken, imprecise, skipped, schedule)
"""One of each sort."""

Judge = Callable[[], Report]
