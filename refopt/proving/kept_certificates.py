"""The certificates that are kept in derivations/certificates, and how each is made again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refopt import catalogue
from refopt.derivation import library
from refopt.frameworks import built_in
from refopt.lifting.assumption import Worded
from refopt.proof.certificate import certificate
from refopt.proof.coq_rule import is_written
from refopt.proof.coq_schedule import certificate_of_rate
from refopt.proof.coq_step import certificate_of, steps_for_coq
from refopt.proof.equality import compare_rules
from refopt.proving.prove import loaded_from, prove
from refopt.proving.statement import of_implementation, of_rules, of_schedule


@dataclass(frozen=True)
class Kept:
    """A certificate of an implementation: `needs` is the package that it is read from, None for our own code."""

    name: str
    implementation: str
    rule: str
    needs: str | None = None


FRAMEWORKS = tuple(Kept(c.name, c.implementation, c.rule, f.name) for f in built_in() for c in f.certificates)
"""Those of the frameworks that come with refopt."""
SCHEDULES = ("constant", "cosine_annealing", "cosine_annealing/periodic", "warmup", "warmup+cosine_annealing")
"""Schedules whose generated code has a certificate; the others raise to whole powers, of which Coq has no theorem here."""
DIFFERENCES = (
    ("nesterov", "nesterov/velocity"), ("nesterov", "nesterov/lr_outside"), ("momentum", "momentum/lr_outside"), ("adam", "adam/eps_hat"),
    ("adam", "adam/uncorrected"),
)  # fmt: skip
"""Pairs of rules that are the same, with a multiple of the state or with a hyperparameter replaced."""


NOT_ACCEPTED = (
    "schedule_free_sgd", "schedule_free_sgd/max_rate", "schedule_free_adamw", "schedule_free_adamw/max_rate", "schedule_free_adamw/decay_of_theta",
    "cocob", "cocob/scaled",
)  # fmt: skip
"""Rules whose generated code is proved, but whose certificate coqc does not accept: a branch on a sum that is written otherwise on both sides, or a
state that no update assigns."""


def kept() -> tuple[Kept, ...]:
    """Every certificate of an implementation: the generated code's of all rules and variants whose operations Coq knows, and frameworks'."""
    names = (*(r.name for r in catalogue.rules(variants=True) if is_written(r) and not r.inputs and r.name not in NOT_ACCEPTED), *SCHEDULES)
    own = (Kept(f"numpy_{_file(name)}", f"refopt.generated.numpy.{_file(name)}", name) for name in names)
    return (*own, *FRAMEWORKS)


def text_of(one: Kept, worded: Worded) -> str:
    """The certificate, made again from the implementation's code, its assumptions in these words."""
    loaded = loaded_from(one.implementation, one.rule)
    answer = prove(loaded, one.rule)
    spelled = f"'{one.implementation}'" if "(" in one.implementation else one.implementation
    command = f"refopt prove {spelled} --rule {one.rule} --certificate {one.name}.v"
    if answer.asked.schedule:
        return certificate_of_rate(of_schedule(loaded, answer, command), worded)
    return certificate(of_implementation(loaded, answer, command), worded)


def texts_of_differences(worded: Worded) -> Iterator[tuple[str, str]]:
    """(file, text) of the certificates of two rules."""
    for names in DIFFERENCES:
        first, second = (catalogue.rule(n) for n in names)
        name = f"{_file(second.name)}_is_{_file(first.name)}.v"
        command = f"refopt diff {first.name} {second.name} --certificate {name}"
        yield name, certificate(of_rules(first, second, compare_rules(first, second), command), worded)


def texts_of_derivations() -> Iterator[tuple[str, str]]:
    """(file, text) of the certificates of every derivation that has a step for them."""
    for entry in library.entries():
        derivation = library.run(entry.name).derivation
        if steps_for_coq(derivation):
            name = f"derive_{entry.name}.v"
            yield name, certificate_of(derivation, f"refopt derive {entry.name} --certificate {name}")


def texts(worded: Worded) -> Iterator[tuple[str, str]]:
    """(file, text) of all."""
    for one in kept():
        yield f"{one.name}.v", text_of(one, worded)
    yield from texts_of_differences(worded)
    yield from texts_of_derivations()


def _file(name: str) -> str:
    return name.replace("/", "_").replace("+", "_")
