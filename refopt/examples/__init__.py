"""Programs to try refopt on, wrong on purpose: `refopt check refopt.examples.wrong_adam` shows an answer where nothing else is installed."""

from __future__ import annotations

from refopt.examples.one_beta import OneBeta

__all__ = ["wrong_adam"]


def wrong_adam() -> OneBeta:
    """Adam as it is found in the wild: both corrections by one beta.

    >>> wrong_adam().init(0.0)
    {'m': 0.0, 'v': 0.0}
    """
    return OneBeta()
