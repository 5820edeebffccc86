"""One JSON object from one line, read strictly: no NaN, no key twice, no depth that overflows, no numbers of a million digits."""

from __future__ import annotations

import json
from typing import Any

from refopt.conformance.programs.unreadable import Garbled, NotJson, Unreadable, quoted

DIGITS = 20
"""Digits of an integer that is one: `seq` and `protocol` have few."""


def read_object(line: bytes) -> dict[str, Any]:
    """The object. Raises NotJson for what is no JSON at all, Unreadable for JSON that is no object or breaks a rule above."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise NotJson(f"with bytes that are not UTF-8: {quoted(line)}") from None
    try:
        found = json.loads(text, parse_constant=_no_word, parse_int=_integer, object_pairs_hook=_unique)
    except json.JSONDecodeError:
        raise NotJson(f"with something that is not JSON: {quoted(line)}") from None
    except RecursionError:
        raise Garbled(f"with JSON that is nested too deeply: {quoted(line)}") from None
    if not isinstance(found, dict):
        raise Garbled(f"with JSON that is no object: {quoted(line)}")
    return found


def _no_word(word: str) -> Any:
    raise Garbled(f"with the word {word}, which is no JSON: numbers are strings here, \"nan\" or \"inf\"")


def _integer(written: str) -> int:
    if len(written) > DIGITS:
        raise Garbled(f"with an integer of {len(written)} digits: numbers are strings here")
    return int(written)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [k for k, _ in pairs]
        raise Garbled(f"with the key {quoted(next(k for k in keys if keys.count(k) > 1))} twice in one object")
    return found


def keys(found: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...] = (), *, place: str = "the answer", in_step: bool = False) -> None:
    """Raise Unreadable unless an object has exactly the keys that it must and may have."""
    for key in required:
        if key not in found:
            raise Unreadable(f"{place} has no {key!r}", in_step=in_step)
    for key in found:
        if key not in (*required, *optional):
            raise Unreadable(f"{place} has an unknown key {quoted(key)}; known: {', '.join((*required, *optional))}", in_step=in_step)


def words(value: Any, place: str) -> tuple[str, ...]:
    """A list of texts. Raises Unreadable."""
    if not isinstance(value, list) or not all(type(x) is str for x in value):
        raise Unreadable(f"{place} is {quoted(json.dumps(value))}, not a list of names")
    if len(set(value)) != len(value):
        raise Unreadable(f"{place} names {quoted(next(x for x in value if value.count(x) > 1))} twice")
    return tuple(value)
