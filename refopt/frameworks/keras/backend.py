"""keras on the backend that is there: the person's choice, else JAX, else torch."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from refopt.conformance.protocol.in_process import quiet
from refopt.errors import RefoptError
from refopt.frameworks.installed import is_installed, not_installed
from refopt.frameworks.jax_mode import jax_mode
from refopt.rounding.formats import Format

BACKENDS = ("jax", "torch")
VARIABLE = "KERAS_BACKEND"


def backend_here() -> str:
    """The first backend that is installed; "" where none is."""
    return next((b for b in BACKENDS if is_installed(b)), "")


@contextlib.contextmanager
def own_choice() -> Iterator[None]:
    """Context in which a person's module is imported: keras, where it imports it, finds a backend that is installed, unless the person has chosen one."""
    if os.environ.get(VARIABLE) is not None or "keras" in sys.modules or not is_installed("keras") or is_installed("tensorflow") or not backend_here():
        yield
        return
    os.environ[VARIABLE] = backend_here()
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)


def keras_here() -> Any:
    """The package, imported with a backend that is installed. The environment stays as it is.

    Raises RefoptError where keras, or each of the backends, is missing, or the person runs it on another one.
    """
    if not is_installed("keras"):
        raise not_installed("keras")
    chosen = os.environ.get(VARIABLE)
    if chosen is None:
        if not backend_here():
            raise RefoptError("keras has no backend here", help=f"pip install {' or '.join(BACKENDS)}")
        os.environ[VARIABLE] = backend_here()
    try:
        with quiet():
            import keras
    except Exception:
        raise RefoptError(
            f"keras cannot be imported with {VARIABLE}={chosen or backend_here()}", help=f"there are adapters for {' and '.join(BACKENDS)}"
        ) from None
    finally:
        if chosen is None:
            del os.environ[VARIABLE]
    if keras.backend.backend() not in BACKENDS:
        raise RefoptError(f"keras runs on {keras.backend.backend()} here", help=f"set {VARIABLE} to {' or '.join(BACKENDS)}")
    return keras


def mode_of(keras: Any, f: Format) -> contextlib.AbstractContextManager[None]:
    """Context of a run of keras in this format: it sets what the backend needs."""
    return jax_mode(f) if keras.backend.backend() == "jax" else contextlib.nullcontext()


@contextlib.contextmanager
def in_binary64(f: Format) -> Iterator[None]:
    """The same, with keras' own default format set to this one: what makes its schedules compute in it."""
    keras = keras_here()
    before = keras.config.floatx()
    keras.config.set_floatx(f.name)
    try:
        with mode_of(keras, f):
            yield
    finally:
        keras.config.set_floatx(before)
