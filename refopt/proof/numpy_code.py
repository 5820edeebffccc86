"""NumPy-style objects with `init` and `step`, and our own generated modules: run on arrays of formulas.

Helpers that only check arguments or round (the generated modules' own, `float`) are replaced by ones that let formulas pass;
the code itself is the compiled code that a person runs.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any

from refopt.conformance.adapters.python_object import PythonObject
from refopt.conformance.live_object import keywords
from refopt.language.expression import Expression, g, literal, t, theta
from refopt.language.rule import Hyper, Rule
from refopt.proof.lifted import Lifted
from refopt.proof.paths import explore
from refopt.proof.scalar import Scalar, tree_of
from refopt.proof.symbolic_arrays import array, element, of_formulas, unchanged
from refopt.proof.symbols import facts, state_symbol, symbolic
from refopt.proof.traced import Traced
from refopt.proof.unreadable import CannotRead

ROUTE = "its own NumPy code, run on arrays of symbols"
HELPERS = "refopt.generated.numpy._arguments"


def lift(implementation: PythonObject, rule: Rule) -> Lifted:
    """The formula of an object with init and step. Raises CannotRead."""
    return _Object(implementation, rule).lifted()


class _Object:
    def __init__(self, implementation: PythonObject, rule: Rule) -> None:
        self.of, self.rule = implementation, rule
        taken = keywords(implementation.make())
        settings = dict(implementation.settings)
        open_ended = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(implementation.make().step).parameters.values())
        settings |= {h.name: float(h.value(h.default)) for h in rule.hyper if h.name not in settings and (h.name in taken or open_ended)}
        self.hyper: Mapping[str, Hyper] = symbolic(rule, settings)
        self.configured = {n: settings[n] != 0 for n in self.hyper}
        self.symbols: dict[str, Expression] = {}

    def lifted(self) -> Lifted:
        """From the start, and from any state."""
        hyper = tuple(self.hyper.values())
        initial: dict[str, Expression] = {}
        first = explore(lambda: self.updated(None, initial), facts(hyper, None), self.configured)
        later = explore(lambda: self.updated(self.symbols, {}), facts(hyper, 2), self.configured)
        state = tuple(self.symbols.values())
        names = {str(s.name): n for n, s in self.symbols.items()}
        assumed = tuple(sorted({*first.assumed, *later.assumed}))
        return Lifted(self.of.name, self.of.version, ROUTE, hyper, state, initial, first.values, later.values, assumed, names)

    def updated(self, state: Mapping[str, Expression] | None, initial: dict[str, Expression]) -> dict[str, Expression]:
        """theta and the state after an update: from what init gives (noted in `initial`), or from this state."""
        made = self.of.make()
        parameter, gradient = array(theta), array(g)
        if state is None:
            buffers = {n: of_formulas(x) for n, x in dict(symbolic_call(made.init)(parameter) or {}).items()}
            self.symbols = {n: state_symbol(self.rule, n, self.of.views) for n in buffers}
            initial.update({str(self.symbols[n].name): element(x, n) for n, x in buffers.items()})
        else:
            buffers = {n: array(s) for n, s in state.items()}
        counter = 1 if state is None else Scalar(t)
        hyper = {n: Scalar(h.symbol) for n, h in self.hyper.items()}
        after, kept = symbolic_call(made.step)(parameter, gradient, buffers, counter, **hyper)
        if not unchanged([(gradient, g)]):
            raise CannotRead("the code changes the gradient that it is given")
        if set(kept) != set(self.symbols):
            raise CannotRead("the state has other names after an update than before it")
        return {"theta": element(after, "theta"), **{str(self.symbols[n].name): element(x, n) for n, x in kept.items()}}


def symbolic_call(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with helpers that let formulas pass, where it is Python code; its instructions stay what they are."""
    code = inspect.unwrap(function)
    if not inspect.isfunction(code) and not inspect.ismethod(code):
        return function
    plain: Any = code.__func__ if inspect.ismethod(code) else code
    space = {n: _HELPERS.get(n, x) if getattr(x, "__module__", None) == HELPERS else x for n, x in plain.__globals__.items()}
    space |= {"float": _passing(float), "int": _passing(int)} | ({"math": MATH} if "math" in space else {})
    made = types.FunctionType(plain.__code__, space, plain.__name__, plain.__defaults__, plain.__closure__)
    made.__kwdefaults__ = plain.__kwdefaults__
    return types.MethodType(made, code.__self__) if inspect.ismethod(code) else made


def _passing(kind: type) -> Callable[..., Any]:
    """`float` or `int`, which leave a symbol as it is: a whole number stays one."""
    return lambda x=0: x if _is_symbol(x) and (kind is float or _is_whole(x)) else kind(x)


def _is_symbol(x: Any) -> bool:
    return isinstance(x, Scalar | Traced) or hasattr(x, "aval")


def _is_whole(x: Any) -> bool:
    return bool(x.is_integer()) if isinstance(x, Scalar | Traced) else str(x.dtype).startswith("int")


def _arrays(given: Mapping[str, Any], state: Mapping[str, Any] | None = None, *names: str) -> tuple[Any, ...]:
    every = {**given, **(state or {})}
    if sorted(state or {}) != sorted(names):
        raise ValueError(f"the state has {', '.join(state or {})}; the rule keeps {', '.join(names)}")
    return tuple(every[n] for n in (*given, *names))


def _same(*values: Any) -> Any:
    return values


_HELPERS: dict[str, Any] = {
    "arrays": _arrays, "counter": lambda value, first: value, "floats": _same, "integers": _same, "rounder": lambda dtype: lambda x: x,
    "power": lambda base, exponent: base**exponent,
}  # fmt: skip
"""The generated modules' helpers: what they check is checked elsewhere, and rounding is nothing to an exact number. `power` is
repeated squaring, whose loop keeps result * factor^left = base^exponent at every turn: it is the power for every whole exponent."""


def _math(op: str) -> Callable[[Any], Any]:
    def apply(x: Any) -> Any:
        tree = tree_of(x)
        if tree is None:
            raise CannotRead(f"math.{op} of a {type(x).__name__}")
        return getattr(Scalar(tree), op)()

    return apply


class _Math:
    """The standard library's `math` for formulas."""

    def __init__(self) -> None:
        from refopt.language.expression import pi

        self.pi = Scalar(pi)

    def __getattr__(self, name: str) -> Any:
        if name in ("sqrt", "exp", "log", "cos", "sin", "tanh", "floor"):
            return _math(name)
        if name in ("pow",):
            return lambda x, y: Scalar(tree_of(x) or literal(0)) ** y
        raise CannotRead(f"math.{name} of a value that depends on symbols")


MATH = _Math()
