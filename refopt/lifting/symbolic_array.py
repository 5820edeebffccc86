"""The class of NumPy arrays of formulas: object arrays whose elements do their own arithmetic, of a class that says which element stands where.

Every element has symbols of its own. Comparisons, choices and what NumPy would ask elements one by one (the larger of two, a sign)
become parts of the formulas instead of decisions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.lifting.frame import asked, current
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.passing import Passing
from refopt.lifting.scalar import Condition, Scalar, number_tree
from refopt.lifting.ufuncs import UFUNCS
from refopt.lifting.unreadable import CannotRead

ELEMENT_BY_ELEMENT = frozenset({
    "where", "zeros_like", "ones_like", "empty_like", "full_like", "copy", "copyto", "clip", "real", "imag", "asarray", "shape", "ndim", "size",
    "result_type", "can_cast", "may_share_memory", "shares_memory", "iscomplexobj", "isrealobj", "broadcast_arrays", "atleast_1d", "square", "i0", "sinc",
})  # fmt: skip
"""Functions of NumPy that do the same to every element, or say themselves what they ask."""


def _in_memory(name: str) -> Any:
    """A property of how the elements lie in memory, which no formula says; that it was asked is noted."""

    def said(x: Any) -> Any:
        asked(Look.MEMORY)
        return getattr(np.asarray(x), name)

    return property(said)


class SymbolicArray(np.ndarray):
    """An array of formulas. It says it is of the format of the current frame; that it was asked is noted."""

    def __array_finalize__(self, other: Any) -> None:
        """Nothing is kept beside the elements."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, where: Any = True, **keywords: Any) -> Any:
        plain = [np.asarray(x) if isinstance(x, SymbolicArray) else x for x in inputs]
        if method != "__call__":
            given = {} if out is None else {"out": tuple(np.asarray(o) if isinstance(o, SymbolicArray) else o for o in out)}
            return _seen(getattr(ufunc, method)(*plain, **given, **({} if where is True else {"where": where}), **keywords))
        if (kept := keywords.get("dtype")) is not None:
            refuse_narrow(kept)
        function = UFUNCS.get(ufunc.__name__)
        if function is None:
            raise CannotRead(Obstacle.NUMPY_OF_A_VALUE, ufunc.__name__)
        target = None if out is None else out[0]
        if where is not True:
            if target is None:
                raise CannotRead(Obstacle.NUMPY_WHERE_WITHOUT_OUT, ufunc.__name__)
            old = np.array(target, dtype=object)
            result = _mapped(lambda c, new, o: _chosen(c, new, o), where, _mapped(function, *plain), old)
        else:
            result = _mapped(function, *plain)
        if target is None:
            return _seen(result)
        np.asarray(target)[...] = result
        return target

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        name = function.__name__
        if name == "where" and len(args) == 3 and not keywords:
            return _seen(_mapped(_chosen, *(np.asarray(a, dtype=object) for a in args)))
        if name in ("norm", "dot", "vdot", "inner", "matmul", "einsum", "tensordot", "sort", "argsort", "median", "std", "var"):
            raise CannotRead(Obstacle.NUMPY_JOINS, name)
        if name in ("isclose", "allclose", "array_equal", "round", "around", "nan_to_num", "array2string", "array_repr", "array_str", "save", "savetxt"):
            raise CannotRead(Obstacle.NUMPY_OF_VALUES, name)
        if name not in ELEMENT_BY_ELEMENT:
            asked(Look.SHAPE)
        try:
            return _seen(super().__array_function__(function, types, args, keywords))
        except CannotRead:
            raise
        except Exception as error:  # code may catch it, and would go on as it never does with numbers
            raise CannotRead(Obstacle.NUMPY_RAISED, name, type(error).__name__) from error

    def __setitem__(self, key: Any, value: Any) -> None:
        if _is_condition(key):
            key = np.broadcast_to(np.asarray(key, dtype=object), self.shape)
            np.asarray(self)[...] = _mapped(_chosen, key, np.asarray(value, dtype=object), np.array(self, dtype=object))
            return
        _note_places(key)
        super().__setitem__(key, value)

    def __getitem__(self, key: Any) -> Any:
        if _is_condition(key):
            raise CannotRead(Obstacle.PICKED_BY_A_COMPARISON)
        _note_places(key)
        return super().__getitem__(key)

    def __bool__(self) -> bool:
        return bool(np.asarray(self))

    def astype(self, dtype: Any, *args: Any, **keywords: Any) -> Any:
        """The same formulas, where the format is float64 or the array's own."""
        refuse_narrow(dtype)
        return self.copy()

    def __str__(self) -> str:
        asked(Look.TEXT)
        return super().__str__()

    def __repr__(self) -> str:
        asked(Look.TEXT)
        return super().__repr__()

    def __format__(self, how: str) -> str:
        asked(Look.TEXT)
        return super().__format__(how)

    def __len__(self) -> int:
        asked(Look.SHAPE)
        return super().__len__()

    def __iter__(self) -> Any:
        asked(Look.SHAPE)
        return super().__iter__()

    def tolist(self) -> Any:
        """The elements as lists; how many there are shows."""
        asked(Look.SHAPE)
        return super().tolist()

    @property
    def flat(self) -> Any:
        """The elements one after another; how many there are shows."""
        asked(Look.SHAPE)
        return np.asarray(self).flat

    def view(self, *kinds: Any, **keywords: Any) -> Any:
        """The same elements. Raises CannotRead for any other kind of view."""
        if keywords or any(kind not in (np.ndarray, SymbolicArray) for kind in kinds):
            raise CannotRead(Obstacle.LOOKED_AT_OTHERWISE)
        return super().view(SymbolicArray)

    def _no_bytes(self, *others: Any, **keywords: Any) -> Any:
        raise CannotRead(Obstacle.BYTES)

    tobytes = tofile = dump = dumps = byteswap = getfield = setfield = __reduce__ = __reduce_ex__ = _no_bytes

    @property
    def nbytes(self) -> int:
        """The bytes of the elements in the format that the frame says."""
        asked(Look.SHAPE)
        asked(Look.DTYPE)
        return int(np.dtype(current().dtype).itemsize) * int(np.asarray(self).size)

    @property
    def dtype(self) -> Any:
        """The format that the frame says."""
        asked(Look.DTYPE)
        return Reported(current().dtype)

    @property
    def itemsize(self) -> int:
        """Bytes of an element in the format that the frame says."""
        asked(Look.DTYPE)
        return int(np.dtype(current().dtype).itemsize)

    flags, strides, base = (_in_memory(name) for name in ("flags", "strides", "base"))

    @property
    def size(self) -> int:
        """The number of elements."""
        asked(Look.SHAPE)
        return int(np.asarray(self).size)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        asked(Look.SHAPE)
        return int(np.asarray(self).ndim)

    @property  # type: ignore[misc]
    def shape(self) -> Any:
        """The shape; that it is looked into is noted, not that an array is made of it."""
        return Seen(np.asarray(self).shape)


class Seen(tuple):  # type: ignore[type-arg]
    """A shape that notes that Python code looks into it."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        asked(Look.SHAPE)
        return super().__getitem__(key)

    def __iter__(self) -> Any:
        asked(Look.SHAPE)
        return super().__iter__()

    def __len__(self) -> int:
        asked(Look.SHAPE)
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        asked(Look.SHAPE)
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        asked(Look.SHAPE)
        return super().__ne__(other)

    def __contains__(self, x: object) -> bool:
        asked(Look.SHAPE)
        return super().__contains__(x)

    def __repr__(self) -> str:
        asked(Look.SHAPE)
        return super().__repr__()

    def __add__(self, other: Any) -> Any:
        return Seen(super().__add__(other))

    def __radd__(self, other: Any) -> Any:
        return Seen(other + tuple.__add__(self, ()))

    def __mul__(self, times: Any) -> Any:
        return Seen(super().__mul__(times))

    def index(self, *given: Any) -> int:
        """Place of the first axis of this length."""
        asked(Look.SHAPE)
        return super().index(*given)

    def count(self, x: Any) -> int:
        """Number of axes of this length."""
        asked(Look.SHAPE)
        return super().count(x)

    __hash__ = tuple.__hash__


class Reported:
    """The format that an array says it is of. Arrays that are made of it hold formulas."""

    dtype = np.dtype(object)

    def __init__(self, name: str) -> None:
        self._says = np.dtype(name)

    def __eq__(self, other: object) -> bool:
        return bool(self._says == (other._says if isinstance(other, Reported) else other.kind if isinstance(other, Passing) else other))

    def __hash__(self) -> int:
        return hash(self._says)

    def __str__(self) -> str:
        return str(self._says)

    __repr__ = __str__

    @property
    def type(self) -> Any:
        """The type of one number, through which formulas pass: rounding is nothing to an exact number."""
        return Passing(self._says.name, self._says.type)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._says, name)


def refuse_narrow(dtype: Any) -> None:
    """Raises CannotRead for a format that is neither binary64 nor the one that arrays say they are of."""
    if isinstance(dtype, Reported) or dtype is object or dtype is None:
        return
    made = np.dtype(dtype.kind if isinstance(dtype, Passing) else dtype)
    if made not in (np.dtype(object), np.dtype(np.float64), np.dtype(current().dtype)):
        raise CannotRead(Obstacle.CHANGE_OF_FORMAT, made)


def _note_places(key: Any) -> None:
    """Note that places are picked, where it is not all of them."""
    if not all(k is None or k is Ellipsis or (isinstance(k, slice) and k == slice(None)) for k in (key if isinstance(key, tuple) else (key,))):
        asked(Look.SHAPE)


def _is_condition(key: Any) -> bool:
    return isinstance(key, Condition) or (isinstance(key, np.ndarray) and np.asarray(key).dtype == object and any(isinstance(x, Condition) for x in key.flat))


def _mapped(function: Callable[..., Any], *operands: Any) -> Any:
    """The function of every element, operands broadcast."""
    arrays = np.broadcast_arrays(*(np.asarray(_boxed(x), dtype=object) for x in operands))
    found = np.empty(arrays[0].shape, dtype=object)
    for index in np.ndindex(found.shape):
        found[index] = function(*(a[index] for a in arrays))
    return found


def _boxed(x: Any) -> Any:
    if isinstance(x, Scalar | Condition):
        box = np.empty((), dtype=object)
        box[()] = x
        return box
    return x


def _seen(x: Any) -> Any:
    return x.view(SymbolicArray) if type(x) is np.ndarray and x.dtype == object else x


def _chosen(condition: Any, then: Any, otherwise: Any) -> Any:
    if isinstance(condition, Scalar):
        condition = condition != 0
    if not isinstance(condition, Condition):
        return then if condition else otherwise
    return Scalar(condition.choose(number_tree(then), number_tree(otherwise)))


# ---- what ufuncs do to elements ---------------------------------------------------------------------------------------
