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

from tests.quality.proof_kinds import ALL, JAX, NUMPY, RIGHT, TORCH, WRONG, Kind
from tests.quality.proof_kinds_found import FOUND_RIGHT, FOUND_WRONG

HEADS = {
    NUMPY: """\
import math
import random
import numpy as np
import numpy as xp
CALLS, SEEN = 0, []
{above}


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
{above}


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
{above}


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
class Program:
    """A program: what was put into which rule, in which style, and its text."""

    kind: str
    rule: str
    style: str
    text: str
    defaults: tuple[tuple[str, float], ...]

    def __str__(self) -> str:
        return f"{self.style}, {self.rule}: {self.kind}"


def programs(kinds: tuple[Kind, ...], found: tuple[Kind, ...]) -> Iterator[Program]:
    """Every kind in every template of its styles that has what it needs; those that were found later in the first such template."""
    for style in ALL:
        for template in (MORE if kinds is RIGHT else TEMPLATES)[style]:
            for kind in kinds:
                if style in kind.styles and (not kind.needs or kind.needs in dict(template.hyper)):
                    yield Program(kind.name, template.rule, style, _text(style, template, kind), template.hyper)
        for kind in found:
            if style in kind.styles:
                template = next(x for x in TEMPLATES[style] if not kind.needs or kind.needs in dict(x.hyper))
                yield Program(kind.name, template.rule, style, _text(style, template, kind), template.hyper)


def wrong() -> Iterator[Program]:
    """All programs that are wrong somewhere."""
    return programs(WRONG, FOUND_WRONG)


def right() -> Iterator[Program]:
    """All programs that are right."""
    return programs(RIGHT, FOUND_RIGHT)


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
    parts |= {"above": "\n".join(kind.above), "hyper": hyper, "before": _lines(before, deep), "body": _lines(body, deep)}
    return HEADS[style].format(after=_lines([*kind.after], deep), **parts)


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
    from refopt.frameworks.own.jax_generated import GeneratedJax
    from refopt.frameworks.own.python_object import from_factory
    from refopt.frameworks.own.torch_generated import GeneratedTorch

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


def counted(style: str, share: int = 1) -> Counted:
    """Put every program of a style to `prove`, or one in `share` of them."""
    bad, good = ([p for p in made if p.style == style][::share] for made in (wrong(), right()))
    return Counted(style, len(bad), _equal(bad), len(good), _equal(good))


def _equal(of: list[Program]) -> tuple[str, ...]:
    from refopt import catalogue
    from refopt.proving.prove import is_proved

    names = {str(p): f"proof_program_{p.style}_{i}" for i, p in enumerate(of)}
    return tuple(str(p) for p in of if is_proved(implementation_of(p, names[str(p)]), catalogue.rule(p.rule)))


def main() -> None:
    """Count, and write the table."""
    from tests.quality.pages import QUALITY, keep

    keep(QUALITY, "proof programs", [*HEAD, *(counted(style).row() for style in ALL)])


if __name__ == "__main__":
    main()
