"""The generated Triton kernels: compiled for sm_90, and run by Triton's interpreter, both without a GPU. `python -m refopt.bench.gpu` runs them on one."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from refopt.errors import NotImplementedYet
from refopt.language.rule import Rule
from refopt.lowering import triton as lowering
from refopt.lowering.names import module_name
from tests.generated.programs import RULES, SCHEDULES

COMPILE = """
import importlib, json, sys
import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource
found = {}
for name in sys.argv[1:]:
    kernel = getattr(importlib.import_module(f"refopt.generated.triton.{name}"), f"{name}_kernel")
    for number in ("fp64", "fp32"):
        types = {a: "constexpr" if a == "BLOCK" else f"*{number}" if a.endswith("_at") else "i64" for a in kernel.arg_names}
        made = triton.compile(ASTSource(kernel, types, {"BLOCK": 1024}), target=GPUTarget("cuda", 90, 32), options={"enable_fp_fusion": False})
        found[f"{name} {number}"] = made.asm["ptx"]
print(json.dumps(found))
"""

RUN = """
import importlib, inspect, sys
import numpy as np, torch
from refopt.generated.triton import _launch
def launch(kernel, arrays, scalars, integers=()):
    rounded = torch.tensor(list(scalars) or [0.0], dtype=torch.float64).to(arrays[0].dtype)
    kernel[(-(-arrays[0].numel() // 64),)](*arrays, rounded, *integers, arrays[0].numel(), BLOCK=64)
for name in sys.argv[1:]:
    ours = importlib.import_module(f"refopt.generated.triton.{name}")
    ours.launch, ours.check = launch, lambda theta, others: None
    numpy = importlib.import_module(f"refopt.generated.numpy.{name}")
    for dtype in (np.float64, np.float32):
        random = np.random.default_rng(1)
        theta = random.standard_normal(131).astype(dtype)
        x, state = torch.from_numpy(theta.copy()), None
        kept, state = numpy.init(theta), ours.init(x)
        for t in range(1, 8):
            parameters = list(inspect.signature(numpy.step).parameters)
            given = [random.standard_normal(131).astype(dtype) for _ in range(1, parameters.index("state"))]  # the gradient, and what is given beside it
            theta, kept = numpy.step(theta, *given, kept, t)
            ours.step(x, *map(torch.from_numpy, given), state, t)
        same = [np.array_equal(x.numpy(), theta), *(np.array_equal(np.asarray(state[s]), kept[s]) for s in kept)]
        print(name, np.dtype(dtype).name, *same)
"""


def _is_written(rule: Rule) -> bool:
    try:
        lowering.module(rule)
    except NotImplementedYet:
        return False
    return True


WRITTEN = [r for r in RULES if _is_written(r)]
"""Rules that have a kernel; the others are refused in one line."""


def _child(code: str, **environment: str) -> str:
    names = [module_name(r) for r in WRITTEN]
    done = subprocess.run([sys.executable, "-c", code, *names], env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_every_kernel_compiles_for_sm_90_with_exact_roots_and_quotients_and_no_contraction() -> None:
    pytest.importorskip("triton", reason="kernels are compiled where triton is: pip install 'refopt[triton]'")
    found = json.loads(_child(COMPILE))
    assert len(found) == 2 * len(WRITTEN)
    for r in WRITTEN:
        nodes = [node for let in r.steps for node in let.value.walk() if not node.is_scalar]
        for number in ("fp64", "fp32"):
            ptx = found[f"{module_name(r)} {number}"]
            assert ".target sm_90" in ptx, r.name
            assert not re.search(r"\bfma\b|approx|div\.full", ptx), r.name
            assert ("sqrt.rn" in ptx) == any(node.op == "sqrt" for node in nodes), r.name
            assert ("div.rn" in ptx) == any(node.op == "div" for node in nodes), r.name


def test_every_kernel_run_by_the_interpreter_has_the_bits_of_the_numpy_code() -> None:
    pytest.importorskip("triton", reason="kernels are interpreted where triton is: pip install 'refopt[triton]'")
    lines = _child(RUN, TRITON_INTERPRET="1").splitlines()
    assert len(lines) == 2 * len(WRITTEN)
    assert all(set(line.split()[2:]) == {"True"} for line in lines), lines


def test_a_schedule_is_refused_in_one_line() -> None:
    for s in SCHEDULES:
        with pytest.raises(NotImplementedYet, match=f"{re.escape(s.name)} cannot be written in triton: a rate is one number a step, not a kernel"):
            lowering.module(s)


KERNELS = [r for r in WRITTEN if not any(let.symbol.is_scalar for let in r.steps)]
"""Rules whose kernels are handed nothing but rounded scalars of hyperparameters and t."""


@pytest.mark.parametrize("r", KERNELS, ids=lambda r: r.name)
def test_a_kernel_forms_the_scalars_that_numpy_forms_and_stores_what_changes(r: Any) -> None:
    printed = lowering.module(r)
    stored = re.findall(r"tl\.store\((\w+)_at", printed)
    assert [n.removesuffix("_") for n in stored] == ["theta", *r.state_names]
    loads = re.findall(r"^    (\w+) = tl\.load\(scalars_at \+ (\d+)\)", printed, re.M)
    listed = printed.partition("    scalars = [\n")[2].partition("    ]")[0].splitlines()
    assert [int(j) for _, j in loads] == list(range(len(listed)))
    assert [name for name, _ in loads] == [re.sub(r"^.*# ", "", line).strip(" ,") for line in listed]


def test_the_gpu_script_says_in_one_line_that_there_is_none() -> None:
    gpu = importlib.import_module("refopt.bench.gpu")
    if gpu.lacking() is None:
        pytest.skip("there is a GPU here: python -m refopt.bench.gpu")
    done = subprocess.run([sys.executable, "-m", "refopt.bench.gpu"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("error: ") and len(done.stderr.splitlines()) <= 2
    assert np.isfinite(gpu.bytes_moved(RULES[0], 10, 4))
