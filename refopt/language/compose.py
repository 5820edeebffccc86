"""Functions from rules to rules, instead of flags: a schedule, weight decay, clipping, slow weights, masks by the sign of the gradient.

Each returns a new rule whose steps are the old ones with something put in; the result is a rule like any other,
with its own formula, generated code, golden data and bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import overload

from refopt.errors import RefoptError
from refopt.language.expression import Expression, Kind, absolute, equal, floor, g, maximum, minimum, operation, scalar, sign, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.lists import listed, one_entry, place
from refopt.language.role import Role, Samples
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
    """The same formula under other names: by the old name of a hyperparameter, a state or an intermediate value the new one."""
    symbols = {h.name: h.symbol for h in concept.hyper}
    if isinstance(concept, Rule):
        symbols |= {s.name: s.symbol for s in concept.state} | {let.name: let.symbol for let in concept.steps}
    put = {old: replace(symbols[old], name=new) for old, new in names.items()}
    hyper = tuple(replace(h, symbol=put.get(h.name, h.symbol), domain=tuple(substitute(c, put) for c in h.conditions)) for h in concept.hyper)
    if isinstance(concept, Schedule):
        recursion, last = (None if tree is None else substitute(tree, put) for tree in (concept.recursion, concept.last))
        turns = tuple(substitute(turn, put) for turn in concept.turns)
        return replace(concept, hyper=hyper, rate=substitute(concept.rate, put), recursion=recursion, turns=turns, last=last)
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
    why = "a negative decay would let the weights grow"
    hyper = (*rule.hyper, Hyper(weight_decay, "0.01", weight_decay >= 0, Role.WEIGHT_DECAY, "decay of the weights", why))
    if not decoupled:
        g_decayed = tensor("g_decayed", r"\tilde g")
        first = Let(g_decayed, g + weight_decay * theta, "gradient of the loss and the penalty")
        steps = put_in(rule.steps, {"g": g_decayed})
        return _with_steps(rule, "+l2", f"{rule.title}; coupled weight decay (L2)", hyper, (first, *steps))
    at = _step_of_theta(rule, "decoupled weight decay", "write the decay into the rule's steps, or use decoupled=False")
    step = rule.steps[at]
    moved = Let(theta, substitute(step.value, {"theta": theta - lr * weight_decay * theta}), step.comment)
    return _with_steps(rule, "+decay", f"{rule.title}; decoupled weight decay", hyper, (*rule.steps[:at], moved, *rule.steps[at + 1 :]))


def _step_of_theta(rule: Rule, needed_for: str, help: str) -> int:
    """The place of the one step that assigns theta."""
    places = [i for i, step in enumerate(rule.steps) if step.name == "theta"]
    if len(places) != 1:
        raise RefoptError(f"{rule.name}: {needed_for} needs theta to be assigned once", help=help)
    return places[0]


def clipped(rule: Rule) -> Rule:
    """The rule with each component of the gradient clipped to [-clip, clip]."""
    clip = scalar("clip", "c", sign="positive")
    g_clipped = tensor("g_clipped", r"\bar g")
    first = Let(g_clipped, maximum(-clip, minimum(g, clip)), "each component within [-clip, clip]")
    steps = put_in(rule.steps, {"g": g_clipped})
    hyper = (*rule.hyper, Hyper(clip, "1", clip > 0, Role.THRESHOLD, "largest size of a gradient's component"))
    return _with_steps(rule, "+clip", f"{rule.title}; gradient clipped by value", hyper, (first, *steps))


def lookahead(rule: Rule) -> Rule:
    """The rule with slow weights that go a share of the way to the fast ones at every sync_period-th update, and which those start again from
    (Zhang et al. 2019)."""
    period = scalar("sync_period", "k", sign="positive", kind=Kind.INTEGER)
    share = scalar("slow_step_size", r"\alpha_\phi", sign="nonnegative")
    slow = tensor("slow", r"\phi")
    due = equal(t - period * floor(t / period), 0)
    lengths = Samples("2", "3", None, "0")
    hyper = (
        *rule.hyper,
        Hyper(period, "6", period >= 1, Role.COUNT, "updates from one synchronization to the next", "there would be none", lengths),
        Hyper(share, "0.5", (share >= 0, share <= 1), Role.SHARE, "share of the way that the slow weights go", "they would overshoot"),
    )
    steps = (*rule.steps, Let(slow, where(due, slow + share * (theta - slow), slow)), Let(theta, where(due, slow, theta)))
    state = (*rule.state, State(slow, theta, "slow weights"))
    return replace(
        rule, name=f"{rule.name}+lookahead", title=f"{rule.title}; slow weights", source=(*rule.source, LOOKAHEAD),
        hyper=hyper, state=state, steps=steps, differs="", used_by=(),
    )  # fmt: skip


def cautious(rule: Rule) -> Rule:
    """The rule whose step is not taken where the gradient has not its sign; what is left is not made longer (Liang et al. 2024, without the mean)."""
    step = tensor("step_made", "u_t")
    return _on_its_step(rule, "cautious", "no step against the gradient's sign", CAUTIOUS, step, where(step * g > 0, step, 0))


def grams(rule: Rule) -> Rule:
    """The rule whose step has its own length and the gradient's sign (Cao et al. 2024)."""
    step = tensor("step_made", "u_t")
    return _on_its_step(rule, "grams", "the gradient's sign for that of the step", GRAMS, step, sign(g) * absolute(step))


LOOKAHEAD = Source("Zhang et al. 2019", "Algorithm 1, the inner optimizer's state kept", "arXiv:1907.08610")
CAUTIOUS = Source("Liang et al. 2024", "Algorithm 1 without the division by the mean of the mask", "arXiv:2411.16085")
GRAMS = Source("Cao et al. 2024", "the update of Grams", "arXiv:2412.17107")


def _on_its_step(rule: Rule, word: str, title: str, source: Source, step: Expression, taken: Expression) -> Rule:
    """The rule whose step, what it takes off theta apart from a decay, is replaced by an expression in it."""
    at = _step_of_theta(rule, word, "write it into the rule's steps")
    found = _apart(rule.steps[at].value)
    if found is None:
        raise RefoptError(f"{rule.name}: what it takes off theta depends on theta", help=f"{word} needs a rule that ends with theta - step")
    base, whole = found
    steps = (*rule.steps[:at], Let(step, whole), Let(theta, base - taken, rule.steps[at].comment), *rule.steps[at + 1 :])
    return replace(_with_steps(rule, f"+{word}", f"{rule.title}; {title}", rule.hyper, steps), source=(*rule.source, source))


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
