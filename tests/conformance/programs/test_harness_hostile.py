"""Programs that misbehave in one case: it costs that case one clear line, no other case its result, and nothing is left running."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError
from refopt.report.faults import why
from refopt.report.words import told_or_none

HOSTILE = Path(__file__).resolve().parents[2] / "implementations" / "harness" / "hostile.py"
BEFORE, IT, AFTER = "momentum-open-dyadic-001", "momentum-open-low-001", "momentum-open-rate-001"
QUICK, AMPLE = 0.7, 20.0
"""Seconds that an answer may take: where none will come, and where one must."""

COSTS_ITS_CASE = {
    "silent": (QUICK, "no line for 0.7 s; stopped (SIGTERM)"),
    "ignoring": (QUICK, "no line for 0.7 s; ignored SIGTERM, killed"),
    "late": (QUICK, "no line for 0.7 s; "),
    "noise": (QUICK, "no line for 0.7 s; stopped (SIGTERM)"),
    "lines": (AMPLE, "answered line 6 with something that is not JSON: 'y'"),
    "endless": (AMPLE, "bytes without an end of line, where an answer has at most "),
    "garbage": (AMPLE, "answered line 6 with something that is not JSON: 'loss=0.3'"),
    "half": (AMPLE, "exited with code 3 in the middle of a line, '{\"seq\": 5, "),
    "seq": (AMPLE, "it answered seq 4 when asked seq 5"),
    "seq_text": (AMPLE, "it answered seq \"5\" when asked seq 5"),
    "nan_word": (AMPLE, "with the word NaN, which is no JSON"),
    "bare": (AMPLE, "params[0].theta[2][5] is 0.5, not a string"),
    "word": (AMPLE, "params[0].theta[2][5] is '0x1p-3', not a decimal number"),
    "million": (AMPLE, "params[0].theta[2][5] is a number of 1000000 characters"),
    "million_bare": (AMPLE, "with an integer of 1000000 digits"),
    "large": (AMPLE, "params[0].theta[2][5] is '1e400', too large for float64"),
    "dies": (AMPLE, "killed by SIGKILL"),
    "leaves": (AMPLE, "exited with code 0"),
    "close": (AMPLE, "closed its stdout but lived on; stopped (SIGTERM)"),
    "orphan": (AMPLE, "exited with code 4"),
    "few": (AMPLE, "params[0].theta[0] has 66 numbers, not 67"),
    "steps": (AMPLE, "params[0].theta has 9 entries, not 10"),
    "many": (AMPLE, "params has 2 entries, not 1"),
    "deep": (AMPLE, "with JSON that is nested too deeply"),
    "utf8": (AMPLE, "with bytes that are not UTF-8: '{\"seq\":\\xff}'"),
    "twice": (AMPLE, "with the key 'seq' twice in one object"),
    "array": (AMPLE, "with JSON that is no object: '[1]'"),
    "unknown": (AMPLE, "the answer has an unknown key 'loss'"),
    "undeclared": (AMPLE, "params[0].state[0] has an unknown key 'w'"),
    "forgets": (AMPLE, "its answer has no state, and an earlier one had one"),
    "no_reason": (AMPLE, "skipped without a reason"),
    "failed": (AMPLE, "failed: CUDA out of memory"),
    "rejected": (AMPLE, "rejected: lr is too large"),
}
"""How it misbehaves -> the time limit, and words of the line that the case gets."""


def judged(how: str, pids: Path, timeout: float = AMPLE) -> Verdict:
    """The verdict on the program that misbehaves so, over the case before, the one that it spoils, and the one after."""
    program = Program((sys.executable, "-S", "-E", str(HOSTILE), how, str(pids)), timeout=timeout)
    return judge_program(program, dtypes=["float64"], cases=[BEFORE, IT, AFTER])


def outcomes(verdict: Verdict) -> dict[str, str]:
    """By case, what is said of it."""
    return {line.case.id: line.verdict for line in verdict.worst.ground.lines}


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def all_ended(pids: Path) -> bool:
    """Whether the processes whose numbers stand in a file end within a moment of their SIGKILL."""
    numbers = [int(x) for x in pids.read_text().split()]
    assert numbers
    for _ in range(100):
        if not any(map(is_running, numbers)):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("how", COSTS_ITS_CASE)
def test_what_a_program_does_in_one_case_costs_that_case_one_clear_line(tmp_path: Path, how: str) -> None:
    timeout, words = COSTS_ITS_CASE[how]
    verdict = judged(how, tmp_path / "pids", timeout)
    assert outcomes(verdict) == {BEFORE: "conforms", IT: "no_answer", AFTER: "conforms"}
    (line,) = [x for x in verdict.worst.ground.lines if x.case.id == IT]
    reason = told_or_none(line.reason) or ""
    assert words in reason, reason
    assert len(reason.splitlines()) == 1 and reason.isascii() and len(reason) < 200
    assert (verdict.worst.verdict, verdict.exit) == ("no_answer", 1)
    assert not verdict.remarks


@pytest.mark.parametrize("how", ["fine", "noisy"])
def test_a_program_that_only_writes_much_to_stderr_loses_nothing(tmp_path: Path, how: str) -> None:
    verdict = judged(how, tmp_path / "pids")
    assert set(outcomes(verdict).values()) == {"conforms"}
    assert (verdict.version, verdict.exit, verdict.remarks) == ("1.2", 0, ())


def test_a_skip_with_a_reason_is_a_skip(tmp_path: Path) -> None:
    verdict = judged("skipped", tmp_path / "pids")
    assert outcomes(verdict) == {BEFORE: "conforms", IT: "skipped", AFTER: "conforms"}
    assert [told_or_none(x.reason) for x in verdict.worst.ground.lines if x.case.id == IT] == ["no large rates"]


@pytest.mark.parametrize(("how", "words"), [("chatters", "wrote 'done' after its answer"), ("retires", "exited with code 7 after its answer")])
def test_what_a_program_does_after_its_answer_costs_no_case_and_is_said(tmp_path: Path, how: str, words: str) -> None:
    verdict = judged(how, tmp_path / "pids")
    assert set(outcomes(verdict).values()) == {"conforms"}
    assert verdict.remarks == (f"it {words}; started again",)


def test_a_program_that_dies_in_its_third_run_loses_every_third_case_and_no_other(tmp_path: Path) -> None:
    """The third run is a question of the check at the start: asked again, of a fresh program, it is answered."""
    verdict = judged("third", tmp_path / "pids")
    assert outcomes(verdict) == {BEFORE: "conforms", IT: "no_answer", AFTER: "conforms"}
    assert [told_or_none(x.reason) for x in verdict.worst.ground.lines if x.case.id == IT] == ["exited with code 3"]
    assert verdict.remarks == ("it broke off in the check at the start (exited with code 3); started again",)
    assert (verdict.worst.verdict, why(verdict)) == ("no_answer", "no answer in 1 case")


def test_a_program_that_dies_in_every_run_fails_the_check_at_the_start(tmp_path: Path) -> None:
    verdict = judged("every", tmp_path / "pids")
    assert verdict.program is not None and verdict.worst.reason == "harness check failed"
    assert [(q.passed, q.told) for q in verdict.program.questions] == [(False, "exited with code 3")]
    assert not verdict.remarks


@pytest.mark.parametrize("how", ["orphan", "parent"])
def test_children_that_hold_the_pipe_and_ignore_sigterm_are_ended_with_their_group(tmp_path: Path, how: str) -> None:
    began = time.monotonic()
    judged(how, tmp_path / "pids")
    assert all_ended(tmp_path / "pids")
    assert time.monotonic() - began < AMPLE, "the open pipe was waited for"


def test_nothing_is_left_running_where_judging_itself_breaks_off(tmp_path: Path) -> None:
    def stop(text: str) -> None:
        raise KeyboardInterrupt

    program = Program((sys.executable, "-S", "-E", str(HOSTILE), "parent", str(tmp_path / "pids")))
    with pytest.raises(KeyboardInterrupt):
        judge_program(program, dtypes=["float64"], cases=[BEFORE], tell=stop)
    assert all_ended(tmp_path / "pids")


def test_the_last_words_are_kept_short(tmp_path: Path) -> None:
    for how, words in (("silent", "waiting for warm-up to finish"), ("noise", "x" * 57 + "...")):
        found = judged(how, tmp_path / "pids", QUICK).program
        assert found is not None and found.last_words == words
        assert (found.lost, found.timed_out) == (1, 1)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("false",), "exited with code 1"),
        (("sleep", "60"), "no line for 1.2 s; stopped (SIGTERM)"),
        ((sys.executable, "-S", "-c", "import sys; sys.exit('no GPU here')"), "exited with code 1"),
        (("echo", '{"protocol": 2, "implementation": {"name": "x"}, "dtypes": []}'), "it speaks protocol 2, this refopt 1"),
    ],
)
def test_a_program_that_does_not_start_is_no_answer(command: tuple[str, ...], words: str) -> None:
    verdict = judge_program(Program(command, timeout=0.3), "adam")
    assert (verdict.worst.verdict, verdict.exit) == ("no_answer", 1)
    assert verdict.worst.reason is not None and verdict.worst.reason.startswith("did not start: ") and words in verdict.worst.reason
    assert not verdict.worst.ground.lines


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("./there_is_none",), "cannot start ./there_is_none: No such file or directory"),
        ((str(HOSTILE),), f"cannot start {HOSTILE}: Permission denied"),
        (("echo", "hello"), "echo hello answered line 1 with something that is not JSON: 'hello'"),
    ],
)
def test_what_is_no_harness_is_wrong_input(command: tuple[str, ...], words: str) -> None:
    with pytest.raises(RefoptError) as error:
        judge_program(Program(command), "adam")
    assert error.value.message == words
    assert error.value.help
