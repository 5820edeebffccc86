"""The defaults of an implementation, on an axis of their own: the values in force where nothing is sent, beside those of the rule.

What an implementation declares is believed where it explains the cases in which nothing is sent. Else the values are measured:
those that people use come first, then one is read off. A value must explain every claim of these cases, and one more run with
nothing sent, which it was not read off from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations, product

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.not_taken import is_small
from refopt.conformance.diagnose.read_off import read_off
from refopt.conformance.diagnose.roles import values
from refopt.conformance.judge.model import Model
from refopt.conformance.protocol.implementation import Implementation, NoDefaults, Ran
from refopt.conformance.protocol.observe import Observation, observe
from refopt.golden.changing import changes
from refopt.golden.description import Name
from refopt.golden.model import Case, CaseKind, Result
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule


class Beside(Enum):
    """An implementation's defaults beside those of the rule it is judged by."""

    SAME = "same"
    DIFFER = "differ"
    NONE = "none"


@dataclass(frozen=True)
class Defaults:
    """Comparison of defaults: for those that differ the implementation's value and the rule's, and all values in force."""

    beside: Beside
    differing: Mapping[str, tuple[str, str]]
    in_force: Mapping[str, float]


def none_given(observations: Sequence[Observation]) -> bool:
    """True where an implementation cannot be run without its hyperparameters."""
    asked = [o for o in observations if o.case.kind == CaseKind.DEFAULTS]
    return bool(asked) and any(isinstance(o.answer, NoDefaults) for o in asked) and not any(isinstance(o.answer, Ran) for o in asked)


def compared(rule: Rule, expected: Mapping[str, str], in_force: Mapping[str, float]) -> Defaults:
    """The values in force beside those that the cases expect; what is not known to be in force is the rule's."""
    names = [n for n in rule.hyper_names if n in expected and n in in_force]
    differing = {n: (f"{in_force[n]:g}", f"{float(expected[n]):g}") for n in names if in_force[n] != float(expected[n])}
    return Defaults(Beside.DIFFER if differing else Beside.SAME, differing, dict(in_force))


def one_more(implementation: Implementation, cases: Sequence[Case], evidence: Evidence) -> list[Observation]:
    """The inputs of a case in which everything is sent, run once more with nothing sent."""
    expected = next((o.case.hyper_expected for o in evidence.observations if o.case.kind == CaseKind.DEFAULTS), None)
    must = (c for c in cases if c.kind == CaseKind.OPEN_LOOP and c.result == Result.MUST and evidence.format.name in c.dtypes)
    usual = (c for c in must if not changes(c) and is_small(c))
    case = next((c for c in usual if all(g is not None for row in c.grads for g in row)), None)
    if expected is None or case is None:
        return []
    asked = replace(case, kind=CaseKind.DEFAULTS, hyper={}, hyper_expected=expected, expect=())
    found = observe(implementation, evidence.reference, asked, evidence.format)
    return [found] if isinstance(found.answer, Ran) else []


def measured(evidence: Evidence, model: Model, tell: Callable[[Name], None]) -> dict[str, float] | None:
    """The values in force where nothing is sent, by a formula that explains the other cases; None where none explains these.

    `evidence` holds only cases in which nothing is sent; the last of them is the one that nothing is read off from.
    """
    rule = model.rule
    expected = next(o.case.hyper_expected for o in evidence.observations if o.case.kind == CaseKind.DEFAULTS) or {}
    chosen = [h for h in rule.hyper if h.symbol.kind is Kind.REAL]
    base = {h.name: expected.get(h.name, h.default) for h in rule.hyper}
    declared = {**base, **{n: repr(float(x)) for n, x in evidence.settings.items() if n in base}}
    for start in dict.fromkeys((tuple(declared.items()), tuple(base.items()))):
        for put in _proposed(evidence, model, chosen, dict(start)):
            tell(", ".join(f"{n} = {x}" for n, x in put.items()) or "its defaults")
            with_them = evidence.with_settings({**dict(start), **put})
            if with_them.looks.misfit(model) <= 1 and (attempt := fit.attempt(with_them, model)).fits and sum(r.claims > 0 for r in attempt.results) > 1:
                return {n: float(x) for n, x in {**dict(start), **put}.items()}
    return None


def _proposed(evidence: Evidence, model: Model, chosen: Sequence[Hyper], start: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Values worth a trial, the fewest differences first; what a visible state says by itself is settled before."""
    rule, fitting = model.rule, range(len(evidence.observations) - 1)
    yield {}
    settled = _by_states(evidence, rule, chosen, start)
    open_still = [h for h in chosen if h.name not in settled]
    if settled:
        yield settled
    for count in (1, 2):
        for some in combinations(open_still, count):
            for row in product(*(values(h) for h in some)):
                yield {**settled, **{h.name: x for h, x in zip(some, row, strict=True)}}
        for h in open_still:
            beside = [{}] if count == 1 else [{o.name: x} for o in open_still if o is not h for x in values(o)]
            for put in beside:
                with_them = evidence.with_settings({**start, **settled, **put})
                if (value := read_off(with_them, rule, h, fitting)) is not None:
                    yield {**settled, **put, h.name: value}
        if count == 1:
            yield {**settled, **{h.name: "0" for h in open_still}}


def _by_states(evidence: Evidence, rule: Rule, chosen: Sequence[Hyper], start: Mapping[str, str]) -> dict[str, str]:
    """The values that visible states say by themselves: each of those in which only one hyperparameter stands."""
    settled: dict[str, str] = {}
    if not evidence.sees(rule):
        return settled
    with_start = evidence.with_settings(start)
    for let in rule.steps:
        inside = [h for h in chosen if h.symbol in set(let.value.symbols()) and h.name not in settled]
        if let.name not in rule.state_names or len(inside) != 1:
            continue
        if with_start.looks.misfits(Model(rule.name, rule), let.name).get(let.name, 0.0) <= 1:
            continue
        tried = [*values(inside[0]), read_off(with_start, rule, inside[0], range(len(evidence.observations) - 1), let.name)]
        for value in (x for x in tried if x is not None):
            put = with_start.with_settings({inside[0].name: value})
            if put.looks.misfits(Model(rule.name, rule), let.name).get(let.name, 2.0) <= 1:
                settled[inside[0].name] = value
                with_start = put
                break
    return settled
