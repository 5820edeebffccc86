"""Lowering to FPCore, the language of FPBench's tools: one core for theta and one for each state.

A core is the element of an update in binary64: what Herbie, Daisy or Titanic read.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.operations import SMOOTH
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule
from refopt.lowering.layout import WIDTH, heading
from refopt.lowering.names import module_name, spelled
from refopt.lowering.printer import ANY, ATOM, NO_REDUCTIONS, Dialect, Spelling, Table, decimal_text, text

NAME = "fpcore"
SUFFIX = ".fpcore"
CANNOT = {"cast": "a core has one precision", "count": "a core takes numbers, and no list of any length",
          "ilog": "a core computes in floating point, and this is a loop over whole numbers", **NO_REDUCTIONS}
RESERVED = frozenset(
    "E LOG2E LOG10E LN2 LN10 PI PI_2 PI_4 M_1_PI M_2_PI M_2_SQRTPI SQRT2 SQRT1_2 INFINITY NAN TRUE FALSE FPCore let if while x".split()  # noqa: SIM905
)
"""Names that FPCore has itself, and ours."""

_CALLS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "pow", "max": "fmax", "min": "fmin", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "eq": "==", "and": "and", "or": "or",
}  # fmt: skip
_FUNCTIONS = {"neg": "-", "abs": "fabs", **{name: name for name in ("sqrt", "floor", *SMOOTH)}}


def _literal(value: Fraction, bare: bool) -> tuple[str, int]:
    return decimal_text(value) or str(value), ATOM


TABLE = Table(
    _literal,
    {
        **{op: Spelling(f"({name} {{0}} {{1}})", ATOM, (ANY, ANY)) for op, name in _CALLS.items()},
        **{op: Spelling(f"({name} {{0}})", ATOM) for op, name in _FUNCTIONS.items()},
        "where": Spelling("(if {0} {1} {2})"),
        "square": Spelling("(let ((x {0})) (* x x))"),
        "sign": Spelling("(let ((x {0})) (if (> x 0) 1 (if (< x 0) -1 x)))"),
    },
    CANNOT,
)


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    if node.op == "square" and node.args[0].op == "symbol":
        return Spelling("(* {0} {1})", ATOM, (ANY, ANY)), (node.args[0], node.args[0])
    return None


DIALECT = Dialect(NAME, lambda node: TABLE, {"pi": "PI"}, fold=_fold)
CONTRACT: tuple[str, ...] = ("FPCore 2.0. One element, every operation in binary64; t is a whole number. The states are those before the update.",)
RATE_CONTRACT: tuple[str, ...] = ("FPCore 2.0, binary64; k is a whole number.",)


def module(concept: Rule | Schedule) -> str:
    """The cores of a rule, theta first, or of a schedule."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        schedule = written.schedule
        cores, contract = [_core(schedule, "rate", (), schedule.rate)], RATE_CONTRACT
    else:
        if any(s.symbol.is_scalar for s in concept.state):
            raise NotImplementedYet(f"{concept.name}: a core of {NAME} is one element; it has no state with one value in all")
        rule = written.rule
        changed = [s.name for s in rule.state if not s.constant]
        cores, contract = [_of_output(rule, name) for name in ("theta", *changed)], CONTRACT
    return "\n".join([*heading(concept, NAME, contract, ";;"), "\n\n".join(cores), ""])


def _of_output(rule: Rule, name: str) -> str:
    """The core of one output: the assignments that it needs, the last one as its body."""
    last = max(i for i, let in enumerate(rule.steps) if let.name == name)
    wanted, needed = {str(s.name) for s in rule.steps[last].value.symbols()}, list[Let]()
    for let in reversed(rule.steps[:last]):
        if let.name in wanted:
            needed.insert(0, let)
            wanted = wanted - {let.name} | {str(s.name) for s in let.value.symbols()}
    return _core(rule, name, needed, rule.steps[last].value)


def _core(concept: Rule | Schedule, output: str, lets: Sequence[Let], body: Expression) -> str:
    order = ["theta", "g", *((*concept.input_names, *concept.state_names) if isinstance(concept, Rule) else ()), "t", "k", *concept.hyper_names]
    free = _free(lets, body)
    arguments = [name for name in order if name in free]
    hyper = [h for h in concept.hyper if h.name in free]
    lines = [
        f"(FPCore {module_name(concept)}_{output} ({' '.join(arguments)})",
        f'  :name "{concept.name}: {output}{"" if output == "rate" else " after an update"}"',
        "  :precision binary64",
        *_pre(arguments, hyper),
    ]
    inside = _wrapped(text(body, DIALECT), "  " if not lets else "    ")
    if not lets:
        return "\n".join([*lines, f"{inside})"])
    bound = [f"({let.name} {text(let.value, DIALECT)})" for let in lets]
    rows = [f"{'  (let* (' if i == 0 else ' ' * 9}{x}{')' if i == len(bound) - 1 else ''}" for i, x in enumerate(bound)]
    return "\n".join([*lines, *rows, f"{inside}))"])


def _free(lets: Sequence[Let], body: Expression) -> set[str]:
    known, free = set[str](), set[str]()
    for name, tree in (*((let.name, let.value) for let in lets), ("", body)):
        free |= {str(s.name) for s in tree.symbols()} - known
        known.add(name)
    return free


def _pre(arguments: Sequence[str], hyper: Sequence[Hyper]) -> list[str]:
    """The domains. Counters and lengths are whole numbers."""
    conditions = [text(c, DIALECT) for h in hyper for c in h.conditions]
    conditions += [f"(== (floor {h.name}) {h.name})" for h in hyper if h.symbol.kind is Kind.INTEGER]
    for name, first in (("t", 1), ("k", 0)):
        conditions += [f"(<= {first} {name})", f"(== (floor {name}) {name})"] if name in arguments else []
    return [f"  :pre (and {' '.join(conditions)})"] if conditions else []


def _wrapped(code: str, indent: str) -> str:
    """One line where it fits; a choice in three."""
    if len(code) + len(indent) <= WIDTH or not code.startswith("(if "):
        return indent + code
    condition, then, otherwise = _parts(code[4:-1])
    return "\n".join([f"{indent}(if {condition}", f"{indent}    {then}", f"{indent}    {otherwise})"])


def _parts(code: str) -> list[str]:
    """The operands in a list of operands."""
    found, depth, start = list[str](), 0, 0
    for i, c in enumerate(f"{code} "):
        depth += (c == "(") - (c == ")")
        if c == " " and depth == 0:
            found.append(code[start:i])
            start = i + 1
    return found
