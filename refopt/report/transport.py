"""Reports that travel between processes: where pytest or a survey runs with several, each judges some, and one writes the files.

Everything that a report is printed from travels. The evidence stays behind, after its curve was drawn, and so do functions:
what a named cause does to the scalars of an update.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from refopt.conformance.diagnose.search import Explanation
from refopt.conformance.judge.model import Model, as_they_are
from refopt.errors import RefoptError
from refopt.exact.mpmath_numbers import MP
from refopt.report.curve import curve

if TYPE_CHECKING:
    from refopt.conformance.diagnose.attempt import Attempt
    from refopt.conformance.verdict.format_verdict import Finding
    from refopt.report.report import Report

LEFT_BEHIND = {"scalars": as_they_are, "bounds": None}
"""The fields of a model that are functions, and what stands for them: a report is printed without them."""


def packed(reports: Sequence[Report]) -> bytes:
    """Reports as bytes. Raises RefoptError where one holds what cannot travel."""
    stream = io.BytesIO()
    light = [replace(r, found=replace(r.found, findings=tuple(map(_light, r.found.findings)))) for r in reports]
    try:
        _Pickler(stream, protocol=pickle.HIGHEST_PROTOCOL).dump(light)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        help = "run it in one process: pytest -n 0, refopt check --processes 1"
        raise RefoptError(f"a report cannot go from one process to another: {str(error).splitlines()[0]}", help=help) from None
    return stream.getvalue()


def unpacked(data: bytes) -> list[Report]:
    """The reports again, from bytes that `packed` made."""
    found: list[Report] = pickle.loads(data)
    return found


def _light(finding: Finding) -> Finding:
    return replace(finding, evidence=None, curve=curve(finding))


class _Pickler(pickle.Pickler):
    def reducer_override(self, x: Any) -> tuple[Callable[..., Any], tuple[Any, ...]] | Any:
        """A model without its functions; the next best formula found, since its search stays behind; mpmath's numbers, whose class has no name."""
        if isinstance(x, Explanation):
            return Explanation, tuple(partial(_found, x.closest) if f.name == "find" else getattr(x, f.name) for f in fields(Explanation))
        if isinstance(x, Model):
            return Model, tuple(LEFT_BEHIND[f.name] if f.name in LEFT_BEHIND else getattr(x, f.name) for f in fields(Model))
        return (_number, (x._mpf_,)) if isinstance(x, MP.mpf) else NotImplemented


def _found(closest: Attempt | None) -> Attempt | None:
    return closest


def _number(raw: Any) -> Any:
    return MP.make_mpf(raw)
