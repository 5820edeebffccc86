"""Lowering to NumPy in place: one ufunc a line, each with its output buffer, a block of elements at a time.

What `refopt.optim` runs. An operation writes to theta or the state as soon as nothing needs the old value any more, else to
a scratch buffer; a buffer is used again as soon as it is free. Operations and their operands stay in the written order.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression, Kind
from refopt.language.reductions import has_reductions
from refopt.language.rule import Let, Rule, State
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.lowering import numpy
from refopt.lowering.layout import WIDTH, documentation, signature
from refopt.lowering.names import spelled
from refopt.lowering.one_value import is_integer
from refopt.lowering.plan import Plan, given, plan
from refopt.lowering.printer import text
from refopt.lowering.python import default

NAME = "inplace"
SCRATCH = ("a", "b", "c", "d", "e", "f")
"""Names of the scratch buffers."""
CHOSEN = ("chosen", *(f"chosen_{i}" for i in range(2, 10)))
"""Names of conditions that each element answers for itself."""
RESERVED = frozenset([*numpy.RESERVED, *SCRATCH, *CHOSEN, "init", "outside", "scalars", "update"])
DIALECT = numpy.DIALECT
"""Of the scalars; elements are ufuncs."""
UFUNCS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negative", "abs": "absolute", "pow": "power",
    "max": "maximum", "min": "minimum", "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal",
    "and": "logical_and", "or": "logical_or", **{name: name for name in ("square", "sqrt", "sign", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")},
}  # fmt: skip

CONTRACT = (
    "`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or at the same time. "
    "Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked. `scalars` forms what is scalar in update t "
    "in binary64; its argument `scalar` rounds it once to the arrays' format. `outside` names a hyperparameter outside its domain.",
)


def module(concept: Rule | Schedule) -> str:
    """The module of a rule. Raises NotImplementedYet in one line for a schedule, which has nothing to change in place."""
    if isinstance(concept, Schedule):
        raise NotImplementedYet(f"{concept.name}: a schedule has no arrays to change in place", help="refopt generate NAME --to numpy")
    if has_reductions(concept):
        raise NotImplementedYet(f"{concept.name} reduces over a tensor: {NAME} code goes through the elements once, each by itself")
    written = spelled(concept, RESERVED)
    rule = written.rule
    p = plan(rule, RESERVED)
    printer = _Update(p)
    body = printer.body()
    parts = [_facts(concept, printer.buffers), numpy.outside(rule.hyper, own=written.own), _init(rule), _scalars(p), _head(p, printer.buffers) + body]
    code = "\n\n\n".join("\n".join(part) for part in parts)
    ours = [name for name in ("power",) if f"{name}(" in code.replace(f"np.{name}(", "")]
    imports = ["from __future__ import annotations", "", "from collections.abc import Callable", "from typing import Any", "", "import numpy as np", ""]
    imports += [f"from refopt.generated.numpy._arguments import {', '.join(['Array', *ours])}", ""]
    if "math." in code:
        imports[2:2] = ["import math"]
    return "\n".join([*documentation(concept, NAME, CONTRACT), *imports, code, ""])


def _facts(rule: Rule, buffers: int) -> list[str]:
    used = {str(s.name) for state in rule.state for s in state.initial.symbols()}
    return [
        f'RULE = "{rule.name}"',
        f'FINGERPRINT = "{rule.fingerprint}"',
        f"HYPER: dict[str, float] = {{{', '.join(f'{chr(34)}{h.name}{chr(34)}: {default(h)}' for h in rule.hyper)}}}",
        numpy.domains(rule.hyper),
        f"INTEGERS: tuple[str, ...] = {_names([h.name for h in rule.hyper if h.symbol.kind is Kind.INTEGER])}",
        f"INITIAL: tuple[str, ...] = {_names([h.name for h in rule.hyper if h.name in used])}",
        *([f"INPUTS: tuple[str, ...] = {_names(rule.input_names)}"] if rule.inputs else []),
        f"STATE: tuple[str, ...] = {_names([s.name for s in rule.tensor_state])}",
        *([f"ONE_VALUE: dict[str, float] = {{{', '.join(_start(s) for s in rule.scalar_state)}}}"] if rule.scalar_state else []),
        f"SCRATCH = {buffers}",
    ]


def _start(state: State) -> str:
    """A state of one value, and what it starts from."""
    if state.initial.op != "literal":
        raise NotImplementedYet(f"{state.name}: {NAME} code starts a state of one value from a number")
    value = text(state.initial, DIALECT)
    return f'"{state.name}": {value if is_integer(state) else repr(float(state.initial.value or 0))}'


def _names(names: list[str] | tuple[str, ...]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"({quoted[0]},)" if len(quoted) == 1 else f"({', '.join(quoted)})"


def _init(rule: Rule) -> list[str]:
    used = {str(s.name) for state in rule.state for s in state.initial.symbols()}
    hyper = [x for x, h in zip(numpy.typed(rule.hyper), rule.hyper, strict=True) if h.name in used]
    lines = [signature("init", ["theta: Array", *(f"{s.name}: Array" for s in rule.tensor_state), *hyper], [], "None", "")]
    lines.append('    """The state before the first update, into the arrays given."""')
    return [*lines, *(_initial(s, rule) for s in rule.tensor_state)]


def _initial(state: State, rule: Rule) -> str:
    tree = state.initial
    if tree.op == "literal":
        return f"    {state.name}.fill({text(tree, DIALECT)})"
    if tree.op == "symbol" and not tree.is_scalar:
        return f"    np.copyto({state.name}, {tree.name})"
    if tree.is_scalar:
        return f"    {state.name}.fill({text(tree, DIALECT)})"
    raise NotImplementedYet(f"{rule.name}: {NAME} code starts a state from a number or from theta, not from {infix(tree)}")


def _scalars(p: Plan) -> list[str]:
    one_value = p.rule.scalar_state
    kept = [f"{s.name}: {'int' if is_integer(s) else 'float'}" for s in one_value]
    lines = [signature("scalars", ["t: int", "scalar: Callable[[float], Any]", *kept, *numpy.typed(p.rule.hyper)], [], "tuple[Any, ...]", "")]
    lines.append('    """What is scalar in update t = 1, 2, ..., as `update` takes it."""')
    lines += [f"    {let.name} = {text(let.value, DIALECT)}" for let in p.before]
    given = [*p.rule.hyper_names, "t", *(s.name for s in one_value)]
    results = []
    for s in p.scalars:
        value = text(s.value, DIALECT)
        value = numpy.guarded(s, f"scalar({value})" if s.rounded else value)
        if s.value.op == "symbol":
            results.append(value)
        else:
            lines.append(f"    {s.name} = {value}")
            results.append(s.name)
    results += [name for name in p.integers if name in given or any(let.name == name for let in p.before)]
    if one_value:  # those of the next update come last
        results.append(f"({', '.join(s.name for s in one_value)},)")
    inside = f"{', '.join(results)}{',' if len(results) == 1 else ''}"
    return [*lines, f"    return ({inside})"]


def _head(p: Plan, buffers: int) -> list[str]:
    arrays = ["theta", *given(p.rule), *(s.name for s in p.rule.tensor_state), *SCRATCH[:buffers]]
    scalars = [*(s.name for s in p.scalars), *p.integers]
    line = signature("update", [*(f"{x}: Array" for x in arrays), *(f"{x}: Any" for x in scalars)], [], "None", "")
    rows = [row for long in line.splitlines() for row in (textwrap.wrap(long, WIDTH - 4, subsequent_indent="    ") if len(long) > WIDTH else [long])]
    return [*rows, '    """Update a block of theta and of the state; g is the gradient at theta."""']


class _Update:
    """Prints the assignments of the elements.

    place     where each name's value lies: an array or a scratch buffer
    uses      how often a temporary is still read
    target    the array that is being assigned, while it may hold a part of the result
    reads     how often its old value is still needed in this assignment
    occupied  whether it holds a part of the result
    """

    def __init__(self, p: Plan) -> None:
        self.p, self.lines, self.indent = p, list[str](), "    "
        self.kept = {"theta", *(s.name for s in p.rule.tensor_state)}
        self.place = {name: name for name in (*given(p.rule), *self.kept)}
        self.free = list(SCRATCH)
        self.buffers = 0
        self.conditions = list(CHOSEN)
        self.uses: dict[str, int] = {}
        self.target: str | None = None
        self.reads, self.occupied = 0, False

    def body(self) -> list[str]:
        """The lines of `update`."""
        for i, let in enumerate(self.p.elements):
            note = f"  ({let.comment})" if let.comment else ""
            self.lines.append(f"{self.indent}# {let.name} <- {infix(let.value)}{note}")
            if let.name in self.kept:
                self._assign(let)
            else:
                self._keep(let, i)
        return self.lines

    def _assign(self, let: Let) -> None:
        self.target, self.reads, self.occupied = let.name, _count(let.value, let.name), False
        self._into(let.value, let.name)
        self.target = None

    def _keep(self, let: Let, i: int) -> None:
        """A temporary: its value stays in the buffer in which it was formed."""
        if let.value.is_scalar or let.value.op == "symbol" or (let.value.op == "where" and let.value.args[0].is_scalar):
            buffer = self._buffer()
            self._into(let.value, buffer)
        else:
            buffer = self._value(let.value)
        self.place[let.name] = buffer
        self.uses[let.name] = 0
        for later in self.p.elements[i + 1 :]:
            self.uses[let.name] += _count(later.value, let.name)
            if later.name == let.name:
                break
        if self.uses[let.name] == 0:
            self._release(buffer)

    def _value(self, node: Expression) -> str:
        """Place that holds the value of an element-wise tree once the printed lines have run; of a scalar, its text."""
        if node.is_scalar:
            return text(node, DIALECT, self.p.names)
        if node.op == "symbol":
            return self.place[str(node.name)]
        if node.op == "where" and node.args[0].is_scalar:
            buffer = self._buffer()
            with self._elsewhere():
                self._into(node, buffer)
            return buffer
        operands = self._operands(node)
        if node.kind is Kind.BOOLEAN:
            return self._condition(node, operands)
        return self._print(node, operands, self._output(node, operands))

    def _into(self, node: Expression, output: str) -> None:
        """Print lines that leave the value of a tree in `output`."""
        if node.op == "where" and node.args[0].is_scalar:
            self._branches(node, output)
        elif node.is_scalar or node.op == "symbol":
            value = self._value(node)
            if value != output:
                self.lines.append(f"{self.indent}np.copyto({output}, {value})")
            self._consumed(node)
        else:
            operands = self._operands(node)
            self._output(node, operands, output)
            self._print(node, operands, output)

    def _condition(self, node: Expression, operands: list[str]) -> str:
        """Name of a new array: where a comparison holds. It is no scratch buffer, whose numbers would have to be read as true and false."""
        for arg, place in zip(node.args, operands, strict=True):
            self._consumed(arg, place)
        if not self.conditions:
            raise NotImplementedYet(f"{self.p.rule.name}: {NAME} code keeps {len(CHOSEN)} comparisons of elements at once and needs more")
        name = self.conditions.pop(0)
        self.lines.append(f"{self.indent}{name} = np.{UFUNCS[node.op]}({', '.join(operands)})")
        return name

    def _branches(self, node: Expression, output: str) -> None:
        condition, then, otherwise = node.args
        outer, reads = self.indent, self.reads
        self.lines.append(f"{outer}if {text(condition, DIALECT, self.p.names)}:")
        for i, branch in enumerate((then, otherwise)):
            if i:
                self.lines.append(f"{outer}else:")
            self.indent = outer + "    "
            self.reads, self.occupied = _count(branch, self.target), False
            before = len(self.lines)
            self._into(branch, output)
            if len(self.lines) == before:
                self.lines.append(f"{self.indent}pass")
            self.indent = outer
        self.reads = reads - _count(then, self.target) - _count(otherwise, self.target)

    @contextmanager
    def _elsewhere(self) -> Iterator[None]:
        """While branches are printed into a scratch buffer, the target stays as it is."""
        target, reads, occupied = self.target, self.reads, self.occupied
        self.target = None
        yield
        self.target, self.reads, self.occupied = target, reads, occupied

    def _operands(self, node: Expression) -> list[str]:
        """The deepest operand first: it needs the most buffers."""
        order = sorted(range(len(node.args)), key=lambda i: -_depth(node.args[i]))
        places = {i: self._value(node.args[i]) for i in order}
        return [places[i] for i in range(len(node.args))]

    def _output(self, node: Expression, operands: list[str], wanted: str | None = None) -> str:
        """The buffer for a result, once its operands have been read."""
        for arg, place in zip(node.args, operands, strict=True):
            self._consumed(arg, place)
        if wanted is not None:
            return wanted
        if self.target is not None and self.reads == 0 and not self.occupied:
            self.occupied = True
            return self.target
        return self._buffer()

    def _consumed(self, node: Expression, place: str = "") -> None:
        """Free the buffer of an operand that is not needed again."""
        if node.is_scalar:
            return
        if node.op != "symbol":
            if place == self.target:
                self.occupied = False
            elif place in SCRATCH:
                self._release(place)
            elif place in CHOSEN:
                self.conditions = sorted([*self.conditions, place])
            return
        name = str(node.name)
        if name == self.target:
            self.reads -= 1
        if name in self.uses:
            self.uses[name] -= 1
            if self.uses[name] == 0:
                self._release(self.place[name])

    def _print(self, node: Expression, operands: list[str], output: str) -> str:
        if node.op == "where":
            self.lines.append(f"{self.indent}np.copyto({output}, np.where({', '.join(operands)}))")
            return output
        ufunc = UFUNCS.get(node.op)
        if ufunc is None:
            raise NotImplementedYet(f"the operation {node.op} cannot be written in {NAME} code")
        self.lines.append(f"{self.indent}np.{ufunc}({', '.join(operands)}, out={output})")
        return output

    def _buffer(self) -> str:
        if not self.free:
            raise NotImplementedYet(f"{self.p.rule.name}: {NAME} code has {len(SCRATCH)} scratch buffers and needs more")
        buffer = self.free.pop(0)
        self.buffers = max(self.buffers, SCRATCH.index(buffer) + 1)
        return buffer

    def _release(self, buffer: str) -> None:
        if buffer in SCRATCH and buffer not in self.free:
            self.free = sorted([*self.free, buffer])


def _count(node: Expression, name: str | None) -> int:
    """Number of times that a name is read among the elements of a tree."""
    if node.is_scalar:
        return 0
    if node.op == "symbol":
        return int(node.name == name)
    return sum(_count(arg, name) for arg in node.args)


def _depth(node: Expression) -> int:
    return 0 if node.is_scalar or node.op == "symbol" else 1 + max(map(_depth, node.args))
