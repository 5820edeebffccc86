"""Tensors of every size and shape, of which none can be taken for another."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import prod

import numpy as np
import pytest

from refopt.catalogue import rules
from refopt.conformance.protocol.observe import array
from refopt.golden import store
from refopt.golden.model import Case
from refopt.golden.places import tiled
from refopt.language.rule import Rule
from refopt.rounding.formats import FORMATS

RULES = rules(variants=True)
WANTED = {(1,), (2,), (3,), (4,), (64,), (8, 8), (5, 5), (3, 4), (2, 3, 4), (2, 2, 3, 2), (1, 5), (5, 1)}


def _where(r: Rule) -> list[Case]:
    return [c for c in store.cases(r.name) if "Where" in c.probes]


def _gradients(case: Case, p: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    return [array(row[p] or (), case.params[p], FORMATS["float64"]) for row in case.grads]


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_the_shapes_and_sizes_that_kernels_treat_apart_have_gradients(r: Rule) -> None:
    shapes = [p.shape for c in _where(r) for p in c.params]
    sizes = {prod(s) for s in shapes}
    assert set(shapes) >= WANTED and {4096, 65536, 131072} <= sizes
    assert {shapes.count(s) for s in shapes} >= {2, 3}, "two tensors of one shape, and three of another"
    assert all(g is not None for c in _where(r) for row in c.grads for g in row)


@pytest.mark.parametrize("block", range(2, 65))
def test_some_size_fills_every_block_and_blocks_to_16_are_left_short_by_every_remainder(block: int) -> None:
    sizes = {prod(p.shape) for c in _where(RULES[0]) for p in c.params}
    assert any(n % block == 0 for n in sizes)
    whole = set(range(block))
    assert block > 16 or {n % block for n in sizes} == whole
    assert block > 8 or {n % block for n in sizes if n > block} == whole, "behind at least one full block"


def test_between_two_sizes_that_are_there_no_size_is_more_than_five_times_the_smaller() -> None:
    sizes = sorted({prod(p.shape) for c in _where(RULES[0]) for p in c.params})
    assert max(b / a for a, b in pairwise(sizes)) <= 5, sizes


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_no_square_is_its_own_transpose_in_any_update(r: Rule) -> None:
    squares = [(c, p) for c in _where(r) for p, x in enumerate(c.params) if len(x.shape) == 2 and x.shape[0] == x.shape[1]]
    assert len(squares) >= 3
    for c, p in squares:
        assert all((g != g.T).any() for g in _gradients(c, p)), (c.id, c.params[p].shape)


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_tensors_of_one_shape_have_other_gradients_and_every_element_in_some_update(r: Rule) -> None:
    pairs = [(c, p, q) for c in _where(r) for p, q in combinations(range(len(c.params)), 2) if c.params[p].shape == c.params[q].shape]
    assert len(pairs) >= 4
    for c, p, q in pairs:
        differ = [a != b for a, b in zip(_gradients(c, p), _gradients(c, q), strict=True)]
        assert all(d.any() for d in differ) and np.any(differ, axis=0).all(), (c.id, p, q)


def test_a_tile_of_seven_would_make_an_eight_by_eight_symmetric() -> None:
    eight = (np.arange(64) % 7).reshape(8, 8)
    assert (eight == eight.T).all()
    (shape,) = tiled(((8, 8),))
    assert shape.tile == 11


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_case_that_is_like_another_has_its_numbers(r: Rule) -> None:
    written = {c.id: c for c in store.cases(r.name)}
    for case in _where(r):
        base = written[case.like or ""]
        assert (case.hyper, case.dtypes, case.t0) == (base.hyper, base.dtypes, base.t0)
        for shape, parameter in zip(case.shapes, case.params, strict=True):
            picks = [(shape.first + i) % base.params[0].tile for i in range(shape.tile)]
            assert parameter.theta0 == tuple(base.params[0].theta0[i] for i in picks)
