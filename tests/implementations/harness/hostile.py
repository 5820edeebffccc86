"""A harness of momentum that is right but for one case, the one with lr = 0.125: there it does what its first argument says.

The second argument is a file for the numbers of the processes that it starts. Standard library only.
"""

import json
import os
import signal
import subprocess
import sys
import time

HOW = sys.argv[1]
RUNS = {"third": 3, "every": 1}.get(HOW, 0)
"""The run of its life in which it dies, whichever it is."""
OFFER = {"momentum": {"hyper": ["lr", "momentum"], "state": ["v"], "resume": False}}


def run(q):
    lr, momentum = float(q["hyper"].get("lr", 0.01)), float(q["hyper"].get("momentum", 0.9))
    (given,) = q["params"]
    theta, v = [float(x) for x in given["theta0"]], [0.0] * len(given["theta0"])
    thetas, states = [], []
    for i, (grads,) in enumerate(q["grads"]):
        rate = float(q["lr"][i]) if q["lr"] else lr
        v = [momentum * a + rate * float(g) for a, g in zip(v, grads, strict=True)]
        theta = [x - a for x, a in zip(theta, v, strict=True)]
        thetas.append(list(map(repr, theta)))
        states.append({"v": list(map(repr, v))})
    return {"seq": q["seq"], "params": [{"theta": thetas, "state": states}]}


def say(answer):
    write(json.dumps(answer).encode() + b"\n")


def write(data):
    while data:
        data = data[os.write(1, data) :]


def child():
    """A process that ignores SIGTERM and holds every pipe open."""
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    reading, writing = os.pipe()
    process = subprocess.Popen([sys.executable, "-S", "-E", "-c", code.replace("print('ready', flush=True)", f"import os; os.write({writing}, b'x')")],
                               pass_fds=(writing,))  # fmt: skip
    os.read(reading, 1)
    with open(sys.argv[2], "a") as file:
        file.write(f"{process.pid}\n")


def altered(q, change):
    answer = run(q)
    change(answer)
    say(answer)


def set_number(x):
    def change(answer):
        answer["params"][0]["theta"][2][5] = x

    return change


def forever(data, descriptor):
    while True:
        os.write(descriptor, data)


def ignoring(q):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)


def late(q):
    signal.signal(signal.SIGTERM, lambda *_: None)
    time.sleep(1.0)
    say(run(q))
    time.sleep(60)


def half(q):
    write(json.dumps(run(q)).encode()[:40])
    os._exit(3)


def close(q):
    os.close(1)
    time.sleep(60)


def orphan(q):
    child()
    os._exit(4)


def noisy(q):
    for _ in range(400):
        os.write(2, b"step 1 of many, and so on\n" * 1000)
    os.write(2, b"waiting for warm-up to finish\n")
    say(run(q))


def busy(q):
    os.write(2, b"waiting for warm-up to finish\n")
    time.sleep(60)


HOSTILE = {
    "silent": busy,
    "ignoring": ignoring,
    "late": late,
    "lines": lambda q: forever(b"y\n" * 4096, 1),
    "endless": lambda q: forever(b"x" * 65536, 1),
    "noise": lambda q: forever(b"x" * 65536, 2),
    "noisy": noisy,
    "garbage": lambda q: (write(b"loss=0.3\n"), say(run(q))),
    "half": half,
    "seq": lambda q: altered(q, lambda a: a.update(seq=a["seq"] - 1)),
    "seq_text": lambda q: altered(q, lambda a: a.update(seq=str(a["seq"]))),
    "nan_word": lambda q: altered(q, set_number(float("nan"))),
    "bare": lambda q: altered(q, set_number(0.5)),
    "word": lambda q: altered(q, set_number("0x1p-3")),
    "million": lambda q: altered(q, set_number("1" * 1_000_000)),
    "million_bare": lambda q: write(b'{"seq":' + b"1" * 1_000_000 + b"}\n"),
    "large": lambda q: altered(q, set_number("1e400")),
    "dies": lambda q: os.kill(os.getpid(), signal.SIGKILL),
    "leaves": lambda q: os._exit(0),
    "close": close,
    "orphan": orphan,
    "few": lambda q: altered(q, lambda a: a["params"][0]["theta"][0].pop()),
    "steps": lambda q: altered(q, lambda a: a["params"][0]["theta"].pop()),
    "many": lambda q: altered(q, lambda a: a["params"].append(a["params"][0])),
    "deep": lambda q: write(b"[" * 200_000 + b"]" * 200_000 + b"\n"),
    "utf8": lambda q: write(b'{"seq":\xff}\n'),
    "twice": lambda q: write(b'{"seq":1,"seq":2}\n'),
    "array": lambda q: write(b"[1]\n"),
    "unknown": lambda q: altered(q, lambda a: a.update(loss="0.3")),
    "undeclared": lambda q: altered(q, lambda a: a["params"][0]["state"][0].update(w=["0"])),
    "forgets": lambda q: altered(q, lambda a: a["params"][0].pop("state")),
    "no_reason": lambda q: say({"seq": q["seq"], "skipped": True, "reason": " "}),
    "failed": lambda q: say({"seq": q["seq"], "failed": True, "message": "CUDA\nout of memory"}),
    "rejected": lambda q: say({"seq": q["seq"], "rejected": True, "message": "lr is too large"}),
    "skipped": lambda q: say({"seq": q["seq"], "skipped": True, "reason": "no large rates"}),
    "chatters": lambda q: write(json.dumps(run(q)).encode() + b"\ndone\n"),
    "retires": lambda q: (say(run(q)), os._exit(7)),
    "fine": lambda q: say(run(q)),
}

if HOW == "parent":
    child()
runs = 0
for line in sys.stdin.buffer:
    q = json.loads(line)
    runs += q["cmd"] == "run"
    if runs and runs == RUNS:
        os._exit(3)
    if q["cmd"] == "stop":
        break
    if q["cmd"] == "start":
        say({"protocol": 1, "implementation": {"name": "mine", "version": "1.2"}, "rules": OFFER, "dtypes": ["float64"]})
    elif q["hyper"].get("lr") == "0.125" and HOW in HOSTILE:
        HOSTILE[HOW](q)
    else:
        say(run(q))
