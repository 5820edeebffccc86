"""ARCHITECTURE.md says what is there: every room, every file that it names."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_floors import FLOORS

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_table_names_every_room_in_the_order_of_the_floors() -> None:
    table = TEXT.partition("| room | is |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`([\w.]+)`", row.split("|")[1])]
    assert named == list(FLOORS)


def test_every_room_stands_in_the_graph() -> None:
    graph = TEXT.partition("```\n")[2].partition("```")[0]
    missing = [room for room in FLOORS if room != "errors" and not re.search(rf"(?<![\w.]){re.escape(room)}(?![\w.])", graph)]
    assert not missing


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:refopt|tests|golden|derivations)(?:/[\w.]+)*/?)`", TEXT)
    assert len(named) > 30
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_glossary_has_its_words_once() -> None:
    words = re.findall(r"^\| ([\w, /]+) \|", TEXT.partition("## Words")[2], re.M)[1:]
    assert len(words) >= 30 and len(set(words)) == len(words)
