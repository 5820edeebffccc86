"""The contenders of `refopt bench` in a framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Step: TypeAlias = Callable[[], None]
"""An update, carried out when called."""
Make: TypeAlias = Callable[[str, Any, Any, int], Step | None]
"""Makes an update of a rule from theta, a gradient and a number of threads; None where there is no such optimizer."""


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Measured:
    """The measurements of a framework; the module that `Framework.measured` names has one as MEASURED.

    framework      its name, by which the names of its contenders begin where it has several
    contenders     of `refopt bench step`, by their names in the table; `legend` says what these mean
    yardstick      the contender that our own engines are to be as fast as; "" for none
    proofs         of `refopt bench proof`: by the name of the figure, what is proved
    prepare        imports what making an optimizer imports, which is no part of a proof's time
    judged         the optimizer that `refopt bench conformance` judges; "" for none
    small_tensors  makes an update of so many tensors of so many elements each, in one thread, and says what it is; None where it has none
    """

    framework: str
    contenders: Mapping[str, Make] = field(default_factory=dict)
    legend: str = ""
    yardstick: str = ""
    proofs: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = _nothing
    judged: str = ""
    small_tensors: Callable[[int, int], tuple[Step, str]] | None = None
