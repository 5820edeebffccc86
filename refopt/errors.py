"""The one family of errors that refopt raises for wrong input: one line that says what, where and what to do."""

from __future__ import annotations


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

    The same letters in another order, and names that begin with this one, come first. `listing` is the command that lists all of them.
    """
    import difflib

    alike = difflib.get_close_matches(name, known, n=12, cutoff=0.5)
    near = sorted(alike, key=lambda x: (sorted(x) != sorted(name), not x.startswith(name)))[:3]
    if near:
        also = f" (also: {', '.join(near[1:])})" if near[1:] else ""
        text = f"did you mean {near[0]}?{also}"
    else:
        text = f"known: {', '.join(list(known)[:12])}{' ...' if len(known) > 12 else ''}" if known else "there are none"
    if listing:
        text += f"   {listing}"
    return UnknownName(f"no {what} {name!r}", help=text)
