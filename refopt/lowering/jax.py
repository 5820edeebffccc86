"""Lowering to JAX: what an update adds to theta, and an optax-compatible GradientTransformation around it.

Scalars are formed in binary64 even where JAX computes in 32 bits: 1 - beta2^t in float32 has lost half its digits.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from refopt.language.expression import Expression, operation, theta
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule, State
from refopt.language.schedule import Schedule
from refopt.lowering.layout import documentation, signature
from refopt.lowering.names import Own, module_name, spelled
from refopt.lowering.numpy import domains, hypers, outside, refuse_over_all, uses_size
from refopt.lowering.numpy import literal as python_literal
from refopt.lowering.one_value import is_integer
from refopt.lowering.plan import Plan, given, initial, plan
from refopt.lowering.printer import ANY, ATOM, Dialect, Spelling, Table, is_floor_of_quotient, is_integer_power, text
from refopt.lowering.python import OPERATORS, PRODUCT, SIGN, call, conversions

NAME = "jax"
CANNOT = {"cast": "an array stays in its own format within a step"}
RESERVED = frozenset([
    *keyword.kwlist, "jax", "jnp", "Any", "state", "change", "added", "moved", "power", "ilog", "total", "doubles", "whole", "after", "transformation",
    "GradientTransformation", "Schedule", "outside", "refuse", "kept_as", "kept_as_int", "max", "min", "abs", "pow",
])  # fmt: skip
"""Names that the printed code uses itself."""

TABLE = Table(
    python_literal,
    {
        **OPERATORS,
        **{name: call(f"jnp.{name}") for name in ("square", "sqrt", "abs", "sign", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")},
        "pow": call("jnp.power", 2),
        "max": call("jnp.maximum", 2),
        "min": call("jnp.minimum", 2),
        "and": call("jnp.logical_and", 2),
        "or": call("jnp.logical_or", 2),
        "where": call("jnp.where", 3),
        "sum": call("total"),
        "largest": call("jnp.max"),
        "count": Spelling("jnp.count_nonzero({2})", ATOM, (ATOM, ANY, ANY)),
    },
    CANNOT,
)
"""Arrays and scalars alike: any of them may be traced."""


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    if is_floor_of_quotient(node):
        return Spelling("{0} // {1}", PRODUCT, (PRODUCT, SIGN)), node.args[0].args
    return (call("power", 2), node.args) if is_integer_power(node) else None


DIALECT = Dialect(NAME, lambda node: TABLE, {"pi": "jnp.pi"}, fold=_fold)
CONTRACT: tuple[str, ...] = (
    "Functions without side effects that may be jitted, vmapped and scanned. Scalars are formed in binary64, whatever jax_enable_x64 says, and rounded "
    "once to the array's dtype. `update` needs the parameters. Numbers outside their domains are refused; what is traced is not looked at. Compiled for "
    "the CPU, XLA may contract a product and a sum to one rounding.",
)
ONE_VALUE = "A state of one value is kept in JAX's default float or integer, which saving and loading keep."
"""More of the contract, of a rule that has such states: what is of 64 bits is rounded by JAX itself when it is loaded in 32 bits."""
RATE_CONTRACT: tuple[str, ...] = ("The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.",)


def module(concept: Rule | Schedule) -> str:
    """The module of a rule (`init`, `change`, `step`, the transformation) or of a schedule (`rate`, the schedule)."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Schedule):
        body, contract = "\n".join(["", *_rate(written.schedule)]), RATE_CONTRACT
    else:
        rule, own = written.rule, written.own
        p = plan(rule, RESERVED)
        checked = outside(rule.hyper, defaults=True)
        parts = ([domains(rule.hyper)], checked, _init(rule, own), _change(p, own), _step(rule), _transformation(rule))
        body, contract = "\n\n\n".join("\n".join(part) for part in parts), (*CONTRACT, *([ONE_VALUE] if rule.scalar_state else []))
    return "\n".join([*documentation(concept, NAME, contract), *_imports(body), "", body, ""])


def _imports(body: str) -> list[str]:
    types = [name for name in ("GradientTransformation", "Schedule") if re.search(rf"\b{name}\b", body)]
    functions = [name for name in ("doubles", "ilog", "power", "refuse", "total", "transformation", "whole") if re.search(rf"(?<![.\w]){name}\(", body)]
    theirs = [*(["import jax"] if "jax." in body else []), *(["import jax.numpy as jnp"] if "jnp." in body else [])]
    own = f"from refopt.generated.jax._transformation import {', '.join((*types, *functions))}"
    return ["from __future__ import annotations", "", "from typing import Any", "", *theirs, "", own]


def _open(hyper: Sequence[Hyper]) -> list[str]:
    """Hyperparameters in 64 bits; what is written in signatures as a float may be traced."""
    lists = [f"        {h.name} = jnp.asarray({h.name}, jnp.int64)" for h in hyper if h.is_list]
    return conversions([h for h in hyper if not h.is_list], "doubles", "whole", 8) + lists


def _init(rule: Rule, own: Own) -> list[str]:
    used = {str(s.name) for state in rule.state for s in state.initial.symbols()}
    hyper = [h for h in rule.hyper if h.name in used]
    lines = [signature("init", ["theta: Any"], _traced(hyper), "dict[str, Any]", "")]
    lines.append('    """The state before the first update."""')
    fields = []
    for state in rule.state:
        scalars = () if state.is_scalar else initial(state, RESERVED, rule)
        fields.append(f'"{own(state.name)}": {_initial(state, {s.value: f"{s.name}_0" for s in scalars})}')
        if state.initial.op != "literal" and scalars:
            lines += ["    with jax.enable_x64(True):", *_open(hyper)]
            lines += [f"        {s.name}_0 = jnp.asarray({text(s.value, DIALECT)}, theta.dtype)" for s in scalars]
    if not rule.scalar_state:
        return [*lines, f"    return {{{', '.join(fields)}}}"]
    kinds = {s.kind: s for s in rule.scalar_state}.values()
    lines += [f"    {_default(s)} = jnp.result_type({'int' if is_integer(s) else 'float'})" for s in kinds]
    return [*lines, "    with jax.enable_x64(True):", *_open(hyper), f"        return {{{', '.join(fields)}}}"]


def _default(state: State) -> str:
    """The name of the format in which a state of one value is kept."""
    return "kept_as_int" if is_integer(state) else "kept_as"


def _initial(state: State, names: dict[Expression, str]) -> str:
    tree = state.initial
    if state.is_scalar:
        return f"jnp.asarray({text(tree, DIALECT)}, {_default(state)})"
    if tree.op == "literal":
        return "jnp.zeros_like(theta)" if tree.value == 0 else f"jnp.full_like(theta, {text(tree, DIALECT)})"
    return f"jnp.full_like(theta, {names[tree]})" if tree.is_scalar else text(tree, DIALECT, names)


def _change(p: Plan, own: Own) -> list[str]:
    rule = p.rule
    refuse_over_all(rule, NAME)
    arguments = ["theta: Any", *(f"{name}: Any" for name in given(rule)), "state: dict[str, Any]", "t: Any"]
    lines = [signature("change", arguments, _traced(rule.hyper), "tuple[Any, dict[str, Any]]", "")]
    lines.append('    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""')
    if rule.state:
        lines.append(f"    {', '.join(rule.state_names)} = {', '.join(f'state[{chr(34)}{own(s)}{chr(34)}]' for s in rule.state_names)}")
    lines += ["    with jax.enable_x64(True):", *_open(rule.hyper)]
    lines += ["        (t,) = whole(t)"] if rule.uses_step else []
    lines += ["        size = theta.size"] if uses_size(rule) else []
    for convert, wanted in (("doubles", False), ("whole", True)):
        names = [s.name for s in rule.scalar_state if is_integer(s) is wanted]
        lines += [f"        {', '.join(names)}{',' if len(names) == 1 else ''} = {convert}({', '.join(names)})"] if names else []
    lines += [f"        {let.name} = {text(let.value, DIALECT)}" for let in p.before]
    if rule.scalar_state:  # in the format in which it came, so that the state after is of the type of the state before
        kept = (f'"{own(s.name)}": jnp.asarray({s.name}, jnp.result_type(state["{own(s.name)}"]))' for s in rule.scalar_state)
        lines.append(f"        after = {{{', '.join(kept)}}}")
    for s in p.scalars:
        value = text(s.value, DIALECT)
        lines.append(f"        {s.name} = {f'jnp.asarray({value}, theta.dtype)' if s.rounded else value}")
    for let in p.elements:
        name, tree = let.name, let.value
        if let.name == "theta":
            if (added := _increment(tree)) is not None and sum(x.name == "theta" for x in p.elements) == 1:
                name, tree = "added", added
            else:
                name = "moved"
        printed = text(tree, DIALECT, {**p.names, **({theta: "moved"} if _moved_before(p, let) else {})})
        printed = f"jnp.full_like(theta, {printed})" if tree.is_scalar else printed
        lines.append(f"    {name} = {printed}{f'  # {let.comment}' if let.comment else ''}")
    if any(" moved = " in line for line in lines):
        lines.append("    added = moved - theta")
    arrays = [f'"{own(s.name)}": {s.name}' for s in rule.state if not s.is_scalar]
    return [*lines, f"    return added, {{{', '.join([*arrays, *(['**after'] if rule.scalar_state else [])])}}}"]


def _moved_before(p: Plan, let: object) -> bool:
    """True where theta was assigned before, but not as a plain sum."""
    earlier = p.elements[: next(i for i, x in enumerate(p.elements) if x is let)]
    return any(x.name == "theta" for x in earlier)


def _increment(node: Expression) -> Expression | None:
    """Increment of theta in theta + a - b ...: a - b ...; None where theta is not the first term."""
    if node.op not in ("add", "sub"):
        return None
    first, second = node.args
    if first == theta:
        return operation("neg", second) if node.op == "sub" else second
    rest = _increment(first)
    return None if rest is None else operation(node.op, rest, second)


def _step(rule: Rule) -> list[str]:
    arguments = ["theta: Any", *(f"{name}: Any" for name in given(rule)), "state: dict[str, Any]", "t: Any"]
    passed = "".join(f", {h}={h}" for h in rule.hyper_names)
    return [
        signature("step", arguments, _traced(rule.hyper), "tuple[Any, dict[str, Any]]", ""),
        '    """theta and the state after update t = 1, 2, ..."""',
        f"    added, after = change(theta, {', '.join(given(rule))}, state, t{passed})",
        "    return theta + added, after",
    ]


def _transformation(rule: Rule) -> list[str]:
    rate = rule.learning_rate
    arguments = [x.replace(": Any", ": Any | Schedule") if h == rate else x for x, h in zip(_traced(rule.hyper), rule.hyper, strict=True)]
    used = {str(s.name) for state in rule.state for s in state.initial.symbols()} & set(rule.hyper_names)
    start = f"lambda x: init(x{''.join(f', {h}={h}' for h in sorted(used))})" if used else "init"
    passed = ", ".join(f"{h}={h}" for h in rule.hyper_names)
    further = f"({', '.join(f'{chr(34)}{name}{chr(34)}' for name in rule.input_names)},)"
    return [
        signature(module_name(rule), arguments, [], "GradientTransformation", ""),
        f'    """{rule.title[:1].upper()}{rule.title[1:]}, for optax."""',
        f"    refuse(outside, DOMAIN, {passed})",
        f"    return transformation({start}, change, {f'{further}, ' if rule.inputs else ''}{passed})",
    ]


def _traced(hyper: Sequence[Hyper]) -> list[str]:
    return [re.sub(r": (float|int|tuple\[int, \.\.\.\]) = ", ": Any = ", x) for x in hypers(hyper)]


def _rate(schedule: Schedule) -> list[str]:
    lines = [signature("rate", ["k: Any"], _traced(schedule.hyper), "Any", ""), '    """The learning rate of step k = 0, 1, 2, ..."""']
    used = [h for h in schedule.hyper if any(s.name == h.name for s in schedule.rate.symbols())]
    lines += ["    with jax.enable_x64(True):", *_open(used)]
    lines += ["        (k,) = whole(k)"] if any(s.name == "k" for s in schedule.rate.symbols()) else []
    lines += [f"        found = {text(schedule.rate, DIALECT)}", "    return jnp.asarray(found, jnp.result_type(float))", "", ""]
    passed = "".join(f", {h}={h}" for h in schedule.hyper_names)
    return [
        *lines,
        signature(module_name(schedule), hypers(schedule.hyper), [], "Schedule", ""),
        f'    """{schedule.title[:1].upper()}{schedule.title[1:]}, for optax."""',
        f"    return lambda k: rate(k{passed})",
    ]
