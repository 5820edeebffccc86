"""The one family of errors that refopt raises for wrong input: one line that says what, where and what to do."""

from __future__ import annotations

from collections.abc import Sequence


class RefoptError(Exception):
    """Wrong input or an answer that cannot be given.

    `message` is one line that says what and where; `help` says what to do; `note` says why.
    The command line prints them as `error:`, `help:` and `note:` and exits with code 2.
    """

    def __init__(self, message: str, *, help: str | None = None, note: str | None = None) -> None:
        message = " ".join(message.split()) if "\n" in message else message  # a value that people hand in may print itself on several lines
        super().__init__(message)
        self.message = message
        self.help = help
        self.note = note

    def help_for(self, command: str) -> str | None:
        """Advice for a person who typed this command of refopt."""
        return self.help

    def __str__(self) -> str:
        lines = [self.message]
        if self.help:
            lines.append(f"help: {self.help}")
        if self.note:
            lines.append(f"note: {self.note}")
        return "\n".join(lines)


class InexactLiteral(RefoptError, TypeError):
    """A binary float stands where only exact numbers may: in a rule, a schedule or an objective."""


class UndefinedName(RefoptError, NameError):
    """A rule uses a symbol before it is defined, or never assigns what it must."""


class OutsideDomain(RefoptError, ValueError):
    """A hyperparameter is NaN, infinite or outside its domain."""


class NotImplementedYet(RefoptError, NotImplementedError):
    """The language can say it, but no backend or engine handles it yet."""


class UnknownName(RefoptError, LookupError):
    """No rule, variant, schedule, objective, implementation, case or file has this name."""


def unknown_name(what: str, name: str, known: list[str] | tuple[str, ...], *, listing: str | None = None) -> UnknownName:
    """The error for a name that does not exist, with the nearest existing names suggested.

    `listing` is the command that lists all of them.
    """
    near = nearest(name, known)
    if near:
        also = f" (also: {', '.join(near[1:])})" if near[1:] else ""
        text = f"did you mean {near[0]}?{also}"
    else:
        text = f"known: {', '.join(list(known)[:12])}{' ...' if len(known) > 12 else ''}" if known else "there are none"
    if listing:
        text += f"   {listing}"
    return UnknownName(f"no {what} {name!r}", help=text)


SUGGESTED = 3
"""Names that are suggested at once."""


def nearest(name: str, known: Sequence[str]) -> list[str]:
    """The names that a person may have meant: those that begin with what was written, in their order, then those that are fewest slips away."""
    import difflib

    begun = [n for n in known if name and n.startswith(name)]
    close = [n for n in difflib.get_close_matches(name, known, n=2 * SUGGESTED, cutoff=0.5) if n not in begun]
    return [*begun, *sorted(close, key=lambda n: _slips(name, n))][:SUGGESTED]


def _slips(written: str, meant: str) -> int:
    """The letters left out, put in, replaced or exchanged with their neighbour that make one word of another."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, x in enumerate(written, start=1):
        before, last, row = row, before, [i]
        for j, y in enumerate(meant, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            exchanged = i > 1 and j > 1 and x == meant[j - 2] and y == written[i - 2]
            row.append(min(cost, last[j - 2] + 1) if exchanged else cost)
    return row[-1]
