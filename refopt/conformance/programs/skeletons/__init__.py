"""Skeletons of harnesses: whole programs, one a language and rule, with one marked place for the formula: the rule's own as it is printed."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from refopt.conformance.programs.skeletons.formulas import body
from refopt.conformance.programs.skeletons.language import Language, Parts
from refopt.conformance.programs.skeletons.languages import LANGUAGES
from refopt.conformance.programs.skeletons.reserved import RESERVED
from refopt.errors import NotImplementedYet, unknown_name
from refopt.language.rule import Rule
from refopt.lowering.names import Spelled, module_name, spelled

DTYPES = ("float64", "float32")
"""The formats of a skeleton."""


@dataclass(frozen=True)
class Skeleton:
    """A program in a language: its rule, and the formats that it offers."""

    language: Language
    rule: Rule
    dtypes: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file it is usually called."""
        return f"{module_name(self.rule)}{self.language.suffix}"

    @property
    def text(self) -> str:
        """The program."""
        return _filled(_template(self.language), self)

    def check(self, source: Path | None = None) -> str:
        """The command that builds and checks it where it stands in this file; it can be pasted where the file was named."""
        source = source or Path(self.file)
        program = source.with_suffix("") if source.suffix else source.with_name(f"{source.name}.program")
        started = program if len(program.parts) > 1 else f"./{program}"
        words = {"SOURCE": source, "SOURCE:Mine": f"{source}:Mine", "./PROGRAM": started, "PROGRAM": program, "RULE": self.rule.name}
        return " ".join(shlex.quote(str(words[word])) if word in words else word for word in self.language.command.split())


def skeleton(language: str, rule: Rule, dtype: str | None = None) -> Skeleton:
    """The skeleton of a rule in a language, in a format; without one, in all that one program of the language can do.

    Raises UnknownName; NotImplementedYet for a rule that is given more than the gradient.
    """
    if rule.inputs:
        what = f"a skeleton of {rule.name} has no place for {', '.join(rule.input_names)} beside the gradient"
        raise NotImplementedYet(what, help="write one that declares `inputs`: refopt/conformance/programs/README.md")
    found = next((x for x in LANGUAGES if x.name == language.lower()), None)
    if found is None:
        raise unknown_name("skeleton in", language, tuple(x.name for x in LANGUAGES))
    if dtype is not None and dtype not in DTYPES:
        raise unknown_name("format of a skeleton,", dtype, DTYPES)
    return Skeleton(found, rule, (dtype,) if dtype else DTYPES if found.numbers is None else DTYPES[:1])


def _template(language: Language) -> str:
    here = Path(__file__).parent
    text = (here / language.template).read_text(encoding="utf-8")
    return re.sub(r"^@MAIN@\n", lambda _: (here / "main_cpp.txt").read_text(encoding="utf-8"), text, flags=re.M)


def _filled(template: str, of: Skeleton) -> str:
    """The template with every place filled: one that stands alone in its line takes as many lines as it needs, none at all included."""
    language = of.language
    code = spelled(of.rule, RESERVED)
    rule = code.rule
    own = [code.own(name) for name in (*rule.hyper_names, *rule.state_names)]
    found = language.parts(rule, own)
    fields = {**_common(of, code), **found.fields, **_formula(language, rule, found)}
    lines = list[str]()
    for line in template.splitlines():
        alone = re.fullmatch(r"(\s*)@(\w+)@", line)
        if alone and alone[2] in fields:
            lines += [f"{alone[1]}{x}" if x else "" for x in fields[alone[2]].splitlines()]
        else:
            lines.append(re.sub(r"@(\w+)@", lambda place: fields[place[1]], line))
    return re.sub("`([^`]*)`", r"\1" if language.typed else "", "\n".join([*lines, ""]))


def _common(of: Skeleton, code: Spelled) -> dict[str, str]:
    language, rule = of.language, code.rule
    hyper, states = [code.own(name) for name in rule.hyper_names], [code.own(name) for name in rule.state_names]
    offer = " ".join([of.rule.name, *hyper, "/", *states]) if states else " ".join([of.rule.name, *hyper])
    source = of.file
    return {
        "RULE": of.rule.name, "COMMAND": of.check(), "LANGUAGE": language.name,
        "REAL": "" if language.numbers is None else language.numbers[DTYPES.index(of.dtypes[0])],
        "HYPERS": str(len(hyper)), "STATES": str(len(states)), "NAMES": ", ".join(f'"{name}"' for name in hyper),
        "DEFAULTS": ", ".join(_real(h.default) for h in rule.hyper), "STATE_QUOTED": ", ".join(f'"{name}"' for name in states),
        "START": f"ok my {of.rule.name} ; {offer} ; {of.dtypes[0]} ; resume courses", "DTYPES": ", ".join(f'"{d}"' for d in of.dtypes),
        "DECLARE": TYPES if language.typed else "",
        "HEAD": "// Node.js 22.18 or later takes the types away by itself; before it: npx tsx" if language.typed else "",
        "LABEL": language.ran.value, "BESIDE": f"g++ -O2 -x c++ -o {Path(source).stem} {source}",
    }  # fmt: skip


TYPES = """declare const process: any; // or install @types/node
type Numbers = Float32Array | Float64Array;"""


def _real(default: str) -> str:
    """A default as a number with a point, which every language takes for a real one."""
    return default if "." in default or "e" in default else f"{default}.0"


def _formula(language: Language, rule: Rule, found: Parts) -> dict[str, str]:
    written = body(rule, language.writing)
    functions = [text for name, text in found.functions.items() if name in written.functions]
    quiet = [found.fields["QUIET"]] if found.fields.get("QUIET") else []
    return {"SCALARS": "\n".join([*quiet, *written.scalars]), "ELEMENTS": "\n".join(written.elements), "FUNCTIONS": "\n".join(functions)}


__all__ = ["LANGUAGES", "Skeleton", "skeleton"]
