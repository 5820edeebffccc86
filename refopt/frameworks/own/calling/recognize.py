"""From a function, a class or an object to what is called: a method that takes gradients, the constructor, the function that makes the first state."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from refopt.frameworks.argument_names import hypers_of, matched
from refopt.frameworks.own.calling.layers import layers_of
from refopt.frameworks.own.calling.plan import Callee
from refopt.frameworks.own.calling.probe import NoPlan, plan_for
from refopt.frameworks.own.calling.roles import Role, Signature, signature_of
from refopt.frameworks.own.calling.shared_libraries import array_formats
from refopt.frameworks.own.calling.source import plain_function, source_of
from refopt.frameworks.own.calling.subject import CalledObject, settings_of
from refopt.frameworks.own.calling.unclear import unclear_call
from refopt.frameworks.own_arguments import usual_values
from refopt.frameworks.subject import Subject

METHODS = ("step", "update", "update_params", "apply_gradients", "get_updates", "apply", "optimize", "update_parameters", "apply_grads", "update_weights",
           "update_param", "apply_update", "get_update", "descend", "__call__")  # fmt: skip
"""Names of methods that update parameters, the most usual first."""
INIT = ("init", "zero", "create", "make", "start", "fresh", "empty", "new")
"""Words in the name of a function that makes a first state."""

MOST = 4
"""The most functions that are tried as the one that makes a first state."""


def adopt(subject: Subject, make: Callable[[], Any] | None = None) -> CalledObject | None:
    """The implementation, where the subject is called with parameters and gradients; None for anything else.

    make  what makes the object anew; an instance that nothing makes is copied for each run

    Raises RefoptError where it is called so, and no way of calling it was found.
    """
    rule = subject.meant
    if subject.means_a_schedule:
        return None
    callee = _callee(subject, make, hypers_of(rule))
    if callee is None:
        return None
    plan = plan_for(callee, {**usual_values(), "lr": 0.001})
    if isinstance(plan, NoPlan):
        raise unclear_call(subject.name, callee, plan.reasons, rule)
    signatures = [callee.called, *([callee.made] if callee.made is not None else [])]
    found = settings_of(signatures, callee.fixed)
    found |= {n: float(x) for n, a in callee.settable.items() if isinstance(x := getattr(subject.made, a, None), int | float)}
    per_tensor = plan.holds_one and (subject.per_tensor or bool(getattr(subject.made, "per_tensor", False)))
    return CalledObject(subject.name, "", rule, plan, found, subject.spelled, per_tensor=per_tensor)


def _callee(subject: Subject, make: Callable[[], Any] | None, hypers: Sequence[str]) -> Callee | None:
    made = subject.made
    if isinstance(made, type):
        return _of_class(made, hypers, subject)
    inner = plain_function(made)
    if inspect.isroutine(inner) or inspect.isfunction(inner):
        found = _of_function(made, hypers, subject)
        return found if found is None or make is None else _of_factory(found, make, hypers, subject)
    return _of_object(made, make, hypers, subject)


def _of_function(function: Callable[..., Any], hypers: Sequence[str], subject: Subject) -> Callee | None:
    signature = signature_of(function, hypers, subject.maps)
    held = layers_of(plain_function(function)) if signature is not None else None
    if signature is not None and held is not None:
        signature = signature.with_theta(held[0])
    if signature is None or not (held is not None or _updates(function, signature)):
        return None
    functions = [function, *_helpers(function)]
    source = source_of(functions)
    keyed, formats = _keyed(signature, source.keys, hypers), array_formats(functions, function, subject.name)
    return Callee(
        function, signature, source, begins=_companions(function, signature), keyed=keyed, fixed=subject.arguments, formats=formats,
        layers=held[1] if held is not None else None,
    )  # fmt: skip


def _of_factory(found: Callee, make: Callable[..., Any], hypers: Sequence[str], subject: Subject) -> Callee:
    """A function that another one makes: it may keep its state in there, and take its hyperparameters."""
    arguments = signature_of(make, hypers, subject.maps)
    return found if arguments is None else replace(found, function="__call__", make=make, made=arguments, inside=subject.made)


def _of_class(made: type, hypers: Sequence[str], subject: Subject) -> Callee | None:
    constructor = signature_of(made, hypers, subject.maps)
    if constructor is None:
        return None
    for method in METHODS:
        function = inspect.getattr_static(made, method, None)
        if not inspect.isfunction(function):
            continue
        signature = _without_self(signature_of(function, hypers, subject.maps))
        found = layers_of(function, [a.name for a in constructor.arguments]) if signature is not None else None
        if signature is not None and found is not None:
            signature, constructor = signature.with_theta(found[0]), constructor.with_theta(found[0])
        if signature is None or not (found is not None or _updates(function, signature, constructor)):
            continue
        functions: list[Callable[..., Any]] = [function, *_methods(made), *(h for f in _methods(made) for h in _helpers(f))]
        source, formats = source_of([function, *_methods(made)]), array_formats(functions, made, subject.name)
        before, after = (tuple(m for m in (f"{p}_{method}" for p in prefixes) if inspect.isfunction(inspect.getattr_static(made, m, None)))
                         for prefixes in (("pre", "before"), ("post", "after")))  # fmt: skip
        return Callee(
            method, signature, source, made, constructor, _init_method(made, signature), fixed=subject.arguments, formats=formats,
            layers=found[1] if found is not None else None, before=before, after=after,
        )  # fmt: skip
    return None


def _of_object(made: Any, make: Callable[[], Any] | None, hypers: Sequence[str], subject: Subject) -> Callee | None:
    """An instance: its attributes hold its hyperparameters. Parameters that it was made with are its own, so that it cannot be run on others."""
    found = _of_class(type(made), hypers, subject)
    if found is None or (not found.called.named(Role.THETA) and found.made is not None and found.made.named(Role.THETA)):
        return None
    names = {n: p.argument for n, p in matched(list(vars(made)) if hasattr(made, "__dict__") else [], hypers).items() if p.index is None}
    return replace(found, make=make or (lambda: copy.deepcopy(made)), made=None, settable=names, fixed={})


def formats_of(made: Any, name: str) -> frozenset[str]:
    """The formats of arrays that an object's methods may be given; none where any may be. Raises RefoptError where that is to be said."""
    functions = list(_methods(made if isinstance(made, type) else type(made)))
    return array_formats([*functions, *(h for f in functions for h in _helpers(f))], made, name)


def _without_self(signature: Signature | None) -> Signature | None:
    return None if signature is None else Signature(signature.arguments[1:], signature.places, signature.defaults)


def _updates(function: Callable[..., Any], signature: Signature, constructor: Signature | None = None) -> bool:
    """True where a function updates parameters: it takes gradients, parameters that hold theirs, or nothing where its object holds the parameters."""
    if signature.named(Role.PAIRS):
        return True
    if signature.named(Role.GRADIENT):
        return bool(signature.named(Role.THETA)) or constructor is not None or _needs_only(signature)
    has_theta = bool(signature.named(Role.THETA) or (constructor is not None and constructor.named(Role.THETA)))
    steps_alone = constructor is not None and bool(constructor.named(Role.THETA)) and not any(a.required for a in signature.arguments)
    return has_theta and (steps_alone or "grad" in source_of([function]).attributes)


def _needs_only(signature: Signature) -> bool:
    """True where a function of gradients, without parameters, needs nothing that is unknown."""
    return any(a.role in (Role.STATE, Role.COUNT, Role.HYPER) for a in signature.arguments)


def _methods(made: type) -> Iterator[Callable[..., Any]]:
    yield from (f for f in vars(made).values() if inspect.isfunction(f))


def _helpers(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The functions of its own module that a function calls by name."""
    inner = plain_function(function)
    known, code = getattr(inner, "__globals__", {}), getattr(inner, "__code__", None)
    names = code.co_names if code is not None else ()
    found = [known[n] for n in names if inspect.isfunction(known.get(n)) and getattr(known[n], "__module__", None) == getattr(inner, "__module__", None)]
    return [f for f in found if f is not inner]


def _keyed(signature: Signature, keys: frozenset[str], hypers: Sequence[str]) -> dict[str, str]:
    """Keys of a state's dict that hold hyperparameters which are no arguments."""
    if not signature.named(Role.STATE):
        return {}
    missing = [n for n in hypers if n not in signature.places]
    return {n: p.argument for n, p in matched(sorted(keys), missing).items() if p.index is None}


def _companions(function: Callable[..., Any], signature: Signature) -> tuple[tuple[str, Callable[..., Any]], ...]:
    """The functions of its module that may make its first state, the likeliest first, or the init of a transformation that it uses."""
    if not signature.named(Role.STATE):
        return ()
    inner = plain_function(function)
    known, code = getattr(inner, "__globals__", {}), getattr(inner, "__code__", None)
    for name in code.co_names if code is not None else ():
        used = known.get(name)
        if callable(getattr(used, "init", None)) and callable(getattr(used, "update", None)) and not isinstance(used, type):
            return ((f"{name}.init", used.init),)  # type: ignore[union-attr]
    own = [
        (n, f) for n, f in known.items()
        if inspect.isfunction(plain_function(f)) and f is not function and getattr(f, "__module__", None) == getattr(inner, "__module__", None)
        and any(word in n.lower() for word in INIT) and _makes_state(f)
    ]  # fmt: skip
    words = set(getattr(inner, "__name__", "").lower().split("_"))
    own.sort(key=lambda pair: -len(words & set(pair[0].lower().split("_"))))
    return tuple(own[:MOST])


def _makes_state(function: Callable[..., Any]) -> bool:
    signature = signature_of(function, ())
    if signature is None:
        return False
    needed = [a for a in signature.arguments if a.required]
    return len(needed) == 1 and needed[0].role in (Role.THETA, Role.STATE)


def _init_method(made: type, signature: Signature) -> tuple[tuple[str, Callable[..., Any]], ...]:
    """The method that makes the first state, where the update takes one."""
    if not signature.named(Role.STATE):
        return ()
    for name in ("init", "init_state", "initialize", "initialise", "create_state", "initial_state", "init_params"):
        if inspect.isfunction(found := inspect.getattr_static(made, name, None)):
            return ((name, found),)
    return ()
