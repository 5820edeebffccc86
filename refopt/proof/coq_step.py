"""Steps of a derivation as theorems for Coq: rational identities, and identities under a root.

Each says: for all admissible letters, wherever nothing is divided by zero and no root is of a negative number, left = right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from refopt.derivation.derivation import Derivation
from refopt.derivation.step import Kind, Step
from refopt.derivation.symbol import Letter
from refopt.errors import RefoptError
from refopt.proof.coq_tactics import TACTICS

KINDS = (Kind.RATIONAL, Kind.ROOT)


BEYOND = {("rescaling", "so at a sighting theta moves by"): "two roots of unlike values: its proof needs a square that the tactics below do not find"}
"""Steps of these kinds that are not written, by derivation and name, and why: their certificate names them."""


def steps_for_coq(derivation: Derivation) -> dict[int, Step]:
    """The steps that are written as theorems, by number."""
    return {i: s for i, s in enumerate(derivation.steps, start=1) if s.kind in KINDS and (derivation.name, s.name) not in BEYOND}


def certificate_of(derivation: Derivation, command: str = "") -> str:
    """The theorems of a derivation, one a step, with their proofs. Raises RefoptError where it has no such step."""
    steps = steps_for_coq(derivation)
    if not steps:
        raise RefoptError(f"no certificate: {derivation.name} has no step that is a rational identity, or one under a root")
    head = [
        f"{derivation.title}: {derivation.plain_claim}" if derivation.claim else derivation.title,
        "Those of its steps that are identities of rational functions, or under a root:",
        "for all admissible letters, wherever both sides have a value.",
        f"{len(steps)} of {len(derivation.steps)} steps.",
        "To check it  coqc FILE.v",
        *([f"Made by      {command}"] if command else []),
    ]
    left_out = [f"(* {i}. {s.name}: not written, {BEYOND[derivation.name, s.name]} *)"
                for i, s in enumerate(derivation.steps, start=1) if (derivation.name, s.name) in BEYOND]  # fmt: skip
    parts = ["(* " + "\n   ".join(head) + " *)", "Require Import Reals Lra.", "Open Scope R_scope.", "", TACTICS, STEPS]
    return "\n".join([*parts, *(theorem(s, i) for i, s in steps.items()), *left_out]).rstrip() + "\n"


def theorem(step: Step, number: int) -> str:
    """One step as a theorem with its proof."""
    names = {x.symbol: _name(str(x.symbol)) for x in step.assumptions}
    written = _Printer(names)
    left, right = written.text(step.left), written.text(step.right)
    premises = [p for x in step.assumptions for p in _domain(x, written)]
    premises += [f"{written.text(c.lhs)} {_RELATIONS[c.rel_op]} {written.text(c.rhs)}" for c in step.conditions if getattr(c, "rel_op", "") in _RELATIONS]
    premises += [f"{d} <> 0" for d in dict.fromkeys(written.divisors)]
    premises += [f"0 <= {r}" for r in dict.fromkeys(written.radicands)]
    quantified = f"forall {' '.join(names.values())} : R,\n  " if names else ""
    chain = "".join(f"{p} ->\n  " for p in dict.fromkeys(premises))
    roots = "split_roots; one_name sqrt; scaled_roots; known_roots; " if step.kind is Kind.ROOT else ""
    statement = f"{quantified}{chain}{left}\n  = {right}."
    return f"(* {number}. {step.name} *)\nTheorem step_{number} : {statement}\nProof. intros; {roots}algebra_of_step. Qed.\n"


STEPS = """\
Ltac apart :=
  repeat split;
  first [ assumption | apply not_eq_sym, Rlt_not_eq; positive | lra | nra
        | match goal with H : _ <> 0 |- _ <> 0 => let E := fresh in intro E; apply H; first [ lra | nra ] end
        | match goal with H : _ <> 0 |- _ <> 0 => let E := fresh in intro E; apply H; rewrite <- E; solve [ ring | field; apart ] end ].
Ltac known_roots :=
  repeat match goal with |- context [sqrt ?a] =>
    let r := fresh "root" in let square := fresh in
    assert (square : sqrt a * sqrt a = a) by (apply sqrt_sqrt; first [ assumption | lra | nonnegative ]);
    first [ assert (0 < sqrt a) by first [ assumption | positive ] | assert (0 <= sqrt a) by apply sqrt_pos ];
    generalize dependent (sqrt a); intros r; intros; try (is_var a; subst a)
  end.
Ltac scaled_roots :=
  repeat match goal with P : 0 < ?c |- ?x = ?y => match x with context [sqrt ?a] => match y with context [sqrt ?b] =>
    tryif constr_eq a b then fail else
    replace (sqrt a) with (c * sqrt b) by
      (transitivity (sqrt (c * c * b)); [ rewrite sqrt_mult_alt by nonnegative; rewrite sqrt_square by lra; reflexivity | f_equal; algebra ])
  end end end.
Ltac algebra_of_step :=
  first [ solve [ ring ] | solve [ field; apart ] | solve [ nra ] | solve [ field_simplify_eq; [ nra | apart ] ] ].
"""

_RELATIONS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}


def _name(name: str) -> str:
    found = "".join(c if c.isalnum() or c == "_" else "_" for c in name)
    return f"{found}_" if found in ("S", "R", "O", "in", "at", "fix", "fun", "PI", "sqrt", "exp") else found


def _domain(letter: Letter, written: _Printer) -> Iterator[str]:
    name = written.names[letter.symbol]
    if letter.low is not None and letter.low.is_finite is not False:
        yield f"{written.text(letter.low)} {'<=' if letter.low_closed else '<'} {name}"
    if letter.high is not None and letter.high.is_finite is not False:
        yield f"{name} {'<=' if letter.high_closed else '<'} {written.text(letter.high)}"
    if letter.nonzero:
        yield f"{name} <> 0"


class _Printer:
    """SymPy's expressions in Coq's words; collects what is divided by and what stands under a root."""

    def __init__(self, names: dict[Any, str]) -> None:
        self.names = names
        self.divisors: list[str] = []
        self.radicands: list[str] = []

    def text(self, x: Any) -> str:
        """The expression, in parentheses where it is an operation."""
        x = sp.sympify(x)
        if x.is_Symbol:
            return self.names[x]
        if x.is_Integer:
            return str(x) if x >= 0 else f"({x})"
        if x.is_Rational:
            return f"({x.p} / {x.q})"
        if x.is_Add or x.is_Mul:
            return "(" + (" + " if x.is_Add else " * ").join(self.text(a) for a in x.args) + ")"
        if x.is_Pow and x.exp.is_Rational:
            return self._power(x.base, x.exp)
        raise RefoptError(f"{x} cannot be written for Coq")

    def _power(self, base: Any, exponent: Any) -> str:
        inner = self.text(base)
        if exponent.q == 2:
            if not base.is_positive:
                self.radicands.append(inner)
            inner = f"(sqrt {inner})"
        size = abs(exponent.p)
        power = inner if size == 1 else f"({inner} ^ {size})"
        if exponent > 0:
            return power
        if not base.is_Number:
            self.divisors.append(inner)
        return f"(/ {power})"
