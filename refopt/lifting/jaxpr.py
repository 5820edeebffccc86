"""A jaxpr, JAX's record of what a function does, read equation by equation: one tree for each result.

Every array stands for one of its elements. What joins elements (a sum, a norm, a product of matrices) cannot be read. A loop is read
where it is proved to be a power (halving_loop.py).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from refopt.language.expression import Expression, Kind, literal, operation, where
from refopt.lifting.assumption import FINITE, Assumed, counts_below
from refopt.lifting.frame import current
from refopt.lifting.halving_loop import KNOWN, NothingProved, left_by
from refopt.lifting.numbers import constant, power
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Facts, counter_stops, refuse_infinite
from refopt.lifting.scalar import Condition, Scalar, compared, is_endless
from refopt.lifting.unreadable import CannotRead, tolerated


@dataclass(frozen=True)
class Infinite:
    """A constant that no formula reaches: infinity, above or below, or the last number before it."""

    above: bool


Read: TypeAlias = Expression | Condition | bool | Infinite
"""A value: a number's tree, or a condition, known or not."""

SAME = frozenset({"broadcast_in_dim", "reshape", "squeeze", "expand_dims", "stop_gradient", "copy", "copy_p", "optimization_barrier"})
INLINE = frozenset({"jit", "pjit", "closed_call", "core_call", "custom_jvp_call", "custom_vjp_call", "remat", "checkpoint", "custom_vjp_call_jaxpr"})
BINARY = {"add": "add", "add_any": "add", "sub": "sub", "mul": "mul", "div": "div", "max": "max", "min": "min"}
UNARY = ("neg", "sqrt", "square", "abs", "sign", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")
COMPARED = {"lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "eq": "eq", "lt_to": "lt", "le_to": "le"}


class Reader:
    """Reads jaxprs. What is known of the symbols decides choices; `assumed` collects what was taken for granted.

    either  whether a condition that one of two others holds is read; in a turn of a loop, where few things are tried, it is not
    """

    def __init__(self, facts: Facts, *, either: bool = True) -> None:
        self.facts, self.either = facts, either
        self.assumed: set[Assumed] = set()

    def read(self, closed: Any, arguments: Sequence[Read]) -> list[Read]:
        """The values of a closed jaxpr's results for these values of its arguments."""
        return self._inner(closed.jaxpr, [array_value(c) for c in closed.consts], arguments)

    def _inner(self, jaxpr: Any, constants: Sequence[Read], arguments: Sequence[Read]) -> list[Read]:
        known: dict[Any, Read | NothingProved] = dict(zip(jaxpr.constvars, constants, strict=True)) | dict(zip(jaxpr.invars, arguments, strict=True))

        def value(atom: Any) -> Read:
            found = array_value(atom.val) if hasattr(atom, "val") else known[atom]
            if isinstance(found, NothingProved):
                raise CannotRead(Obstacle.LEFT_BY_A_LOOP)
            return found

        for equation in jaxpr.eqns:
            results = self._equation(equation, [value(a) for a in equation.invars])
            known.update(zip(equation.outvars, results, strict=True))
        return [value(a) for a in jaxpr.outvars]

    def _equation(self, equation: Any, args: Sequence[Read]) -> Sequence[Read | NothingProved]:
        name, parameters = equation.primitive.name, equation.params
        if name in SAME:
            if parameters.get("dimensions") is not None and name == "reshape":
                raise CannotRead(Obstacle.RESHAPE_IN_ANOTHER_ORDER, "JAX", "reshape")
            return args[:1] if name != "optimization_barrier" else args
        if name in INLINE:
            inner = next(parameters[p] for p in ("jaxpr", "call_jaxpr", "fun_jaxpr") if p in parameters)
            return self.read(inner, args) if hasattr(inner, "consts") else self._inner(inner, (), args)
        if any(isinstance(a, Infinite) for a in args) and (found := _with_infinite(name, args)) is not None:
            self.assumed.add(FINITE)
            return [found]
        if name == "convert_element_type":
            return [self._converted(args[0], equation.invars[0].aval.dtype, parameters["new_dtype"])]
        if name == "select_n":
            return [self._selected(args)]
        if name == "cond":
            return self._branches(parameters["branches"], args)
        if name == "scan":
            return self._loop(parameters, [_tree(a) for a in args])
        if name in ("and", "or", "not"):
            found = _logical(name, args)
            negated = name == "or" or any(isinstance(a, Condition) and a.negated for a in args)
            if name != "not" and negated and isinstance(found, Condition) and not self.either:
                raise CannotRead(Obstacle.EITHER_CONDITION_IN_A_LOOP)
            return [self._decided(found) if isinstance(found, Condition) else found]
        if name == "is_finite":
            refuse_infinite(_tree(args[0]))
            self.assumed.add(FINITE)
            return [True]
        number = self._number(name, parameters, [_tree(a) for a in args], equation.outvars[0].aval.dtype)
        return [self._decided(number) if isinstance(number, Condition) else number]

    def _number(self, name: str, parameters: Mapping[str, Any], args: Sequence[Expression], dtype: Any) -> Read:
        whole = getattr(dtype, "kind", "f") in "iu"
        if name in ("add", "sub", "mul") and any(s.name == "t" for a in args for s in a.symbols()):
            self._count_in(name, dtype, args)
        if name == "floor":
            return Scalar(args[0]).floor().tree
        if name == "ceil":
            return Scalar(args[0]).ceiling().tree
        if name == "rem":
            return operation("sub", args[0], operation("mul", args[1], self._cut_off(operation("div", *args))))
        if whole and name == "div":
            return self._cut_off(operation("div", *args))
        if whole and name == "abs" and self._from_zero(args[0]) is True:
            return args[0]
        return _number(name, parameters, args)

    def _count_in(self, name: str, dtype: Any, args: Sequence[Expression]) -> None:
        """Note where a counter of this format stops. Raises CannotRead where it stops soon."""
        if getattr(dtype, "kind", "f") in "iu":
            if dtype.itemsize < 4:
                raise CannotRead(Obstacle.WHOLE_NUMBERS_END, dtype, 2 ** (8 * dtype.itemsize - (dtype.kind == 'i')) - 1)
            if dtype.itemsize == 4 and not any(a.value is not None and (name != "mul" or abs(a.value) <= 1) for a in args):
                raise CannotRead(Obstacle.WHOLE_NUMBERS_WRAP, dtype)
            if dtype.itemsize == 4:
                self.assumed.add(counts_below(2 ** (32 - (dtype.kind == 'i')) - 1))
        elif dtype.itemsize < 4 and dtype != current().dtype and all(a.kind is Kind.INTEGER for a in args):
            raise CannotRead(Obstacle.COUNT_IN_A_SHORT_FORMAT, dtype)

    def _converted(self, x: Read, old: Any, new: Any) -> Read:
        """A change of format, which is nothing to an exact number, where the new one holds all values of the old one."""
        import jax.numpy as jnp

        if jnp.issubdtype(new, jnp.bool_):
            return _as_condition(x) if isinstance(x, Expression) else x
        tree, to = _tree(x), jnp.dtype(new)
        if jnp.issubdtype(new, jnp.integer):
            if not _is_whole(tree):
                raise CannotRead(Obstacle.CUT_OFF)
            if to.itemsize < 4 and tree.value is None and not jnp.issubdtype(old, jnp.bool_):
                raise CannotRead(Obstacle.PUT_INTO_WHAT_WRAPS, to)
            if to.kind == "u" and self._from_zero(tree) is not True:
                raise CannotRead(Obstacle.MAYBE_NEGATIVE_INTO, to)
        elif tree.value is None and to != jnp.dtype(current().dtype) and to.itemsize < jnp.dtype(old).itemsize:
            if to.itemsize >= 4 and not any(s.extent.rank for s in tree.symbols()):
                return tree  # a rate in a framework's own format
            raise CannotRead(Obstacle.CHANGE_OF_FORMAT, to)
        return tree

    def _cut_off(self, x: Expression) -> Expression:
        """x without its fraction, as a division of whole numbers leaves it: towards zero."""
        down, up = operation("floor", x), operation("neg", operation("floor", operation("neg", x)))
        positive = self._from_zero(x)
        return positive.choose(down, up) if isinstance(positive, Condition) else down if positive else up

    def _from_zero(self, x: Expression) -> Condition | bool:
        """True where x is not negative."""
        found: Condition | bool = compared("ge", x, literal(0))
        return found if isinstance(found, bool) else self._decided(found)

    def _decided(self, condition: Condition) -> Condition | bool:
        """The answer, where what is known of the symbols gives it."""
        known = self._truth(condition.tree)
        return condition if known is None else known is not condition.negated

    def _loop(self, parameters: Mapping[str, Any], args: Sequence[Expression]) -> list[Read | NothingProved]:
        """A loop of so many turns that a whole number halved in each of them is 0 at the end."""
        constants, start = args[: parameters["num_consts"]], args[parameters["num_consts"] :]
        places = parameters["jaxpr"].in_avals[len(constants) :]
        if len(start) == parameters["num_carry"] == len(parameters["jaxpr"].out_avals):
            turns = Reader(KNOWN, either=False)

            def turn(given: Sequence[Expression]) -> list[Expression]:
                return [_tree(x) for x in turns.read(parameters["jaxpr"], [*constants, *given])]

            for i, place in enumerate(places):
                if getattr(place.dtype, "kind", "") == "i" and parameters["length"] >= 8 * place.dtype.itemsize - 1 and self._from_zero(start[i]) is True:
                    with contextlib.suppress(CannotRead), tolerated():
                        if (left := left_by(start, i, turn)) is not None and not turns.assumed:
                            return [NothingProved() if x is None else x for x in left]
        raise CannotRead(Obstacle.SCAN, "JAX", "scan")

    def _selected(self, args: Sequence[Read]) -> Read:
        condition, otherwise, *more = args
        if len(more) != 1:
            raise CannotRead(Obstacle.SELECT_OF_MANY, "JAX", "select_n")
        return self._chosen(condition, more[0], otherwise)

    def _branches(self, branches: Sequence[Any], args: Sequence[Read]) -> Sequence[Read]:
        index, *operands = args
        if len(branches) != 2:
            raise CannotRead(Obstacle.COND_OF_MANY, "JAX", "cond")
        no, yes = (self.read(b, operands) for b in branches)
        condition = _as_condition(index) if isinstance(index, Expression) else index
        return [self._chosen(condition, a, b) for a, b in zip(yes, no, strict=True)]

    def _chosen(self, condition: Read, then: Read, otherwise: Read) -> Read:
        if isinstance(condition, Expression):
            condition = _as_condition(condition)
        if isinstance(condition, Condition):
            condition = self._decided(condition)
        if isinstance(condition, bool):
            return then if condition else otherwise
        if isinstance(condition, Infinite):
            return then  # it is not zero
        return condition.choose(_tree(then), _tree(otherwise))

    def _truth(self, tree: Expression) -> bool | None:
        if (stops := counter_stops(tree)) is not None:
            self.assumed.add(counts_below(stops[1]))
            return stops[0]
        return self.facts.truth(tree)


def same_shapes(closed: Any, shapes: Sequence[tuple[int, ...]]) -> None:
    """Raises CannotRead where a result of a closed jaxpr has another shape than it must have: then its elements are not those of what went in."""
    for aval, shape in zip(closed.out_avals, shapes, strict=True):
        if tuple(aval.shape) != tuple(shape):
            raise CannotRead(Obstacle.RESULT_OF_ANOTHER_SHAPE, tuple(aval.shape), tuple(shape))


def array_value(x: Any) -> Read:
    """The one number of an array that is a constant. Raises CannotRead where its elements differ."""
    import numpy as np

    array = np.asarray(x)
    values = set(array.ravel().tolist())
    if len(values) != 1:
        raise CannotRead(Obstacle.CONSTANT_ARRAY)
    (only,) = values
    if isinstance(only, bool):
        return only
    if is_endless(only) and not np.isnan(only):
        return Infinite(bool(only > 0))
    return constant(_shortest(only, array.dtype))


def _shortest(value: float | int, dtype: Any) -> float | int:
    """A constant as the decimal that it was written as: the shortest one of its own format."""
    import numpy as np

    if isinstance(value, int) or dtype == np.float64:
        return value
    return float(np.format_float_positional(dtype.type(value), unique=True, trim="-")) if np.isfinite(value) else value


def _tree(x: Read) -> Expression:
    if isinstance(x, Infinite):
        raise CannotRead(Obstacle.CONSTANT_IS_NO_NUMBER, "inf")
    if isinstance(x, bool):
        return literal(int(x))
    if isinstance(x, Condition):
        return where(x.tree, 0, 1) if x.negated else where(x.tree, 1, 0)
    return x


def _as_condition(tree: Expression) -> Condition | bool:
    """A number that stands for a condition: where(c, 1, 0), or not zero."""
    if tree.op == "literal":
        return tree.value != 0
    if tree.op == "where" and [a.value for a in tree.args[1:]] in ([1, 0], [0, 1]):
        return Condition(tree.args[0], tree.args[1].value == 0)
    return Condition(operation("eq", tree, 0), True)


def _with_infinite(name: str, args: Sequence[Read]) -> Read | None:
    """A comparison, or the larger of two, where one is infinite and no value is; None for anything else."""
    if name == "convert_element_type":
        return args[0]
    if name == "clamp":
        low, x, high = args
        lower = x if isinstance(low, Infinite) and not low.above else _number("max", {}, [_tree(x), _tree(low)])
        return lower if isinstance(high, Infinite) and high.above else _number("min", {}, [_tree(lower), _tree(high)])
    if len(args) != 2 or all(isinstance(a, Infinite) for a in args):
        return None
    swapped = isinstance(args[0], Infinite)
    one, other = args if swapped else args[::-1]
    assert isinstance(one, Infinite)
    if name in ("max", "min"):
        return other if one.above is (name == "min") else None
    if name in ("eq", "ne"):
        return name == "ne"
    if name in ("lt", "le", "gt", "ge"):
        return (name in ("lt", "le")) is (one.above is not swapped)
    return None


def _is_whole(tree: Expression) -> bool:
    """True where a tree's value is a whole number, by its kind or as a choice between whole numbers."""
    if tree.op == "where":
        return all(_is_whole(a) for a in tree.args[1:])
    return tree.kind is Kind.INTEGER


def _logical(name: str, args: Sequence[Read]) -> Read:
    one, *rest = map(_asked, args)
    if name == "not":
        return not one if isinstance(one, bool) else ~one
    other = rest[0]
    if isinstance(one, bool):
        one, other = other, one
    found: Read = (one & other) if name == "and" else (one | other)
    return found


def _asked(x: Read) -> Condition | bool:
    """A value as a condition: whether it is not zero."""
    if isinstance(x, Infinite):
        return True
    return _as_condition(x) if isinstance(x, Expression) else x


def _number(name: str, parameters: Mapping[str, Any], args: Sequence[Expression]) -> Read:
    folded = _folded(name, args)
    if folded is not None:
        return folded
    if name in BINARY:
        return operation(BINARY[name], *args)
    if name in UNARY:
        return operation(name, *args)
    if name in COMPARED:
        found: Read = compared(COMPARED[name], *args)
        return found
    if name in _OTHERS:
        return _OTHERS[name](parameters, *args)
    raise CannotRead(Obstacle.OPERATION_OF, "JAX", name)


def _folded(name: str, args: Sequence[Expression]) -> Expression | None:
    """Counters that are numbers are counted with numbers."""
    if name not in ("add", "sub", "mul") or any(a.op != "literal" or a.kind is not Kind.INTEGER for a in args):
        return None
    x, y = (a.value for a in args)
    assert isinstance(x, Fraction) and isinstance(y, Fraction)
    return literal(int({"add": x + y, "sub": x - y, "mul": x * y}[name]))


def _clamped(parameters: Mapping[str, Any], low: Expression, x: Expression, high: Expression) -> Read:
    return operation("min", operation("max", x, low), high)


def _not_equal(parameters: Mapping[str, Any], x: Expression, y: Expression) -> Read:
    same = compared("eq", x, y)
    return not same if isinstance(same, bool) else ~same


_OTHERS: dict[str, Callable[..., Read]] = {
    "pow": lambda p, x, y: power(x, y),
    "integer_pow": lambda p, x: power(x, literal(p["y"])) if p["y"] > 0 else operation("div", 1, power(x, literal(-p["y"]))),
    "rsqrt": lambda p, x: operation("div", 1, operation("sqrt", x)),
    "exp2": lambda p, x: operation("pow", literal(2), x),
    "ne": _not_equal,
    "clamp": _clamped,
    "log1p": lambda p, x: operation("log", operation("add", 1, x)),
    "expm1": lambda p, x: operation("sub", operation("exp", x), 1),
}  # fmt: skip
