"""Python's `while` loops in code that is run on symbols: one on a symbol is proved to be a power, any other runs as it stands.

The function is compiled again from its own source, each loop a call that is handed the loop's test and its body as functions of the
names that the body assigns. Where the source is not at hand, or is not what runs, the function is left alone.
"""

from __future__ import annotations
import __future__

import ast
import dis
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from refopt.language.expression import Expression, Kind, literal
from refopt.lifting.halving_loop import HALF, KNOWN, NothingProved, carried, left_by
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.outside import KEPT
from refopt.lifting.paths import decide, explore
from refopt.lifting.scalar import Condition, Scalar, compared, tree_of
from refopt.lifting.unreadable import CannotRead, tolerated

LOOP = "_refopt_loop"
"""Name of the call in the place of a loop, in the globals of the function."""


def loop(test: Callable[..., Any], turn: Callable[..., tuple[Any, ...]], *start: Any) -> tuple[Any, ...]:
    """Values of the names that a loop assigns, at its end."""
    left = _proved(test, turn, start)
    if left is not None:
        return left
    while test(*start):
        start = turn(*start)
    return start


def _proved(test: Callable[..., Any], turn: Callable[..., tuple[Any, ...]], start: tuple[Any, ...]) -> tuple[Any, ...] | None:
    if not any(isinstance(x, Scalar) for x in start) or not all(isinstance(x, Scalar | int | float) for x in start):
        return None
    trees = [tree for _, tree in _enumerated(start)]

    def turned(given: Sequence[Expression]) -> list[Expression]:
        found = explore(lambda: dict(_enumerated(turn(*map(Scalar, given)))), KNOWN).values
        return [found[str(i)] for i in range(len(trees))]

    for counter in (i for i, tree in enumerate(trees) if tree.kind is Kind.INTEGER):
        try:
            with tolerated():
                left = left_by(trees, counter, turned) if _ends_at_zero(test, trees, counter) else None
        except Exception:  # whatever a turn does that no formula stands for
            continue
        if left is not None and _from_zero(trees[counter]):
            return tuple(NothingProved() if tree is None else Scalar(tree) for tree in left)
    return None


def _enumerated(values: Sequence[Any]) -> Iterator[tuple[str, Expression]]:
    """Trees by the place of the value. Raises CannotRead for what is no formula."""
    for i, value in enumerate(values):
        tree = tree_of(value)
        if tree is None:
            raise CannotRead(Obstacle.LOOP_WITH_A, type(value).__name__)
        yield str(i), tree


def _from_zero(tree: Expression) -> bool:
    known = compared("ge", tree, literal(0))
    return known if isinstance(known, bool) else decide(known.tree)


def _ends_at_zero(test: Callable[..., Any], trees: Sequence[Expression], counter: int) -> bool:
    """True where the test fails for a counter of 0 and holds for every larger one, whatever else is carried."""
    before = carried(trees, counter)
    answers = [_truth(test(*(Scalar(n if i == counter else x) for i, x in enumerate(before)))) for n in (literal(0), HALF + 1)]
    return answers == [False, True]


def _truth(asked: Any) -> bool | None:
    if isinstance(asked, Scalar):
        zero = compared("eq", asked.tree, literal(0))
        asked = not zero if isinstance(zero, bool) else ~zero
    if isinstance(asked, Condition):
        known = KNOWN.truth(asked.tree)
        return None if known is None else known is not asked.negated
    return asked if isinstance(asked, bool) else None


def without_loops(function: FunctionType) -> CodeType | None:
    """The function's code with each loop that can be handed to `loop` a call; None where there is none."""
    if function.__closure__ or not _jumps_back(function.__code__):
        return None
    try:
        return _rewritten(inspect.getsource(function), function.__code__)
    except (OSError, TypeError, SyntaxError, ValueError):
        return None


@lru_cache(KEPT)
def _jumps_back(code: CodeType) -> bool:
    return any("JUMP_BACKWARD" in x.opname for x in dis.get_instructions(code))


@lru_cache(KEPT)
def _rewritten(source: str, code: CodeType) -> CodeType | None:
    """The code with calls in the place of loops, made from its source."""
    (tree,) = ast.parse(textwrap.dedent(source)).body
    if not isinstance(tree, ast.FunctionDef):
        return None
    tree.decorator_list = []
    if not _alike(_compiled(tree, code), code):
        return None  # the file is not the one that was loaded
    body = list(_without_loops(tree))
    if not any(isinstance(x, ast.FunctionDef) for x in body):
        return None
    tree.body = body
    return _compiled(ast.fix_missing_locations(tree), code)


def _compiled(tree: ast.FunctionDef, code: CodeType) -> CodeType:
    module = compile(ast.Module([tree], []), code.co_filename, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    return next(x for x in module.co_consts if isinstance(x, CodeType) and x.co_name == tree.name)


def _alike(one: CodeType, other: CodeType) -> bool:
    constants = [[x for x in code.co_consts if not isinstance(x, CodeType)] for code in (one, other)]
    return (one.co_code, one.co_names, one.co_varnames, constants[0]) == (other.co_code, other.co_names, other.co_varnames, constants[1])


def _without_loops(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """The statements, a loop that only assigns names that have a value before it made `a, b = _refopt_loop(test, turn, a, b)`."""
    arguments = function.args
    assigned = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    for i, statement in enumerate(function.body):
        names = sorted(_stored(statement))
        if isinstance(statement, ast.While) and not statement.orelse and names and set(names) <= assigned and _only_assigns(statement):
            yield from _as_call(statement, f"_refopt_turn_{i}", ", ".join(names))
        else:
            yield statement
        assigned |= set(names)


def _as_call(loop: ast.While, turn: str, names: str) -> Iterator[ast.stmt]:
    text = f"def {turn}({names}):\n    return ({names},)\n({names},) = {LOOP}(lambda {names}: 0, {turn}, {names})"
    body, call = ast.parse(text).body
    assert isinstance(body, ast.FunctionDef) and isinstance(call, ast.Assign) and isinstance(call.value, ast.Call)
    test = call.value.args[0]
    assert isinstance(test, ast.Lambda)
    test.body = loop.test
    body.body = [*loop.body, *body.body]
    yield from (ast.copy_location(body, loop), ast.copy_location(call, loop))


PURE = (
    ast.Assign, ast.AugAssign, ast.If, ast.Pass, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Tuple, ast.Name, ast.Constant,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)  # fmt: skip
"""Syntax of a loop that changes nothing but the names that it assigns."""


def _only_assigns(loop: ast.While) -> bool:
    return all(isinstance(x, PURE) for part in (loop.test, *loop.body) for x in ast.walk(part))


def _stored(node: ast.AST) -> set[str]:
    """Names that a statement assigns."""
    return {x.id for x in ast.walk(node) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)}
