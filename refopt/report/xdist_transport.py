"""Reports that travel between processes: where pytest runs with several, each judges some, and one writes the files.

Everything that a report is printed from travels. The evidence stays behind, after its curve was drawn, and so do functions:
what a named cause does to the scalars of an update.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from refopt.conformance.judge.model import Model
from refopt.errors import RefoptError
from refopt.exact.mpmath_numbers import MP
from refopt.report.curve import curve

if TYPE_CHECKING:
    from refopt.conformance.verdict.format_verdict import Finding
    from refopt.report.report import Report


def packed(reports: Sequence[Report]) -> bytes:
    """Reports as bytes. Raises RefoptError where one holds what cannot travel."""
    stream = io.BytesIO()
    light = [replace(r, found=replace(r.found, findings=tuple(map(_light, r.found.findings)))) for r in reports]
    try:
        _Pickler(stream, protocol=pickle.HIGHEST_PROTOCOL).dump(light)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise RefoptError(f"a report cannot go from one process to another: {str(error).splitlines()[0]}", help="run pytest in one process") from None
    return stream.getvalue()


def unpacked(data: bytes) -> list[Report]:
    """The reports again, from bytes that `packed` made."""
    found: list[Report] = pickle.loads(data)
    return found


def _light(finding: Finding) -> Finding:
    return replace(finding, evidence=None, curve=curve(finding))


class _Pickler(pickle.Pickler):
    def reducer_override(self, x: Any) -> tuple[Callable[..., Any], tuple[Any, ...]] | Any:
        """A model without its function of scalars; mpmath's numbers, whose class cannot be found by its name."""
        if isinstance(x, Model):
            return _model, (x.name, x.rule, x.profile, x.bound_in, x.stored_in, x.stored, x.excuses)
        return (_number, (x._mpf_,)) if isinstance(x, MP.mpf) else NotImplemented


def _model(name: str, rule: Any, profile: Any, bound_in: Any, stored_in: Any, stored: Any, excuses: bool) -> Model:
    return Model(name, rule, profile, bound_in=bound_in, stored_in=stored_in, stored=stored, excuses=excuses)


def _number(raw: Any) -> Any:
    return MP.make_mpf(raw)
