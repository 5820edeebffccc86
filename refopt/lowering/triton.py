"""Lowering to Triton: one fused kernel a rule, in place, and the code that launches it."""

from __future__ import annotations

import keyword
import re

from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression
from refopt.language.rule import Rule, State
from refopt.language.schedule import Schedule
from refopt.lowering.c_family import SQUARE
from refopt.lowering.layout import documentation, signature
from refopt.lowering.names import Own, module_name, spelled
from refopt.lowering.numpy import guarded, hypers
from refopt.lowering.numpy import literal as python_literal
from refopt.lowering.one_value import moved
from refopt.lowering.plan import Plan, given, plan
from refopt.lowering.printer import ANY, ATOM, NO_REDUCTIONS, Dialect, Spelling, Table, text
from refopt.lowering.python import OPERATORS, call
from refopt.lowering.torch import DIALECT as TORCH
from refopt.lowering.torch import NUMBERS, one_value

NAME = "triton"
LIBRARY = "it is not among Triton's own functions"
CANNOT = {"cast": "an array stays in its own format within a step", "pow": LIBRARY, "tanh": LIBRARY, "cbrt": LIBRARY, **NO_REDUCTIONS}
RESERVED = frozenset([
    *keyword.kwlist, "torch", "triton", "tl", "math", "Tensor", "state", "i", "n", "inside", "scalars", "root", "divide", "square", "sign", "power",
    "check", "launch", "BLOCK", "init", "step", "kernel", "max", "min", "abs",
])  # fmt: skip
"""Names that the printed code uses itself."""

_NAN = "propagate_nan=tl.PropagateNan.ALL"
ELEMENT = Table(
    python_literal,
    {
        **{op: OPERATORS[op] for op in ("add", "sub", "mul", "neg", "lt", "le", "gt", "ge", "eq")},
        **{name: call(f"tl.{name}") for name in ("abs", "floor", "exp", "log", "cos", "sin")},
        "div": call("divide", 2),
        "sqrt": call("root"),
        "square": call("square"),
        "sign": call("sign"),
        "max": Spelling(f"tl.maximum({{0}}, {{1}}, {_NAN})", ATOM, (ANY, ANY)),
        "min": Spelling(f"tl.minimum({{0}}, {{1}}, {_NAN})", ATOM, (ANY, ANY)),
        "and": Spelling("{0} & {1}", OPERATORS["and"].binds, (ATOM, ATOM)),
        "or": Spelling("{0} | {1}", OPERATORS["or"].binds, (ATOM, ATOM)),
        "where": call("tl.where", 3),
    },
    CANNOT,
)
"""Blocks of elements."""


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    if node.is_scalar:
        return TORCH.fold(node)
    if node.op == "square" and node.args[0].op == "symbol":
        return SQUARE, (node.args[0], node.args[0])
    return None


DIALECT = Dialect(NAME, lambda node: NUMBERS if node.is_scalar else ELEMENT, {"pi": "math.pi"}, fold=_fold)
CONTRACT = (
    "float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in binary64 and rounded once. "
    "Products and sums are not contracted, roots and quotients are rounded to nearest: bits are those of every other backend where only + - * / sqrt are used.",
)


def module(concept: Rule | Schedule) -> str:
    """The module of a rule: its kernel, `init`, `step`. Raises NotImplementedYet for a schedule: a rate is one number, no kernel."""
    if isinstance(concept, Schedule):
        raise NotImplementedYet(
            f"{concept.name} cannot be written in {NAME}: a rate is one number a step, not a kernel", help=f"refopt generate {concept.name} --to torch"
        )
    written = spelled(concept, RESERVED)
    rule, own = written.rule, written.own
    if any(not s.initial.is_scalar or s.constant for s in concept.state):
        raise NotImplementedYet(f"{concept.name}: {NAME} code starts a state at a number and changes it in every step")
    p = plan(rule, RESERVED)
    body = "\n".join([*_kernel(p), "", "", *_init(rule, own), "", "", *_step(p, own)])
    return "\n".join([*documentation(concept, NAME, CONTRACT), *_imports(body), "", "", body, ""])


def _imports(body: str) -> list[str]:
    ours = [name for name in ("check", "divide", "launch", "power", "root", "sign", "square") if re.search(rf"(?<![\w.]){name}\(", body)]
    theirs = ["import torch"] if re.search(r"\btorch\.\w", body) else []
    standard = [line for line, is_used in (("import math", "math." in body), ("from typing import Any", "Any]" in body)) if is_used]
    return [
        "from __future__ import annotations", "", *standard, *([""] if standard else []), *theirs, "import triton",
        "import triton.language as tl", "from torch import Tensor", "", f"from refopt.generated.triton._launch import {', '.join(ours)}",
    ]  # fmt: skip


def _kernel(p: Plan) -> list[str]:
    arrays = ["theta", *given(p.rule), *(s.name for s in p.rule.tensor_state)]
    integers = _integers(p)
    arguments = [*(f"{a}_at" for a in arrays), "scalars_at", *integers, "n", "BLOCK: tl.constexpr"]
    lines = [
        f"@triton.jit(do_not_specialize=[{', '.join(f'{chr(34)}{x}{chr(34)}' for x in integers)}])" if integers else "@triton.jit",
        f"def {module_name(p.rule)}_kernel({', '.join(arguments)}):",
        '    """One update of BLOCK elements, in place."""',
        "    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)",
        "    inside = i < n",
    ]
    lines += [f"    {s.name} = {s.name} != 0" for s in p.conditions]
    lines += [f"    {s.name} = tl.load(scalars_at + {j})" for j, s in enumerate(p.numbers)]
    lines += [f"    {a} = tl.load({a}_at + i, mask=inside, other=0)" for a in arrays]
    for let in p.elements:
        lines.append(f"    {let.name} = {text(let.value, DIALECT, p.names)}{f'  # {let.comment}' if let.comment else ''}")
    return [*lines, *(f"    tl.store({a}_at + i, {a}, mask=inside)" for a in arrays if a not in given(p.rule))]


def _integers(p: Plan) -> list[str]:
    """Integers that a kernel is handed: those that conditions look at, and conditions that are answered beforehand."""
    return [*p.integers, *(s.name for s in p.conditions)]


def _init(rule: Rule, own: Own) -> list[str]:
    fields = ", ".join(f'"{own(s.name)}": {_initial(s)}' for s in rule.state)
    values = "Any" if rule.scalar_state else "Tensor"
    hyper = [h for h in rule.hyper if any(h.name in s.initial.symbol_names for s in rule.state)]
    head = signature("init", ["theta: Tensor"], hypers(hyper), f"dict[str, {values}]", "")
    return [head, '    """The state before the first update."""', f"    return {{{fields}}}"]


def _initial(state: State) -> str:
    if state.is_scalar:
        return one_value(state)
    value = text(state.initial, TORCH)
    return "torch.zeros_like(theta)" if value == "0" else f"torch.full_like(theta, {value})"


def _step(p: Plan, own: Own) -> list[str]:
    rule = p.rule
    values = "Any" if rule.scalar_state else "Tensor"
    read = ", ".join(f'"{name}": {name}' for name in given(rule))
    tensors = [f"{name}: Tensor" for name in ("theta", *given(rule))]
    others = f"{{{read}, **state}}" if rule.state else f"{{{read}}}"
    if rule.scalar_state:
        arrays_of_state = "".join(f', "{own(s.name)}": state["{own(s.name)}"]' for s in rule.tensor_state)
        others = f"{{{read}{arrays_of_state}}}"
    lines = [
        signature("step", [*tensors, f"state: dict[str, {values}]", "t: int"], hypers(rule.hyper), "None", ""),
        '    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""',
        f"    check(theta, {others})",
    ]
    lines += [f'    {s.name} = state["{own(s.name)}"]' for s in rule.scalar_state]
    lines += [f"    {let.name} = {text(let.value, TORCH)}" for let in p.before]
    lines += [f"    {s.name} = {text(s.value, TORCH)}" for s in p.conditions]
    scalars = []
    for s in p.numbers:
        value = text(s.value, TORCH)
        scalars.append(f"        {guarded(s, value, '0.0')},{f'  # {s.name}' if s.name != value else ''}")
    lines += [f'    state["{own(s.name)}"] = {s.name}' for s in moved(rule.scalar_state)]
    arrays = ", ".join(["theta", *given(rule), *(f'state["{own(s.name)}"]' for s in rule.tensor_state)])
    whole = [*p.integers, *(f"int({s.name})" for s in p.conditions)]
    integers = f", [{', '.join(whole)}]" if whole else ""
    return [*lines, "    scalars = [", *scalars, "    ]", f"    launch({module_name(rule)}_kernel, [{arrays}], scalars{integers})"]
