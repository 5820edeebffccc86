"""The certificates that are kept in derivations/certificates, and how each is made again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from refopt import catalogue
from refopt.proof.certificate import certificate
from refopt.proof.equality import compare_rules
from refopt.proof.prove import loaded_from, prove
from refopt.proof.statement import of_implementation, of_rules


@dataclass(frozen=True)
class Kept:
    """A certificate of an implementation: `needs` is the package that it is read from, None for our own code."""

    name: str
    implementation: str
    rule: str
    needs: str | None = None


FRAMEWORKS = (
    Kept("torch_sgd", "torch.optim.SGD", "sgd", "torch"),
    Kept("torch_sgd_momentum", "torch.optim.SGD(momentum=0.9)", "momentum/lr_outside", "torch"),
    Kept("torch_sgd_nesterov", "torch.optim.SGD(momentum=0.9, nesterov=True)", "nesterov/lr_outside", "torch"),
    Kept("torch_rmsprop", "torch.optim.RMSprop", "rmsprop", "torch"),
    Kept("torch_adam", "torch.optim.Adam", "adam", "torch"),
    Kept("torch_adam_amsgrad", "torch.optim.Adam(amsgrad=True)", "amsgrad", "torch"),
    Kept("torch_adamw", "torch.optim.AdamW", "adamw", "torch"),
    Kept("optax_sgd", "optax.sgd", "sgd", "optax"),
    Kept("optax_adam", "optax.adam", "adam", "optax"),
    Kept("optax_adamw", "optax.adamw", "adamw", "optax"),
    Kept("optax_rmsprop", "optax.rmsprop", "rmsprop/eps_in_sqrt", "optax"),
    Kept("optax_amsgrad", "optax.amsgrad", "amsgrad/max_hat", "optax"),
    Kept("sklearn_adam", "sklearn.AdamOptimizer", "adam/eps_hat", "sklearn"),
)
DIFFERENCES = (
    ("nesterov", "nesterov/velocity"), ("nesterov", "nesterov/lr_outside"), ("momentum", "momentum/lr_outside"), ("adam", "adam/eps_hat"),
    ("adam", "adam/uncorrected"),
)  # fmt: skip
"""Pairs of rules that are the same, with a multiple of the state or with a hyperparameter replaced."""


def kept() -> tuple[Kept, ...]:
    """Every certificate of an implementation: the generated code's of all rules and variants, and frameworks'."""
    own = (Kept(f"numpy_{_file(r.name)}", f"refopt.generated.numpy.{_file(r.name)}", r.name) for r in catalogue.rules(variants=True))
    return (*own, *FRAMEWORKS)


def text_of(one: Kept) -> str:
    """The certificate, made again from the implementation's code."""
    loaded = loaded_from(one.implementation, one.rule)
    spelled = f"'{one.implementation}'" if "(" in one.implementation else one.implementation
    return certificate(of_implementation(loaded, prove(loaded, one.rule), f"refopt prove {spelled} --rule {one.rule} --certificate {one.name}.v"))


def texts_of_differences() -> Iterator[tuple[str, str]]:
    """(file, text) of the certificates of two rules."""
    for names in DIFFERENCES:
        first, second = (catalogue.rule(n) for n in names)
        name = f"{_file(second.name)}_is_{_file(first.name)}.v"
        yield name, certificate(of_rules(first, second, compare_rules(first, second), f"refopt diff {first.name} {second.name} --certificate {name}"))


def texts() -> Iterator[tuple[str, str]]:
    """(file, text) of all."""
    for one in kept():
        yield f"{one.name}.v", text_of(one)
    yield from texts_of_differences()


def _file(name: str) -> str:
    return name.replace("/", "_").replace("+", "_")
