"""Cases that `may` go either way: about which elements they say nothing, and where only the class of the outcome is judged.

Subnormal numbers may be flushed to zero, 0/0 and non-finite gradients may be refused. An implementation that answers such
a case gives the listed outcome, by class: a NaN gradient that becomes a finite step hides a bad batch. Every other element
is judged like any other: a NaN in one place must not spread.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import Case
from refopt.golden.outcome import classes
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


def is_other(found: str, listed: str) -> bool:
    """True where a class is not the listed one. NaN is accepted for an infinity: it may have met a factor that is zero."""
    return found != listed and not (found == "nan" and listed in ("inf", "-inf"))


def other_outcome(o: Observation) -> list[int]:
    """The elements of the first tensor whose theta after the last step is of another class than the case lists: finite, say, for NaN."""
    if o.case.outcome is None or not isinstance(o.answer, Ran):
        return []
    theta = classes(o.answer.after[-1].theta[0].astype(np.float64).ravel().tolist())
    return [i for i, found in enumerate(theta) if is_other(found, o.case.outcome[i % o.case.params[0].tile])]


def other_class(judged: Judged, case: Case) -> npt.NDArray[np.bool_]:
    """The distinct elements whose theta after the last step is of another class than the case lists."""
    update = judged.update
    theta = update.after["theta"]
    if case.outcome is None or update.parameter != 0 or update.step != len(case.grads) - 1:
        return np.zeros(len(theta), dtype=bool)
    first = [int(np.argmax(update.inverse == i)) for i in range(len(theta))]
    listed = [case.outcome[i % case.params[0].tile] for i in first]
    return np.array([is_other(a, b) for a, b in zip(classes(theta.tolist()), listed, strict=True)], dtype=bool)


def by_class(judged: Judged, case: Case) -> Judged:
    """The update with a failure wherever theta is of another class than the case lists."""
    wrong = other_class(judged, case)
    return replace(judged, ratio={**judged.ratio, "theta": np.where(wrong, np.inf, judged.ratio["theta"])}) if wrong.any() else judged
