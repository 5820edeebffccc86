"""Arguments of a person's own class or factory: which hyperparameter each is, which rule they ask for, and which keep their value."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from refopt.catalogue import rules, variants
from refopt.errors import RefoptError
from refopt.frameworks.argument_names import PAIR, Place, in_pairs, matched, plain
from refopt.language.role import Role


def places_of(known: Mapping[str, Any], rule: str | None, maps: Mapping[str, str]) -> dict[str, Place]:
    """The places of the rule's and its variants' hyperparameters among arguments of these values; of any rule's where none is meant.

    Raises RefoptError for a mapping of something that is no argument.
    """
    wanted = _wanted(rule)
    said = {}
    for theirs, ours in maps.items():
        name, bracket, index = theirs.partition("[")
        if ours in wanted:
            if name not in known:
                raise RefoptError(f"--map {theirs}={ours}: it has no argument {name}", help=f"it has {', '.join(known) or 'none'}")
            said[ours] = Place(name, int(index.rstrip("]")) if bracket and index.rstrip("]").isdigit() else None)
    taken = {p.argument for p in said.values()}
    pairs = [n for n, x in known.items() if n not in taken and is_pair(x)]
    numbers = [n for n, x in known.items() if n not in taken and n not in pairs and is_number(x)]
    found = matched(numbers, [n for n in wanted if n not in said])
    pair = PAIR if PAIR in pairs else next((n for n in pairs if plain(n).startswith("beta") or plain(n) in ("b", "momenta", "decays")), None)
    found |= in_pairs({a: PAIR if a == pair else a for a in pairs}, [n for n in wanted if n not in said and n not in found])
    return {n: {**found, **said}[n] for n in wanted if n in found or n in said}


def _wanted(rule: str | None) -> list[str]:
    """The hyperparameters that arguments may be, those of the rule first."""
    names = {r.name: r for r in rules(variants=True)}
    if rule is None or rule not in names:
        chosen = list(rules(variants=True))
    else:
        chosen = [names[rule], *variants(names[rule].family)]
    return list(dict.fromkeys(n for r in chosen for n in r.hyper_names))


@cache
def usual_values() -> Mapping[str, float]:
    """The default of every hyperparameter of a rule, by its name."""
    return {h.name: float(h.value(h.default)) for r in rules(variants=True) for h in r.hyper}


@cache
def rate_names() -> frozenset[str]:
    """The hyperparameters of rules that are rates."""
    return frozenset(h.name for r in rules(variants=True) for h in r.hyper if h.role is Role.RATE)


def is_pair(x: Any) -> bool:
    """True where a value is two numbers: what `betas` holds."""
    return isinstance(x, tuple | list) and len(x) == 2 and all(is_number(y) for y in x)


def is_number(x: Any) -> bool:
    """True where a value is a number that may be a hyperparameter's; a switch is none."""
    return (isinstance(x, int | float) and not isinstance(x, bool)) or (hasattr(x, "numel") and x.numel() == 1)


def configured(rule: str | None, known: Mapping[str, Any]) -> str | None:
    """The rule that its arguments ask for, where its name says less: SGD(momentum=0.9) is momentum, Adam(amsgrad=True) amsgrad."""
    by_plain = {plain(n): x for n, x in known.items()}
    if rule in ("sgd", "momentum") and by_plain.get("nesterov") is True:
        return "nesterov"
    momentum = matched(list(known), ("momentum",)).get("momentum") if rule == "sgd" else None
    if momentum is not None and is_number(known[momentum.argument]) and float(known[momentum.argument]) != 0:
        return "momentum"
    return "amsgrad" if rule == "adam" and by_plain.get("amsgrad") is True else rule


SWITCHES = {"amsgrad": ("amsgrad",), "nesterov": ("nesterov",), "adamw": ("decoupled", "decoupleddecay", "decoupledweightdecay", "adamw")}
"""By rule, the arguments that switch it on, in plain letters."""


def switches_of(rule: str | None, known: Mapping[str, Any]) -> dict[str, bool]:
    """The arguments that are off and that the rule asks for."""
    wanted = SWITCHES.get((rule or "").partition("/")[0], ())
    return {n: True for n, x in known.items() if x is False and plain(n) in wanted}


TURNS = {"adam": ("amsgrad", "adamw"), "momentum": ("nesterov",)}
"""By rule, those that a switch makes of it."""


def turned(rule: str | None, off: Iterable[str], places: Mapping[str, Place]) -> dict[str, str]:
    """By argument that is off, the rule that it makes of the one that is judged, where all of that rule's hyperparameters are among the arguments."""
    named = {r.name: r for r in rules()}
    found = {n: named[made] for n in off for made in TURNS.get(rule or "", ()) if plain(n) in SWITCHES[made]}
    return {n: r.name for n, r in found.items() if set(r.hyper_names) <= set(places)}


def changed_values(known: Mapping[str, Any], places: Mapping[str, Place]) -> dict[str, Any]:
    """Other values of the arguments that stand for no hyperparameter: False for a switch that is on, and for a number another one."""
    used = {p.argument for p in places.values()}
    left = {n: x for n, x in known.items() if n not in used and isinstance(x, bool | int | float) and x is not False}
    return {n: False if x is True else 0.5 if x == 0 else x + 1 if isinstance(x, int) else x / 2 for n, x in left.items()}


def measured_names(seen: Sequence[str]) -> tuple[str, ...]:
    """The remark on names that were measured to be hyperparameters."""
    return (f"confirmed by measurement: {', '.join(seen)}",) if seen else ()


def shown_as_found(known: Mapping[str, Any], places: Mapping[str, Place]) -> tuple[str, ...]:
    """Remarks on the arguments that stand for no hyperparameter: they keep their value."""
    used = {p.argument for p in places.values()}
    left = [f"{n}={_short(x)}" for n, x in known.items() if n not in used]
    return (f"held as found: {', '.join(left)}",) if left else ()


def _short(x: Any) -> str:
    text = " ".join(repr(x).split())
    return text if len(text) <= 24 else f"{text[:21]}..."


def named_parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters of a callable that have a name of their own: not `*args`, not `**kwargs`.

    Raises TypeError or ValueError where it does not show what it takes.
    """
    return {n: p for n, p in inspect.signature(function).parameters.items() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}


def takes_any(function: Callable[..., Any]) -> bool:
    """True for a callable that takes keyword arguments of any name. Raises TypeError or ValueError where it does not show what it takes."""
    return any(p.kind is p.VAR_KEYWORD for p in inspect.signature(function).parameters.values())
