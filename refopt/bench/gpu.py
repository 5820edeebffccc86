"""`python -m refopt.bench.gpu`: the generated Triton kernels on a GPU: judged by the golden files, compared with the NumPy code, timed.

The share of the memory bandwidth is bytes moved in a step, by the time of the step, by what a copy reaches in the same run.
"""

from __future__ import annotations

import importlib
import inspect
import statistics
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Answer, Array, Request, Snapshot, View
from refopt.conformance.protocol.in_process import Lacking, drive
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.errors import RefoptError
from refopt.language.rule import Rule
from refopt.lowering.names import module_name

DTYPES = ("float64", "float32")
ELEMENTS = 1 << 25
REPEATS = 20


def lacking() -> str | None:
    """Missing requirement, in words; None where the kernels can run."""
    for package in ("torch", "triton"):
        try:
            importlib.import_module(package)
        except ImportError:
            return f"{package} is not installed here"
    import torch

    return None if torch.cuda.is_available() else "there is no GPU that torch can use here"


def bytes_moved(rule: Rule, n: int, width: int) -> int:
    """Bytes of an update: theta and every state read and written, the gradient read."""
    return n * width * (3 + 2 * len(rule.tensor_state))


@dataclass(frozen=True)
class Kernel:
    """A generated kernel as an implementation."""

    rule_name: str
    version: str = ""
    resumes: bool = True

    @property
    def name(self) -> str:
        """Its module."""
        return f"refopt.generated.triton.{self.rule_name.replace('/', '_')}"

    @property
    def rule(self) -> str | None:
        """The rule that it is made of."""
        return self.rule_name

    @property
    def module(self) -> Any:
        """The generated module."""
        return importlib.import_module(self.name)

    @property
    def settings(self) -> Mapping[str, float]:
        """The rule's defaults."""
        from refopt.catalogue import rule

        return {h.name: float(h.value(h.default)) for h in rule(self.rule_name).hyper}

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Each state variable stands under its own name."""
        return {name: View(name) for name in rule.state_names}

    def run(self, request: Request) -> Answer:
        """Carry out a run on the GPU."""
        return drive(lambda r: _Live(self, r), request)


class _Live:
    def __init__(self, of: Kernel, request: Request) -> None:
        if request.format.name not in DTYPES:
            raise Lacking(f"the kernels are for {' and '.join(DTYPES)}")
        self.module, self.hyper, self.rate = of.module, dict(request.hyper), request.rate_name
        self.theta = [_on_gpu(x) for x in request.theta0]
        starting = {n: request.hyper[n] for n in inspect.signature(self.module.init).parameters if n in request.hyper}
        self.state = [self.module.init(x, **starting) for x in self.theta]
        for state, given in zip(self.state, request.state0 or (), strict=False):
            state.update({name: type(state[name])(x) if isinstance(state[name], int | float) else _on_gpu(x) for name, x in given.items()})

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One update of every parameter that has a gradient."""
        hyper = self.hyper if lr is None else {**self.hyper, self.rate: lr}
        for theta, state, g in zip(self.theta, self.state, grads, strict=True):
            if g is not None:
                self.module.step(theta, _on_gpu(g), state, t, **hyper)

    def snapshot(self) -> Snapshot:
        """Copies from the GPU."""
        states = tuple({name: _from_gpu(x) for name, x in state.items()} for state in self.state)
        return Snapshot(tuple(map(_from_gpu, self.theta)), states)


def _on_gpu(x: Array) -> Any:
    import torch

    return torch.from_numpy(np.ascontiguousarray(x).copy()).cuda()


def _from_gpu(x: Any) -> Array:
    """A copy of a tensor, or of a state of one value."""
    return np.asarray(x) if isinstance(x, int | float) else np.array(x.cpu().numpy())


def same_bits(rule: Rule, dtype: str, n: int = 100_003, steps: int = 20) -> bool:
    """True where kernel and NumPy code end with the same bits after some steps of random gradients."""
    random = np.random.default_rng(1)
    reference = importlib.import_module(f"refopt.generated.numpy.{module_name(rule)}")
    kernel = importlib.import_module(f"refopt.generated.triton.{module_name(rule)}")
    theta = random.standard_normal(n).astype(dtype)
    x, kept = _on_gpu(theta), reference.init(theta)
    state = kernel.init(x)
    for t in range(1, steps + 1):
        g = random.standard_normal(n).astype(dtype)
        theta, kept = reference.step(theta, g, kept, t)
        kernel.step(x, _on_gpu(g), state, t)
    return np.array_equal(_from_gpu(x), theta) and all(np.array_equal(_from_gpu(state[s]), kept[s]) for s in kept)


def seconds(work: Callable[[], object]) -> float:
    """The median time of a piece of work on the GPU, after two rounds that are not counted."""
    import torch

    event: Any = torch.cuda.Event
    found: list[float] = []
    for i in range(REPEATS + 2):
        start, end = event(enable_timing=True), event(enable_timing=True)
        start.record()
        work()
        end.record()
        torch.cuda.synchronize()
        if i >= 2:
            found.append(start.elapsed_time(end) / 1000)
    return statistics.median(found)


def bandwidth() -> float:
    """Bytes a second that a copy reads and writes."""
    import torch

    source = torch.zeros(ELEMENTS, dtype=torch.float64, device="cuda")
    target = torch.empty_like(source)
    return 2 * 8 * ELEMENTS / seconds(lambda: target.copy_(source))


def main() -> int:
    """Print a line for each rule and format; 1 where a kernel does not conform or has other bits than the NumPy code."""
    if reason := lacking():
        sys.stderr.write(f"error: {reason}\nhelp: the kernels run on an NVIDIA GPU: pip install 'refopt[triton]'\n")
        return 2
    import torch

    from refopt.catalogue import rules
    from refopt.conformance.verdict.judgement import judge

    reach = bandwidth()
    print(f"{torch.cuda.get_device_name()}: a copy moves {reach / 1e9:.0f} GB/s\n")
    print(f"{'rule':<22} {'format':<8} {'golden files':<12} {'bits of NumPy':<14} {'GB/s':>6} {'share':>6}")
    failed = False
    for rule in (r for r in rules(variants=True) if not r.inputs):
        verdict = judge(Kernel(rule.name), dtypes=DTYPES)
        for finding in verdict.findings:
            same = same_bits(rule, finding.dtype)
            speed = bytes_moved(rule, ELEMENTS, np.dtype(finding.dtype).itemsize) / _step_seconds(rule, finding.dtype)
            line = f"{rule.name:<22} {finding.dtype:<8} {finding.verdict:<12} {'same' if same else 'DIFFERENT':<14} {speed / 1e9:>6.0f} {speed / reach:>6.0%}"
            print(line, flush=True)
            failed = failed or not same or (finding.verdict, finding.precision) != (Conformance.CONFORMS, Precision.FULL)
    return 1 if failed else 0


def _step_seconds(rule: Rule, dtype: str) -> float:
    import torch

    kernel = importlib.import_module(f"refopt.generated.triton.{module_name(rule)}")
    theta = torch.zeros(ELEMENTS, dtype=getattr(torch, dtype), device="cuda")
    g, state = torch.ones_like(theta), kernel.init(theta)
    return seconds(lambda: kernel.step(theta, g, state, 1))


if __name__ == "__main__":
    try:
        code = main()
    except RefoptError as error:
        sys.stderr.write(f"error: {error.message}\n")
        code = 2
    raise SystemExit(code)
