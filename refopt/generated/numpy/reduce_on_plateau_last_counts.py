# Generated from the formula by: refopt generate reduce_on_plateau/last_counts --to numpy
# Fingerprint of the formula: 21d64044e3af6a09933d52f5749f30795f17e04c0b2ca6e278dda5e3c18ee3e1
"""The rate falls by a factor when a metric gets no better.

    pause <- pause - 1
    bad <- where(k <= 0 or metric < best - threshold, 0, where(pause > 0, bad, bad + 1))
    best <- where(k <= 0 or metric < best - threshold, metric, best)
    lower <- max(lr_now*factor, lr_min)
    lr_now <- where(bad >= patience, lower, lr_now)
    pause <- where(bad >= patience, cooldown, pause)
    bad <- where(bad >= patience, 0, bad)
    lr_k <- lr_now

Source: He et al. 2016, section 3.4, divided by 10 when the error plateaus, arXiv:1512.03385.
Source: Ansel et al. 2024, torch.optim.lr_scheduler.ReduceLROnPlateau, for what a plateau is, doi:10.1145/3620665.3640366.
Differs from reduce_on_plateau: as /abs, at the filled patience; the end of a cooldown counts.

Hyperparameters:
    lr         learning rate at the start; 0 <= lr
    factor     what the rate is multiplied by; 0 <= factor
    patience   bad metrics one after the other that are borne; 1 <= patience
    threshold  share of the best metric by which a better one is better; 0 <= threshold
    cooldown   metrics after a fall that are not counted; 0 <= cooldown
    lr_min     rate below which it does not fall; 0 <= lr_min
    metrics    what was measured after each step, the first at step 0; any metrics

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "factor": "0 <= factor", "patience": "1 <= patience", "threshold": "0 <= threshold", "cooldown": "0 <= cooldown", "lr_min": "0 <= lr_min", "metrics": "any metrics"}


def outside(
    lr: float, factor: float, patience: int, threshold: float, cooldown: int, lr_min: float, metrics: tuple[float, ...]
) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (factor >= 0):
        return "factor"
    if not (patience >= 1):
        return "patience"
    if not (threshold >= 0):
        return "threshold"
    if not (cooldown >= 0):
        return "cooldown"
    if not (lr_min >= 0):
        return "lr_min"
    if not (len(metrics) > 0):
        return "metrics"
    return None


def rate(
    k: int, *, lr: float = 0.1, factor: float = 0.1, patience: int = 10, threshold: float = 0.0001, cooldown: int = 0, lr_min: float = 0.0, metrics: tuple[float, ...] = (4.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, factor, threshold, lr_min = floats(lr, factor, threshold, lr_min)
    patience, cooldown = integers(patience, cooldown)
    metrics = floats(*metrics)
    if k > len(metrics):
        raise ValueError(f"the rate of step {k} needs {k} metrics, there are {len(metrics)}")
    metrics = metrics[:k]
    lr_now = lr
    best = 0.0
    bad = 0
    pause = 0
    for k, metric in enumerate(metrics):
        pause = pause - 1
        bad = 0 if (k <= 0 or metric < best - threshold) else (bad if pause > 0 else bad + 1)
        best = metric if (k <= 0 or metric < best - threshold) else best
        lower = max(lr_now * factor, lr_min)
        lr_now = lower if bad >= patience else lr_now
        pause = cooldown if bad >= patience else pause
        bad = 0 if bad >= patience else bad
    return lr_now
