"""State that torch keeps between two updates, as something to compare: its random numbers, and the values of a tensor."""

from __future__ import annotations

from typing import Any

from refopt.lifting.library import Same

LARGEST = 20_000
"""Elements of a tensor up to which its values are written down; a larger one is known by itself and by the count of its changes."""


def random_numbers() -> object:
    """The state of the generator that torch draws from by default."""
    import torch

    return torch.random.get_rng_state().numpy().tobytes()


def token(x: Any) -> object | None:
    """Shape, format, values and count of changes of a plain tensor or parameter; None for anything else."""
    import torch

    if type(x) not in (torch.Tensor, torch.nn.Parameter):
        return None
    values: object = x.detach().cpu().contiguous().view(-1).tolist() if x.numel() < LARGEST else Same(x)
    return ("tensor", tuple(x.shape), str(x.dtype), values, x._version)
