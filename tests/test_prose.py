"""Text for people is made in `report`: below it, what is found is data. The sentences that stand elsewhere are counted, and may only become fewer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.test_floors import _docstrings, _modules, _room

ROOMS = ("lifting", "proof", "conformance.protocol", "conformance.judge", "frameworks", "conformance.diagnose", "conformance.verdict", "proving")
"""Rooms whose findings are data, from the ground up."""
SENTENCE = re.compile(r"(?<![\w'])(?:[a-z][a-z']+[ ,:;]+){2,}[a-z][a-z']+(?![\w'])")
"""Three plain words in a row."""
RAISED = re.compile(r"(Error|Exception|Misbehaved|Unwritable|CannotRead|Refused|refused|unknown_name|unclear\w*)$")
"""Calls that make an error: its one line is written where it is raised, since only there all that it names is known."""


def _is_error(node: ast.AST) -> bool:
    name = node.func if isinstance(node, ast.Call) else None
    return isinstance(node, ast.Raise) or (name is not None and bool(RAISED.search(ast.unparse(name))))


def _told(node: ast.AST) -> str:
    """A text as it is read; `x` for what is put into it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(x.value if isinstance(x, ast.Constant) and isinstance(x.value, str) else "x" for x in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The line and the text of every sentence in a module's code, but for docstrings and the lines of errors."""
    tree = ast.parse(text)
    left_out = set(_docstrings(tree))
    for node in ast.walk(tree):
        if _is_error(node):
            left_out |= {id(x) for x in ast.walk(node)}
        elif isinstance(node, ast.JoinedStr):
            left_out |= {id(x) for x in ast.walk(node) if x is not node}
    for node in ast.walk(tree):
        if id(node) not in left_out and SENTENCE.search(_told(node)):
            yield node.lineno, _told(node)  # type: ignore[attr-defined]


@cache
def _found() -> dict[str, list[str]]:
    """By room, its sentences."""
    found: dict[str, list[str]] = {room: [] for room in ROOMS}
    for module, path in sorted(_modules().items()):
        if (room := _room(module)) in found:
            found[room] += [f"{module}:{line} {told}" for line, told in sentences(path.read_text(encoding="utf-8"))]
    return found


LEFT = {
    "lifting": (8, "the arrays that code is run with, and what it uses that no formula says anything of: names within an obstacle"),
    "proof": (21, "the text of certificates and its comments, which Coq reads"),
    "conformance.protocol": (6, "what a foreign value is, within a reason; examples of a spelling; a command of Python"),
    "conformance.judge": (0, "none"),
    "frameworks": (127, "how a person's own object is called, and what was measured of it: an open set; errors with the lines to paste"),
    "conformance.diagnose": (3, "names of quantities within a cause; the head of a file that is written"),
    "conformance.verdict": (1, "the word of a progress line"),
    "proving": (1, "the title of one side of a certificate"),
}
"""By room: how many sentences stand in it, and what they are."""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_below_the_report_makes_no_sentence_more(room: str) -> None:
    found, (most, _) = _found()[room], LEFT[room]
    assert len(found) <= most, (len(found), most, found)


@pytest.mark.parametrize("room", ROOMS)
def test_the_count_of_what_is_left_is_kept_as_small_as_it_is(room: str) -> None:
    assert len(_found()[room]) == LEFT[room][0]


def test_a_sentence_is_found_in_every_spelling_and_the_line_of_an_error_is_none() -> None:
    for text in ("x = 'it is not known'", "x = f'{n} cannot be seen here'", "return_ = ('no case was answered',)", "TABLE = {1: 'nothing of it moved'}"):
        assert list(sentences(text)), text
    for text in ("'''It is not known.'''", "raise ValueError('it is not known')", "x = UsageError(f'{n} is not known')", "x = 'two words'", "x = 'a.b'"):
        assert not list(sentences(text)), text
