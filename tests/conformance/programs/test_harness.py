"""The protocol from outside: what is sent, what is skipped, which question blames whom, and how it looks on the command line."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from refopt.catalogue import rule, rules
from refopt.conformance.programs.declaration import Declaration, DeclaredRule
from refopt.conformance.programs.dialogue import Dialogue
from refopt.conformance.programs.flat_wire import FlatWire
from refopt.conformance.programs.json_wire import JsonWire
from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.conformance.programs.program import OptimizerProgram
from refopt.conformance.programs.questions import questions
from refopt.conformance.programs.unreadable import Unreadable
from refopt.conformance.protocol.implementation import NoAnswer, Ran, Request, Skipped
from refopt.errors import RefoptError
from refopt.golden.harness_schema import HARNESS
from refopt.report.lines import lines as report_lines
from refopt.report.terminal import screen
from refopt.report.words import told, told_or_none
from refopt.rounding.formats import FLOAT64
from tests.cli.running import refopt
from tests.conformance.conftest import tool
from tests.conformance.programs.test_harness_hostile import all_ended

HERE = Path(__file__).resolve().parents[2] / "implementations"
HOSTILE = HERE / "harness" / "hostile.py"
FINE = (sys.executable, "-S", "-E", str(HOSTILE), "fine", "none")
BEFORE, IT, LAST = "momentum-open-dyadic-001", "momentum-open-low-001", "momentum-open-rate-001"
ADAM = DeclaredRule(("lr", "beta1", "beta2", "eps"), ("m", "v"), True)

TALKER = """
import json, sys
def numbers(row): return [float(x) for x in row]
OFFER = {offer}
for line in sys.stdin:
    q = json.loads(line)
    if q["cmd"] == "stop": break
    if q["cmd"] == "start":
        answer = {{"protocol": 1, "implementation": {{"name": "talker"}}, **OFFER}}
    elif q["cmd"] == "schedule":
        answer = {{"seq": q["seq"], "lr": [{rate} for k in q["steps"]]}}
    else:
        lr, theta, thetas = float(q["hyper"].get("lr", 0.01)), numbers(q["params"][0]["theta0"]), []
        for (g,) in q["grads"]:
            g = numbers(g)
            theta = {step}
            thetas.append([repr(x) for x in theta])
        answer = {{"seq": q["seq"], "params": [{{"theta": thetas}}]}}
    print(json.dumps(answer), flush=True)
"""
DESCENT = "[x - lr * y for x, y in zip(theta, g)]"
SGD = {"sgd": {"hyper": ["lr"]}}
BOTH = {**SGD, "momentum": {"hyper": ["lr", "momentum"], "state": [], "resume": False}}


def talker(*, rules: object = SGD, step: str = DESCENT, rate: str = "'0'", **more: object) -> Program:
    """A small program in Python: `step` makes the new theta of theta, g and lr."""
    offer = {"rules": rules, "dtypes": ["float64"], **more}
    return Program((sys.executable, "-S", "-E", "-c", TALKER.format(offer=repr(offer), step=step, rate=rate)), timeout=20)


def request(**changes: object) -> Request:
    """A small run of Adam."""
    row = np.array([1.0, -0.0, np.nan])
    given: dict[str, object] = {
        "rule": "adam", "state_names": ("m", "v"), "format": FLOAT64, "hyper": {"lr": 0.001, "eps": np.inf}, "lr": None,
        "theta0": (row,), "state0": None, "t0": 1, "grads": ((row,), (row,)),
    }  # fmt: skip
    return Request(**{**given, **changes})  # type: ignore[arg-type]


# ---- messages ----------------------------------------------------------------------------------------------------


def test_every_message_that_is_sent_fits_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(HARNESS)
    wire, state = JsonWire(), ({"m": np.zeros(3), "v": np.ones(3)},)
    runs = (request(), request(state0=state, t0=250), request(lr=(0.5, 0.25)), request(grads=((None,), (np.zeros(3),))), request(hyper={}))
    lines = [wire.start(), wire.stop(), wire.schedule(3, "step_decay", {"lr": 0.1, "every": 30}, (0, 1)), *(wire.run(9, "adam", ADAM, r) for r in runs)]
    for line in lines:
        assert line.endswith(b"\n") and line.count(b"\n") == 1
        validator.validate(json.loads(line))
    assert json.loads(lines[2])["hyper"] == {"lr": "0.1", "every": "30"}


def test_a_run_is_sent_as_the_formats_page_writes_it_and_without_expected_values() -> None:
    line = json.loads(JsonWire().run(17, "adam", ADAM, request(lr=(0.5, 0.25), t0=3)))
    row = ["1", "-0", "nan"]
    assert line == {
        "cmd": "run", "seq": 17, "rule": "adam", "dtype": "float64", "hyper": {"lr": "0.001", "eps": "inf"}, "lr": ["0.5", "0.25"],
        "params": [{"shape": [3], "theta0": row, "state0": None}], "t0": 3, "grads": [[row], [row]], "keep": [3, 4],
    }  # fmt: skip


def test_the_flat_wire_is_one_line_of_the_formats_page() -> None:
    state = ({"m": np.zeros(3), "v": np.ones(3)},)
    line = FlatWire().run(17, "adam", ADAM, request(state0=state, t0=3))
    assert line == b"run 17 adam float64 3 2 2 3 ; lr=0.001 eps=inf ; - ; 3 4 ; 1 -0 nan ; 0 0 0 1 1 1 ; 1 -0 nan 1 -0 nan\n"


def test_the_flat_wire_says_what_it_cannot_carry() -> None:
    row = np.zeros(3)
    for changes, words in (
        ({"theta0": (row, row), "grads": ((row, row),)}, "carries one tensor, not 2"),
        ({"grads": ((None,),)}, "cannot say that a gradient is absent"),
        ({"state0": ({"m": row},)}, "v is not known"),
    ):
        found = FlatWire().run(1, "adam", ADAM, request(**changes))
        assert isinstance(found, Skipped) and words in told(found.reason)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"ok 18 1 2 3", "it answered seq 18 when asked seq 17"),
        (b"loss=0.3", "not ok, skip, reject or err"),
        (b"ok 17 1 2 3 4 5", "theta has 5 numbers, not 2 rows of 3"),
        (b"ok 17 1 2 3 4 5 6 ; 1 2 3 4 5 6", "2 fields, not theta and 2 of the state"),
        (b"ok 17 1 2 3 4 x 6", "theta[1][1] is 'x', not a decimal number"),
        (b"skip 17", "skipped without a reason"),
        (b"ok 17 \xff", "not UTF-8"),
    ],
)
def test_a_wrong_flat_answer_gets_one_clear_line(line: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(words)):
        FlatWire().answer(line, 17, ADAM, request())


def test_flat_answers_mean_what_json_answers_mean() -> None:
    numbers = " ".join("123456")
    ran = FlatWire().answer(f"ok 17 {numbers} ; {numbers} ; {numbers}".encode(), 17, ADAM, request())
    assert isinstance(ran, Ran) and ran.after[1].theta[0].tolist() == [4, 5, 6] and ran.after[0].state[0]["v"].tolist() == [1, 2, 3]
    assert FlatWire().answer(b"skip 17 no weight decay", 17, ADAM, request()) == Skipped("no weight decay")
    assert FlatWire().answer(b"reject 17 beta1 < 1", 17, ADAM, request()) == NoAnswer("rejected: beta1 < 1", refuses=True)
    assert FlatWire().answer(b"err 17 no GPU", 17, ADAM, request()) == NoAnswer("failed: no GPU", broken=True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"ok me ; adam lr / m ; float64", "not by: ok <name>"),
        (b"ok me ; adam lr / m ; float64 ; maybe", "not with resume or noresume"),
        (b"ok me ; adam lr / m ; float65 ; resume", "there are float64, float32, bfloat16, float16"),
        (b"ok me ; ; float64 ; resume", "a rule without a name"),
    ],
)
def test_a_wrong_flat_declaration_gets_one_clear_line(line: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(words)):
        FlatWire().declaration(line)


def test_a_flat_declaration_may_name_several_rules() -> None:
    found = FlatWire().declaration(b"ok my C ; sgd lr / ; adam lr eps / m v ; float64 float32 ; noresume")
    assert found == Declaration("my C", {"sgd": DeclaredRule(("lr",)), "adam": DeclaredRule(("lr", "eps"), ("m", "v"))}, ("float64", "float32"))


def test_a_variant_has_a_slash_in_its_name_on_the_flat_wire_too() -> None:
    found = FlatWire().declaration(b"ok my C ; momentum/dampened lr dampening / v ; float64 ; noresume")
    assert found.rules == {"momentum/dampened": DeclaredRule(("lr", "dampening"), ("v",))}


# ---- what is asked -----------------------------------------------------------------------------------------------


def test_only_what_is_declared_is_sent() -> None:
    program = OptimizerProgram("x", "", "adam", "adam", DeclaredRule(("lr", "beta1", "beta2", "eps"), ("m",), False), ("float64",), Dialogue((), JsonWire(), 1))
    for changes, words in (
        ({"hyper": {"lr": 0.1, "weight_decay": 0.0}}, "it declares no weight_decay"),
        ({"t0": 250}, "it declares resume: false"),
        ({"state0": ({"m": np.zeros(3)},)}, "it declares resume: false"),
    ):
        answer = program.run(request(**changes))
        assert isinstance(answer, Skipped) and words in told(answer.reason)
    assert set(program.views(rule("adam"))) == {"m"}


def test_courses_are_sent_to_a_program_that_declares_them_and_to_no_other() -> None:
    declared = DeclaredRule(("lr", "momentum"), ("v",), True, courses=True)
    request = Request("momentum", ("v",), FLOAT64, {"lr": 0.5, "momentum": 0.75}, None, (np.zeros(1),), None, 1, ((np.ones(1),), (np.ones(1),)),
                      courses={"momentum": (0.75, 0.375)})  # fmt: skip
    sent = json.loads(JsonWire().run(1, "momentum", declared, request))
    jsonschema.validate(sent, {**HARNESS, "anyOf": [{"$ref": "#/$defs/run"}]})
    assert (sent["courses"], sent["hyper"], sent["lr"]) == ({"momentum": ["0.75", "0.375"]}, {"lr": "0.5", "momentum": "0.75"}, None)
    assert b" ; lr=0.5 momentum=0.75,0.375 ; - ; 1 2 ; " in FlatWire().run(1, "momentum", declared, request)  # type: ignore[operator]
    assert "courses" not in json.loads(JsonWire().run(1, "momentum", declared, replace(request, courses={})))
    assert FlatWire().declaration(b"ok me ; sgd lr / ; float64 ; noresume courses").rules["sgd"].courses
    assert not FlatWire().declaration(b"ok me ; sgd lr / ; float64 ; resume").rules["sgd"].courses
    with pytest.raises(Unreadable, match="not with resume or noresume"):
        FlatWire().declaration(b"ok me ; sgd lr / ; float64 ; courses")


def test_a_program_that_declares_no_courses_is_not_asked_for_them_and_says_so() -> None:
    verdict = judge_program(Program(FINE, timeout=20), dtypes=["float64"], cases=[BEFORE, IT, "momentum-courses-001"])
    (finding,) = verdict.findings
    reasons = [told_or_none(x.reason) for x in finding.ground.lines if x.verdict == "skipped"]
    assert finding.verdict == "conforms" and reasons == ["it declares no courses: momentum may not change from update to update"]


def test_a_program_that_does_not_resume_is_judged_without_its_state_and_says_so() -> None:
    verdict = judge_program(Program(FINE, timeout=20), dtypes=["float64"], cases=[BEFORE, "momentum-resume-001"])
    found = verdict.worst
    assert (found.verdict, found.approach.mode, told_or_none(found.approach.why)) == ("conforms", "open_loop", "it cannot start from a given state")
    assert [told_or_none(x.reason) for x in found.ground.lines if x.verdict == "skipped"] == ["it declares resume: false, and this starts from a given state"]


def test_a_program_that_declares_several_rules_must_be_told_which() -> None:
    with pytest.raises(RefoptError) as error:
        judge_program(talker(rules=BOTH))
    assert "declares sgd, momentum: which is to be judged?" in error.value.message and error.value.help == "add --rule sgd"
    with pytest.raises(RefoptError, match="does not declare adam"):
        judge_program(talker(), "adam")
    assert judge_program(talker(rules=BOTH), "sgd", cases=["sgd-open-basic-001"]).worst.verdict == "conforms"
    assert judge_program(talker(), cases=["sgd-open-basic-001"]).rule == "sgd"


def test_a_schedule_is_judged_like_a_rule() -> None:
    offer = {"rules": {}, "dtypes": [], "schedules": {"exponential": {"hyper": ["lr", "gamma", "decay"]}}}
    from refopt.catalogue import schedule

    names = [h.name for h in schedule("exponential").hyper]
    offer["schedules"] = {"exponential": {"hyper": names}}
    lr, factor = names
    right = f"repr(float(q['hyper']['{lr}']) * float(q['hyper']['{factor}']) ** k)"
    assert judge_program(talker(rate=right, **offer)).worst.verdict == "conforms"
    assert judge_program(talker(rate=right.replace("** k", "** (k + 1)"), **offer)).worst.verdict == "deviates"
    assert judge_program(talker(rate="0.1", **offer)).worst.verdict == "no_answer"


# ---- three questions ---------------------------------------------------------------------------------------------


def test_a_harness_that_reorders_elements_is_not_reported_as_an_optimizer() -> None:
    verdict = judge_program(talker(step=f"(lambda r: [r[0], r[2], r[1], *r[3:]])({DESCENT})"))
    assert verdict.program is not None and verdict.worst.reason == "harness check failed"
    last = verdict.program.questions[-1]
    assert (last.text, last.passed, last.told) == ("elements keep their order", False, "sent 1 2 3 4 5 6, got 1 3 2 4 5 6")


def test_a_harness_that_does_not_give_theta_back_is_not_reported_as_an_optimizer() -> None:
    verdict = judge_program(talker(step="[round(x) for x in theta]"))
    assert verdict.program is not None
    assert next((q.text, q.passed) for q in verdict.program.questions) == ("lr = 0 leaves theta alone", False)


def test_plain_descent_is_compared_to_the_bit_where_it_is_declared_beside_the_rule() -> None:
    verdict = judge_program(talker(rules=BOTH, step="[x - 2 * lr * y for x, y in zip(theta, g)]"), "momentum")
    assert verdict.program is not None
    assert [(q.text, q.passed) for q in verdict.program.questions][1] == ("one step of plain descent", False)


@pytest.mark.parametrize(
    "step",
    [
        "[x + lr * y for x, y in zip(theta, g)]",
        "[x - y for x, y in zip(theta, g)]",
        "[float('nan') for x in theta]",
        "list(theta)",
        "[x - lr * abs(y) for x, y in zip(theta, g)]",
    ],
)
def test_a_wrong_formula_is_not_reported_as_a_broken_harness(step: str) -> None:
    verdict = judge_program(talker(step=step), cases=["sgd-open-basic-001"])
    assert (verdict.worst.verdict, verdict.worst.reason) == ("deviates", None)


class Exact:
    """Answers the questions with the generated NumPy code."""

    def __init__(self, name: str) -> None:
        from refopt.frameworks.own.numpy_generated import load

        self.rule = self.called = name
        self.inner = load(f"refopt.generated.numpy.{name.replace('/', '_')}")
        self.declared = DeclaredRule(rule(name).hyper_names, rule(name).state_names, True)

    def run(self, asked: Request) -> object:
        """One question."""
        return self.inner.run(asked)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [r.name for r in rules(variants=True)])
def test_every_rule_and_variant_itself_passes_the_questions(name: str) -> None:
    asked = questions(Exact(name), rule(name), FLOAT64, Declaration("", {}, ("float64",)))  # type: ignore[arg-type]
    assert len(asked) == 3 and all(q.passed for q in asked), asked


# ---- the command line --------------------------------------------------------------------------------------------


def test_a_case_without_an_answer_shows_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    command = (sys.executable, "-S", "-E", str(HOSTILE), "silent", "none")
    ran = refopt(capsys, "check", "--timeout", "0.7", "--case", BEFORE, "--case", IT, "--", *command)
    lines = ran.out.splitlines()
    assert ran.code == 1 and ran.err == ""
    assert f"  {IT}  no line for 0.7 s; stopped (SIGTERM)" in lines
    assert "Last on its stderr:  waiting for warm-up to finish" in lines
    assert any(x.startswith('Last line sent:      {"cmd":"run","seq":5,"rule":"momentum"') and x.endswith("bytes)") for x in lines)
    assert "Allow more time:     --timeout 60" in lines
    assert lines[-1] == "exit 1: no answer in 1 case"


def test_the_footer_of_a_program_that_does_not_start_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "check", "--json", "--rule", "adam", "--", "false")
    footer = json.loads(ran.out.splitlines()[-1])
    assert (ran.code, footer["verdict"], footer["complete"], footer["exit"]) == (1, "no_answer", True, 1)


def test_the_transcript_is_the_dialogue(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    assert refopt(capsys, "check", "--transcript", str(path), "--validate", "--case", BEFORE, "--", *FINE).code == 0
    entries = [json.loads(x) for x in path.read_text().splitlines()]
    assert [next(k for k in e if k != "seconds") for e in entries[:3]] == ["event", "sent", "received"]
    assert json.loads(entries[-1]["sent"]) == {"cmd": "stop"}
    validator = jsonschema.Draft202012Validator(HARNESS)
    for entry in entries:
        if "event" not in entry:
            validator.validate(json.loads(entry.get("sent") or entry["received"]))


@pytest.mark.parametrize("how", ["bare", "unknown", "word", "no_reason"])
def test_validate_finds_what_the_schema_forbids(tmp_path: Path, how: str) -> None:
    program = Program((sys.executable, "-S", "-E", str(HOSTILE), how, "none"), timeout=20, validate=True)
    verdict = judge_program(program, dtypes=["float64"], cases=[IT, LAST])
    found = {x.case.id: (x.verdict, told_or_none(x.reason)) for x in verdict.worst.ground.lines}
    assert found[LAST] == ("conforms", None)
    assert found[IT][0] == "no_answer" and str(found[IT][1]).startswith("not as schema/harness-1.json says: $")


def test_validate_without_jsonschema_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    ran = refopt(capsys, "check", "--validate", "--", *FINE)
    assert (ran.code, ran.out, ran.err) == (2, "", "error: --validate needs jsonschema, which is not installed\nhelp: pip install jsonschema\n")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("check", "--"), "error: after -- stands a program and its arguments"),
        (("show", "adam", "--", "node"), "error: refopt show takes no program after --"),
        (("check", "numpy.adam", "--", "node"), "error: either implementations or a program after --, not both"),
        (("check", "numpy.adam", "--timeout", "3"), "error: --timeout needs a program"),
        (("check", "--timeout", "0", "--", "node"), "error: --timeout 0 is no number of seconds"),
        (("check", "--timeout", "nan", "--", "node"), "error: --timeout nan is no number of seconds"),
        (("check", "--wire", "flatt", "--", "node"), "error: no wire 'flatt'"),
        (("check", "--wire", "flat", "--validate", "--", "node"), "error: --validate reads JSON, and the flat wire has none"),
        (("check", "--transcript", "/no/such/folder/t", "--", "node"), "error: cannot write /no/such/folder/t: No such file or directory"),
        (("check", "--rule", "adma", "--", "node"), "error: no rule 'adma'"),
        (("check", "--dtype", "float65", "--", "node"), "error: no number format 'float65'"),
    ],
)
def test_wrong_input_is_one_line_and_help(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], error: str) -> None:
    ran = refopt(capsys, *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0] == error
    assert ran.err.splitlines()[1].startswith("help: ") and len(ran.err.splitlines()) == 2


def test_options_after_the_dashes_are_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "check", "--", "echo", "--debug", "--help")
    assert ran.err.splitlines()[0] == "error: echo --debug --help answered line 1 with something that is not JSON: '--debug --help'"


# ---- whole programs ----------------------------------------------------------------------------------------------


def test_a_c_program_with_the_flat_wire_conforms_in_both_formats(tmp_path: Path, compiler: str) -> None:
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", tmp_path / "adam_c", HERE / "adam_c.c", "-lm"], check=True)
    cases = [f"adam-{x}-001" for x in ("defaults", "open-basic", "open-scales", "open-eps", "open-rate", "resume", "reject")]
    verdict = judge_program(Program((str(tmp_path / "adam_c"),), wire="flat", timeout=60), cases=cases)
    seen = [(f.dtype, f.verdict, f.precision, f.approach.mode) for f in verdict.findings]
    assert seen == [(d, "conforms", "full", "stepwise") for d in ("float64", "float32")]
    assert not verdict.remarks


def test_a_javascript_adam_with_a_planted_bug_deviates_in_both_formats_and_its_command_reproduces_it(capsys: pytest.CaptureFixture[str]) -> None:
    program = Program((tool("node"), str(HERE / "adam_bug.mjs")), timeout=60)
    verdict = judge_program(program, cases=["adam-open-scales-001", "adam-open-low-001"])
    found = list(report_lines(verdict))
    assert (found[-1]["verdict"], found[-1]["edit"], verdict.exit) == ("deviates", "v_hat: 1 - beta2^t -> 1 - beta1^t", 1)
    assert {d: x["verdict"] for d, x in found[-1]["dtypes"].items()} == {"float64": "deviates", "float32": "deviates"}
    told = "\n".join(screen(verdict)).replace("\n  refopt", " refopt")
    (command,) = re.findall(r"Reproduce: *(refopt check .*)", told)
    words = shlex.split(command)
    again = [json.loads(x) for x in refopt(capsys, words[1], "--json", *words[2:]).out.splitlines()]
    (case,) = [x for x in again if x["kind"] == "case"]
    (before,) = [x for x in found if x["kind"] == "case" and (x["id"], x["dtype"]) == (case["id"], case["dtype"])]
    assert {k: x for k, x in case.items() if k != "elapsed"} == {k: x for k, x in before.items() if k != "elapsed"}


def test_a_sigterm_to_refopt_ends_the_program_too(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    command = [sys.executable, "-m", "refopt", "check", "--rule", "adam", "--timeout", "60", "--", sys.executable, "-S", "-c", code, str(pids)]
    with subprocess.Popen(command, cwd=HERE.parents[1], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(1500):
            if pids.exists() and pids.read_text():
                break
            time.sleep(0.02)
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    assert all_ended(pids)
