"""Two samples whose mean loss has two wells: J(x; s) = x^4/4 - x^2/2 + x/8 + s*x with s = 1 and s = -1.

The mean has a shallow well near x = 0.93 and a deep one near x = -1.06. Full-batch descent stays in the shallow one;
one sample at a time, in the written order, the noise can carry it over the ridge.
"""

from __future__ import annotations

from refopt.language.expression import literal, scalar
from refopt.language.objective import Objective
from refopt.language.rule import Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("LeCun et al. 1998", "section 4.1, stochastic versus batch learning", "doi:10.1007/3-540-49430-8_2"),)

# ---- symbols -----------------------------------------------------------------------------------------------------
x, s = scalar("x"), scalar("s")

# ---- data --------------------------------------------------------------------------------------------------------
DATA = (("1",), ("-1",))
ORDER = ((0, 1), (0, 1), (1, 0), (0, 1))

# ---- loss --------------------------------------------------------------------------------------------------------
LOSS = (x**2) ** 2 / 4 - x**2 / 2 + literal("1/8") * x + s * x
TWO_WELLS = Objective(
    "two_wells", "two samples whose mean has a shallow and a deep well, one sample a step",
    SOURCE, (x,), ("0.9375",),
    loss=LOSS, inputs=(s,), data=DATA, sampling="single", order=ORDER,
)  # fmt: skip
TWO_WELLS_BATCH = Objective(
    "two_wells_batch", "the same two samples, both at every step",
    SOURCE, (x,), ("0.9375",),
    loss=LOSS, inputs=(s,), data=DATA,
)  # fmt: skip
