"""Parts of every generated file: its head, and signatures that fit a line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import infix

WIDTH = 140
"""Characters a line."""


def signature(name: str, positional: Sequence[str], keyword_only: Sequence[str], annotation: str, indent: str) -> str:
    """A `def` line; broken into several where it is too long. `annotation` is what stands after `->`, or empty."""
    arguments = ", ".join([*positional, *(["*", *keyword_only] if keyword_only else [])])
    end = f" -> {annotation}:" if annotation else ":"
    line = f"{indent}def {name}({arguments}){end}"
    if len(line) <= WIDTH:
        return line
    return f"{indent}def {name}(\n{indent}    {arguments}\n{indent}){end}"


def documentation(concept: Rule | Schedule, backend: str, contract: Sequence[str]) -> list[str]:
    """The head of a Python file: how it is made again, then a docstring with everything there is to say."""
    return [*(f"# {line}" for line in origin(concept, backend)), '"""' + "\n".join(facts(concept, contract)), '"""', ""]


def heading(concept: Rule | Schedule, backend: str, contract: Sequence[str], mark: str) -> list[str]:
    """The head of a file in a language with line comments: `mark` begins each line."""
    lines = [*origin(concept, backend), "", *facts(concept, contract, defaults=True)]
    return [*(f"{mark} {line}".rstrip() for line in lines), ""]


def origin(concept: Rule | Schedule, backend: str) -> list[str]:
    """The command that makes the file again, and the fingerprint of the formula."""
    return [f"Generated from the formula by: refopt generate {concept.name} --to {backend}", f"Fingerprint of the formula: {concept.fingerprint}"]


def facts(concept: Rule | Schedule, contract: Sequence[str], defaults: bool = False) -> list[str]:
    """Title, formula, source, domains of the hyperparameters, contract; defaults too where no signature says them."""
    width = max((len(h.name) for h in concept.hyper), default=0)
    return [
        f"{concept.title[:1].upper()}{concept.title[1:]}.",
        "",
        *(line for formula in _formula(concept) for line in _indented(formula)),
        "",
        *(f"Source: {source}." for source in concept.source),
        *([f"Differs from {concept.family}: {concept.differs}."] if concept.differs else []),
        "",
        "Hyperparameters:",
        *(f"    {h.name:<{width}}  {h.meaning}; {h.domain_text}{f'; default {h.default}' if defaults else ''}" for h in concept.hyper),
        *_inputs(concept),
        "",
        *(line for paragraph in contract for line in textwrap.wrap(paragraph, WIDTH - 20)),
    ]


def _inputs(concept: Rule | Schedule) -> list[str]:
    inputs = concept.inputs if isinstance(concept, Rule) else ()
    width = max((len(one.name) for one in inputs), default=0)
    return ["", "Given beside the gradient:", *(f"    {one.name:<{width}}  {one.role.value}: {one.meaning}" for one in inputs)] if inputs else []


def _formula(concept: Rule | Schedule) -> list[str]:
    return concept.text().splitlines() if isinstance(concept, Rule) else [f"{let.name} <- {infix(let.value)}" for let in concept.lets]


def _indented(formula: str) -> list[str]:
    return textwrap.wrap(formula, WIDTH - 20, initial_indent=" " * 4, subsequent_indent=" " * 12)
