"""The state that an implementation itself saves in the middle of a run, or why it saves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from refopt.conformance.protocol.plain import decode, encode
from refopt.golden.description import Name


@dataclass(frozen=True)
class Saved:
    """Its own offer: `content`, plain values as bytes.

    names       by parameter, what stands in its dict; () where the offer is a framework's own and cannot be looked into
    holds_rate  the learning rate is part of it and need not be given again
    """

    content: bytes
    names: tuple[tuple[str, ...], ...] = ()
    holds_rate: bool = False

    def value(self) -> Any:
        """The saved values, as new objects."""
        return decode(self.content)

    def extras(self, of_the_rule: tuple[str, ...]) -> tuple[str, ...]:
        """Names in the dicts that are no variables of the rule."""
        return tuple(dict.fromkeys(n for names in self.names for n in names if n not in of_the_rule))

    def changed(self, change: Mapping[str, Any]) -> Saved:
        """The same with other values of some variables, where they stand: by name, a function of the value."""
        parts = self.value()
        for part in parts:
            for name, of in change.items():
                if name in part:
                    part[name] = of(part[name])
        return replace(self, content=encode(parts))


@dataclass(frozen=True)
class NotSaved:
    """It offers nothing that could be judged."""

    reason: Name
