"""Fused kernels for NVIDIA GPUs, made from the formulas: `from refopt.generated.triton.adam import init, step`. Needs triton and torch."""
