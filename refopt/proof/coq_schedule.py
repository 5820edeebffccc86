"""A schedule's certificate: the rate that code computes, in closed form or from the rate of the step before, is the schedule's.

The step k is any real number that is not negative, which says more than all whole ones. A recursion that chooses by a whole
multiple (k - 1 - period = 2*period*n) is proved in both its cases: at such a k for every n, and elsewhere wherever it does not
divide by zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from refopt.language.expression import Expression, scalar
from refopt.language.hyper import Hyper
from refopt.language.schedule import Schedule
from refopt.lifting.assumption import Assumed, Worded, of_zero
from refopt.proof import coq_rule, coq_source
from refopt.proof.coq_tactics import TACTICS
from refopt.proof.unwritable import unwritable

CASES = """\
Ltac rate :=
  repeat match goal with |- context [if ?c then _ else _] => destruct c end; try lra;
  repeat match goal with |- ?x = ?y =>
    match y with context [Rmin ?a ?b] => match x with context [Rmin b a] => rewrite (Rmin_comm b a) end end end;
  one_name cos;
  first [ solve [ ring ] | solve [ field; repeat split; first [ assumption | lra | apply not_eq_sym, Rlt_not_eq; positive ] ] ].
"""


@dataclass(frozen=True)
class RateClaim:
    """Claim of a certificate: the rates of a source are those of a schedule. Forms that the source does not have are None."""

    source: str
    route: str
    schedule: Schedule
    hyper: tuple[Hyper, ...]
    closed: Expression | None
    recursion: Expression | None = None
    start: Expression | None = None
    command: str = ""
    assumed: tuple[Assumed, ...] = ()


def certificate_of_rate(claim: RateClaim, worded: Worded) -> str:
    """The text of the file, its assumptions in these words. Raises RefoptError where something in the formulas cannot be written this way."""
    head = [
        f"{claim.source} is {claim.schedule.name}:",
        "for every step and admissible hyperparameter, over the real numbers.",
        f"The source   {claim.route}",
        *(f"Assumed      {worded(x)}" for x in claim.assumed),
        "To check it  coqc FILE.v",
        *([f"Made by      {claim.command}"] if claim.command else []),
    ]
    lines = ["(* " + "\n   ".join(head) + " *)", "Require Import Reals Lra.", "Open Scope R_scope.", "", TACTICS, CASES, "Section Rates."]
    lines.append("(* hyperparameters and their domains *)")
    lines.append(f"Variables {' '.join(h.name for h in claim.hyper)} : R.")
    lines += [f"Hypothesis {h.name}_domain : {coq_rule.domain(h.conditions)}." for h in claim.hyper if h.conditions]
    lines += [f"Hypothesis {n}_not_0 : {n} <> 0." for n in (h.name for h in claim.hyper) if of_zero(n, True) in claim.assumed]
    lines += [f"(* what {claim.schedule.name} says *)", f"Definition rule_rate (k : R) := {coq_rule.formula(claim.schedule.rate)}."]
    if claim.closed is not None:
        lines += _closed(claim.closed)
    if claim.recursion is not None and claim.start is not None:
        lines += ["", f"Definition source_start := {coq_source.operand(claim.start)}.", "Theorem start : source_start = rule_rate 0.", "Proof."]
        lines += ["  unfold source_start, rule_rate.", *_at_zero(claim.schedule.rate), "  rate.", "Qed."]
        lines += _recursion(claim.recursion)
    return "\n".join([*lines, "End Rates.", ""])


def _closed(tree: Expression) -> list[str]:
    return [
        "",
        "(* the closed form *)",
        f"Definition source_closed (k : R) := {coq_source.operand(tree)}.",
        "Theorem closed_form : forall k, 0 <= k -> source_closed k = rule_rate k.",
        "Proof. intros; unfold source_closed, rule_rate; rate. Qed.",
    ]


def _at_zero(rate: Expression) -> Iterator[str]:
    """cos(pi*0/period) is 1."""
    for node in rate.walk():
        if node.op == "cos":
            inner = coq_rule.formula(node.args[0]).replace("k", "0")
            yield f"  replace (cos ({inner})) with 1 by (symmetry; rewrite <- cos_0; f_equal; unfold Rdiv; ring)."


def _recursion(tree: Expression) -> list[str]:
    """The rate of step k from that of step k - 1, in each of its cases."""
    whole = tree.op == "where" and any(n.op == "floor" for n in tree.args[0].walk())
    falling = tree.args[2] if whole else tree
    if any(n.op in ("floor", "where") for n in falling.walk()):
        raise unwritable("a recursion with this choice")
    divisors = dict.fromkeys(coq_source.operand(n.args[1]) for n in falling.walk() if n.op == "div" and any(x.op == "cos" for x in n.args[1].walk()))
    given = "".join(f" {d} <> 0 ->" for d in divisors)
    lines = ["", "(* from the rate of the step before *)", f"Definition source_next (k lr_prev : R) := {coq_source.operand(falling)}."]
    lines.append(f"Theorem next : forall k, 1 <= k ->{given} source_next k (rule_rate (k - 1)) = rule_rate k.")
    lines.append("Proof. intros; unfold source_next, rule_rate; rate. Qed.")
    if whole:
        lines += _rebound(tree)
    return lines


def _rebound(tree: Expression) -> list[str]:
    """The case of the whole multiple: floor(...) is some n."""
    condition, rebound = tree.args[0], tree.args[1]
    floors = [n for n in condition.walk() if n.op == "floor"]
    if condition.op != "eq" or len(floors) != 1:
        raise unwritable("a recursion with this choice")
    text = " = ".join(coq_source.operand(_named(a, floors[0])) for a in condition.args).replace("whole_n", "(INR n)")
    return [f"Definition source_rebound (k lr_prev : R) := {coq_source.operand(rebound)}.",
            f"Theorem rebound : forall (k : R) (n : nat), {text} -> source_rebound k (rule_rate (k - 1)) = rule_rate k.",
            "Proof.",
            "  intros k n at_n; unfold source_rebound, rule_rate.",
            "  assert (k_is : k = 1 + period + 2 * period * INR n) by lra.",
            "  replace (PI * (k - 1) / period) with (PI + 2 * INR n * PI) by (rewrite k_is; field; lra).",
            "  replace (PI * k / period) with ((PI / period + PI) + 2 * INR n * PI) by (rewrite k_is; field; lra).",
            "  rewrite !cos_period, neg_cos, cos_PI.",
            "  rate.",
            "Qed."]  # fmt: skip


def _named(node: Expression, part: Expression) -> Expression:
    """The tree with one part replaced by a name."""
    if node == part:
        return scalar("whole_n")
    return replace(node, args=tuple(_named(a, part) for a in node.args)) if node.args else node
