"""Names in printed code: a name of the formula that a target language or the printed code needs itself gets another spelling there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from refopt.errors import RefoptError
from refopt.language.compose import renamed
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

Concept = Rule | Schedule
GIVEN = ("theta", "g", "t", "k", "metric")
"""Names that every update or rate is given: no other name may become one of them."""


@dataclass(frozen=True)
class Spelled:
    """A rule or schedule in names that a target can write.

    spelling  by each name that is spelled otherwise, how: `power_` for `power`
    """

    concept: Concept
    spelling: Mapping[str, str]

    @cached_property
    def rule(self) -> Rule:
        """The rule in the target's names."""
        assert isinstance(self.concept, Rule)
        return renamed(self.concept, self.spelling)

    @cached_property
    def schedule(self) -> Schedule:
        """The schedule in the target's names."""
        assert isinstance(self.concept, Schedule)
        return renamed(self.concept, self.spelling)

    def own(self, name: str) -> str:
        """The formula's own name of what is spelled `name` in the target: what stands in strings and keys."""
        return next((before for before, after in self.spelling.items() if after == name), name)


def spelled(concept: Concept, reserved: Collection[str]) -> Spelled:
    """A rule or schedule for a target that reserves some names: those get underscores until they are free.

    Raises RefoptError for a name that is none in any language: letters of other alphabets, spaces.
    """
    names = names_of(concept)
    taken = {*names, *reserved, *GIVEN}
    spelling = {}
    for name in names:
        if not (name.isascii() and name.replace("$", "").isidentifier()):
            raise RefoptError(f"{concept.name}: {name!r} is no name that code can have", help="a name has letters a to z, digits and underscores")
        if name in reserved and name not in GIVEN:
            spelling[name] = free_name(name, taken)
            taken.add(spelling[name])
    return Spelled(concept, spelling)


def names_of(concept: Concept) -> tuple[str, ...]:
    """Every name of a formula but those that it is given: hyperparameters, further inputs, states, intermediate values."""
    inputs = concept.input_names if isinstance(concept, Rule) else ()
    names = [*concept.hyper_names, *inputs, *concept.state_names, *(let.name for let in concept.steps)]
    return tuple(dict.fromkeys(n for n in names if n not in GIVEN))


def free_name(name: str, taken: Collection[str]) -> str:
    """A name that is not taken: with underscores at its end where it has to."""
    while name in taken:
        name += "_"
    return name


Own = Callable[[str], str]
"""From a target's name to the formula's own."""


def module_name(concept: Concept) -> str:
    """The name of its module: `adam_eps_hat` for `adam/eps_hat`."""
    return concept.name.replace("/", "_").replace("+", "_")


def class_name(concept: Concept) -> str:
    """The name of its class: `AdamEpsHat` for `adam/eps_hat`."""
    return "".join(word.capitalize() for word in module_name(concept).split("_"))
