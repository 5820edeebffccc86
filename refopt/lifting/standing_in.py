"""Substitutes for `math` and `numpy` in copies of foreign functions, so that formulas pass through them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from refopt.language.expression import pi
from refopt.lifting.assumption import FINITE
from refopt.lifting.frame import asked, current
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.passing import Passing, is_symbol, stands_for
from refopt.lifting.paths import assume, refuse_infinite
from refopt.lifting.scalar import Scalar, number_tree, tree_of
from refopt.lifting.symbolic_array import Reported, Seen, SymbolicArray, refuse_narrow
from refopt.lifting.symbolic_arrays import of_formulas
from refopt.lifting.unreadable import CannotRead

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
            if name in ("isfinite", "isnan", "isinf") and len(args) == 1:
                refuse_infinite(number_tree(args[0]))
                assume(FINITE)
                return name == "isfinite"
            if name == "pow":
                return Scalar(number_tree(args[0])) ** args[1]
            raise CannotRead(Obstacle.MATH_FUNCTION, name)

        return apply


class _Numpy:
    """NumPy, whose new arrays can hold formulas, and whose binary64 numbers let formulas pass."""

    float64 = double = Passing("float64", np.float64)

    def __getattr__(self, name: str) -> Any:
        return _MADE.get(name) or getattr(np, name)


def _converted(name: str) -> Callable[..., Any]:
    plain = getattr(np, name)

    def apply(x: Any, dtype: Any = None, **keywords: Any) -> Any:
        if type(x) is Seen:
            asked(Look.SHAPE)
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
        refuse_narrow(dtype)
        return of_formulas(plain(shape, *(Scalar(number_tree(v)) if tree_of(v) is not None else v for v in values), dtype=object))

    return apply


def _of_formats(name: str) -> Callable[..., Any]:
    plain = getattr(np, name)

    def said(x: Any) -> Any:
        if type(x) is SymbolicArray:
            x = x.dtype
        if isinstance(x, Reported):
            return np.dtype(str(x))
        return x.kind if isinstance(x, Passing) else current().number.value if type(x) is Scalar else x

    return lambda *args, **keywords: plain(*map(said, args), **{n: said(x) for n, x in keywords.items()})


_MADE: Mapping[str, Any] = {
    **{n: _of_formats(n) for n in ("finfo", "issubdtype", "result_type", "promote_types", "can_cast", "dtype")},
    **{n: _converted(n) for n in ("array", "asarray", "asanyarray", "ascontiguousarray")},
    **{n: _filled(n) for n in ("zeros", "ones", "empty", "full")},
}
MATH = _Math()
NUMPY = _Numpy()
STANDING_IN: Mapping[ModuleType, Any] = {math: MATH, np: NUMPY}
"""By module: what stands in its place."""
_FROM = {id(x): getattr(place, n) for place, module in ((MATH, math), (NUMPY, np)) for n, x in vars(module).items()
         if n in (*_MADE, "float64", "double") or (place is MATH and not n.startswith("_"))}  # fmt: skip


def standing_in(x: Any) -> Any:
    """Substitute for a module, or for something that was imported from one; else the thing itself."""
    if isinstance(x, ModuleType):
        return STANDING_IN.get(x, x)
    return _FROM.get(id(x), x)
