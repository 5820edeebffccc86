"""Errors say what is wrong, where, and what to do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from refopt import errors
from refopt.errors import RefoptError, unknown_name
from refopt.frameworks import load

ROOT = Path(errors.__file__).parent
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, RefoptError)}
CONSTRUCTORS = [*sorted((ROOT / "optim").glob("*.py")), *(ROOT / "language" / f"{name}.py" for name in ("rule", "schedule", "objective", "compose"))]
"""The files whose errors a person meets who makes an optimizer, a rule, a schedule or an objective."""


@pytest.mark.parametrize("file", CONSTRUCTORS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_what_a_constructor_refuses_comes_with_what_to_do(file: Path) -> None:
    made = [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in KINDS]
    assert [ast.unparse(call) for call in made if not {"help", "note"} & {k.arg for k in call.keywords}] == []


def test_an_error_inside_another_keeps_its_help_apart() -> None:
    with pytest.raises(RefoptError) as caught:
        load("refopt.optim.Adam(beta1=2)")
    assert caught.value.message == "refopt.optim.Adam(beta1=2) cannot be made: adam: beta1 = 2.0 is outside 0 <= beta1 < 1"
    assert caught.value.help == "refopt show adam says what each is"


def test_an_error_is_its_message_help_and_note_a_line_each() -> None:
    assert str(RefoptError("what and where", help="what to do", note="why")) == "what and where\nhelp: what to do\nnote: why"
    assert str(RefoptError("what and where")) == "what and where"


def test_a_name_that_does_not_exist_gets_the_nearest_ones() -> None:
    error = unknown_name("rule", "adma", ["sgd", "adam", "adamw"], listing="refopt list rules")
    assert (error.message, error.help) == ("no rule 'adma'", "did you mean adam? (also: adamw)   refopt list rules")
    assert unknown_name("rule", "xyz", ["sgd", "adam"]).help == "known: sgd, adam"
    assert unknown_name("rule", "xyz", []).help == "there are none"
