"""Lowering to C99: float and double, in place, a range of elements at a time.

Quotients and roots take so long that a processor does not look far enough ahead to keep the memory busy meanwhile: a step
that has them asks for the elements of a while later, block by block. A block is longer than a loop that compilers
unroll before they look for vectors. Measured on two cores (Sapphire Rapids), 10^7 floats, as a share of what one
addition in the place of the formula reaches: Adam 100 % with that and 89 % without, RMSProp 99 and 92. SGD has 92 with
and 96 without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.lists import listed, one_entry
from refopt.language.rule import Let, Rule, State
from refopt.language.schedule import Schedule
from refopt.lowering import division
from refopt.lowering.c_family import FUNCTIONS, INFIX, SQUARE, branches, literal
from refopt.lowering.helper_files import called, parts
from refopt.lowering.layout import WIDTH, heading
from refopt.lowering.names import module_name, spelled
from refopt.lowering.one_value import is_integer, moved
from refopt.lowering.plan import Plan, arrays, given, initial, plan
from refopt.lowering.printer import ATOM, NO_REDUCTIONS, Dialect, Spelling, Table, all_integers, is_floor_of_quotient, is_integer_power, text
from refopt.lowering.python import SIGN, call

NAME = "c"
SUFFIX = ".c"
CANNOT = {"cast": "an array stays in its own format within a step", **NO_REDUCTIONS}
KEYWORDS = (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short "
    "signed sizeof static struct switch typedef union unsigned void volatile while _Bool _Complex _Imaginary"
)
OURS = (
    "begin end i next easy formed scalars BLOCK AHEAD LINE FETCH size_t int64_t INFINITY NAN "
    "power ilog maximum minimum square sign larger smaller quotient reciprocal is_easy divided"
)
RESERVED = frozenset(f"{KEYWORDS} {OURS}".split())
"""Keywords, and names that the printed code uses itself."""


def _functions(suffix: str) -> dict[str, Spelling]:
    """The library's functions and our own, which end in `suffix` where the number is a float."""
    return {
        **INFIX,
        **{name: call(f"{name}{suffix}") for name in (*FUNCTIONS, "square", "sign")},
        "abs": call(f"fabs{suffix}"),
        "pow": call(f"pow{suffix}", 2),
        "max": call(f"maximum{suffix}", 2),
        "min": call(f"minimum{suffix}", 2),
    }


_INTEGERS = {"max": call("larger", 2), "min": call("smaller", 2), "ilog": call("ilog", 2), "floor": Spelling("(int64_t)floor({0})", SIGN)}
INTEGER = Table(literal, {**_functions(""), **_INTEGERS}, CANNOT)
REAL = Table(literal, _functions(""), CANNOT)
SINGLE = Table(literal, _functions("f"), CANNOT)


def _crossing(node: Expression, parent: Expression | None) -> Spelling | None:
    """An integer among numbers is made one where it stands: C would do it too, and warn where it is asked to."""
    if node.kind is not Kind.INTEGER or node.op == "literal" or (parent is not None and _takes_integer(parent, node)):
        return None
    return Spelling("(double){0}", SIGN, (ATOM,))


def _takes_integer(parent: Expression, node: Expression) -> bool:
    if parent.kind is Kind.INTEGER:
        return True
    if parent.kind is Kind.BOOLEAN:
        return all_integers(parent)
    return is_integer_power(parent) and parent.args[1] is node


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    """Integers are divided without remainder where the floor is wanted; an integer power is products, the same in every language."""
    if is_floor_of_quotient(node):
        return call("quotient", 2), node.args[0].args
    if is_integer_power(node):
        return call("power", 2), node.args
    if node.op == "square" and node.args[0].op == "symbol":
        return SQUARE, (node.args[0], node.args[0])
    return None


def _scalar_table(node: Expression) -> Table:
    return INTEGER if node.kind is Kind.INTEGER else REAL


DIALECT = Dialect("c", _scalar_table, {"pi": "3.14159265358979323846"}, crossing=_crossing, fold=_fold)
"""double, and the integers beside it."""
WHOLE = replace(DIALECT, crossing=lambda node, parent: None if parent is None else _crossing(node, parent))
"""The same for a value that stays an integer."""
DIALECT_SINGLE = Dialect("c", lambda node: _scalar_table(node) if node.is_scalar else SINGLE, {"pi": "3.14159265358979323846"}, crossing=_crossing, fold=_fold)
"""float in the element loop."""


@dataclass(frozen=True)
class Number:
    """A format: its name in refopt, its type in C, the suffix of its functions, how its trees are printed."""

    name: str
    type: str
    suffix: str
    dialect: Dialect


NUMBERS = (Number("float64", "double", "", DIALECT), Number("float32", "float", "f", DIALECT_SINGLE))

CONTRACT: tuple[str, ...] = (
    "C99. A step changes theta and the state in place, elements begin to end - 1 of each array, so that threads can share it; arrays must not "
    "overlap. Once a step, and before it, the scalars are formed in double and rounded once to the arrays' format. t counts updates from 1. "
    "Nothing is checked: hyperparameters belong to the domains above.",
    "Bits are those of every other backend where only + - * / sqrt are used: compile with -ffp-contract=off and without -ffast-math; "
    "-O3 -fno-math-errno makes the loop a vector loop and changes no bit.",
)
RATE_CONTRACT: tuple[str, ...] = ("C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.",)

HELPERS = "helpers.h"
_UPDATE = "// Update t of elements begin to end - 1; g is the gradient at theta."


def module(concept: Rule | Schedule) -> str:
    """The source file of a rule (`init`, `scalars`, `step` in float64 and float32) or of a schedule (`rate`)."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        code, contract = [_rate(written.schedule)], RATE_CONTRACT
    else:
        code, contract = _functions_of(written.rule), CONTRACT
    helpers = parts(HELPERS)
    fetch = [helpers["fetch"]] if any("FETCH(" in function for function in code) else []
    body = "\n\n".join([declarations(concept), *fetch, *called(HELPERS, lambda name: _calls("\n".join(code), name)), *code])
    included = ["#include <math.h>"] if any(f"{name}(" in body for name in ("pow", "powf", *FUNCTIONS, *(f"{n}f" for n in FUNCTIONS), "fabs", "fma")) else []
    included += ["#include <stddef.h>"] if "size_t" in body else []
    return "\n".join([*heading(concept, NAME, contract, "//"), *included, "#include <stdint.h>", "", helpers["guard"], "", body, ""])


def declarations(concept: Rule | Schedule) -> str:
    """Declarations that a program needs to call the file: its structures and prototypes."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        return f"{_rate_head(written.schedule)};"
    rule = written.rule
    p = _plan(rule)
    parts = []
    for number in NUMBERS:
        fields = [f"    {number.type} {s.name};" for s in p.numbers]
        fields += [f"    int {s.name};" for s in p.conditions]
        fields += [f"    {number.type} per_{name};  // 1 / {name}, or 0" for name in _divisors(p)]
        fields += [f"    int64_t {name};" for name in p.integers] or ([] if fields else ["    int64_t t;"])
        parts.append("\n".join(["typedef struct {", *fields, f"}} {_prefix(rule)}_scalars_{number.name};"]))
        parts.append("\n".join(f"{head};" for head in (_init_head(rule, number), _scalars_head(rule, number), _step_head(rule, number))))
    return "\n\n".join(parts)


def _prefix(concept: Rule | Schedule) -> str:
    return module_name(concept)


def _plan(rule: Rule) -> Plan:
    return plan(rule, RESERVED)


def _calls(body: str, name: str) -> bool:
    return re.search(rf"\b{name}\(", body) is not None


def _signature(head: str, arguments: Sequence[str]) -> str:
    """A function's head, broken where it is too long."""
    line = f"{head}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return line
    indent = " " * (len(head) + 1)
    rows, row = [], ""
    for argument in arguments:
        longer = f"{row}, {argument}" if row else argument
        if row and len(indent) + len(longer) > WIDTH - 2:
            rows.append(f"{row},")
            longer = argument
        row = longer
    return f"{head}({f'{chr(10)}{indent}'.join([*rows, row])})"


def _hypers(hyper: Sequence[Hyper]) -> list[str]:
    return [x for h in hyper for x in (_list(h) if h.is_list else [f"{'int64_t' if h.symbol.kind is Kind.INTEGER else 'double'} {h.name}"])]


def _list(hyper: Hyper) -> list[str]:
    return [f"size_t n_{hyper.name}", f"const int64_t *{hyper.name}"]


def _init_head(rule: Rule, number: Number) -> str:
    states = [_one_value(s) if s.is_scalar else f"{number.type} *restrict {s.name}" for s in rule.state]
    arguments = ["size_t begin", "size_t end", f"const {number.type} *restrict theta", *states, *_hypers(_initial_hyper(rule))]
    return _signature(f"void {_prefix(rule)}_init_{number.name}", arguments)


def _one_value(state: State) -> str:
    """The argument through which a state of one value comes and goes."""
    return f"{'int64_t' if is_integer(state) else 'double'} *{state.name}{KEPT}"


KEPT = "_kept"
"""Ends the name of the place in which a state of one value is kept."""


def _initial_hyper(rule: Rule) -> list[Hyper]:
    used = {str(s.name) for state in rule.state for s in state.initial.symbols()}
    return [h for h in rule.hyper if h.name in used]


def _scalars_head(rule: Rule, number: Number) -> str:
    name = f"{_prefix(rule)}_scalars_{number.name}"
    return _signature(f"{name} {_prefix(rule)}_form_{number.name}", ["int64_t t", *map(_one_value, rule.scalar_state), *_hypers(rule.hyper)])


def _step_head(rule: Rule, number: Number, of: str = "void {rule}_step_{number}") -> str:
    states = [f"{'const ' if s.constant else ''}{number.type} *restrict {s.name}" for s in rule.tensor_state]
    read = [f"const {number.type} *restrict {name}" for name in given(rule)]
    arguments = ["size_t begin", "size_t end", f"{number.type} *restrict theta", *read, *states]
    head = of.format(rule=_prefix(rule), number=number.name)
    return _signature(head, [*arguments, f"const {_prefix(rule)}_scalars_{number.name} *scalars"])


def _functions_of(rule: Rule) -> list[str]:
    p = _plan(rule)
    step = (_elements, _ahead) if _is_slow(p) else (_step,)
    helpers = [parts(HELPERS)[f"division of {number.type}"] for number in NUMBERS] if _shared(p) else []
    return [*helpers, *(f(p, number) for number in NUMBERS for f in (_init, _form, *step))]


def _shared(p: Plan) -> division.Shared | None:
    return division.shared(p, arrays(p.rule))


def _is_slow(p: Plan) -> bool:
    """True where an element takes longer than the processor looks ahead: where there is more than sums, products and choices."""
    return any(node.op in ("div", *FUNCTIONS) and not node.is_scalar for let in p.elements for node in let.value.walk())


def _init(p: Plan, number: Number) -> str:
    lines = ["// The state before the first update.", _init_head(p.rule, number), "{"]
    names: dict[Expression, str] = {**arrays(p.rule)}
    for state in p.rule.tensor_state:
        for s in initial(state, RESERVED, p.rule):
            if s.value in names:
                continue
            if s.value != state.initial or s.value.op != "literal":
                value = text(s.value, DIALECT)
                lines.append(f"    const {number.type} {s.name}_0 = {_rounded(value, number)};")
                names[s.value] = f"{s.name}_0"
    lines += [f"    *{s.name}{KEPT} = {text(s.initial, DIALECT)};" for s in p.rule.scalar_state]
    values = [f"        {s.name}[i] = {text(s.initial, number.dialect, names)};" for s in p.rule.tensor_state]
    if not any("theta[i]" in x for x in values):
        lines.append("    (void)theta;")
    if values:
        lines += ["    for (size_t i = begin; i < end; i++) {", *values, "    }"]
    else:
        lines += ["    (void)begin;", "    (void)end;"]
    return "\n".join([*lines, "}"])


def _rounded(value: str, number: Number) -> str:
    if number.type == "double":
        return value
    return f"({number.type})({value})" if not value.replace("_", "").isalnum() else f"({number.type}){value}"


def _form(p: Plan, number: Number) -> str:
    lines = ["// What is scalar in update t, formed in double and rounded once.", _scalars_head(p.rule, number), "{"]
    used = {str(s.name) for tree in (*(let.value for let in p.before), *(s.value for s in p.scalars)) for s in tree.symbols()} | set(p.integers)
    lines += [f"    (void){name};" for name in ("t", *p.rule.hyper_names) if name not in used]
    lines += [f"    {'int64_t' if is_integer(s) else 'double'} {s.name} = *{s.name}{KEPT};" for s in p.rule.scalar_state]
    lines += [_scalar_let(let, p) for let in p.before]
    lines += [f"    *{s.name}{KEPT} = {s.name};" for s in moved(p.rule.scalar_state)]
    fields = [f".{s.name} = {_rounded(text(s.value, DIALECT), number)}" for s in p.numbers]
    fields += [f".{s.name} = {text(s.value, DIALECT)}" for s in p.conditions]
    fields += [f".{name} = {name}" for name in p.integers] or ([] if fields else [".t = t"])
    name, rows = f"{_prefix(p.rule)}_scalars_{number.name}", [f"        {x}," for x in fields]
    if not _divisors(p):
        return "\n".join([*lines, f"    return ({name}){{", *rows, "    };", "}"])
    per = [f"    formed.per_{x} = reciprocal{number.suffix}(formed.{x});" for x in _divisors(p)]
    return "\n".join([*lines, f"    {name} formed = {{", *rows, "    };", *per, "    return formed;", "}"])


def _scalar_let(let: Let, p: Plan) -> str:
    is_whole = let.symbol.kind is Kind.INTEGER and let.value.kind is Kind.INTEGER
    value = text(let.value, WHOLE if is_whole else DIALECT)
    if let.name in (s.name for s in p.rule.scalar_state):
        return f"    {let.name} = {value};"
    return f"    const {'int64_t' if let.symbol.kind is Kind.INTEGER else 'double'} {let.name} = {value};"


def _divisors(p: Plan) -> tuple[str, ...]:
    found = _shared(p)
    return found.divisors if found else ()


def _step(p: Plan, number: Number) -> str:
    return "\n".join([_UPDATE, _step_head(p.rule, number), *_loop(p, number)])


def _elements(p: Plan, number: Number) -> str:
    head = _step_head(p.rule, number, "static inline void {rule}_elements_{number}")
    return "\n".join(["// The formula, for elements begin to end - 1.", head, *_loop(p, number)])


def _loop(p: Plan, number: Number) -> list[str]:
    lines = ["{"]
    lines += [f"    const {number.type} {s.name} = scalars->{s.name};" for s in p.numbers]
    lines += [f"    const int {s.name} = scalars->{s.name};" for s in p.conditions]
    lines += [f"    const int64_t {name} = scalars->{name};" for name in p.integers]
    lines += [f"    const {number.type} per_{name} = scalars->per_{name};" for name in _divisors(p)]
    lines += [] if p.scalars or p.integers else ["    (void)scalars;"]
    found, declared = _shared(p), set[str]()
    if found is None:
        return [*lines, "", *_for(_assignments(p, p.elements, number, number.dialect, declared)), "}"]
    easy = " & ".join(f"is_easy{number.suffix}({arrays(p.rule)[x]})" for x in found.dividends)
    before = _assignments(p, p.elements[: found.first], number, number.dialect, declared)
    after = [_assignments(p, p.elements[found.first :], number, d, set(declared)) for d in (_dividing(p, number), number.dialect)]
    start = f"    int easy = {' && '.join(f'per_{name} != 0' for name in found.divisors)};"
    both = ["    if (easy) {", *_for(after[0], "        "), "    } else {", *_for(after[1], "        "), "    }"]
    return [*lines, "", start, *_for([*before, f"easy &= {easy};"]), *both, "}"]


def _for(statements: Sequence[str], indent: str = "    ") -> list[str]:
    return [f"{indent}for (size_t i = begin; i < end; i++) {{", *(f"{indent}    {s}" for s in statements), f"{indent}}}"]


def _assignments(p: Plan, lets: Sequence[Let], number: Number, dialect: Dialect, declared: set[str]) -> list[str]:
    names, counts = {**arrays(p.rule), **p.names}, p.temporaries()
    return [
        f"{_target(let, counts, declared, number)} = {text(let.value, dialect, names)};{f'  // {let.comment}' if let.comment else ''}"
        for let in lets
    ]


def _dividing(p: Plan, number: Number) -> Dialect:
    """The dialect of the format, with quotients by shared numbers from their reciprocals."""
    inside, spelled = arrays(p.rule), division.spelling(number.suffix)
    return replace(number.dialect, fold=lambda node: (spelled, node.args) if division.is_shared(node, inside) else _fold(node))


def _ahead(p: Plan, number: Number) -> str:
    names = ("theta", *given(p.rule), *(s.name for s in p.rule.tensor_state))
    only_read = {*given(p.rule), *(s.name for s in p.rule.state if s.constant)}
    elements = f"{_prefix(p.rule)}_elements_{number.name}"
    rest = f"{', '.join(names)}, scalars"
    return "\n".join([
        _UPDATE,
        _step_head(p.rule, number),
        "{",
        "    size_t i = begin;",
        "    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {",
        f"        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof({number.type})) {{",
        *(f"            FETCH(&{name}[next], {0 if name in only_read else 1});" for name in names),
        "        }",
        f"        {elements}(i, i + BLOCK, {rest});",
        "    }",
        f"    {elements}(i, end, {rest});",
        "}",
    ])  # fmt: skip


def _target(let: Let, counts: Mapping[str, int], declared: set[str], number: Number) -> str:
    if let.name not in counts:
        return f"{let.name}[i]"
    if let.name in declared:
        return let.name
    declared.add(let.name)
    return f"{'const ' if counts[let.name] == 1 else ''}{number.type} {let.name}"


def _rate_head(schedule: Schedule) -> str:
    return _signature(f"double {_prefix(schedule)}_rate", ["int64_t k", *_hypers(schedule.hyper)])


def _rate(schedule: Schedule) -> str:
    used = {str(s.name) for s in schedule.rate.symbols()}
    unused = [f"    (void){name};" for name in ("k", *schedule.hyper_names) if name not in used]
    names: dict[Expression, str] = {}
    counted = []
    for node in schedule.rate.walk():
        of = listed(node) if node.op == "count" and node not in names else None
        if of is not None:
            names[node] = f"counted_{len(names)}"
            condition = substitute(node.args[0], {str(of.name): one_entry(f"{of.name}[i]")})
            counted += [f"    int64_t {names[node]} = 0;", f"    for (size_t i = 0; i < n_{of.name}; i++) {names[node]} += {text(condition, DIALECT)};"]
    lines = [f"    {f'if ({text(c, DIALECT, names)}) ' if c is not None else ''}return {text(x, DIALECT, names)};" for c, x in branches(schedule.rate)]
    return "\n".join(["// The learning rate of step k = 0, 1, 2, ...", _rate_head(schedule), "{", *unused, *counted, *lines, "}"])
