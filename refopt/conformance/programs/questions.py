"""Three questions that every harness can answer, before any optimizer case: is it the harness that is broken?

They blame the harness only for what no formula can do, so that a wrong formula is still named by the cases:

* lr = 0 leaves theta alone. Where theta moves, it is asked once more without gradients; a harness that then gives theta
  back as it was speaks well, and it is the formula that moves it, as where 0/0 comes out. Refusing lr = 0 is an answer too.
* One step of plain descent, compared to the bit, where the program declares `sgd` beside the rule that it is judged by.
  Else one step of its own rule, of which only the number of values is looked at: any of them may be the formula's doing.
* Elements keep their order: theta has another value at every place; the same values in another order are the harness's doing.

A program that dies or hangs in a question is started again and asked once more: where it answers then, what becomes of it is
said case by case. Weight decay is sent as zero. All numbers have few bits, so that every format has them exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from refopt.catalogue.letters import letters
from refopt.catalogue.optimizers.sgd import SGD
from refopt.conformance.programs.declaration import Declaration
from refopt.conformance.programs.program import OptimizerProgram
from refopt.conformance.protocol.implementation import Answer, NoAnswer, Ran, Request, Skipped
from refopt.conformance.protocol.record import Question
from refopt.golden.description import Name
from refopt.language.expression import Kind
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.rounding.formats import Format

LR = 0.5
GRADIENT = (1.0, -2.0, 0.5, 4.0, -0.25, 3.0)
EVEN = (1.5,) * 6
PLACES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


def questions(program: OptimizerProgram, rule: Rule, f: Format, declaration: Declaration) -> tuple[Question, ...]:
    """The answers of a program. After one that was not to be had at all the rest is not asked."""
    asked = []
    for ask in (_rate_zero, _one_step, _order):
        asked.append(ask(program, rule, f, declaration))
        if not asked[-1].passed and not asked[-1].advice:
            break
    return tuple(asked)


def _rate_zero(program: OptimizerProgram, rule: Rule, f: Format, declaration: Declaration) -> Question:
    text = f"{next(iter(rule.at_rate(None)), 'a rate')} = 0 leaves theta alone"
    got: list[float] = []
    for gradient in (GRADIENT, (0.0,) * len(GRADIENT)):
        answer = program.run(_request(program, rule, f, EVEN, gradient, rule.at_rate(0.0)))
        if isinstance(answer, NoAnswer) and answer.broken:
            return Question(text, False, answer.message)
        if not isinstance(answer, Ran):
            return Question(text, True)
        got = _values(answer)
        if got == list(EVEN):
            return Question(text, True)
    if not np.isfinite(got).all():
        return Question(text, True)
    return Question(text, False, f"sent {_shown(EVEN)}, got {_shown(got)}", "Give theta back as it was read where nothing moves it.")


def _one_step(program: OptimizerProgram, rule: Rule, f: Format, declaration: Declaration) -> Question:
    plain = declaration.rules.get("sgd")
    if plain is None or program.called == "sgd" or not set(SGD.at_rate(LR)) <= set(plain.hyper):
        answer = program.run(_request(program, rule, f, PLACES, GRADIENT, {}))
        broken = isinstance(answer, NoAnswer) and answer.broken
        return Question(f"one step of {program.called} gives as many numbers", not broken, answer.message if isinstance(answer, NoAnswer) and broken else "")
    text = "one step of plain descent"
    descent = replace(program, called="sgd", declared=plain, _shows=None)
    request = Request("sgd", (), f, SGD.at_rate(LR), None, (_array(PLACES, f),), None, 1, ((_array(GRADIENT, f),),))
    answer = descent.run(request)
    if not isinstance(answer, Ran):
        return Question(text, False, _message(answer))
    expected = [x - LR * g for x, g in zip(PLACES, GRADIENT, strict=True)]
    if _values(answer) == expected:
        return Question(text, True)
    advice = "theta - lr*g has no rounding here: look at how lr, theta and g are read."
    return Question(text, False, f"expected {_shown(expected)}, got {_shown(_values(answer))}", advice)


def _order(program: OptimizerProgram, rule: Rule, f: Format, declaration: Declaration) -> Question:
    text = "elements keep their order"
    answer = program.run(_request(program, rule, f, PLACES, (0.0,) * len(PLACES), rule.at_rate(0.0)))
    if isinstance(answer, NoAnswer) and answer.broken:
        return Question(text, False, answer.message)
    if not isinstance(answer, Ran) or _values(answer) == list(PLACES) or sorted(_values(answer)) != sorted(PLACES):
        return Question(text, True)
    return Question(text, False, f"sent {_shown(PLACES)}, got {_shown(_values(answer))}", "Fix the order of theta in the reply.")


def _request(program: OptimizerProgram, rule: Rule, f: Format, theta: tuple[float, ...], gradient: tuple[float, ...], given: Mapping[str, float]) -> Request:
    """One update with the rule's usual hyperparameters, as far as they are declared."""
    values: dict[str, float] = {h.name: int(h.default) if h.symbol.kind is Kind.INTEGER else float(h.default) for h in rule.hyper}
    values |= {**dict.fromkeys(letters(Role.WEIGHT_DECAY), 0.0), **given}
    hyper = {n: x for n, x in values.items() if n in program.declared.hyper}
    still = ((_array((0.0,) * len(theta), f),),)
    inputs = {n: still for n in rule.input_names if n in program.declared.inputs}
    return Request(rule.name, rule.state_names, f, hyper, None, (_array(theta, f),), None, 1, ((_array(gradient, f),),), inputs=inputs)


def _array(values: tuple[float, ...], f: Format) -> Any:
    return np.array(values).astype(f.dtype).reshape(2, 3)


def _values(answer: Ran) -> list[float]:
    found: list[float] = answer.after[-1].theta[0].astype(np.float64).ravel().tolist()
    return found


def _message(answer: Answer) -> Name:
    return answer.reason if isinstance(answer, Skipped) else answer.message if isinstance(answer, NoAnswer) else ""


def _shown(values: Any) -> str:
    return " ".join(f"{x:g}" for x in values)
