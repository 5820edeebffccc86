"""A docstring names the thing: it begins with no question."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "refopt"
QUESTIONS = frozenset({"What", "Whether", "How", "Who", "Why", "Where", "When"})


def beginnings(text: str) -> Iterator[tuple[int, str]]:
    """The line and the first word of every docstring of a module, those of attributes included."""
    for node in ast.walk(ast.parse(text)):
        for statement in getattr(node, "body", ()) if not isinstance(node, ast.Lambda | ast.IfExp) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
                yield statement.lineno, (statement.value.value.split() or [""])[0].strip(".,:")


def test_no_docstring_begins_with_a_question() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {word}"
        for path in ROOT.rglob("*.py")
        if "generated" not in path.relative_to(ROOT).parts[:1]
        for line, word in beginnings(path.read_text(encoding="utf-8"))
        if word in QUESTIONS
    ]
    assert not wrong, wrong


def test_a_question_is_found_in_every_place() -> None:
    for text in ('"""What it is."""', 'class A:\n    """How."""', 'class A:\n    x: int = 0\n    """Whether."""', 'def f():\n    """Why, and how."""'):
        assert {word for _, word in beginnings(text)} & QUESTIONS, text
    assert not {word for _, word in beginnings('def f():\n    """The place."""\n    return "What"')} & QUESTIONS
