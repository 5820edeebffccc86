"""Descriptions: what was done to a formula or a run, or why values are less precise, as data. Their words are made in `report`, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


class Description:
    """A fact that can be told: an edit, a cause, a place. Two of them are equal where they say the same, whatever the words."""

    @property
    def count(self) -> int:
        """Number of edits that it joins."""
        return 1

    @property
    def of_the_run(self) -> bool:
        """True where it is about how a run is fed, and not about the formula."""
        return False


Name: TypeAlias = str | Description
"""Name of a formula: that of a rule, as people spell it; of an edited one, what was edited."""


@dataclass(frozen=True)
class Several(Description):
    """Edits that hold at the same time."""

    parts: tuple[Description, ...]

    @property
    def count(self) -> int:
        """Number of edits that it joins."""
        return sum(p.count for p in self.parts)

    @property
    def of_the_run(self) -> bool:
        """True where the first of them is about how a run is fed."""
        return self.parts[0].of_the_run


@dataclass(frozen=True)
class Within(Description):
    """An edit that holds in an area only."""

    area: Description
    edit: Description

    @property
    def count(self) -> int:
        """Number of edits in the area."""
        return self.edit.count


@dataclass(frozen=True)
class Edited(Description):
    """A formula by the one that was edited, and how."""

    nearest: Name
    edit: Description


def several(parts: tuple[Description, ...]) -> Description:
    """Edits at the same time; one alone is itself."""
    return parts[0] if len(parts) == 1 else Several(parts)
