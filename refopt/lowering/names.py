"""Names in printed code: a name of the formula that a target language or the printed code needs itself gets another spelling there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from refopt.errors import RefoptError
from refopt.language.compose import substitute
from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule

Concept = Rule | Schedule
GIVEN = ("theta", "g", "t", "k")
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
        put = self._symbols(self.concept)
        return replace(
            self.concept,
            hyper=tuple(_hyper(h, put) for h in self.concept.hyper),
            state=tuple(replace(s, symbol=put.get(s.name, s.symbol), init=substitute(s.initial, put)) for s in self.concept.state),
            steps=tuple(Let(put.get(s.name, s.symbol), substitute(s.value, put), s.comment) for s in self.concept.steps),
        )

    @cached_property
    def schedule(self) -> Schedule:
        """The schedule in the target's names."""
        assert isinstance(self.concept, Schedule)
        put = self._symbols(self.concept)
        recursion = None if self.concept.recursion is None else substitute(self.concept.recursion, put)
        hyper = tuple(_hyper(h, put) for h in self.concept.hyper)
        return replace(self.concept, hyper=hyper, rate=substitute(self.concept.rate, put), recursion=recursion)

    def own(self, name: str) -> str:
        """The formula's own name of what is spelled `name` in the target: what stands in strings and keys."""
        return next((before for before, after in self.spelling.items() if after == name), name)

    def _symbols(self, concept: Concept) -> dict[str, Expression]:
        every = {h.name: h.symbol for h in concept.hyper}
        if isinstance(concept, Rule):
            every |= {s.name: s.symbol for s in concept.state} | {let.name: let.symbol for let in concept.steps}
        return {name: replace(every[name], name=new) for name, new in self.spelling.items()}


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
            spelling[name] = _free(name, taken)
            taken.add(spelling[name])
    return Spelled(concept, spelling)


def names_of(concept: Concept) -> tuple[str, ...]:
    """Every name of a formula but those that it is given: hyperparameters, states, intermediate values."""
    names = list(concept.hyper_names)
    if isinstance(concept, Rule):
        names += [*concept.state_names, *(let.name for let in concept.steps)]
    return tuple(dict.fromkeys(n for n in names if n not in GIVEN))


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _hyper(h: Hyper, put: Mapping[str, Expression]) -> Hyper:
    return replace(h, symbol=put.get(h.name, h.symbol), domain=tuple(substitute(c, put) for c in h.conditions))


Own = Callable[[str], str]
"""From a target's name to the formula's own."""


def module_name(concept: Concept) -> str:
    """The name of its module: `adam_eps_hat` for `adam/eps_hat`."""
    return concept.name.replace("/", "_").replace("+", "_")


def class_name(concept: Concept) -> str:
    """The name of its class: `AdamEpsHat` for `adam/eps_hat`."""
    return "".join(word.capitalize() for word in module_name(concept).split("_"))
