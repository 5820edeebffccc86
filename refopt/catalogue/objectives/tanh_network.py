"""A 2-3-1 network with tanh: h_j = tanh(a_j*x1 + b_j*x2 + c_j); J = (d1*h1 + d2*h2 + d3*h3 + e - y)^2/2; 13 parameters.

Its data are exclusive or with one noisy copy, in mini-batches of two.
"""

from __future__ import annotations

from refopt.language.expression import scalar, tanh
from refopt.language.objective import Objective
from refopt.language.rule import Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Rumelhart, Hinton & Williams 1986", "the exclusive-or network", "doi:10.1038/323533a0"),)

# ---- symbols -----------------------------------------------------------------------------------------------------
A = tuple(scalar(f"a{j}") for j in (1, 2, 3))
B = tuple(scalar(f"b{j}") for j in (1, 2, 3))
C = tuple(scalar(f"c{j}") for j in (1, 2, 3))
D = tuple(scalar(f"d{j}") for j in (1, 2, 3))
e = scalar("e")
x1, x2, y = scalar("x1"), scalar("x2"), scalar("y")

# ---- data --------------------------------------------------------------------------------------------------------
DATA = (("1", "1", "-1"), ("1", "-1", "1"), ("-1", "1", "1"), ("-1", "-1", "-1"), ("0.75", "-1.25", "1"), ("-0.875", "-1", "-1"))
ORDER = ((0, 1, 2, 3, 4, 5), (3, 4, 1, 0, 5, 2))

# ---- loss --------------------------------------------------------------------------------------------------------
HIDDEN = tuple(tanh(a * x1 + b * x2 + c) for a, b, c in zip(A, B, C, strict=True))
TANH_NETWORK = Objective(
    "tanh_network", "a 2-3-1 network with tanh, mini-batches of two",
    SOURCE, (*A, *B, *C, *D, e),
    ("0.5", "-0.25", "0.75", "-0.5", "0.625", "0.375", "0.125", "-0.125", "0.25", "0.5", "-0.75", "0.25", "0"),
    loss=(D[0] * HIDDEN[0] + D[1] * HIDDEN[1] + D[2] * HIDDEN[2] + e - y) ** 2 / 2,
    inputs=(x1, x2, y), data=DATA, sampling="mini_batch", batch_size=2, order=ORDER,
)  # fmt: skip
