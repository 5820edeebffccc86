"""The error for a name that is no implementation, with the command to type next, worked out from what the name looks like."""

from __future__ import annotations

import importlib.util
import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from refopt.errors import UnknownName
from refopt.frameworks.in_folder import Defined, defined, module_file, module_name
from refopt.frameworks.installed import DISTRIBUTIONS
from refopt.frameworks.intent import rule_in
from refopt.frameworks.reasons_not_judged import NotJudged

ALIASES = {"pytorch": "torch", "tensorflow": "keras", "tf": "keras", "scikit-learn": "sklearn"}
"""Other words for a package than its own name."""
RUN_BY = {".mjs": "node", ".js": "node", ".cjs": "node", ".jl": "julia", ".sh": "bash", ".rb": "ruby", ".lua": "lua", ".pl": "perl", ".R": "Rscript"}
"""The program that runs a file of this kind."""
COMPILED_BY = {
    ".c": ("cc -O2 -o {program} {file} -lm", "--wire flat "),
    ".rs": ("rustc -O -o {program} {file}", "--wire flat "),
    ".cpp": ("c++ -O2 -o {program} {file}", ""),
    ".cc": ("c++ -O2 -o {program} {file}", ""),
    ".go": ("go build -o {program} {file}", ""),
}
"""The compiler of a file of this kind, and the wire of its skeleton."""
LOGS = (".csv", ".npz", ".tsv")
SHOWN = 3
"""Commands that are suggested at once."""
OWN = "an object of your own is python:MODULE:NAME"
EXAMPLE = "refopt show adapter"


class Say(NamedTuple):
    """The words that may be written in the place of a name, and the rule that then has to be given."""

    name: str
    rule: str | None = None


class Misnamed(UnknownName):
    """A name that is no implementation.

    says  what may be written in its place, after `refopt check` or `refopt prove`
    does  whole commands, where it is something else than an implementation
    lead  words before them
    """

    def __init__(self, message: str, says: Sequence[Say] = (), *, does: Sequence[str] = (), lead: str = "", after: str = "") -> None:
        super().__init__(message)
        self.says, self.does, self.lead, self.after = tuple(says), tuple(does), lead, after
        self.help = self.help_for("check")

    def help_for(self, command: str) -> str:
        """The command to type next, for a person who typed this command of refopt."""
        commands = [*(_spoken(x, command) for x in self.says), *self.does]
        more = f" ({len(commands) - SHOWN} more)" if len(commands) > SHOWN else ""
        return "   ".join(x for x in (self.lead, *commands[:SHOWN], self.after) if x) + more


class NoRuleYet(Misnamed):
    """Something of a framework that exists, but that no rule or schedule of the catalogue is for. `path` is its whole name, `why` the reason if known."""

    def __init__(self, path: str, what: str, there_are: Sequence[str], home: str, why: NotJudged | None = None) -> None:
        self.path = path
        near = likely(path, [f"{home}.{name}" for name in there_are])
        told = f"refopt has no {what} for {path}" + (f": {why.value}" if why else "")
        if why is NotJudged.OF_A_PERSON and what == "schedule" and not near:
            super().__init__(told, [Say("python:MODULE:NAME", "SCHEDULE")], lead="your own:")
            return
        super().__init__(told, near, does=[] if near else [f"refopt list {x}" for x in (f"implementations {home}", f"{what}s", "not_judged")])


def _spoken(x: Say, command: str) -> str:
    if command not in ("check", "prove"):
        return f"write {quoted(x.name)}"
    return f"refopt {command} {quoted(x.name)}" + (f" --rule {x.rule}" if x.rule else "")


def likely(path: str, known: Sequence[str]) -> list[Say]:
    """The known names that differ from this one only in case or in what stands before the last dot, or that go on after it;
    its arguments are kept."""
    path, bracket, arguments = path.partition("(")
    last = path.rpartition(".")[2].lower()
    lasts = [(name, name.rpartition(".")[2].lower()) for name in known if name != path]
    found = [name for name, x in lasts if x == last] or [name for name, x in lasts if len(last) > 2 and x.startswith(last)]
    return [Say(name + bracket + arguments) for name in found]


def quoted(name: str) -> str:
    """A name as one word of a command line."""
    return shlex.quote(name)


def misnamed(text: str, rule: str | None, packages: Sequence[str], known: Callable[[], Sequence[str]]) -> Misnamed:
    """The error for a name that no adapter knows.

    packages  the frameworks that there are adapters for
    known     what is here, by its spelling
    """
    if not text.strip():
        return Misnamed("an empty name is no implementation", [Say("torch.optim.Adam")], lead="for example")
    path = Path(text)
    if "/" in text or text.startswith((".", "~")) or (path.suffix and path.is_file()) or path.suffix in (".py", *RUN_BY, *COMPILED_BY, *LOGS):
        return _of_path(text, rule)
    if ":" in text:
        return _of_factory(text, rule)
    return _of_dotted(text, rule, packages, known)


def _asks(module: str, found: Sequence[Defined], rule: str | None) -> list[Say]:
    return [Say(f"python:{module}:{d.name}", rule or d.rule) for d in found if d.fits]


def _of_path(text: str, rule: str | None) -> Misnamed:
    path = Path(text).expanduser()
    as_option = f"--rule {rule} " if rule else ""
    if path.is_dir():
        return _of_folder(text, path, rule)
    if not path.exists():
        return Misnamed(f"there is no file {text}", lead=f"looked in {Path.cwd()}; a class in a file mine.py here is", says=[Say("python:mine:Adam", "adam")])
    if path.suffix == ".py":
        return _of_python(text, path, rule)
    name = quoted(text)
    if path.suffix in LOGS:
        return Misnamed(f"{text} is a log, not an implementation", does=[f"refopt identify {name}"])
    if path.suffix in RUN_BY:
        return Misnamed(f"{text} is a program; it stands after --", does=[f"refopt check {as_option}-- {RUN_BY[path.suffix]} {name}"])
    program = quoted(text if "/" in text else f"./{text}")
    if path.suffix in COMPILED_BY:
        made, wire = COMPILED_BY[path.suffix]
        built = path.with_suffix("")
        program = quoted(str(built) if "/" in str(built) else f"./{built}")
        return Misnamed(f"{text} is source code; its program stands after --",
                        does=[f"{made.format(program=quoted(str(built)), file=name)} && refopt check {wire}{as_option}-- {program}"])  # fmt: skip
    if path.is_file() and path.stat().st_mode & 0o111:
        return Misnamed(f"{text} is a program; it stands after --", does=[f"refopt check {as_option}-- {program}"])
    return Misnamed(f"{text} is neither a Python file nor a program", lead="what runs it stands after --:", does=[f"refopt check {as_option}-- PROGRAM {name}"])


def _of_folder(text: str, folder: Path, rule: str | None) -> Misnamed:
    found = [ask for file in sorted(folder.glob("*.py")) if (module := module_name(file)) for ask in _asks(module, defined(file) or (), rule)]
    if found:
        return Misnamed(f"{text} is a folder, not an implementation", found)
    return Misnamed(f"{text} is a folder, not an implementation", lead="no class with init() and step() in it; an example to start from:", does=[EXAMPLE])


def _of_python(text: str, file: Path, rule: str | None, wanted: str = "") -> Misnamed:
    """A Python file or a module that is one, and perhaps the name that was wanted from it."""
    found, module = defined(file), module_name(file)
    if found is None:
        return Misnamed(f"{file} cannot be read as Python", does=[f"python -m py_compile {quoted(str(file))}"])
    away = "" if module else f"cd {quoted(str(file.parent))} && "
    fitting = _asks(module or file.stem, [d for d in found if d.name == wanted] or found, rule)
    told = f"no implementation {text!r}; {OWN}" if wanted else f"{text} is a file; what is in it is named python:MODULE:NAME"
    if fitting:
        return Misnamed(told, does=[away + _spoken(x, "check") for x in fitting]) if away else Misnamed(told, fitting)
    names = ", ".join(d.name for d in found)
    lead = f"it has {names}; an example:" if names else "an example:"
    return Misnamed(f"{text}: nothing in {file} has init() and step(), or rate()", lead=lead, does=[EXAMPLE])


def _of_factory(text: str, rule: str | None) -> Misnamed:
    module, _, name = text.partition(":")
    file = Path(module) if module.endswith(".py") else module_file(module)
    if file is not None and file.is_file():
        return _of_python(text, file, rule, name or "*")
    return Misnamed(f"no implementation {text!r}; {OWN}", [Say(f"python:{module.removesuffix('.py')}:{name or 'NAME'}", rule)])


def wrong_factory(text: str, rule: str | None) -> Misnamed:
    """The error for `python:...` that is not followed by a module and a name."""
    inside = text.removeprefix("python:")
    module, _, name = inside.partition(":")
    if not module:
        return Misnamed(f"{text!r} does not name a factory", [Say("python:my_optimizer:make")], lead="write python:module:factory, for example")
    file = Path(module) if module.endswith(".py") else module_file(module) or next(_parents(module), None)
    if file is not None and file.is_file():
        return _of_python(text, file, rule, name or module.rpartition(".")[2] or "*")
    return Misnamed(f"{text!r} does not name a factory", [Say("python:my_optimizer:make")], lead="write python:module:factory, for example")


def _parents(dotted: str) -> Iterator[Path]:
    """The file of a module whose member the dotted name may be."""
    found = module_file(dotted.rpartition(".")[0])
    if found is not None:
        yield found


def _of_dotted(text: str, rule: str | None, packages: Sequence[str], known: Callable[[], Sequence[str]]) -> Misnamed:
    name, bracket, arguments = text.partition("(")
    module, _, member = name.rpartition(".")
    for file, wanted in ((module_file(module), member), (module_file(name), "")):
        if file is not None:
            return _of_python(text, file, rule, wanted or "*")
    package, dot, rest = name.partition(".")
    meant = next((p for p in (package.lower(), ALIASES.get(package.lower(), "")) if p in packages), None)
    names = list(dict.fromkeys(n.partition("(")[0].removeprefix("refopt.generated.") for n in known()))
    if meant is not None:
        return _of_framework(text, meant, dot + rest + bracket + arguments, names)
    if dot and _importable(package):
        return Misnamed(f"no implementation {text!r}; {OWN}", [Say(f"python:{module}:{member}", rule or rule_in(member))])
    near = [x for x in likely(text, names) if not dot or x.name.lower().endswith(name.lower())]
    if near:
        return Misnamed(f"no implementation {text!r}", near, lead=f"did you mean {near[0].name}?")
    if dot:
        there = f"there is no module {package} here"
        lead = f"in the folder of {package}.py:"
        return Misnamed(f"no implementation {text!r}: {there}", [Say(f"python:{module}:{member}", rule or rule_in(member))], lead=lead)
    import difflib

    close = difflib.get_close_matches(text, [n.rpartition(".")[2] for n in names], n=2, cutoff=0.6)
    near = [Say(n) for n in names if n.rpartition(".")[2] in close]
    lead = f"did you mean {near[0].name}?" if near else "your own object:"
    return Misnamed(f"no implementation {text!r}", near or [Say("python:my_module:my_factory")], lead=lead, after="all: refopt list implementations")


def not_generated(text: str, what: str, home: str, names: Sequence[str]) -> Misnamed:
    """The error for a name that none of the generated modules has."""
    import difflib

    known = [f"{home}.{n}" for n in names]
    near = likely(text, known) or [Say(f"{home}.{n}") for n in difflib.get_close_matches(text.rpartition(".")[2], names, n=1, cutoff=0.5)]
    lead = f"did you mean {near[0].name}?" if near else f"there are {', '.join(names[:7])} ...;"
    return Misnamed(f"no generated {what} code {text.removeprefix(f'{home}.')!r}", near[:1] or [Say(known[0])], lead=lead)


def _of_framework(text: str, package: str, rest: str, names: Sequence[str]) -> Misnamed:
    """A name that begins with a framework that there is an adapter for, or with another word for it."""
    inside = [n for n in names if n.startswith(f"{package}.")]
    spelled = f"{package}{rest}"
    if spelled != text and any(n == spelled.partition("(")[0] for n in inside):
        return Misnamed(f"no implementation {text!r}", [Say(spelled)], lead=f"did you mean {spelled}?")
    if near := likely(spelled, inside):
        return Misnamed(f"no implementation {text!r}", near, lead=f"did you mean {near[0].name}?")
    if not inside:
        from refopt.frameworks.installed import is_installed, needed

        if not is_installed(package):
            return Misnamed(f"{package} is not installed here", does=[f"pip install {needed(package)}"])
        lead = f"what is written in {package} is named by its own library, or python:MODULE:NAME; for example"
        return Misnamed(f"{text} is no optimizer or schedule", [Say("optax.adam")], lead=lead)
    return Misnamed(f"{text} is a package, not an optimizer or a schedule", [Say(n) for n in sorted(inside, key=lambda n: n.count("."))])


def _importable(package: str) -> bool:
    try:
        return package not in DISTRIBUTIONS and importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        return False
