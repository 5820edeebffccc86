"""The record of graphs of forms that SymPy has proved whole, so that nobody has to wait for the same proof again.

A line is the digest of a graph: of every node with its class, and of what its scalars mean. Whatever changes one of them makes it a
graph that is not on record, which is proved when it is met. `python -m refopt.conformance.diagnose.record_forms` writes the record:
it knows the rules that a check meets. tests/rounding/test_proved_forms.py proves what stands in it once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path

from refopt.language.rule import Rule
from refopt.rounding.forms import Class, Forms, Node

RECORD = Path(__file__).with_name("proved_forms.txt")
UPDATES = 8
"""Updates from the first on whose choices are looked at: rules choose by t = 1, and by a t of few updates."""


def is_proved(forms: Forms) -> bool:
    """True where the proof of every node is on record."""
    return digest(forms) in recorded()


def digest(forms: Forms) -> str:
    """A hash of all that a proof is about: classes, nodes and what the scalars in them stand for."""
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


def graphs(rule: Rule, *, amplifying: bool = True) -> Iterator[Forms]:
    """The graphs of a rule with its defaults, one for each way in which its first updates choose; drawn anew, with no proof taken over.

    `amplifying`: those with the forms that amplify rounding errors, too.
    """
    from refopt.rounding.compiled import decided, drawn

    hyper = {h.name: Fraction(h.value(h.default)) for h in rule.hyper}
    seen = []
    for t in range(1, UPDATES + 1):
        choice = decided(rule, hyper, t)
        if choice is not None and choice.decisions not in seen:
            seen.append(choice.decisions)
            for freely in (False, True) if amplifying else (False,):
                yield drawn(rule, choice.trees, freely).forms


def proved(rule: Rule, *, amplifying: bool = True) -> list[str]:
    """The digests of those graphs of a rule in which SymPy proves every node."""
    from refopt.rounding.prove_forms import drop_unproved

    return [name for forms in graphs(rule, amplifying=amplifying) if (name := digest(forms)) and not drop_unproved(forms)]
