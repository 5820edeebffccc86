"""A rule in Coq's words: its assignments as definitions over the reals, in the rule's letters, with as few parentheses as people write.

Only the rule's side of a certificate is printed here. The other side has a printer of its own (coq_source.py) that shares
nothing with this one, so that no single mistake in printing could make two formulas look alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from refopt.language.expression import Expression
from refopt.language.rule import Rule
from refopt.proof.unwritable import unwritable
from refopt.proof.update_trees import after, chooses_by_update

ATOM, ARGUMENT = 9, 8
CALLS = {"sqrt": "sqrt", "max": "Rmax", "min": "Rmin", "abs": "Rabs", "exp": "exp", "log": "ln", "cos": "cos", "sin": "sin", "tanh": "tanh"}
WRITTEN = frozenset({"literal", "symbol", "constant", "add", "sub", "neg", "mul", "div", "square", "pow", "cast", "where", *CALLS})
"""Operations that a formula in Coq may have."""
RELATIONS = {"lt": "<", "le": "<=", "eq": "="}


def is_written(rule: Rule) -> bool:
    """True for a rule all of whose operations can be written in Coq, and its choices proved."""
    questions = {n for let in rule.steps for x in let.value.walk() if x.op == "where" for n in x.args[0].walk()}
    known = all((n.op in WRITTEN and _has_whole_power(n)) or n in questions for let in rule.steps for n in let.value.walk())
    return known and choice_of_quotients(rule) is None


def choice_of_quotients(rule: Rule) -> Expression | None:
    """A condition that compares quotients, what it is made of put in; the tactics do not see that what is divided by where it holds is not zero."""
    trees = (tree for first in (True, False) for tree in after(rule, first=first).values())
    conditions = (n.args[0] for tree in trees for n in tree.walk() if n.op == "where")
    return next((c for c in conditions if any(n.op == "div" for n in c.walk())), None)


def _has_whole_power(node: Expression) -> bool:
    """False for a power whose exponent is neither a number nor t itself."""
    return node.op != "pow" or node.args[1].op == "literal" or (node.args[1].op == "symbol" and node.args[1].name == "t")


@dataclass
class RuleInCoq:
    """A rule's assignments for one update.

    definitions  (name, text), in order; the last of a name is its new value
    divisors     what is divided by and is not a scalar, and the hyperparameters that are added in it
    powers       (base, exponent) of every power whose exponent is the number of the update
    """

    definitions: list[tuple[str, str]] = field(default_factory=list)
    divisors: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    powers: list[tuple[str, str]] = field(default_factory=list)


def in_coq(rule: Rule, *, first: bool, before: Mapping[str, str] | None = None, prefix: str = "rule_") -> RuleInCoq:
    """The definitions of a rule's update: the first one (t = 1), or any later one (t is a natural number, at least 2).

    before  other names of the values before the update
    """
    found = RuleInCoq()
    names = dict(before or {})
    for let in rule.steps:
        writer = _Writer(found, names, first)
        text = writer.formula(let.value)
        taken = {n for n, _ in found.definitions}
        name = prefix + let.name
        while name in taken:
            name += "_again"
        found.definitions.append((name, text))
        names[let.name] = name
    return found


def domain(conditions: Sequence[Expression]) -> str:
    """Conditions on one hyperparameter as a proposition: 0 <= beta1 < 1."""
    texts = []
    for node in conditions:
        op, (a, b) = node.op, node.args
        if op in ("ge", "gt"):
            op, a, b = {"ge": "le", "gt": "lt"}[op], b, a
        texts.append((formula(a), RELATIONS[op], formula(b)))
    if len(texts) == 2 and texts[0][2] == texts[1][0]:
        return f"{' '.join(texts[0])} {texts[1][1]} {texts[1][2]}"
    return " /\\ ".join(" ".join(x) for x in texts)


def formula(node: Expression) -> str:
    """A formula by itself."""
    return _Writer(RuleInCoq(), {}, False).formula(node)


@dataclass
class _Writer:
    found: RuleInCoq
    names: Mapping[str, str]
    first: bool

    def formula(self, node: Expression, outer: int = 0, right: bool = False) -> str:
        bind, text = self._text(node)
        return f"({text})" if bind < outer or (right and bind == outer) else text

    def _text(self, node: Expression) -> tuple[int, str]:
        op, args = node.op, node.args
        if op == "literal":
            assert node.value is not None
            return _number(node.value)
        if op == "symbol":
            if node.name == "t":
                return (ATOM, "1") if self.first else (ARGUMENT, "INR t")
            return ATOM, self.names.get(str(node.name), str(node.name))
        if op == "constant" and node.name == "pi":
            return ATOM, "PI"
        if op in ("add", "sub"):
            return 0, f"{self.formula(args[0], 0)} {'+' if op == 'add' else '-'} {self.formula(args[1], 0, True)}"
        if op == "neg":
            return 1, f"- {self.formula(args[0], 3)}"
        if op in ("mul", "div"):
            if op == "div" and not args[1].is_scalar:
                added = tuple(str(s.name) for a in args[1].args if args[1].op == "add" and a.is_scalar for s in _nonnegative(a))
                self.found.divisors.append((self.formula(args[1]), added))
            return 2, f"{self.formula(args[0], 2)} {'*' if op == 'mul' else '/'} {self.formula(args[1], 2, True)}"
        if op == "square":
            return 4, f"{self.formula(args[0], 5)} ^ 2"
        if op == "pow":
            return self._power(*args)
        if op == "cast":
            return self._text(args[0])
        if op == "where":
            return self._choice(*args)
        if op in CALLS:
            return ARGUMENT, " ".join([CALLS[op], *(self.formula(a, ATOM) for a in args)])
        raise unwritable(f"the operation {op}")

    def _power(self, base: Expression, exponent: Expression) -> tuple[int, str]:
        if exponent.op == "literal" and exponent.value is not None:
            if exponent.value == Fraction(1, 2):
                return ARGUMENT, f"sqrt {self.formula(base, ATOM)}"
            if exponent.value.denominator == 1 and exponent.value >= 0:
                return 4, f"{self.formula(base, 5)} ^ {exponent.value}"
        text = self._natural(exponent)
        if text is None:
            raise unwritable(f"the power {base}^({exponent})")
        if self.first and text.isdigit():
            return 4, f"{self.formula(base, 5)} ^ {text}"
        pair = self.formula(base, 5), text
        if pair not in self.found.powers:
            self.found.powers.append(pair)
        return 4, f"{pair[0]} ^ {pair[1]}"

    def _natural(self, node: Expression) -> str | None:
        return ("1" if self.first else "t") if node.op == "symbol" and node.name == "t" else None

    def _choice(self, chosen: Expression, then: Expression, otherwise: Expression) -> tuple[int, str]:
        """where(t = 1, a, b), where(t > 1, a, b): which of the two it is is known. Other choices stay choices."""
        known = chooses_by_update(chosen, first=self.first)
        if known is not None:
            return self._text(then if known else otherwise)
        decided = {"lt": "Rlt_dec", "le": "Rle_dec", "gt": "Rgt_dec", "ge": "Rge_dec"}.get(chosen.op)
        if decided is None:
            raise unwritable(f"the choice by {chosen}")
        a, b = (self.formula(x, ATOM) for x in chosen.args)
        return -1, f"if {decided} {a} {b} then {self.formula(then)} else {self.formula(otherwise)}"


def _nonnegative(node: Expression) -> list[Expression]:
    """The symbol that a scalar summand is, or is a multiple of: where it is 0 the summand is."""
    while node.op in ("mul", "div"):
        node = node.args[0]
    return [node] if node.op == "symbol" and node.sign is not None else []


def _number(value: Fraction) -> tuple[int, str]:
    text = str(abs(value.numerator)) if value.denominator == 1 else f"{abs(value.numerator)} / {value.denominator}"
    if value < 0:
        return 1, f"- {text}" if value.denominator == 1 else f"- ({text})"
    return (ATOM if value.denominator == 1 else 2), text
