"""The error for a function of which it is not clear how it is called: what was tried, and the lines to paste, filled in with the names that were found."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from refopt.errors import RefoptError
from refopt.frameworks.own.calling.plan import Callee
from refopt.frameworks.own.calling.roles import Role, parameters_of
from refopt.frameworks.subject import Subject


def unclear_call(name: str, callee: Callee, reasons: Sequence[str], rule: str | None) -> RefoptError:
    """The error, with a class of init() and step() around the call; only the values in it are left to the person."""
    module, _, own = name.rpartition(":")
    called = own or name
    function = f"{module or 'mine'}.{called}" if not isinstance(callee.function, str) else f"self.made.{callee.function}"
    told = reasons[0] if reasons else "nothing was tried"
    return RefoptError(f"{name}: no way of calling it was found: {told}", help="\n".join(lines(module, called, function, callee, rule)))


def unknown_arguments(subject: Subject) -> RefoptError | None:
    """The error for a function that needs arguments whose names say nothing; None where it needs none."""
    parameters, name, rule = parameters_of(subject.made), subject.name, subject.meant
    needed = [p.name for p in parameters or () if p.default is p.empty and p.name not in subject.arguments]
    if not needed:
        return None
    module, _, own = name.rpartition(":")
    shown = _judged(module, rule, "return {}", f"{module or 'mine'}.{own or name}", needed)
    return RefoptError(f"{name}: {_not_clear('its arguments', needed)}", help=shown)


def unknown_method(subject: Subject, made: Any, methods: Sequence[str]) -> RefoptError | None:
    """The error for an object whose method, the first of `methods` that it has, needs arguments whose names say nothing; None where it has none such."""
    method = next((m for m in methods if inspect.ismethod(getattr(made, m, None))), None)
    needed = [p.name for p in parameters_of(getattr(made, method)) or () if p.default is p.empty] if method is not None else []
    if not needed:
        return None
    module, _, own = subject.name.rpartition(":")
    instance = f"{module or 'mine'}.{own or subject.name}" + ("()" if subject.made is not made and "(" not in own else "")
    shown = _judged(module, subject.meant, f"self.made = {instance}; return {{}}", f"self.made.{method}", needed)
    return RefoptError(f"{subject.name}: {_not_clear(f'the arguments of its {method}', needed)}", help=shown)


def _not_clear(arguments: str, names: Sequence[str]) -> str:
    return f"which of {arguments} ({', '.join(names)}) are the parameters and the gradients is not clear"


def _judged(module: str, rule: str | None, begun: str, called: str, needed: Sequence[str]) -> str:
    """The lines to paste for what needs these arguments."""
    return "\n".join([
        *_head(module, rule),
        "class Judged:",
        f"    def init(self, theta): {begun}",
        "    def step(self, theta, grad, state, t, lr=0.001):",
        f"        theta = {called}({', '.join(f'{n}=...' for n in needed)})",
        "        return theta, state",
    ])  # fmt: skip


def of_a_library(subject: Subject) -> RefoptError | None:
    """The error for a function of a shared library, called through ctypes or cffi: it has no names of arguments; None for anything else."""
    kind = type(subject.made)
    if "_ctypes" not in {c.__module__ for c in kind.__mro__} and kind.__module__ != "_cffi_backend":
        return None
    what = f"{subject.name} is a function of a shared library, and does not say which of its arguments is which"
    return RefoptError(what, help="a class around it, with its signature: refopt harness new ctypes --out judged.py")


def _head(module: str, rule: str | None) -> list[str]:
    return [
        f"paste this into judged.py, mend the call, and judge it: refopt check ./judged.py:Judged --rule {rule or 'adam'}",
        f"import {module or 'mine'}",
    ]


def _begun(made: str, callee: Callee, returned: str) -> list[str]:
    """The lines that make the object, and its first state: one that is made of the parameters is made with them."""
    if callee.made_of_theta:
        return ["    def init(self, theta):", f"        self.made = {made}([theta])", f"        {returned}"]
    return [*([f"    made = {made}()"] if isinstance(callee.function, str) else []), f"    def init(self, theta): {returned}"]


def lines(module: str, called: str, function: str, callee: Callee, rule: str | None) -> list[str]:
    """The lines to paste."""
    given = []
    for a in callee.called.arguments:
        if a.role is Role.THETA:
            given.append(f"{a.name}=theta")
        elif a.role is Role.GRADIENT:
            given.append(f"{a.name}=grad")
        elif a.role is Role.COUNT:
            given.append(f"{a.name}=t")
        elif a.role is Role.STATE:
            given.append(f"{a.name}=state[{a.name!r}]")
    hypers = ", ".join(f"{n}={callee.called.defaults.get(p.argument, '...')}" for n, p in callee.called.places.items() if p.index is None)
    sent = ", ".join(f"{p.argument}={n}" for n, p in callee.called.places.items() if p.index is None)
    states = ", ".join(f"{n!r}: theta * 0" for n in callee.called.named(Role.STATE))
    back = "".join(f", state[{n!r}]" for n in callee.called.named(Role.STATE))
    return [
        *_head(module, rule),
        "class Judged:",
        *_begun(f"{module or 'mine'}.{called}", callee, f"return {{{states}}}"),
        f"    def step(self, theta, grad, state, t{', ' + hypers if hypers else ''}):",
        f"        theta{back} = {function}({', '.join([*given, *([sent] if sent else [])])})",
        "        return theta, state",
    ]
