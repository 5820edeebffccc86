"""NumPy's ufuncs on elements that are formulas, a function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from refopt.language.expression import literal, operation
from refopt.lifting.assumption import FINITE
from refopt.lifting.numbers import power
from refopt.lifting.paths import assume, refuse_infinite
from refopt.lifting.scalar import Condition, Scalar, larger, number_tree, ordered, tree_of


def _one(op: str) -> Callable[[Any], Any]:
    return lambda x: Scalar(operation(op, number_tree(x)))


def _two(op: str) -> Callable[[Any, Any], Any]:
    return lambda x, y: Scalar(operation(op, number_tree(x), number_tree(y)))


def _larger(op: str) -> Callable[[Any, Any], Any]:
    return lambda x, y: larger(op, x, y)


def _order(op: str) -> Callable[[Any, Any], Any]:
    return lambda x, y: ordered(op, x, y)


def _not(x: Any) -> Any:
    if isinstance(x, Scalar):
        return x == 0
    return not x if not isinstance(x, Condition) else ~x


def _unequal(x: Any, y: Any) -> Any:
    return _not(ordered("eq", x, y))


def _truth(x: Any) -> Any:
    return x != 0 if isinstance(x, Scalar) else x if isinstance(x, Condition) else bool(x)


def _finite(answer: bool) -> Callable[[Any], bool]:
    def apply(x: Any) -> bool:
        if tree_of(x) is not None and isinstance(x, Scalar | Condition):
            refuse_infinite(number_tree(x))
            assume(FINITE)
            return answer
        return bool(np.isfinite(float(x))) is answer

    return apply


def _clipped(x: Any, low: Any, high: Any) -> Any:
    lower = Scalar(number_tree(x)) if low is None else larger("max", x, low)
    return lower if high is None else larger("min", lower, high)


def _both(x: Any, y: Any) -> Any:
    if isinstance(x, bool | np.bool_):
        return y if x else False
    return x & bool(y) if isinstance(y, bool | np.bool_) else x & y


def _any(x: Any, y: Any) -> Any:
    if isinstance(x, bool | np.bool_):
        return True if x else y
    return x | bool(y) if isinstance(y, bool | np.bool_) else x | y


UFUNCS: Mapping[str, Callable[..., Any]] = {
    **{name: _two(op) for name, op in {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div"}.items()},
    **{name: _larger(op) for name, op in {"maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min"}.items()},
    **{name: _one(op) for name, op in {"negative": "neg", "absolute": "abs", "fabs": "abs", "square": "square", "sqrt": "sqrt", "exp": "exp", "log": "log",
                                       "sin": "sin", "cos": "cos", "tanh": "tanh", "sign": "sign", "cbrt": "cbrt"}.items()},
    "floor": lambda x: Scalar(number_tree(x)).floor(),
    **{name: _order(op) for name, op in {"less": "lt", "less_equal": "le", "greater": "gt", "greater_equal": "ge", "equal": "eq"}.items()},
    "not_equal": _unequal,
    "power": lambda x, y: Scalar(power(number_tree(x), number_tree(y))), "float_power": lambda x, y: Scalar(power(number_tree(x), number_tree(y))),
    "floor_divide": lambda x, y: Scalar(number_tree(x)) // y, "remainder": lambda x, y: Scalar(number_tree(x)) % y,
    "positive": lambda x: x, "conjugate": lambda x: x, "reciprocal": lambda x: Scalar(operation("div", 1, number_tree(x))),
    "log1p": lambda x: Scalar(operation("log", operation("add", 1, number_tree(x)))),
    "expm1": lambda x: Scalar(operation("sub", operation("exp", number_tree(x)), 1)),
    "exp2": lambda x: Scalar(operation("pow", literal(2), number_tree(x))),
    "hypot": lambda x, y: Scalar(operation("sqrt", operation("add", operation("square", number_tree(x)), operation("square", number_tree(y))))),
    "clip": _clipped,
    "logical_not": _not, "logical_and": lambda x, y: _both(_truth(x), _truth(y)), "logical_or": lambda x, y: _any(_truth(x), _truth(y)),
    "bitwise_and": _both, "bitwise_or": _any, "invert": _not,
    "isfinite": _finite(True), "isnan": _finite(False), "isinf": _finite(False),
}  # fmt: skip
"""By the name of a ufunc, the function of its elements."""
