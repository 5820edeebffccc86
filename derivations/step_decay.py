"""Step decay: the closed form is the recursion

The rate is dropped by a factor every N epochs. Programs keep the last rate and multiply it now and then, or compute it anew from k: it is
the same number.
"""

from __future__ import annotations

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve
from refopt.derivation.update import Rate

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Ge et al. 2019", "Algorithm 1, the step decay schedule", "arXiv:1904.12838"),
    Source("Szegedy et al. 2015", "section 6, 4 percent less every 8 epochs", "arXiv:1409.4842"),
)
CLAIM = "`eta gamma^floor(k/N)` is multiplied by `gamma` exactly where `N` divides `k`, and stays elsewhere"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """k = q N + r, 0 <= r < N."""
    eta, gamma = d.positive("eta"), d.between("gamma", 0, 1)
    every, q = d.integer("N"), d.integer("q", 0)
    r = d.integer("r", 0, below=every)
    schedule = d.schedule(catalogue.schedule("step_decay"), lr=eta, factor=gamma, every=every)
    d.say("Write the epoch as `k = q N + r` with `0 <= r < N`.")
    k = q * every + r
    d.equal("the rate in block q", schedule(k), eta * gamma**q, "floors", called=sp.Function("rate")(k))
    d.equal("before the first fall", schedule(r), eta, "floors")
    d.equal("N epochs on", schedule(k + every), gamma * schedule(k), "floors")

    d.say("The shipped recursion has two cases; its condition is `k = N floor(k/N)`. Within a block of M >= 2 epochs, at `k = q M + j + 1` with `j + 1 < M`:")
    longer = d.integer("M", 2)
    j = d.integer("j", 0, below=longer - 1)
    within = Rate(catalogue.schedule("step_decay"), {"lr": eta, "factor": gamma, "every": longer})
    inside = q * longer + j + 1
    (_, where), (stays, _) = within.cases(inside, within(inside - 1))
    d.equal("k - M floor(k/M)", where.lhs - where.rhs, j + 1, "floors")
    d.compare("is not 0", j + 1, ">", 0)
    d.equal("so the rate stays, as the closed form says", stays, within(inside), "floors")

    d.say("At the start of a block, `k = (q + 1) N`:")
    border = (q + 1) * every
    (falls, where), _ = schedule.cases(border, schedule(border - 1))
    d.equal("there k - N floor(k/N)", where.lhs - where.rhs, 0, "floors")
    d.equal("so the rate falls, as the closed form says", falls, schedule(border), "floors")
    n = d.integer("n", 0)
    d.limit("in the end", eta * gamma**n, n, sp.oo, 0)


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The shipped schedules, exactly."""
    from refopt.exact.run import rates

    names = {"step_decay": {"lr": 1, "factor": "0.5", "every": 20}, "exponential": {"lr": 1, "factor": "0.97"},
             "cosine_annealing": {"lr": 1, "period": 100}, "warmup+cosine_annealing": {"lr": 1, "period": 90, "warmup_steps": 10}}  # fmt: skip
    curves = []
    for name, hyper in names.items():
        schedule = catalogue.schedule(name)
        curves.append(curve(name, [float(x) for x in rates(schedule, schedule.values(hyper), range(121), digits=30)]))
    return (Picture("Learning-rate schedules", "step k", "rate / first rate", tuple(curves)),)
