"""Cases of *where*: tensors of every size and shape, and several of one shape, in one run.

They need no digits of their own: each is like a case whose distinct elements it repeats. Tiles have 7 elements, but 11
wherever a side is 1 more than a multiple of 7: an 8 x 8 tiled by 7 would be its own transpose. Tensors of one shape start
at different elements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

from refopt.golden.brief import like
from refopt.golden.inputs import ALL, DISTINCT, MANY, ZERO, case_of, numbers_for, texts, usual
from refopt.golden.model import Case, Parameter, Row, Shape
from refopt.language.reductions import has_reductions
from refopt.language.rule import Rule

BASE = "open-low-001"
"""The family that they are like: fast decays and parameters at zero show the most, in every format."""
SMALL = ((1,), (2,), (3,), (4,), (64,), (8, 8), (5, 5), (3, 4), (2, 3, 4), (2, 2, 3, 2), (1, 5), (5, 1), (3, 4), (2,), (2,),
         *((n,) for n in range(6, 17)))  # fmt: skip
"""Every number of axes to four; rows and columns of one; squares; two and three tensors of one shape; every remainder by 2 to 16."""
LARGE = ((128,), (244,), (550,), (1242,), (1517,), (1716,), (1798,), (1938,), (2021,), (2352,), (2520,), (3127,), (4096,), (16384,), (256, 256), (131072,))
"""Past the lanes, blocks and grains that kernels have, and multiples of every one of 2 to 64: a kernel's last block may be full."""


@dataclass(frozen=True)
class Likeness:
    """A case that is like another one: that one's id, and what is its own."""

    base: str
    id: str
    comment: str
    probes: Row
    shapes: tuple[Shape, ...]
    keep: tuple[int, ...]

    def of(self, base: Case) -> Case:
        """The case, its expected values taken from the other one's."""
        return like(base, self.id, self.comment, self.probes, self.shapes, self.keep)


def likenesses(rule: Rule) -> Iterator[Likeness]:
    """The cases of a rule that are like others."""
    if has_reductions(rule):  # an element depends on the others of its tensor: none is like that of another one
        return
    name = rule.name.replace("/", ".")
    base = f"{name}-{BASE}"
    yield Likeness(base, f"{name}-open-where-001", "tensors of many sizes and shapes, two and three of one shape", ("Where",), tiled(SMALL), (1, 2, 10))
    yield Likeness(base, f"{name}-open-where-002", "tensors of 128 to 131,072 elements", ("Where", "ManyElements"), tiled(LARGE), (1, 2))


def tiled(shapes: Sequence[tuple[int, ...]]) -> tuple[Shape, ...]:
    """The tensors of these shapes; those of one shape start at different elements."""
    seen: Counter[tuple[int, ...]] = Counter()
    found = []
    for shape in shapes:
        tile = MANY if any(side % DISTINCT == 1 for side in shape) else DISTINCT
        found.append(Shape(shape, min(tile, prod(shape)), 4 * seen[shape] % MANY))
        seen[shape] += 1
    return tuple(found)


def shapes(rule: Rule) -> Case:
    """Odd tensors: an empty one, a single number, one that never gets a gradient."""
    d = numbers_for(rule, "shapes")
    wanted = ((67,), (3, 5), (), (0,), (4,))
    base = case_of(rule, "open-shapes", 1, "several tensors; the last one never gets a gradient", ("Shapes",), ALL, usual(rule), ZERO, [ZERO] * 3)
    params = tuple(Parameter(s, min(DISTINCT, prod(s)), texts(d.row()[: prod(s)])) for s in wanted)
    grads = tuple(tuple(None if i == 4 else texts(d.row()[: p.tile]) for i, p in enumerate(params)) for _ in range(3))
    return replace(base, params=params, grads=grads, keep=(1, 3))
