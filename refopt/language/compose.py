"""Putting trees into trees, steps and rules: what functions from rules to rules are made of, and a schedule in the place of a rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import overload

from refopt.errors import RefoptError
from refopt.language.expression import Expression, literal, operation, scalar, t, theta, where
from refopt.language.hyper import Hyper
from refopt.language.lists import listed, one_entry, place
from refopt.language.rule import Let, Rule, Source, State
from refopt.language.schedule import Schedule


def substitute(node: Expression, values: Mapping[str, Expression]) -> Expression:
    """The tree with symbols replaced by trees, in the same written order; extents are found anew."""
    if node.op == "symbol":
        return values.get(str(node.name), node)
    if not node.args:
        return node
    return operation(node.op, *(substitute(a, values) for a in node.args), attribute=node.attribute)


def put_in(steps: Sequence[Let], values: Mapping[str, Expression]) -> tuple[Let, ...]:
    """Assignments with symbols replaced by trees in the values that they assign."""
    return tuple(Let(let.symbol, substitute(let.value, values), let.comment) for let in steps)


@overload
def renamed(concept: Rule, names: Mapping[str, str]) -> Rule: ...
@overload
def renamed(concept: Schedule, names: Mapping[str, str]) -> Schedule: ...
def renamed(concept: Rule | Schedule, names: Mapping[str, str]) -> Rule | Schedule:
    """The same formula under other names: by the old name of a hyperparameter, an input, a state or an intermediate value the new one."""
    symbols = {h.name: h.symbol for h in concept.hyper}
    symbols |= {s.name: s.symbol for s in concept.state} | {let.name: let.symbol for let in concept.steps}
    symbols |= {one.name: one.symbol for one in concept.inputs} if isinstance(concept, Rule) else {}
    put = {old: replace(symbols[old], name=new) for old, new in names.items()}
    hyper = tuple(replace(h, symbol=put.get(h.name, h.symbol), domain=tuple(substitute(c, put) for c in h.conditions)) for h in concept.hyper)
    state = tuple(replace(s, symbol=put.get(s.name, s.symbol), init=substitute(s.initial, put)) for s in concept.state)
    steps = tuple(replace(let, symbol=put.get(let.name, let.symbol)) for let in put_in(concept.steps, put))
    if isinstance(concept, Schedule):
        recursion, last = (None if tree is None else substitute(tree, put) for tree in (concept.recursion, concept.last))
        turns = tuple(substitute(turn, put) for turn in concept.turns)
        return replace(concept, hyper=hyper, rate=substitute(concept.rate, put), recursion=recursion, turns=turns, last=last, state=state, steps=steps)
    output = None if concept.output is None else substitute(concept.output, put)
    inputs = tuple(replace(one, symbol=put.get(one.name, one.symbol)) for one in concept.inputs)
    return replace(concept, hyper=hyper, state=state, steps=steps, output=output, inputs=inputs)


def learning_rate(rule: Rule, needed_for: str) -> Hyper:
    """The learning rate of a rule. Raises RefoptError where it has none."""
    if rule.learning_rate is None:
        raise RefoptError(f"{rule.name} has no learning rate, which {needed_for} needs", help=f"it has {', '.join(rule.hyper_names) or 'none'}")
    return rule.learning_rate


def with_steps(
    rule: Rule, word: str, title: str, steps: tuple[Let, ...], *sources: Source, hyper: tuple[Hyper, ...] | None = None, state: tuple[State, ...] | None = None
) -> Rule:
    """The rule with other steps, named by what was put in; of no variant's kind any more, and used by nobody."""
    return replace(
        rule, name=f"{rule.name}+{word}", title=f"{rule.title}; {title}", source=(*rule.source, *sources), hyper=rule.hyper if hyper is None else hyper,
        state=rule.state if state is None else state, steps=steps, differs="", used_by=(),
    )  # fmt: skip


def scheduled(rule: Rule, schedule: Schedule) -> Rule:
    """The rule whose learning rate is `schedule` at step k = t - 1.

    The rule's own learning rate gives way to the schedule's hyperparameters. Raises RefoptError when names collide.
    """
    if schedule.waits:
        raise RefoptError(f"{schedule.name} waits for a metric, which {rule.name} is not given", help="step it beside the rule, after each evaluation")
    rate = learning_rate(rule, "a schedule")
    kept = tuple(h for h in rule.hyper if h != rate)
    clash = {h.name for h in kept} & set(schedule.hyper_names)
    if clash:
        raise RefoptError(
            f"{rule.name} and {schedule.name} both have a hyperparameter {', '.join(sorted(clash))}",
            help="rename it in one of them: the two would be one",
        )
    lr_t = scalar("lr_t", r"\eta_t", sign="nonnegative")
    first = Let(lr_t, substitute(schedule.rate, {"k": t - 1}), "the schedule at step t - 1")
    steps = put_in(rule.steps, {rate.name: lr_t})
    begin = {rate.name: substitute(schedule.rate, {"k": literal(0)})}  # a state that starts from the rate starts from that of the first step
    state = tuple(replace(s, init=substitute(s.initial, begin)) for s in rule.state)
    return with_steps(rule, schedule.name, f"learning rate: {schedule.title}", (first, *steps), hyper=(*schedule.hyper, *kept), state=state)


def step_of_theta(rule: Rule, needed_for: str, help: str) -> int:
    """The place of the one step that assigns theta. Raises RefoptError where several do."""
    places = [i for i, step in enumerate(rule.steps) if step.name == "theta"]
    if len(places) != 1:
        raise RefoptError(f"{rule.name}: {needed_for} needs theta to be assigned once", help=help)
    return places[0]


def on_its_step(rule: Rule, word: str, title: str, source: Source, step: Expression, taken: Expression) -> Rule:
    """The rule whose step, what it takes off theta apart from a decay, is replaced by an expression in it.

    Raises RefoptError where what it takes off theta depends on theta in another way.
    """
    at = step_of_theta(rule, word, "write it into the rule's steps")
    found = _apart(rule.steps[at].value)
    if found is None:
        raise RefoptError(f"{rule.name}: what it takes off theta depends on theta", help=f"{word} needs a rule that ends with theta - step")
    base, whole = found
    steps = (*rule.steps[:at], Let(step, whole), Let(theta, base - taken, rule.steps[at].comment), *rule.steps[at + 1 :])
    return with_steps(rule, word, title, steps, source)


def _apart(value: Expression) -> tuple[Expression, Expression] | None:
    """A new theta as what is left of the old one and the step that is taken off that; None where the step depends on theta."""
    name = str(theta.name)
    if value.op != "sub":
        return None
    base, whole = value.args
    if name not in whole.symbol_names:
        return base, whole
    factor, inner = whole.args if whole.op == "mul" else (None, whole)
    if factor is None or name in factor.symbol_names or inner.op != "add" or name in inner.args[0].symbol_names:
        return None
    return base - factor * inner.args[1], factor * inner.args[0]


def spelled_out(node: Expression, lengths: Mapping[str, int]) -> Expression:
    """The tree with every count as a sum, one term an entry: lists of these lengths, whose entries are symbols of their own."""
    if not node.args:
        return node
    of = listed(node) if node.op == "count" else None
    if of is None:
        return operation(node.op, *(spelled_out(a, lengths) for a in node.args), attribute=node.attribute)
    name = str(of.name)
    found = [where(substitute(node.args[0], {name: one_entry(place(name, i))}), 1, 0) for i in range(lengths[name])]
    return reduce(lambda a, b: a + b, found)
