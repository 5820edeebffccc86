"""Lowering to JavaScript: an ES module, Float64Array and Float32Array, in place.

JavaScript computes in binary64. Among float32 arrays every operation is rounded by Math.fround, which gives what
float32 arithmetic gives: + - * / and the root of float32 numbers are not changed by being rounded twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule, State
from refopt.language.schedule import Schedule
from refopt.lowering.c_family import FUNCTIONS, INFIX, SQUARE, branches, literal
from refopt.lowering.helper_files import called, parts
from refopt.lowering.layout import heading
from refopt.lowering.names import Own, spelled
from refopt.lowering.one_value import moved
from refopt.lowering.plan import Plan, arrays, given, initial, plan
from refopt.lowering.printer import ANY, ATOM, ENTRY, NO_REDUCTIONS, Dialect, Spelling, Table, is_integer_power, text
from refopt.lowering.python import COMPARE, SUM, call

NAME = "javascript"
SUFFIX = ".mjs"
CANNOT = {"cast": "an array stays in its own format within a step", **NO_REDUCTIONS}
KEYWORDS = (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function "
    "if implements import in instanceof interface let new null package private protected public return static super switch this throw true try "
    "typeof undefined var void while with yield"
)
OURS = "entry i f hyper state defaults init step rate float64 float32 check power ilog square Math Number Infinity NaN"
RESERVED = frozenset(f"{KEYWORDS} {OURS}".split())
"""Keywords, and names that the printed code uses itself."""

DOUBLE = Table(
    literal,
    {
        **INFIX,
        **{name: call(f"Math.{name}") for name in (*FUNCTIONS, "sign", "abs")},
        **{name: call(f"Math.{name}", 2) for name in ("max", "min", "pow")},
        "eq": Spelling("{0} === {1}", COMPARE, (SUM, SUM)),
        "square": call("square"),
        "ilog": call("ilog", 2),
        "count": Spelling(f"{{0}}.filter(({ENTRY}) => {{1}}).length", ATOM, (ATOM, COMPARE, ANY)),
    },
    CANNOT,
)
"""Numbers."""

EXACT = frozenset({"neg", "lt", "le", "gt", "ge", "eq", "and", "or", "where", "sign", "abs", "max", "min", "floor"})
"""Operations whose result is a float32 number wherever their operands are."""

SINGLE = Table(
    literal,
    {op: s if op in EXACT else Spelling(f"f({s.template})", ATOM, s.operands) for op, s in DOUBLE.operations.items()},
    CANNOT,
)
"""Numbers rounded to float32 after every operation."""


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    if is_integer_power(node):
        return call("power", 2), node.args
    if node.op == "square" and node.args[0].op == "symbol":
        return SQUARE, (node.args[0], node.args[0])
    return None


def _fold_single(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    folded = _fold(node)
    if folded is None or node.is_scalar:
        return folded
    return Spelling(f"f({folded[0].template})", ATOM, folded[0].operands), folded[1]


DIALECT = Dialect(NAME, lambda node: DOUBLE, {"pi": "Math.PI"}, fold=_fold)
DIALECT_SINGLE = Dialect(NAME, lambda node: DOUBLE if node.is_scalar else SINGLE, {"pi": "Math.PI"}, fold=_fold_single)

CONTRACT: tuple[str, ...] = (
    "A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. "
    "Bits are those of every other backend where only + - * / sqrt are used.",
)
RATE_CONTRACT: tuple[str, ...] = ("The rate is formed in binary64; integers up to 2^53 stay exact.",)
LIBRARY = "A function such as Math.cos may differ from another library's in the last bit."
HELPERS = "helpers.mjs"


def module(concept: Rule | Schedule) -> str:
    """The module of a rule (`defaults`, `init`, `step`) or of a schedule (`defaults`, `rate`)."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        library = any(n.op in ("exp", "log", "cos", "sin", "tanh") for n in concept.rate.walk())
        code, contract = _rate(written.schedule, written.own), (*RATE_CONTRACT, *([LIBRARY] if library else []))
    else:
        code, contract = _update(plan(written.rule, RESERVED), written.own), CONTRACT
    body = "\n\n".join(code)
    helpers = called(HELPERS, lambda name: f"{name}(" in body)
    rounding = ["const f = Math.fround;"] if re.search(r"\bf\(", body) else []
    return "\n".join([*heading(concept, NAME, contract, "//"), "\n\n".join([*rounding, _defaults(concept.hyper), *helpers, body]), ""])


def _defaults(hyper: Sequence[Hyper]) -> str:
    return f"export const defaults = {{ {', '.join(f'{h.name}: {_number(h)}' for h in hyper)} }};"


def _fields(names: Sequence[str], own: Own) -> str:
    """A pattern that takes fields apart: `lr`, or `power: power_` where the code has another name for it."""
    return ", ".join(name if own(name) == name else f"{own(name)}: {name}" for name in names)


def _number(hyper: Hyper) -> str:
    if hyper.is_list:
        return f"[{', '.join(map(str, hyper.values(hyper.default).values()))}]"
    value = hyper.value(hyper.default)
    return str(int(value)) if hyper.symbol.kind is Kind.INTEGER else repr(float(value)).removesuffix(".0")


def _update(p: Plan, own: Own) -> list[str]:
    states = _fields(p.rule.state_names, own)
    kept = f"{{ {states} }}" if states else "{}"
    arrays = [s.name for s in p.rule.tensor_state]
    read = ", ".join(given(p.rule))
    checked = f"{{ {read}, ...state }}" if states else f"{{ {read} }}"
    if p.rule.scalar_state:
        checked = f"{{ {', '.join([*given(p.rule), *(f'{own(x)}: state.{own(x)}' for x in arrays)])} }}"
    step = [
        "// Update t = 1, 2, ... of theta and the state; g is the gradient at theta.",
        f"export function step(theta, {read}, state, t, hyper = {{}}) {{",
        f"  check(theta, {checked}, t);",
        "  const update = theta instanceof Float32Array ? float32 : float64;",
        f"  update(theta, {read}, state, t, {{ ...defaults, ...hyper }});",
        "}",
    ]
    loops = ("\n".join(_loop(p, own, kept, *of)) for of in (("float64", DIALECT), ("float32", DIALECT_SINGLE)))
    return [_init(p.rule, own), "\n".join(step), parts(HELPERS)["check"], *loops]


def _init(rule: Rule, own: Own) -> str:
    lines = ["// The state before the first update."]
    used = [h.name for h in rule.hyper if any(s.name == h.name for state in rule.state for s in state.initial.symbols())]
    lines.append(f"export function init(theta{', hyper = {}' if used else ''}) {{")
    lines += [f"  const {{ {_fields(used, own)} }} = {{ ...defaults, ...hyper }};"] if used else []
    fields = ", ".join(f"{own(state.name)}: {_initial(state, rule)}" for state in rule.state)
    return "\n".join([*lines, f"  return {{ {fields} }};" if fields else "  return {};", "}"])


def _initial(state: State, rule: Rule) -> str:
    """Zeros, a number everywhere (the array rounds it), or a function of theta."""
    tree = state.initial
    if state.is_scalar:
        return text(tree, DIALECT)
    if tree.op == "literal" and tree.value == 0:
        return "new theta.constructor(theta.length)"
    if tree.is_scalar:
        return f"new theta.constructor(theta.length).fill({text(tree, DIALECT)})"
    names = {s.value: f"(theta instanceof Float32Array ? Math.fround({text(s.value, DIALECT)}) : {text(s.value, DIALECT)})"
             for s in initial(state, RESERVED, rule)}  # fmt: skip
    names |= {s: "x" for s in arrays(rule) if s.name == "theta"}
    return f"theta.map((x) => {text(tree, DIALECT, names)})"


def _loop(p: Plan, own: Own, kept: str, name: str, dialect: Dialect) -> list[str]:
    single = dialect is DIALECT_SINGLE
    used = {str(s.name) for tree in (*(let.value for let in p.rule.steps), *(s.value for s in p.scalars)) for s in tree.symbols()}
    hyper = _fields([h for h in p.rule.hyper_names if h in used], own)
    one_value = [s.name for s in p.rule.scalar_state]
    lines = [f"function {name}(theta, {', '.join(given(p.rule))}, {'state' if one_value else kept}, t, {{ {hyper} }}) {{"]
    lines += [f"  let {kept} = state;"] if one_value else []
    lines += [f"  {'' if let.name in one_value else 'let ' if single else 'const '}{let.name} = {text(let.value, DIALECT)};" for let in p.before]
    lines += [f"  state.{own(s.name)} = {s.name};" for s in moved(p.rule.scalar_state)]
    for scalar in p.scalars:
        value = text(scalar.value, DIALECT)
        if scalar.value.op == "symbol":
            lines += [f"  {value} = f({value});"] if single else []
        else:
            lines.append(f"  const {scalar.name} = {f'f({value})' if single and scalar.rounded else value};")
    lines.append("  for (let i = 0; i < theta.length; i++) {")
    names, counts, declared = {**arrays(p.rule), **p.names}, p.temporaries(), set[str]()
    for let in p.elements:
        left = f"{let.name}[i]"
        if let.name in counts:
            left = let.name if let.name in declared else f"{'const' if counts[let.name] == 1 else 'let'} {let.name}"
            declared.add(let.name)
        lines.append(f"    {left} = {text(let.value, dialect, names)};{f'  // {let.comment}' if let.comment else ''}")
    return [*lines, "  }", "}"]


def _rate(schedule: Schedule, own: Own) -> list[str]:
    used = [h for h in schedule.hyper_names if any(s.name == h for s in schedule.rate.symbols())]
    lines = [
        "// The learning rate of step k = 0, 1, 2, ...",
        "export function rate(k, hyper = {}) {",
        "  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);",
        f"  const {{ {_fields(used, own)} }} = {{ ...defaults, ...hyper }};",
        *(f"  {f'if ({text(c, DIALECT)}) ' if c is not None else ''}return {text(x, DIALECT)};" for c, x in branches(schedule.rate)),
        "}",
    ]
    return ["\n".join(lines)]
