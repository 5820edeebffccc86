"""A tensor of one element that is a formula: torch's own functions compute with it, in place where they do so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refopt.language.expression import Expression, literal, operation
from refopt.proof.scalar import Condition, Scalar, compared, power, tree_of
from refopt.proof.unreadable import CannotRead

SAME = ("clone", "detach", "contiguous", "to", "double", "float", "view_as", "reshape", "squeeze", "expand_as", "type_as", "cpu", "resolve_conj")
"""Methods that give the same values as a tensor of its own."""
UNARY = ("neg", "square", "sqrt", "abs", "sign", "exp", "log", "cos", "sin", "tanh", "floor")
BINARY = {"add": "add", "sub": "sub", "mul": "mul", "multiply": "mul", "div": "div", "divide": "div", "true_divide": "div", "subtract": "sub"}
LARGER = {"maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min"}
COMPARED = {"lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "eq": "eq", "less": "lt", "greater": "gt"}
ALONE = {"is_complex": False, "is_tensor": True, "is_floating_point": True, "numel": 1, "is_conj": False, "is_neg": False, "dim": 0}
"""Questions about a tensor and the answer for one real number."""


class Tensor:
    """One element of a real tensor, holding a tree; a method that ends in `_` changes it in place.

    For `isinstance` it is a torch.Tensor; for `type()` it is not, so that torch picks its plain single-tensor code.
    """

    grad: Any = None
    requires_grad = False
    is_sparse = is_cuda = is_meta = is_quantized = False
    is_cpu = is_leaf = True
    shape: tuple[int, ...] = ()
    ndim = 0
    layout = None

    def __init__(self, tree: Expression) -> None:
        self.tree = tree

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # what isinstance asks
        import torch

        return torch.Tensor

    @property
    def dtype(self) -> Any:
        """Float64, though nothing is rounded."""
        import torch

        return torch.float64

    @property
    def device(self) -> Any:
        """The processor."""
        import torch

        return torch.device("cpu")

    @property
    def data(self) -> Tensor:
        """Itself."""
        return self

    def __repr__(self) -> str:
        return f"Tensor({self.tree})"

    def __hash__(self) -> int:
        return id(self)

    def item(self) -> Scalar:
        """The value as a number."""
        return Scalar(self.tree)

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        changes = name.endswith("_") and not name.endswith("__")
        function = _METHODS.get(name[:-1] if changes else name)
        if function is None:
            raise CannotRead(f"the operation torch.Tensor.{name}")

        def method(*args: Any, **keywords: Any) -> Any:
            result = _wrapped(function(self, *args, **keywords))
            return self._assign(result) if changes else result

        return method

    def _assign(self, other: Tensor) -> Tensor:
        self.tree = other.tree
        return self

    def __add__(self, o: Any) -> Any:
        return self.add(o)

    __radd__ = __add__

    def __sub__(self, o: Any) -> Any:
        return self.sub(o)

    def __rsub__(self, o: Any) -> Any:
        return _wrapped(operation("sub", _tree(o), self.tree))

    def __mul__(self, o: Any) -> Any:
        return self.mul(o)

    __rmul__ = __mul__

    def __truediv__(self, o: Any) -> Any:
        return self.div(o)

    def __rtruediv__(self, o: Any) -> Any:
        return _wrapped(operation("div", _tree(o), self.tree))

    def __pow__(self, o: Any) -> Any:
        return self.pow(o)

    def __rpow__(self, o: Any) -> Any:
        return _wrapped(power(_tree(o), self.tree))

    def __neg__(self) -> Any:
        return self.neg()

    def __abs__(self) -> Any:
        return self.abs()

    def __iadd__(self, o: Any) -> Any:
        return self.add_(o)

    def __isub__(self, o: Any) -> Any:
        return self.sub_(o)

    def __imul__(self, o: Any) -> Any:
        return self.mul_(o)

    def __itruediv__(self, o: Any) -> Any:
        return self.div_(o)

    def __lt__(self, o: Any) -> Any:
        return compared("lt", self.tree, _tree(o))

    def __le__(self, o: Any) -> Any:
        return compared("le", self.tree, _tree(o))

    def __gt__(self, o: Any) -> Any:
        return compared("gt", self.tree, _tree(o))

    def __ge__(self, o: Any) -> Any:
        return compared("ge", self.tree, _tree(o))

    @classmethod
    def __torch_function__(cls, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """torch.sqrt(x) and its like are the methods of the same name; `out=` is assigned to."""
        name = getattr(function, "__name__", str(function))
        keywords = dict(kwargs or {})
        out = keywords.pop("out", None)
        plain = name.strip("_") if name.startswith("__") else name
        if plain.endswith("_") and plain[:-1] in _METHODS:
            return getattr(_as_tensor(args[0]), plain)(*args[1:], **keywords)
        found = _METHODS.get(plain)
        if found is None:
            raise CannotRead(f"the operation torch.{name}")
        result = _wrapped(found(*((_as_tensor(args[0]) if plain != "where" else args[0]), *args[1:]), **keywords))
        return result if out is None else out._assign(result)


def _as_tensor(x: Any) -> Any:
    return x if type(x) is Tensor else Tensor(_tree(x))


def _tree(x: Any) -> Expression:
    if type(x) is Tensor:
        return x.tree
    found = tree_of(x)
    if found is None and type(x).__module__ == "torch" and x.numel() == 1:
        found = tree_of(x.item())
    if found is None:
        raise CannotRead(f"arithmetic of a formula with a {type(x).__name__}")
    return found


def _wrapped(x: Any) -> Any:
    return Tensor(x) if isinstance(x, Expression) else x


def _times(factor: Any, x: Expression) -> Expression:
    """factor * x; a factor of 1, which the caller has not written, leaves x."""
    return x if isinstance(factor, int | float) and factor == 1 else operation("mul", _tree(factor), x)


def _unary(op: str) -> Callable[..., Expression]:
    return lambda x: operation(op, x.tree)


def _binary(op: str) -> Callable[..., Expression]:
    def apply(x: Tensor, other: Any, *, alpha: Any = 1) -> Expression:
        return operation(op, x.tree, _times(alpha, _tree(other)))

    return apply


def _larger(op: str) -> Callable[..., Expression]:
    return lambda x, other: operation(op, x.tree, _tree(other))


def _compared(op: str) -> Callable[..., Any]:
    return lambda x, other: compared(op, x.tree, _tree(other))


def _where(condition: Any, then: Any, otherwise: Any) -> Expression:
    if isinstance(condition, bool):
        return _tree(then if condition else otherwise)
    if not isinstance(condition, Condition):
        raise CannotRead("torch.where on something that is no comparison")
    return condition.choose(_tree(then), _tree(otherwise))


def _clamp(x: Tensor, min: Any = None, max: Any = None) -> Expression:
    lower = x.tree if min is None else operation("max", x.tree, _tree(min))
    return lower if max is None else operation("min", lower, _tree(max))


_METHODS: dict[str, Callable[..., Any]] = {
    **{name: (lambda x, *a, **k: x.tree) for name in SAME},
    **{name: _unary(name) for name in UNARY},
    **{name: _binary(op) for name, op in BINARY.items()},
    **{name: _larger(op) for name, op in LARGER.items()},
    **{name: _compared(op) for name, op in COMPARED.items()},
    **{name: (lambda x, *a, _answer=answer, **k: _answer) for name, answer in ALONE.items()},
    "negative": _unary("neg"),
    "absolute": _unary("abs"),
    "rsub": lambda x, other, *, alpha=1: operation("sub", _tree(other), _times(alpha, x.tree)),
    "pow": lambda x, other: power(x.tree, _tree(other)),
    "rsqrt": lambda x: operation("div", 1, operation("sqrt", x.tree)),
    "reciprocal": lambda x: operation("div", 1, x.tree),
    "lerp": lambda x, end, weight: operation("add", x.tree, operation("mul", _tree(weight), operation("sub", _tree(end), x.tree))),
    "addcmul": lambda x, a, b, *, value=1: operation("add", x.tree, _times(value, operation("mul", _tree(a), _tree(b)))),
    "addcdiv": lambda x, a, b, *, value=1: operation("add", x.tree, _times(value, operation("div", _tree(a), _tree(b)))),
    "clamp": _clamp,
    "clamp_min": lambda x, low: operation("max", x.tree, _tree(low)),
    "clamp_max": lambda x, high: operation("min", x.tree, _tree(high)),
    "where": _where,
    "copy": lambda x, other, *a, **k: _tree(other),
    "fill": lambda x, value: _tree(value),
    "zero": lambda x: literal(0),
    "zeros_like": lambda x, **k: literal(0),
    "ones_like": lambda x, **k: literal(1),
    "full_like": lambda x, value, **k: _tree(value),
    "item": lambda x: Scalar(x.tree),
}  # fmt: skip
"""What torch's functions and methods do to trees, by name; the first operand is a tensor, except of `where`."""
