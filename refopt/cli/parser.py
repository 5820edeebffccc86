"""The argument parser: errors are refopt's own, with the nearest spelling suggested; help fits 80 columns."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from typing import Any, NoReturn

from refopt import __version__
from refopt.cli.commands import COMMANDS, command
from refopt.errors import RefoptError, unknown_name
from refopt.report.wrap import WIDTH

EPILOG = """\
examples:
  refopt check torch.optim.Adam
  refopt show adam
  refopt diff adam adam/eps_hat

more: refopt COMMAND --help
exit codes: 0 all well, 1 the answer is no, 2 wrong input"""


class UsageError(RefoptError):
    """The command line itself cannot be understood."""


class _Layout(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=WIDTH)

    def _format_action(self, action: argparse.Action) -> str:
        """As usual, but the list of commands has no line that says COMMAND."""
        text = super()._format_action(action)
        return "".join(text.splitlines(keepends=True)[1:]) if isinstance(action, argparse._SubParsersAction) else text


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises UsageError instead of printing its usage."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Layout, allow_abbrev=False, **settings)
        self._mixes = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As usual, but names may stand after options too where some of them may be left out: `x --option y` is `x y --option`."""
        if self._mixes or not any(action.nargs in ("*", "?") for action in self._get_positional_actions()):
            return super().parse_known_args(args, namespace)
        self._mixes = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixes = False

    def error(self, message: str) -> NoReturn:
        """Raise UsageError: one line, and the command that shows the help."""
        raise UsageError(" ".join(message.split()), help=f"{self.prog} --help")


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that every command has."""
    group = parser.add_argument_group("on every command")
    group.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="JSON lines on stdout instead of text")
    group.add_argument("--color", choices=("auto", "always", "never"), default=argparse.SUPPRESS, help="colour words (auto: on a terminal)")
    group.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error")


def split(arguments: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """The words of refopt, and those of the program after the first `--`; None where there is no `--`."""
    words = list(arguments)
    if "--" not in words:
        return words, None
    cut = words.index("--")
    return words[:cut], words[cut + 1 :]


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command line; `options.command` is None where no command is named, `options.program` holds the words after `--`.

    Raises UsageError, or UnknownName for a command that does not exist. Exits after --help and --version, as usual.
    """
    parser = Parser(
        prog="refopt",
        description="What optimizers really compute, checked against exact mathematics.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"refopt {__version__}")
    parsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)
    words, program = split(arguments)
    wanted = _command_in(words)
    for name, summary in COMMANDS.items():
        sub = parsers.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", add_help=name == wanted)
        if name == wanted:
            module = command(name)
            sub.epilog = module.EXAMPLES
            sub.set_defaults(parser=sub)
            module.configure(sub)
            add_common(sub)
    add_common(parser)
    defaults = argparse.Namespace(json=False, color="auto", debug=False, command=None, parser=parser)
    options: argparse.Namespace
    options, rest = parser.parse_known_args(words, defaults)
    options.program = program
    if rest:
        raise _unknown_argument(rest[0], options.parser)
    if program is not None and (options.command != "check" or not program):
        told = f"refopt {options.command or ''}".rstrip() + " takes no program after --" if program else "after -- stands a program and its arguments"
        raise UsageError(told, help="refopt check -- node adam.mjs")
    return options


def _command_in(words: Sequence[str]) -> str | None:
    """The command that these words name; None where there are only options. Raises UnknownName."""
    takes_value = False
    for word in words:
        if takes_value:
            takes_value = False
        elif word == "--color":
            takes_value = True
        elif not word.startswith("-"):
            if word not in COMMANDS:
                raise unknown_name("command", word, tuple(COMMANDS), listing="refopt --help")
            return word
    return None


def _unknown_argument(word: str, parser: argparse.ArgumentParser) -> UsageError:
    if not word.startswith("-"):
        return UsageError(f"{parser.prog} does not expect {word!r}", help=f"{parser.prog} --help")
    known = [o for action in parser._actions for o in action.option_strings]
    near = difflib.get_close_matches(word.partition("=")[0], known, n=1, cutoff=0.5)
    return UsageError(f"{parser.prog} has no option {word}", help=f"did you mean {near[0]}?" if near else f"{parser.prog} --help")
