"""From a function or a class to its whole loop: the argument that its text calls is the function that gives gradients."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import NoAnswer, Ran, Request
from refopt.conformance.protocol.in_process import quiet
from refopt.conformance.protocol.reason import brief
from refopt.errors import RefoptError
from refopt.frameworks.argument_names import Place, hypers_of, matched, plain
from refopt.frameworks.own.calling.libraries import libraries_of
from refopt.frameworks.own.calling.roles import GRADIENT, THETA, parameters_of
from refopt.frameworks.own.calling.source import plain_function, tree_of
from refopt.frameworks.own.calling.subject import values_of
from refopt.frameworks.own.loops.plan import Loop, Part
from refopt.frameworks.own.loops.subject import WholeLoop
from refopt.frameworks.own_arguments import usual_values
from refopt.frameworks.subject import Subject
from refopt.rounding.formats import FLOAT64

METHODS = ("minimize", "minimise", "optimize", "optimise", "run", "solve", "fit", "descend", "__call__")
"""Names of methods that hold a whole loop."""
GRADIENTS = GRADIENT | frozenset((
    "df", "gradf", "fprime", "jac", "jacobian", "gradfn", "gradfun", "gradfunc", "gradientfn", "gradientfunction", "gradfunction", "computegrad",
    "computegradient", "gradoracle", "fgrad", "dfun", "nablaf", "gradobjective", "gradloss", "lossgrad",
))  # fmt: skip
VALUES = frozenset(("f", "fun", "func", "fn", "function", "loss", "lossfn", "lossfunction", "objective", "cost", "costfn", "costfunction", "obj", "energy"))
STARTS = THETA | frozenset((
    "xinit", "initx", "start", "startpoint", "init", "initial", "initialpoint", "guess", "initialguess", "xstart", "w0", "p0", "params0",
    "winit", "thetainit", "initialparams", "initparams", "initialtheta", "initialx", "z0",
))  # fmt: skip
CALLBACKS = frozenset(("callback", "cb", "hook", "onstep", "monitor", "logger"))
COUNTS = frozenset((
    "maxiter", "maxiters", "niter", "niters", "numiter", "numiters", "numiterations", "iterations", "iters", "steps", "nsteps", "numsteps", "maxsteps",
    "epochs", "numepochs", "nepochs", "maxepochs", "itermax", "niterations", "maxiterations", "maxit", "nit", "n", "t", "k", "numupdates", "budget",
))  # fmt: skip
TOLERANCES = frozenset(("tol", "gtol", "xtol", "ftol", "atol", "tolerance", "gradtol", "precision", "threshold", "stoptol"))
"""Names in small letters without underscores."""
UPDATES = 3


def adopt(subject: Subject) -> WholeLoop | None:
    """The implementation, where the subject makes all updates itself; None for anything else.

    Raises RefoptError where it does, and cannot be run over given gradients.
    """
    rule = subject.meant
    if subject.means_a_schedule:
        return None
    hypers = hypers_of(rule)
    loop = _of_class(subject, hypers) if isinstance(subject.made, type) else _of_function(subject, hypers)
    if loop is None:
        return None
    reasons = []
    for library in libraries_of([f for f in (loop.body, subject.made) if f is not None]):
        tried = WholeLoop(subject.name, "", rule, replace(loop, library=library), spelled=subject.spelled)
        with quiet():
            answer = tried.run(_trial(tried, (3,)))
            other = tried.run(_trial(tried, (3, 2)))
        if isinstance(answer, Ran) and _moves(answer):
            return tried if isinstance(other, Ran) else replace(tried, loop=replace(tried.loop, flat=True))
        reasons.append("its point does not move" if isinstance(answer, Ran) else answer.message if isinstance(answer, NoAnswer) else brief(answer.reason))
    way = "it calls the function for each gradient once, and goes on from the point at which it asked"
    raise RefoptError(f"{subject.name} cannot be run over given gradients: {reasons[0]}", help=way)


def _of_function(subject: Subject, hypers: Sequence[str]) -> Loop | None:
    made = plain_function(subject.made)
    if not inspect.isfunction(made):
        return None
    return _loop(subject.made, made, subject, hypers, subject.arguments, 0)


def _of_class(subject: Subject, hypers: Sequence[str]) -> Loop | None:
    for name in METHODS:
        method = inspect.getattr_static(subject.made, name, None)
        if not inspect.isfunction(method):
            continue
        loop = _loop(name, method, subject, hypers, {}, 1)
        if loop is None:
            continue
        own = parameters_of(subject.made) or ()
        places, settings = _hyper(own, hypers, subject.maps, subject.arguments)
        mine = {p.argument for p in places.values()}
        if unknown := [p.name for p in own if p.default is p.empty and p.name not in mine and p.name not in subject.arguments]:
            raise _unclear(subject, unknown[0], hypers)
        return replace(loop, make=subject.made, made_places=places, settings={**loop.settings, **settings}, fixed=dict(subject.arguments))
    return None


def _loop(
    function: Callable[..., Any] | str, text_of: Callable[..., Any], subject: Subject, hypers: Sequence[str], fixed: Mapping[str, Any], first: int
) -> Loop | None:
    parameters = list(parameters_of(text_of) or ())[first:]
    called = _called(text_of) & {p.name for p in parameters}
    parts = dict(_parts(parameters, called))
    if not ({Part.GRADIENT, Part.VALUE_AND_GRADIENT} & parts.keys()) or Part.START not in parts:
        return None
    used = set(parts.values())
    rest = [p for p in parameters if p.name not in used]
    places, settings = _hyper(rest, hypers, subject.maps, fixed)
    mine = {p.argument for p in places.values()}
    counts = [p.name for p in rest if plain(p.name) in COUNTS and p.name not in mine]
    ends = [p.name for p in rest if plain(p.name) in TOLERANCES and p.name not in mine]
    parts |= ({Part.COUNT: counts[0]} if counts else {}) | ({Part.TOLERANCE: ends[0]} if ends else {})
    left = [p for p in rest if p.name not in mine and p.name not in parts.values()]
    if unknown := [p.name for p in left if p.default is p.empty and p.name not in fixed]:
        raise _unclear(subject, unknown[0], hypers)
    held = {p.name: fixed.get(p.name, p.default) for p in left}
    return Loop(function, parts, places, settings, libraries_of([text_of])[0], fixed=fixed, held=held)


def _unclear(subject: Subject, argument: str, hypers: Sequence[str]) -> RefoptError:
    """The error for an argument that nothing is known of. Raises UnknownName where a rule is named that there is not: then no argument is known."""
    from refopt.catalogue import rule

    if not hypers and subject.meant is not None:
        rule(subject.meant)
    return RefoptError(f"{subject.name}: what its argument {argument} means is not clear", help=f"say it: --map {argument}={hypers[0]}")


def _parts(parameters: Sequence[inspect.Parameter], called: set[str]) -> Iterator[tuple[Part, str]]:
    """The part of each argument that its name, and that it is called, show."""
    starts = [p.name for p in parameters if plain(p.name) in STARTS and p.name not in called]
    functions = [p.name for p in parameters if p.name in called and plain(p.name) not in CALLBACKS]
    both = [n for n in functions if "grad" in plain(n) and any(x in plain(n) for x in ("value", "loss", "fun", "obj")) and plain(n) not in GRADIENTS]
    gradients = [n for n in functions if n not in both and (plain(n) in GRADIENTS or "grad" in plain(n))]
    values = [n for n in functions if n not in both and n not in gradients]
    if not gradients and not both and len(values) == 1 and plain(values[0]) not in VALUES:
        gradients, values = values, []
    yield from ((Part.GRADIENT, n) for n in gradients[:1])
    yield from ((Part.VALUE_AND_GRADIENT, n) for n in both[: 0 if gradients else 1])
    yield from ((Part.VALUE, p.name) for p in parameters if p.name in values or (plain(p.name) in VALUES and p.default is p.empty and p.name not in called))
    yield from ((Part.START, n) for n in starts[:1])
    yield from ((Part.CALLBACK, p.name) for p in parameters if plain(p.name) in CALLBACKS)


def _hyper(
    parameters: Sequence[inspect.Parameter], hypers: Sequence[str], maps: Mapping[str, str], fixed: Mapping[str, Any]
) -> tuple[dict[str, Place], dict[str, float]]:
    names = [p.name for p in parameters]
    said = {ours: Place(theirs) for theirs, ours in maps.items() if theirs in names and ours in hypers}
    taken = {p.argument for p in said.values()}
    places = {**matched([n for n in names if n not in taken], [h for h in hypers if h not in said]), **said}
    return places, values_of(places, {p.name: p.default for p in parameters if p.default is not p.empty} | dict(fixed))


def _called(function: Callable[..., Any]) -> set[str]:
    """The names that the text of a function calls."""
    tree = tree_of(function)
    return {n.func.id for n in (ast.walk(tree) if tree is not None else ()) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def _trial(loop: WholeLoop, shape: tuple[int, ...]) -> Request:
    random = np.random.default_rng(5)
    sent = {n: loop.settings.get(n, usual_values()[n]) for n in loop.takes}
    grads = tuple((random.uniform(0.5, 1, shape),) for _ in range(UPDATES))
    return Request("", (), FLOAT64, sent, None, (random.uniform(1, 2, shape),), None, 1, grads)


def _moves(ran: Ran) -> bool:
    seen = [ran.before, *ran.after]
    return all((a.theta[0] != b.theta[0]).any() for a, b in pairwise(seen))
