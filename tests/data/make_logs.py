"""Writes some_log.csv, a log as people make one: torch's Adam in float32 on a noisy quadratic, the rate going down, 7 digits.

    python tests/data/make_logs.py

`quadratic` and `written` also make the logs of tests/identify.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STEPS = 60


def quadratic(elements: int, seed: int) -> tuple[Floats, Callable[[Floats], Floats]]:
    """A start and the noisy gradient of a quadratic whose curvatures lie a factor of 100 apart."""
    draw = np.random.default_rng(seed)
    curvature = (10.0 ** draw.uniform(-1.5, 0.5, elements)).astype(np.float32)
    centre, start = (draw.normal(size=elements).astype(np.float32) for _ in range(2))
    noise = np.float32(0.1)
    return start, lambda theta: (curvature * (theta - centre + noise * draw.normal(size=elements).astype(np.float32))).astype(np.float32)


def rate(step: int) -> float:
    """The learning rate of step 0, 1, ...: from 0.01 down to a quarter of that."""
    return 0.01 * (1 - 0.75 * step / (STEPS - 1))


def written(thetas: Sequence[Floats], grads: Sequence[Floats], rates: Sequence[float] | None) -> str:
    """A wide CSV with 7 digits; a row more of theta than of gradients gives the last theta with an empty gradient."""
    n = len(thetas[0])
    lines = [",".join(["step", *(f"theta_{i}" for i in range(n)), *(f"g_{i}" for i in range(n)), *(["lr"] if rates else [])])]
    for t, theta in enumerate(thetas):
        row = [str(t), *(f"{x:.7g}" for x in theta)]
        row += [f"{x:.7g}" for x in grads[t]] if t < len(grads) else [""] * n
        row += ([f"{rates[t]:.7g}"] if t < len(rates) else [""]) if rates else []
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the log beside this file."""
    import torch

    start, gradient = quadratic(4, 0)
    theta = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.Adam([theta], lr=rate(0))
    thetas, grads = [], []
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = rate(step)
        thetas.append(theta.detach().numpy().copy())
        grads.append(gradient(thetas[-1]))
        theta.grad = torch.tensor(grads[-1])
        optimizer.step()
    Path(__file__).with_name("some_log.csv").write_text(written(thetas, grads, [rate(s) for s in range(STEPS)]))


if __name__ == "__main__":
    main()
