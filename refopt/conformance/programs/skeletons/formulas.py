"""The body of a skeleton: an update as lines of a language, over whole arrays or in a loop over their elements.

Numbers are formed in binary64 and rounded to the arrays' format where they are stored. A scalar that takes a library's function to form
stands once above the loop; a state of one value is kept at every element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from refopt.language.expression import Expression, g, theta
from refopt.language.rule import Rule
from refopt.lowering.c_family import FUNCTIONS, INFIX, SQUARE, literal
from refopt.lowering.printer import ANY, ATOM, Dialect, Spelling, Table, decimal_text, text
from refopt.lowering.python import COMPARE, OPERATORS, POWER, PRODUCT, SIGN, SUM, call
from refopt.lowering.scalars import readable_name


@dataclass(frozen=True)
class Writing:
    """A language's way to write an update.

    dialect    how trees are written
    element    an array's element as a number in binary64, and as the place that is assigned, with NAME in it
    declare    a new number, with NAME and VALUE in it
    assign     another value of a number, and of an element
    vectors    how trees of whole arrays are written, in a language that does without the loop
    """

    dialect: Dialect
    element: str
    declare: str
    assign: str
    store: str
    vectors: Dialect | None = None


@dataclass(frozen=True)
class Body:
    """An update in lines: scalars first, then those of an element; `functions` are those that it calls by a name of ours."""

    scalars: tuple[str, ...]
    elements: tuple[str, ...]
    functions: frozenset[str]


OWN = ("maximum", "minimum", "square", "signum", "choose")
"""Functions that a language's library may lack: they stand in the skeleton where the formula calls them."""


def body(rule: Rule, writing: Writing) -> Body:
    """The update of a rule."""
    changing = {str(theta.name), str(g.name), *rule.state_names, *(let.name for let in rule.steps)}
    names: dict[Expression, str] = {}
    taken = {*changing, *rule.hyper_names, "t"}
    for let in rule.steps:
        _hoist(let.value, changing, names, taken)
    scalars = [writing.declare.replace("NAME", name).replace("VALUE", text(tree, writing.dialect)) for tree, name in names.items()]
    elements = _elements(rule, writing, names)
    whole = "\n".join([*scalars, *elements])
    return Body(tuple(scalars), tuple(elements), frozenset(f for f in OWN if f"{f}(" in whole))


def start(rule: Rule, state: int, writing: Writing) -> str | None:
    """The value of a state before the first update, at an element; None where it is 0."""
    tree = rule.state[state].initial
    if tree.op == "literal" and tree.value == 0:
        return None
    return text(tree, writing.vectors or writing.dialect, {theta: writing.element.replace("NAME", str(theta.name))})


def _elements(rule: Rule, writing: Writing, names: Mapping[Expression, str]) -> list[str]:
    arrays = {str(theta.name), *rule.state_names}
    spelling = {s: writing.element.replace("NAME", str(s.name)) for s in (theta, g, *(s.symbol for s in rule.state))}
    lines, declared = list[str](), set[str]()
    for let in rule.steps:
        template = writing.store if let.name in arrays else writing.assign if let.name in declared else writing.declare
        declared.add(let.name)
        value = text(let.value, writing.vectors or writing.dialect, {**spelling, **names})
        lines.append(template.replace("NAME", let.name).replace("VALUE", value))
    return lines


def _hoist(node: Expression, changing: set[str], names: dict[Expression, str], taken: set[str]) -> None:
    """Name the largest scalars that are the same for all elements and take a library's function. A choice keeps what it chooses from."""
    if node.op == "where":
        return
    if node.is_scalar and not changing & {str(s.name) for s in node.symbols()}:
        if node not in names and any(n.op in ("pow", *FUNCTIONS) for n in node.walk()):
            name, number = readable_name(node), 2
            while name in taken:
                name, number = f"{readable_name(node)}_{number}", number + 1
            taken.add(name)
            names[node] = name
        return
    for arg in node.args:
        _hoist(arg, changing, names, taken)


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    return (SQUARE, (node.args[0], node.args[0])) if node.op == "square" and node.args[0].op == "symbol" else None


def _curly(prefix: str, **other: Spelling) -> Table:
    """The table of a language with C's operators, whose library's functions begin with `prefix`."""
    return Table(literal, {
        **INFIX, **{name: call(f"{prefix}{name}") for name in FUNCTIONS}, "abs": call(f"{prefix}fabs"), "pow": call(f"{prefix}pow", 2),
        "max": call("maximum", 2), "min": call("minimum", 2), "square": call("square"), "sign": call("signum"), **other,
    })  # fmt: skip


def _dialect(name: str, table: Table, pi: str, *, squares: bool = True) -> Dialect:
    return Dialect(name, lambda node: table, {"pi": pi}, fold=_fold if squares else lambda node: None)


def _with_point(value: Fraction, bare: bool) -> tuple[str, int]:
    return literal(value, bare=False)


def _python_literal(value: Fraction, bare: bool) -> tuple[str, int]:
    decimal = decimal_text(value)
    return (decimal, SIGN if value < 0 else ATOM) if decimal is not None else (f"{value.numerator} / {value.denominator}", PRODUCT)


_PI = "3.14159265358979323846"
_NUMPY = {
    **OPERATORS, **{name: call(f"np.{name}") for name in (*FUNCTIONS, "abs", "sign")}, "max": call("np.maximum", 2), "min": call("np.minimum", 2),
    "and": call("np.logical_and", 2), "or": call("np.logical_or", 2), "where": call("np.where", 3),
}  # fmt: skip
_MATH = Table(_python_literal, {**OPERATORS, **{name: call(f"math.{name}") for name in FUNCTIONS}})
_GO = _curly(
    "math.", **{name: call(f"math.{name.capitalize()}") for name in FUNCTIONS}, abs=call("math.Abs"), pow=call("math.Pow", 2),
    max=call("math.Max", 2), min=call("math.Min", 2), where=call("choose", 3),
)  # fmt: skip
_RUST = Table(_with_point, {
    **_curly("f64::").operations, "abs": call("f64::abs"), "log": call("f64::ln"), "pow": call("f64::powf", 2),
    "where": Spelling("(if {0} {{ {1} }} else {{ {2} }})", ATOM, (ANY, ANY, ANY)),
})  # fmt: skip
_JULIA = _curly(
    "", abs=call("abs"), pow=Spelling("{0}^{1}", POWER, (ATOM, ATOM), bare=False), square=Spelling("{0}^2", POWER, (ATOM,), bare=False),
    max=call("max", 2), min=call("min", 2), sign=call("sign"),
)  # fmt: skip
_JAVASCRIPT = _curly(
    "Math.", abs=call("Math.abs"), max=call("Math.max", 2), min=call("Math.min", 2), sign=call("Math.sign"),
    pow=Spelling("{0} ** {1}", POWER, (ATOM, ATOM), bare=False), eq=Spelling("{0} === {1}", COMPARE, (SUM, SUM)),
)  # fmt: skip

C = Writing(_dialect("c", _curly(""), _PI), "NAME[i]", "double NAME = VALUE;", "NAME = VALUE;", "NAME[i] = VALUE;")
CPP = Writing(_dialect("c++", _curly("std::"), _PI), "NAME[i]", "double NAME = VALUE;", "NAME = VALUE;", "NAME[i] = VALUE;")
RUST = Writing(_dialect("rust", _RUST, "std::f64::consts::PI"), "f64::from(NAME[i])", "let NAME = VALUE;", "let NAME = VALUE;", "NAME[i] = (VALUE) as Real;")
GO = Writing(_dialect("go", _GO, "math.Pi"), "float64(NAME[i])", "NAME := VALUE", "NAME = VALUE", "NAME[i] = Real(VALUE)")
JULIA = Writing(_dialect("julia", _JULIA, "pi", squares=False), "NAME[i]", "NAME = VALUE", "NAME = VALUE", "NAME[i] = VALUE")
JAVASCRIPT = Writing(_dialect("javascript", _JAVASCRIPT, "Math.PI"), "NAME[i]", "let NAME = VALUE;", "NAME = VALUE;", "NAME[i] = VALUE;")
PYTHON = Writing(
    _dialect("python", _MATH, "math.pi", squares=False), "NAME", "NAME = VALUE", "NAME = VALUE", "NAME[:] = VALUE",
    _dialect("python", Table(_python_literal, _NUMPY), "math.pi", squares=False),
)  # fmt: skip
