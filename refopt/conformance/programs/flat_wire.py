"""The flat wire: one line of words a message, for languages without JSON. It carries one tensor, each of whose updates has a gradient.

    run <seq> <rule> <dtype> <n> <T> <K> <t0> ; name=value[,value...] ... ; lr... or - ; keep... ; theta0... ; state0... or - ; grads... [; input...]
    ok <seq> theta... [; m... ; v...] | skip <seq> reason | reject <seq> message | err <seq> message

A hyperparameter that changes from update to update has one value an update, with commas between them.
Rows follow one another: K rows of n numbers in an answer, T rows of gradients; `state0` holds the states in the declared order.
What an update is given beside the gradient is declared with a + before its name; each has a field of its own, in the declared order, as long as `grads`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refopt.conformance.programs import numbers
from refopt.conformance.programs.declaration import Declaration, DeclaredRule
from refopt.conformance.programs.json_wire import check_offer, outcome, row
from refopt.conformance.programs.unreadable import NotJson, Unreadable, plain, quoted
from refopt.conformance.protocol.implementation import Answer, Array, NoAnswer, Ran, Request, Sent, Skipped, Snapshot
from refopt.conformance.protocol.reason import Reason, Why

COURSES = "courses"
"""Word of a program whose hyperparameters may change from update to update."""
INPUT = "+"
"""Stands before the name of what an update is given beside the gradient."""
OUTCOMES = {"skip": "skipped", "reject": "rejected", "err": "failed"}


class FlatWire:
    """Questions and answers as words and semicolons."""

    one_tensor = True

    def start(self) -> bytes:
        """The first line."""
        return b"start 1\n"

    def stop(self) -> bytes:
        """The last line."""
        return b"stop\n"

    def declaration(self, line: bytes) -> Declaration:
        """`ok <name> ; <rule> <hyper>... [+<input>...] / <state>... ; <dtype>... ; resume|noresume [courses]`; further rules in fields of their own."""
        fields = [x.strip() for x in _text(line).split(";")]
        if not fields[0].startswith("ok ") or len(fields) < 4:
            raise Unreadable(f"start is answered by {quoted(line)}, not by: ok <name> ; <rule> <hyper>... / <state>... ; <dtype>... ; resume|noresume")
        says = fields[-1].split()
        if says not in (["resume"], ["noresume"], ["resume", COURSES], ["noresume", COURSES]):
            raise Unreadable(f"start ends with {quoted(fields[-1])}, not with resume or noresume")
        rules: dict[str, DeclaredRule] = {}
        for field in fields[1:-2]:
            words = field.split()
            cut = words.index("/") if "/" in words else len(words)  # a variant's name has a slash of its own
            name, *taken = words[:cut] or [""]
            if not name:
                raise Unreadable("start declares a rule without a name")
            hyper, inputs = (tuple(w.removeprefix(INPUT) for w in taken if w.startswith(INPUT) is given) for given in (False, True))
            rules[name] = DeclaredRule(hyper, tuple(words[cut + 1 :]), says[0] == "resume", courses=COURSES in says, inputs=inputs)
        check_offer(rules, {}, fields[-2].split())
        return Declaration(plain(fields[0][3:], 60), rules, tuple(fields[-2].split()))

    def run(self, seq: int, rule: str, declared: DeclaredRule, request: Request) -> bytes | Skipped:
        """A run, every step of it kept."""
        if len(request.theta0) != 1:
            return Skipped(Reason(Why.ONE_TENSOR_ONLY, (str(len(request.theta0)),)))
        gradients = [row[0] for row in request.grads]
        if any(g is None for g in gradients):
            return Skipped(Reason(Why.NO_ABSENT_GRADIENT))
        state0 = "-"
        if request.state0 is not None and declared.state:
            given = request.state0[0]
            if lacking := [n for n in declared.state if n not in given]:
                return Skipped(Reason(Why.WHOLE_STATE_ONLY, tuple(lacking)))
            state0 = " ".join(x for n in declared.state for x in numbers.texts(given[n]))
        steps, hyper = len(request.grads), request.hyper.items()
        head = f"run {seq} {rule} {request.format.name} {request.theta0[0].size} {steps} {steps} {request.t0}"
        fields = (
            head, " ".join(f"{n}={','.join(map(_number, request.courses.get(n, (x,))))}" for n, x in hyper),
            "-" if request.lr is None else " ".join(map(numbers.text, request.lr)), " ".join(str(request.t0 + i) for i in range(steps)),
            " ".join(numbers.texts(request.theta0[0])), state0, " ".join(x for g in gradients if g is not None for x in numbers.texts(g)),
            *(" ".join(x for row in request.inputs[n] if row[0] is not None for x in numbers.texts(row[0])) for n in declared.inputs if n in request.inputs),
        )  # fmt: skip
        return " ; ".join(fields).encode() + b"\n"

    def answer(self, line: bytes, seq: int, declared: DeclaredRule, request: Request) -> Answer:
        """The answer to a run."""
        text = _text(line)
        word, number, *rest = [*text[:200].split(maxsplit=2), "", ""]
        if word not in ("ok", *OUTCOMES):
            raise NotJson(f"with something that is not ok, skip, reject or err: {quoted(line)}")
        if number.rstrip(";") != str(seq):
            raise Unreadable(f"it answered seq {plain(number, 40)} when asked seq {seq}")
        if word in OUTCOMES:
            return outcome(OUTCOMES[word], rest[0])
        fields = [x.split() for x in text.split(";")]
        fields[0] = fields[0][2:]
        if len(fields) not in (1, 1 + len(declared.state)):
            raise Unreadable(f"the answer has {len(fields)} fields, not theta and {len(declared.state)} of the state", in_step=True)
        like, steps = request.theta0[0], len(request.grads)
        rows = {n: _rows(x, steps, like, request, n) for n, x in zip(("theta", *declared.state), fields, strict=False)}
        after = [Snapshot((rows["theta"][i],), ({n: r[i] for n, r in rows.items() if n != "theta"},)) for i in range(steps)]
        return Ran(Snapshot(request.theta0, request.state0 or ({},)), tuple(after))

    def schedule(self, seq: int, name: str, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Skipped:
        """There is no such line."""
        return Skipped(Reason(Why.NO_SCHEDULES))

    def rates(self, line: bytes, seq: int, steps: Sequence[int]) -> NoAnswer:
        """There is no such answer."""
        return NoAnswer("the flat wire has no schedules", broken=True)


def _number(x: float) -> str:
    return str(x) if isinstance(x, int) else numbers.text(x)


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise NotJson(f"with bytes that are not UTF-8: {quoted(line)}") from None


def _rows(words: list[str], steps: int, like: Array, request: Request, name: str) -> list[Array]:
    if len(words) != steps * like.size:
        raise Unreadable(f"{name} has {len(words)} numbers, not {steps} rows of {like.size}", in_step=True)
    return [row(words[i * like.size : (i + 1) * like.size], request, like, f"{name}[{i}]") for i in range(steps)]
