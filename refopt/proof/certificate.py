"""A certificate: a Coq theorem that an implementation's update is the rule's, with its proof, in a file that stands alone.

Over the reals: for every parameter, gradient, state, update number and admissible hyperparameter. The source's side is
printed from the lifted source (coq_source.py), the rule's side from the rule (coq_rule.py). Whoever checks the file needs
Coq and trusts neither SymPy nor this project; what has to be read is the statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from refopt.errors import RefoptError
from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.lifting.assumption import Assumed, Worded
from refopt.proof import coq_rule, coq_source
from refopt.proof.coq_tactics import TACTICS
from refopt.proof.related import Multiple
from refopt.proof.unwritable import unwritable

RESERVED = frozenset({
    "as", "at", "cofix", "else", "end", "exists", "fix", "for", "forall", "fun", "if", "in", "let", "match", "mod", "return", "then", "using",
    "where", "with", "Set", "Prop", "Type", "R", "S", "O",
})  # fmt: skip
"""Words that Coq keeps for itself."""


WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Claim:
    """Claim of a certificate: the updates of a source are those of a rule.

    source    what the source is called, and how it was read
    hyper     hyperparameters of either side
    first     theta and the states after update 1 from the start, or None where nothing is said of it apart
    later     theta and the states after any later update
    multiple  the multiple of the source's state that the rule's is
    command   how the file was made
    assumed   what is taken for granted beside the domains of the hyperparameters
    """

    source: str
    route: str
    rule: Rule
    hyper: tuple[Hyper, ...]
    first: Mapping[str, Expression] | None
    later: Mapping[str, Expression]
    multiple: Multiple | None = None
    command: str = ""
    assumed: tuple[Assumed, ...] = ()


def certificate(claim: Claim, worded: Worded) -> str:
    """The text of the file, its assumptions in these words. Raises RefoptError where something in the formulas cannot be written this way."""
    if (condition := coq_rule.choice_of_quotients(claim.rule)) is not None:
        raise unwritable(f"the choice by {condition}")
    parts = [_head(claim, worded), "Require Import Reals Lra.\nOpen Scope R_scope.\n", TACTICS]
    if claim.first is not None:
        parts.append(_module(claim, "FirstUpdate", claim.first, first=True))
    parts.append(_module(claim, "LaterUpdate", claim.later, first=False))
    return "\n".join(parts)


def _head(claim: Claim, worded: Worded) -> str:
    rule = claim.rule
    where = str(rule.source[0]) if rule.source else ""
    lines = [
        f"{claim.source} is {rule.name}:",
        "for every parameter, gradient, state, update and admissible hyperparameter, over the real numbers, one element.",
        "",
        f"The source   {claim.route}",
        f"The rule     {rule.name}" + (f": {where}" if where else ""),
        *(f"Assumed      {worded(x)}" for x in claim.assumed),
        "To check it  coqc FILE.v",
        *([f"Made by      {claim.command}"] if claim.command else []),
    ]
    return "(* " + "\n".join(f"   {x}".rstrip() for x in lines)[3:] + " *)"


def _module(claim: Claim, name: str, values: Mapping[str, Expression], *, first: bool) -> str:
    rule = claim.rule
    states = [s for s in rule.state if not s.constant]
    used = {str(s.name) for tree in values.values() for s in tree.symbols()}
    foreign = sorted(n for n in {*values, *used} - {"theta", "g", "t", *(s.name for s in states), *(h.name for h in claim.hyper)})
    _refuse_bad_names([*values, *used, *(let.name for let in rule.steps), *(h.name for h in claim.hyper)])
    before, scaled = _scaled(claim, first)
    source = coq_source.in_coq(values, first=first)
    ours = coq_rule.in_coq(rule, first=first, before=before)
    start = [(s, coq_rule.formula(s.initial)) for s in states] if first else []
    lines = [f"Module {name}.", "Section Update.", "(* before the update *)"]
    if first:
        lines.append(f"Variables theta g {' '.join(foreign)}".rstrip() + " : R.")
        lines += [f"Definition {s.name} := {x}." for s, x in start if s.initial.op == "literal"]
    else:
        lines.append(f"Variables {' '.join(['theta', 'g', *(s.name for s in states), *foreign])} : R.")
    if claim.hyper:
        lines += ["(* hyperparameters and their domains *)", f"Variables {' '.join(h.name for h in claim.hyper)} : R."]
        lines += [f"Hypothesis {h.name}_domain : {coq_rule.domain(h.conditions)}." for h in claim.hyper if h.conditions]
    lines += [f"Definition {s.name} := {x}." for s, x in start if s.initial.op != "literal"]
    if claim.multiple is not None and claim.multiple.by_the_rate:
        lines += [f"Hypothesis {rate}_positive : 0 < {rate}." for rate in rule.at_rate(None)]
    if not first:
        lines += ["Variable t : nat.", "Hypothesis later : (2 <= t)%nat."]
    lines += ["(* what the source does *)", *(f"Definition {n} := {x}." for n, x in source.steps)]
    lines += [f"(* what {rule.name} says *)", *scaled, *(f"Definition {n} := {x}." for n, x in ours.definitions)]
    divisors = list(dict.fromkeys(ours.divisors))
    if divisors:
        lines.append("(* wherever the rule has a value *)")
        lines += [f"Hypothesis divides{i or ''} : {d} <> 0." for i, (d, _) in enumerate(divisors)]
    multiples = [] if claim.multiple is None else [(n, f"{claim.multiple.factor} {claim.multiple.state}") for n in before.values()]
    texts = dict([*((s.name, x) for s, x in start), *multiples, *source.steps, *ours.definitions])
    last = {let.name: n for let, (n, _) in zip(rule.steps, ours.definitions, strict=True)}
    for variable in (*(s.name for s in states if s.name in source.results), "theta"):
        factor = claim.multiple.factor if claim.multiple is not None and claim.multiple.state == variable else None
        theirs = source.results[variable] if factor is None else f"({factor}) * {source.results[variable]}"
        proof = _proof(claim, texts, (source.results[variable], last[variable]), divisors, [*ours.powers, *source.powers])
        lines += ["", f"Theorem same_{variable} : {theirs} = {last[variable]}.", "Proof.", *proof, "Qed."]
    return "\n".join([*lines, "End Update.", f"End {name}.", ""])


def _scaled(claim: Claim, first: bool) -> tuple[dict[str, str], list[str]]:
    """Name and definition of the rule's value before the update, where its state is a multiple of the source's."""
    if claim.multiple is None:
        return {}, []
    state, factor = claim.multiple.state, claim.multiple.factor
    return {state: f"rule_{state}_before"}, [f"Definition rule_{state}_before := ({factor}) * {state}."]


def _proof(claim: Claim, texts: Mapping[str, str], sides: Sequence[str], divisors: Sequence[tuple[str, tuple[str, ...]]],
           powers: Sequence[tuple[str, str]]) -> list[str]:  # fmt: skip
    """The proof that two definitions are equal."""
    needed = _needed(texts, sides)
    words = {w for n in needed for w in WORD.findall(texts[n])}
    has_roots = "sqrt" in words
    divisors = [d if words.issuperset(d[1]) else ("", ()) for d in divisors] if has_roots else []  # those of this theorem
    about = [f"divisor{i or ''}" for i, (d, _) in enumerate(divisors) if d]
    unfolded = _needed(texts, [*sides, *(w for d, _ in divisors for w in WORD.findall(d) if has_roots)])
    place = f" in {', '.join(about)} |- *" if about else ""
    lines = [f"  pose proof divides{d.removeprefix('divisor')} as {d}." for d in about]
    lines += [f"  unfold {', '.join(reversed(unfolded))}{place}."]
    below_one = {h.name for h in claim.hyper if any(c.op == "lt" and c.args[0].name == h.name and c.args[1].value == 1 for c in h.conditions)}
    for base, exponent in dict.fromkeys(powers):
        if base in below_one and any(f"{base} ^ {exponent}" in texts[n] for n in unfolded):
            lines.append(f"  assert (0 <= {base} ^ {exponent} < 1) by (apply pow_lt_1_compat; [ lra | apply (Nat.lt_le_trans 0 2); auto ]).")
            lines.append(f"  generalize dependent ({base} ^ {exponent}); intros.")
    if has_roots:
        lines.append("  split_roots.")
        for name in dict.fromkeys(n for _, added in divisors for n in added):
            zero = f"rewrite <- {name}_zero in {', '.join(about)} |- *"
            lines.append(f"  destruct (Rle_lt_or_eq_dec 0 {name} ltac:(lra)) as [ {name}_positive | {name}_zero ]; [ | {zero} ].")
    steps = [f"roots_of {d}" for d in about] + ["one_larger"] * ("Rmax" in words) + ["one_name sqrt", "named_roots"] * has_roots + ["algebra"]
    return [*lines, f"  {'all: ' if has_roots else ''}{'; '.join(steps)}."]


def _needed(texts: Mapping[str, str], names: Sequence[str]) -> list[str]:
    """Those definitions among the names, and all that they are made of, each after what it is made of."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in texts and name not in found:
            for word in WORD.findall(texts[name]):
                visit(word)
            found[name] = None

    for name in names:
        visit(name)
    return list(found)


def _refuse_bad_names(names: Sequence[str]) -> None:
    for name in names:
        if name in RESERVED or not name.isidentifier() or not name.isascii():
            raise RefoptError(f"the name {name} cannot stand in a Coq file")
