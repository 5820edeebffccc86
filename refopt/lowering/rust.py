"""Lowering to Rust without crates: f64 and f32, in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule, State
from refopt.language.schedule import Schedule
from refopt.lowering.c_family import FUNCTIONS, INFIX, SQUARE, branches, literal
from refopt.lowering.helper_files import called
from refopt.lowering.layout import WIDTH, heading
from refopt.lowering.names import free_name, spelled
from refopt.lowering.one_value import is_integer, moved
from refopt.lowering.plan import Plan, arrays, given, initial, plan
from refopt.lowering.printer import ANY, ATOM, ENTRY, NO_REDUCTIONS, Dialect, Spelling, Table, all_integers, is_floor_of_quotient, is_integer_power, text
from refopt.lowering.python import CHOICE, SIGN, call

NAME = "rust"
SUFFIX = ".rs"
CANNOT = {"cast": "an array stays in its own format within a step", **NO_REDUCTIONS}
KEYWORDS = (
    "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro "
    "match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe unsized use virtual where while yield"
)
OURS = "entry f32 f64 i64 i n hyper power ilog"
RESERVED = frozenset(f"{KEYWORDS} {OURS}".split())
"""Keywords, and names that the printed code uses itself."""

_CHOICE = Spelling("if {0} {{ {1} }} else {{ {2} }}", CHOICE)


def _table(number: str) -> Table:
    return Table(
        literal,
        {
            **INFIX,
            **{name: call(f"{number}::{name}") for name in (*FUNCTIONS, "abs")},
            **{name: call(f"{name}_{number}", 2) for name in ("maximum", "minimum")},
            "log": call(f"{number}::ln"),
            "pow": call(f"{number}::powf", 2),
            "max": call(f"maximum_{number}", 2),
            "min": call(f"minimum_{number}", 2),
            "square": call(f"square_{number}"),
            "sign": call(f"sign_{number}"),
            "where": _CHOICE,
        },
        CANNOT,
    )


INTEGER = Table(
    literal,
    {
        **INFIX,
        "max": call("i64::max", 2),
        "min": call("i64::min", 2),
        "floor": Spelling("f64::floor({0}) as i64", CHOICE),
        "ilog": call("ilog", 2),
        "count": Spelling(f"{{0}}.iter().filter(|&&{ENTRY}| {{1}}).count() as i64", CHOICE, (ATOM, ANY, ANY)),
    },
    CANNOT,
)
"""i64."""
DOUBLE, SINGLE = _table("f64"), _table("f32")


def _crossing(node: Expression, parent: Expression | None) -> Spelling | None:
    """Rust converts nothing by itself: an integer among numbers is made one."""
    if node.kind is not Kind.INTEGER or (parent is not None and _takes_integer(parent, node)):
        return None
    if node.op == "literal":
        return Spelling("{0}.0", SIGN if node.value is not None and node.value < 0 else ATOM)
    return Spelling("{0} as f64", CHOICE, (ATOM,))


def _takes_integer(parent: Expression, node: Expression) -> bool:
    if parent.kind is Kind.INTEGER:
        return True
    if parent.kind is Kind.BOOLEAN:
        return all_integers(parent)
    return is_integer_power(parent) and parent.args[1] is node


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    if is_floor_of_quotient(node):
        return call("i64::div_euclid", 2), node.args[0].args
    if is_integer_power(node):
        return call("power", 2), node.args
    if node.op == "square" and node.args[0].op == "symbol":
        return SQUARE, (node.args[0], node.args[0])
    return None


def _dialect(elements: Table) -> Dialect:
    def table_of(node: Expression) -> Table:
        if node.kind is Kind.INTEGER:
            return INTEGER
        return DOUBLE if node.is_scalar else elements

    return Dialect(NAME, table_of, {"pi": "std::f64::consts::PI"}, _crossing, _fold)


DIALECT, DIALECT_SINGLE = _dialect(DOUBLE), _dialect(SINGLE)


@dataclass(frozen=True)
class Number:
    """A format: its type in Rust and how its trees are printed."""

    type: str
    dialect: Dialect

    def rounded(self, value: str) -> str:
        """A scalar formed in f64, in this format."""
        if self.type == "f64":
            return value
        return f"{value} as f32" if value.isidentifier() or value.startswith("f64::") else f"({value}) as f32"


NUMBERS = (Number("f64", DIALECT), Number("f32", DIALECT_SINGLE))

CONTRACT: tuple[str, ...] = (
    "No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and rounded once to the "
    "slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust contracts nothing by itself.",
)
RATE_CONTRACT: tuple[str, ...] = ("No crates. The rate is formed in f64; integers stay exact.",)

HELPERS = "helpers.rs"


def module(concept: Rule | Schedule) -> str:
    """The file of a rule (`Hyper`, `init`, `step` in f64 and f32) or of a schedule (`Hyper`, `rate`)."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        hyper, code, contract = written.schedule.hyper, [_rate(written.schedule)], RATE_CONTRACT
    else:
        hyper = written.rule.hyper
        p = plan(written.rule, RESERVED)
        code, contract = [f(p, number) for number in NUMBERS for f in (_init, _step)], CONTRACT
    body = "\n\n".join(code)
    parts = [_hyper(hyper), *called(HELPERS, lambda name: f"{name}(" in body), body]
    return "\n".join([*heading(concept, NAME, contract, "//"), "\n\n".join(parts), ""])


def _hyper(hyper: Sequence[Hyper]) -> str:
    lent, any_lent = ("<'a>", "<'_>") if any(h.is_list for h in hyper) else ("", "")
    lines = ["/// Hyperparameters.", "#[derive(Clone, Copy, Debug, PartialEq)]", f"pub struct Hyper{lent} {{"]
    for h in hyper:
        lines += [f"    /// {h.meaning}; {h.domain_text}", f"    pub {h.name}: {_type(h)},"]
    fields = ", ".join(f"{h.name}: {_number(h)}" for h in hyper)
    return "\n".join([*lines, "}", "", f"impl Default for Hyper{any_lent} {{", "    fn default() -> Self {", f"        Hyper {{ {fields} }}", "    }", "}"])


def _type(hyper: Hyper) -> str:
    return "&'a [i64]" if hyper.is_list else "i64" if hyper.symbol.kind is Kind.INTEGER else "f64"


def _number(hyper: Hyper) -> str:
    if hyper.is_list:
        return f"&[{', '.join(map(str, hyper.values(hyper.default).values()))}]"
    value = hyper.value(hyper.default)
    return str(int(value)) if hyper.symbol.kind is Kind.INTEGER else repr(float(value))


def _head(name: str, arguments: Sequence[str], result: str = "") -> list[str]:
    line = f"pub fn {name}({', '.join(arguments)}){result} {{"
    if len(line) <= WIDTH:
        return [line]
    return [f"pub fn {name}(", *(f"    {a}," for a in arguments), f"){result} {{"]


def _same_length(names: Sequence[str]) -> list[str]:
    return [f'    assert!({" && ".join(f"{x}.len() == n" for x in names)}, "every slice must be as long as theta");'] if names else []


def _opened(used: set[str], hyper: Sequence[Hyper]) -> list[str]:
    """The hyperparameters that are used, by name."""
    named = [h.name for h in hyper if h.name in used]
    rest = [".."] if len(named) < len(hyper) else []
    return [f"    let Hyper {{ {', '.join([*named, *rest])} }} = *hyper;"] if named else []


def _init(p: Plan, number: Number) -> str:
    rule, names, scalars = p.rule, dict[Expression, str](arrays(p.rule)), list[str]()
    for state in rule.tensor_state:
        for s in initial(state, RESERVED, rule):
            if (s.value != state.initial or s.value.op != "literal") and s.value not in names:
                names[s.value] = f"{s.name}_0"
                scalars.append(f"    let {s.name}_0 = {number.rounded(text(s.value, DIALECT))};")
    used = {str(s.name) for state in rule.state for s in state.initial.symbols()}
    taken = [f"theta: &[{number.type}]", *(_one_value(s) if s.is_scalar else f"{s.name}: &mut [{number.type}]" for s in rule.state)]
    opened = _opened(used, rule.hyper)
    lines = ["/// The state before the first update.", *_head(f"init_{number.type}", [*taken, *(["hyper: &Hyper"] if opened else [])])]
    if not rule.state:
        return "\n".join([lines[0], f"pub fn init_{number.type}(_theta: &[{number.type}]) {{}}"])
    starts = [f"    *{s.name} = {text(s.initial, _whole(DIALECT) if is_integer(s) else DIALECT)};" for s in rule.scalar_state]
    arrays_ = [s.name for s in rule.tensor_state]
    lines += ["    let n = theta.len();", *_same_length(arrays_), *opened, *scalars, *starts, "    for i in 0..n {"]
    lines += [f"        {s.name}[i] = {text(s.initial, number.dialect, names)};" for s in rule.tensor_state]
    return "\n".join([*lines, "    }", "}"])


def _step(p: Plan, number: Number) -> str:
    rule, names = p.rule, {**arrays(p.rule), **p.names}
    trees = [*(let.value for let in rule.steps), *(s.value for s in p.scalars)]
    used = {str(s.name) for tree in trees for s in tree.symbols()}
    states = [_one_value(s) if s.is_scalar else f"{s.name}: &{'' if s.constant else 'mut '}[{number.type}]" for s in rule.state]
    counted = "t" if "t" in used else "_t"
    arguments = [f"theta: &mut [{number.type}]", *(f"{name}: &[{number.type}]" for name in given(rule)), *states, f"{counted}: i64", "hyper: &Hyper"]
    lines = ["/// Update t = 1, 2, ...; g is the gradient at theta.", *_head(f"step_{number.type}", arguments)]
    lines += ["    let n = theta.len();", *_same_length([*given(rule), *(s.name for s in rule.tensor_state)]), *_opened(used, rule.hyper)]
    taken = {*rule.hyper_names, *rule.state_names, *(let.name for let in rule.steps), *(s.name for s in p.scalars)}
    kept = {s.name: free_name(f"kept_{s.name}", taken) for s in moved(rule.scalar_state)}  # in front: `n_` is a name of ours, and `n__kept` none of Rust's
    lines += [f"    let {held} = {name};" for name, held in kept.items()]
    lines += [f"    let {s.name} = *{kept.get(s.name, s.name)};" for s in rule.scalar_state]
    lines += [f"    let {let.name} = {text(let.value, _whole(DIALECT) if let.symbol.kind is Kind.INTEGER else DIALECT)};" for let in p.before]
    lines += [f"    *{held} = {name};" for name, held in kept.items()]
    for scalar in p.scalars:
        value = text(scalar.value, DIALECT)
        if value != scalar.name or number.type != "f64":
            lines.append(f"    let {scalar.name} = {number.rounded(value) if scalar.rounded else value};")
    lines.append("    for i in 0..n {")
    temporaries = p.temporaries()
    for let in p.elements:
        left = f"let {let.name}" if let.name in temporaries else f"{let.name}[i]"
        lines.append(f"        {left} = {text(let.value, number.dialect, names)};{f' // {let.comment}' if let.comment else ''}")
    return "\n".join([*lines, "    }", "}"])


def _whole(dialect: Dialect) -> Dialect:
    """The same for a value that stays an integer."""
    return replace(dialect, crossing=lambda node, parent: None if parent is None else _crossing(node, parent))


def _one_value(state: State) -> str:
    """The argument through which a state of one value comes and goes."""
    return f"{state.name}: &{'' if state.constant else 'mut '}{'i64' if is_integer(state) else 'f64'}"


def _rate(schedule: Schedule) -> str:
    used = {str(s.name) for s in schedule.rate.symbols()}
    counted = "k" if "k" in used else "_k"
    lines = ["/// The learning rate of step k = 0, 1, 2, ...", *_head("rate", [f"{counted}: i64", "hyper: &Hyper"], " -> f64")]
    lines += _opened(used, schedule.hyper)
    for condition, value in branches(schedule.rate):
        printed = text(value, DIALECT)
        lines += [f"    {printed}"] if condition is None else [f"    if {text(condition, DIALECT)} {{", f"        return {printed};", "    }"]
    return "\n".join([*lines, "}"])
