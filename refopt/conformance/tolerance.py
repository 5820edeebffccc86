"""Cases that `may` go either way: about which elements they say nothing.

Subnormal numbers may be flushed to zero, 0/0 and non-finite gradients may give NaN or be refused. Every other element of
such a case is judged like any other: a NaN in one place must not spread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from refopt.conformance.exact_update import fraction, is_finite
from refopt.conformance.judge import Judged
from refopt.rounding.formats import Format


def lenient(judged: Judged, f: Format) -> npt.NDArray[np.bool_]:
    """The distinct elements that have a value of no exact sort, or one that the format may flush to zero."""
    update = judged.update
    columns = [*update.before.values(), *update.after.values()]
    if update.g is not None:
        columns.append(update.g)
    normal = float(f.smallest_normal)
    mask = np.zeros(len(update.before["theta"]), dtype=bool)
    for column in columns:
        mask |= ~np.isfinite(column) | ((column != 0) & (np.abs(column) < normal))
    for values in judged.exact.values():
        mask |= np.array([not is_finite(x) or 0 < abs(fraction(x)) < f.smallest_normal for x in values], dtype=bool)
    if update.g is not None:
        mask |= (update.g != 0) & (update.g * update.g < normal)
    return mask
