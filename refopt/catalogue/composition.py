"""Schedules made of schedules: one after another, or each on the rate that the one before it has left.

`sequential(a, b)` is a up to step start_2, and then b, counted from there on. `chained(a, b)` is b's step from one rate to the next, made on what a's
step has left: the product of both where both only multiply the rate, and something else where one of them does more.

Hyperparameters of the same name are told apart by the number of their schedule, `factor` and `factor_2`; the rate is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import product

from refopt.catalogue.symbols import lr
from refopt.errors import RefoptError
from refopt.language.compose import renamed, substitute
from refopt.language.expression import Expression, Kind, equal, k, literal, scalar, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Source, State
from refopt.language.schedule import Schedule, lr_prev

# ---- source ------------------------------------------------------------------------------------------------------
SEQUENTIAL = Source("Goyal et al. 2017", "section 2.2, a warm-up and then the schedule", "arXiv:1706.02677")
CHAINED = Source("torch.optim.lr_scheduler.ChainedScheduler", "every scheduler's step at each step", "pytorch 2.13")
SPACING = 10
"""Steps between the starts of the examples."""


# ---- sequential --------------------------------------------------------------------------------------------------
def sequential(*schedules: Schedule) -> Schedule:
    """One schedule after another, each from its own step 0: schedule number i from step `start_i` on.

    The starts are to rise; one that does not is passed over. Raises RefoptError for fewer than two, and for a schedule that waits for a metric.
    """
    parts = _apart("sequential", schedules)
    starts = [_start(i) for i in range(2, len(parts) + 1)]
    rate, one_step = parts[0].rate, _one_step(parts[0])
    for part, start in zip(parts[1:], starts, strict=True):
        own = {"k": k - start.symbol}
        rate = where(k < start.symbol, rate, substitute(part.rate, own))
        begun = where(equal(k, start.symbol), substitute(part.rate, {"k": literal(0)}), substitute(_one_step(part), own))
        one_step = where(k < start.symbol, one_step, begun)
    return Schedule(
        _name("sequential", schedules), f"one after another: {'; '.join(s.title for s in schedules)}",
        _sources(SEQUENTIAL, schedules), (*_hypers(parts), *starts),
        rate=rate, recursion=one_step, turns=tuple(h.symbol for h in starts), made_of=schedules,
    )  # fmt: skip


def _start(number: int) -> Hyper:
    symbol = scalar(f"start_{number}", rf"s_{{{number}}}", sign="nonnegative", kind=Kind.INTEGER)
    spread = tuple(str(n * (number - 1)) for n in (5, 30, 12, 8, 3, 4))
    return Hyper(symbol, str(SPACING * (number - 1)), symbol >= 0, Role.COUNT, f"step at which schedule {number} begins", "no step comes before the first",
                 replace(Hyper(symbol, "1", symbol >= 0, Role.COUNT, "").given, schedules=spread))  # fmt: skip


# ---- chained -----------------------------------------------------------------------------------------------------
def chained(*schedules: Schedule) -> Schedule:
    """The steps of all schedules from one rate to the next, one made on what the one before it has left; the first rates likewise.

    A schedule without a recursion puts its own rate in the place of what it finds. Where each only multiplies the rate the whole has a closed form.

    Raises RefoptError for fewer than two, and for a schedule that waits for a metric.
    """
    parts = _apart("chained", schedules)
    recursions = [_one_step(s) for s in parts]
    head = _name("chained", schedules), f"each on the rate that the one before has left: {'; '.join(s.title for s in schedules)}", _sources(CHAINED, schedules)
    first = reduce(lambda rate, s: substitute(s.rate, {"k": literal(0), str(lr.name): rate}), parts, lr)
    one_step = reduce(lambda rate, tree: substitute(tree, {str(lr_prev.name): rate}), recursions, lr_prev)
    if all(multiplies(tree, str(lr_prev.name)) and multiplies(s.rate, str(lr.name)) for tree, s in zip(recursions, parts, strict=True)):
        rate = reduce(lambda rate, s: substitute(s.rate, {str(lr.name): rate}), parts, lr)
        return Schedule(*head, _hypers(parts), rate=rate, recursion=one_step, made_of=schedules)
    kept = State(lr_prev, first, "rate of the step")
    return Schedule(*head, _hypers(parts), rate=lr_prev, state=(kept,), steps=(Let(lr_prev, substitute(one_step, {"k": k + 1})),), made_of=schedules)


def _one_step(schedule: Schedule) -> Expression:
    """The rate from the one before; of a schedule without a recursion, which does not ask for it, the rate."""
    return schedule.rate if schedule.recursion is None else schedule.recursion


def multiplies(node: Expression, name: str) -> bool:
    """True where a tree is a symbol times something that does not depend on it, in each of its cases."""
    if node.op == "symbol":
        return str(node.name) == name
    if node.op == "neg":
        return multiplies(node.args[0], name)
    if node.op == "where":
        return name not in node.args[0].symbol_names and all(multiplies(a, name) for a in node.args[1:])
    if node.op in ("add", "sub"):
        return all(multiplies(a, name) for a in node.args)
    if node.op in ("mul", "div"):
        first, second = node.args
        return (multiplies(first, name) and name not in second.symbol_names) or (
            node.op == "mul" and name not in first.symbol_names and multiplies(second, name)
        )
    return False


def others_like(schedule: Schedule, families: Callable[[Schedule], Sequence[Schedule]]) -> tuple[Schedule, ...]:
    """The same composition of other schedules of the families of its parts; a schedule is to be made of some."""
    word = schedule.name.partition("(")[0]
    return tuple(made for parts in product(*(families(s) for s in schedule.made_of)) if (made := WORDS[word](*parts)).name != schedule.name)


# ---- parts -------------------------------------------------------------------------------------------------------
WORDS: Mapping[str, Callable[..., Schedule]] = {"sequential": sequential, "chained": chained}
"""The functions by the words that people write: `sequential(warmup, cosine_annealing)`."""


def _name(word: str, schedules: Sequence[Schedule]) -> str:
    return f"{word}({', '.join(s.name for s in schedules)})"


def _apart(word: str, schedules: Sequence[Schedule]) -> tuple[Schedule, ...]:
    """The schedules, with the names of hyperparameters that stand in one before told apart."""
    if len(schedules) < 2:
        raise RefoptError(f"{word} needs two schedules, here {'is one' if schedules else 'are none'}", help=f"{word}(warmup, cosine_annealing)")
    if waiting := [s.name for s in schedules if s.waits]:
        raise RefoptError(f"{waiting[0]} waits for what comes while it runs, and cannot stand in {word}", help=f"{word} takes closed forms of the step")
    known: set[str] = set()
    found = []
    for number, s in enumerate(schedules, start=1):
        names = {n: f"{n}_{number}" for n in s.hyper_names if n in known and s.learning_rate is not None and n != s.learning_rate.name}
        found.append(renamed(s, names))
        known |= set(found[-1].hyper_names)
    return tuple(found)


def part_names(schedules: Sequence[Schedule]) -> tuple[Mapping[str, str], ...]:
    """By schedule, from the name of each of its hyperparameters to its name in the whole."""
    return tuple(dict(zip(s.hyper_names, part.hyper_names, strict=True)) for s, part in zip(schedules, _apart("sequential", schedules), strict=True))


def _hypers(parts: Sequence[Schedule]) -> tuple[Hyper, ...]:
    found: dict[str, Hyper] = {}
    for h in (h for s in parts for h in s.hyper):
        found.setdefault(h.name, h)
    return tuple(found.values())


def _sources(own: Source, schedules: Sequence[Schedule]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys((own, *(x for s in schedules for x in s.source))))
