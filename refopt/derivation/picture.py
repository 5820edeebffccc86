"""Pictures as data: curves, and the contours of an ellipse, drawn by whoever prints the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """A line through points, with its name; `dots` marks every point."""

    name: str
    points: tuple[tuple[float, float], ...]
    dots: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Contours:
    """The ellipses a*x^2 + b*y^2 = level."""

    a: float
    b: float
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Picture:
    """A picture: its title, the two axes, the curves; `log_y` for a logarithmic vertical axis.

    x, y        names of the axes
    x_range     the part of the plane that is shown; from the curves where it is None (y_range alike)
    pieces      short straight lines behind the curves: level lines of a surface
    """

    title: str
    x: str
    y: str
    curves: tuple[Curve, ...]
    log_y: bool = False
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    contours: Contours | None = None
    pieces: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = ()


def curve(name: str, values: Sequence[float], start: int = 0, *, dots: bool = False, dashed: bool = False) -> Curve:
    """A curve through one value a step, steps counted from `start`."""
    return Curve(name, tuple((float(start + i), float(v)) for i, v in enumerate(values)), dots, dashed)
