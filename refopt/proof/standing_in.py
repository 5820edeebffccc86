"""What stands in the place of `math` and of `numpy` in copies of foreign functions, so that formulas pass through them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from refopt.language.expression import pi
from refopt.proof.passing import Passing, is_symbol, stands_for
from refopt.proof.scalar import Scalar, number_tree, tree_of
from refopt.proof.symbolic_array import SymbolicArray, refuse_narrow
from refopt.proof.symbolic_arrays import of_formulas
from refopt.proof.unreadable import CannotRead

stands_for("SymbolicArray", np.ndarray)


class _Math:
    """The standard library's `math` for formulas; of plain numbers it is the library's own."""

    pi = Scalar(pi)

    def __getattr__(self, name: str) -> Any:
        plain = getattr(math, name)
        if not callable(plain):
            return plain

        def apply(*args: Any) -> Any:
            if not any(is_symbol(a) for a in args):
                return plain(*args)
            if name in ("sqrt", "exp", "log", "cos", "sin", "tanh", "floor", "fabs") and len(args) == 1:
                return getattr(Scalar(number_tree(args[0])), {"fabs": "abs"}.get(name, name))()
            if name == "pow":
                return Scalar(number_tree(args[0])) ** args[1]
            raise CannotRead(f"math.{name} of a value that depends on symbols")

        return apply


class _Numpy:
    """NumPy, whose new arrays can hold formulas, and whose binary64 numbers let formulas pass."""

    float64 = double = Passing("float64", np.float64)

    def __getattr__(self, name: str) -> Any:
        return _MADE.get(name) or getattr(np, name)


def _converted(name: str) -> Callable[..., Any]:
    plain = getattr(np, name)

    def apply(x: Any, dtype: Any = None, **keywords: Any) -> Any:
        if type(x) is SymbolicArray:
            refuse_narrow(dtype)
            return x.copy() if name == "array" else x
        if is_symbol(x) or (isinstance(x, list | tuple) and any(is_symbol(a) or type(a) is SymbolicArray for a in x)):
            refuse_narrow(dtype)
            return of_formulas(x)
        return plain(x, **({} if dtype is None else {"dtype": dtype.kind if isinstance(dtype, Passing) else dtype}), **keywords)

    return apply


def _filled(name: str) -> Callable[..., Any]:
    plain = getattr(np, name)

    def apply(shape: Any, *args: Any, dtype: Any = None, **keywords: Any) -> Any:
        *values, dtype = (*args, dtype) if name == "full" or not args else (args[0],) if dtype is None else (dtype,)
        if dtype is not None and np.dtype(dtype.kind if isinstance(dtype, Passing) else dtype).kind not in "fO":
            return plain(shape, *values, dtype=dtype, **keywords)
        return of_formulas(plain(shape, *(Scalar(number_tree(v)) if tree_of(v) is not None else v for v in values), dtype=object))

    return apply


_MADE: Mapping[str, Any] = {
    **{n: _converted(n) for n in ("array", "asarray", "asanyarray", "ascontiguousarray")},
    **{n: _filled(n) for n in ("zeros", "ones", "empty", "full")},
}
MATH = _Math()
STANDING_IN: Mapping[ModuleType, Any] = {math: MATH, np: _Numpy()}
"""By module: what stands in its place."""
