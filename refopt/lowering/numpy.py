"""Lowering to NumPy: arrays of any shape in any floating-point format.

What is scalar is computed once a step in binary64, Python's own floats, and rounded once to the arrays' format;
arrays stay in their format from beginning to end.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from refopt.errors import NotImplementedYet
from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.lists import one_entry
from refopt.language.reductions import Over, staged
from refopt.language.role import Role
from refopt.language.rule import Rule, State
from refopt.language.schedule import Schedule
from refopt.lowering.layout import documentation, signature
from refopt.lowering.names import Own, spelled
from refopt.lowering.one_value import in_order, is_integer
from refopt.lowering.printer import ATOM, ENTRY, Dialect, Spelling, Table, decimal_text, is_floor_of_quotient, is_integer_power, text
from refopt.lowering.python import OPERATORS, PRODUCT, SIGN, annotation, call, conversions, default
from refopt.lowering.scalars import Naming, Scalar, is_scalar_step

NAME = "numpy"
CANNOT = {"cast": "an array stays in its own format within a step"}
OURS = ("Array", "arrays", "counter", "floats", "ilog", "integers", "largest", "power", "real", "rounder", "total", "whole")
"""Names that printed code imports."""
OVER_ALL = "an update is given one tensor"
"""The reason why what is reduced over all tensors is not written."""
RESERVED = frozenset([
    *keyword.kwlist, "np", "math", "theta0", "state", "scalar", "arrays", "floats", "integers", "counter", "rounder", "power", "ilog", "Array", "real", "whole",
    "total", "largest",
    "max", "min", "abs", "int", "float", "pow", "sum", "all", "len", ENTRY,
])  # fmt: skip
"""Names that the printed code uses itself."""


def literal(value: Fraction, bare: bool) -> tuple[str, int]:
    """A number as Python writes it."""
    decimal = decimal_text(value)
    if decimal is None:
        return f"{value.numerator}/{value.denominator}", PRODUCT
    point = "" if bare or not decimal.lstrip("-").isdigit() else ".0"
    return decimal + point, SIGN if value < 0 else ATOM


SCALAR = Table(
    literal,
    {
        **OPERATORS,
        **{name: call(f"math.{name}") for name in ("sqrt", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")},
        "pow": call("math.pow", 2),
        "sign": call("np.sign"),
    },
    CANNOT,
)
"""Python's floats and integers."""

ELEMENT = Table(
    literal,
    {
        **OPERATORS,
        **{name: call(f"np.{name}") for name in ("square", "sqrt", "abs", "sign", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")},
        "pow": call("np.power", 2),
        "max": call("np.maximum", 2),
        "min": call("np.minimum", 2),
        "and": call("np.logical_and", 2),
        "or": call("np.logical_or", 2),
        "sum": call("total"),
        "largest": call("largest"),
    },
    CANNOT,
)
"""NumPy's arrays."""

_BARE_QUOTIENT = Spelling("{0} / {1}", PRODUCT, (PRODUCT, SIGN), bare=False)
_INTEGER_QUOTIENT = Spelling("{0} // {1}", PRODUCT, (PRODUCT, SIGN))


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    """floor(a/b) of integers is exact; 1.0 / 3.0 is a division and 1/3 a literal; an integer power is products, the same in every language."""
    if node.is_scalar and is_floor_of_quotient(node):
        return _INTEGER_QUOTIENT, node.args[0].args
    if node.op == "div" and all(a.op == "literal" for a in node.args):
        return _BARE_QUOTIENT, node.args
    if is_integer_power(node):
        return call("power", 2), node.args
    if node.op == "where" and not node.args[0].is_scalar:
        return call("np.where", 3), node.args
    return None


DIALECT = Dialect("numpy", lambda node: SCALAR if node.is_scalar else ELEMENT, {"pi": "math.pi"}, fold=_fold)

CONTRACT = (
    "Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed. "
    "Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula "
    "gives them, without a warning.",
)
RATE_CONTRACT = ("The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does not look.",)


def module(concept: Rule | Schedule) -> str:
    """The module of a rule (`init` and `step`) or of a schedule (`rate`). Raises NotImplementedYet in one line."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        schedule = written.schedule
        code, contract = [domains(schedule.hyper), "", "", *outside(schedule.hyper), "", "", *_rate(schedule)], RATE_CONTRACT
    else:
        rule = written.rule
        code, contract = [*_init(rule, written.own), "", "", *_step(rule, written.own)], CONTRACT
    body = "\n".join(code)
    gap = [""] if isinstance(concept, Schedule) else ["", ""]
    return "\n".join([*documentation(concept, NAME, contract), *_imports(body), *gap, body, ""])


def _imports(body: str) -> list[str]:
    ours = [name for name in OURS if _uses(body, name)]
    lines = ["from __future__ import annotations", ""]
    lines += ["import math", ""] if "math." in body else []
    lines += ["import numpy as np", ""] if "np." in body else []
    return [*lines, f"from refopt.generated.numpy._arguments import {', '.join(ours)}"]


def _uses(body: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){name}\(", body) is not None or (name == "Array" and "Array" in body)


def _init(rule: Rule, own: Own) -> list[str]:
    hyper = [h for h in rule.hyper if any(s.name == h.name for state in rule.state for s in state.initial.symbols())]
    lines = [signature("init", ["theta: Array"], hypers(hyper), "dict[str, Array]", "")]
    lines.append('    """The state before the first update."""')
    if not rule.state:
        return [*lines, "    return {}"]
    lines.append('    (theta,) = arrays({"theta": theta})')
    lines += conversions(hyper, "floats", "integers")
    naming = Naming([*RESERVED, "theta", *rule.hyper_names])
    for state in rule.state:
        if not state.is_scalar and (state.initial.op != "literal" or state.initial.value != 0):
            naming.visit(state.initial)
    lines += _scalar_lines(naming)
    names = {s.value: s.name for s in naming.scalars.values()}
    initial = ", ".join(f'"{own(s.name)}": {_initial(s, names)}' for s in rule.state)
    return [*lines, f"    return {{{initial}}}"]


def _initial(state: State, names: Mapping[Expression, str]) -> str:
    tree = state.initial
    if state.is_scalar:
        return f"np.asarray({text(tree, DIALECT)}, np.{'int64' if is_integer(state) else 'float64'})"
    if tree.op == "literal" and tree.value == 0:
        return "np.zeros_like(theta)"
    if tree.is_scalar:
        return f"np.full_like(theta, {text(tree, DIALECT, names)})"
    return f"np.array({text(tree, DIALECT, names)})"


def _step(rule: Rule, own: Own) -> list[str]:
    refuse_over_all(rule, NAME)
    rule = in_order(rule, RESERVED)
    one_value = [s.name for s in rule.scalar_state]
    naming = Naming([*RESERVED, "theta", "g", "t", *rule.input_names, *rule.hyper_names, *rule.state_names, *(let.name for let in rule.steps)], one_value)
    for let in rule.steps:
        if not is_scalar_step(let):
            naming.visit(let.value)
    further = list(rule.input_names)
    head = signature("step", ["theta: Array", "g: Array", *(f"{name}: Array" for name in further), "state: dict[str, Array]", "t: int"], hypers(rule.hyper),
                     "tuple[Array, dict[str, Array]]", "")  # fmt: skip
    beside = "".join(f"; {one.name} is the {one.role.value}" for one in rule.inputs)
    lines = [head, f'    """theta and the state after update t = 1, 2, ...; g is the gradient at theta{beside}."""']
    arrays = [s.name for s in rule.tensor_state]
    lines.append(f"    {', '.join(['theta', 'g', *further, *arrays])} = {_arrays(further, [own(s) for s in arrays], [own(s) for s in one_value])}")
    lines += [f"    {s.name} = {_one_value(s, own)}" for s in rule.scalar_state]
    lines.append("    t = counter(t, 1)" if rule.uses_step else "    counter(t, 1)")
    lines += ["    size = theta.size"] if uses_size(rule) else []
    lines += conversions(rule.hyper, "floats", "integers")
    for let in rule.steps:
        if is_scalar_step(let):
            lines.append(f"    {let.name} = {text(let.value, DIALECT)}")
    lines += _scalar_lines(naming)
    lines += _element_lines(rule, {s.value: s.name for s in naming.scalars.values()})
    return [*lines, f"    return np.{_output(rule, 'theta')}(theta), {_state(rule, own)}"]


def uses_size(rule: Rule) -> bool:
    """True where the number of elements stands in the update."""
    return any(s.name == "size" for let in rule.steps for s in let.value.symbols())


def refuse_over_all(rule: Rule, language: str) -> None:
    """Raise NotImplementedYet for a rule that reduces over all tensors of an update."""
    if any(r.over is Over.ALL for r in staged(rule).reductions):
        raise NotImplementedYet(f"{rule.name} reduces over all tensors, which cannot be written in {language}: {OVER_ALL}")


def _one_value(state: State, own: Own) -> str:
    """A state of one value, taken out of the state."""
    return f'{"whole" if is_integer(state) else "real"}(state, "{own(state.name)}")'


def _arrays(inputs: Sequence[str], states: Sequence[str], one_value: Sequence[str]) -> str:
    given = "".join(f', "{name}": {name}' for name in ("g", *inputs))
    kept = "".join(f', "{s}"' for s in states)
    beside = f", beside=({', '.join(f'{chr(34)}{s}{chr(34)}' for s in one_value)},)" if one_value else ""
    return f'arrays({{"theta": theta{given}}}, state{kept}{beside})'


def _scalar_lines(naming: Naming) -> list[str]:
    """Compound scalars first, while the symbols in them are still binary64; then the symbols themselves."""
    lines = []
    for scalar in sorted(naming.scalars.values(), key=lambda s: s.rounded):
        value = text(scalar.value, DIALECT)
        formed = guarded(scalar, f"scalar({value})", "scalar(0)") if scalar.rounded else guarded(scalar, value)
        lines.append(f"    {scalar.name} = {formed}")
    lines += [f"    {name} = scalar({name})" for name in naming.symbols]
    return ["    scalar = rounder(theta.dtype)", *lines] if lines else []


def guarded(scalar: Scalar, value: str, otherwise: str = "None") -> str:
    """A scalar that is formed only where its branch is taken; `otherwise` stands for it where it is not."""
    if not scalar.guards:
        return value
    conditions = [text(c, DIALECT) if wanted else f"not ({text(c, DIALECT)})" for c, wanted in scalar.guards]
    return f"{value} if {' and '.join(f'({c})' if len(conditions) > 1 else c for c in conditions)} else {otherwise}"


def _element_lines(rule: Rule, names: Mapping[Expression, str]) -> list[str]:
    lines = ['    with np.errstate(all="ignore"):']
    for let in rule.steps:
        if is_scalar_step(let):
            continue
        value = text(let.value, DIALECT, names)
        value = f"np.full_like(theta, {value})" if let.value.is_scalar else value
        lines.append(f"        {let.name} = {value}{'  # ' + let.comment if let.comment else ''}")
    return lines


def _state(rule: Rule, own: Own) -> str:
    return f"{{{', '.join(f'{chr(34)}{own(s)}{chr(34)}: np.{_output(rule, s)}({s})' for s in rule.state_names)}}}"


def _output(rule: Rule, name: str) -> str:
    """`asarray`, or `array`, which copies, where the value may be one of the arrays handed in."""
    values = [let.value for let in rule.steps if let.name == name]
    return "array" if not values or _may_be_an_operand(values[-1]) else "asarray"


def _may_be_an_operand(node: Expression) -> bool:
    if node.op == "where" and node.args[0].is_scalar:
        return any(_may_be_an_operand(a) for a in node.args[1:])
    return node.op == "symbol"


def _rate(schedule: Schedule) -> list[str]:
    lines = [signature("rate", ["k: int"], hypers(schedule.hyper), "float", "")]
    lines.append('    """The learning rate of step k = 0, 1, 2, ..."""')
    if schedule.waits:
        return [*lines, *_after_metrics(schedule)]
    used = any(s.name == "k" for s in schedule.rate.symbols())
    lines.append("    k = counter(k, 0)" if used else "    counter(k, 0)")
    value = text(schedule.rate, DIALECT)
    return [*lines, *conversions(schedule.hyper, "floats", "integers"), f"    return {value}"]


def _after_metrics(schedule: Schedule) -> list[str]:
    """The states before the first metric, each metric of those before step k, and the rate."""
    if not schedule.of_role(Role.METRIC):
        return _stepped(schedule)
    (metrics,) = schedule.of_role(Role.METRIC)
    lines = ["    k = counter(k, 0)", *conversions(schedule.hyper, "floats", "integers")]
    lines += [f"    if k > len({metrics.name}):", f'        raise ValueError(f"the rate of step {{k}} needs {{k}} metrics, there are {{len({metrics.name})}}")']
    lines.append(f"    {metrics.name} = {metrics.name}[:k]")
    for s in schedule.state:
        number = s.initial.value if s.kind is Kind.REAL else None
        lines.append(f"    {s.name} = {literal(number, False)[0] if number is not None else text(s.initial, DIALECT)}")
    lines.append(f"    for k, metric in enumerate({metrics.name}):")
    lines += [f"        {let.name} = {text(let.value, DIALECT)}" for let in schedule.steps]
    return [*lines, f"    return {text(schedule.rate, DIALECT)}"]


def _stepped(schedule: Schedule) -> list[str]:
    """The states before the first step, what each step does to them, and the rate."""
    lines = ["    steps = counter(k, 0)", *conversions(schedule.hyper, "floats", "integers")]
    lines += [f"    {s.name} = {text(s.initial, DIALECT)}" for s in schedule.state]
    lines += ["    for k in range(steps):", *(f"        {let.name} = {text(let.value, DIALECT)}" for let in schedule.steps)]
    return [*lines, f"    return {text(schedule.rate, DIALECT)}"]


def domains(hyper: Sequence[Hyper]) -> str:
    """The domains as people read them, in a table."""
    return f"DOMAIN = {{{', '.join(f'{chr(34)}{h.name}{chr(34)}: {chr(34)}{h.domain_text}{chr(34)}' for h in hyper)}}}"


def outside(hyper: Sequence[Hyper], *, defaults: bool = False, own: Own = str) -> list[str]:
    """A function that names the first hyperparameter that is outside its domain; with `defaults` it can be asked about some of them.

    own  how a hyperparameter is called to people
    """
    lines = [signature("outside", hypers(hyper) if defaults else typed(hyper), [], "str | None", "")]
    lines.append('    """The first hyperparameter that is outside its domain, if there is one."""')
    for h in hyper:
        conditions = " and ".join(text(c, DIALECT) for c in (_of_each(h) if h.is_list else h.conditions))
        conditions = " and ".join([f"all({conditions} for {ENTRY} in {h.name})"] * bool(conditions) + [f"len({h.name}) > 0"]) if h.is_list else conditions
        lines += [f"    if not ({conditions}):", f'        return "{own(h.name)}"']
    return [*lines, "    return None"]


def _of_each(hyper: Hyper) -> tuple[Expression, ...]:
    """The domain of a list as conditions on one entry."""
    return tuple(substitute(c, {hyper.name: one_entry(ENTRY)}) for c in hyper.conditions)


def typed(hyper: Sequence[Hyper]) -> list[str]:
    """Hyperparameters as they stand in a signature, annotated, without defaults."""
    return [f"{h.name}: {annotation(h)}" for h in hyper]


def hypers(hyper: Sequence[Hyper]) -> list[str]:
    """Hyperparameters as they stand in a signature, annotated, with their defaults."""
    return [f"{h.name}: {annotation(h)} = {default(h)}" for h in hyper]
