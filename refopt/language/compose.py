"""Functions from rules to rules, instead of flags: a schedule, weight decay, clipping.

Each returns a new rule whose steps are the old ones with something put in; the result is a rule like any other,
with its own formula, generated code, golden data and bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import overload

from refopt.errors import RefoptError
from refopt.language.expression import Expression, g, maximum, minimum, operation, scalar, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.lists import listed, one_entry, place
from refopt.language.role import Role
from refopt.language.rule import Let, Rule
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
    """The same formula under other names: by the old name of a hyperparameter, a state or an intermediate value the new one."""
    symbols = {h.name: h.symbol for h in concept.hyper}
    if isinstance(concept, Rule):
        symbols |= {s.name: s.symbol for s in concept.state} | {let.name: let.symbol for let in concept.steps}
    put = {old: replace(symbols[old], name=new) for old, new in names.items()}
    hyper = tuple(replace(h, symbol=put.get(h.name, h.symbol), domain=tuple(substitute(c, put) for c in h.conditions)) for h in concept.hyper)
    if isinstance(concept, Schedule):
        recursion = None if concept.recursion is None else substitute(concept.recursion, put)
        return replace(concept, hyper=hyper, rate=substitute(concept.rate, put), recursion=recursion)
    state = tuple(replace(s, symbol=put.get(s.name, s.symbol), init=substitute(s.initial, put)) for s in concept.state)
    steps = tuple(replace(let, symbol=put.get(let.name, let.symbol)) for let in put_in(concept.steps, put))
    return replace(concept, hyper=hyper, state=state, steps=steps)


def _learning_rate(rule: Rule, needed_for: str) -> Hyper:
    if rule.learning_rate is None:
        raise RefoptError(f"{rule.name} has no learning rate, which {needed_for} needs", help=f"it has {', '.join(rule.hyper_names) or 'none'}")
    return rule.learning_rate


def _with_steps(rule: Rule, suffix: str, title: str, hyper: tuple[Hyper, ...], steps: tuple[Let, ...]) -> Rule:
    return replace(rule, name=f"{rule.name}{suffix}", title=title, hyper=hyper, steps=steps, differs="", used_by=())


def scheduled(rule: Rule, schedule: Schedule) -> Rule:
    """The rule whose learning rate is `schedule` at step k = t - 1.

    The rule's own learning rate gives way to the schedule's hyperparameters. Raises RefoptError when names collide.
    """
    rate = _learning_rate(rule, "a schedule")
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
    title = f"{rule.title}; learning rate: {schedule.title}"
    return _with_steps(rule, f"+{schedule.name}", title, (*schedule.hyper, *kept), (first, *steps))


def with_weight_decay(rule: Rule, decoupled: bool = True) -> Rule:
    """The rule with weight decay.

    decoupled  theta <- theta - lr*weight_decay*theta, apart from the gradient's step (Loshchilov & Hutter 2019)
    coupled    g + weight_decay*theta takes the place of g (L2 regularization)
    """
    lr = _learning_rate(rule, "weight decay").symbol
    weight_decay = scalar("weight_decay", r"\lambda", sign="nonnegative")
    hyper = (*rule.hyper, Hyper(weight_decay, "0.01", weight_decay >= 0, Role.WEIGHT_DECAY, "decay of the weights"))
    if not decoupled:
        g_decayed = tensor("g_decayed", r"\tilde g")
        first = Let(g_decayed, g + weight_decay * theta, "gradient of the loss and the penalty")
        steps = put_in(rule.steps, {"g": g_decayed})
        return _with_steps(rule, "+l2", f"{rule.title}; coupled weight decay (L2)", hyper, (first, *steps))
    last = rule.steps[-1]
    if last.name != "theta" or any(s.name == "theta" for s in rule.steps[:-1]):
        raise RefoptError(
            f"{rule.name}: decoupled weight decay needs theta to be assigned once, in the last step",
            help="write the decay into the rule's steps, or use decoupled=False",
        )
    final = Let(theta, substitute(last.value, {"theta": theta - lr * weight_decay * theta}), last.comment)
    return _with_steps(rule, "+decay", f"{rule.title}; decoupled weight decay", hyper, (*rule.steps[:-1], final))


def clipped(rule: Rule) -> Rule:
    """The rule with each component of the gradient clipped to [-clip, clip]."""
    clip = scalar("clip", "c", sign="positive")
    g_clipped = tensor("g_clipped", r"\bar g")
    first = Let(g_clipped, maximum(-clip, minimum(g, clip)), "each component within [-clip, clip]")
    steps = put_in(rule.steps, {"g": g_clipped})
    hyper = (*rule.hyper, Hyper(clip, "1", clip > 0, Role.THRESHOLD, "largest size of a gradient's component"))
    return _with_steps(rule, "+clip", f"{rule.title}; gradient clipped by value", hyper, (first, *steps))


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
