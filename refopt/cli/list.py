"""`refopt list`: everything there is, by name."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from refopt.cli.output import emit, emit_json, table
from refopt.errors import RefoptError, nearest, unknown_name

EXAMPLES = """\
examples:
  refopt list                       every name
  refopt list rules                 each with its variants
  refopt list rules kingma          those with a word in name, title, source
  refopt list variants              what differs, and who uses it
  refopt list cases adam            the golden cases of one rule
  refopt list implementations       what `refopt check` finds here, and by
                                    which rule it is judged
  refopt list findings adan         what releases compute otherwise than their
                                    papers, with a line that shows it"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("what", nargs="?", metavar="WHAT", help=", ".join(TABLES))
    parser.add_argument("query", nargs="?", metavar="QUERY", help="with cases: a rule, variant or schedule; else words that are searched for")


def run(options: argparse.Namespace) -> int:
    """Print one table, or the names of all."""
    if options.what is None:
        rows = {what: list(dict.fromkeys(row[0] for row in make())) for what, make in TABLES.items() if what != "cases"}
        rows["cases"] = [f"{len(_cases())}, for example: refopt list cases adam"]
        if options.json:
            emit_json({"kind": "list", **{what: names for what, names in rows.items() if what != "cases"}, "cases": len(_cases())})
        else:
            emit(line for what, names in rows.items() for line in _names(what, names))
        return 0
    if options.what not in TABLES:
        raise unknown_name("table", options.what, tuple(TABLES), listing="refopt list --help")
    found = _found(options.what, options.query)
    if options.json:
        for row in found:
            emit_json({"kind": options.what.removesuffix("s"), **dict(zip(COLUMNS[options.what], row, strict=True))})
    elif options.what == "findings":
        emit(_page(found))
    else:
        emit(table(_of_a_family(found) if options.what in FAMILIES else found))
    return 0


def _found(what: str, query: str | None) -> list[Row]:
    """The rows of a table; those that have all words of a query, where there is one. Raises RefoptError where none has."""
    if what == "cases":
        return _cases(query)
    if query is None:
        return FAMILIES[what](()) if what in FAMILIES else TABLES[what]()
    words = tuple(query.lower().split())
    rows = FAMILIES[what](words) if what in FAMILIES else [row for row in TABLES[what]() if has(words, *row)]
    if not rows:
        near = nearest(query, [row[0] for row in TABLES[what]()])
        also = f"did you mean {near[0]}?   " if near else ""
        raise RefoptError(f"nothing in refopt list {what} has the words {query!r}", help=f"{also}refopt list {what}")
    return rows


def has(words: Sequence[str], *texts: str) -> bool:
    """True where each word stands in some text, whatever its case; a blank and an underscore are the same."""
    every = " ".join(texts).lower()
    return all(w in every or w in every.replace("_", " ") for w in words)


def _of_a_family(rows: Sequence[Row]) -> list[Row]:
    """Rows as they are shown: variants stand below their reference, set in."""
    return [(f"  {name}" if "/" in name else name, said) for name, said in rows]


def _with_variants(references: Sequence[Any], words: Sequence[str]) -> list[Row]:
    """The rows of references and their variants that have all words in name, title, source or use; a reference that a variant found is of is shown too."""
    from refopt.catalogue import variants_of

    rows: list[Row] = []
    for reference in references:
        mine = [v for v in variants_of(reference) if _says(words, v)]
        if mine or _says(words, reference):
            rows += [(reference.name, reference.title), *((v.name, v.differs) for v in mine)]
    return rows


def _says(words: Sequence[str], concept: Any) -> bool:
    return has(words, concept.name, concept.title, concept.differs, *concept.used_by, *map(str, concept.source))


def _names(what: str, names: Sequence[str]) -> list[str]:
    """The names of one table in as many lines of 80 columns as they need."""
    lines, line = [], f"{what:<17}"
    for name in names:
        if len(line) + len(name) > 79 and line.strip() not in ("", what):
            lines.append(line)
            line = " " * 17
        line += f"{name}  "
    return [*lines, line.rstrip()]


Row = tuple[str, ...]


def _rules() -> list[Row]:
    from refopt import catalogue

    return [(r.name, r.title) for r in catalogue.rules()]


def _variants() -> list[Row]:
    from refopt import catalogue

    everything: list[Any] = [*catalogue.rules(variants=True), *catalogue.schedules(variants=True)]
    return [(c.name, c.differs, ", ".join(c.used_by)) for c in everything if c.is_variant]


def _schedules() -> list[Row]:
    from refopt import catalogue

    return [(s.name, s.title) for s in catalogue.schedules()]


def _objectives() -> list[Row]:
    from refopt import catalogue

    return [(o.name, o.title) for o in catalogue.objectives()]


def _implementations() -> list[Row]:
    from refopt.frameworks import known

    return [(k.spelling, k.rule, f"{k.package} {k.version}".rstrip()) for k in known()]


def _not_judged() -> list[Row]:
    from refopt.frameworks import not_judged
    from refopt.report.phrases import NOT_JUDGED

    return [(name, NOT_JUDGED[reason]) for name, reason in not_judged().items()]


def _findings() -> list[Row]:
    from refopt.frameworks.known_deviations import known_deviations
    from refopt.report.known_deviations import command

    return [
        (d.subject, d.version, d.kind.value, d.source, d.expected, d.computes, d.point, d.exact, d.shown, command(d), d.since,
         ", ".join(d.also), " ".join(d.threads))
        for d in known_deviations()
    ]


def _page(rows: Sequence[Row]) -> Iterator[str]:
    """The page of the findings whose rows were found."""
    from refopt.frameworks.known_deviations import known_deviations
    from refopt.report.known_deviations import page

    return page([d for d, row in zip(known_deviations(), _findings(), strict=True) if row in rows])


def _formats() -> list[Row]:
    from refopt.rounding.formats import FORMATS

    return [(f.name, f"{f.precision} significant bits", f"exponents {f.emin} to {f.emax}") for f in FORMATS.values()]


def _cases(rule: str | None = None) -> list[Row]:
    from refopt.golden import store

    cases = store.cases(rule)
    return [(c.id, " ".join(c.dtypes), c.comment) for c in cases]


def _derivations() -> list[Row]:
    from refopt.derivation import library

    return [(e.name, e.title) for e in library.entries()]


def _rule_families(words: Sequence[str]) -> list[Row]:
    from refopt import catalogue

    return _with_variants(catalogue.rules(), words)


def _schedule_families(words: Sequence[str]) -> list[Row]:
    from refopt import catalogue

    return _with_variants(catalogue.schedules(), words)


FAMILIES: dict[str, Callable[[Sequence[str]], list[Row]]] = {"rules": _rule_families, "schedules": _schedule_families}
"""Tables of references and their variants, by the words that are searched for."""

TABLES: dict[str, Callable[[], list[Row]]] = {
    "rules": _rules,
    "variants": _variants,
    "schedules": _schedules,
    "objectives": _objectives,
    "cases": _cases,
    "implementations": _implementations,
    "not_judged": _not_judged,
    "findings": _findings,
    "derivations": _derivations,
    "formats": _formats,
}
"""Lists by name."""

COLUMNS: dict[str, Row] = {
    "rules": ("name", "title"),
    "variants": ("name", "differs", "used_by"),
    "schedules": ("name", "title"),
    "objectives": ("name", "title"),
    "cases": ("id", "dtypes", "comment"),
    "derivations": ("name", "title"),
    "implementations": ("name", "rule", "package"),
    "not_judged": ("name", "reason"),
    "findings": (
        "subject", "version", "sort", "source", "expected", "computes", "point", "exact", "shown", "reproduction", "since", "also", "threads",
    ),
    "formats": ("name", "precision", "exponents"),
}
"""Keys of the JSON lines."""
