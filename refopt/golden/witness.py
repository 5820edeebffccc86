"""Witnesses: inputs that see the mutants which the hand-made families of inputs leave over.

A witness is a numbered draw: hyperparameters inside their domains, exact in every format, parameters, gradients and
rates with few bits. The numbers were found by `witness_search`; building draws them again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from refopt.exact.digits import shortest
from refopt.golden.further_inputs import with_inputs
from refopt.golden.inputs import ALL, DISTINCT, SHAPE, Draw, texts
from refopt.golden.model import Case, CaseKind, Parameter, Result
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule

WITNESSES: dict[str, tuple[int, ...]] = {
    "rmsprop": (1,),
    "rmsprop/eps_in_sqrt": (1,),
    "rmsprop/centered": (23,),
    "adam": (2,),
    "adam/eps_hat": (1,),
    "adam/eps_in_sqrt": (1,),
    "adam/l2": (1,),
    "adamw": (4,),
    "amsgrad": (1,),
    "amsgrad/max_hat": (1,),
    "rmsprop/momentum": (1,),
    "rmsprop/momentum_lr_inside": (2,),
    "rmsprop/centered_momentum": (15,),
    "rmsprop/corrected": (1,),
    "adamax/eps_outside": (3,),
    "adagrad": (3,),
    "adagrad/eps_in_sqrt": (2,),
    "adagrad/lr_decay": (12,),
    "sgdw": (2,),
    "sgdw/lr_inside": (1,),
    "signum/decay": (8,),
    "lion": (1,),
    "laprop": (1,),
    "simplified_ademamix": (1,),
    "nadam/constant_momentum": (13, 2),
    "nadam/one_correction": (25,),
    "adabelief": (23,),
    "ademamix": (14, 9),
    "nadam": (2, 3, 5),
    "radam": (995,),
    "radam/eps_on_v_hat": (2288,),
    "radam/threshold_4": (270,),
    "adan": (3, 21, 20),
    "adamw/adamc": (6,),
    "adamaxw": (6,),
    "nadamw": (194, 32),
    "acprop": (19,),
    "acprop/mean_before": (6,),
    "ftrl": (32,),
    "ftrl/l2_doubled": (170, 11),
    "ftrl/shrinkage": (134, 95),
    "asgd": (4,),
    "schedule_free_sgd": (59,),
    "schedule_free_sgd/max_rate": (15,),
    "schedule_free_adamw": (17,),
    "schedule_free_adamw/max_rate": (93,),
    "schedule_free_adamw/decay_of_theta": (2,),
    "adopt/clip_exponent": (6,),
    "adopt/nesterov": (3,),
    "rprop/late": (11,),
    "cocob": (1,),
    "cocob/bet": (1,),
    "cocob/scaled": (67,),
    "noisy_sgd": (3,),
    "madgrad": (1,),
    "madgrad/eps_in_lr": (1,),
    "madgrad/decoupled": (114, 24),
}
"""By rule: the draws that `python -m refopt.golden.witness_search NAME` prints. Those of radam are the first ones that come to its rectified step:
beta2 = 3/4 and at least 8 updates."""

POOL = [Fraction(a, 2**b) for b in range(11) for a in ((1, 3, 5) if b else (0, 1))] + [1 - Fraction(1, 2**b) for b in range(2, 8)]
"""Values for hyperparameters: exact in every format, far apart, near 0 and near 1."""
STEPS = (2, 10)


def witnesses(rule: Rule) -> Iterator[Case]:
    """The witnesses of a rule, expected values not yet in them."""
    for place, number in enumerate(WITNESSES.get(rule.name, ()), start=1):
        yield drawn(rule, number, place)


def drawn(rule: Rule, number: int, place: int) -> Case:
    """Draw `number` as the case open-witness-`place`: the same wherever it is drawn."""
    rng = random.Random(f"refopt {rule.name} witness {number}")
    draw = Draw(rng)
    hyper = {h.name: _value(h, rng) for h in rule.hyper}
    steps = rng.randint(*STEPS)
    spread, centre = rng.randint(0, 4), rng.randint(-5, 2)
    exponents = [centre + rng.randint(-spread, spread) for _ in range(DISTINCT)]
    same_sign = rng.random() < 0.5
    theta0 = [Fraction(0)] * DISTINCT if rng.random() < 0.5 else draw.row([rng.randint(-3, 3)] * DISTINCT)
    grads = [draw.row(exponents) for _ in range(steps)]
    if same_sign:
        grads = [[abs(x) for x in g] for g in grads]
    rate = None if rule.learning_rate is None else Fraction(hyper[rule.learning_rate.name])
    lr = [rate * rng.choice((1, 2, Fraction(1, 4))) for _ in range(steps)] if rate is not None and rng.random() < 0.3 else None
    case = Case(
        id=f"{rule.name.replace('/', '.')}-open-witness-{place:03d}",
        comment=f"draw {number} of a search for inputs that see what the other cases do not",
        kind=CaseKind.OPEN_LOOP,
        result=Result.MUST,
        probes=("Witness",),
        dtypes=ALL,
        hyper=hyper,
        lr=None if lr is None else texts(lr),
        params=(Parameter(SHAPE, DISTINCT, texts(theta0)),),
        grads=tuple((texts(g),) for g in grads),
        keep=tuple(sorted({1, 2, steps})),
    )
    return with_inputs(case, rule, f"{rule.name} witness {number}")


def _value(h: Hyper, rng: random.Random) -> str:
    """A value of the pool inside the domain."""
    return shortest(float(rng.choice([x for x in POOL if h.allows(x)])))
