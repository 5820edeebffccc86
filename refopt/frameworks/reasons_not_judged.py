"""Reasons why something of a framework that updates parameters, or gives rates, is judged by nothing here."""

from __future__ import annotations

from collections.abc import Mapping

OF_A_TENSOR = "each update depends on sums over whole tensors"
OF_MATRICES = "it multiplies or decomposes matrices"
READS_THE_LOSS = "it reads the loss"
ELSEWHERE = "it takes its gradients elsewhere, or gives parameters other than those it trains"
RANDOM = "it draws random numbers"
OF_A_PERSON = "it is made of functions, schedules or optimizers that a person chooses"
SPARSE = "it updates the rows that a gradient names"
SCALES_ITSELF = "it finds its rate by sums over all parameters"
NOT_WRITTEN = "the catalogue has no formula of it yet"


def by_reason(home: str, names: Mapping[str, str]) -> dict[str, str]:
    """By whole name, the reason: of a table that has, by reason, names in a module, with blanks between them."""
    return {f"{home}.{name}": reason for reason, listed in names.items() for name in listed.split()}
