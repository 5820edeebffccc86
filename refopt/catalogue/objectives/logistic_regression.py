"""Logistic regression on ten written samples: J = log(1 + exp(-y*(w1*x1 + w2*x2 + b))), y = 1 or -1, mini-batches of four."""

from __future__ import annotations

from refopt.language.expression import exp, log, scalar
from refopt.language.objective import Objective
from refopt.language.rule import Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Cox 1958", "section 2", "doi:10.1111/j.2517-6161.1958.tb00292.x"),
    Source("Dekel et al. 2012", "section 1, the mini-batch", "arXiv:1012.1367"),
)

# ---- symbols -----------------------------------------------------------------------------------------------------
w1, w2, b = scalar("w1"), scalar("w2"), scalar("b")
x1, x2, y = scalar("x1"), scalar("x2"), scalar("y")

# ---- data --------------------------------------------------------------------------------------------------------
DATA = (
    ("0.5", "1.25", "1"), ("-1", "0.75", "1"), ("1.5", "0.25", "1"), ("0.25", "2", "1"), ("-0.5", "1", "-1"),
    ("-1.25", "-0.5", "-1"), ("0.75", "-1", "-1"), ("-0.25", "-1.5", "-1"), ("1", "-0.75", "-1"), ("-2", "0.5", "1"),
)  # fmt: skip
ORDER = ((0, 5, 1, 6, 2, 7, 3, 8, 4, 9), (9, 4, 3, 8, 0, 7, 5, 2, 6, 1), (2, 9, 7, 0, 6, 4, 8, 1, 5, 3))

# ---- loss --------------------------------------------------------------------------------------------------------
LOGISTIC_REGRESSION = Objective(
    "logistic_regression", "ten samples, two features and a bias, mini-batches of four",
    SOURCE, (w1, w2, b), ("0", "0", "0"),
    loss=log(1 + exp(-(y * (w1 * x1 + w2 * x2 + b)))),
    inputs=(x1, x2, y), data=DATA, sampling="mini_batch", batch_size=4, order=ORDER,
    notes=("the last batch of an epoch holds two samples",),
)  # fmt: skip
