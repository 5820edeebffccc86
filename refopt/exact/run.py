"""Exact runs: a rule fed with given gradients (open loop) or with the gradients of an objective (closed loop)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce, wraps
from typing import Any, ParamSpec, Protocol

from refopt.errors import RefoptError
from refopt.exact.further_inputs import Rows, refuse_any, refuse_others
from refopt.exact.numbers import Numbers, Undecided, mpmath_numbers
from refopt.language.compile import Program, compiled
from refopt.language.evaluate import Evaluation, binary64
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.lists import base, entries
from refopt.language.objective import Objective
from refopt.language.reductions import Over, Reduced, Reduction, sizes, staged
from refopt.language.role import Role
from refopt.language.rule import Rule, State
from refopt.language.schedule import Schedule

_Given = ParamSpec("_Given")
Progress = Callable[[int, int], None]
"""Called with (steps done, steps in all)."""


class Diverges(RefoptError):
    """A run that leaves the range of binary64 at update `step`."""

    def __init__(self, rule: str, objective: str, step: int) -> None:
        super().__init__(f"{rule} on {objective} diverges: theta leaves the range of binary64 at step {step}", help="use a smaller rate")
        self.step = step


@dataclass(frozen=True)
class Step:
    """One update: the gradient, the further inputs and the rate it was given, theta and every state after it, one entry an element.

    A state of one value for the whole tensor has that value in each entry. `reduced` holds what the rule's reductions gave, by their symbols.
    """

    t: int
    theta: tuple[Any, ...]
    state: dict[str, tuple[Any, ...]]
    g: tuple[Any, ...]
    lr: Any
    reduced: Mapping[str, Reduced] = field(default_factory=dict)
    inputs: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Tensor:
    """One tensor before an update: theta, every state, the gradient and the further inputs, one entry a distinct element.

    repeats  how many elements each of them stands for; None: itself alone
    """

    theta: Sequence[Any]
    state: Mapping[str, Sequence[Any]]
    g: Sequence[Any]
    repeats: tuple[int, ...] | None = None
    inputs: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of its elements."""
        return len(self.theta) if self.repeats is None else sum(self.repeats)


def _numbers_of(hyper: Mapping[str, Fraction], declared: Sequence[Hyper], numbers: Numbers) -> dict[str, Any]:
    """Hyperparameters as numbers; integer ones as Python ints."""
    integers = {h.name for h in declared if h.symbol.kind is Kind.INTEGER}
    return {name: int(x) if base(name) in integers else numbers.number(x) for name, x in hyper.items()}


class Updater:
    """A rule made executable in some sort of numbers: one update of many elements at a time."""

    def __init__(self, rule: Rule, hyper: Mapping[str, Fraction], numbers: Numbers) -> None:
        self.rule = rule
        self.numbers = numbers
        self.hyper = _numbers_of(hyper, rule.hyper, numbers)
        staging = staged(rule)
        self.program = compiled([(let.name, let.value) for let in staging.steps], numbers.arithmetic)
        self.reducing = [(r, compiled(r.assignments, numbers.arithmetic)) for r in staging.reductions]

    def initial(self, theta: Sequence[Any]) -> dict[str, list[Any]]:
        """Every state before the first update."""
        return {s.name: self._initial(s, theta) for s in self.rule.state}

    def _initial(self, state: State, theta: Sequence[Any]) -> list[Any]:
        """A state's first value at each element; evaluated once where it is the same at all."""
        tree = state.initial
        if "theta" in tree.symbol_names:
            return [Evaluation({**self.hyper, "theta": x}, self.numbers.arithmetic).value(tree) for x in theta]
        return [Evaluation(self.hyper, self.numbers.arithmetic).value(tree)] * len(theta) if theta else []

    def _one(self, state: State, value: Any) -> Any:
        """A state of one value as the scalars of an update take it: an integer as Python's own."""
        return int(self.numbers.interval(value)[0]) if state.kind is Kind.INTEGER else value

    def update(
        self, t: int, theta: Sequence[Any], state: Mapping[str, Sequence[Any]], g: Sequence[Any], lr: Any = None, moved: Mapping[str, Any] | None = None,
        repeats: tuple[int, ...] | None = None, inputs: Mapping[str, Sequence[Any]] | None = None,
    ) -> Step:  # fmt: skip
        """theta and every state after update t; `lr` replaces the learning rate, `moved` any hyperparameter; `repeats`, `inputs` are those of a Tensor."""
        (step,) = self.update_all(t, [Tensor(theta, state, g, repeats, inputs or {})], lr, moved)
        return step

    def reduced(self, t: int, tensor: Tensor) -> dict[str, Reduced]:
        """The values of the rule's reductions in update t of a tensor that is updated alone."""
        (update,) = self._until_the_last(t, [tensor], {})
        return update.reduced

    def update_all(self, t: int, tensors: Sequence[Tensor], lr: Any = None, moved: Mapping[str, Any] | None = None) -> list[Step]:
        """theta and every state of each tensor after update t; what a rule reduces over all tensors is reduced over these."""
        rate = {} if lr is None else self.rule.at_rate(lr)
        updates = self._until_the_last(t, tensors, {**(moved or {}), **rate})
        in_force = next((x for x in ((updates[0].environment if updates else {}).get(name) for name in self.rule.at_rate(None)) if x is not None), None)
        return [u.step(t, in_force) for u in updates]

    def _until_the_last(self, t: int, tensors: Sequence[Tensor], moved: Mapping[str, Any]) -> list[_Update]:
        """An update with all its reductions made."""
        every = sum(x.size for x in tensors)
        updates = [_Update(self, x, {**self.hyper, **moved, **sizes(x.size, every), "t": t}) for x in tensors]
        for reduction, program in self.reducing:
            parts = [Reduced(None, tuple(u.column(program)), u.tensor.repeats) for u in updates]
            for u, part in zip(updates, parts, strict=True):
                u.put(reduction.name, replace(part, value=self._reduced(reduction, parts if reduction.over is Over.ALL else [part])))
        return updates

    def _reduced(self, reduction: Reduction, parts: Sequence[Reduced]) -> Any:
        """The value of a reduction of the terms of some tensors; of none, zero."""
        numbers = self.numbers
        terms: list[Any] = []
        for part in parts:
            repeated = part.repeats is not None and reduction.op == "sum"
            terms += [x * numbers.number(n) for x, n in zip(part.terms, part.repeats or (), strict=True)] if repeated else part.terms
        return reduce(numbers.arithmetic.operations[reduction.join], terms) if terms else numbers.number(0)


class _Update:
    """One tensor in an update: what its scalars and its elements are made of."""

    def __init__(self, updater: Updater, tensor: Tensor, settings: Mapping[str, Any]) -> None:
        self.updater, self.tensor, self.count = updater, tensor, len(tensor.theta)
        rule = updater.rule
        own = {s.name: updater._one(s, tensor.state[s.name][0]) for s in rule.scalar_state if self.count}
        self.environment: dict[str, Any] = {**settings, **own}
        self.given: dict[str, Sequence[Any]] = {**tensor.state, **tensor.inputs, "theta": tensor.theta, "g": tensor.g}
        self.reduced: dict[str, Reduced] = {}

    def put(self, name: str, reduced: Reduced) -> None:
        """Hand the value of a reduction to what comes after it."""
        self.given[name], self.reduced[name] = [reduced.value] * self.count, reduced

    def rows(self, program: Program) -> list[tuple[Any, ...]]:
        """The values that a program assigns, one row an element; nothing is no state of one value either."""
        return program.rows(self.count, self.given, program.prelude(self.environment)) if self.count else []

    def column(self, program: Program) -> list[Any]:
        """The last value that a program assigns, one an element."""
        return [row[-1] for row in self.rows(program)]

    def step(self, t: int, rate: Any) -> Step:
        """The update's outcome."""
        rule = self.updater.rule
        after = {**self.given, **dict(zip((let.name for let in rule.steps), zip(*self.rows(self.updater.program), strict=True), strict=False))}
        kept = {n: tuple(after[n]) for n in rule.state_names}
        further = {n: tuple(self.given[n]) for n in rule.input_names}
        return Step(t, tuple(after["theta"]), kept, tuple(self.given["g"]), rate, self.reduced, further)


def updates(
    rule: Rule,
    *,
    hyper: Mapping[str, Fraction],
    theta0: Sequence[Fraction],
    gradients: Sequence[Sequence[Fraction]],
    lr: Sequence[Fraction] | None = None,
    state0: Mapping[str, Sequence[Fraction]] | None = None,
    t0: int = 1,
    counted: Sequence[int] | None = None,
    courses: Mapping[str, InNumbers] | None = None,
    repeats: tuple[int, ...] | None = None,
    inputs: Rows | None = None,
    numbers: Numbers | None = None,
    digits: int = 50,
) -> Iterator[Step]:
    """The rule fed with the given gradients, one a step; `lr` gives one rate a step, t0 is the number of the first update.

    `courses` gives a value a step to any other hyperparameter (exact/course.py), `inputs` a row a step to each further input of the rule.
    `repeats` says how many elements of the tensor each of theta0 stands for, where a rule reduces over them.

    `counted` gives the number of each update, where they do not follow one another: a gradient was absent between two of them.
    Each step is made when it is asked for: who has seen enough stops. The precision is set while a step is made alone.
    Raises RefoptError when lengths differ or a state or an input is missing.
    """
    numbers = numbers or mpmath_numbers()
    n = len(theta0)
    refuse_others(rule, inputs, n, len(gradients))
    for i, row in enumerate(gradients):
        if len(row) != n:
            raise RefoptError(f"the gradient of step {i} has {len(row)} elements, theta has {n}")
    if lr is not None and len(lr) != len(gradients):
        raise RefoptError(f"{len(lr)} rates for {len(gradients)} steps")
    for name in rule.state_names if state0 is not None else ():
        if state0 is None or len(state0.get(name, ())) != n:
            raise RefoptError(f"state0 needs {n} values of {name}")
    with numbers.precision(digits):
        updater = Updater(rule, hyper, numbers)
        moving = _moving(courses, numbers)
        theta: Sequence[Any] = [numbers.number(x) for x in theta0]
        state: Mapping[str, Sequence[Any]] = (
            updater.initial(theta) if state0 is None else {s: [numbers.number(x) for x in state0[s]] for s in rule.state_names}
        )
    for i, row in enumerate(gradients):
        with numbers.precision(digits):
            rate = None if lr is None else numbers.number(lr[i])
            further = {name: [numbers.number(x) for x in rows[i]] for name, rows in (inputs or {}).items()}
            given = [numbers.number(x) for x in row]
            step = updater.update(t0 + i if counted is None else counted[i], theta, state, given, rate, moving(i), repeats, further)
        theta, state = step.theta, step.state
        yield step


def _all_at_once(steps: Callable[_Given, Iterator[Step]]) -> Callable[_Given, list[Step]]:
    """The same function with every step made before it returns."""

    @wraps(steps)
    def every(*args: _Given.args, **given: _Given.kwargs) -> list[Step]:
        return list(steps(*args, **given))

    return every


open_loop = _all_at_once(updates)
"""A run in open loop: the steps of `updates`, all of them."""


class Gradient:
    """The gradient of an objective made executable: the mean over the samples that a step sees."""

    def __init__(self, objective: Objective, hyper: Mapping[str, Fraction], numbers: Numbers) -> None:
        self.objective = objective
        self.numbers = numbers
        self.hyper = _numbers_of(hyper, objective.hyper, numbers)
        self.program = compiled([(f"slope {i}", tree) for i, tree in enumerate(objective.gradient)], numbers.arithmetic, hoist=False)
        self.literals = self.program.prelude({})
        names = [str(s.name) for s in objective.inputs]
        self.samples = [dict(zip(names, (numbers.number(binary64(x)) for x in row), strict=True)) for row in objective.data]

    def at(self, theta: Sequence[Any], step: int) -> list[Any]:
        """The gradient at theta, of the samples of step `step` (from 0)."""
        names = [str(p.name) for p in self.objective.parameters]
        point = {**self.hyper, **dict(zip(names, theta, strict=True))}
        batch = self.objective.batch(step)
        total: list[Any] | None = None
        for i in batch:
            one = self.program.body({**point, **self.samples[i]}, self.literals)
            total = one if total is None else [a + b for a, b in zip(total, one, strict=True)]
        assert total is not None
        return total if len(batch) == 1 else [x / self.numbers.number(len(batch)) for x in total]


def closed_loop(
    rule: Rule,
    objective: Objective,
    *,
    hyper: Mapping[str, Fraction],
    objective_hyper: Mapping[str, Fraction] | None = None,
    steps: int,
    schedule: Schedule | None = None,
    schedule_hyper: Mapping[str, Fraction] | None = None,
    courses: Mapping[str, InNumbers] | None = None,
    theta0: Sequence[Fraction] | None = None,
    numbers: Numbers | None = None,
    digits: int = 50,
    progress: Progress | None = None,
) -> list[Step]:
    """The rule fed with the objective's own gradients; a schedule gives the rate of step k = t - 1, `courses` the values of other hyperparameters."""
    numbers = numbers or mpmath_numbers()
    refuse_any(rule)
    with numbers.precision(digits):
        updater = Updater(rule, hyper, numbers)
        gradient = Gradient(objective, objective.values() if objective_hyper is None else objective_hyper, numbers)
        start = [binary64(x) for x in objective.start] if theta0 is None else theta0
        theta: Sequence[Any] = [numbers.number(x) for x in start]
        state: Mapping[str, Sequence[Any]] = updater.initial(theta)
        moving = _moving(courses, numbers)
        rate = None if schedule is None else rate_of(schedule, schedule.values() if schedule_hyper is None else schedule_hyper, numbers)
        made = []
        for k in range(steps):
            step = updater.update(k + 1, theta, state, gradient.at(theta, k), None if rate is None else rate(k), moving(k))
            theta, state = step.theta, step.state
            _refuse_divergence(rule, objective, step, numbers)
            made.append(step)
            if progress is not None:
                progress(k + 1, steps)
    return made


def _refuse_divergence(rule: Rule, objective: Objective, step: Step, numbers: Numbers) -> None:
    """A run that leaves the range of binary64 is no data; its exponents would soon fill the memory."""
    largest = numbers.number(2**1024)
    for x in step.theta:
        if bool(abs(x) > largest):
            raise Diverges(rule.name, objective.name, step.t)
        if not bool(abs(x) <= largest):
            raise Undecided


class InNumbers(Protocol):
    """Values of a hyperparameter, one an update, in whatever numbers a run is made in."""

    def in_numbers(self, numbers: Numbers) -> Callable[[int], Any]:
        """The value of step k = t - 1, as a function of k."""
        ...


def _moving(courses: Mapping[str, InNumbers] | None, numbers: Numbers) -> Callable[[int], dict[str, Any]]:
    """The values of the hyperparameters that have a course, as a function of the step."""
    values = {name: course.in_numbers(numbers) for name, course in (courses or {}).items()}
    return lambda k: {name: value(k) for name, value in values.items()}


def rate_of(schedule: Schedule, hyper: Mapping[str, Fraction], numbers: Numbers) -> Callable[[int], Any]:
    """The rate of step k, as a function of k."""
    given = _numbers_of(hyper, schedule.hyper, numbers)
    closed_form = compiled([("rate", schedule.rate)], numbers.arithmetic).prelude
    if schedule.waits:
        after = _after_metrics(schedule, given, numbers)
        return lambda k: closed_form(after(k))[0]
    return lambda k: closed_form({**given, "k": k})[0]


def _after_metrics(schedule: Schedule, given: Mapping[str, Any], numbers: Numbers) -> Callable[[int], Mapping[str, Any]]:
    """Hyperparameters and states after k metrics, as a function of k. Each metric is taken once; of one that is missing a RefoptError tells."""
    metrics = next((entries(h.name, given) for h in schedule.of_role(Role.METRIC)), None)
    kinds = {let.name: let.symbol.kind for let in schedule.steps}
    moves = [(let.name, compiled([(let.name, let.value)], numbers.arithmetic).prelude) for let in schedule.steps]

    def kept(name: str, value: Any) -> Any:
        return int(numbers.interval(value)[0]) if kinds[name] is Kind.INTEGER else value

    reached = [{**given, **{s.name: kept(s.name, Evaluation(given, numbers.arithmetic).value(s.initial)) for s in schedule.state}}]

    def after(k: int) -> Mapping[str, Any]:
        if metrics is not None and k > len(metrics):
            names = ", ".join(h.name for h in schedule.of_role(Role.METRIC))
            raise RefoptError(f"{schedule.name} has {len(metrics)} metrics, its rate of step {k} needs {k}", help=f"give more {names}")
        while len(reached) <= k:
            measured = {} if metrics is None else {"metric": metrics[len(reached) - 1]}
            at = {**reached[-1], "k": len(reached) - 1, **measured}
            for name, move in moves:
                at[name] = kept(name, move(at)[0])
            reached.append(at)
        return reached[k]

    return after


def rates(
    schedule: Schedule, hyper: Mapping[str, Fraction], steps: Sequence[int], *, numbers: Numbers | None = None, digits: int = 50
) -> list[Any]:
    """The rate at each of `steps`, from the closed form, or after so many metrics."""
    numbers = numbers or mpmath_numbers()
    with numbers.precision(digits):
        rate = rate_of(schedule, hyper, numbers)
        return [rate(k) for k in steps]
