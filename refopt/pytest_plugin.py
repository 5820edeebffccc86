"""The pytest plugin: options and a terminal summary. Loaded in every run of pytest where refopt is installed, so it imports nothing.

Tests that use `refopt.testing` note here what they judged; where none does, nothing is loaded and nothing is printed.
With several processes (pytest-xdist) each worker sends what it judged, and the first process prints the summary and writes the files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

    from refopt.report.report import Report


@dataclass
class Session:
    """One run of pytest.

    dtypes   formats asked for; all where it is empty
    strict   reduced precision fails
    search   seconds that a search for a name may take; None where nothing is said
    judged   what was judged, in order
    lines    of the summary, and `failed`, remarks: what workers sent beside their reports
    """

    dtypes: tuple[str, ...] = ()
    strict: bool = False
    search: float | None = None
    judged: list[Report] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def note(self, report: Report) -> None:
        """Remember a report for the summary and the file."""
        self.judged.append(report)


SESSION = Session()


class Case:
    """A golden case in one format as a parameter of a test: what `refopt.testing` hands out. `group` holds the cases that are judged with it."""

    id: str
    dtype: str
    group: Any


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("refopt", "refopt: optimizers against exact mathematics")
    group.addoption("--refopt-dtype", action="append", default=[], metavar="DTYPE", help="judge in this number format only; repeatable")
    group.addoption("--refopt-strict", action="store_true", help="reduced precision fails")
    group.addoption("--refopt-search", type=float, metavar="SECONDS", help="time for the search for a name, a format (30; 0: none)")
    group.addoption("--refopt-report", action="append", default=[], metavar="FILE", help="write .html, .md, .xml (JUnit) or JSON lines; repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Read the options."""
    SESSION.dtypes = tuple(config.getoption("--refopt-dtype"))
    SESSION.strict = bool(config.getoption("--refopt-strict"))
    SESSION.search = config.getoption("--refopt-search")
    SESSION.judged, SESSION.lines, SESSION.failed = [], [], []
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(_Workers(), "refopt workers")
    if SESSION.dtypes:
        _refuse_unknown(SESSION.dtypes)


def _refuse_unknown(dtypes: tuple[str, ...]) -> None:
    import pytest

    from refopt.errors import RefoptError
    from refopt.rounding.formats import number_format

    try:
        for name in dtypes:
            number_format(name)
    except RefoptError as error:
        raise pytest.UsageError(f"--refopt-dtype: {error.message}; {error.help}") from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out cases in formats that were not asked for; tell the others' groups which cases will run."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        case = _case(item)
        (left_out if case is not None and SESSION.dtypes and case.dtype not in SESSION.dtypes else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    """Only the cases that were selected are judged."""
    for item in session.items:
        case = _case(item)
        if case is not None:
            case.group.wanted.add(case.id)


def _case(item: pytest.Item) -> Case | None:
    """The golden case that a test is about, None for any other test."""
    call = getattr(item, "callspec", None)
    values = call.params.values() if call is not None else ()
    return next((x for x in values if isinstance(x, Case)), None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker: send what was judged; the reports themselves only where a file is asked for."""
    output = getattr(session.config, "workeroutput", None)
    if output is None or not SESSION.judged:
        return
    from refopt.errors import RefoptError
    from refopt.report.session import summary
    from refopt.report.transport import packed

    output["refopt_lines"] = summary(SESSION.judged)
    if session.config.getoption("--refopt-report"):
        try:
            output["refopt_reports"] = packed(SESSION.judged)
        except RefoptError as error:
            output["refopt_failed"] = f"refopt: {error.message}; {error.help}"


class _Workers:
    """In the first process: takes what the workers send. A worker that died sent nothing."""

    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker sends at its end."""
        output: dict[str, Any] = getattr(node, "workeroutput", {})
        SESSION.lines += output.get("refopt_lines", [])
        SESSION.failed += filter(None, [output.get("refopt_failed")])
        if "refopt_reports" in output:
            from refopt.report.session import not_among
            from refopt.report.transport import unpacked

            SESSION.judged += not_among(unpacked(output["refopt_reports"]), SESSION.judged)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """A line for every implementation and format that was judged; the files that are asked for."""
    paths = config.getoption("--refopt-report")
    if not SESSION.judged and not SESSION.lines and not paths:
        return
    from refopt.report.session import summary, write_report

    lines = list(dict.fromkeys(SESSION.lines or summary(SESSION.judged)))
    if lines:
        terminalreporter.write_sep("=", "refopt")
        for line in lines:
            terminalreporter.write_line(line)
    for line in SESSION.failed:
        terminalreporter.write_line(line)
    for path in paths:
        terminalreporter.write_line(write_report(path, SESSION.judged))
