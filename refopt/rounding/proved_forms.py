"""The record of graphs of forms that SymPy has proved whole, so that nobody has to wait for the same proof again.

A line is the digest of a graph: of every node with its class, and of what its scalars and assigned sums mean. Whatever changes one of them makes it a
graph that is not on record, which is proved when it is met. `python -m refopt.conformance.diagnose.record_forms` writes the record:
it knows the rules that a check meets. tests/rounding/test_proved_forms.py proves what stands in it once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from refopt.rounding.forms import Class, Forms, Node
from refopt.rounding.normal_form import polynomial_key

RECORD = Path(__file__).with_name("proved_forms.txt")


def is_proved(forms: Forms) -> bool:
    """True where the proof of every node is on record."""
    return digest(forms) in recorded()


def digest(forms: Forms) -> str:
    """A hash of all that a proof is about: classes, nodes and what the scalars and assigned sums in them stand for."""
    text = sha256()
    for line in _lines(forms):
        text.update(line.encode())
        text.update(b"\n")
    return text.hexdigest()[:32]


def _lines(forms: Forms) -> Iterator[str]:
    for key, tree in forms.names.scalars.items():
        yield f"scalar {key} = {tree.value if tree.op == 'literal' else ''}"
    for whole, rest in forms.names.complements.items():
        yield f"{_named(rest)} = 1 - {_named(whole)}"
    for atom, meaning in forms.meanings.items():
        yield f"{_named(atom)} = {polynomial_key(meaning)}"
    for wanted, ways in forms.nodes.items():
        yield f"class {_named(wanted)}"
        for node in ways:
            yield _written(node)


def _written(node: Node) -> str:
    return f"{node.op} {node.signs} {'; '.join(map(_named, node.args))}"


def _named(c: Class) -> str:
    return f"{type(c).__name__} {c.key} {'scalar' if c.is_scalar else ''}"


@cache
def recorded() -> frozenset[str]:
    """The digests on record."""
    lines = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
    return frozenset(line.split()[0] for line in lines if line and not line.startswith("#"))
