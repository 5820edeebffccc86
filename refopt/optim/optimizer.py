"""Base of every optimizer of refopt.optim: parameters that a step changes in place, on one of two engines with the same bits."""

from __future__ import annotations

import inspect
import operator
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

import numpy as np

from refopt.errors import OutsideDomain, RefoptError
from refopt.optim import arrays, further_inputs
from refopt.optim.arrays import Array, Arrays, Key, Occupied, Parameter
from refopt.optim.compiler import NotCompiled
from refopt.optim.notice import notice
from refopt.optim.numpy_engine import Further, NumpyEngine
from refopt.optim.plans import Plan, hyperparameters, names_of_inputs, one_value, plan, refuse_outside
from refopt.optim.threads import available

ENGINES = ("auto", "numpy", "c")
FORMAT = "refopt.optim/1"
LAST = 2**63 - 1
"""Updates that can be counted: C has 64 bits for them."""


class Engine(Protocol):
    """Carries out updates."""

    name: str

    def step(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None], further: Further = ()) -> None:
        """Update number t of every parameter that has a gradient. `further`: what it is given beside that, one row an input."""


Scheduled = Callable[[int], float] | Mapping[str, Callable[[int], float]]
"""A function of the step: the learning rate's, or those of several hyperparameters by name."""


class Optimizer:
    """An optimizer of one rule; `Adam`, `SGD` ... are its subclasses.

    params    an array, a list of arrays or a dict of them: changed in place by `step`
    variant   another form of the rule: `Adam(params, variant="eps_hat")`; `refopt list variants`
    schedule  the learning rate of step k = 0, 1, 2, ...: a function, or what `schedule(name)` makes; of several hyperparameters,
              functions by name: `{"lr": rates, "momentum": lambda k: max(0.85, 0.95 - k / 1000)}`
    engine    `c`: compiled on first use; `numpy`; `auto`: C where it can be compiled, with the same bits
    threads   how many at most; one for each processor where nothing is said
    **hyper   hyperparameters, named as in the formula

    >>> theta = np.array([1.0, -2.0])
    >>> optimizer("momentum")(theta, lr=0.5, engine="numpy").step(np.array([1.0, 1.0]))
    >>> theta.tolist()
    [0.5, -2.5]
    """

    family: ClassVar[str] = ""

    def __init__(
        self, params: Arrays, *, variant: str | None = None, schedule: Scheduled | None = None, engine: str = "auto",
        threads: int | None = None, **hyper: float,
    ) -> None:  # fmt: skip
        self._code: Plan = plan(f"{self.family}/{variant}" if variant is not None else self.family)
        self._hyper = hyperparameters(self._code, hyper)
        refuse_outside(self._code, self._hyper)
        by_name = schedule if isinstance(schedule, Mapping) else {} if schedule is None else {"lr": schedule}
        if uncalled := [x for x in by_name.values() if not callable(x)]:
            raise RefoptError(f"schedule = {uncalled[0]!r} cannot be called", help="hand in a function of k = 0, 1, 2, ...")
        hyperparameters(self._code, {**self._hyper, **dict.fromkeys(by_name, 0)})  # each name is one of its hyperparameters
        self.schedule = schedule
        self._by_name = by_name
        self._t = 0
        self._turn = threading.Lock()
        self._is_torn = False
        self._inputs = names_of_inputs(self._code)
        self._parameters = arrays.parameters(params)
        for p in self._parameters:
            p.state = {name: np.empty_like(p.theta) for name in self._code.STATE}
            p.kept = dict(one_value(self._code))
            self._code.init(p.theta, *p.state.values(), *(self._hyper[h] for h in self._code.INITIAL))
        self._by_key = {p.key: p for p in self._parameters}
        self._copied = [p for p in self._parameters if p.is_copied and p.array.size]
        self._occupied = Occupied([x for p in self._parameters for x in (p.array, p.theta, *p.state.values())])
        self._engine = _engine(engine, self._code, self._parameters, _threads(threads))

    @property
    def rule(self) -> str:
        """The name of the formula."""
        return self._code.RULE

    @property
    def engine(self) -> str:
        """The engine in use: `c`, `numpy`, or `c+numpy` where some parameters are in a format that there is no C for."""
        return self._engine.name

    @property
    def t(self) -> int:
        """Number of updates so far."""
        return self._t

    @property
    def params(self) -> dict[Key, Array]:
        """The parameters by their names, or by their places in the list."""
        return {p.key: p.array for p in self._parameters}

    @property
    def state(self) -> dict[Key, dict[str, Array]]:
        """Read-only views of the state of each parameter."""
        return {
            p.key: {name: _read_only(x) for name, x in {**{n: a.reshape(p.array.shape) for n, a in p.state.items()}, **_as_arrays(p)}.items()}
            for p in self._parameters
        }

    @property
    def hyper(self) -> Mapping[str, float]:
        """The hyperparameters in force; `set` changes them."""
        return MappingProxyType(self._hyper)

    def set(self, **hyper: float) -> None:
        """Change hyperparameters from the next update on. Raises UnknownName, OutsideDomain; then nothing is changed."""
        changed = hyperparameters(self._code, {**self._hyper, **hyper})
        refuse_outside(self._code, changed)
        self._hyper = changed

    def step(self, grads: Any, **inputs: Any) -> None:
        """One update with the gradients at the parameters, handed in as the parameters were; None leaves a parameter as it is.

        `inputs`: by name what the rule is given beside the gradients (a noise, a diagonal of the Hessian), handed in as they are.
        Raises RefoptError before anything is changed, also where another thread is in a step. An update that is interrupted half way
        (by a person, for want of memory) is the last one until `load_state_dict`.
        """
        if not self._turn.acquire(blocking=False):  # not _alone, which costs a fourth of a small step
            raise _busy()
        try:
            self._update(grads, inputs)
        finally:
            self._turn.release()

    def _update(self, grads: Any, inputs: Mapping[str, Any]) -> None:
        if self._is_torn:
            self._refuse_torn()
        gradients = self._gradients(grads)
        given = further_inputs.handed_in(self.rule, self._inputs, inputs, self._by_key, gradients) if inputs or self._inputs else ()
        further = [self._laid_out(x) for x in given] if given else ()
        hyper = self._hyper if self.schedule is None else self._scheduled()
        self._is_torn = True
        for p in self._copied:
            np.copyto(p.theta.reshape(p.array.shape), p.array)
        self._engine.step(self._t + 1, hyper, gradients, further)
        for p in self._copied:
            np.copyto(p.array, p.theta.reshape(p.array.shape))
        self._t += 1
        self._is_torn = False

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._turn.acquire(blocking=False):
            raise _busy()
        try:
            yield
        finally:
            self._turn.release()

    def _refuse_torn(self) -> None:
        if self._is_torn:
            raise RefoptError(
                f"update {self._t + 1} was interrupted half way: parameters and state may be changed in part",
                help="restore both: the parameters, and the state with load_state_dict",
            )

    def _gradients(self, grads: Any) -> list[Array | None]:
        given = arrays.named(grads, "gradients")
        if given.keys() != self._by_key.keys():
            raise RefoptError(
                f"gradients of {_listed(given)}; the parameters are {_listed(self._by_key)}",
                help="hand them in as the parameters were, None where there is none",
            )
        return self._laid_out(given)

    def _laid_out(self, given: Mapping[Key, Any]) -> list[Array | None]:
        """Arrays of the parameters as an engine reads them."""
        found: list[Array | None] = []
        for p in self._parameters:
            if not p.array.flags.writeable:
                raise RefoptError(f"parameter {p.key!r} has become read-only", help="parameters are changed in place")
            g = given[p.key]
            found.append(None if g is None else arrays.gradient(g, p, self._occupied))
        return found

    def _scheduled(self) -> dict[str, float]:
        hyper = hyperparameters(self._code, {**self._hyper, **{name: value(self._t) for name, value in self._by_name.items()}})
        refuse_outside(self._code, hyper)
        return hyper

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next update depends on but the parameters and the schedule: copies, in plain containers."""
        with self._alone():
            self._refuse_torn()
            state = {p.key: {**{name: x.reshape(p.array.shape).copy() for name, x in p.state.items()}, **_as_arrays(p)} for p in self._parameters}
            return {"format": FORMAT, "rule": self.rule, "fingerprint": self._code.FINGERPRINT, "t": self._t, "hyper": dict(self._hyper), "state": state}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave. Raises RefoptError for another rule, parameter, shape or format; then nothing is changed."""
        if not isinstance(saved, Mapping) or not _is_text(saved.get("format"), FORMAT):
            raise RefoptError("this is no state of refopt.optim", help="hand in what state_dict() returned")
        if lacking := [name for name in ("rule", "fingerprint", "t", "hyper", "state") if name not in saved]:
            raise RefoptError(f"the state lacks {', '.join(lacking)}", help="hand in what state_dict() returned")
        if not (_is_text(saved["rule"], self.rule) and _is_text(saved["fingerprint"], self._code.FINGERPRINT)):
            theirs = _told(saved["rule"]) if not _is_text(saved["rule"], self.rule) else f"another formula of {self.rule}"
            raise RefoptError(
                f"the state is of {theirs}, this optimizer is {self.rule}",
                help="load it into an optimizer made with the same class, variant and version",
            )
        try:
            t = operator.index(saved["t"])
        except TypeError:
            t = -1
        if not 0 <= t < LAST or isinstance(saved["t"], bool):
            raise RefoptError(f"the state has t = {_told(saved['t'])}, which counts no updates", help="hand in what state_dict() returned")
        if not isinstance(saved["hyper"], Mapping) or saved["hyper"].keys() != self._hyper.keys():
            told = f"the state has the hyperparameters {_listed(saved['hyper'])}; {self.rule} has {_listed(self._hyper)}"
            raise RefoptError(told, help="hand in what state_dict() returned")
        hyper = hyperparameters(self._code, saved["hyper"])
        refuse_outside(self._code, hyper)
        given = saved["state"]
        if not isinstance(given, Mapping) or given.keys() != self._by_key.keys():
            raise RefoptError(
                f"the state is of {_listed(given)}; the parameters are {_listed(self._by_key)}",
                help="make the optimizer with the same parameters, in the same order or under the same names",
            )
        new = [(p.state[name], _saved(p, name, given[p.key])) for p in self._parameters for name in self._code.STATE]
        numbers = [{name: _saved_number(p, name, start, given[p.key]) for name, start in one_value(self._code).items()} for p in self._parameters]
        with self._alone():
            self._is_torn = True
            for target, values in new:
                np.copyto(target, values)
            for p, kept in zip(self._parameters, numbers, strict=True):
                p.kept = kept
            self._t, self._hyper = t, hyper
            self._is_torn = False

    def __repr__(self) -> str:
        hyper = ", ".join(f"{name}={value!r}" for name, value in self._hyper.items())
        return f"{type(self).__name__}({self.rule}: {hyper}; {len(self._parameters)} parameters, t={self._t}, engine {self.engine})"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise RefoptError(f"{type(self).__name__} cannot be copied or pickled: it changes the parameters it was made with", help="save state_dict()")


EXAMPLE = """\
>>> import numpy
>>> from refopt.optim import {name}
>>> theta = numpy.ones(3)
>>> optimizer = {name}(theta, engine="numpy")
>>> for _ in range(2):
...     optimizer.step(numpy.full(3, 0.5){more})
>>> bool((theta < 1).all())
True"""
"""The example in the docstring of every class: steps against a positive gradient, of which some rules take none at first."""


def optimizer(name: str) -> type[Optimizer]:
    """The class of a rule. Raises UnknownName.

    >>> optimizer("adam").__name__
    'Adam'
    """
    code = plan(name)
    keyword = inspect.Parameter.KEYWORD_ONLY
    common = list(inspect.signature(Optimizer.__init__).parameters.values())[1:-1]
    own = [inspect.Parameter(h, keyword, default=x, annotation=type(x).__name__) for h, x in code.HYPER.items()]
    formula = str(code.__doc__).partition("\n`update`")[0].rstrip()
    more = "".join(f", {one}=numpy.zeros(3)" for one in names_of_inputs(code))
    told = f"{formula}\n\n{EXAMPLE.format(name=class_name(name), more=more)}\n\nSee Optimizer for the other arguments."
    return type(
        class_name(name), (Optimizer,), {
            "family": name, "__doc__": told, "__module__": "refopt.optim",
            "__signature__": inspect.Signature([common[0], *own, *common[1:]]),
        },
    )  # fmt: skip


_SPELLED = {"sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW", "amsgrad": "AMSGrad"}
"""Names that people do not write as words."""


def class_name(name: str) -> str:
    """The class of a rule: `Adam` for `adam`."""
    return _SPELLED.get(name) or "".join(word[:1].upper() + word[1:] for word in name.replace("/", "_").split("_"))


class _Both:
    """C where there is C for the format, NumPy for the other parameters."""

    name = "c+numpy"

    def __init__(self, engines: Sequence[Engine]) -> None:
        self.engines = engines

    def step(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None], further: Further = ()) -> None:
        for engine in self.engines:
            engine.step(t, hyper, gradients, further)


def _engine(wanted: str, code: Plan, parameters: Sequence[Parameter], threads: int) -> Engine:
    if not isinstance(wanted, str) or wanted not in ENGINES:
        raise RefoptError(f"engine {_told(wanted)!r} is unknown", help=f"known: {', '.join(ENGINES)}")
    from refopt.optim.c_engine import FORMATS, CEngine

    other = [p for p in parameters if p.theta.dtype.name not in FORMATS]
    if wanted == "c" and other:
        told = f"engine c: parameter {other[0].key!r} has dtype {other[0].theta.dtype}; there is C for {' and '.join(FORMATS)}"
        raise RefoptError(told, help="engine='auto' takes the NumPy engine for the others")
    if wanted == "numpy" or len(other) == len(parameters):
        return NumpyEngine(code, parameters, threads)
    try:
        engine = CEngine(code, parameters, threads)
    except NotCompiled as error:
        if wanted == "c":
            raise RefoptError(f"engine c: {error}", help="engine='numpy' gives the same bits") from None
        notice(f"refopt.optim: {error}; the NumPy engine runs instead, with the same bits")
        return NumpyEngine(code, parameters, threads)
    return _Both([engine, _OnlySome(code, parameters, other, threads)]) if other else engine


class _OnlySome(NumpyEngine):
    """The NumPy engine on some of the parameters."""

    def __init__(self, code: Plan, parameters: Sequence[Parameter], chosen: Sequence[Parameter], threads: int) -> None:
        super().__init__(code, chosen, threads)
        self.places = [next(i for i, q in enumerate(parameters) if q is p) for p in chosen]

    def step(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None], further: Further = ()) -> None:
        super().step(t, hyper, [gradients[i] for i in self.places], [[row[i] for i in self.places] for row in further])


def _busy() -> RefoptError:
    return RefoptError("a step of this optimizer is going on", help="call it from one thread at a time, and not from its schedule")


def _threads(wanted: int | None) -> int:
    if wanted is None:
        return available()
    try:
        threads = 0 if isinstance(wanted, bool) else operator.index(wanted)
    except TypeError:
        threads = 0
    if threads < 1:
        raise OutsideDomain(f"threads = {wanted!r} is not a whole number from 1 on", help="threads=None: one a processor")
    return threads


def _read_only(x: Array) -> Array:
    view = x.view()
    view.flags.writeable = False
    return view


def _is_text(given: Any, wanted: str) -> bool:
    """True where something is this very text: an array, which compares element by element, is none."""
    return isinstance(given, str) and given == wanted


def _told(given: Any) -> str:
    """Text of an argument, as a part of one line."""
    text = given if isinstance(given, str) else repr(given)
    return " ".join(text.split())[:80]


def _listed(keys: Any) -> str:
    names = [_told(k) for k in keys] if isinstance(keys, Mapping) else [f"a {type(keys).__name__}"]
    return f"{', '.join(names[:6])}{f' and {len(names) - 6} more' if len(names) > 6 else ''}" or "nothing"


def _as_arrays(p: Parameter) -> dict[str, Array]:
    """The states of one value, in arrays without axes."""
    return {name: np.asarray(x) for name, x in p.kept.items()}


def _saved_number(p: Parameter, name: str, start: float, given: Any) -> float:
    if not isinstance(given, Mapping) or name not in given:
        raise RefoptError(f"the state of {p.key!r} lacks {name}", help="hand in what state_dict() returned")
    x = np.asarray(given[name])
    if x.shape != () or x.dtype.kind not in "fiu" or (isinstance(start, int) and x != np.floor(x)):
        wanted = "whole number" if isinstance(start, int) else "number"
        raise RefoptError(f"the state {name} of {p.key!r} is no {wanted}", help="hand in what state_dict() returned")
    return int(x) if isinstance(start, int) else float(x)


def _saved(p: Parameter, name: str, given: Any) -> Array:
    if not isinstance(given, Mapping) or name not in given:
        raise RefoptError(f"the state of {p.key!r} lacks {name}", help="hand in what state_dict() returned")
    x = arrays.as_array(given[name], f"the state {name} of {p.key!r}")
    if x.dtype.newbyteorder("=") != p.theta.dtype or x.shape != p.array.shape:
        told = f"the state {name} of {p.key!r} is {x.dtype} of shape {x.shape}; the parameter is {p.theta.dtype} of shape {p.array.shape}"
        raise RefoptError(told, help="make the optimizer with the parameters that the state was saved of")
    return x.reshape(-1)
