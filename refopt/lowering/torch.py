"""Lowering to PyTorch: a function of tensors, and a torch.optim.Optimizer that calls it."""

from __future__ import annotations

import keyword
import re

from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule, State
from refopt.language.schedule import Schedule
from refopt.lowering.layout import WIDTH, documentation, signature
from refopt.lowering.names import Own, class_name, spelled
from refopt.lowering.numpy import SCALAR, domains, guarded, hypers, outside, refuse_over_all, uses_size
from refopt.lowering.numpy import literal as python_literal
from refopt.lowering.one_value import is_integer
from refopt.lowering.plan import Plan, given, initial, plan
from refopt.lowering.printer import Dialect, Spelling, Table, is_floor_of_quotient, is_integer_power, text
from refopt.lowering.python import OPERATORS, PRODUCT, SIGN, call

NAME = "torch"
CANNOT = {
    "cast": "a tensor stays in its own format within a step", "sign": "the sign of a scalar has no spelling among Python's floats",
}  # fmt: skip
OURS = "sum entry sign larger smaller total cbrt torch math Tensor state scalar rounder power ilog RuleOptimizer params outside max min abs pow"
RESERVED = frozenset([*keyword.kwlist, *OURS.split()])
"""Names that the printed code uses itself."""

NUMBERS = Table(python_literal, {op: s for op, s in SCALAR.operations.items() if op not in ("sign", "cbrt")} | {"cbrt": call("math.cbrt")}, CANNOT)
"""Python's floats and integers."""
ELEMENT = Table(
    python_literal,
    {
        **OPERATORS,
        **{name: call(f"torch.{name}") for name in ("square", "sqrt", "abs", "floor", "exp", "log", "cos", "sin", "tanh")},
        "sign": call("sign"),
        "cbrt": call("cbrt"),
        "pow": call("torch.pow", 2),
        "max": call("torch.maximum", 2),
        "min": call("torch.minimum", 2),
        "and": call("torch.logical_and", 2),
        "or": call("torch.logical_or", 2),
        "sum": call("total"),
        "largest": call("torch.max"),
    },
    CANNOT,
)
"""Tensors."""

_INTEGER_QUOTIENT = Spelling("{0} // {1}", PRODUCT, (PRODUCT, SIGN))


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    if node.is_scalar and is_floor_of_quotient(node):
        return _INTEGER_QUOTIENT, node.args[0].args
    if is_integer_power(node):
        return call("power", 2), node.args
    if node.op in ("max", "min") and not node.is_scalar and any(a.is_scalar for a in node.args):
        return call("larger" if node.op == "max" else "smaller", 2), node.args
    if node.op == "where" and not node.args[0].is_scalar:
        return call("torch.where", 3), node.args
    return None


DIALECT = Dialect(NAME, lambda node: NUMBERS if node.is_scalar else ELEMENT, {"pi": "math.pi"}, fold=_fold)
CONTRACT: tuple[str, ...] = (
    "`step` changes nothing in place, keeps dtype, shape and device, and checks nothing. The class is a torch.optim.Optimizer, in place, with its own step "
    "count for each parameter; it refuses hyperparameters outside their domains. Scalars are formed in binary64 and rounded once to the tensor's dtype. "
    "torch rounds + - * / as every other backend does, its sqrt not always.",
)
RATE_CONTRACT: tuple[str, ...] = ("The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).",)


def module(concept: Rule | Schedule) -> str:
    """The module of a rule (`init`, `step`, the optimizer's class) or of a schedule (`rate`)."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        body, contract = "\n".join(["", *_rate(written.schedule)]), RATE_CONTRACT
    else:
        rule, own = written.rule, written.own
        p = plan(rule, RESERVED)
        parts = ([domains(rule.hyper)], outside(rule.hyper), _init(rule, own), _step(p, own), _class(rule))
        body, contract = "\n\n\n".join("\n".join(part) for part in parts), CONTRACT
    return "\n".join([*documentation(concept, NAME, contract), *_imports(body), "", body, ""])


def _imports(body: str) -> list[str]:
    ours = [name for name in ("RuleOptimizer", "cbrt", "ilog", "larger", "power", "rounder", "smaller", "total") if re.search(rf"(?<![\w.]){name}[()]", body)]
    ours += ["sign"] if re.search(r"(?<![\w.])sign\(", "\n".join(line.partition("#")[0] for line in body.splitlines())) else []
    standard = ["import math"] if "math." in body else []
    standard += ["from collections.abc import Iterable", "from typing import Any"] if "Tensor" in body else []
    theirs = [*(["import torch"] if re.search(r"\btorch\.\w", body) else []), "from torch import Tensor"] if "Tensor" in body else []
    own = [f"from refopt.generated.torch._optimizer import {', '.join(sorted(ours))}"] if ours else []
    return ["from __future__ import annotations", *(line for block in (standard, theirs, own) if block for line in ("", *block))]


def _init(rule: Rule, own: Own) -> list[str]:
    lines = [signature("init", ["theta: Tensor"], hypers(_starting(rule)), f"dict[str, {_values(rule)}]", "")]
    lines.append('    """The state before the first update."""')
    fields = ", ".join(f'"{own(s.name)}": {_initial(s, rule)}' for s in rule.state)
    lines += ["    scalar = rounder(theta)"] if "scalar(" in fields else []
    return [*lines, f"    return {{{fields}}}"]


def _starting(rule: Rule) -> list[Hyper]:
    """The hyperparameters that a state starts from."""
    used = {str(s.name) for state in rule.state for s in state.initial.symbols()}
    return [h for h in rule.hyper if h.name in used]


def _initial(state: State, rule: Rule) -> str:
    tree = state.initial
    if state.is_scalar:
        return one_value(state)
    if tree.op == "literal" and tree.value == 0:
        return "torch.zeros_like(theta)"
    names = {s.value: f"scalar({text(s.value, DIALECT)})" for s in initial(state, RESERVED, rule)}
    value = text(tree, DIALECT, names)
    return f"torch.zeros_like(theta) + {value}" if tree.is_scalar else f"torch.clone({value})"


def one_value(state: State) -> str:
    """The number that a state of one value starts from: an integer only where it counts."""
    tree = state.initial
    return text(tree, DIALECT) if is_integer(state) or tree.op != "literal" else repr(float(tree.value or 0))


def _step(p: Plan, own: Own) -> list[str]:
    rule = p.rule
    refuse_over_all(rule, NAME)
    read = [f"{name}: Tensor" for name in ("theta", *given(rule))]
    head = signature("step", [*read, f"state: dict[str, {_values(rule)}]", "t: int"], hypers(rule.hyper),
                     f"tuple[Tensor, dict[str, {_values(rule)}]]", "")  # fmt: skip
    lines = [head, '    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""']
    if rule.state:
        left = ", ".join(rule.state_names)
        lines.append(f"    {left} = {', '.join(f'state[{chr(34)}{own(s)}{chr(34)}]' for s in rule.state_names)}")
    lines += [f"    {let.name} = {text(let.value, DIALECT)}" for let in p.before]
    lines += ["    size = theta.numel()"] if uses_size(rule) else []
    lines += ["    scalar = rounder(theta)"] if p.numbers else []
    for s in p.scalars:
        value = text(s.value, DIALECT)
        lines.append(f"    {s.name} = {guarded(s, f'scalar({value})' if s.rounded else value, 'scalar(0)')}")
    for let in p.elements:
        value = text(let.value, DIALECT, p.names)
        value = f"torch.zeros_like(theta) + {value}" if let.value.is_scalar else value
        lines.append(f"    {let.name} = {value}{f'  # {let.comment}' if let.comment else ''}")
    kept = ", ".join(f'"{own(s)}": {s}' for s in rule.state_names)
    return [*lines, f"    return theta, {{{kept}}}"]


def _values(rule: Rule) -> str:
    """Type of a state's values: tensors, and a Python number for each state of one value, so that no device is waited for."""
    return "Any" if rule.scalar_state else "Tensor"


def _class(rule: Rule) -> list[str]:
    arguments = hypers(rule.hyper)
    names = ", ".join(f'"{h}": {h}' for h in rule.hyper_names)
    names_of_start = [f'"{h.name}"' for h in _starting(rule)]
    head = f"    def __init__(self, params: Iterable[Any], {', '.join(arguments)}) -> None:"
    if len(head) > WIDTH:
        head = f"    def __init__(\n        self, params: Iterable[Any], {', '.join(arguments)}\n    ) -> None:"
    return [
        f"class {class_name(rule)}(RuleOptimizer):",
        f'    """{rule.title[:1].upper()}{rule.title[1:]}, for torch."""',
        "",
        "    domain = DOMAIN",
        "    outside = staticmethod(outside)",
        "    init = staticmethod(init)",
        *([f"    inputs = ({', '.join(f'{chr(34)}{name}{chr(34)}' for name in rule.input_names)},)"] if rule.inputs else []),
        *([f"    starting = ({', '.join(names_of_start)},)"] if names_of_start else []),
        "    update = staticmethod(step)",
        "",
        head,
        f"        super().__init__(params, {{{names}}})",
    ]


def _rate(schedule: Schedule) -> list[str]:
    head = signature("rate", ["k: int"], hypers(schedule.hyper), "float", "")
    return [head, '    """The learning rate of step k = 0, 1, 2, ..."""', f"    return {text(schedule.rate, DIALECT)}"]
