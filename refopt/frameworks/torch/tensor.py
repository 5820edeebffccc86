"""A tensor each of whose elements is one formula: torch's own functions compute with it, in place where they do so."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from math import prod
from typing import Any

from refopt.language.expression import Expression, Kind, literal, operation, where
from refopt.lifting.assumption import FINITE
from refopt.lifting.frame import asked, current, stands_between
from refopt.lifting.look import Look
from refopt.lifting.numbers import power
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import assume, refuse_infinite
from refopt.lifting.scalar import COUNTS, Condition, Scalar, is_endless, larger, ordered, tree_of
from refopt.lifting.unreadable import CannotRead

stands_between(__name__)

SAME = ("detach", "contiguous", "view_as", "reshape_as", "expand_as", "type_as", "cpu", "resolve_conj")
"""Methods that give the tensor itself, or another look at its elements: what is done to that in place is done to the tensor."""
CAST = ("double", "float", "half", "bfloat16", "int", "long", "short", "char", "byte", "bool")
"""Methods that change the format."""
UNARY = ("neg", "square", "sqrt", "abs", "sign", "exp", "log", "cos", "sin", "tanh")
BINARY = {"add": "add", "sub": "sub", "mul": "mul", "multiply": "mul", "div": "div", "divide": "div", "true_divide": "div", "subtract": "sub"}
LARGER = {"maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min"}
COMPARED = {"lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "eq": "eq", "less": "lt", "greater": "gt"}
ALONE = {"is_complex": False, "is_tensor": True, "is_floating_point": True, "is_conj": False, "is_neg": False}
"""Questions about a tensor and the answer for real numbers."""


@cache
def tensor_class() -> Any:
    """The class of symbolic tensors. It is a torch.Tensor that is never computed with: what torch does to it is asked for by
    `__torch_function__`, and done to its one tree, which stands for each of its elements: nothing that is done joins elements or tells
    them apart. It says it is of the current frame's shape and format. torch still picks its plain single-tensor code."""
    import torch

    class SymbolicTensor(torch.Tensor):
        grad: Any = None
        tree: Expression
        single = False
        requires_grad = is_sparse = is_cuda = is_meta = is_quantized = False
        is_cpu = is_leaf = True
        layout, device = torch.strided, torch.device("cpu")
        shape = property(lambda self: _shape(self))
        ndim = property(lambda self: len(_shape(self)))
        dtype = property(lambda self: _format())
        data = property(lambda self: self)  # another look at its elements: what is done to it in place is done to the tensor

        @classmethod
        def __torch_function__(cls, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return _done(getattr(function, "__name__", str(function)), args, dict(kwargs or {}))

        def __repr__(self, *, tensor_contents: Any = None) -> Any:  # type: ignore[override]
            asked(Look.TEXT)
            return f"SymbolicTensor({self.tree})"

        __str__ = __repr__

        def __format__(self, how: str) -> str:
            asked(Look.TEXT)
            return str(self)

    for name in (*_METHODS, *(f"{n}_" for n in _METHODS), *_OPERATORS, "__invert__"):
        setattr(SymbolicTensor, name, _method(name))  # torch's own method would refuse a symbol among its arguments
    return SymbolicTensor


def _shape(x: Any) -> Any:
    import torch

    asked(Look.SHAPE)
    return torch.Size(() if x.single else current().shape)


def _format() -> Any:
    import torch

    asked(Look.DTYPE)
    return getattr(torch, current().dtype)


def _method(name: str) -> Callable[..., Any]:
    return lambda self, *args, **keywords: _done(name, (self, *args), keywords)


def symbolic_tensor(tree: Expression, *, single: bool = False) -> Any:
    """A tensor each of whose elements holds the tree, of the frame's shape, or (`single`) of no axes."""
    import torch

    made = torch.Tensor._make_subclass(tensor_class(), torch.zeros((), dtype=torch.float64))
    made.tree, made.single = tree, single
    return made


@cache
def _numbers_class() -> Any:
    import torch
    from torch.overrides import TorchFunctionMode

    made = (torch.tensor, torch.as_tensor, torch.asarray, torch.scalar_tensor)

    class Numbers(TorchFunctionMode):
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if function in made and args and isinstance(args[0], Scalar):
                return symbolic_tensor(args[0].tree, single=True)
            found = function(*args, **(kwargs or {}))
            return symbolic_tensor(literal(int(found)), single=True) if function in (torch.tensor, torch.ones, torch.full) and _is_exact(found) else found

    return Numbers


@contextmanager
def symbolic_numbers() -> Iterator[None]:
    """A context inside which torch makes a symbolic tensor of a number that is a formula, and its functions take one beside a tensor.

    torch's own functions look at the kinds of their arguments before they ask a tensor's class: they would refuse the number.
    """
    import torch

    plain = {name: getattr(torch, name) for name in _METHODS if hasattr(torch, name)}
    try:
        for name, function in plain.items():
            setattr(torch, name, _function(name, function))
        with _numbers_class()():
            yield
    finally:
        for name, function in plain.items():
            setattr(torch, name, function)


def _function(name: str, plain: Any) -> Any:
    @functools.wraps(plain)
    def apply(*args: Any, **keywords: Any) -> Any:
        given = (*args, *keywords.values())
        symbolic = any(isinstance(x, Scalar) for x in given) and any(map(is_symbolic, given))
        return _done(name, args, keywords) if symbolic else plain(*args, **keywords)

    return apply


def _is_exact(x: Any) -> bool:
    """True of a number, no counter's start at 0, that every format wide enough for a state of one value holds as it is."""
    import torch

    if type(x) is not torch.Tensor or x.dim() or x.dtype not in (torch.float32, torch.float64) or x.requires_grad:
        return False
    value = float(x)
    return value != 0 and value.is_integer() and abs(value) < 2**24


def _count(x: Any) -> int | None:
    """The whole number in a tensor of no axes, as a counter of updates is; None of anything else: another number may have been rounded."""
    import torch

    if type(x) is not torch.Tensor or x.dim() or not float(x.detach()).is_integer():
        return None
    return int(x)


COUNTS.append(_count)


def is_symbolic(x: Any) -> bool:
    """True where x is such a tensor."""
    return type(x) is tensor_class()


def was_computed_with(x: Any) -> bool:
    """True where torch has changed the element behind the tree: then the tree does not say what happened."""
    import torch

    with torch._C.DisableTorchFunctionSubclass():
        return bool(x._version)


def _done(name: str, args: Any, keywords: dict[str, Any]) -> Any:
    """A function or method of torch, by its name: `out=` and a trailing `_` mean an assignment."""
    out = keywords.pop("out", None)
    name = "masked_fill_" if name == "__setitem__" else name
    single = all(x.single for x in (*args, *keywords.values()) if is_symbolic(x))
    if name in _OPERATORS:
        operator, swapped, changes = _OPERATORS[name]
        x, y = args[:2]
        if swapped:
            tree = power(number_of(y), number_of(x)) if operator == "pow" else operation(operator, number_of(y), number_of(x))
            return symbolic_tensor(tree, single=single)
        name = f"{operator}_" if changes else operator
        args = (x, y)
    changes = name.endswith("_") and not name.endswith("__")
    plain = name[:-1] if changes else name.strip("_") if name in ("__neg__", "__abs__", "__invert__") else name
    if name == "__bool__":
        if not args[0].single and prod(current().shape) != 1:
            raise CannotRead(Obstacle.TRUTH_OF_SEVERAL)
        tree = args[0].tree
        return bool(Condition(tree) if tree.kind is Kind.BOOLEAN else Scalar(tree))
    function = _METHODS.get(plain)
    if function is None:
        raise CannotRead(Obstacle.OPERATION, f"torch.{name}")
    first = args[0] if plain == "where" else _as_tensor(args[0])
    result = function(first, *args[1:], **keywords)
    if isinstance(result, Condition) and not result.negated:
        return symbolic_tensor(result.tree, single=single)
    if not isinstance(result, Expression):
        return result
    if changes or out is not None:
        target = args[0] if changes else out
        target.tree = result
        return target
    return symbolic_tensor(result, single=single)


_OPERATORS = {
    **{f"__{op}__": (op, False, False) for op in ("add", "sub", "mul", "pow", "lt", "le", "gt", "ge", "eq")},
    **{f"__i{op}__": (op, False, True) for op in ("add", "sub", "mul", "pow")},
    **{f"__r{op}__": (op, True, False) for op in ("add", "sub", "mul", "pow", "div")},
    "__truediv__": ("div", False, False), "__div__": ("div", False, False), "__itruediv__": ("div", False, True),
    "__idiv__": ("div", False, True), "__rtruediv__": ("div", True, False),
}  # fmt: skip
"""Python's operators: the operation, whether its operands are swapped, whether it assigns."""


def _as_tensor(x: Any) -> Any:
    return x if is_symbolic(x) else symbolic_tensor(number_of(x), single=True)


def number_of(x: Any) -> Expression:
    """The tree of a tensor of one element or of a number. Raises CannotRead for anything else."""
    if is_symbolic(x):
        tree: Expression = x.tree
        return where(tree, 1, 0) if tree.kind is Kind.BOOLEAN else tree
    found = tree_of(x)
    if found is None and type(x).__module__ == "torch" and x.numel() == 1:
        found = tree_of(x.item())
    if found is None:
        raise CannotRead(Obstacle.ARITHMETIC_WITH_A, type(x).__name__)
    return found


def _times(factor: Any, x: Expression) -> Expression:
    """factor * x; a factor of 1, which the caller has not written, leaves x."""
    return x if type(factor) in (int, float) and factor == 1 else operation("mul", number_of(factor), x)


def _unary(op: str) -> Callable[..., Expression]:
    return lambda x: operation(op, number_of(x))


def _binary(op: str) -> Callable[..., Expression]:
    def apply(x: Any, other: Any, *, alpha: Any = 1) -> Expression:
        return operation(op, number_of(x), _times(alpha, number_of(other)))

    return apply


def _larger(op: str) -> Callable[..., Expression]:
    return lambda x, other: larger(op, Scalar(x.tree), other if is_endless(other) else Scalar(number_of(other))).tree


def _compared(op: str) -> Callable[..., Any]:
    return lambda x, other: ordered(op, Scalar(x.tree), other if is_endless(other) else Scalar(number_of(other)))


def _where(condition: Any, then: Any, otherwise: Any) -> Expression:
    if not is_symbolic(condition) or condition.tree.kind is not Kind.BOOLEAN:
        raise CannotRead(Obstacle.WHERE_ON_NO_COMPARISON, "torch.where")
    if condition.tree in KNOWN.values():
        return number_of(then if condition.tree == KNOWN[True] else otherwise)
    return where(condition.tree, number_of(then), number_of(otherwise))


def _filled(x: Any, mask: Any, value: Any) -> Expression:
    """`x[mask] = value`, of one value. Raises CannotRead of elements that are told apart otherwise."""
    if not is_symbolic(mask) or mask.tree.kind is not Kind.BOOLEAN or mask.single is not x.single or (is_symbolic(value) and not value.single):
        raise CannotRead(Obstacle.OPERATION, "torch.__setitem__")
    return _where(mask, value, x)


KNOWN = {True: operation("lt", 0, 1), False: operation("lt", 1, 0)}
"""The two conditions whose truth does not depend on a symbol."""


def _finite(answer: bool) -> Callable[..., Any]:
    """`isfinite` and its opposites. Raises CannotRead of a tree that has no value somewhere."""

    def apply(x: Any) -> Any:
        refuse_infinite(x.tree)
        assume(FINITE)
        return KNOWN[answer]

    return apply


def _inverted(x: Any) -> Any:
    found = next((truth for truth, tree in KNOWN.items() if tree == x.tree), None)
    return (~Condition(x.tree)).written() if found is None else KNOWN[not found]


def _joined(name: str) -> Callable[..., Any]:
    """`any` and `all` of what is the same for every element."""

    def apply(x: Any, *args: Any, **keywords: Any) -> Any:
        if args or keywords or x.tree not in KNOWN.values():
            raise CannotRead(Obstacle.OPERATION, f"torch.{name}")
        return symbolic_tensor(x.tree, single=True)

    return apply


def _clamp(x: Any, min: Any = None, max: Any = None) -> Expression:
    lower = x.tree if min is None else _larger("max")(x, min)
    return lower if max is None else _larger("min")(symbolic_tensor(lower, single=x.single), max)


def _cast(x: Any, *args: Any, **keywords: Any) -> Any:
    """`to`: the tensor itself in its own format, else the same values. Raises CannotRead for a format that rounds."""
    import torch

    own = torch.float32 if x.single else getattr(torch, current().dtype)
    for kind in (*args, *keywords.values()):
        if isinstance(kind, torch.dtype) and (not kind.is_floating_point or kind.itemsize < own.itemsize):
            raise CannotRead(Obstacle.CHANGE_OF_FORMAT, kind)
    other = keywords.get("copy") or any(isinstance(kind, torch.dtype) and kind != own for kind in (*args, *keywords.values()))
    return x.tree if other else x


def _to(name: str) -> Callable[..., Any]:
    def apply(x: Any, *args: Any, **keywords: Any) -> Any:
        import torch

        made = torch.zeros((), dtype=torch.float64)
        return _cast(x, getattr(made, name)().dtype)

    return apply


def _reshaped(x: Any, *shape: Any) -> Any:
    """`reshape` and `view`, to the shape that it has."""
    wanted = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    own = () if x.single else current().shape
    asked(Look.SHAPE)
    if any(not isinstance(n, int) for n in wanted) or wanted != own:
        raise CannotRead(Obstacle.TENSOR_OF_ANOTHER_SHAPE)
    return x


def _squeezed(x: Any, *axes: Any) -> Any:
    asked(Look.SHAPE)
    if not x.single:
        raise CannotRead(Obstacle.TENSOR_OF_ANOTHER_SHAPE)
    return x


def _several() -> Any:
    raise CannotRead(Obstacle.ONE_NUMBER_OF_SEVERAL)


_METHODS: dict[str, Callable[..., Any]] = {
    "clone": lambda x, **k: x.tree, **{name: (lambda x, *a, **k: x) for name in SAME},
    **{name: _unary(name) for name in UNARY},
    **{name: _binary(op) for name, op in BINARY.items()},
    **{name: _larger(op) for name, op in LARGER.items()},
    **{name: _compared(op) for name, op in COMPARED.items()},
    **{name: (lambda x, *a, _answer=answer, **k: _answer) for name, answer in ALONE.items()},
    "floor": lambda x: Scalar(x.tree).floor().tree,
    "negative": _unary("neg"),
    "absolute": _unary("abs"),
    "rsub": lambda x, other, *, alpha=1: operation("sub", number_of(other), _times(alpha, x.tree)),
    "pow": lambda x, other: power(x.tree, number_of(other)),
    "rsqrt": lambda x: operation("div", 1, operation("sqrt", x.tree)),
    "reciprocal": lambda x: operation("div", 1, x.tree),
    "to": _cast, **{name: _to(name) for name in CAST}, "reshape": _reshaped, "view": _reshaped, "squeeze": _squeezed,
    "lerp": lambda x, end, weight: operation("add", x.tree, operation("mul", number_of(weight), operation("sub", number_of(end), x.tree))),
    "addcmul": lambda x, a, b, *, value=1: operation("add", x.tree, _times(value, operation("mul", number_of(a), number_of(b)))),
    "addcdiv": lambda x, a, b, *, value=1: operation("add", x.tree, _times(value, operation("div", number_of(a), number_of(b)))),
    "clamp": _clamp,
    "clamp_min": _larger("max"), "clamp_max": _larger("min"),
    "where": _where, "masked_fill": _filled,
    "isfinite": _finite(True), "isnan": _finite(False), "isinf": _finite(False),
    **dict.fromkeys(("invert", "logical_not", "bitwise_not"), _inverted), "any": _joined("any"), "all": _joined("all"),
    "copy": lambda x, other, *a, **k: number_of(other),
    "fill": lambda x, value: number_of(value),
    "zero": lambda x: literal(0),
    "zeros_like": lambda x, **k: literal(0),
    "ones_like": lambda x, **k: literal(1),
    "full_like": lambda x, value, **k: number_of(value),
    "item": lambda x: _several() if not x.single and current().shape else Condition(x.tree) if x.tree.kind is Kind.BOOLEAN else Scalar(x.tree),
    "numel": lambda x: prod(_shape(x)),
    "nelement": lambda x: prod(_shape(x)),
    "dim": lambda x: len(_shape(x)),
    "ndimension": lambda x: len(_shape(x)),
    "size": lambda x, axis=None: _shape(x) if axis is None else _shape(x)[axis],
    "element_size": lambda x: _format().itemsize,
}  # fmt: skip
"""Formulas of torch's functions and methods, by name; the first operand is a tensor, except of `where`."""
