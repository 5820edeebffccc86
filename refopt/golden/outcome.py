"""The outcome of a case that has no exact values: what the written formula gives in each format's own arithmetic, by class.

A class is definite only where it depends neither on the format nor on how wide the intermediates are: the formula is
evaluated with every operation rounded to the format, and again in numbers without limits with only theta and the state
rounded; where the formula takes a sign, with NaN and with 0 for the sign of NaN too, and where it compares, with comparisons
with NaN that hold and that do not: libraries differ in both. Where no gradient moves
theta, with choices that take 0 times what is not chosen too, for that is NaN where this is not finite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from refopt.golden.changing import in_update
from refopt.golden.closed_loop_inputs import exact_hyper
from refopt.golden.model import Case, Row
from refopt.golden.tree_mutations import COMPARISONS
from refopt.language.compile import compiled
from refopt.language.evaluate import Arithmetic, Evaluation, rational
from refopt.language.expression import Expression, Kind, operation
from refopt.language.reductions import sizes, staged
from refopt.language.rule import Let, Rule
from refopt.language.spread import counts
from refopt.rounding.formats import FORMATS


def _operations(divide: Callable[..., Any], functions: Any) -> Mapping[str, Callable[..., Any]]:
    return {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": divide,
        "neg": lambda x: -x, "square": lambda x: x * x, "pow": lambda x, y: x**y, "abs": abs,
        "max": lambda x, y: x + y if x != x or y != y else max(x, y), "min": lambda x, y: x + y if x != x or y != y else min(x, y),
        "lt": lambda x, y: x < y, "le": lambda x, y: x <= y, "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y,
        "eq": lambda x, y: x == y, "and": lambda x, y: x and y, "or": lambda x, y: x or y, "where": lambda c, x, y: x if c else y, "cast": lambda x: x,
        **{name: getattr(functions, name) for name in ("sqrt", "sign", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")},
    }  # fmt: skip


BINARY = Arithmetic("binary", lambda x: np.float64(float(x)), lambda: np.float64(np.pi), _operations(lambda x, y: x / y, np))
"""NumPy's numbers: an operation on two numbers of a format gives a number of that format."""


def _boundless() -> Arithmetic:
    """60 digits and no largest or smallest number: wider than whatever a correct program works in."""
    from mpmath import MPContext

    mp = MPContext()
    mp.dps = 60

    def divide(x: Any, y: Any) -> Any:
        if y == 0:
            return mp.nan if x == 0 or x != x else mp.inf if x > 0 else mp.ninf
        return x / y

    functions = SimpleNamespace(**{name: getattr(mp, name) for name in ("sign", "floor", "exp", "log", "cos", "sin", "tanh")})
    functions.cbrt = lambda x: -mp.cbrt(-x) if x < 0 else mp.cbrt(x)
    functions.sqrt = lambda x: mp.sqrt(x) if x >= 0 else mp.nan
    return Arithmetic("boundless", lambda x: mp.mpf(x.numerator) / x.denominator, lambda: +mp.pi, {**_operations(divide, functions), "number": mp.mpf})


def without_sign_of_nan(arithmetic: Arithmetic) -> Arithmetic:
    """The same with 0 for the sign of NaN."""
    sign = arithmetic.operations["sign"]
    return replace(arithmetic, operations={**arithmetic.operations, "sign": lambda x: sign(x) if x == x else type(x)(0)})


def where_nan_compares(arithmetic: Arithmetic) -> Arithmetic:
    """The same with every comparison with NaN holding: a program that asks the contrary question takes the other branch."""

    def holding(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        return lambda x, y: bool(x != x or y != y) or compare(x, y)

    operations = {op: holding(f) if op in COMPARISONS else f for op, f in arithmetic.operations.items()}
    return replace(arithmetic, operations=operations)


def by_products(arithmetic: Arithmetic) -> Arithmetic:
    """The same with choices that are sums: what is chosen once, and what is not times 0."""

    def chosen(c: Any, x: Any, y: Any) -> Any:
        taken, left = (x, y) if c else (y, x)
        return taken + left * type(left)(0)

    return replace(arithmetic, operations={**arithmetic.operations, "where": chosen})


def classes(values: Sequence[Any]) -> Row:
    """finite, inf, -inf or nan, one a value."""
    return tuple("nan" if x != x else "inf" if x == np.inf else "-inf" if x == -np.inf else "finite" for x in map(float, values))


def outcome(case: Case, rule: Rule) -> Row | None:
    """The class of theta after the last step, one a distinct element of the first tensor; None where none is definite."""
    nodes = [node for let in rule.steps for node in let.value.walk()]
    changes: list[Callable[[Arithmetic], Arithmetic]] = [_as_it_is]
    changes += [without_sign_of_nan] if any(node.op == "sign" for node in nodes) else []
    changes += [where_nan_compares] if any(node.op in COMPARISONS and not node.is_scalar for node in nodes) else []
    chooses, found, orders = any(node.op == "where" for node in nodes), set(), dict.fromkeys((rule, _products_first(rule)))
    for dtype in case.dtypes:
        for wide in (False, True):
            products = [by_products] if chooses and _may_choose_by_products(case, rule, dtype, wide) else []
            found |= {classes(_last_theta(case, r, dtype, wide, changed)) for changed in (*changes, *products) for r in orders}
    return found.pop() if len(found) == 1 else None


def _products_first(rule: Rule) -> Rule:
    """The rule with each quotient of elements that is multiplied by another element divided last: the product alone may overflow, or come out as zero."""
    steps = tuple(replace(let, value=_divided_last(let.value)) for let in rule.steps)
    return rule if steps == rule.steps else replace(rule, steps=steps)


def _divided_last(node: Expression) -> Expression:
    if not node.args:
        return node
    args = tuple(map(_divided_last, node.args))
    if node.op == "mul" and args[0].op == "div" and not any(x.is_scalar for x in (*args[0].args, args[1])):
        return operation("div", operation("mul", args[1], args[0].args[0]), args[0].args[1])
    return operation(node.op, *args, attribute=node.attribute)


def _as_it_is(arithmetic: Arithmetic) -> Arithmetic:
    return arithmetic


def _may_choose_by_products(case: Case, rule: Rule, dtype: str, wide: bool) -> bool:
    """True where an ordinary gradient leaves theta as it is, and so it does with choices that are sums: a program may leave it out by a 0."""
    ordinary = replace(case, grads=tuple(tuple(row and ("1",) * len(row) for row in step) for step in case.grads))
    start = list(map(float, case.params[0].theta0))
    found = _last_theta(ordinary, rule, "float64", True, _as_it_is), _last_theta(ordinary, rule, dtype, wide, by_products)
    return all(list(map(float, theta)) == start for theta in found)


Update = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
"""(scalars, values of one element) -> what is assigned to it."""


def _last_theta(case: Case, rule: Rule, dtype: str, wide: bool, changed: Callable[[Arithmetic], Arithmetic]) -> list[Any]:
    """theta after the last step of an open loop. `wide`: only what is stored is rounded to the format; `changed`: what else libraries differ in."""
    rounded = FORMATS[dtype].dtype.type
    arithmetic = changed(_boundless() if wide else BINARY)
    staging = staged(rule)

    def made(lets: Sequence[Let]) -> Update:
        return _as_written(rule, lets, arithmetic) if wide else _in_format(rule, lets, rounded, arithmetic)

    update, reducing = made(staging.steps), [(r, made((*r.before, Let(r.symbol, r.operand)))) for r in staging.reductions]
    integers = {h.name for h in rule.hyper if h.symbol.kind is Kind.INTEGER}
    hyper = {n: int(x) if n in integers else arithmetic.literal(x) for n, x in exact_hyper(case, rule).items()}

    def worked(x: Any) -> Any:
        return arithmetic.operations["number"](float(x)) if wide else rounded(float(x))

    parameter = case.params[0]
    with np.errstate(all="ignore"):
        values: dict[str, list[Any]] = {"theta": [worked(x) for x in parameter.theta0]}
        for s in rule.state:
            start = [Evaluation({**hyper, "theta": x}, arithmetic).value(s.initial) for x in values["theta"]]
            values[s.name] = [worked(x) for x in (parameter.state0[s.name] if parameter.state0 else start)]
        for step, row in enumerate(case.grads):
            changing = {n: arithmetic.literal(x) for n, x in in_update(case, rule, step).items()}
            scalars = {**hyper, **changing, "t": case.t0 + step, **sizes(size := sum(parameter.repeats), size)}
            absent = ("0",) * len(parameter.theta0)
            given = {"g": row[0] or absent, **{n: rows[step][0] or absent for n, rows in case.inputs.items()}}
            elements = [{n: worked(x[i]) for n, x in given.items()} | {n: v[i] for n, v in values.items()} for i in range(len(parameter.theta0))]
            for r, operand in reducing:
                terms = [operand(scalars, element)[r.name] for element in elements]
                value = worked(rounded(float(_reduced(r.op, terms, parameter.repeats))))
                for element in elements:
                    element[r.name] = value
            for i, element in enumerate(elements):
                after = update(scalars, element)
                for n in values.keys() & after.keys():
                    values[n][i] = worked(rounded(float(after[n])))
    return values["theta"]


def _reduced(op: str, terms: Sequence[Any], repeats: Sequence[int]) -> Any:
    """The sum or the largest of the elements in binary64; NaN where one is NaN."""
    if any(x != x for x in terms):
        return np.nan
    return sum(float(x) * n for x, n in zip(terms, repeats, strict=True)) if op == "sum" else max(map(float, terms))


def _as_written(rule: Rule, lets: Sequence[Let], arithmetic: Arithmetic) -> Update:
    """Assignments of one element, tree by tree."""

    def update(scalars: Mapping[str, Any], element: Mapping[str, Any]) -> Mapping[str, Any]:
        counted = counts(rule)
        known = {**scalars, **element, **{name: int(element[name]) for name in counted}}
        for let in lets:
            known[let.name] = int(rational(let.value, known)) if let.name in counted else Evaluation(known, arithmetic).value(let.value)
        return {let.name: known[let.name] for let in lets}

    return update


def _in_format(rule: Rule, lets: Sequence[Let], rounded: Callable[[Any], Any], arithmetic: Arithmetic) -> Update:
    """Assignments of one element in a format: scalars are formed in binary64 and rounded once, every other operation is rounded."""
    made = compiled([(let.name, let.value) for let in lets], arithmetic)
    one_value = {s.name: int if s.kind is Kind.INTEGER else np.float64 for s in rule.scalar_state}

    def update(scalars: Mapping[str, Any], element: Mapping[str, Any]) -> Mapping[str, Any]:
        formed = made.prelude({**scalars, **{name: made_of(element[name]) for name, made_of in one_value.items()}})
        known = [x if isinstance(x, bool | np.bool_) else rounded(x) for x in formed]
        return dict(zip([let.name for let in lets], made.body(element, known), strict=True))

    return update
