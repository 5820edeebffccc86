"""What the generated modules share: roots and quotients that are rounded correctly, integer powers, and the launch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 1024
"""Elements of one program."""


@triton.jit
def root(x):
    """The square root, rounded to nearest: tl.sqrt of float32 is an approximation."""
    if x.dtype == tl.float32:
        return tl.sqrt_rn(x)
    return tl.sqrt(x)


@triton.jit
def divide(x, y):
    """The quotient, rounded to nearest: / of float32 is an approximation."""
    if x.dtype == tl.float32:
        return tl.div_rn(x, y)
    return x / y


@triton.jit
def square(x):
    """x times x."""
    return x * x


@triton.jit
def sign(x):
    """-1, 0 or 1; NaN for NaN."""
    return tl.where(x > 0, 1.0, tl.where(x < 0, -1.0, tl.where(x == 0, 0.0, x))).to(x.dtype)


def power(base: float, exponent: int) -> float:
    """An integer power by repeated squaring: products of binary64 numbers only, the same bits in every language."""
    result, factor, left = 1.0, float(base), abs(exponent)
    while left:
        if left % 2 == 1:
            result *= factor
        factor *= factor
        left //= 2
    return result if exponent >= 0 else 1 / result


def check(theta: Tensor, others: dict[str, Tensor]) -> None:
    """Raises TypeError or ValueError, in one line, for what the kernels cannot take."""
    if theta.dtype not in (torch.float64, torch.float32):
        raise TypeError(f"theta has dtype {theta.dtype}; the kernels are for float64 and float32")
    for name, x in {"theta": theta, **others}.items():
        if x.dtype != theta.dtype or x.shape != theta.shape or x.device != theta.device:
            raise ValueError(f"{name} must have theta's dtype, shape and device")
        if not x.is_cuda or not x.is_contiguous():
            raise ValueError(f"{name} must be contiguous and on a GPU")


def launch(kernel: Any, arrays: Sequence[Tensor], scalars: Sequence[float], integers: Sequence[int] = ()) -> None:
    """Run a kernel over every element. The scalars, formed in binary64, go as a small tensor in the arrays' dtype: rounded once."""
    theta = arrays[0]
    n = theta.numel()
    if n == 0:
        return
    rounded = torch.tensor(list(scalars) or [0.0], dtype=torch.float64).to(theta.dtype).to(theta.device, non_blocking=True)
    with torch.cuda.device(theta.device):
        kernel[(triton.cdiv(n, BLOCK),)](*arrays, rounded, *integers, n, BLOCK=BLOCK, enable_fp_fusion=False)
