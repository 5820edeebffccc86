"""keras 3: its optimizers with their own keyword arguments, on JAX or torch.

keras' default format stays float32 whatever the variables are: so do most people's, and its rate is kept in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

import numpy as np

from refopt.conformance.protocol.implementation import Array, Known, Request, Snapshot
from refopt.conformance.protocol.in_process import Lacking, refuse_past_int32
from refopt.conformance.protocol.observe import comes_and_goes
from refopt.conformance.protocol.plain import encode
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.frameworks.configured import Configured, Vocabulary
from refopt.frameworks.jax_whole import as_a_whole
from refopt.frameworks.keras.backend import backend_here, keras_here, mode_of
from refopt.frameworks.keras.names import CONSTANTS, KINDS, KNOWN, VIEWS, judged_by
from refopt.frameworks.keras.not_judged import NOT_JUDGED


def known() -> list[Known]:
    """The configurations of a survey."""
    return VOCABULARY.listed() if backend_here() else []


def load(text: str, rule: str | None = None) -> Configured:
    """The optimizer spelled `text`."""
    keras_here()
    return VOCABULARY.load(text, rule)


def _compiled(function: Any) -> Any:
    import jax

    return jax.jit(function)


class Makes(Protocol):
    """Something that makes an optimizer of keyword arguments, and has those for values of hyperparameters."""

    @property
    def factory(self) -> Any:
        """The class, or what makes an optimizer."""

    def keywords(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """Its arguments for these values."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """By hyperparameter, the attribute of the same name as its argument."""


_READ: dict[tuple[Any, str], bool] = {}
"""By class and attribute, whether its updates read it."""


class Live:
    """An optimizer of keras in the middle of a run."""

    def __init__(self, of: Makes, request: Request) -> None:
        self.keras, self.format, self.of, self.hyper, self.one_value = keras_here(), request.format, of, request.hyper, request.one_value
        self.updated = [False] * len(request.theta0)
        if request.one_value and comes_and_goes(request):
            raise Lacking(Reason(Why.SUBJECT_NEEDS_EVERY_GRADIENT, of="keras, where it keeps one number for all tensors,"))
        with self.mode():
            self.params = [self.keras.Variable(self.tensor(x), dtype=self.format.name, name=f"p{i}") for i, x in enumerate(request.theta0)]
            self.optimizer = of.factory(**of.keywords(request.hyper))
            self.optimizer.build(self.params)
            whole = self.keras.config.backend() == "jax" and as_a_whole(request)
            self.compiled = _compiled(self.optimizer.stateless_apply) if whole else None
            refuse_past_int32(request, 32 if "int32" in str(self.optimizer.iterations.dtype) else 64)
            if request.load is not None:
                self.optimizer.load_own_variables(request.load.value())
                return
            self.optimizer.iterations.assign(request.t0 - 1)
            for i, buffers in enumerate(request.state0 or ()):
                own = self.own(i)
                for name, x in buffers.items():
                    own[name].assign(self.tensor(x))

    def mode(self) -> AbstractContextManager[None]:
        """Context of all that is done with it."""
        return mode_of(self.keras, self.format)

    def tensor(self, x: Array) -> Any:
        wide = np.float64 if self.format.name == "float64" else np.float32
        return self.keras.ops.convert_to_tensor(x.astype(wide), dtype=self.format.name)

    def array(self, x: Any) -> Array:
        return np.array(self.keras.ops.convert_to_numpy(x)).astype(self.format.dtype)

    def own(self, i: int) -> dict[str, Any]:
        """The optimizer's variables of a parameter, by the ends of their names, and those of one value in all, by their attributes."""
        start = f"p{i}_"
        of_one_value = {n: v for n in self.one_value if (v := getattr(self.optimizer, f"_{n}", None)) is not None}
        return {v.name.removeprefix(start): v for v in self.optimizer.variables if v.name.startswith(start)} | of_one_value

    def save(self) -> Saved:
        """Its own variables, as a saved model keeps them: the counter and the rate are among them."""
        with self.mode():
            kept: dict[str, Any] = {}
            self.optimizer.save_own_variables(kept)
            return Saved(encode({n: np.array(x) for n, x in kept.items()}), holds_rate=True)

    def change(self, values: Mapping[str, float]) -> None:
        """Set attributes of the same names as the arguments. Raises Lacking for one that its updates do not read."""
        with self.mode():
            for name, value in values.items():
                attribute = self.of.attributes.get(name, "")
                if self.compiled is not None or not self.reads(attribute):
                    raise Lacking(Reason(Why.HELD_IN_A_RUN, (name,)))
                setattr(self.optimizer, attribute, value)

    def reads(self, attribute: str) -> bool:
        """True where an update reads an attribute: measured once for each class, by two updates with another value in the second."""
        key = self.of.factory, attribute
        if key not in _READ:
            value = getattr(self.optimizer, attribute, None)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            _READ[key] = is_number and self._after_two({}) != self._after_two({attribute: value / 2 if value else 0.5})
        return _READ[key]

    def _after_two(self, changed: Mapping[str, float]) -> list[float]:
        """A parameter after two updates; these attributes have other values in the second."""
        optimizer = self.of.factory(**self.of.keywords(self.hyper))
        parameter = self.keras.Variable(np.array([1.0, -2.0]), dtype="float32")
        optimizer.build([parameter])
        for values in ({}, changed):
            for attribute, value in values.items():
                setattr(optimizer, attribute, value)
            optimizer.apply([self.keras.ops.convert_to_tensor(np.array([0.5, 0.25]), dtype="float32")])
        found: list[float] = np.array(self.keras.ops.convert_to_numpy(parameter)).tolist()
        return found

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One call of `apply`."""
        with self.mode():
            if lr is not None:
                self.optimizer.learning_rate = lr
            tensors = [None if g is None else self.tensor(g) for g in grads]
            self.updated = [was or g is not None for was, g in zip(self.updated, grads, strict=True)]
            if self.compiled is None:
                self.optimizer.apply(tensors)
                return
            params, own = self.compiled([v.value for v in self.optimizer.variables], tensors, [p.value for p in self.params])
            for variable, value in zip((*self.params, *self.optimizer.variables), (*params, *own), strict=True):
                variable.assign(value)

    def snapshot(self) -> Snapshot:
        """Copies of the variables, and the optimizer's counter."""
        with self.mode():
            seen = [{n: self.array(v) for n, v in self.own(i).items() if updated or n not in self.one_value} for i, updated in enumerate(self.updated)]
            count = int(self.optimizer.iterations.numpy())
            return Snapshot(tuple(self.array(p) for p in self.params), tuple(seen), (count,) * len(seen))


VOCABULARY = Vocabulary(
    package="keras", home="keras.optimizers", kinds=KINDS, views=VIEWS, judged_by=judged_by,
    make=lambda factory, arguments: factory(**arguments), start=Live, known=KNOWN,
    read_by="refopt.frameworks.keras.lift_optimizers", not_judged=NOT_JUDGED, constants=CONSTANTS,
)  # fmt: skip
