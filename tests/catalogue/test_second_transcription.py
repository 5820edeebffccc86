"""Every rule, variant and schedule equals its second transcription, made from its source alone, to 40 digits over 5 steps."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from refopt.catalogue import rule, rules, schedule, schedules
from refopt.exact.digits import digits
from refopt.exact.numbers import decimal_numbers
from refopt.exact.run import open_loop, rates
from tests.transcriptions import OPTIMIZERS, SCHEDULES
from tests.transcriptions import digits as precision

GRADIENTS = (Fraction(3, 4), Fraction(-5, 8), Fraction(0), Fraction(7, 2), Fraction(-1, 64))
BESIDE = (Fraction(1, 2), Fraction(-3), Fraction(5, 8), Fraction(1, 128), Fraction(-7, 4))
"""Of what an update is given beside the gradient."""
FELT = {
    "dampening": "0.25", "lr_max": "0.003", "beta": "0.75", "v0": "0.25", "l1": "0.125", "l2": "0.25", "l2_shrinkage": "0.5", "averaged_after": "2",
    "lambd": "0.5",
}  # fmt: skip
"""Values of the hyperparameters whose default is not felt within five steps."""
TRANSCRIBED = {
    "warmup+cosine_annealing": "warmup_cosine", "warmup+cosine_annealing/periodic": "warmup_cosine/periodic",
    "warmup+hard_restarts": "warmup_hard_restarts", "warmup+cosine_waves": "warmup_cosine_waves",
    "warmup+exponential": "warmup_exponential", "warmup+polynomial": "warmup_polynomial",
}  # fmt: skip


def _decimal(x: Fraction) -> Decimal:
    return Decimal(x.numerator) / Decimal(x.denominator)


@pytest.mark.parametrize("name", [r.name for r in rules(variants=True)])
def test_the_rule_equals_its_second_transcription(name: str) -> None:
    r, other = rule(name), OPTIMIZERS[name]
    values = r.values({h: x for h, x in FELT.items() if h in r.hyper_names})
    further = dict.fromkeys(r.input_names, BESIDE)
    steps = open_loop(r, hyper=values, theta0=[Fraction(5, 4)], gradients=[[g] for g in GRADIENTS], numbers=decimal_numbers(), digits=80,
                      inputs={one: [[x] for x in row] for one, row in further.items()})  # fmt: skip
    with precision(80):
        hyper = {k: _decimal(x) for k, x in values.items()}
        theta, state = Decimal("1.25"), other.init(Decimal("1.25"), hyper)
        for t, (g, ours) in enumerate(zip(GRADIENTS, steps, strict=True), start=1):
            theta, state = other.step(theta, _decimal(g), state, t, hyper | {one: _decimal(row[t - 1]) for one, row in further.items()})
            assert digits(Fraction(ours.theta[0])) == digits(Fraction(theta)), (name, t)
            for variable, x in state.items():
                assert digits(Fraction(ours.state[variable][0])) == digits(Fraction(x)), (name, t, variable)


@pytest.mark.parametrize("name", [s.name for s in schedules(variants=True)])
def test_the_schedule_equals_its_second_transcription(name: str) -> None:
    s, other = schedule(name), SCHEDULES[TRANSCRIBED.get(name, name)]
    wanted = {"lr": "0.3", "lr_min": "0.01", "period": 7, "every": 3, "factor": "0.7", "warmup_start": "0.25", "warmup_steps": 4, "milestones": "[3,8,8]"}
    wanted |= {"span": 6, "degree": "1.75", "start_factor": "0.3", "end_factor": "0.9", "slope": "0.7", "timescale": 9, "model_size": 7}
    wanted |= {"cycles": 2, "period_mult": 2, "stable_steps": 4, "total_steps": 24, "pct_start": "0.3", "pct_final": "0.8", "div_factor": 7}
    wanted |= {"final_div_factor": 31, "lr_max": "0.9", "half_cycle": 3, "lower": "5", "upper": "2.5"}
    wanted |= {"length_1": 6, "scale_1": "0.4", "length_2": 9, "scale_2": "1.7", "waves": "0.75"}
    wanted |= {"patience": 2, "threshold": "0.01", "cooldown": 1, "metrics": "[5,4,4,3.97,3.98,3.99,4,3,3,3,3,3.5,2,2,2,1,1,0.995,0.99,0.98]"}
    values = s.values({k: v for k, v in wanted.items() if k in s.hyper_names})
    ours = rates(s, values, range(20), numbers=decimal_numbers(), digits=80)
    with precision(80):
        hyper = {k: _decimal(x) for k, x in values.items()}
        for k, rate in enumerate(ours):
            theirs, scale = Fraction(other.rate(k, hyper)), Fraction(1, 10**45)
            assert abs(Fraction(rate) - theirs) < scale, (name, k)
