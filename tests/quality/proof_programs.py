"""Programs for `prove`, made from templates: a rule in NumPy's, torch's or JAX's style, with one thing put into it.

What is put in makes the program wrong somewhere (one element, one shape, a zero, a late update, a kept count), or is another way of
writing the same formula. Every kind is put into every template of its styles. `python -m tests.quality.proof_programs` writes the table.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

NUMPY, TORCH, JAX = "numpy", "torch", "jax"
ALL = (NUMPY, TORCH, JAX)

HEADS = {
    NUMPY: """\
import math
import random
import numpy as np
import numpy as xp
CALLS, SEEN = 0, []


class Made:
    def __init__(self):
        self.calls, self.first = 0, None

    def init(self, theta):
        return {{{init}}}

    def step(self, theta, grad, state, t, {hyper}):
        global CALLS
        {before}
        {body}
        {after}
        return new, {{{kept}}}
""",
    TORCH: """\
import math
import torch
import torch as xp
CALLS, SEEN = 0, []


class Made(torch.optim.Optimizer):
    def __init__(self, params, {hyper}):
        self.calls = 0
        super().__init__(params, dict({given}))

    def step(self, closure=None):
        global CALLS
        for group in self.param_groups:
            {read}
            for p in group["params"]:
                grad, theta, state = p.grad.clone(), p.clone(), self.state[p]
                if not state:
                    state["step"] = torch.tensor(0.0)
                    {init}
                state["step"] += 1
                t = state["step"]
                {before}
                {body}
                {after}
                {kept}
                p.copy_(new)
""",
    JAX: """\
import math
from typing import NamedTuple
import jax
import jax.numpy as jnp
import jax.numpy as xp
CALLS, SEEN = 0, []


class State(NamedTuple):
    count: object
    {fields}


class Transformation(NamedTuple):
    init: object
    update: object


def Made({hyper}):
    rate = lr

    def start(theta):
        return State(jnp.zeros((), jnp.int32){init})

    def update(grad, state, theta):
        global CALLS
        t, lr = state.count + 1, rate
        {before}
        {body}
        {after}
        return new - theta, State(t{kept})

    return Transformation(start, update)
""",
}
"""By style: a program with places for a rule and for what is put in before and after its body."""


@dataclass(frozen=True)
class Template:
    """A rule as it is written: its hyperparameters with their defaults, its states, and its body, `s.NAME` being a state before it."""

    rule: str
    hyper: tuple[tuple[str, float], ...]
    states: tuple[str, ...]
    body: tuple[str, ...]


SGD = Template("sgd", (("lr", 0.01),), (), ("new = theta - lr * grad",))
RMSPROP = Template(
    "rmsprop", (("lr", 0.001), ("rho", 0.9), ("eps", 1e-8)), ("v",),
    ("v = rho * s.v + (1 - rho) * grad * grad", "new = theta - lr * grad / (xp.sqrt(v) + eps)"),
)  # fmt: skip
ADAM = Template(
    "adam", (("lr", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("eps", 1e-8)), ("m", "v"),
    ("m = beta1 * s.m + (1 - beta1) * grad", "v = beta2 * s.v + (1 - beta2) * grad * grad",
     "new = theta - lr * (m / (1 - beta1**t)) / (xp.sqrt(v / (1 - beta2**t)) + eps)"),
)  # fmt: skip
TEMPLATES = {NUMPY: (SGD, RMSPROP), TORCH: (SGD, RMSPROP), JAX: (SGD, RMSPROP)}
"""By style: the rules that things are put into."""
MORE = {**TEMPLATES, NUMPY: (SGD, RMSPROP, ADAM)}
"""The same for right programs."""


@dataclass(frozen=True)
class Kind:
    """What is put in: lines before the body or after it; the styles that it is written for, and the hyperparameter that a template must have."""

    name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    styles: tuple[str, ...] = ALL
    needs: str = ""


def _before(name: str, *lines: str, styles: tuple[str, ...] = ALL, needs: str = "") -> Kind:
    return Kind(name, before=lines, styles=styles, needs=needs)


def _after(name: str, *lines: str, styles: tuple[str, ...] = ALL) -> Kind:
    return Kind(name, after=lines, styles=styles)


WRONG = (
    # elements
    _after("only the first is updated", "kept = new", "new = theta * 2", "new[:1] = kept[:1]", styles=(NUMPY,)),
    _after("the last is not updated", "new[-1:] = theta[-1:]", styles=(NUMPY,)),
    _after("every second one", "new = new.copy()", "new[::2] = theta[::2]", styles=(NUMPY,)),
    _after("the first of a tensor", "new[0] = theta[0]", styles=(TORCH,)),
    _after("the first of an array", "new = new.at[0].set(theta[0]) if new.ndim else new", styles=(JAX,)),
    _before("the gradient of the first", "grad = 0 * grad + grad.reshape(-1)[0]"),
    _before("backwards", "grad = grad[::-1] if grad.ndim else grad", styles=(NUMPY, JAX)),
    _before("backwards in torch", "grad = torch.flip(grad, (0,)) if grad.dim() else grad", styles=(TORCH,)),
    _before("transposed", "grad = grad.T"),
    _before("without its mean", "grad = grad - grad.mean()"),
    _before("divided by its norm", "grad = grad / xp.sqrt((grad * grad).sum())"),
    _before("divided by its largest", "grad = grad / xp.max(xp.abs(grad))"),
    _before("summed up", "grad = xp.cumsum(grad, 0) if grad.ndim else grad"),
    _before("rolled", "grad = xp.roll(grad, 1)"),
    _before("nothing where all are zero", "if (grad == 0).all():", "    grad = grad + 1", styles=(NUMPY, TORCH)),
    _before("the sign where any is negative", "if (grad < 0).any():", "    grad = 2 * grad", styles=(NUMPY, TORCH)),
    # shapes and formats
    _before("from four elements on", "if math.prod(theta.shape) >= 4:", "    lr = 2 * lr"),
    _before("one element", "if math.prod(theta.shape) == 1:", "    lr = 2 * lr"),
    _before("no axes", "if theta.ndim == 0:", "    lr = 2 * lr"),
    _before("two axes", "if theta.ndim == 2:", "    grad = -grad"),
    _before("squares", "if len(theta.shape) == 2 and theta.shape[0] == theta.shape[1]:", "    grad = 2 * grad"),
    _before("64 elements", "if theta.size % 64 == 0:", "    lr = 2 * lr", styles=(NUMPY,)),
    _before("three axes", "if theta.ndim == 3:", "    lr = 2 * lr", styles=(NUMPY,)),
    _before("many, by numel", "if theta.numel() > 2:", "    lr = 2 * lr", styles=(TORCH,)),
    _before("float32", "if theta.dtype == xp.float32:", "    lr = 2 * lr"),
    _before("float16, by name", "if 'float16' in str(theta.dtype):", "    lr = 2 * lr"),
    _before("below eight bytes", "if theta.dtype.itemsize < 8:", "    grad = grad + 1"),
    # what cancels
    _before("a cube over the gradient", "grad = grad * grad / grad"),
    _before("a root squared", "grad = xp.sqrt(grad) ** 2"),
    _before("theta over theta", "grad = grad * theta / theta"),
    _before("an inverse of an inverse", "lr = 1 / (1 / lr)"),
    _before("lr over lr", "lr = lr * lr / lr"),
    _before("eps over eps", "grad = grad * (eps / eps)", needs="eps"),
    _before("t - 1 over t - 1", "grad = grad * ((t - 1) / (t - 1))"),
    _before("exp of log", "grad = xp.sign(grad) * xp.exp(xp.log(xp.abs(grad)))"),
    _before("the sign by a quotient", "grad = xp.abs(grad) * (grad / xp.abs(grad))"),
    _before("a root of the rate", "lr = lr ** 1.5 / lr ** 0.5"),
    _after("a quotient of steps", "new = theta + (new - theta) * grad / grad"),
    _after("shifted and divided", "new = theta + (new - theta) * (theta - 1) / (theta - 1)"),
    # what is kept
    _before("a count on the object", "self.calls += 1", "lr = 2 * lr if self.calls > 2 else lr", styles=(NUMPY, TORCH)),
    _before("a global count", "CALLS += 1", "lr = 2 * lr if CALLS > 40 else lr"),
    _before("a global list", "SEEN.append(1)", "lr = 2 * lr if len(SEEN) > 40 else lr"),
    _before("the first gradient", "self.first = grad if self.first is None else self.first", "grad = self.first", styles=(NUMPY,)),
    _before("a class's count", "Made.count = getattr(Made, 'count', 0) + 1", styles=(NUMPY, TORCH)),
    _before("random numbers", "lr = lr * (1 + (np.random.rand() > 2))", styles=(NUMPY,)),
    _before("Python's random numbers", "lr = lr * (1 + (random.random() > 2))", styles=(NUMPY,)),
    _before("the group's rate", "group['lr'] = group['lr'] * 0.5", styles=(TORCH,)),
    # branches
    _before("update 17", "lr = 2 * lr if t == 17 else lr", styles=(NUMPY, TORCH)),
    _before("after a thousand", "lr = 2 * lr if t > 1000 else lr", styles=(NUMPY, TORCH)),
    _before("every hundredth", "grad = xp.where(t % 100 == 0, -grad, grad)", styles=(JAX,)),
    _before("update 17, chosen", "lr = xp.where(t == 17, 2 * lr, lr)", styles=(NUMPY, JAX)),
    _before("from 11 to 200", "grad = -grad if 11 <= t <= 200 else grad", styles=(NUMPY, TORCH)),
    _before("a rate up to 1", "lr = min(lr, 1)"),
    _before("a rate above 3", "lr = 3 if lr > 3 else lr"),
    _before("a rate of zero", "lr = lr or 0.001"),
    _before("a factor of zero", "eps = eps or 1e-8", needs="eps", styles=(NUMPY, TORCH)),
    _before("a large gradient", "grad = grad.clip(-1e6, 1e6)", styles=(NUMPY, JAX)),
    _before("a large gradient in torch", "grad = grad.clamp(-1e6, 1e6)", styles=(TORCH,)),
    _before("a tiny gradient", "grad = xp.where(xp.abs(grad) < 1e-30, 0 * grad, grad)"),
    _after("far parameters", "new = xp.where(xp.abs(theta) > 10000, theta, new)"),
    _before("a zero gradient", "grad = xp.where(grad == 0, grad + 1, grad)"),
    _before("a count that stops", "t = min(t, 255)", "grad = grad * (2 if t == 255 else 1)", styles=(NUMPY,)),
    # types
    _before("a float", "lr = 2 * lr if isinstance(lr, float) else lr", styles=(NUMPY,)),
    _before("an int", "lr = 2 * lr if isinstance(lr, int) else lr", styles=(NUMPY, TORCH)),
    _before("exactly a float", "lr = 2 * lr if type(lr) is float else lr", styles=(NUMPY,)),
    _before("as it is written", "lr = 2 * lr if len(repr(lr)) > 3 else lr", styles=(NUMPY, TORCH)),
    _before("as it is formatted", "lr = 2 * lr if f'{lr}' == '0.1' else lr", styles=(NUMPY,)),
)  # fmt: skip

RIGHT = (
    Kind("as written"),
    _before("a float of the rate", "lr = float(lr)", styles=(NUMPY, TORCH)),
    _before("a copy", "grad = grad.copy()", "theta = theta + 0", styles=(NUMPY, JAX)),
    _before("a clone", "grad = grad.clone()", styles=(TORCH,)),
    _before("a guarded quotient", "grad = xp.where(grad == 0, 0 * grad, grad * grad / xp.where(grad == 0, 0 * grad + 1, grad))"),
    _before("never below zero", "lr = max(lr, 0)"),
    _before("finite", "lr = lr if lr < math.inf else 0", styles=(NUMPY, TORCH)),
    _before("a branch never taken", "lr = 7 if lr < 0 else lr"),
    _before("two signs", "grad = -(-grad)"),
    _before("a root of a square", "grad = xp.sign(grad) * xp.sqrt(grad * grad)", styles=(NUMPY, TORCH)),
    _before("divided by what is never zero", "grad = grad * (1 + grad * grad) / (1 + grad * grad)"),
    _before("divided by a count", "grad = grad * t / t"),
    _after("through the step", "new = theta + (new - theta)"),
    _before("an array of the same", "grad = np.asarray(grad, dtype=np.float64)", styles=(NUMPY,)),
    _before("in place", "grad = np.array(grad)", "grad *= 2", "grad /= 2", styles=(NUMPY,)),
    _after("filled in", "out = np.empty(theta.shape)", "out[...] = new", "new = out", styles=(NUMPY,)),
    _after("one at a time", "out = np.zeros_like(theta)", "for i in np.ndindex(theta.shape):", "    out[i] = new[i]", "new = out", styles=(NUMPY,)),
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A program: what was put into which rule, in which style, and its text."""

    kind: str
    rule: str
    style: str
    text: str
    defaults: tuple[tuple[str, float], ...]

    def __str__(self) -> str:
        return f"{self.style}, {self.rule}: {self.kind}"


def programs(kinds: tuple[Kind, ...]) -> Iterator[Program]:
    """Every kind in every template of its styles that has what it needs."""
    for style in ALL:
        for template in (MORE if kinds is RIGHT else TEMPLATES)[style]:
            for kind in kinds:
                if style in kind.styles and (not kind.needs or kind.needs in dict(template.hyper)):
                    yield Program(kind.name, template.rule, style, _text(style, template, kind), template.hyper)


def _text(style: str, template: Template, kind: Kind) -> str:
    deep = {NUMPY: 8, TORCH: 16, JAX: 8}[style]
    states, names = template.states, [n for n, _ in template.hyper]
    hyper = ", ".join(f"{n}={x}" for n, x in template.hyper)
    state = {NUMPY: "state['{}']", TORCH: "state['{}']", JAX: "state.{}"}[style]
    body = list(template.body)
    for name in states:
        body = [line.replace(f"s.{name}", state.format(name)) for line in body]
    before = [*kind.before]
    parts = {
        NUMPY: {"init": ", ".join(f"'{n}': np.zeros_like(theta)" for n in states), "kept": ", ".join(f"'{n}': {n}" for n in states)},
        TORCH: {
            "given": ", ".join(f"{n}={n}" for n in names), "read": f"{', '.join(names)} = {', '.join(f'group[{n!r}]' for n in names)}",
            "init": _lines([f"state['{n}'] = torch.zeros_like(p)" for n in states], 20), "kept": _lines([f"state['{n}'].copy_({n})" for n in states], 16),
        },
        JAX: {
            "fields": _lines([f"{n}: object" for n in states], 4), "init": "".join(", jnp.zeros_like(theta)" for _ in states),
            "kept": "".join(f", {n}" for n in states),
        },
    }[style]  # fmt: skip
    if style == JAX and kind.needs and kind.needs in names:
        before = [f"{kind.needs}_ = {kind.needs}", *(line.replace(kind.needs, f"{kind.needs}_") for line in before)]
    return HEADS[style].format(hyper=hyper, before=_lines(before, deep), body=_lines(body, deep), after=_lines([*kind.after], deep), **parts)


def _lines(lines: list[str], deep: int) -> str:
    return ("\n" + " " * deep).join(lines or ["pass"])


def module_of(program: Program, name: str) -> ModuleType:
    """The program as a module, whose source can be looked up."""
    made = ModuleType(name)
    sys.modules[name] = made
    linecache.cache[f"<{name}>"] = (len(program.text), None, program.text.splitlines(True), f"<{name}>")
    exec(compile(program.text, f"<{name}>", "exec"), vars(made))
    return made


def implementation_of(program: Program, name: str) -> Any:
    """The program as what the adapters make of one in its style."""
    from refopt.conformance.adapters.jax_generated import GeneratedJax
    from refopt.conformance.adapters.python_object import from_factory
    from refopt.conformance.adapters.torch_generated import GeneratedTorch

    made = vars(module_of(program, name))["Made"]
    if program.style == NUMPY:
        return from_factory(made, name, program.rule)
    kind: Any = GeneratedTorch if program.style == TORCH else GeneratedJax
    return kind(name, "", program.rule, made, dict(program.defaults))


@dataclass(frozen=True)
class Counted:
    """What `prove` says of the programs of a style: how many wrong and right ones there are, and which it calls equal to their rule."""

    style: str
    wrong: int
    wrong_equal: tuple[str, ...]
    right: int
    right_equal: tuple[str, ...]

    def row(self) -> str:
        """Its line in the table."""
        return f"| {self.style} | {self.wrong} | {len(self.wrong_equal)} | {self.right} | {len(self.right_equal)} |"


HEAD = ("| style | wrong programs | called equal | right programs | called equal |", "|---|---|---|---|---|")


def counted(style: str) -> Counted:
    """Put every program of a style to `prove`."""
    wrong, right = ([p for p in programs(kinds) if p.style == style] for kinds in (WRONG, RIGHT))
    return Counted(style, len(wrong), _equal(wrong), len(right), _equal(right))


def _equal(of: list[Program]) -> tuple[str, ...]:
    from refopt import catalogue
    from refopt.proof.prove import is_proved

    names = {str(p): f"proof_program_{p.style}_{i}" for i, p in enumerate(of)}
    return tuple(str(p) for p in of if is_proved(implementation_of(p, names[str(p)]), catalogue.rule(p.rule)))


def main() -> None:
    """Count, and write the table."""
    from tests.quality.pages import QUALITY, keep

    keep(QUALITY, "proof programs", [*HEAD, *(counted(style).row() for style in ALL)])


if __name__ == "__main__":
    main()
