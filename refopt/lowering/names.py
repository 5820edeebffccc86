"""Names that a target language or the printed code needs itself."""

from __future__ import annotations

from collections.abc import Collection

from refopt.errors import RefoptError
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


def refuse_names(concept: Rule | Schedule, reserved: Collection[str], backend: str) -> None:
    """Raises RefoptError where a hyperparameter, a state or an assigned name cannot be a name in that backend's code."""
    names = list(concept.hyper_names)
    if isinstance(concept, Rule):
        names += [*concept.state_names, *(let.name for let in concept.steps)]
    for name in names:
        if name in reserved or not (name.isascii() and name.isidentifier()):
            raise RefoptError(f"{concept.name}: {name} cannot be a name in {backend} code", help="give the symbol another name")


def module_name(concept: Rule | Schedule) -> str:
    """The name of its module: `adam_eps_hat` for `adam/eps_hat`."""
    return concept.name.replace("/", "_").replace("+", "_")


def class_name(concept: Rule | Schedule) -> str:
    """The name of its class: `AdamEpsHat` for `adam/eps_hat`."""
    return "".join(word.capitalize() for word in module_name(concept).split("_"))
