"""`refopt check`: is an implementation the formula? With none named, a survey of what is found here."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from refopt.cli import check_files, color, program
from refopt.cli.asked import asked, maps
from refopt.cli.early_screen import EarlyScreen
from refopt.cli.explain_error import WRONG_INPUT, explain
from refopt.cli.output import emit, emit_json, table
from refopt.cli.overview import frameworks
from refopt.cli.progress import Progress
from refopt.conformance.judge.second_process import second_process, usual
from refopt.frameworks.isolated import pair
from refopt.report.wrap import folded

if TYPE_CHECKING:
    from refopt.conformance.programs.judge_program import Program
    from refopt.report.report import Report

EXAMPLES = """\
examples:
  refopt check                               what is found here, as a table
  refopt check --full                        all of it; --all: in every format
  refopt check torch.optim.Adam              one optimizer
  refopt check 'torch.optim.SGD(momentum=0.9)' --as momentum/lr_outside
  refopt check ./mine.py:MyAdam              your own class, instance, function
  refopt check './mine.py:A(lr=0.1)=adam' mine.B=adamw       each with its rule
  refopt check -- node my_adam.mjs           any program: refopt harness new
  refopt check --html report.html            the first table as a page
  refopt check --full --html report.html     all of it as a page"""

EXAMPLE = "refopt.examples.wrong_adam"
OWN = (
    ("refopt check ./mine.py:MyAdam", "one to start from: refopt show adapter"),
    ("refopt check -- node my_adam.mjs", "refopt harness new javascript"),
    ("refopt check --full", "all code that refopt generates"),
)
COLOURS = {"conforms": color.GOOD, "variant": color.OTHER, "deviates": color.BAD, "no_answer": color.NOTHING, "skipped": color.NOTHING}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("implementations", nargs="*", metavar="IMPLEMENTATION", help="torch.optim.Adam, ./mine.py:MyAdam, mine.A=adam")
    parser.add_argument("--rule", metavar="NAME", help="the rule or schedule to judge by, where the name does not say")
    parser.add_argument("--map", dest="maps", metavar="NAME=MEANING", action="append", default=[], help="what a name of yours is: decay=weight_decay")
    parser.add_argument("--per-tensor", action="store_true", help="each tensor gets an object of its own, of a class that holds one tensor's state")
    parser.add_argument("--dtype", metavar="DTYPE", action="append", default=[], help="float64, float32, bfloat16 or float16; repeatable")
    parser.add_argument("--mode", metavar="MODE", help="stepwise, open_loop or closed_loop; default: the strongest that is possible")
    parser.add_argument("--case", metavar="ID", action="append", default=[], help="one golden case; repeatable")
    parser.add_argument("--as", dest="expected", metavar="VARIANT", help="the variant that is meant")
    parser.add_argument("--full", action="store_true", help="with no name: judge everything found here, in float32 or what --dtype says")
    parser.add_argument("--all", action="store_true", help="with no name: the same in every format, however long it takes")
    parser.add_argument("--strict", action="store_true", help="reduced precision fails; in a survey, so does anything that deviates")
    parser.add_argument("--search", metavar="SECONDS", type=seconds, default=None, help="time for the search for a name, a format (30; 0: none)")
    parser.add_argument("--processes", metavar="N", type=number, default=None, help="processes to use: 1 or 2 (default: one a core)")
    parser.add_argument("-v", "--verbose", action="store_true", help="every case, and lines that were left out")
    program.configure(parser)
    check_files.configure(parser)


def run(options: argparse.Namespace) -> int:
    """Judge what is named, or survey."""
    files = check_files.prepare(options)
    processes = usual() if options.processes is None else options.processes
    with second_process(processes), program.named(options) as names, _compilations(names), pair.pairs(processes):
        if not names:
            return _survey(options, files, processes)
        reports, wrong = _each([asked(n, options.rule) if isinstance(n, str) else (n, options.rule) for n in names], options, files)
    from refopt.report.matrix import by_format

    codes = [files.exit(r.exit, [r.found]) for r in reports]
    files.write(by_format([r.found for r in reports]), [r.found for r in reports])
    return WRONG_INPUT if wrong else 1 if 1 in codes else max(codes)


def _compilations(names: Sequence[str | Program]) -> AbstractContextManager[None]:
    """Context in which what JAX compiles is kept, where it may be used; a program has its own ways."""
    from refopt.frameworks.jax_cache import kept_compilations, may_use_jax

    may = not names or any(isinstance(name, str) and may_use_jax(name) for name in names)
    return kept_compilations() if may else nullcontext()


def _make_ready(asked: Sequence[tuple[str | Program, str | None]], options: argparse.Namespace) -> None:
    """Start the processes that import a framework, while all the rest is imported here: a pair that runs it, or one in which saved states are loaded."""
    for name, rule in asked:
        if isinstance(name, str) and not pair.make_ready(name, rule, maps(options.maps), options.per_tensor):
            from refopt.conformance.verdict.resume.elsewhere import make_ready

            make_ready(name)


def _each(asked: Sequence[tuple[str | Program, str | None]], options: argparse.Namespace, files: check_files.Files) -> tuple[list[Report], bool]:
    """A report on each, and whether one could not be judged: of several, the others are judged all the same."""
    from refopt.errors import RefoptError

    reports: list[Report] = []
    wrong = False
    for i, (name, rule) in enumerate(asked):
        _make_ready(asked[i : i + 2], options)
        try:
            reports += _one(name, rule, options, files)
        except RefoptError as error:
            if len(asked) == 1:
                raise
            wrong = True
            sys.stdout.flush()
            explain(error, "check")
    return reports, wrong


def number(text: str) -> int:
    """Number of processes. Raises ArgumentTypeError for anything but a whole number from 1 on."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: 1 or 2")
    return int(text)


def seconds(text: str) -> float:
    """A time that is not negative. Raises ArgumentTypeError for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds: 0 or more")
    return value


def _one(name: str | Program, rule: str | None, options: argparse.Namespace, files: check_files.Files) -> tuple[Report, ...]:
    """The report on an implementation, and those on it with an argument turned on that makes another rule of it; each is printed."""
    from refopt.conformance.diagnose.budget import SECONDS
    from refopt.report.report import check

    with Progress() as progress:
        progress.show("check", 0, 1, str(name))
        early = EarlyScreen(sys.stdout, progress.erase) if not options.json else None
        report = check(
            name, rule, maps=maps(options.maps), per_tensor=options.per_tensor, dtypes=options.dtype, mode=options.mode, cases=options.case,
            expected=options.expected, strict=options.strict, search=SECONDS if options.search is None else options.search,
            first=early.begins if early is not None else (lambda _: None),
        )  # fmt: skip
        if early is not None:
            early.end()
    for i, form in enumerate(report.each):
        if i and not options.json:
            emit([""])
        _print(form, options, files)
    return report.each


def _print(report: Report, options: argparse.Namespace, files: check_files.Files) -> None:
    from refopt.report.terminal import parted

    if options.json:
        for line in files.lines(report.lines(), [report.found], files.exit(report.exit, [report.found])):
            emit_json(line)
        return
    page = files.page(*parted(report.found, verbose=options.verbose), report.exit, report.lines(), [report.found])
    painted = color.wanted(options.color, sys.stdout)
    for word, code in COLOURS.items():
        if report.verdict == word and painted:
            page[0] = color.painted(page[0], word.replace("_", " "), code)
    emit(page)


def _survey(options: argparse.Namespace, files: check_files.Files, processes: int) -> int:
    began = time.perf_counter()
    from refopt.errors import RefoptError
    from refopt.frameworks import not_judged
    from refopt.report import survey
    from refopt.report.matrix import by_rule
    from refopt.rounding.formats import number_format

    for given, flag in ((options.rule, "--rule"), (options.case, "--case"), (options.expected, "--as"), (options.mode, "--mode")):
        if given:
            raise RefoptError(f"{flag} needs an implementation", help=f"refopt check torch.optim.Adam {flag} ...")
    dtypes = tuple(number_format(d).name for d in options.dtype)
    dtypes = dtypes or (survey.ALL_DTYPES if options.all else survey.DTYPES)
    brief = not (options.full or options.all or options.strict or options.json or files.need_all)
    if brief and not frameworks():
        return _no_framework(dtypes)
    with Progress() as progress:
        reach = survey.FIRST if brief else survey.WHOLE
        found = survey.survey(dtypes, lambda name, done, total: progress.show("check", done, total, name), reach, since=began, processes=processes)
    verdicts = [s.verdict for s in found if s.verdict is not None]
    code = files.exit(1 if options.strict and survey.failed(found) else 0, verdicts, whole=True)
    if options.json:
        for line in files.lines(survey.lines(found), verdicts, code, whole=True):
            emit_json(line)
    else:
        page = survey.screen(found, dtypes, time.perf_counter() - began, not_judged())
        failed = options.strict and survey.failed(found)
        last = ["exit 1: something deviates or gives no answer"] if failed else []
        emit(files.page(page, last, 1 if failed else 0, survey.lines(found), verdicts, whole=True))
    files.write(by_rule(found), verdicts, [(s.known.spelling, s.error) for s in found if s.error is not None], inventory=True)
    return code


def _no_framework(dtypes: tuple[str, ...]) -> int:
    """An answer to look at where there is nothing to judge: a wrong Adam that comes with refopt."""
    from refopt.report.report import check
    from refopt.report.terminal import parted

    emit([*folded("No framework is found here. What an answer looks like, for a wrong Adam that comes with refopt:"), ""])
    with Progress() as progress:
        progress.show("check", 0, 1, EXAMPLE)
        found = check(EXAMPLE, "adam", dtypes=dtypes).found
    emit(parted(found)[0])
    emit(["", "Yours:", *table(OWN, indent=2)])
    return 0
